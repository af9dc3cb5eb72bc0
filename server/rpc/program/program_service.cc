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

absl::Status Get(const v1::ProgramServiceGetRequest& message, lane::ProgramLibrary& programs,
                 absl::Time now, storage::Reader& reader, v1::ProgramServiceGetResponse& response) {
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

absl::Status List(const v1::ProgramServiceListRequest& message, lane::ProgramLibrary& programs,
                  storage::Reader& reader, v1::ProgramServiceListResponse& response) {
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

using Base = v1::ProgramService::WithRawCallbackMethod_Validate<
    v1::ProgramService::WithRawCallbackMethod_Activate<
        v1::ProgramService::WithRawCallbackMethod_Get<
            v1::ProgramService::WithRawCallbackMethod_List<v1::ProgramService::Service>>>>;

class Service final : public Base {
 public:
  explicit Service(const Backend& backend) : backend_(backend) {}

  ServerUnaryReactor* Validate(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    v1::ProgramServiceValidateRequest message;
    if (absl::Status status = Parse(*in, message); !status.ok()) return Answer(*context, status);
    v1::ProgramServiceValidateResponse response;
    for (const ProgramProblem& problem : CheckProgram(message.program_text())) {
      ToProto(problem, *response.add_problems());
    }
    *out = ToByteBuffer(response.SerializeAsString());
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* Activate(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return Mutate<v1::ProgramServiceActivateRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* Get(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return Query<v1::ProgramServiceGetRequest, v1::ProgramServiceGetResponse>(
        backend_, *context, *in, *out,
        [this](const v1::ProgramServiceGetRequest& message, storage::Reader& reader,
               v1::ProgramServiceGetResponse& response) {
          return rpc::Get(message, backend_.programs, backend_.clock.Now(), reader, response);
        });
  }

  ServerUnaryReactor* List(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return Query<v1::ProgramServiceListRequest, v1::ProgramServiceListResponse>(
        backend_, *context, *in, *out,
        [this](const v1::ProgramServiceListRequest& message, storage::Reader& reader,
               v1::ProgramServiceListResponse& response) {
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
