#include "server/rpc/tier/tier_facts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/standing/explain.h"
#include "server/rpc/dated_page.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/tier/convert_tier.h"
#include "server/rpc/tier/person.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// A fact in the words of the API, and where the list goes on after it.
struct Told {
  storage::PurchaseCursor cursor;
  v1::TierFact fact;
};

void Tell(const std::vector<domain::FactShare>& shares, v1::TierFact& out) {
  for (const domain::FactShare& share : shares) {
    v1::TierFactShare& told = *out.add_shares();
    ToProto(share.criterion, *told.mutable_criterion());
    told.set_counted(share.counted);
    told.set_outcome(static_cast<v1::TierFactOutcome>(share.outcome));
  }
}

// Purchases and activities that lie before the cursor, as many of each as a page has.
absl::StatusOr<std::vector<Told>> Gather(const Person& person,
                                         const std::vector<domain::Judged>& criteria,
                                         const std::optional<storage::PurchaseCursor>& before,
                                         int limit, storage::Reader& reader) {
  std::vector<Told> told;
  storage::PurchaseFilter purchases;
  purchases.member_id = person.member.id;
  purchases.before = before;
  ASSIGN_OR_RETURN(const std::vector<domain::Purchase> bought,
                   reader.ListPurchases(purchases, limit));
  for (const domain::Purchase& purchase : bought) {
    const domain::ProgramVersion* const version = person.catalog->Find(purchase.program_version);
    if (version == nullptr) return domain::ProgramMissing();
    Told& added = told.emplace_back();
    added.cursor = CursorOf(purchase);
    added.fact.set_purchase_id(purchase.purchase_id);
    *added.fact.mutable_occurred_at() = ToTimestamp(purchase.occurred_at);
    Tell(domain::SharesOf(purchase, *version->program, criteria), added.fact);
  }
  storage::ActivityFilter activities;
  activities.member_id = person.member.id;
  activities.before = before;
  ASSIGN_OR_RETURN(const std::vector<domain::Activity> did,
                   reader.ListActivities(activities, limit));
  for (const domain::Activity& activity : did) {
    const domain::ProgramVersion* const version = person.catalog->Find(activity.program_version);
    if (version == nullptr) return domain::ProgramMissing();
    Told& added = told.emplace_back();
    added.cursor = CursorOf(activity);
    added.fact.set_activity_id(activity.activity_id);
    added.fact.set_activity_kind(activity.kind);
    *added.fact.mutable_occurred_at() = ToTimestamp(activity.occurred_at);
    Tell(domain::SharesOf(activity, *version->program, criteria, person.member, *person.catalog),
         added.fact);
  }
  std::sort(told.begin(), told.end(), [](const Told& a, const Told& b) {
    return std::tie(a.cursor.occurred_at, a.cursor.purchase_id) >
           std::tie(b.cursor.occurred_at, b.cursor.purchase_id);
  });
  return told;
}

}  // namespace

absl::Status ListTierFacts(const v1::ListTierFactsRequest& message, Backend& backend,
                           storage::Reader& reader, v1::ListTierFactsResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  ASSIGN_OR_RETURN(const domain::Ladder* const ladder, LadderOf(message.ladder(), *person.program));
  std::vector<domain::Judged> criteria;
  for (const domain::TierStatus& status :
       domain::StatusOf(person.member, *person.catalog, person.now)) {
    if (status.ladder == ladder->id) criteria = domain::CountedFor(status);
  }
  const std::string list =
      absl::StrCat("tier-facts/", person.member.id.ToString(), "/", ladder->id);
  ASSIGN_OR_RETURN(const auto before, CursorOf(list, message.page_token()));
  ASSIGN_OR_RETURN(std::vector<Told> told, Gather(person, criteria, before, page_size + 1, reader));
  for (size_t i = 0; i < told.size(); ++i) {
    if (i == static_cast<size_t>(page_size)) {
      const storage::PurchaseCursor& last = told[i - 1].cursor;
      response.set_next_page_token(EncodePageToken(
          list, {absl::StrCat(absl::ToUnixMicros(last.occurred_at)), last.purchase_id}));
      break;
    }
    *response.add_facts() = std::move(told[i].fact);
  }
  return absl::OkStatus();
}

}  // namespace dangol::rpc
