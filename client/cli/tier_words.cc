#include "cli/tier_words.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/session.h"

namespace dangol::cli {
namespace {

std::string Plural(int64_t count, const std::string& one) {
  return absl::StrCat(FormatCount(count), " ", one, count == 1 ? "" : "s");
}

}  // namespace

std::string NameOf(const v1::TierLabel& tier) { return tier.name().empty() ? "none" : tier.name(); }

std::string CountedBy(const v1::TierCriterion& criterion) {
  const std::string ever = criterion.lifetime() ? ", ever" : "";
  switch (criterion.indicator_case()) {
    case v1::TierCriterion::kQualifyingPoints:
      return absl::StrCat("points of ", criterion.qualifying_points(), ever);
    case v1::TierCriterion::kNetSpend:
      return absl::StrCat("spent in ", criterion.net_spend(), ever);
    case v1::TierCriterion::kPurchases:
      return absl::StrCat("purchases", ever);
    case v1::TierCriterion::kVisits:
      return absl::StrCat("visits", ever);
    case v1::TierCriterion::kActiveMonths:
      return absl::StrCat("active months", ever);
    case v1::TierCriterion::kActivities:
      return absl::StrCat("activities: ", criterion.activities(), ever);
    case v1::TierCriterion::kActivityScore:
      return "activity score";
    case v1::TierCriterion::kSegments:
      return absl::StrCat("segment ", absl::StrJoin(criterion.segments().ids(), " or "));
    case v1::TierCriterion::INDICATOR_NOT_SET:
      break;
  }
  return "";
}

std::string Amount(const v1::TierCriterion& criterion, int64_t value,
                   const Currencies& currencies) {
  switch (criterion.indicator_case()) {
    case v1::TierCriterion::kQualifyingPoints:
      return Plural(value, "point");
    case v1::TierCriterion::kNetSpend:
      return currencies.Money(value, criterion.net_spend());
    case v1::TierCriterion::kPurchases:
      return Plural(value, "purchase");
    case v1::TierCriterion::kVisits:
      return Plural(value, "visit");
    case v1::TierCriterion::kActiveMonths:
      return Plural(value, "active month");
    case v1::TierCriterion::kActivities:
      return absl::StrCat(FormatCount(value), " of ", criterion.activities());
    case v1::TierCriterion::kActivityScore:
      return absl::StrCat(Plural(value, "point"), " of the activity score");
    case v1::TierCriterion::kSegments:
      return value == 0 ? "another" : absl::StrJoin(criterion.segments().ids(), " or ");
    case v1::TierCriterion::INDICATOR_NOT_SET:
      break;
  }
  return FormatCount(value);
}

std::string Missing(const google::protobuf::RepeatedPtrField<v1::CriterionValue>& criteria,
                    bool any, const Currencies& currencies) {
  std::vector<std::string> missing;
  for (const v1::CriterionValue& value : criteria) {
    if (value.missing() == 0) continue;
    missing.push_back(
        value.criterion().has_segments()
            ? CountedBy(value.criterion())
            : absl::StrCat(Amount(value.criterion(), value.missing(), currencies), " more"));
  }
  return absl::StrJoin(missing, any ? " or " : " and ");
}

std::string ToNext(const v1::NextTier& next, const Currencies& currencies) {
  const std::string missing = Missing(next.criteria(), next.any(), currencies);
  if (missing.empty()) return "";
  return absl::StrCat(missing, next.until().empty() ? "" : absl::StrCat(" until ", next.until()),
                      " and it is ", NameOf(next.tier()));
}

std::string ChangeOf(const v1::TierProgress& progress, const Currencies& currencies) {
  const bool same = progress.before().id() == progress.after().id();
  const std::string now =
      same ? NameOf(progress.after())
           : absl::StrCat(NameOf(progress.before()), " -> ", NameOf(progress.after()));
  const std::string next = ToNext(progress.next(), currencies);
  return next.empty() ? now : absl::StrCat(now, "; ", next);
}

}  // namespace dangol::cli
