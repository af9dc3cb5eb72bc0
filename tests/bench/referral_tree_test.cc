#include "tests/bench/referral_tree.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/bench/engine_fixture.h"
#include "tests/bench/samples.h"
#include "tests/bench/store_bench.h"

namespace dangol::bench {
namespace {

// The chain, and some whom its first members brought.
constexpr uint64_t kMembers = kChain + 200;
// Of whom nobody brought anybody but the next: what is measured is the same.
constexpr uint64_t kMeasured = 100;

TEST(ReferralTreeTest, IsAChainAndThenTenByEach) {
  EXPECT_EQ(ReferrerOf(1), 0u);
  EXPECT_EQ(ReferrerOf(kChain - 1), kChain - 2);
  EXPECT_EQ(ReferrerOf(kChain), 0u);
  EXPECT_EQ(ReferrerOf(kChain + 9), 0u);
  EXPECT_EQ(ReferrerOf(kChain + 10), 1u);
  EXPECT_EQ(ReferrerOf(99'999), 9'899u);
}

TEST(ReferralTreeTest, ShuffledPlacesAreAllOfThem) {
  const std::vector<size_t> places = ShuffledPlaces(kMembers);
  EXPECT_EQ(places, ShuffledPlaces(kMembers));
  EXPECT_NE(places[0] + 1, places[1]);
  EXPECT_EQ(std::set<size_t>(places.begin(), places.end()).size(), kMembers);
}

class TreeTest : public EngineTest {};

TEST_P(TreeTest, MembersAreEnrolledByWhoBroughtThem) {
  const std::string url = *engine_->NewStore();
  const std::unique_ptr<DangolServer> server = StartServer(url);
  const auto members = EnrollTree(*server, kMembers);
  ASSERT_TRUE(members.ok()) << members.status();
  const auto beside = EnrollBesideTree(*server, kMembers);
  ASSERT_TRUE(beside.ok()) << beside.status();
  EXPECT_TRUE(server->Stop().ok());
  const std::unique_ptr<Database> database = *engine_->Open(url);
  EXPECT_EQ(*database->Integer("SELECT count(*) FROM member"), 2 * kMembers);
  EXPECT_EQ(*database->Integer("SELECT count(*) FROM member WHERE referrer_id IS NOT NULL"),
            kMembers - 1);
  // The second in the chain, and ten beside it.
  EXPECT_EQ(*database->Integer(
                absl::StrCat("SELECT count(*) FROM member WHERE referrer_id ="
                             " (SELECT member_id FROM alias WHERE kind = 'card' AND value = '",
                             EnrolledCard(0), "')")),
            1 + kBroughtByEach);
}

TEST_P(TreeTest, BothSidesAreMeasuredAndEachReferrerIsToldOnce) {
  BenchSettings settings = {.dangold = ProgramDirectory() + "/dangold",
                            .decide_benchmark = "",
                            .directory = directory_->path(),
                            .tree_members = kMeasured,
                            .slice = absl::Milliseconds(100)};
  StoreBench bench(std::move(settings), std::move(engine_));
  for (int round = 0; round < 2; ++round) {
    bench.BeginRound({Probe::kTreeLater});
    const absl::Status measured = bench.Measure(Probe::kTreeLater);
    ASSERT_TRUE(measured.ok()) << measured;
  }
  const Samples& samples = bench.samples();
  EXPECT_EQ(samples.at(Probe::kTreeMembers).size(), 1u);
  EXPECT_EQ(samples.at(Probe::kTreeFirst).size(), samples.at(Probe::kPlainFirst).size());
  EXPECT_EQ(samples.at(Probe::kTreeLater).size(), 8u);
  EXPECT_EQ(samples.at(Probe::kPlainLater).size(), 8u);
  for (const Sample& sample : samples.at(Probe::kTreeLater)) EXPECT_GT(sample.value, 0);
}

DANGOL_TEST_ON_EACH_ENGINE(TreeTest);

}  // namespace
}  // namespace dangol::bench
