#include "server/rpc/program/program_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/program_service.pb.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/program/convert_program.h"
#include "server/rpc/program/program_in_use.h"
#include "server/rpc/program/program_simulation.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::Status Get(const v1::GetProgramRequest& message, Backend& backend, storage::Reader& reader,
                 v1::GetProgramResponse& response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   backend.programs.Refresh(reader));
  const domain::ProgramVersion* found = nullptr;
  if (message.version() == 0) {
    found = catalog->At(backend.clock.Now());
  } else {
    found = catalog->Find(message.version());
  }
  if (found == nullptr) return domain::ProgramNotFound(message.version());
  ToProto(*found, /*with_text=*/true, *response.mutable_version());
  return absl::OkStatus();
}

absl::Status List(const v1::ListProgramsRequest& message, Backend& backend, storage::Reader& reader,
                  v1::ListProgramsResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken("programs", message.page_token(), 1));
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   backend.programs.Refresh(reader));
  int64_t next = static_cast<int64_t>(catalog->versions().size());
  if (!position.empty()) {
    ASSIGN_OR_RETURN(const int64_t before, TokenNumber(position[0]));
    next = std::clamp<int64_t>(before - 1, 0, next);
  }
  for (; next > 0 && response.versions_size() < page_size; --next) {
    ToProto(catalog->versions()[static_cast<size_t>(next - 1)], /*with_text=*/false,
            *response.add_versions());
  }
  if (next > 0) response.set_next_page_token(EncodePageToken("programs", {absl::StrCat(next + 1)}));
  return absl::OkStatus();
}

// What is wrong with a valid program beside what members still have of what it drops.
absl::Status AddInUse(const domain::Program& program, Backend& backend, storage::Reader& reader,
                      v1::ValidateProgramResponse& response) {
  absl::Status in_use =
      CheckNothingInUse(program, *backend.programs.Current(), backend.clock.Now(), reader);
  if (!absl::IsFailedPrecondition(in_use)) return in_use;
  for (const FieldViolation& violation : DetailsOf(in_use).violations) {
    response.add_problems()->set_message(violation.description);
  }
  return absl::OkStatus();
}

// Needs no store, unless the program drops what a version that is known here declares.
grpc::ServerUnaryReactor* Validate(Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                   grpc::ByteBuffer& out) {
  using Request = v1::ValidateProgramRequest;
  using Response = v1::ValidateProgramResponse;
  Request message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  const auto program = ParseProgram(message.program_text());
  if (program.ok() && DropsAnything(**program, *backend.programs.Current())) {
    return Query<Request, Response>(
        backend, call, std::move(message), out,
        [&backend, program = *program](const Request&, storage::Reader& reader,
                                       Response& response) {
          return AddInUse(*program, backend, reader, response);
        });
  }
  Response response;
  for (const ProgramProblem& problem : CheckProgram(message.program_text())) {
    ToProto(problem, *response.add_problems());
  }
  out = ToByteBuffer(response.SerializeAsString());
  return Answer(call, absl::OkStatus());
}

absl::Status CheckActivated(lane::Request& request, Backend& backend, storage::Reader& reader) {
  return CheckActivation(request, backend.programs, backend.clock.Now(), reader);
}

}  // namespace

ServiceTable ProgramService() {
  using enum When;
  return {
      "dangol.v1.ProgramService",
      {Method{NameOf<v1::ValidateProgramRequest>(), Unary(Validate)}.For(
           {.marketing = kAlways, .auditor = kAlways}),
       Mutation<v1::ActivateProgramRequest, domain::ProgramOutcome, v1::ActivateProgramResponse>(
           ToRequest, ToProto, "", CheckActivated)
           .For({}),
       Mutation<v1::WithdrawProgramRequest, domain::ProgramOutcome, v1::WithdrawProgramResponse>(
           ToRequest, ToProto)
           .For({}),
       ReadWith<v1::GetProgramRequest, v1::GetProgramResponse>(Get).For({.pos = kAlways,
                                                                         .app = kForMembers,
                                                                         .care = kAlways,
                                                                         .marketing = kAlways,
                                                                         .auditor = kAlways}),
       ReadWith<v1::SimulateProgramRequest, v1::SimulateProgramResponse>(SimulateProgram)
           .For({.auditor = kAlways}),
       ReadWith<v1::ListProgramsRequest, v1::ListProgramsResponse>(List).For(
           {.care = kAlways, .marketing = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
