// In whatever order facts become known, what follows is the same.
//
// DANGOL_ORDERS=N tries so many sets of facts instead of the default; they are numbered, and a
// failure names its number.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "server/domain/activity/activity_fact.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/days.h"
#include "server/domain/standing/profile.h"
#include "tests/domain/standing/lives.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Utc;

#ifdef NDEBUG
constexpr int64_t kDefaultOrders = 100'000;
#else
constexpr int64_t kDefaultOrders = 2'000;
#endif

const absl::Time kBegin = Utc("2024-01-15 12:00:00");
// As late as facts may come to be judged as if they had not (limits::kHistoryDays).
const absl::Time kEnd = Utc("2025-12-31 12:00:00");

// Purchases of two persons, what comes back of them, what else they do, and what somebody decides
// on their tiers.
class Facts {
 public:
  Facts(uint64_t number, bool with_caps) : random_(number) {
    MakeProgram(with_caps);
    const int purchases = 1 + UpTo(7);
    for (int i = 0; i < purchases; ++i) MakePurchase(i);
    const int activities = UpTo(6);
    for (int i = 0; i < activities; ++i) MakeActivity(i);
    const int imports = UpTo(2);
    for (int i = 0; i < imports; ++i) MakeImport(i);
    const int decisions = program_.ladders.empty() ? 0 : UpTo(3);
    for (int i = 0; i < decisions; ++i) MakeDecision(i);
    std::stable_sort(decisions_.begin(), decisions_.end(),
                     [](const Decided& a, const Decided& b) { return a.at < b.at; });
  }

  const Program& program() const { return program_; }

  // Tiers give points for good.
  void GiveForTiers() {
    program_.wallets[0].expiry = {};
    for (Ladder& ladder : program_.ladders) {
      ladder.tiers[1].gift = EntryGift{0, 50'000};
      ladder.tiers[2].gift = EntryGift{0, 700'000};
    }
  }

  // Every kind of incentive, some of them for tiers, gives points for good.
  void GiveForComingBack() {
    program_.wallets[0].expiry = {};
    IncentiveWindow window;
    window.kind = std::vector{IncentiveWindow::Kind::kEver, IncentiveWindow::Kind::kRolling,
                              IncentiveWindow::Kind::kMonth,
                              IncentiveWindow::Kind::kYear}[static_cast<size_t>(UpTo(3))];
    window.days = 1 + UpTo(40);
    const auto add = [&](IncentiveKind kind, int64_t points) {
      Incentive incentive;
      incentive.id = absl::StrCat("i", program_.incentives.size());
      incentive.kind = kind;
      incentive.reward = {"points", points};
      const bool has_windows = !std::holds_alternative<Streak>(kind) &&
                               !std::holds_alternative<ReturnWithin>(kind) &&
                               !std::holds_alternative<WinBack>(kind);
      if (has_windows) incentive.window = window;
      if (Often(3)) incentive.when.categories = {"tea"};
      if (Often(4)) incentive.boost = Boost{1 + UpTo(300), Often(2)};
      if (Often(3) && !program_.ladders.empty()) incentive.tiers = {{"main", "silver"}};
      if (Often(3)) incentive.member_max = 1 + UpTo(2);
      if (Often(3)) incentive.group = "group";
      incentive.priority = UpTo(3);
      program_.incentives.push_back(std::move(incentive));
    };
    add(PunchCard{.places = 1 + UpTo(2), .daily_max = UpTo(2)}, 1'000);
    add(PunchCard{.per = PunchCard::Per::kPiece, .places = 2 + UpTo(3)}, 10'000);
    add(PunchCard{.per = PunchCard::Per::kAmount, .places = 2, .per_minor = 1'000}, 100'000);
    add(Streak{.per = Often(2) ? Streak::Per::kWeek : Streak::Per::kMonth}, 1'000'000);
    add(ReturnWithin{.days = 1 + UpTo(20), .second_only = Often(2)}, 10'000'000);
    add(WinBack{.days = 10 + UpTo(40)}, 100'000'000);
    add(SpendMilestone{.minor = 1 + UpTo(9'000), .repeats = Often(2)}, 1'000'000'000);
    add(CategoryBreadth{.categories = 2}, 10'000'000'000);
    add(Engagement{.activity = "review", .times = 1 + UpTo(1), .spontaneous_only = Often(2)},
        100'000'000'000);
  }

  // Lives them in a random order, each in time or late, a return after its purchase; one is merged
  // into the other at any moment, or at the end. What somebody decides has a moment of its own:
  // the facts around it come in any order. `with_mistakes`: returns that never were are recorded
  // in between and points given, and undone after a while.
  void Live(const ProgramCatalog& catalog, Lives& lives, bool with_mistakes = false) {
    const std::vector<Delivery> deliveries = Scheduled();
    const size_t merge_before = static_cast<size_t>(UpTo(static_cast<int>(deliveries.size())));
    now_ = kBegin;
    decided_ = 0;
    for (size_t i = 0; i < deliveries.size(); ++i) {
      const Delivery& delivery = deliveries[i];
      PassTo(delivery.known_at, lives);
      if (i == merge_before && !lives.is_merged()) Require(lives.Merge(now_));
      // Whether somebody looks in between, once or twice, makes no difference.
      for (int looks = UpTo(2); looks > 0 && Often(2); --looks) lives.AdvanceTo(now_);
      Require(Deliver(delivery, now_, lives));
      if (with_mistakes && Often(3)) Mistake(delivery, lives);
      if (with_mistakes && Often(4)) MistakenPoints(delivery.who, lives);
      if (!catalog.versions().back().program->earning_rules[0].caps.empty()) CheckCap(lives);
    }
    PassTo(kEnd, lives);
    if (!lives.is_merged()) Require(lives.Merge(kEnd));
    lives.AdvanceTo(kEnd);
  }

  const std::string& fault() const { return fault_; }

 private:
  struct Delivery {
    size_t who = 0;
    bool is_return = false;
    Purchase purchase;
    RecordReturn back;
    std::optional<Activity> activity;
    std::optional<ImportLifetimeSums> import;
    absl::Time known_at = kBegin;
  };

  // What somebody decides on a tier, or that they end it.
  struct Decided {
    size_t who = 0;
    absl::Time at;
    OverrideTier decision;
    bool ends = false;
  };

  static absl::Status Deliver(const Delivery& delivery, absl::Time now, Lives& lives) {
    if (delivery.activity.has_value()) return lives.Act(delivery.who, *delivery.activity, now);
    if (delivery.import.has_value()) return lives.Import(delivery.who, *delivery.import, now);
    return delivery.is_return ? lives.Return(delivery.who, delivery.back, now)
                              : lives.Buy(delivery.who, delivery.purchase, now);
  }

  int UpTo(int last) { return static_cast<int>(random_() % static_cast<uint64_t>(last + 1)); }
  bool Often(int one_of) { return UpTo(one_of - 1) == 0; }

  void MakeProgram(bool with_caps) {
    program_ = testing::SimpleProgram();
    program_.adjustment_reasons = {{"oops", 1'000}};
    if (Often(2)) program_.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 1 + UpTo(400), 0};
    if (Often(2)) program_.wallets[0].pending_days = UpTo(20);
    if (Often(2)) {
      Wallet miles;
      miles.id = "miles";
      program_.wallets.push_back(miles);
      program_.earning_rules.push_back(testing::BaseRule("miles", 1, 70));
      program_.earning_rules.back().wallet = 1;
      program_.earning_rules.back().qualifying = true;
    }
    if (Often(2)) {
      Multiplier much = testing::MultiplierRule("much", 2, 1);
      much.when.min_basket = {{0, 1 + UpTo(9'000)}};
      much.qualifying = Often(2);
      program_.multipliers.push_back(much);
    }
    if (Often(2)) program_.ladders = {MakeLadder()};
    program_.activities = {{"review", UpTo(2)}, {"visit", 1}};
    if (with_caps) {
      program_.earning_rules[0].caps = {
          {std::vector{CapPeriod::kDay, CapPeriod::kMonth,
                       CapPeriod::kEver}[static_cast<size_t>(UpTo(2))],
           1 + UpTo(120)}};
    }
  }

  // Of everything that does not keep what was known before (LateReturns::kKeepUntilReview).
  Ladder MakeLadder() {
    Ladder ladder = MetalLadder();
    ladder.qualification.window =
        std::vector{Qualification::Window::kRolling, Qualification::Window::kCalendarYear,
                    Qualification::Window::kMembershipYear,
                    Qualification::Window::kSinceTier}[static_cast<size_t>(UpTo(3))];
    ladder.qualification.months = UpTo(12);
    ladder.qualification.days = 1 + UpTo(20);
    ladder.validity.policy = std::vector{
        Validity::Policy::kUnlimited, Validity::Policy::kAfter, Validity::Policy::kCalendarYear,
        Validity::Policy::kMembershipYear}[static_cast<size_t>(UpTo(3))];
    ladder.validity.months = UpTo(6);
    ladder.validity.days = 1 + UpTo(20);
    ladder.validity.years = UpTo(1);
    ladder.validity.to_month_end = Often(3);
    ladder.grace_days = UpTo(1) * UpTo(40);
    if (Often(2)) ladder.fall = Fall::kOneStep;
    ladder.late_returns = LateReturns::kWithdraw;
    ladder.tiers[1] = TierOf("silver", {SpendOf(1 + UpTo(6'000))});
    ladder.tiers[2] = TierOf("gold", {BuysOf(2 + UpTo(2)), SpendOf(UpTo(9'000))});
    ladder.tiers[2].reach.any = ladder.tiers[2].keep.any = Often(2);
    if (Often(2)) ladder.tiers[2].keep.items.pop_back();
    if (Often(3)) ladder.tiers[2].reach.items[0].lifetime = true;
    if (Often(3)) ladder.tiers[2].reach.items[1].lifetime = true;
    const bool by_years = ladder.qualification.window == Qualification::Window::kCalendarYear ||
                          ladder.qualification.window == Qualification::Window::kMembershipYear;
    if (by_years && Often(2)) ladder.rollover = Rollover{SpendOf(0), 1 + UpTo(5'000)};
    if (Often(3)) {
      ladder.exceptions = {
          {absl::CivilDay(2024, 3, 1), absl::CivilDay(2024, 12, 31), 1 + UpTo(99), Often(2)}};
    }
    return ladder;
  }

  void MakePurchase(int number) {
    Delivery bought;
    bought.who = static_cast<size_t>(UpTo(1));
    Purchase& purchase = bought.purchase;
    purchase = testing::PurchaseOf({});
    purchase.purchase_id = absl::StrCat("p-", number);
    // Many on few days: what they share is what matters.
    purchase.occurred_at =
        kBegin + absl::Hours(24 * 10 * UpTo(Often(3) ? 70 : 2)) + absl::Seconds(UpTo(3'600));
    last_ = std::max(last_, purchase.occurred_at);
    const int lines = 1 + UpTo(2);
    for (int i = 0; i < lines; ++i) {
      purchase.lines.push_back(testing::Line(UpTo(5'000), Often(2) ? "tea" : "cake"));
      purchase.lines.back().quantity = 1 + UpTo(3);
    }
    for (int i = 0; i < lines; ++i) {
      for (int64_t left = UpTo(1) * UpTo(static_cast<int>(purchase.lines[i].quantity)); left > 0;) {
        Delivery back;
        back.who = bought.who;
        back.is_return = true;
        back.back.purchase_id = purchase.purchase_id;
        const int64_t quantity = 1 + UpTo(static_cast<int>(left) - 1);
        back.back.lines = {{i, "", quantity, 0}};
        left -= quantity;
        deliveries_.push_back(back);
      }
    }
    deliveries_.push_back(bought);
  }

  // On a few days, and a few of them on the days of purchases.
  void MakeActivity(int number) {
    Delivery did;
    did.who = static_cast<size_t>(UpTo(1));
    Activity& activity = did.activity.emplace();
    activity.activity_id = absl::StrCat("a-", number);
    activity.kind = Often(3) ? "visit" : "review";
    activity.rewarded = Often(3);
    activity.occurred_at =
        kBegin + absl::Hours(24 * 10 * UpTo(Often(3) ? 70 : 2)) + absl::Seconds(UpTo(3'600));
    last_ = std::max(last_, activity.occurred_at);
    deliveries_.push_back(did);
  }

  // What was done elsewhere, each from a source of its own: of one the last word counts.
  void MakeImport(int number) {
    Delivery brought;
    brought.who = static_cast<size_t>(UpTo(1));
    ImportLifetimeSums& import = brought.import.emplace();
    import.source = absl::StrCat("till ", number);
    const absl::Time day = kBegin + absl::Hours(24 * 10 * UpTo(Often(3) ? 70 : 2));
    import.day = NumberOf(absl::ToCivilDay(day, absl::UTCTimeZone()));
    import.sums = {{Indicator::kNetSpend, "EUR", 1 + UpTo(6'000)},
                   { Indicator::kPurchases,
                     "",
                     UpTo(3) }};
    last_ = std::max(last_, day);
    deliveries_.push_back(brought);
  }

  // On the days of purchases and others, with end or without; some are ended before.
  void MakeDecision(int number) {
    Decided decided;
    decided.who = static_cast<size_t>(UpTo(1));
    decided.at =
        kBegin + absl::Hours(24 * 10 * UpTo(Often(2) ? 70 : 2)) + absl::Seconds(UpTo(3'600));
    const DayNumber today = NumberOf(absl::ToCivilDay(decided.at, program_.time_zone));
    decided.decision.override_id = absl::StrCat("o-", number);
    decided.decision.ladder = "main";
    decided.decision.tier = program_.ladders[0].tiers[static_cast<size_t>(UpTo(2))].id;
    decided.decision.kind = std::vector{TierOverride::Kind::kAtLeast, TierOverride::Kind::kAtMost,
                                        TierOverride::Kind::kOptOut}[static_cast<size_t>(UpTo(2))];
    decided.decision.reason = "a test";
    if (Often(2)) decided.decision.until = today + UpTo(Often(2) ? 400 : 20);
    decisions_.push_back(decided);
    if (!Often(3)) return;
    const absl::Time latest =
        decided.decision.until.has_value()
            ? std::min(kEnd, StartOfDay(DayOf(*decided.decision.until), program_.time_zone))
            : kEnd;
    decided.at = std::max(decided.at, After(decided.at, latest));
    decided.ends = true;
    decisions_.push_back(std::move(decided));
  }

  // Now or at any later moment up to the latest.
  absl::Time After(absl::Time time, absl::Time latest) {
    if (latest <= time || Often(2)) return time;
    return time + absl::Seconds(UpTo(static_cast<int>(absl::ToInt64Seconds(latest - time))));
  }

  // What is decided meanwhile is decided at its own moment.
  void PassTo(absl::Time time, Lives& lives) {
    for (; decided_ < decisions_.size() && decisions_[decided_].at <= time; ++decided_) {
      const Decided& decided = decisions_[decided_];
      const absl::Time at = std::max(now_, decided.at);
      Require(decided.ends ? lives.EndOverride(decided.who, decided.decision.override_id, at)
                           : lives.Override(decided.who, decided.decision, at));
    }
    now_ = std::max(now_, time);
  }

  static absl::Time OccurredAt(const Delivery& delivery) {
    if (delivery.activity.has_value()) return delivery.activity->occurred_at;
    if (!delivery.import.has_value()) return delivery.purchase.occurred_at;
    return absl::FromCivil(DayOf(delivery.import->day), absl::UTCTimeZone());
  }

  // In the order in which they become known: some sets in time, some late, some after all.
  std::vector<Delivery> Scheduled() {
    std::vector<Delivery> shuffled = deliveries_;
    const absl::Time earliest = Often(2) ? last_ : kBegin;
    std::map<std::string, absl::Time> bought;
    for (Delivery& delivery : shuffled) {
      if (delivery.is_return) continue;
      delivery.known_at = After(std::max(earliest, OccurredAt(delivery)), kEnd);
      bought[delivery.purchase.purchase_id] = delivery.known_at;
    }
    for (Delivery& delivery : shuffled) {
      if (delivery.is_return) delivery.known_at = After(bought[delivery.back.purchase_id], kEnd);
    }
    std::shuffle(shuffled.begin(), shuffled.end(), random_);
    std::stable_sort(shuffled.begin(), shuffled.end(),
                     [](const Delivery& a, const Delivery& b) { return a.known_at < b.known_at; });
    // What comes back before it was bought comes right after it instead.
    std::vector<Delivery> order;
    std::multimap<std::string, Delivery> waiting;
    std::map<std::string, bool> is_bought;
    for (Delivery& delivery : shuffled) {
      if (delivery.is_return && !is_bought[delivery.back.purchase_id]) {
        waiting.emplace(delivery.back.purchase_id, std::move(delivery));
        continue;
      }
      const std::string id = delivery.purchase.purchase_id;
      const bool is_return = delivery.is_return;
      order.push_back(std::move(delivery));
      if (is_return) continue;
      is_bought[id] = true;
      const auto [first, last] = waiting.equal_range(id);
      for (auto back = first; back != last; ++back) order.push_back(back->second);
    }
    return order;
  }

  // Never does more stand in a period than its cap.
  void CheckCap(const Lives& lives) {
    const Cap cap = program_.earning_rules[0].caps[0];
    for (size_t who = 0; who < 2; ++who) {
      std::map<DayNumber, int64_t> stands;
      for (const Purchase& purchase : lives.of(who).purchases) {
        const absl::CivilDay day = absl::ToCivilDay(purchase.occurred_at, program_.time_zone);
        for (const EarnedPoints& earned : purchase.earned) {
          for (const EarnedPart& part : earned.parts) {
            if (part.rule_id == "base") stands[PeriodOf(cap.per, day).from] += part.stands;
          }
        }
      }
      for (const auto& [period, points] : stands) {
        // Two who are merged had a cap each by then.
        const int64_t most = lives.is_merged() ? 2 * cap.points : cap.points;
        if (points > most) fault_ = absl::StrCat(points, " stand under a cap of ", cap.points);
      }
    }
  }

  // Comes to a while later.
  void Wait(Lives& lives) {
    PassTo(After(now_, std::min(now_ + absl::Hours(24 * 60), kEnd)), lives);
  }

  // The same, and they may be found to be one.
  void Meanwhile(Lives& lives) {
    Wait(lives);
    if (!lives.is_merged() && Often(4)) Require(lives.Merge(now_));
  }

  // All that is left of the purchase of a delivery comes back, and never did.
  void Mistake(const Delivery& delivery, Lives& lives) {
    if (delivery.import.has_value()) {
      ImportLifetimeSums never = *delivery.import;
      never.source += " never";
      Require(lives.Import(delivery.who, never, now_));
      Meanwhile(lives);
      never.sums.clear();
      Require(lives.Import(delivery.who, never, now_));
      return;
    }
    if (delivery.activity.has_value()) {
      Activity never = *delivery.activity;
      never.activity_id += " never";
      never.rewarded = Often(2);
      Require(lives.Act(delivery.who, never, now_));
      Meanwhile(lives);
      Require(lives.UndoActivity(delivery.who, never.activity_id, now_));
      return;
    }
    RecordReturn back;
    back.purchase_id =
        delivery.is_return ? delivery.back.purchase_id : delivery.purchase.purchase_id;
    back.everything_left = true;
    if (!lives.Return(delivery.who, back, now_).ok()) return;  // Nothing is left.
    Meanwhile(lives);
    Require(lives.UndoReturn(delivery.who, now_));
  }

  // Points are given, and should not have been.
  void MistakenPoints(size_t who, Lives& lives) {
    Require(lives.Adjust(who, 1 + UpTo(900), now_));
    Meanwhile(lives);
    Require(lives.UndoAdjustment(who, now_));
  }

  void Require(const absl::Status& status) {
    if (!status.ok() && fault_.empty()) fault_ = status.ToString();
  }

  std::mt19937_64 random_;
  Program program_;
  std::vector<Delivery> deliveries_;
  std::vector<Decided> decisions_;  // In the order of time.
  absl::Time last_ = kBegin;        // Of what has occurred.
  absl::Time now_ = kBegin;
  size_t decided_ = 0;  // How many of the decisions, up to now.
  std::string fault_;
};

// How the two lives of one set of facts are lived.
struct TwoLives {
  void (Facts::*give)() = nullptr;  // What the program gives beside.
  bool one_has_mistakes = false;
  bool other_has_mistakes = false;
};

void ExpectTheSameEnd(int64_t number, const TwoLives& how) {
  Facts facts(static_cast<uint64_t>(number), /*with_caps=*/false);
  if (how.give != nullptr) (facts.*how.give)();
  const ProgramCatalog catalog = testing::CatalogOf(facts.program());
  Lives one(catalog, kBegin);
  Lives other(catalog, kBegin);
  if (how.give != nullptr) {
    // A merge gives nothing, so it comes before what is given.
    ASSERT_TRUE(one.Merge(kBegin).ok());
    ASSERT_TRUE(other.Merge(kBegin).ok());
  }
  facts.Live(catalog, one, how.one_has_mistakes);
  facts.Live(catalog, other, how.other_has_mistakes);
  ASSERT_EQ(facts.fault(), "") << "set " << number;
  ASSERT_EQ(one.Told(1, kEnd), other.Told(1, kEnd)) << "set " << number;
  ASSERT_EQ(one.ToldOfAwards(1), other.ToldOfAwards(1)) << "set " << number;
}

// A return that is undone never was, whatever happened in between; nor was an adjustment.
TEST(AnyOrderTest, WhatIsUndoneLeavesNoTrace) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders) / 4;
  for (int64_t number = 0; number < sets; ++number) {
    ASSERT_NO_FATAL_FAILURE(ExpectTheSameEnd(number, {.one_has_mistakes = true}));
  }
}

TEST(AnyOrderTest, EndsInTheSameState) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders);
  for (int64_t number = 0; number < sets; ++number) {
    ASSERT_NO_FATAL_FAILURE(ExpectTheSameEnd(number, {}));
  }
}

TEST(AnyOrderTest, GiftsAreThoseOfTheTiers) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders) / 4;
  for (int64_t number = 0; number < sets; ++number) {
    ASSERT_NO_FATAL_FAILURE(
        ExpectTheSameEnd(number, {.give = &Facts::GiveForTiers, .other_has_mistakes = true}));
  }
}

// Awards are what is due by the facts, whatever fell and stood again on the way.
TEST(AnyOrderTest, AwardsAreThoseOfTheFacts) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders);
  for (int64_t number = 0; number < sets; ++number) {
    ASSERT_NO_FATAL_FAILURE(ExpectTheSameEnd(
        number, {.give = &Facts::GiveForComingBack, .other_has_mistakes = number % 4 == 0}));
  }
}

// What is kept of the past is what the facts say, in whatever order they came.
TEST(AnyOrderTest, HistoryIsWhatTheFactsSay) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders) / 10;
  for (int64_t number = 0; number < sets; ++number) {
    Facts facts(static_cast<uint64_t>(number), /*with_caps=*/true);
    const ProgramCatalog catalog = testing::CatalogOf(facts.program());
    Lives lives(catalog, kBegin);
    facts.Live(catalog, lives);
    ASSERT_EQ(facts.fault(), "") << "set " << number;
    std::map<std::pair<Measure, std::string>, int64_t> said;
    for (const Purchase& purchase : lives.of(1).purchases) {
      for (const Mark& mark : FactOf(purchase, facts.program()).marks) {
        said[{mark.measure, mark.of}] += mark.amount;
      }
    }
    for (const Activity& activity : lives.of(1).activities) {
      for (const Mark& mark : FactOf(activity, facts.program()).marks) {
        said[{mark.measure, mark.of}] += mark.amount;
      }
    }
    for (const auto& [measure, sum] : said) {
      ASSERT_EQ(TotalOf(lives.of(1).member.histories, measure.first, measure.second), sum)
          << "set " << number;
    }
  }
}

// Step by step, tiers come to what they are when they are judged from the beginning.
TEST(AnyOrderTest, TiersAreWhatTheFactsSay) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders);
  for (int64_t number = 0; number < sets; ++number) {
    Facts facts(static_cast<uint64_t>(number), /*with_caps=*/false);
    if (facts.program().ladders.empty()) continue;
    const ProgramCatalog catalog = testing::CatalogOf(facts.program());
    Lives lives(catalog, kBegin);
    facts.Live(catalog, lives);
    Member anew = lives.of(1).member;
    anew.ladders.clear();
    JudgeTiers(catalog, kEnd, std::numeric_limits<DayNumber>::min(), anew);
    ASSERT_EQ(Climber::Tell(anew), Climber::Tell(lives.of(1).member)) << "set " << number;
  }
}

// The history and the activities themselves agree on what counts, whoever was merged when.
TEST(AnyOrderTest, WhatCountsOfActivitiesIsWhatTheProfileSays) {
  const int64_t sets = LivesToLive("DANGOL_ORDERS", kDefaultOrders) / 20;
  for (int64_t number = 0; number < sets; ++number) {
    Facts facts(static_cast<uint64_t>(number), /*with_caps=*/false);
    const ProgramCatalog catalog = testing::CatalogOf(facts.program());
    Lives lives(catalog, kBegin);
    facts.Live(catalog, lives, /*with_mistakes=*/true);
    ASSERT_EQ(facts.fault(), "") << "set " << number;
    const DayNumber today = NumberOf(absl::ToCivilDay(kEnd, absl::UTCTimeZone()));
    const Days days{today - 700, today + 1};
    ProfileBuilder builder(days, today, catalog);
    for (const Purchase& purchase : lives.of(1).purchases) builder.Add(purchase);
    for (const Activity& activity : lives.of(1).activities) builder.Add(activity);
    Profile profile = builder.Finish(5);
    for (const char* kind : {"review", "visit"}) {
      ASSERT_EQ(CountedOf(lives.of(1).member.histories, kind, days, catalog),
                profile.engagement[kind].counted)
          << "set " << number << ", " << kind;
    }
  }
}

// What a return frees can be earned again, and never more than the cap.
TEST(AnyOrderTest, AnExchangeEarnsTheCapAgain) {
  for (const CapPeriod per : {CapPeriod::kDay, CapPeriod::kMonth, CapPeriod::kEver}) {
    for (const int days_late : {0, 1, 70, 900}) {
      Program program = testing::SimpleProgram();
      program.earning_rules[0].caps = {{per, 300}};
      const ProgramCatalog catalog = testing::CatalogOf(program);
      Lives lives(catalog, kBegin);
      const absl::Time now = kBegin + absl::Hours(24 * days_late);
      Purchase purchase = testing::PurchaseOf({testing::Line(40'000)});
      purchase.occurred_at = kBegin;
      purchase.purchase_id = "first";
      ASSERT_TRUE(lives.Buy(0, purchase, now).ok());
      RecordReturn back;
      back.purchase_id = "first";
      back.amount_minor = 40'000;
      ASSERT_TRUE(lives.Return(0, back, now).ok());
      EXPECT_EQ(AccountOf(lives.of(0), "points").available, 0);
      purchase.purchase_id = "second";
      ASSERT_TRUE(lives.Buy(0, purchase, now).ok());
      EXPECT_EQ(AccountOf(lives.of(0), "points").available, 300) << days_late;
      purchase.purchase_id = "third";
      ASSERT_TRUE(lives.Buy(0, purchase, now).ok());
      EXPECT_EQ(AccountOf(lives.of(0), "points").available, 300) << days_late;
    }
  }
}

}  // namespace
}  // namespace dangol::domain
