#include "server/rpc/program/program_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/program_service.grpc.pb.h"
#include "server/common/status_macros.h"
#include "server/rpc/page_token.h"
#include "server/rpc/program/convert_program.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::ServerUnaryReactor;

absl::Status ProgramNotFound(int64_t version) {
  ErrorDetails details;
  details.reason = "PROGRAM_NOT_FOUND";
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat("there is no version ", version, " of the program"), details);
}

// The catalog with every version that is stored by now.
absl::StatusOr<std::shared_ptr<const domain::ProgramCatalog>> Refresh(
    lane::ProgramLibrary& programs, storage::Reader& reader) {
  storage::KeySet keys;
  keys.known_program_version = lane::LatestVersion(*programs.Current());
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load(keys));
  RETURN_IF_ERROR(programs.Learn(loaded.programs));
  return programs.Current();
}

absl::Status Get(const v1::GetProgramRequest& message, lane::ProgramLibrary& programs,
                 absl::Time now, storage::Reader& reader, v1::GetProgramResponse& response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   Refresh(programs, reader));
  const domain::ProgramVersion* found = nullptr;
  if (message.version() == 0) {
    found = catalog->At(now);
  } else if (message.version() >= 1 && message.version() <= lane::LatestVersion(*catalog)) {
    found = &catalog->versions()[static_cast<size_t>(message.version() - 1)];
  }
  if (found == nullptr) return ProgramNotFound(message.version());
  ToProto(*found, /*with_text=*/true, *response.mutable_version());
  return absl::OkStatus();
}

absl::Status List(const v1::ListProgramsRequest& message, lane::ProgramLibrary& programs,
                  storage::Reader& reader, v1::ListProgramsResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken("programs", message.page_token(), 1));
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   Refresh(programs, reader));
  int64_t next = lane::LatestVersion(*catalog);
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

using Base = v1::ProgramService::WithRawCallbackMethod_ValidateProgram<
    v1::ProgramService::WithRawCallbackMethod_ActivateProgram<
        v1::ProgramService::WithRawCallbackMethod_GetProgram<
            v1::ProgramService::WithRawCallbackMethod_ListPrograms<v1::ProgramService::Service>>>>;

class Service final : public Base {
 public:
  explicit Service(const Backend& backend) : backend_(backend) {}

  ServerUnaryReactor* ValidateProgram(Context* context, const ByteBuffer* in,
                                      ByteBuffer* out) override {
    v1::ValidateProgramRequest message;
    if (absl::Status status = Parse(*in, message); !status.ok()) return Answer(*context, status);
    v1::ValidateProgramResponse response;
    for (const ProgramProblem& problem : CheckProgram(message.program_text())) {
      ToProto(problem, *response.add_problems());
    }
    *out = ToByteBuffer(response.SerializeAsString());
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* ActivateProgram(Context* context, const ByteBuffer* in,
                                      ByteBuffer* out) override {
    return Mutate<v1::ActivateProgramRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* GetProgram(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return Query<v1::GetProgramRequest, v1::GetProgramResponse>(
        backend_, *context, *in, *out,
        [this](const v1::GetProgramRequest& message, storage::Reader& reader,
               v1::GetProgramResponse& response) {
          return rpc::Get(message, backend_.programs, backend_.clock.Now(), reader, response);
        });
  }

  ServerUnaryReactor* ListPrograms(Context* context, const ByteBuffer* in,
                                   ByteBuffer* out) override {
    return Query<v1::ListProgramsRequest, v1::ListProgramsResponse>(
        backend_, *context, *in, *out,
        [this](const v1::ListProgramsRequest& message, storage::Reader& reader,
               v1::ListProgramsResponse& response) {
          return rpc::List(message, backend_.programs, reader, response);
        });
  }

 private:
  Backend backend_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeProgramService(const Backend& backend) {
  return std::make_unique<Service>(backend);
}

}  // namespace dangol::rpc
