#include "server/rpc/program/program_tiers.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/domain/activity/activity_fact.h"
#include "server/rpc/program/program_conditions.h"
#include "server/rpc/program/program_currencies.h"

namespace dangol::rpc {
namespace {

using domain::Indicator;
using domain::Qualification;
using domain::Validity;

using Criteria = google::protobuf::RepeatedPtrField<v1::TierCriterion>;

constexpr int64_t kMostCounted = 1'000 * kMillion * kMillion;

class LadderReader {
 public:
  LadderReader(const domain::Program& read, ProblemList& problems)
      : read_(read), problems_(problems) {}

  domain::Ladder Read(const v1::Ladder& message, const Place& place) {
    domain::Ladder ladder;
    ladder.id = message.id();
    problems_.CheckName(ladder.id, place.Child("id"));
    problems_.Check(ids_.insert(ladder.id).second, place.Child("id"), "is declared twice");
    ladder.name = NameOf(message, place);
    ladder.qualification = ReadQualification(message.qualification(), place.Child("qualification"));
    ladder.validity = ReadValidity(message, place);
    ladder.grace_days = message.grace_days();
    problems_.CheckRange(ladder.grace_days, 0, 365, place.Child("grace_days"));
    ReadTiers(message, place, ladder);
    ReadFall(message, place, ladder);
    if (message.late_returns() == v1::LATE_RETURNS_WITHDRAW) {
      ladder.late_returns = domain::LateReturns::kWithdraw;
    }
    if (message.on_change() == v1::TIER_ON_CHANGE_REJUDGE) {
      ladder.on_change = domain::OnChange::kRejudge;
    }
    ReadRollover(message, place, ladder);
    ReadExceptions(message, place, ladder);
    ReadAnnouncements(message, place, ladder);
    return ladder;
  }

 private:
  // What people call it; the id where the program does not say.
  template <typename Message>
  std::string NameOf(const Message& message, const Place& place) {
    if (message.name().empty()) return message.id();
    problems_.CheckTitle(message.name(), place.Child("name"));
    return message.name();
  }

  void ReadPeriod(const v1::RollingWindow& message, const Place& place, int& months, int& days) {
    months = message.months();
    days = message.days();
    problems_.CheckRange(months, 0, 24, place.Child("months"));
    problems_.CheckRange(days, 0, limits::kMaxWindowDays, place.Child("days"));
    problems_.Check(months > 0 || days > 0, place, "give months, days or both");
    problems_.Check(int64_t{months} * 31 + days <= limits::kMaxWindowDays + 24, place,
                    "is longer than two years");
  }

  Qualification ReadQualification(const v1::Qualification& message, const Place& place) {
    Qualification out;
    switch (message.window_case()) {
      case v1::Qualification::kRolling:
        ReadPeriod(message.rolling(), place.Child("rolling"), out.months, out.days);
        break;
      case v1::Qualification::kCalendarYear:
        out.window = Qualification::Window::kCalendarYear;
        break;
      case v1::Qualification::kMembershipYear:
        out.window = Qualification::Window::kMembershipYear;
        break;
      case v1::Qualification::kSinceTier:
        out.window = Qualification::Window::kSinceTier;
        break;
      case v1::Qualification::WINDOW_NOT_SET:
        problems_.Check(false, place,
                        "is required; say rolling {}, calendar_year {}, membership_year {} or "
                        "since_tier {}");
        break;
    }
    return out;
  }

  Validity ReadValidity(const v1::Ladder& ladder, const Place& ladder_place) {
    Validity out;
    if (!ladder.has_validity()) return out;
    const v1::TierValidity& message = ladder.validity();
    const Place place = ladder_place.Child("validity");
    out.to_month_end = message.to_month_end();
    switch (message.policy_case()) {
      case v1::TierValidity::kAfter:
        out.policy = Validity::Policy::kAfter;
        ReadPeriod(message.after(), place.Child("after"), out.months, out.days);
        break;
      case v1::TierValidity::kCalendarYears:
        out.policy = Validity::Policy::kCalendarYear;
        out.years = message.calendar_years();
        problems_.CheckRange(out.years, 0, 10, place.Child("calendar_years"));
        break;
      case v1::TierValidity::kMembershipYears:
        out.policy = Validity::Policy::kMembershipYear;
        out.years = message.membership_years();
        problems_.CheckRange(out.years, 0, 10, place.Child("membership_years"));
        break;
      case v1::TierValidity::POLICY_NOT_SET:
        problems_.Check(false, place,
                        "says nothing; say after {}, calendar_years or membership_years, or leave "
                        "it out where a tier lasts for good");
        break;
    }
    return out;
  }

  void ReadTiers(const v1::Ladder& message, const Place& place, domain::Ladder& ladder) {
    problems_.Check(message.tiers_size() >= 1 && message.tiers_size() <= limits::kMaxTiersPerLadder,
                    place.Child("tiers"), absl::StrCat("give 1 to ", limits::kMaxTiersPerLadder));
    for (int i = 0; i < message.tiers_size(); ++i) {
      const v1::Tier& tier = message.tiers(i);
      const Place tier_place = place.Child("tiers", i);
      problems_.CheckName(tier.id(), tier_place.Child("id"));
      problems_.Check(FindTier(ladder, tier.id()) < 0, tier_place.Child("id"), "is declared twice");
      domain::Tier& read = ladder.tiers.emplace_back();
      read.id = tier.id();
      read.name = NameOf(tier, tier_place);
      read.reach = ReadCriteria(tier.reach(), tier.reach_any(), tier_place, "reach");
      read.keep = tier.keep().empty()
                      ? read.reach
                      : ReadCriteria(tier.keep(), tier.keep_any(), tier_place, "keep");
      problems_.Check(i == 0 || !tier.reach().empty(), tier_place.Child("reach"),
                      "is required; only the first tier is everybody's");
      read.takes_over = tier.takes_over();
      if (tier.has_entry_gift()) read.gift = ReadGift(tier.entry_gift(), tier_place);
      problems_.Check(!tier.has_entry_gift() || !tier.reach().empty(),
                      tier_place.Child("entry_gift"), "is never given: everybody is in this tier");
    }
    for (int i = 0; i < message.tiers_size(); ++i) {
      const std::string& heir_of = message.tiers(i).takes_over();
      problems_.Check(heir_of.empty() || FindTier(ladder, heir_of) < 0,
                      place.Child("tiers", i).Child("takes_over"),
                      "names a tier that this version has");
    }
  }

  domain::Criteria ReadCriteria(const Criteria& criteria, bool any, const Place& place,
                                const char* field) {
    domain::Criteria out;
    out.any = any;
    problems_.Check(criteria.size() <= limits::kMaxCriteria, place.Child(field),
                    absl::StrCat("has more than ", limits::kMaxCriteria, " criteria"));
    for (int i = 0; i < criteria.size(); ++i) {
      const Place criterion_place = place.Child(field, i);
      domain::Criterion& read = out.items.emplace_back();
      ReadIndicator(criteria[i], criterion_place, read);
      read.at_least = criteria[i].at_least();
      read.lifetime = criteria[i].lifetime();
      problems_.Check(!read.lifetime || read.indicator != Indicator::kActiveMonths,
                      criterion_place.Child("lifetime"),
                      "is not for active_months, which are known for three years");
      if (domain::IsScored(read.indicator)) {
        CheckScored(criterion_place, read);
      } else {
        problems_.CheckRange(read.at_least, 1, kMostCounted, criterion_place.Child("at_least"));
      }
    }
    return out;
  }

  void CheckScored(const Place& place, domain::Criterion& criterion) {
    problems_.Check(!criterion.lifetime, place.Child("lifetime"),
                    "says nothing: scores have the window of rfm");
    if (criterion.indicator == Indicator::kActivityScore) {
      problems_.CheckRange(criterion.at_least, 1, 100, place.Child("at_least"));
      return;
    }
    problems_.Check(criterion.at_least == 0, place.Child("at_least"),
                    "says nothing: a member has one segment");
    criterion.at_least = 1;
  }

  void ReadSegments(const v1::SegmentNames& message, const Place& place,
                    domain::Criterion& criterion) {
    criterion.indicator = Indicator::kSegment;
    criterion.segments.assign(message.ids().begin(), message.ids().end());
    problems_.Check(
        !message.ids().empty() && message.ids_size() <= limits::kMaxSegmentsPerCriterion, place,
        absl::StrCat("give 1 to ", limits::kMaxSegmentsPerCriterion, " ids"));
    problems_.Check(read_.rfm.has_value(), place, "needs rfm, which says what the segments are");
    if (!read_.rfm.has_value()) return;
    for (int i = 0; i < message.ids_size(); ++i) {
      const std::vector<domain::RfmSegment>& declared = read_.rfm->segments;
      const bool is_there = std::any_of(declared.begin(), declared.end(), [&](const auto& segment) {
        return segment.id == message.ids(i);
      });
      problems_.Check(is_there, place.Child("ids", i), "is no segment of rfm");
    }
  }

  void ReadIndicator(const v1::TierCriterion& message, const Place& place,
                     domain::Criterion& criterion) {
    switch (message.indicator_case()) {
      case v1::TierCriterion::kQualifyingPoints:
        criterion.indicator = Indicator::kQualifyingPoints;
        criterion.of = message.qualifying_points();
        problems_.Check(FindWallet(criterion.of, read_.wallets) >= 0,
                        place.Child("qualifying_points"), "is not a declared wallet");
        break;
      case v1::TierCriterion::kNetSpend:
        criterion.indicator = Indicator::kNetSpend;
        criterion.of = message.net_spend();
        ReadCurrency(criterion.of, read_.currencies, place.Child("net_spend"), problems_);
        break;
      case v1::TierCriterion::kPurchases:
        criterion.indicator = Indicator::kPurchases;
        break;
      case v1::TierCriterion::kVisits:
        criterion.indicator = Indicator::kVisits;
        break;
      case v1::TierCriterion::kActiveMonths:
        criterion.indicator = Indicator::kActiveMonths;
        break;
      case v1::TierCriterion::kActivities:
        criterion.indicator = Indicator::kActivities;
        criterion.of = message.activities();
        problems_.Check(domain::FindActivityKind(criterion.of, read_) != nullptr,
                        place.Child("activities"), "is not declared among the activities");
        break;
      case v1::TierCriterion::kActivityScore:
        criterion.indicator = Indicator::kActivityScore;
        problems_.Check(read_.rfm.has_value() && read_.rfm->score.has_value(),
                        place.Child("activity_score"),
                        "needs rfm { score }, which says its weights");
        break;
      case v1::TierCriterion::kSegments:
        ReadSegments(message.segments(), place.Child("segments"), criterion);
        break;
      case v1::TierCriterion::INDICATOR_NOT_SET:
        problems_.Check(false, place,
                        "counts nothing; say qualifying_points, net_spend, purchases {}, visits "
                        "{}, active_months {}, activities, activity_score {} or segments {}");
        break;
    }
  }

  domain::EntryGift ReadGift(const v1::EntryGift& message, const Place& tier_place) {
    const Place place = tier_place.Child("entry_gift");
    domain::EntryGift gift{FindWallet(message.wallet(), read_.wallets), message.points()};
    problems_.Check(gift.wallet >= 0, place.Child("wallet"), "is not a declared wallet");
    problems_.CheckRange(gift.points, 1, kMillion * kMillion, place.Child("points"));
    return gift;
  }

  void ReadFall(const v1::Ladder& message, const Place& place, domain::Ladder& ladder) {
    const bool one_step = message.fall() == v1::TIER_FALL_ONE_STEP;
    if (one_step) ladder.fall = domain::Fall::kOneStep;
    ladder.step_min_purchases = message.step_min_purchases();
    problems_.CheckRange(ladder.step_min_purchases, 0, kMillion, place.Child("step_min_purchases"));
    problems_.Check(one_step || ladder.step_min_purchases == 0, place.Child("step_min_purchases"),
                    "says nothing without TIER_FALL_ONE_STEP");
    const bool lasts = !message.has_validity();
    problems_.Check(!lasts || ladder.grace_days == 0, place.Child("grace_days"),
                    "says nothing where tiers last for good; give a validity");
    problems_.Check(!lasts || message.fall() == v1::TIER_FALL_UNSPECIFIED, place.Child("fall"),
                    "says nothing where tiers last for good; give a validity");
  }

  void ReadRollover(const v1::Ladder& message, const Place& place, domain::Ladder& ladder) {
    if (!message.has_rollover()) return;
    const Place rollover_place = place.Child("rollover");
    const auto window = ladder.qualification.window;
    problems_.Check(window == Qualification::Window::kCalendarYear ||
                        window == Qualification::Window::kMembershipYear,
                    rollover_place, "needs a qualification by calendar_year or membership_year");
    domain::Rollover rollover;
    ReadIndicator(message.rollover().counted(), rollover_place.Child("counted"), rollover.counted);
    problems_.Check(!domain::IsScored(rollover.counted.indicator), rollover_place.Child("counted"),
                    "is a score, of which nothing can be left over");
    rollover.at_most = message.rollover().at_most();
    problems_.CheckRange(rollover.at_most, 1, kMostCounted, rollover_place.Child("at_most"));
    const bool is_counted =
        std::any_of(ladder.tiers.begin(), ladder.tiers.end(), [&](const domain::Tier& tier) {
          return std::any_of(tier.reach.items.begin(), tier.reach.items.end(),
                             [&](const domain::Criterion& criterion) {
                               return criterion.indicator == rollover.counted.indicator &&
                                      criterion.of == rollover.counted.of && !criterion.lifetime;
                             });
        });
    problems_.Check(is_counted, rollover_place.Child("counted"),
                    "is asked for by no tier, so that nothing can be left over");
    ladder.rollover = std::move(rollover);
  }

  void ReadExceptions(const v1::Ladder& message, const Place& place, domain::Ladder& ladder) {
    problems_.Check(message.exceptions_size() <= limits::kMaxTierExceptions,
                    place.Child("exceptions", 0),
                    absl::StrCat("there are more than ", limits::kMaxTierExceptions));
    for (int i = 0; i < message.exceptions_size(); ++i) {
      const v1::TierException& exception = message.exceptions(i);
      const Place exception_place = place.Child("exceptions", i);
      const auto first = ReadDay(exception.first(), exception_place.Child("first"), problems_);
      const auto last = ReadDay(exception.last(), exception_place.Child("last"), problems_);
      const bool is_right = first.has_value() && last.has_value() && *first <= *last;
      problems_.Check(is_right, exception_place, "needs first and last, in this order");
      problems_.CheckRange(exception.threshold_percent(), 0, 100,
                           exception_place.Child("threshold_percent"));
      const int percent = exception.threshold_percent() == 0 ? 100 : exception.threshold_percent();
      problems_.Check(percent < 100 || exception.keep_all(), exception_place,
                      "changes nothing; say threshold_percent or keep_all");
      if (is_right) ladder.exceptions.push_back({*first, *last, percent, exception.keep_all()});
    }
  }

  void ReadAnnouncements(const v1::Ladder& message, const Place& place, domain::Ladder& ladder) {
    problems_.Check(message.announce_days_size() <= limits::kMaxAnnouncements,
                    place.Child("announce_days", 0),
                    absl::StrCat("there are more than ", limits::kMaxAnnouncements));
    problems_.Check(message.announce_days().empty() || message.has_validity(),
                    place.Child("announce_days", 0),
                    "says nothing where tiers last for good; give a validity");
    for (int i = 0; i < message.announce_days_size(); ++i) {
      const int days = message.announce_days(i);
      const Place days_place = place.Child("announce_days", i);
      problems_.CheckRange(days, 1, limits::kMaxAnnounceDays, days_place);
      problems_.Check(i == 0 || days < message.announce_days(i - 1), days_place,
                      "is not less than the one before");
      ladder.announce_days.push_back(days);
    }
  }

  const domain::Program& read_;
  ProblemList& problems_;
  std::set<std::string> ids_;
};

}  // namespace

std::vector<domain::Ladder> ReadLadders(const v1::Program& message, const domain::Program& read,
                                        const Place& root, ProblemList& problems) {
  problems.Check(message.ladders_size() <= limits::kMaxLadders, root.Child("ladders", 0),
                 absl::StrCat("the program has more than ", limits::kMaxLadders, " ladders"));
  LadderReader reader(read, problems);
  std::vector<domain::Ladder> ladders;
  for (int i = 0; i < message.ladders_size(); ++i) {
    ladders.push_back(reader.Read(message.ladders(i), root.Child("ladders", i)));
  }
  return ladders;
}

std::vector<domain::TierName> ReadTierCondition(bool present, const v1::TierCondition& message,
                                                const std::vector<domain::Ladder>& declared,
                                                const Place& place, ProblemList& problems) {
  std::vector<domain::TierName> tiers;
  if (!present) return tiers;
  const auto ladder =
      std::find_if(declared.begin(), declared.end(), [&](const domain::Ladder& known) {
        return known.id == message.ladder() || (message.ladder().empty() && declared.size() == 1);
      });
  if (ladder == declared.end()) {
    problems.Check(false, place.Child("ladder"),
                   message.ladder().empty() ? "is required: the program has not one ladder alone"
                                            : "is not a declared ladder");
    return tiers;
  }
  problems.Check(message.tiers().empty() == !message.at_least().empty(), place,
                 "give tiers, or at_least");
  for (int i = 0; i < message.tiers_size(); ++i) {
    problems.Check(FindTier(*ladder, message.tiers(i)) >= 0, place.Child("tiers", i),
                   "is no tier of the ladder");
    tiers.push_back({ladder->id, message.tiers(i)});
  }
  if (message.at_least().empty()) return tiers;
  const int least = FindTier(*ladder, message.at_least());
  problems.Check(least >= 0, place.Child("at_least"), "is no tier of the ladder");
  for (size_t i = static_cast<size_t>(std::max(least, 0)); i < ladder->tiers.size(); ++i) {
    tiers.push_back({ladder->id, ladder->tiers[i].id});
  }
  return tiers;
}

}  // namespace dangol::rpc
