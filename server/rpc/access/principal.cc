#include "server/rpc/access/principal.h"

#include <google/protobuf/stubs/common.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/domain/command.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::Status NoPrincipal(absl::string_view why) {
  ErrorDetails details;
  details.reason = "NO_PRINCIPAL";
  return MakeError(absl::StatusCode::kUnauthenticated,
                   absl::StrCat("nobody can act by this client certificate: ", why), details);
}

// The first value of a property; nothing where it has none, or an empty one.
std::optional<std::string> First(const grpc::AuthContext& auth, const char* property) {
  const std::vector<grpc::string_ref> values = auth.FindPropertyValues(property);
  if (values.empty() || values.front().empty()) return std::nullopt;
  return std::string(values.front().data(), values.front().size());
}

}  // namespace

absl::StatusOr<std::string> PrincipalNamed(const CertificateNames& names) {
  const std::optional<std::string>& name = names.uri.has_value()   ? names.uri
                                           : names.dns.has_value() ? names.dns
                                                                   : names.common_name;
  if (!name.has_value()) return NoPrincipal("it has no name; give it a URI, or a common name");
  if (const std::string problem = ProblemOfName(*name); !problem.empty()) {
    return NoPrincipal(problem);
  }
  return *name;
}

std::string ProblemOfName(const std::string& name) {
  // Of what came in a message, protobuf has seen to it.
  if (!google::protobuf::internal::IsStructurallyValidUTF8(name.data(),
                                                           static_cast<int>(name.size()))) {
    return "its name is not valid UTF-8";
  }
  Validator validator;
  validator.Text(Path("its name"), name, limits::kMaxPrincipalBytes, /*required=*/true);
  if (!validator.status().ok()) return std::string(validator.status().message());
  if (name == kAnonymous || name == domain::kSystemPrincipal) {
    return absl::StrCat("\"", name, "\" is no name for a caller");
  }
  return "";
}

absl::StatusOr<std::optional<std::string>> CertifiedPrincipalOf(
    const grpc::CallbackServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  if (auth == nullptr || auth->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME).empty()) {
    return std::nullopt;
  }
  return PrincipalNamed({.uri = First(*auth, GRPC_PEER_URI_PROPERTY_NAME),
                         .dns = First(*auth, GRPC_PEER_DNS_PROPERTY_NAME),
                         .common_name = First(*auth, GRPC_X509_CN_PROPERTY_NAME)});
}

}  // namespace dangol::rpc
