#include "server/rpc/tier/tier_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dangol/v1/tier_service.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/standing/announcements.h"
#include "server/domain/standing/judge.h"
#include "server/rpc/day.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/tier/convert_tier.h"
#include "server/rpc/tier/person.h"
#include "server/rpc/tier/population.h"
#include "server/rpc/tier/tier_facts.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::Status GetTierStatus(const v1::GetTierStatusRequest& message, Backend& backend,
                           storage::Reader& reader, v1::GetTierStatusResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  if (!message.ladder().empty()) {
    RETURN_IF_ERROR(LadderOf(message.ladder(), *person.program).status());
  }
  response.set_member_id(person.member.id.ToString());
  for (const domain::TierStatus& status :
       domain::StatusOf(person.member, *person.catalog, person.now)) {
    if (!message.ladder().empty() && message.ladder() != status.ladder) continue;
    ToProto(status, *response.add_ladders());
  }
  for (const domain::ImportOf& import : domain::ImportsOf(person.member)) {
    ToProto(import, *response.add_imports());
  }
  return absl::OkStatus();
}

domain::TierLabel LabelOf(const std::string& tier, const domain::Ladder& ladder) {
  const int place = domain::FindTier(ladder, tier);
  if (place >= 0) return {tier, ladder.tiers[static_cast<size_t>(place)].name};
  const bool is_base = tier.empty() && ladder.tiers.front().reach.items.empty();
  if (is_base) return {ladder.tiers.front().id, ladder.tiers.front().name};
  return {tier, tier};
}

void Tell(const domain::TierSpan& span, const domain::Ladder& ladder, v1::TierHistoryEntry& entry) {
  entry.set_day(DayText(span.day));
  ToProto(LabelOf(span.tier, ladder), *entry.mutable_tier());
  entry.set_reason(static_cast<v1::TierReason>(span.reason));
  if (span.valid_until != 0) entry.set_valid_until(DayText(span.valid_until));
  entry.set_carried(span.carried);
}

// What time has done and nobody has recorded.
std::vector<domain::TierRecord> UnrecordedOf(const Person& person) {
  domain::Member as_of_now = person.member;
  const domain::DayNumber unseen =
      domain::NumberOf(absl::ToCivilDay(person.stored.advanced_until, person.program->time_zone)) +
      1;
  std::vector<domain::TierRecord> records =
      domain::AnnouncementsFrom(unseen, *person.catalog, person.now, as_of_now);
  const std::vector<domain::TierRecord> found =
      domain::RecordsOf(person.stored, person.now, as_of_now);
  records.insert(records.end(), found.begin(), found.end());
  return records;
}

// What was found of tiers, or what was announced, in the order in which it was recorded; what
// nobody has recorded comes last.
absl::StatusOr<std::vector<v1::TierHistoryEntry>> RecordsOf(const Person& person,
                                                            const domain::Ladder& ladder,
                                                            bool announcements,
                                                            storage::Reader& reader) {
  constexpr int kChunk = 1'000;
  std::vector<domain::TierRecord> records;
  for (bool more = true; more;) {
    const int64_t after = records.empty() ? 0 : records.back().number;
    ASSIGN_OR_RETURN(const std::vector<domain::TierRecord> chunk,
                     reader.ListTierRecords(person.member.id, after, kChunk));
    records.insert(records.end(), chunk.begin(), chunk.end());
    more = chunk.size() == kChunk;
  }
  const std::vector<domain::TierRecord> since = UnrecordedOf(person);
  records.insert(records.end(), since.begin(), since.end());
  std::vector<v1::TierHistoryEntry> entries;
  for (const domain::TierRecord& record : records) {
    const bool is_announced = record.span.reason == domain::TierReason::kAnnounced;
    if (record.ladder != ladder.id || is_announced != announcements) continue;
    v1::TierHistoryEntry& entry = entries.emplace_back();
    Tell(record.span, ladder, entry);
    *entry.mutable_recorded_at() = ToTimestamp(record.recorded_at);
    entry.set_withdrawn(record.withdrawn);
    if (is_announced) {
      ToProto(record.announced, record.span.valid_until, *entry.mutable_announcement());
    }
  }
  return entries;
}

std::vector<v1::TierHistoryEntry> HistoryOf(const Person& person, const domain::Ladder& ladder) {
  std::vector<v1::TierHistoryEntry> entries;
  const domain::LadderStanding* const standing = domain::FindStanding(person.member, ladder.id);
  for (const domain::TierSpan& span :
       standing == nullptr ? std::vector<domain::TierSpan>() : standing->spans) {
    Tell(span, ladder, entries.emplace_back());
  }
  for (const domain::TierOverride* decided : domain::DecisionsOf(person.member, ladder.id)) {
    v1::TierHistoryEntry& entry = entries.emplace_back();
    entry.set_day(DayText(decided->from));
    ToProto(LabelOf(decided->tier, ladder), *entry.mutable_tier());
    entry.set_reason(v1::TIER_REASON_DECIDED);
    if (decided->until != 0) entry.set_valid_until(DayText(decided->until));
    ToProto(*decided, *entry.mutable_decision());
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const v1::TierHistoryEntry& a, const v1::TierHistoryEntry& b) {
                     return a.day() < b.day();
                   });
  return entries;
}

absl::Status ListTierHistory(const v1::ListTierHistoryRequest& message, Backend& backend,
                             storage::Reader& reader, v1::ListTierHistoryResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const auto page_size =
      static_cast<size_t>(validator.PageSize(Path("page_size"), message.page_size()));
  validator.Check(!message.corrections() || !message.announcements(), Path("announcements"),
                  "cannot be asked for together with corrections");
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  ASSIGN_OR_RETURN(const domain::Ladder* const ladder, LadderOf(message.ladder(), *person.program));
  const std::string list = absl::StrCat("tiers/", person.member.id.ToString(), "/", ladder->id,
                                        message.corrections()     ? "/corrections"
                                        : message.announcements() ? "/announcements"
                                                                  : "");
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  uint64_t first = 0;
  if (!position.empty() && !absl::SimpleAtoi(position[0], &first)) {
    return DecodePageToken(list, "?", 1).status();
  }
  std::vector<v1::TierHistoryEntry> entries;
  if (message.corrections() || message.announcements()) {
    ASSIGN_OR_RETURN(entries, RecordsOf(person, *ladder, message.announcements(), reader));
  } else {
    entries = HistoryOf(person, *ladder);
  }
  for (size_t i = first; i < entries.size(); ++i) {
    if (i == first + page_size) {
      response.set_next_page_token(EncodePageToken(list, {absl::StrCat(i)}));
      break;
    }
    *response.add_entries() = entries[i];
  }
  return absl::OkStatus();
}

}  // namespace

ServiceTable TierService() {
  using enum When;
  return {
      "dangol.v1.TierService",
      {ReadWith<v1::GetTierStatusRequest, v1::GetTierStatusResponse>(GetTierStatus)
           .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListTierHistoryRequest, v1::ListTierHistoryResponse>(ListTierHistory)
           .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       Mutation<v1::OverrideTierRequest, domain::TierOutcome, v1::OverrideTierResponse>(ToRequest,
                                                                                        ToProto)
           .For({.care = kAlways}),
       Mutation<v1::EndTierOverrideRequest, domain::TierOutcome, v1::EndTierOverrideResponse>(
           ToRequest, ToProto)
           .For({.care = kAlways}),
       Mutation<v1::ImportLifetimeSumsRequest, domain::TierOutcome, v1::ImportLifetimeSumsResponse>(
           ToRequest, ToProto)
           .For({}),
       ReadWith<v1::ListTierFactsRequest, v1::ListTierFactsResponse>(ListTierFacts)
           .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::GetTierDistributionRequest, v1::GetTierDistributionResponse>(
           GetTierDistribution)
           .For({.care = kAlways, .auditor = kAlways}),
       ReadWith<v1::SimulateTiersRequest, v1::SimulateTiersResponse>(SimulateTiers)
           .For({.auditor = kAlways})}};
}

}  // namespace dangol::rpc
