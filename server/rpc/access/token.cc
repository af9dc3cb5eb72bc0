#include "server/rpc/access/token.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/access/check_caller.h"

namespace dangol::rpc {
namespace {

using Json = nlohmann::json;

absl::Status TokenRefused(absl::string_view why) {
  return Refused(absl::StatusCode::kUnauthenticated, "TOKEN_REFUSED",
                 absl::StrCat("the bearer token is not believed: ", why));
}

// A part of a token that is a JSON object.
absl::StatusOr<Json> DecodeObject(absl::string_view part, absl::string_view what) {
  std::string bytes;
  if (!DecodeBase64Url(part, bytes)) {
    return TokenRefused(absl::StrCat("its ", what, " is not base64url"));
  }
  Json object = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return TokenRefused(absl::StrCat("its ", what, " is no JSON object"));
  return object;
}

std::optional<Algorithm> AlgorithmNamed(const Json& name) {
  if (name == "RS256") return Algorithm::kRs256;
  if (name == "ES256") return Algorithm::kEs256;
  if (name == "EdDSA") return Algorithm::kEdDsa;
  return std::nullopt;
}

// The key that a token's header means: the one with its id; without an id the only one there is
// for its algorithm.
absl::StatusOr<const TokenKey*> FindKey(const Json& header, const std::vector<TokenKey>& keys) {
  if (header.contains("crit")) return TokenRefused("it has critical extensions, and none is known");
  const std::optional<Algorithm> algorithm = AlgorithmNamed(header.value("alg", Json()));
  if (!algorithm.has_value()) {
    return TokenRefused("it has to be signed by RS256, ES256 or EdDSA");
  }
  const Json id = header.value("kid", Json());
  if (!id.is_null() && !id.is_string()) return TokenRefused("its \"kid\" is no text");
  const TokenKey* found = nullptr;
  for (const TokenKey& key : keys) {
    if (id.is_string() ? key.id() != id.get<std::string>() : key.algorithm() != *algorithm)
      continue;
    if (found != nullptr) return TokenRefused("it has no \"kid\", and several keys could be meant");
    found = &key;
  }
  if (found == nullptr) return TokenRefused("its key is not known here");
  if (found->algorithm() != *algorithm) return TokenRefused("its key is for another algorithm");
  return found;
}

// A time in seconds since 1970; nothing where the claim is none.
std::optional<absl::Time> TimeOf(const Json& claims, const char* name) {
  const Json claim = claims.value(name, Json());
  if (!claim.is_number()) return std::nullopt;
  const double seconds = claim.get<double>();
  // To the year 9999: an int64 of microseconds holds it.
  if (!(seconds >= 0 && seconds < 253'402'300'800.0)) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

absl::Status CheckTimes(const Json& claims, absl::Duration skew, absl::Time now, Caller& caller) {
  const std::optional<absl::Time> expires_at = TimeOf(claims, "exp");
  if (!expires_at.has_value()) return TokenRefused("it has no \"exp\"");
  caller.expires_at = *expires_at + skew;
  if (now >= caller.expires_at) return TokenExpired();
  if (!claims.contains("nbf")) return absl::OkStatus();
  const std::optional<absl::Time> not_before = TimeOf(claims, "nbf");
  if (!not_before.has_value()) return TokenRefused("its \"nbf\" is no time");
  if (now + skew < *not_before) return TokenRefused("it is not valid yet");
  return absl::OkStatus();
}

bool IsFor(const Json& audience, const std::string& ours) {
  if (audience.is_array()) return absl::c_linear_search(audience, Json(ours));
  return audience == ours;
}

absl::StatusOr<std::vector<std::string>> TextsOf(const Json& claims, const char* name) {
  std::vector<std::string> texts;
  if (!claims.contains(name)) return texts;
  const Json& claim = claims[name];
  if (!claim.is_array()) return TokenRefused(absl::StrCat("its \"", name, "\" is no list"));
  if (claim.size() > limits::kMaxStoresPerCaller) {
    return TokenRefused(
        absl::StrCat("its \"", name, "\" has more than ", limits::kMaxStoresPerCaller));
  }
  for (const Json& text : claim) {
    if (!text.is_string()) return TokenRefused(absl::StrCat("its \"", name, "\" has no texts"));
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

absl::Status ReadGrants(const Json& claims, Caller& caller) {
  ASSIGN_OR_RETURN(const std::vector<std::string> roles, TextsOf(claims, "roles"));
  for (const std::string& name : roles) {
    // A role that is not known here may do nothing here.
    if (const std::optional<Role> role = RoleNamed(name)) caller.roles.insert(*role);
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> stores, TextsOf(claims, "store_ids"));
  caller.store_ids.insert(stores.begin(), stores.end());
  if (claims.contains("member_id")) {
    if (!claims["member_id"].is_string()) return TokenRefused("its \"member_id\" is no text");
    caller.member_id = claims["member_id"].get<std::string>();
  }
  caller.acts_for_members = claims.value("acts_for_members", Json()) == true;
  return absl::OkStatus();
}

}  // namespace

absl::Status TokenExpired() {
  return Refused(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED",
                 "the bearer token has expired; get a new one");
}

absl::StatusOr<Caller> VerifyToken(absl::string_view token, const TokenRules& rules,
                                   absl::Time now) {
  if (token.size() > limits::kMaxTokenBytes) return TokenRefused("it is too long");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return TokenRefused("it is not of three parts");
  ASSIGN_OR_RETURN(const Json header, DecodeObject(parts[0], "header"));
  ASSIGN_OR_RETURN(const TokenKey* const key, FindKey(header, rules.keys));
  std::string signature;
  const absl::string_view text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!DecodeBase64Url(parts[2], signature) || !key->Verifies(text, signature)) {
    return TokenRefused("its signature is not that of the key");
  }
  // From here on the issuer has said what it says.
  ASSIGN_OR_RETURN(const Json claims, DecodeObject(parts[1], "payload"));
  if (claims.value("iss", Json()) != rules.issuer) return TokenRefused("it is of another issuer");
  if (!IsFor(claims.value("aud", Json()), rules.audience)) {
    return TokenRefused("it is for another audience");
  }
  Caller caller;
  RETURN_IF_ERROR(CheckTimes(claims, rules.skew, now, caller));
  const Json subject = claims.value("sub", Json());
  if (!subject.is_string()) return TokenRefused("it has no \"sub\"");
  caller.principal = subject.get<std::string>();
  RETURN_IF_ERROR(ReadGrants(claims, caller));
  if (const std::string wrong = ProblemOf(caller); !wrong.empty()) return TokenRefused(wrong);
  return caller;
}

}  // namespace dangol::rpc
