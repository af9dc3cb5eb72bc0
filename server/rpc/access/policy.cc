#include "server/rpc/access/policy.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dangol/v1/access.pb.h"
#include "server/common/limits.h"
#include "server/common/read_file.h"
#include "server/common/status_macros.h"
#include "server/rpc/access/check_caller.h"
#include "server/rpc/program/program_place.h"
#include "server/rpc/program/program_syntax.h"

namespace dangol::rpc {
namespace {

absl::Status Wrong(const std::string& file, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", why));
}

std::string Described(const ProgramProblem& problem) {
  return absl::StrCat(problem.line > 0 ? absl::StrCat("line ", problem.line, ": ") : std::string(),
                      problem.field, problem.field.empty() ? "" : ": ", problem.message);
}

absl::StatusOr<std::string> ReadSmallFile(const std::string& file) {
  absl::StatusOr<std::string> text = ReadFile(file, limits::kMaxPolicyBytes);
  if (!text.ok()) return Wrong(file, text.status().message());
  if (text->size() > limits::kMaxPolicyBytes) {
    return Wrong(file, absl::StrCat("has more than ", limits::kMaxPolicyBytes, " bytes"));
  }
  return text;
}

// Reads what the message says, and collects what is wrong with it.
class PolicyReader {
 public:
  PolicyReader(const v1::AccessPolicy& message, const Place& root, ProblemList problems)
      : message_(message), root_(root), problems_(problems) {}

  Policy Read() {
    Policy policy;
    for (int i = 0; i < message_.roles_size(); ++i) {
      ReadRole(message_.roles(i), root_.Child("roles", i), policy);
    }
    policy.rate = ReadRate(message_.has_rate(), message_.rate(), root_.Child("rate"));
    for (int i = 0; i < message_.principals_size(); ++i) {
      ReadPrincipal(message_.principals(i), root_.Child("principals", i), policy);
    }
    if (message_.has_tokens()) policy.tokens = ReadTokens(root_.Child("tokens"));
    problems_.Check(message_.has_tokens() || message_.principals_size() > 0, root_,
                    "lets nobody in; add tokens or principals");
    return policy;
  }

 private:
  void ReadRole(const v1::RolePolicy& message, const Place& place, Policy& policy) {
    const auto role = static_cast<Role>(message.role());
    problems_.Check(message.role() != v1::ROLE_UNSPECIFIED, place.Child("role"), "is needed");
    problems_.Check(message.adjust_points() >= 0, place.Child("adjust_points"), "is below 0");
    problems_.Check(message.goodwill_points() >= 0, place.Child("goodwill_points"), "is below 0");
    const RoleLimits limits = {message.adjust_points(), message.goodwill_points(),
                               ReadRate(message.has_rate(), message.rate(), place.Child("rate"))};
    problems_.Check(policy.roles.emplace(role, limits).second, place.Child("role"),
                    "was there before");
  }

  Rate ReadRate(bool present, const v1::RateLimit& message, const Place& place) {
    if (!present) return {};
    const double rate = message.calls_per_second();
    problems_.Check(rate > 0 && rate <= limits::kMaxCallsPerSecond, place.Child("calls_per_second"),
                    "has to be above 0, and at most a million");
    problems_.Check(
        message.burst() >= 0 && static_cast<double>(message.burst()) <= limits::kMaxCallsPerSecond,
        place.Child("burst"), "has to be from 0 to a million");
    const double burst = message.burst() == 0 ? rate : static_cast<double>(message.burst());
    return {rate, std::max(burst, 1.0)};
  }

  void ReadPrincipal(const v1::PrincipalPolicy& message, const Place& place, Policy& policy) {
    auto caller = std::make_shared<Caller>();
    caller->principal = message.name();
    for (const int role : message.roles()) caller->roles.insert(static_cast<Role>(role));
    caller->store_ids.insert(message.store_ids().begin(), message.store_ids().end());
    caller->member_id = message.member_id();
    caller->acts_for_members = message.acts_for_members();
    const bool has_all_roles = std::find(message.roles().begin(), message.roles().end(),
                                         v1::ROLE_UNSPECIFIED) == message.roles().end();
    problems_.Check(has_all_roles, place.Child("roles"), "has one that is unspecified");
    const std::string problem = ProblemOf(*caller);
    problems_.Check(problem.empty(), place, problem);
    ApplyLimits(policy, *caller);
    problems_.Check(policy.principals.emplace(message.name(), std::move(caller)).second,
                    place.Child("name"), "was there before");
  }

  TokenRules ReadTokens(const Place& place) {
    const v1::TokenPolicy& message = message_.tokens();
    problems_.Check(!message.issuer().empty(), place.Child("issuer"), "is needed");
    problems_.Check(!message.audience().empty(), place.Child("audience"), "is needed");
    problems_.Check(!message.key_set_file().empty(), place.Child("key_set_file"), "is needed");
    const int skew = message.clock_skew_seconds();
    problems_.Check(skew >= 0 && skew <= limits::kMaxTokenSkewSeconds,
                    place.Child("clock_skew_seconds"),
                    absl::StrCat("has to be from 0 to ", limits::kMaxTokenSkewSeconds));
    return {message.issuer(),
            message.audience(),
            absl::Seconds(skew == 0 ? limits::kDefaultTokenSkewSeconds : skew),
            {}};
  }

  const v1::AccessPolicy& message_;
  const Place root_;
  ProblemList problems_;
};

absl::StatusOr<Policy> ParsePolicy(const std::string& text, std::string& key_set_file) {
  v1::AccessPolicy message;
  google::protobuf::TextFormat::ParseInfoTree places;
  std::vector<ProgramProblem> problems;
  Policy policy;
  if (ParseSyntax(text, message, places, problems)) {
    policy =
        PolicyReader(message, Place(&places, v1::AccessPolicy::descriptor()), ProblemList(problems))
            .Read();
  }
  key_set_file = message.tokens().key_set_file();
  if (problems.empty()) return policy;
  return absl::InvalidArgumentError(
      absl::StrJoin(problems, "; ", [](std::string* out, const ProgramProblem& problem) {
        absl::StrAppend(out, Described(problem));
      }));
}

}  // namespace

void ApplyLimits(const Policy& policy, Caller& caller) {
  for (const Role role : caller.roles) {
    const auto found = policy.roles.find(role);
    if (found == policy.roles.end()) continue;
    const RoleLimits& limits = found->second;
    caller.adjust_points = std::max(caller.adjust_points, limits.adjust_points);
    caller.goodwill_points = std::max(caller.goodwill_points, limits.goodwill_points);
    if (limits.rate.calls_per_second > caller.rate.calls_per_second) caller.rate = limits.rate;
  }
  if (caller.rate == Rate()) caller.rate = policy.rate;
}

absl::StatusOr<Policy> LoadPolicy(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadSmallFile(file));
  std::string key_set_file;
  absl::StatusOr<Policy> policy = ParsePolicy(text, key_set_file);
  if (!policy.ok()) return Wrong(file, policy.status().message());
  policy->source = text;
  if (!policy->tokens.has_value()) return policy;
  const std::string path = (std::filesystem::path(file).parent_path() / key_set_file).string();
  ASSIGN_OR_RETURN(const std::string keys, ReadSmallFile(path));
  absl::StatusOr<std::vector<TokenKey>> parsed = ParseKeySet(keys);
  if (!parsed.ok()) return Wrong(path, parsed.status().message());
  policy->tokens->keys = *std::move(parsed);
  // Neither text has a NUL in it.
  absl::StrAppend(&policy->source, absl::string_view("\0", 1), keys);
  return policy;
}

}  // namespace dangol::rpc
