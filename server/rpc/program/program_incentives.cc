#include "server/rpc/program/program_incentives.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/incentive/dates.h"
#include "server/domain/program/days.h"
#include "server/rpc/program/incentive_checks.h"
#include "server/rpc/program/program_conditions.h"
#include "server/rpc/program/program_currencies.h"
#include "server/rpc/program/program_tiers.h"

namespace dangol::rpc {
namespace {

using domain::IncentiveWindow;

class IncentiveReader {
 public:
  IncentiveReader(const domain::Program& read, const std::set<std::string>& names,
                  ProblemList& problems)
      : read_(read), names_(names), problems_(problems) {}

  domain::Incentive Read(const v1::Incentive& message, const Place& place) {
    domain::Incentive incentive;
    incentive.id = message.id();
    problems_.CheckName(incentive.id, place.Child("id"));
    problems_.Check(names_.insert(incentive.id).second, place.Child("id"),
                    "is used twice; names of rules and incentives must differ");
    incentive.name = message.name().empty() ? message.id() : message.name();
    if (!message.name().empty()) problems_.CheckTitle(message.name(), place.Child("name"));
    incentive.kind = ReadKind(message, place);
    ReadWhen(message, place, incentive);
    ReadAudience(message.audience(), place.Child("audience"), incentive);
    if (message.has_window()) {
      incentive.window = ReadWindow(message.window(), place.Child("window"));
    }
    ReadReward(message, place, incentive);
    ReadLimits(message, place, incentive);
    return incentive;
  }

 private:
  domain::IncentiveKind ReadKind(const v1::Incentive& message, const Place& place) {
    switch (message.kind_case()) {
      case v1::Incentive::kPunchCard:
        return ReadPunchCard(message.punch_card(), place.Child("punch_card"));
      case v1::Incentive::kStreak:
        return ReadStreak(message.streak(), place.Child("streak"));
      case v1::Incentive::kReturnWithin: {
        const Place at = place.Child("return_within");
        problems_.CheckRange(message.return_within().days(), 1, 366, at.Child("days"));
        return domain::ReturnWithin{message.return_within().days(),
                                    message.return_within().second_only()};
      }
      case v1::Incentive::kWinBack:
        problems_.CheckRange(message.win_back().days(), 1, 700,
                             place.Child("win_back").Child("days"));
        return domain::WinBack{message.win_back().days()};
      case v1::Incentive::kSpendMilestone: {
        const v1::SpendMilestone& milestone = message.spend_milestone();
        const auto [currency, minor] =
            ReadAmount(milestone.amount(), place.Child("spend_milestone").Child("amount"));
        return domain::SpendMilestone{currency, minor, milestone.repeats()};
      }
      case v1::Incentive::kCategoryBreadth:
        problems_.CheckRange(message.category_breadth().categories(), 2, 100,
                             place.Child("category_breadth").Child("categories"));
        return domain::CategoryBreadth{message.category_breadth().categories()};
      case v1::Incentive::kEngagement:
        return ReadEngagement(message.engagement(), place.Child("engagement"));
      case v1::Incentive::kWelcome:
        return domain::Welcome();
      case v1::Incentive::kAnniversary:
        return domain::Anniversary{LeapDayOf(message.anniversary().leap_day())};
      case v1::Incentive::kBirthday:
        problems_.Check(!message.birthday().attribute().empty(),
                        place.Child("birthday").Child("attribute"), "is required");
        return domain::Birthday{message.birthday().attribute(),
                                LeapDayOf(message.birthday().leap_day())};
      case v1::Incentive::kReferrer:
        return domain::Referrer{
            ReadReturnDays(message.referrer().return_days(), place.Child("referrer"))};
      case v1::Incentive::kReferred:
        return domain::Referred{
            ReadReturnDays(message.referred().return_days(), place.Child("referred"))};
      case v1::Incentive::KIND_NOT_SET:
        problems_.Check(
            false, place,
            "says no kind; say punch_card, streak, return_within, win_back, "
            "spend_milestone, category_breadth, engagement, welcome, anniversary, birthday, "
            "referrer or referred");
    }
    return domain::PunchCard();
  }

  int ReadReturnDays(int days, const Place& place) {
    problems_.CheckRange(days, 0, 366, place.Child("return_days"));
    return days;
  }

  // Positive, so that nothing is divided by 0 while other mistakes are looked for.
  std::pair<int, int64_t> ReadAmount(const v1::MinorAmount& message, const Place& place) {
    const int currency =
        ReadCurrency(message.currency(), read_.currencies, place.Child("currency"), problems_);
    problems_.CheckRange(message.minor(), 1, kMillion * kMillion, place.Child("minor"));
    return {currency, std::max<int64_t>(message.minor(), 1)};
  }

  domain::PunchCard ReadPunchCard(const v1::PunchCard& message, const Place& place) {
    domain::PunchCard card;
    card.places = std::max<int64_t>(message.places(), 1);
    problems_.CheckRange(message.places(), 1, 10'000, place.Child("places"));
    card.daily_max = message.max_per_day();
    problems_.CheckRange(card.daily_max, 0, kMillion, place.Child("max_per_day"));
    if (message.has_per_piece()) card.per = domain::PunchCard::Per::kPiece;
    if (message.has_per_amount()) {
      card.per = domain::PunchCard::Per::kAmount;
      std::tie(card.currency, card.per_minor) =
          ReadAmount(message.per_amount(), place.Child("per_amount"));
    }
    return card;
  }

  domain::Streak ReadStreak(const v1::Streak& message, const Place& place) {
    domain::Streak streak;
    streak.length = message.length();
    problems_.CheckRange(message.length(), 2, 60, place.Child("length"));
    problems_.Check(message.period_case() != v1::Streak::PERIOD_NOT_SET, place,
                    "says neither weeks {} nor months {}");
    if (message.has_months()) streak.per = domain::Streak::Per::kMonth;
    streak.week_begins = BeginOf(message.weeks());
    return streak;
  }

  static domain::LeapDay LeapDayOf(v1::LeapDay said) {
    return said == v1::LEAP_DAY_MARCH_1 ? domain::LeapDay::kNextDay : domain::LeapDay::kDayBefore;
  }

  static absl::Weekday BeginOf(const v1::StreakWeeks& weeks) {
    if (weeks.begin() == v1::WEEKDAY_UNSPECIFIED) return absl::Weekday::monday;
    return static_cast<absl::Weekday>(weeks.begin() - 1);
  }

  domain::Engagement ReadEngagement(const v1::EngagementGoal& message, const Place& place) {
    problems_.Check(domain::FindActivityKind(message.activity(), read_) != nullptr,
                    place.Child("activity"),
                    "is not a declared activity; declare it in activities");
    problems_.CheckRange(message.times(), 1, 10'000, place.Child("times"));
    return {message.activity(), std::max<int64_t>(message.times(), 1), message.spontaneous_only()};
  }

  void ReadWhen(const v1::Incentive& message, const Place& place, domain::Incentive& incentive) {
    const Place at = place.Child("when");
    incentive.when = ReadConditions(message.when(), read_.currencies, at, problems_);
    const v1::Conditions& when = message.when();
    problems_.Check(!when.has_tier(), at.Child("tier"), "say it of the audience");
    problems_.Check(when.attributes().empty(), at.Child("attributes"), "say it of the audience");
    problems_.Check(!when.first_purchase(), at.Child("first_purchase"),
                    "is no condition of an incentive; say return_within { second_only: true } for "
                    "the step after the first purchase");
    const bool says_more = when.ByteSizeLong() != DatesOnly(when);
    problems_.Check(domain::LooksAtPurchases(incentive) || !says_more, at,
                    "may say dates only here: this kind does not look at purchases");
  }

  static size_t DatesOnly(const v1::Conditions& when) {
    v1::Conditions dates;
    if (when.has_dates()) *dates.mutable_dates() = when.dates();
    return dates.ByteSizeLong();
  }

  void ReadAudience(const v1::IncentiveAudience& message, const Place& place,
                    domain::Incentive& incentive) {
    incentive.tiers = ReadTierCondition(message.has_tier(), message.tier(), read_.ladders,
                                        place.Child("tier"), problems_);
    for (int i = 0; i < message.segments_size(); ++i) {
      const bool is_declared =
          read_.rfm.has_value() && absl::c_any_of(read_.rfm->segments, [&](const auto& segment) {
            return segment.id == message.segments(i);
          });
      problems_.Check(is_declared, place.Child("segments", i),
                      "is not a segment of rfm; see `dangolctl rfm segments`");
      incentive.segments.push_back(message.segments(i));
    }
    incentive.when.attributes.assign(message.attributes().begin(), message.attributes().end());
    absl::c_sort(incentive.when.attributes);
    problems_.Check(
        message.attributes().empty() || !std::holds_alternative<domain::Engagement>(incentive.kind),
        place.Child("attributes"),
        "are asked when a purchase is recorded: engagement "
        "has none");
  }

  IncentiveWindow ReadWindow(const v1::IncentiveWindow& message, const Place& place) {
    IncentiveWindow window;
    switch (message.kind_case()) {
      case v1::IncentiveWindow::kRollingDays:
        problems_.CheckRange(message.rolling_days(), 1, limits::kMaxWindowDays,
                             place.Child("rolling_days"));
        window.kind = IncentiveWindow::Kind::kRolling;
        window.days = message.rolling_days();
        break;
      case v1::IncentiveWindow::kWeek:
        window.kind = IncentiveWindow::Kind::kWeek;
        window.week_begins = BeginOf(message.week());
        break;
      case v1::IncentiveWindow::kCalendar:
        problems_.Check(message.calendar() != v1::CALENDAR_WINDOW_UNSPECIFIED,
                        place.Child("calendar"), "is required");
        window.kind = static_cast<IncentiveWindow::Kind>(
            static_cast<int>(IncentiveWindow::Kind::kMonth) + message.calendar() - 1);
        break;
      case v1::IncentiveWindow::KIND_NOT_SET:
        problems_.Check(false, place, "says nothing; say rolling_days, week {} or calendar");
    }
    return window;
  }

  void ReadReward(const v1::Incentive& message, const Place& place, domain::Incentive& incentive) {
    const Place at = place.Child("reward");
    problems_.Check(message.has_reward(), at, "is required");
    if (!message.has_reward()) return;
    const v1::IncentiveReward& reward = message.reward();
    problems_.Check(FindWallet(reward.wallet(), read_.wallets) >= 0, at.Child("wallet"),
                    "is not a declared wallet");
    if (reward.has_boost()) {
      const v1::IncentiveBoost& boost = reward.boost();
      problems_.CheckRange(boost.percent(), 1, 10'000, at.Child("boost").Child("percent"));
      const bool looks_at_own = domain::LooksAtPurchases(incentive) &&
                                !std::holds_alternative<domain::Referrer>(incentive.kind);
      problems_.Check(looks_at_own, at.Child("boost"),
                      "says nothing here: this kind does not look at the member's purchases");
      incentive.boost = domain::Boost{boost.percent(), boost.next_purchase()};
    } else {
      problems_.CheckRange(reward.points(), 1, 1'000 * kMillion, at.Child("points"));
    }
    problems_.CheckRange(reward.expiry_days(), 0, 3'650, at.Child("expiry_days"));
    incentive.reward = {reward.wallet(), reward.points(), reward.expiry_days()};
  }

  void ReadLimits(const v1::Incentive& message, const Place& place, domain::Incentive& incentive) {
    problems_.CheckRange(message.budget(), 0, kMillion * kMillion, place.Child("budget"));
    problems_.Check(message.budget() == 0 || message.budget() >= incentive.reward.points,
                    place.Child("budget"), "is less than one award");
    problems_.CheckRange(message.max_awards(), 0, 1'000 * kMillion, place.Child("max_awards"));
    incentive.budget = message.budget();
    problems_.Check(
        !incentive.boost.has_value() || (message.budget() == 0 && message.max_awards() == 0),
        place.Child("budget"),
        "can't be drawn by a boost, which is worth more or less from day to day; say "
        "max_awards_per_member");
    if (message.max_awards() > 0) {
      const int64_t most = message.max_awards() * incentive.reward.points;
      incentive.budget = incentive.budget == 0 ? most : std::min(incentive.budget, most);
    }
    incentive.member_max = message.max_awards_per_member();
    problems_.CheckRange(incentive.member_max, 0, kMillion, place.Child("max_awards_per_member"));
    incentive.member_daily_max = message.max_awards_per_member_and_day();
    problems_.CheckRange(incentive.member_daily_max, 0, kMillion,
                         place.Child("max_awards_per_member_and_day"));
    const bool has_own =
        incentive.member_max > 0 || incentive.member_daily_max > 0 || !message.group().empty();
    problems_.Check(!domain::IsOfDate(incentive) || !has_own, place,
                    "is given once a year; max_awards_per_member and group say nothing of it");
    incentive.group = message.group();
    if (!incentive.group.empty()) problems_.CheckName(incentive.group, place.Child("group"));
    incentive.priority = message.priority();
    problems_.CheckRange(incentive.priority, -1'000, 1'000, place.Child("priority"));
    problems_.Check(incentive.priority == 0 || !incentive.group.empty(), place.Child("priority"),
                    "says nothing without a group");
  }

  const domain::Program& read_;
  std::set<std::string> names_;  // Those that are taken.
  ProblemList& problems_;
};

}  // namespace

std::vector<domain::Incentive> ReadIncentives(const v1::Program& message,
                                              const domain::Program& read,
                                              const std::set<std::string>& names, const Place& root,
                                              ProblemList& problems) {
  problems.Check(message.incentives_size() <= limits::kMaxIncentives, root.Child("incentives", 0),
                 absl::StrCat("the program has more than ", limits::kMaxIncentives, " incentives"));
  std::vector<domain::Incentive> incentives;
  IncentiveReader reader(read, names, problems);
  for (int i = 0; i < message.incentives_size(); ++i) {
    const Place place = root.Child("incentives", i);
    incentives.push_back(reader.Read(message.incentives(i), place));
    CheckCanAward(incentives.back(), read, place, problems);
  }
  for (int i = 0; i < message.incentives_size(); ++i) {
    if (message.incentives(i).stacks()) continue;
    CheckStacking(incentives, static_cast<size_t>(i), root.Child("incentives", i), problems);
  }
  return incentives;
}

}  // namespace dangol::rpc
