#include "server/rpc/access/callers.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/access/principal.h"

namespace dangol::rpc {
namespace {

constexpr absl::string_view kScheme = "bearer ";

absl::Status NotLetIn(absl::string_view reason, absl::string_view why) {
  return Refused(absl::StatusCode::kUnauthenticated, reason, why);
}

std::shared_ptr<const Caller> MakeAdmin(std::string principal) {
  auto caller = std::make_shared<Caller>();
  caller->principal = std::move(principal);
  caller->roles = {Role::kAdmin};
  return caller;
}

// The bearer token of a call; nothing where it has none. TOKEN_REFUSED where what it has instead
// cannot be one, so that nobody acts as somebody else by mistake.
absl::StatusOr<std::optional<absl::string_view>> TokenOf(
    const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto [first, last] = metadata.equal_range("authorization");
  if (first == last) return std::nullopt;
  const absl::string_view value(first->second.data(), first->second.size());
  if (std::next(first) != last || !absl::StartsWithIgnoreCase(value, kScheme)) {
    return NotLetIn("TOKEN_REFUSED", "authorization has to be one \"Bearer TOKEN\"");
  }
  return value.substr(kScheme.size());
}

}  // namespace

Callers::Callers(CurrentPolicy policy, const Clock& clock)
    : policy_(std::move(policy)), clock_(clock), anybody_(MakeAdmin(kAnonymous)) {}

absl::StatusOr<std::shared_ptr<const Caller>> Callers::Identify(
    const grpc::CallbackServerContext& context) {
  const std::shared_ptr<const Policy> policy = policy_ ? policy_() : nullptr;
  if (policy != nullptr) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> token, TokenOf(context));
    if (token.has_value()) return ByToken(*token, policy);
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> name, CertifiedPrincipalOf(context));
  if (policy == nullptr) return name.has_value() ? MakeAdmin(*name) : anybody_;
  if (!name.has_value()) {
    return NotLetIn("NO_CREDENTIALS",
                    policy->tokens.has_value()
                        ? "send a bearer token, as in \"authorization: Bearer TOKEN\""
                        : "show a client certificate");
  }
  const auto found = policy->principals.find(*name);
  if (found != policy->principals.end()) return found->second;
  return NotLetIn("UNKNOWN_PRINCIPAL", absl::StrCat("\"", *name,
                                                    "\", whom the client certificate "
                                                    "names, is no principal of this server"));
}

absl::StatusOr<std::shared_ptr<const Caller>> Callers::ByToken(
    absl::string_view token, const std::shared_ptr<const Policy>& policy) {
  if (!policy->tokens.has_value()) {
    return NotLetIn("TOKEN_REFUSED", "this server takes no bearer tokens");
  }
  std::shared_ptr<const Caller> known = FindKnown(token, *policy);
  if (known != nullptr && clock_.RealNow() >= known->expires_at) return TokenExpired();
  if (known != nullptr) return known;
  ASSIGN_OR_RETURN(Caller verified, VerifyToken(token, *policy->tokens, clock_.RealNow()));
  if (policy->principals.contains(verified.principal)) {
    return NotLetIn("TOKEN_REFUSED",
                    absl::StrCat("\"", verified.principal, "\" acts by a client certificate here"));
  }
  ApplyLimits(*policy, verified);
  known = std::make_shared<const Caller>(std::move(verified));
  Remember(token, known, policy);
  return known;
}

std::shared_ptr<const Caller> Callers::FindKnown(absl::string_view token, const Policy& policy) {
  absl::ReaderMutexLock lock(&mutex_);
  if (known_.by.get() != &policy) return nullptr;
  const auto found = known_.tokens.find(token);
  return found == known_.tokens.end() ? nullptr : found->second;
}

void Callers::Remember(absl::string_view token, std::shared_ptr<const Caller> caller,
                       const std::shared_ptr<const Policy>& policy) {
  absl::MutexLock lock(&mutex_);
  if (known_.by != policy || known_.tokens.size() >= limits::kMaxKnownTokens) {
    known_ = {policy, {}};
  }
  known_.tokens.insert_or_assign(std::string(token), std::move(caller));
}

absl::StatusOr<std::optional<int64_t>> Callers::Charge(const Caller& caller) {
  if (policy_ == nullptr) return std::nullopt;
  if (caller.rate.calls_per_second == 0) return std::nullopt;
  ASSIGN_OR_RETURN(const int64_t left, pace_.Take(caller.principal, caller.rate, clock_.RealNow()));
  return left;
}

}  // namespace dangol::rpc
