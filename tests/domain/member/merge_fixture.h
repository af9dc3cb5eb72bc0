#ifndef DANGOL_TESTS_DOMAIN_MEMBER_MERGE_FIXTURE_H_
#define DANGOL_TESTS_DOMAIN_MEMBER_MERGE_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/domain/audit/audit.h"
#include "tests/domain/scenario.h"
#include "tests/support/recorded.h"

namespace dangol::domain {

inline std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

// Points are pending for a day and live for ten. 50 of them at most for a day's purchases
// of food, on top. A latte costs 40.
inline Program TenDays() {
  Program program = testing::SimpleProgram();
  program.wallets[0].pending_days = 1;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 10, 0};
  program.adjustment_reasons = {{"goodwill", 1'000'000}};
  EarningRule food = testing::BaseRule("food", 10, 100);
  food.when.categories = {"food"};
  food.caps = {{CapPeriod::kDay, 50}};
  program.earning_rules.push_back(std::move(food));
  Reward latte;
  latte.id = "latte";
  latte.name = "A latte";
  latte.points = 40;
  latte.benefit.kind = Benefit::Kind::kGift;
  latte.benefit.sku = "latte";
  program.rewards = {std::move(latte)};
  return program;
}

// Three members, of whom two or all turn out to be one. What is done to each is noted, to
// be decided again by an audit.
class MergeTest : public ::testing::Test {
 protected:
  struct Step {
    int who;
    int with;  // -1: nobody.
    Command command;
    absl::Time at;
    int person = -1;  // Who acts, where `who` is the head of their household.
  };

  explicit MergeTest(const Program& program = TenDays())
      : people_{Scenario(program, 1), Scenario(program, 2), Scenario(program, 3)} {
    for (int i = 0; i < 3; ++i) {
      people_[i].state().aliases = {{"card", absl::StrCat("400", i)}};
      people_[i].state().member.enrolled_at = now_;
      people_[i].state().member.advanced_until = now_;
      beginnings_.push_back(people_[i].state());
    }
  }

  ~MergeTest() override { ExpectReplayed(); }

  absl::StatusOr<Outcome> Do(int who, Action action, int person = -1) {
    Scenario* const acting = person < 0 ? nullptr : &people_[person];
    const auto* const adjust = std::get_if<AdjustPoints>(&action);
    if (adjust != nullptr && !adjust->undoes.empty()) {
      people_[who].LoadAdjusted(adjust->undoes, {&people_[0], &people_[1], &people_[2]});
    }
    absl::StatusOr<Outcome> outcome = people_[who].Do(action, now_, acting);
    if (outcome.ok()) steps_.push_back({who, -1, {std::move(action), "till-1"}, now_, person});
    return outcome;
  }

  absl::StatusOr<Outcome> DoWith(int who, int with, Action action) {
    absl::StatusOr<Outcome> outcome = people_[who].DoWith(people_[with], action, now_);
    if (outcome.ok()) steps_.push_back({who, with, {std::move(action), "till-1"}, now_});
    return outcome;
  }

  // A purchase that is named by its number, of so many points.
  std::string Buy(int who, int64_t points, const std::string& category = "", int person = -1) {
    return Buy(who, testing::PurchaseOf({testing::Line(points * 100, category)}), person);
  }

  // A purchase of ten euros that points paid for.
  std::string BuyWithPoints(int who, const std::string& reservation, int person = -1) {
    Purchase purchase = testing::PurchaseOf({testing::Line(1'000)});
    purchase.reservation_id = reservation;
    purchase.paid_with_points_minor = 1'000;
    return Buy(who, std::move(purchase), person);
  }

  absl::Status Return(int who, const std::string& purchase_id, int64_t points, int person = -1) {
    RecordReturn back;
    back.member = people_[who].Me();
    back.return_id = absl::StrCat("back ", ++purchases_);
    back.purchase_id = purchase_id;
    back.amount_minor = points * 100;
    return Do(who, back, person).status();
  }

  // Lets somebody owe so many points for goods that they returned.
  void Indebt(int who, int64_t points) {
    const std::string purchase = Buy(who, points);
    Mature();
    EXPECT_TRUE(Redeem(who, points).ok());
    EXPECT_TRUE(Return(who, purchase, points).ok());
  }

  absl::Status Redeem(int who, int64_t points) {
    return Reserve(who, absl::StrCat("redeem-", ++purchases_), points, /*capture=*/true);
  }

  absl::Status Reserve(int who, const std::string& id, int64_t points, bool capture = false) {
    ReservePoints reserve;
    reserve.member = people_[who].Me();
    reserve.reservation_id = id;
    reserve.points = points;
    reserve.time_to_live = absl::Hours(24);
    reserve.capture = capture;
    return Do(who, reserve).status();
  }

  absl::Status Adjust(int who, const std::string& id, int64_t points, int person = -1) {
    return Do(who, AdjustPoints{people_[who].Me(), "points", points, "goodwill", id, ""}, person)
        .status();
  }

  absl::Status UndoAdjustment(int who, const std::string& id, int person = -1) {
    const std::string undo = absl::StrCat("undo-", ++purchases_);
    return Do(who, AdjustPoints{people_[who].Me(), "", 0, "goodwill", undo, id}, person).status();
  }

  absl::Status Void(int who, const std::string& id) {
    VoidReservation release;
    release.member = people_[who].Me();
    release.reservation_id = id;
    return Do(who, release).status();
  }

  absl::Status Merge(int who, int into) { return Unite(who, into, /*household=*/false); }
  absl::Status Join(int who, int household) { return Unite(who, household, /*household=*/true); }
  absl::Status Unmerge(int who, int from) { return Part(who, from, /*household=*/false); }
  absl::Status Leave(int who, int household) { return Part(who, household, /*household=*/true); }
  // A household whose head has been merged into somebody.
  absl::Status LeaveMergedHead(int who, int /*head*/, int survivor) { return Leave(who, survivor); }

  // A purchase by somebody who has joined the household of another.
  std::string BuyInHousehold(int who, int head, int64_t points, const std::string& category = "") {
    return Buy(head, points, category, who);
  }

  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }

  // Buys, spends, holds, returns and waits, so many times.
  void Live(int who, int steps) {
    std::vector<std::string>& bought = bought_[who];
    for (int i = 0; i < steps; ++i) {
      switch (Below(6)) {
        case 0:
        case 1:
          bought.push_back(Buy(who, 1 + Below(200), Below(2) == 0 ? "food" : ""));
          break;
        case 2:
          (void)Redeem(who, 1 + Below(60));
          break;
        case 3:
          (void)Reserve(who, absl::StrCat("hold-", random_()), 1 + Below(60));
          break;
        case 4:
          if (bought.empty()) break;
          (void)Return(who, bought[random_() % bought.size()], 1 + Below(50));
          break;
        default:
          Wait(absl::Hours(1 + Below(72)));
      }
    }
  }

  void Wait(absl::Duration duration) { now_ += duration; }
  // Until what was bought is available.
  void Mature() { Wait(absl::Hours(48)); }
  // As it is by now, and not as the last command left it.
  std::string BalanceNow(int who) {
    Advance(who);
    return people_[who].Balance();
  }

  // What a member has, whatever way it took: without entries, versions and hints.
  MemberState Having(int who) {
    Advance(who);
    MemberState state = people_[who].state();
    state.member.entry_count = 0;
    state.member.next_due_at = absl::InfinitePast();
    state.member.points_due_at.reset();
    state.member.advanced_until = absl::InfinitePast();
    // Who had it in between.
    state.member.former_owners.clear();
    state.member.purses.clear();
    std::erase_if(state.accounts, [](const Account& account) {
      return account.pending == 0 && account.available == 0 && account.held == 0;
    });
    const auto by_id = [](const auto& a, const auto& b) { return IdOf(a) < IdOf(b); };
    std::sort(state.purchases.begin(), state.purchases.end(), by_id);
    std::sort(state.reservations.begin(), state.reservations.end(), by_id);
    std::sort(state.coupons.begin(), state.coupons.end(), by_id);
    return state;
  }

  static void ExpectSame(const MemberState& left, const MemberState& right) {
    EXPECT_EQ(left.member.histories, right.member.histories);
    EXPECT_EQ(left.member.last_activity_at, right.member.last_activity_at);
    EXPECT_EQ(left.member, right.member);
    EXPECT_EQ(left.accounts, right.accounts);
    EXPECT_EQ(left.lots, right.lots);
    EXPECT_EQ(left.aliases, right.aliases);
    EXPECT_EQ(left.reservations, right.reservations);
    EXPECT_EQ(left.coupons, right.coupons);
    EXPECT_EQ(left.purchases, right.purchases);
  }

  int64_t TransferredOfAll() const {
    int64_t sum = 0;
    for (const Scenario& person : people_) {
      for (const LedgerEntry& entry : person.entries()) {
        if (entry.debit == LedgerAccount::kTransferred) sum -= entry.points;
        if (entry.credit == LedgerAccount::kTransferred) sum += entry.points;
      }
    }
    return sum;
  }

  Scenario people_[3];
  absl::Time now_ = testing::Utc("2026-01-15 12:00:00");

 private:
  std::string Buy(int who, Purchase purchase, int person) {
    RecordPurchase record;
    record.member = people_[who].Me();
    record.purchase = std::move(purchase);
    record.purchase.purchase_id = absl::StrCat("p-", ++purchases_);
    record.occurred_at = now_;
    EXPECT_TRUE(Do(who, record, person).ok());
    return record.purchase.purchase_id;
  }

  void Advance(int who) {
    people_[who].AdvanceTo(now_);
    steps_.push_back({who, -1, {AdvanceMember{people_[who].Me()}, kSystemPrincipal}, now_});
  }

  absl::Status Unite(int who, int with, bool household) {
    MergeMembers merge;
    merge.household = household;
    merge.member = people_[who].Me();
    merge.into = people_[with].Me();
    merge.merge_id = "merge";
    return DoWith(who, with, merge).status();
  }

  absl::Status Part(int who, int from, bool household) {
    UnmergeMember unmerge;
    unmerge.household = household;
    unmerge.member = people_[who].Me();
    unmerge.unmerge_id = "unmerge";
    return DoWith(from, who, unmerge).status();
  }

  static const std::string& IdOf(const Purchase& row) { return row.purchase_id; }
  static const std::string& IdOf(const Reservation& row) { return row.reservation_id; }
  static const std::string& IdOf(const Coupon& row) { return row.coupon_id; }

  // No number was given to two lots, or entries of one would add up to both.
  static void ExpectLotsAreTheirEntries(const Replay& replay) {
    std::map<std::pair<MemberId, int64_t>, int64_t> left;
    for (const LedgerEntry& entry : replay.entries()) {
      const auto is_of_lots = [](LedgerAccount account) {
        return account == LedgerAccount::kPending || account == LedgerAccount::kAvailable;
      };
      if (is_of_lots(entry.debit)) left[{entry.lot_purse, entry.lot}] -= entry.points;
      if (is_of_lots(entry.credit)) left[{entry.lot_purse, entry.lot}] += entry.points;
    }
    for (const Lot& lot : replay.lots()) EXPECT_EQ(lot.remaining, left[NameOf(lot)]) << lot.lot;
  }

  // An audit comes to the same, whatever the test has done.
  void ExpectReplayed() {
    EXPECT_EQ(TransferredOfAll(), 0);
    std::vector<Replay> replays;
    for (int i = 0; i < 3; ++i) {
      replays.emplace_back(people_[i].catalog());
      EnrollMember enroll;
      enroll.member_id = testing::MemberNumber(static_cast<uint64_t>(i) + 1);
      enroll.aliases = beginnings_[static_cast<size_t>(i)].aliases;
      const absl::Time at = beginnings_[static_cast<size_t>(i)].member.advanced_until;
      ASSERT_TRUE(replays.back().Step(testing::Recorded(enroll, at)).ok());
    }
    const std::vector<const Replay*> family = {&replays[0], &replays[1], &replays[2]};
    for (const Step& step : steps_) {
      Replay& replay = replays[static_cast<size_t>(step.who)];
      RecordedCommand recorded = testing::Recorded(step.command.action, step.at);
      recorded.principal = step.command.principal;
      Replay* const person = step.person < 0 ? nullptr : &replays[static_cast<size_t>(step.person)];
      const absl::Status status =
          step.with < 0 ? replay.Step(recorded, person, family).status()
                        : replay.StepWith(replays[static_cast<size_t>(step.with)], recorded);
      ASSERT_TRUE(status.ok()) << status;
    }
    for (int i = 0; i < 3; ++i) {
      const Replay& replay = replays[static_cast<size_t>(i)];
      EXPECT_EQ(replay.entries(), people_[i].entries());
      ExpectLotsAreTheirEntries(replay);
      const MemberState& state = people_[i].state();
      EXPECT_EQ(replay.state().member.sharers, state.member.sharers);
      EXPECT_EQ(replay.state().member.own_activity_at, state.member.own_activity_at);
      EXPECT_EQ(replay.state().member.purses, state.member.purses);
      EXPECT_EQ(replay.state().member.former_owners, state.member.former_owners);
      EXPECT_EQ(replay.state().member.histories, state.member.histories);
      EXPECT_EQ(replay.state().lots, state.lots);
      EXPECT_EQ(replay.state().accounts, state.accounts);
      EXPECT_EQ(replay.state().purchases, state.purchases);
      EXPECT_EQ(replay.state().reservations, state.reservations);
      EXPECT_EQ(replay.state().coupons, state.coupons);
      EXPECT_EQ(replay.state().aliases, state.aliases);
    }
  }

  int purchases_ = 0;
  std::mt19937 random_{20260115};
  std::vector<std::string> bought_[3];  // Whose it was first.
  std::vector<MemberState> beginnings_;
  std::vector<Step> steps_;
};

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_MEMBER_MERGE_FIXTURE_H_
