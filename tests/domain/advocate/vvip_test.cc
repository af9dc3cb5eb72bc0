// VVIPs: how many, which of equals, and for how long.

#include "server/domain/advocate/vvip.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/program/reigns.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr DayNumber kBegin = 20'454;  // 2026-01-01.
constexpr uint64_t kSomebodyElse = 1'000'000;

Program WithVvips(int window_days = 365) {
  Program program = testing::SimpleProgram();
  program.rfm.emplace().window_days = window_days;
  program.vvip.emplace();
  program.vvip->department = "care";
  program.vvip->assign_within = absl::Hours(24);
  return program;
}

VvipRank Rank(int64_t spent, int64_t purchases = 1, int64_t enrolled = 0, uint64_t id = 1) {
  return {spent, purchases, absl::FromUnixSeconds(enrolled), testing::MemberNumber(id)};
}

TEST(VvipRankTest, MoreComesFirstThenOftenerThenEarlier) {
  EXPECT_LT(Rank(200), Rank(100, 9));
  EXPECT_LT(Rank(100, 9), Rank(100, 8));
  EXPECT_LT(Rank(100, 9, 1), Rank(100, 9, 2));
  EXPECT_LT(Rank(100, 9, 1, 1), Rank(100, 9, 1, 2));
}

TEST(AdvocateNormsTest, SharesAreRoundedUpToWholeMembers) {
  struct Case {
    int members;
    int64_t enter;  // What the last one spent who enters; -1: nobody does.
    int64_t stay;
  };
  const Case kCases[] = {{0, -1, -1},      {1, 1, 1},        {66, 66, 66},      {67, 67, 66},
                         {100, 100, 99},   {101, 100, 100},  {200, 199, 198},   {201, 199, 198},
                         {1000, 991, 986}, {1001, 991, 986}, {1067, 1057, 1051}};
  for (const Case& one : kCases) {
    std::vector<VvipRank> ranks;
    for (int i = 1; i <= one.members; ++i) ranks.push_back(Rank(i));
    const AdvocateNorms norms = AdvocateNormsOf(ranks, Vvip());
    EXPECT_EQ(norms.contributors, one.members);
    EXPECT_EQ(norms.enter.has_value() ? norms.enter->spent_minor : -1, one.enter) << one.members;
    EXPECT_EQ(norms.stay.has_value() ? norms.stay->spent_minor : -1, one.stay) << one.members;
  }
}

// A hundred equals: one is a VVIP all the same, and it is the one who was a member first.
TEST(AdvocateNormsTest, OfEqualsOneIsFirst) {
  std::vector<VvipRank> ranks;
  for (uint64_t i = 0; i < 100; ++i) {
    ranks.push_back(Rank(500, 3, static_cast<int64_t>((i * 37 + 5) % 100), i + 1));
  }
  const AdvocateNorms norms = AdvocateNormsOf(ranks, Vvip());
  EXPECT_EQ(norms.enter->enrolled_at, absl::FromUnixSeconds(0));
  EXPECT_EQ(norms.stay->enrolled_at, absl::FromUnixSeconds(1));
}

// Somebody who spent this much on these days, judged by norms of every day.
class VvipSpansTest : public ::testing::Test {
 protected:
  VvipSpansTest() { person_.id = testing::MemberNumber(1); }

  void Spend(DayNumber day, int64_t minor) {
    Fact fact{day, {{Measure::kNetSpend, "EUR", minor}, {Measure::kPurchases, "", 1}}};
    Restand(fact, {}, day, HistoryOf(person_.id, person_));
  }

  // In force on a day: of what was done two days before.
  void Learn(DayNumber from, int64_t enter, int64_t stay) {
    Norms norms;
    norms.from = from;
    norms.day = from - 2;
    norms.effective_from = absl::FromUnixSeconds(int64_t{from} * 86'400);
    norms.basis = BasisOf(program_);
    norms.only_advocates = true;
    norms.advocates = AdvocateNorms{100, Rank(enter, 0, 1LL << 40, kSomebodyElse),
                                    Rank(stay, 0, 1LL << 40, kSomebodyElse)};
    catalog_.Add(std::move(norms));
  }
  // The same, and the last who enters is this person.
  void LearnThatTheyAreTheLast(DayNumber from, int64_t enter, int64_t stay) {
    Learn(from, enter, stay);
    Norms norms = catalog_.norms().back();
    norms.advocates->enter->id = person_.id;
    catalog_.Add(std::move(norms));
  }

  std::vector<std::pair<DayNumber, DayNumber>> Spans() const {
    std::vector<std::pair<DayNumber, DayNumber>> spans;
    for (const VvipSpan& span : person_.advocacy.vvip) spans.emplace_back(span.from, span.until);
    return spans;
  }

  Program program_ = WithVvips(30);
  ProgramCatalog catalog_ = testing::CatalogOf(program_);
  Member person_;
};

TEST_F(VvipSpansTest, StayUntilTheyAreBeyondTheSecondShare) {
  Spend(kBegin, 1'000);
  Spend(kBegin + 10, 100);
  const DayNumber first = kBegin + 12;
  Learn(first, 1'100, 900);
  Learn(first + 1, 1'200, 900);    // Not enough to enter, enough to stay.
  Learn(first + 2, 1'200, 1'100);  // The last who stays.
  Learn(first + 3, 1'200, 1'101);  // Beyond it.
  Learn(first + 4, 1'101, 900);    // Enough to stay, not to enter again.
  Learn(first + 5, 1'000, 900);
  Learn(first + 20, 1'000, 900);  // The thousand has left the window.
  JudgeVvip(catalog_, kNever, 0, first + 30, person_);
  EXPECT_THAT(Spans(), ElementsAre(std::pair(first, first + 3), std::pair(first + 5, first + 20)));
}

// Five times in the real year of a shop: the last who enters brings something back, and would be
// beyond the place that was their own.
TEST_F(VvipSpansTest, TheLastOneIsNotBeyondThemselves) {
  Spend(kBegin, 1'000);
  LearnThatTheyAreTheLast(kBegin + 2, 1'000, 800);
  Learn(kBegin + 3, 1'000, 800);
  const Fact stands{kBegin, {{Measure::kNetSpend, "EUR", 1'000}, {Measure::kPurchases, "", 1}}};
  const Fact should{kBegin, {{Measure::kNetSpend, "EUR", 900}, {Measure::kPurchases, "", 1}}};
  Restand(should, stands, kBegin + 4, HistoryOf(person_.id, person_));
  JudgeVvip(catalog_, kNever, 0, kBegin + 9, person_);
  EXPECT_THAT(Spans(), ElementsAre(std::pair(kBegin + 2, 0)));
  // Where nothing is left of it, they are none.
  Restand({kBegin, {}}, should, kBegin + 5, HistoryOf(person_.id, person_));
  JudgeVvip(catalog_, kNever, 0, kBegin + 9, person_);
  EXPECT_THAT(Spans(), IsEmpty());
}

// Somebody asked for norms of their own: of those that begin on one day the last counts.
TEST_F(VvipSpansTest, OfOneDayTheLastNormsCount) {
  Spend(kBegin, 1'000);
  Learn(kBegin + 3, 1'000, 900);
  Learn(kBegin + 3, 1'200, 1'100);
  JudgeVvip(catalog_, kNever, kBegin, kBegin + 3, person_);
  EXPECT_THAT(Spans(), IsEmpty());
  Learn(kBegin + 4, 1'000, 900);
  Learn(kBegin + 5, 2'000, 1'900);
  Learn(kBegin + 5, 1'000, 900);
  JudgeVvip(catalog_, kNever, kBegin + 3, kBegin + 9, person_);
  EXPECT_THAT(Spans(), ElementsAre(std::pair(kBegin + 4, 0)));
}

// However the days go by, and whenever what was bought becomes known, the spans are the same.
TEST_F(VvipSpansTest, AreTheSameInAnyOrder) {
  std::mt19937 random(17);
  for (int round = 0; round < 200; ++round) {
    catalog_ = testing::CatalogOf(program_);
    std::vector<std::pair<DayNumber, int64_t>> spent;
    for (int i = 0; i < 12; ++i) {
      spent.emplace_back(kBegin + static_cast<DayNumber>(random() % 60), random() % 500 + 1);
    }
    for (DayNumber day = kBegin + 3; day < kBegin + 70; ++day) {
      const auto enter = static_cast<int64_t>(random() % 600 + 300);
      Learn(day, enter, enter - static_cast<int64_t>(random() % 300));
    }
    const auto live = [&](bool in_time) {
      person_ = Member();
      person_.id = testing::MemberNumber(1);
      DayNumber judged = kBegin;
      const auto judge = [&](DayNumber from, DayNumber today) {
        JudgeVvip(catalog_, from, judged, today, person_);
        judged = today;
      };
      if (in_time) {
        std::sort(spent.begin(), spent.end());
        for (const auto& [day, minor] : spent) {
          Spend(day, minor);
          judge(day, day);
        }
      } else {
        std::shuffle(spent.begin(), spent.end(), random);
        for (const auto& [day, minor] : spent) {
          const DayNumber today = std::max(day, judged) + static_cast<DayNumber>(random() % 4);
          Spend(day, minor);
          judge(day, today);
        }
      }
      judge(kNever, kBegin + 75);
      return Spans();
    };
    const auto expected = live(true);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(live(false), expected) << round;
  }
}

// A fresh card was one with a VVIP for a while, and is by itself again.
TEST_F(VvipSpansTest, WhoGaveAllTheyDidToAnotherIsNone) {
  Spend(kBegin, 1'000);
  Learn(kBegin + 3, 1'000, 900);
  JudgeVvip(catalog_, kNever, kBegin, kBegin + 3, person_);
  ASSERT_THAT(Spans(), ElementsAre(std::pair(kBegin + 3, 0)));
  person_.histories.clear();
  JudgeVvip(catalog_, kAlways, kBegin + 3, kBegin + 4, person_);
  EXPECT_THAT(Spans(), IsEmpty());
}

// The window of the program is another one from today on: the norms of tomorrow were computed of
// the old one, and say nothing until others have been.
TEST_F(VvipSpansTest, NormsOfSomethingElseSayNothing) {
  Spend(kBegin, 1'000);
  Learn(kBegin + 3, 1'000, 900);
  Program other = WithVvips(60);
  catalog_.Add({2,
                absl::FromUnixSeconds(int64_t{kBegin + 3} * 86'400 + 40'000),
                {},
                "",
                std::make_shared<const Program>(other)});
  Learn(kBegin + 4, 5'000, 4'000);  // Of 30 days.
  JudgeVvip(catalog_, kNever, kBegin, kBegin + 4, person_);
  EXPECT_THAT(Spans(), ElementsAre(std::pair(kBegin + 3, 0)));
  program_ = other;
  Learn(kBegin + 5, 5'000, 1'000);
  Learn(kBegin + 6, 5'000, 4'000);
  JudgeVvip(catalog_, kNever, kBegin + 4, kBegin + 6, person_);
  EXPECT_THAT(Spans(), ElementsAre(std::pair(kBegin + 3, kBegin + 6)));
}

TEST_F(VvipSpansTest, EndWithWhatDeclaresThem) {
  Spend(kBegin, 1'000);
  Learn(kBegin + 3, 1'000, 900);
  JudgeVvip(catalog_, kNever, kBegin, kBegin + 3, person_);
  Program without = program_;
  without.vvip.reset();
  const absl::Time begin = absl::FromUnixSeconds(int64_t{kBegin + 5} * 86'400);
  catalog_.Add({2, begin, {}, "", std::make_shared<const Program>(without)});
  EndVvip(catalog_, begin + absl::Hours(99), person_);
  EXPECT_THAT(Spans(), ElementsAre(std::pair(kBegin + 3, kBegin + 5)));
}

TEST_F(VvipSpansTest, WhoEarnsNothingOrHasLeftIsNone) {
  Learn(kBegin + 5, 0, 0);
  JudgeVvip(catalog_, kNever, kBegin, kBegin + 6, person_);
  EXPECT_THAT(Spans(), IsEmpty());
  Spend(kBegin, 10);
  person_.advanced_until = absl::FromUnixSeconds(int64_t{kBegin} * 86'400);
  const absl::Time later = person_.advanced_until + absl::Hours(24 * 6);
  EXPECT_TRUE(IsVvip(catalog_, later, person_));
  EXPECT_FALSE(IsForMarketing(catalog_, later, person_));
  person_.status = MemberStatus::kClosed;
  EXPECT_FALSE(IsVvip(catalog_, later, person_));
  EXPECT_FALSE(IsForMarketing(catalog_, later, person_));
}

// Many members, day by day for a year, beside what the definition says of them.
TEST(VvipPopulationTest, AgreesWithItsDefinitionDayByDay) {
  constexpr int kMembers = 400;
  constexpr int kDays = 365;
  constexpr int kWindow = 60;
  const Program program = WithVvips(kWindow);
  ProgramCatalog catalog = testing::CatalogOf(program);
  std::mt19937 random(4);
  std::vector<Member> members(kMembers);
  std::vector<std::map<DayNumber, std::pair<int64_t, int64_t>>> bought(kMembers);
  for (int i = 0; i < kMembers; ++i) {
    members[i].id = testing::MemberNumber(static_cast<uint64_t>(i) + 1);
    members[i].enrolled_at = absl::FromUnixSeconds(static_cast<int64_t>(random() % 50));
  }
  std::set<int> vvips;
  int changes = 0;
  for (DayNumber day = kBegin; day < kBegin + kDays; ++day) {
    for (int k = 0; k < 40; ++k) {
      const auto who = static_cast<size_t>(random() % kMembers);
      const auto minor = static_cast<int64_t>(random() % 20) * 10;
      const Fact fact{day, {{Measure::kNetSpend, "EUR", minor}, {Measure::kPurchases, "", 1}}};
      Restand(fact, {}, day, HistoryOf(members[who].id, members[who]));
      bought[who][day].first += minor;
      ++bought[who][day].second;
    }
    std::vector<VvipRank> ranks;
    for (const Member& member : members) {
      const VvipRank rank = RankOf(member, program, day);
      if (rank.spent_minor > 0) ranks.push_back(rank);
    }
    Norms norms;
    norms.from = day + 2;
    norms.day = day;
    norms.effective_from = absl::FromUnixSeconds(int64_t{norms.from} * 86'400);
    norms.basis = BasisOf(program);
    norms.only_advocates = true;
    norms.advocates = AdvocateNormsOf(ranks, program.vvip);
    catalog.Add(std::move(norms));

    // By definition.
    struct Place {
      int64_t spent = 0;
      int64_t purchases = 0;
      size_t who = 0;
    };
    std::vector<Place> places;
    for (size_t i = 0; i < bought.size(); ++i) {
      Place place{0, 0, i};
      for (const auto& [on, sums] : bought[i]) {
        if (on + kWindow <= day || on > day) continue;
        place.spent += sums.first;
        place.purchases += sums.second;
      }
      if (place.spent > 0) places.push_back(place);
    }
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
      if (a.spent != b.spent) return a.spent > b.spent;
      if (a.purchases != b.purchases) return a.purchases > b.purchases;
      if (members[a.who].enrolled_at != members[b.who].enrolled_at) {
        return members[a.who].enrolled_at < members[b.who].enrolled_at;
      }
      return members[a.who].id < members[b.who].id;
    });
    const size_t enter = (places.size() + 99) / 100;
    const size_t stay = (places.size() * 3 + 199) / 200;
    std::set<int> now;
    for (size_t i = 0; i < places.size(); ++i) {
      const int who = static_cast<int>(places[i].who);
      if (i < enter || (i < stay && vvips.contains(who))) now.insert(who);
    }
    if (now != vvips) ++changes;
    vvips = now;
    for (int i = 0; i < kMembers; ++i) {
      JudgeVvip(catalog, kNever, day + 1, day + 2, members[i]);
      ASSERT_EQ(members[i].advocacy.IsVvipOn(day + 2), vvips.contains(i)) << i << " on " << day;
    }
  }
  EXPECT_GT(changes, 50);
}

}  // namespace
}  // namespace dangol::domain
