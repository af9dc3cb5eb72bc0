#ifndef DANGOL_SERVER_RPC_ACCESS_PRINCIPAL_H_
#define DANGOL_SERVER_RPC_ACCESS_PRINCIPAL_H_

#include <grpcpp/server_context.h>

#include <optional>
#include <string>

#include "absl/status/statusor.h"

// Who acts by a call.
namespace dangol::rpc {

// Who acts where callers need neither token nor certificate.
inline constexpr char kAnonymous[] = "anonymous";

// The names in a client certificate: of each kind the first.
struct CertificateNames {
  std::optional<std::string> uri;
  std::optional<std::string> dns;
  std::optional<std::string> common_name;
};

// The first of the names that there is. NO_PRINCIPAL (UNAUTHENTICATED) where it cannot stand in
// the books: it is cut or replaced by none of the others, so that nobody gets the name of
// somebody else.
absl::StatusOr<std::string> PrincipalNamed(const CertificateNames& names);

// Whom the caller's certificate names; nobody where the server asks for none.
absl::StatusOr<std::optional<std::string>> CertifiedPrincipalOf(
    const grpc::CallbackServerContext& context);

// Why nobody can act under this name; empty where somebody can. It has to be able to stand in the
// books, and not to say there that nobody did it.
std::string ProblemOfName(const std::string& name);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_PRINCIPAL_H_
