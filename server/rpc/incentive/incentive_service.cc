#include "server/rpc/incentive/incentive_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/incentive_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/incentive/incentives_due.h"
#include "server/domain/incentive/purchase_miss.h"
#include "server/domain/standing/judge.h"
#include "server/rpc/incentive/convert_incentives.h"
#include "server/rpc/member_read.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// A person as of now, with what else incentives are told by.
struct Collector {
  domain::Member member;
  std::vector<domain::Award> awards;  // Theirs, where they were asked for. The newest first.
  Found found;
};

// In which order awards are told: the newest first; of one day those of one person by their
// numbers.
std::tuple<domain::DayNumber, int64_t, domain::MemberId> KeyOf(const domain::Award& award) {
  return {award.day, award.number, award.person};
}

absl::StatusOr<Found> Load(const std::optional<domain::MemberRef>& ref, bool awards,
                           const Backend& backend, storage::Reader& reader) {
  return LoadMember(backend, reader, [&](const auto& catalog, absl::Time) {
    domain::Reads reads;
    reads.member = ref;
    reads.needs.lots = awards;
    reads.counters = domain::IncentiveBudgets(catalog);
    return reads;
  });
}

absl::StatusOr<Collector> FindCollector(const domain::MemberRef& ref, bool awards,
                                        const Backend& backend, storage::Reader& reader) {
  ASSIGN_OR_RETURN(Found found, Load(ref, awards, backend, reader));
  const domain::MemberState* const purse = found.loaded.Find(ref);
  if (purse == nullptr) return domain::MemberNotFound(ref);
  const domain::MemberState* const person = found.loaded.FindPerson(ref);
  Collector collector;
  collector.member = person == nullptr ? purse->member : person->member;
  const std::vector<domain::Sharer> persons =
      domain::SharersUnder(purse->member, collector.member.id, /*merged=*/true);
  for (const domain::Award& award : purse->awards) {
    const bool is_theirs =
        std::any_of(persons.begin(), persons.end(),
                    [&](const domain::Sharer& sharer) { return sharer.id == award.person; });
    if (is_theirs) collector.awards.push_back(award);
  }
  std::sort(collector.awards.begin(), collector.awards.end(),
            [](const auto& a, const auto& b) { return KeyOf(a) > KeyOf(b); });
  if (found.catalog->At(found.now) == nullptr) return domain::ProgramMissing();
  domain::AdvanceTiers(*found.catalog, found.now, collector.member);
  collector.found = std::move(found);
  return collector;
}

absl::Status ListProgress(const v1::ListProgressRequest& message, Backend& backend,
                          storage::Reader& reader, v1::ListProgressResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Collector collector,
                   FindCollector(ref, /*awards=*/false, backend, reader));
  const Found& found = collector.found;
  storage::PurchaseFilter filter;
  filter.member_id = collector.member.id;
  ASSIGN_OR_RETURN(const std::vector<domain::Purchase> newest, reader.ListPurchases(filter, 1));
  response.set_member_id(collector.member.id.ToString());
  if (!newest.empty()) response.set_last_purchase_id(newest.front().purchase_id);
  for (const domain::Incentive& incentive : found.catalog->At(found.now)->program->incentives) {
    ToProto(domain::StatusOf(incentive, *found.catalog, found.now, &collector.member,
                             &found.loaded.counters),
            *response.add_incentives());
    if (newest.empty()) continue;
    response.add_last_purchase(static_cast<v1::PurchaseMiss>(
        domain::MissOf(newest.front(), incentive.id, *found.catalog, collector.member)));
  }
  return absl::OkStatus();
}

absl::Status ListAwards(const v1::ListAwardsRequest& message, Backend& backend,
                        storage::Reader& reader, v1::ListAwardsResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(Collector collector, FindCollector(ref, /*awards=*/true, backend, reader));
  const std::string list = absl::StrCat("awards/", collector.member.id.ToString());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 3));
  auto next = collector.awards.begin();
  if (!position.empty()) {
    ASSIGN_OR_RETURN(const int64_t day, TokenNumber(position[0]));
    ASSIGN_OR_RETURN(const int64_t number, TokenNumber(position[1]));
    const std::optional<domain::MemberId> person = domain::MemberId::Parse(position[2]);
    if (!person.has_value()) return NotAToken();
    const std::tuple last(static_cast<domain::DayNumber>(day), number, *person);
    next = std::find_if(next, collector.awards.end(),
                        [&](const auto& award) { return KeyOf(award) < last; });
  }
  for (; next != collector.awards.end(); ++next) {
    if (response.awards_size() == page_size) {
      const auto& [day, number, person] = KeyOf(*(next - 1));
      response.set_next_page_token(
          EncodePageToken(list, {absl::StrCat(day), absl::StrCat(number), person.ToString()}));
      return absl::OkStatus();
    }
    ToProto(*next, *response.add_awards());
  }
  return absl::OkStatus();
}

absl::Status ExplainIncentive(const v1::ExplainIncentiveRequest& message, Backend& backend,
                              storage::Reader& reader, v1::ExplainIncentiveResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int max_days = validator.PageSize(Path("max_days"), message.max_days());
  validator.Name(Path("incentive_id"), message.incentive_id(), limits::kMaxNameBytes);
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Collector collector, FindCollector(ref, /*awards=*/true, backend, reader));
  const Found& found = collector.found;
  const domain::Program& program = *found.catalog->At(found.now)->program;
  const domain::Incentive* const incentive = domain::FindIncentive(message.incentive_id(), program);
  if (incentive == nullptr) return domain::IncentiveNotFound(message.incentive_id());
  response.set_member_id(collector.member.id.ToString());
  ToProto(domain::StatusOf(*incentive, *found.catalog, found.now, &collector.member,
                           &found.loaded.counters),
          *response.mutable_progress());
  const std::vector<domain::IncentiveStep> steps =
      domain::StepsOf(incentive->id, *found.catalog, found.now, collector.member);
  const size_t told = std::min(steps.size(), static_cast<size_t>(max_days));
  response.set_earlier_steps(static_cast<int64_t>(steps.size() - told));
  for (size_t i = steps.size() - told; i < steps.size(); ++i) {
    ToProto(steps[i], *response.add_steps());
  }
  for (const domain::Award& award : collector.awards) {
    if (response.awards_size() == max_days) break;
    if (award.cause == domain::CauseOf(*incentive)) ToProto(award, *response.add_awards());
  }
  return absl::OkStatus();
}

absl::Status ListOffers(const v1::ListOffersRequest& message, Backend& backend,
                        storage::Reader& reader, v1::ListOffersResponse& response) {
  Found found;
  std::optional<domain::Member> member;
  if (message.has_member()) {
    Validator validator;
    const domain::MemberRef ref = validator.MemberRef(Path("member"), true, message.member());
    RETURN_IF_ERROR(validator.status());
    ASSIGN_OR_RETURN(Collector collector, FindCollector(ref, /*awards=*/false, backend, reader));
    member = std::move(collector.member);
    found = std::move(collector.found);
  } else {
    ASSIGN_OR_RETURN(found, Load(std::nullopt, /*awards=*/false, backend, reader));
    if (found.catalog->At(found.now) == nullptr) return domain::ProgramMissing();
  }
  for (const domain::Incentive& incentive : found.catalog->At(found.now)->program->incentives) {
    ToProto(domain::StatusOf(incentive, *found.catalog, found.now,
                             member.has_value() ? &*member : nullptr, &found.loaded.counters),
            *response.add_offers());
  }
  return absl::OkStatus();
}

}  // namespace

ServiceTable IncentiveService() {
  using enum When;
  return {"dangol.v1.IncentiveService",
          {ReadWith<v1::ListProgressRequest, v1::ListProgressResponse>(ListProgress)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           ReadWith<v1::ListAwardsRequest, v1::ListAwardsResponse>(ListAwards)
               .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           ReadWith<v1::ExplainIncentiveRequest, v1::ExplainIncentiveResponse>(ExplainIncentive)
               .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           ReadWith<v1::ListOffersRequest, v1::ListOffersResponse>(ListOffers)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
