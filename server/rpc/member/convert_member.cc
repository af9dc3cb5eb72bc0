#include "server/rpc/member/convert_member.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/referral/referrals.h"
#include "server/rpc/handling.h"
#include "server/rpc/validation.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

domain::MemberId NewMemberId() {
  thread_local absl::BitGen random;
  return domain::MemberId::Make(absl::Now(), absl::Uniform<uint64_t>(random),
                                absl::Uniform<uint64_t>(random));
}

domain::Attributes CheckAttributes(const google::protobuf::Map<std::string, std::string>& map,
                                   Validator& validator) {
  const Path path("attributes");
  validator.Check(map.size() <= limits::kMaxAttributesPerMember, path,
                  absl::StrCat("has ", map.size(), " items; at most ",
                               limits::kMaxAttributesPerMember, " are allowed"));
  domain::Attributes attributes;
  for (const auto& [key, value] : map) {
    validator.Text(path, key, limits::kMaxAttributeKeyBytes, /*required=*/true);
    validator.Text(Path(path, key), value, limits::kMaxAttributeValueBytes);
    attributes.emplace_back(key, value);
  }
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

// Who is named, with the purse that they use: a purse's log has whatever any of its members does,
// in one order.
template <typename Message>
domain::MemberRef MemberOf(const Message& message, Validator& validator) {
  return validator.MemberRef(Path("member"), message.has_member(), message.member());
}

domain::MemberRef ReferredBy(bool has, const v1::MemberRef& message, Validator& validator) {
  domain::MemberRef ref = validator.MemberRef(Path("referred_by"), has, message);
  ref.resolve = domain::Resolve::kToPerson;
  return ref;
}

// Suspend, Reinstate and Close differ in nothing but the status.
template <typename Message>
absl::StatusOr<lane::Request> StatusRequest(const Message& message, domain::MemberStatus status) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::ChangeStatus change;
  // Of somebody in a household it is refused: their status is their own.
  change.member = MemberOf(message, validator);
  change.member.resolve = domain::Resolve::kToPerson;
  change.status = status;
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(change));
}

domain::Reads ReadWithAliases(domain::MemberRef ref) {
  domain::Reads reads;
  ref.resolve = domain::Resolve::kToPerson;
  reads.member = std::move(ref);
  reads.needs.aliases = true;
  return reads;
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::EnrollMemberRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  const Path aliases("aliases");
  validator.Check(message.aliases_size() <= static_cast<int>(limits::kMaxAliasesPerMember), aliases,
                  absl::StrCat("has ", message.aliases_size(), " items; at most ",
                               limits::kMaxAliasesPerMember, " are allowed"));
  domain::EnrollMember enroll;
  enroll.member_id = NewMemberId();
  for (int i = 0; i < message.aliases_size(); ++i) {
    enroll.aliases.push_back(validator.Alias(Path(aliases, i), message.aliases(i)));
  }
  enroll.attributes = CheckAttributes(message.attributes(), validator);
  if (message.has_enrolled_at()) {
    enroll.enrolled_at = validator.Time(Path("enrolled_at"), message.enrolled_at());
  }
  if (message.has_referred_by()) {
    enroll.referred_by = ReferredBy(message.has_referred_by(), message.referred_by(), validator);
  }
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(enroll));
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordReferralRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::RecordReferral record;
  record.member = MemberOf(message, validator);
  record.referred_by = ReferredBy(message.has_referred_by(), message.referred_by(), validator);
  if (message.has_occurred_at()) {
    record.occurred_at = validator.Time(Path("occurred_at"), message.occurred_at());
  }
  record.request_id = message.request_id();
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(record));
}

absl::StatusOr<lane::Request> ToRequest(const v1::UpdateMemberRequest& message) {
  constexpr absl::string_view kOne = "attributes.";
  const Path mask("update_mask");
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::UpdateMember update;
  update.member = MemberOf(message, validator);
  const domain::Attributes attributes = CheckAttributes(message.attributes(), validator);
  validator.Check(message.update_mask().paths_size() > 0, mask,
                  "is empty; name attributes, or attributes.KEY for some of them");
  std::set<std::string> named;
  for (const std::string& path : message.update_mask().paths()) {
    if (path == "attributes") {
      update.replace = true;
    } else if (absl::StartsWith(path, kOne) && path.size() > kOne.size()) {
      named.insert(path.substr(kOne.size()));
    } else {
      validator.Check(
          false, mask,
          absl::StrCat("has \"", path,
                       "\"; it may name attributes, or attributes.KEY for some of them"));
    }
  }
  for (const auto& [key, value] : attributes) {
    const bool is_named = update.replace || named.erase(key) > 0;
    validator.Check(is_named, mask,
                    absl::StrCat("does not name attributes.", key, ", which is given"));
    update.set.emplace_back(key, value);
  }
  if (!update.replace) update.removed.assign(named.begin(), named.end());
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(update));
}

absl::StatusOr<lane::Request> ToRequest(const v1::AddAliasRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::AddAlias add;
  add.member = MemberOf(message, validator);
  add.alias = validator.Alias(Path("alias"), message.alias());
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(add));
}

absl::StatusOr<lane::Request> ToRequest(const v1::RemoveAliasRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::RemoveAlias remove;
  remove.member = MemberOf(message, validator);
  remove.alias = validator.Alias(Path("alias"), message.alias());
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(remove));
}

absl::StatusOr<lane::Request> ToRequest(const v1::SuspendMemberRequest& message) {
  return StatusRequest(message, domain::MemberStatus::kSuspended);
}

absl::StatusOr<lane::Request> ToRequest(const v1::ReinstateMemberRequest& message) {
  return StatusRequest(message, domain::MemberStatus::kActive);
}

absl::StatusOr<lane::Request> ToRequest(const v1::CloseMemberRequest& message) {
  return StatusRequest(message, domain::MemberStatus::kClosed);
}

absl::StatusOr<lane::Request> ToRequest(const v1::EraseMemberRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::EraseMember erase;
  erase.member.id = validator.MemberId(Path("member_id"), message.member_id());
  erase.member.resolve = domain::Resolve::kToPerson;
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(erase));
}

absl::StatusOr<domain::Reads> ToReads(const v1::GetMemberRequest& message) {
  Validator validator;
  domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  return ReadWithAliases(std::move(ref));
}

absl::StatusOr<domain::Reads> ToReads(const v1::LookupMemberRequest& message) {
  Validator validator;
  domain::MemberRef ref;
  ref.alias = validator.Alias(Path("alias"), message.alias());
  RETURN_IF_ERROR(validator.status());
  return ReadWithAliases(std::move(ref));
}

void ToProto(const domain::Member& member, const std::vector<domain::Alias>& aliases,
             v1::Member& out) {
  out.set_member_id(member.id.ToString());
  out.set_status(static_cast<v1::MemberStatus>(member.status));
  for (const domain::Alias& alias : aliases) {
    v1::Alias& added = *out.add_aliases();
    added.set_kind(alias.kind);
    added.set_value(alias.value);
  }
  for (const auto& [key, value] : member.attributes) (*out.mutable_attributes())[key] = value;
  *out.mutable_enrolled_at() = ToTimestamp(member.enrolled_at);
  constexpr auto kPurchases = domain::Measure::kPurchases;
  out.set_purchase_count(domain::TotalOf(member.histories, kPurchases));
  if (const auto day = domain::FirstDayOf(member.histories, kPurchases); day.has_value())
    out.set_first_purchase_day(absl::FormatCivilTime(domain::DayOf(*day)));
  if (const auto day = domain::LastDayOf(member.histories, kPurchases); day.has_value())
    out.set_last_purchase_day(absl::FormatCivilTime(domain::DayOf(*day)));
  if (const domain::Referral* const referral = domain::ReferralOf(member); referral != nullptr) {
    out.set_referrer_id(referral->referrer.ToString());
    out.set_referred_day(absl::FormatCivilTime(domain::DayOf(referral->day)));
  }
  if (member.joined.has_value()) {
    const std::string into = member.joined->into.ToString();
    member.joined->household ? out.set_household_member_id(into)
                             : out.set_merged_into_member_id(into);
  }
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  constexpr int64_t kMicrosPerSecond = 1'000'000;
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / kMicrosPerSecond;
  int64_t rest = micros % kMicrosPerSecond;
  if (rest < 0) {
    --seconds;
    rest += kMicrosPerSecond;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(rest * 1'000));
  return timestamp;
}

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration out;
  out.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return out;
}

}  // namespace dangol::rpc
