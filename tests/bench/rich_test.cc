#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/v1/program.pb.h"
#include "tests/bench/engine_fixture.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/households.h"
#include "tests/bench/process.h"
#include "tests/bench/requests.h"
#include "tests/bench/rich_program.h"
#include "tests/bench/seeder.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kMembers = 2 * kMembersPerHousehold;
constexpr uint64_t kBoughtAfterwards = 500;

TEST(RichProgramTest, HasTwentyRulesBesideTheSamplesThreeTenIncentivesAndThreeTiers) {
  v1::Program program;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(RichProgramText(), &program));
  EXPECT_EQ(program.earning_rules_size() + program.multipliers_size(), 23);
  EXPECT_EQ(program.wallets_size(), 2);
  EXPECT_EQ(program.incentives_size(), 10);
  EXPECT_EQ(program.ladders(0).tiers_size(), 3);
}

// A store with the rich program, whose members have bought for two years.
class RichTest : public EngineTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EngineTest::SetUp());
    Histories histories = MakeHistories();
    url_ = *engine_->NewStore();
    database_ = *engine_->Open(url_);
    absl::StatusOr<Seeded> seeded = Seed(std::move(histories), *database_, kMembers);
    ASSERT_TRUE(seeded.ok()) << seeded.status();
    seeded_ = *std::move(seeded);
  }

  Histories MakeHistories() {
    const std::string program = directory_->path() + "/rich_program.txtpb";
    EXPECT_TRUE(WriteFile(program, RichProgramText()).ok());
    const std::string url = *engine_->NewStore();
    const std::unique_ptr<DangolServer> server = *DangolServer::Start(
        ProgramDirectory() + "/dangold", url, directory_->path(), {"--program=" + program});
    const std::vector<std::string> members = *server->Enroll(kHistories);
    EXPECT_TRUE(RecordHistories(server->port(), members, kWeekly, absl::Now()).ok());
    EXPECT_TRUE(server->Stop().ok());
    return *ReadHistories(**engine_->Open(url), members, kWeekly);
  }

  int64_t EntriesOf(const std::string& rule) {
    return *database_->Integer(
        absl::StrCat("SELECT count(*) FROM ledger_entry WHERE rule_id = '", rule, "'"));
  }

  std::string url_;
  std::unique_ptr<Database> database_;
  Seeded seeded_;
};

TEST_P(RichTest, MembersHaveTwoYearsBehindThemAndGoOnBuyingSomeInHouseholds) {
  EXPECT_GE(seeded_.purchases, 100 * kMembers);
  EXPECT_GE(*database_->Integer("SELECT min(length(record)) FROM member"), 400);
  // The promotion's dates are over, so its budget is looked at and gives nothing.
  EXPECT_EQ(EntriesOf("spring-2023"), 0);
  EXPECT_GT(EntriesOf("bread-weekday"), 0);
  EXPECT_GE(EntriesOf("incentive:tenth-visit"), 10 * static_cast<int64_t>(kMembers));
  EXPECT_EQ(
      EntriesOf("incentive:tenth-visit"),
      *database_->Integer("SELECT count(*) FROM award WHERE cause = 'incentive:tenth-visit'"));
  const std::unique_ptr<DangolServer> server = StartServer(url_);
  const absl::Status formed = FormHouseholds(server->port(), seeded_.members);
  ASSERT_TRUE(formed.ok()) << formed;
  EXPECT_EQ(*database_->Integer("SELECT count(*) FROM member WHERE merged_into IS NOT NULL"),
            static_cast<int64_t>(HouseholdsAmong(kMembers)));
  const Requests requests(seeded_.members, absl::Now());
  const LoadOptions options = {.port = server->port(),
                               .path = kRecordPurchasePath,
                               .in_flight = 16,
                               .calls_max = kBoughtAfterwards};
  const auto bought = RunCleanLoad(
      options, [&](uint64_t number, std::string* body) { requests.AppendPurchase(number, body); });
  ASSERT_TRUE(bought.ok()) << bought.status();
  EXPECT_TRUE(server->Stop().ok());
  database_.reset();
  const storage::StoredTotals totals = BalancedTotals(url_);
  EXPECT_EQ(totals.purchases, static_cast<int64_t>(seeded_.purchases + kBoughtAfterwards));
  EXPECT_EQ(totals.wallets.size(), 2u);
}

DANGOL_TEST_ON_EACH_ENGINE(RichTest);

}  // namespace
}  // namespace dangol::bench
