// Influence that goes up a tree of referrals.

#include "server/insight/influence_tree.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "server/domain/advocate/influence.h"
#include "tests/support/programs.h"

namespace dangol::insight {
namespace {

using domain::DayNumber;
using domain::Member;
using testing::MemberNumber;

constexpr DayNumber kToday = 20'454;

domain::Program WithWordOfMouth() {
  domain::Program program = testing::SimpleProgram();
  program.rfm.emplace();
  program.word_of_mouth.emplace().referral_points = 1;
  return program;
}

// Members in the order in which they enrolled; 0 was brought by nobody.
std::vector<Member> People(const std::vector<int>& referrer_of) {
  std::vector<Member> people(referrer_of.size());
  std::map<int, int64_t> brought;
  for (size_t i = 0; i < people.size(); ++i) {
    people[i].id = MemberNumber(i + 1);
    people[i].enrolled_at = absl::FromUnixSeconds(static_cast<int64_t>(i));
    if (referrer_of[i] < 0) continue;
    domain::Referral referral;
    referral.referrer = MemberNumber(static_cast<uint64_t>(referrer_of[i]) + 1);
    referral.told = {{domain::kUnpaidReferrals, kToday}};
    domain::HistoryOf(people[i].id, people[i]).referral = referral;
    ++brought[referrer_of[i]];
  }
  for (const auto& [who, count] : brought) {
    Member& person = people[static_cast<size_t>(who)];
    Restand({kToday, {{domain::Measure::kReferrals, domain::kUnpaidReferrals, count}}}, {}, kToday,
            domain::HistoryOf(person.id, person));
  }
  return people;
}

std::map<domain::MemberId, int64_t> ChangesOf(std::vector<Member> people, std::mt19937& random) {
  const domain::Program program = WithWordOfMouth();
  std::shuffle(people.begin(), people.end(), random);
  InfluenceTree tree;
  for (const Member& person : people) tree.Add(person, program, kToday);
  std::map<domain::MemberId, int64_t> changes;
  for (const InfluenceTree::Change& change : tree.Changes()) {
    changes[change.member] = change.thousandths;
  }
  return changes;
}

TEST(InfluenceTreeTest, HalvesWithEachLevel) {
  std::mt19937 random(1);
  // 0 brought 1 and 2, 1 brought 3, 3 brought 4 and 5.
  const auto changes = ChangesOf(People({-1, 0, 0, 1, 3, 3}), random);
  EXPECT_EQ(changes.at(MemberNumber(1)), 500 + 500);  // A half of 3, a fourth each of 4 and 5.
  EXPECT_EQ(changes.at(MemberNumber(2)), 1'000);      // A half each of 4 and 5.
  EXPECT_FALSE(changes.contains(MemberNumber(4)));    // 4 and 5 have brought nobody.
}

TEST(InfluenceTreeTest, AChainOfAThousandEnds) {
  std::mt19937 random(2);
  std::vector<int> chain(1'000);
  for (int i = 0; i < 1'000; ++i) chain[static_cast<size_t>(i)] = i - 1;
  const auto changes = ChangesOf(People(chain), random);
  EXPECT_EQ(changes.size(), 998);
  EXPECT_EQ(changes.at(MemberNumber(1)), changes.at(MemberNumber(500)));
  EXPECT_GT(changes.at(MemberNumber(1)), 980);
  EXPECT_LT(changes.at(MemberNumber(1)), 1'001);
}

// Random forests, in any order, beside the definition.
TEST(InfluenceTreeTest, AgreesWithItsDefinition) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<int> referrer_of;
    const int size = static_cast<int>(random() % 60) + 1;
    for (int i = 0; i < size; ++i) {
      const bool is_root = i == 0 || random() % 4 == 0;
      referrer_of.push_back(is_root ? -1 : static_cast<int>(random() % static_cast<unsigned>(i)));
    }
    std::vector<int64_t> through(static_cast<size_t>(size));
    std::vector<int64_t> own(static_cast<size_t>(size));
    for (const int referrer : referrer_of) {
      if (referrer >= 0) own[static_cast<size_t>(referrer)] += domain::kThousand;
    }
    for (size_t i = referrer_of.size(); i > 0; --i) {
      const int referrer = referrer_of[i - 1];
      if (referrer >= 0)
        through[static_cast<size_t>(referrer)] += (own[i - 1] + through[i - 1]) / 2;
    }
    const auto changes = ChangesOf(People(referrer_of), random);
    for (size_t i = 0; i < through.size(); ++i) {
      const auto change = changes.find(MemberNumber(i + 1));
      EXPECT_EQ(change == changes.end() ? 0 : change->second, through[i]) << round << " " << i;
    }
  }
}

// Who brought somebody long ago has a half of whom that one brings today.
TEST(InfluenceTreeTest, TheRootMayHaveBroughtNobodyForYears) {
  std::mt19937 random(5);
  std::vector<Member> people = People({-1, 0, 1});
  domain::History& root = domain::HistoryOf(people[0].id, people[0]);
  root = domain::History();
  Restand({kToday - 400, {{domain::Measure::kReferrals, domain::kUnpaidReferrals, 1}}}, {}, kToday,
          root);
  EXPECT_EQ(ChangesOf(people, random).at(MemberNumber(1)), 500);
}

// Whom an incentive pays for, whoever is told already, and whoever became one with their referrer.
TEST(InfluenceTreeTest, OnlyWhatIsNewAndUnpaidIsTold) {
  std::mt19937 random(4);
  std::vector<Member> people = People({-1, 0, 1, 2});
  domain::HistoryOf(people[1].id, people[1]).referral->told = {{"friends", kToday}};
  const auto paid = ChangesOf(people, random);
  EXPECT_FALSE(paid.contains(MemberNumber(1)));
  EXPECT_EQ(paid.at(MemberNumber(2)), 500);
  people = People({-1, 0, 1, 2});
  domain::HistoryOf(people[0].id, people[0]).care.influence = {{kToday - 1, 750}};
  const auto told = ChangesOf(people, random);
  EXPECT_FALSE(told.contains(MemberNumber(1)));
  domain::HistoryOf(people[0].id, people[0]).care.influence = {{kToday - 1, 7'000}};
  EXPECT_EQ(ChangesOf(people, random).at(MemberNumber(1)), 750);
}

}  // namespace
}  // namespace dangol::insight
