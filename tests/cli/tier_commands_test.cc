// dangolctl tier: what members bring along.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "app_fixture.h"
#include "cli/import/lifetime_sums.h"
#include "cli/import/report.h"
#include "text_input.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;

v1::LifetimeImport OldTill() {
  v1::LifetimeImport import;
  import.set_request_id("i-1");
  import.set_source("old till");
  import.set_day("2025-12-31");
  v1::LifetimeSum& spent = *import.add_sums();
  spent.mutable_counted()->set_net_spend("EUR");
  spent.set_amount(120'000);
  v1::LifetimeSum& bought = *import.add_sums();
  bought.mutable_counted()->mutable_purchases();
  bought.set_amount(34);
  return import;
}

TEST_F(AppTest, ImportsWhatOneMemberHadDoneBefore) {
  v1::ImportLifetimeSumsRequest sent;
  v1::ImportLifetimeSumsResponse imported;
  imported.set_member_id("m-1");
  v1::TierStatus& status = *imported.add_ladders();
  status.set_ladder("main");
  status.mutable_tier()->set_name("Gold");
  *imported.add_imports() = OldTill();
  EXPECT_CALL(*server_, ImportLifetimeSums(_)).WillRepeatedly(Answer(sent, imported));
  const Outcome outcome =
      Dangolctl({"tier", "import-lifetime", "--source", "old till", "--day", "2025-12-31", "--sum",
                 "net_spend:EUR=120000", "--sum", "purchases=34", "card:4005"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "4005");
  EXPECT_EQ(sent.source(), "old till");
  EXPECT_EQ(sent.day(), "2025-12-31");
  ASSERT_EQ(sent.sums_size(), 2);
  EXPECT_EQ(sent.sums(0).counted().net_spend(), "EUR");
  EXPECT_EQ(sent.sums(0).amount(), 120'000);
  EXPECT_TRUE(sent.sums(1).counted().has_purchases());
  EXPECT_EQ(sent.request_id().size(), 36);
  EXPECT_THAT(outcome.out, HasSubstr("Gold"));
  EXPECT_THAT(outcome.out, HasSubstr("old till"));
  EXPECT_THAT(outcome.out, HasSubstr("34 purchases"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, NeedsAMemberOrAFileAndSumsThatAreSome) {
  EXPECT_CALL(*server_, ImportLifetimeSums(_)).Times(0);
  EXPECT_EQ(Dangolctl({"tier", "import-lifetime"}).code, ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"tier", "import-lifetime", "card:1", "--file", "x"}).code, ExitCode::kUsage);
  EXPECT_EQ(Dangolctl({"tier", "import-lifetime", "card:1", "--rejects", "x"}).code,
            ExitCode::kUsage);
  for (const char* sum : {"money=5", "net_spend=5", "net_spend:EUR", "purchases:EUR=5",
                          "purchases=five", "purchases=5=6", "active_months=3"}) {
    const Outcome outcome = Dangolctl({"tier", "import-lifetime", "card:1", "--sum", sum});
    EXPECT_EQ(outcome.code, ExitCode::kInvalidArgument) << sum;
    EXPECT_THAT(outcome.error, HasSubstr("dangolctl: ")) << sum;
  }
}

TEST_F(AppTest, TheStatusTellsWhatWasImported) {
  v1::GetTierStatusRequest sent;
  v1::GetTierStatusResponse told;
  v1::TierStatus& status = *told.add_ladders();
  status.set_ladder("main");
  status.mutable_tier()->set_name("Gold");
  v1::CriterionValue& value = *status.add_criteria();
  value.mutable_criterion()->set_net_spend("EUR");
  value.mutable_criterion()->set_at_least(50'000);
  value.set_last_day("2026-03-01");
  value.set_value(130'000);
  value.set_imported(120'000);
  *told.add_imports() = OldTill();
  told.mutable_imports(0)->set_merged_member_id("m-2");
  EXPECT_CALL(*server_, GetTierStatus(_)).WillRepeatedly(Answer(sent, told));
  const Outcome outcome = Dangolctl({"tier", "status", "card:4005"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("IMPORTED FROM"));
  EXPECT_THAT(outcome.out, HasSubstr("old till, of m-2"));
  ExpectFits(outcome.out);
}

class LifetimeSourceTest : public testing::Test {
 protected:
  absl::Status Read(const std::string& text, const std::string& run = "") {
    reads_.clear();
    rejected_.clear();
    Input input = TextInput(text);
    LifetimeSource source(input, {"old till", "2025-12-31", run},
                          [this](const Row& row, const RowProblem& problem) {
                            rejected_.push_back(absl::StrCat(row.line, " ", problem.reason));
                          });
    while (true) {
      ReadLifetime read;
      const absl::StatusOr<bool> more = source.Next(read);
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
      reads_.push_back(std::move(read.request));
    }
  }

  std::vector<v1::ImportLifetimeSumsRequest> reads_;
  std::vector<std::string> rejected_;
};

TEST_F(LifetimeSourceTest, ReadsARowForEachMember) {
  ASSERT_TRUE(Read("source,alias_kind,alias_value,member_id,day,visits,net_spend:EUR,"
                   "qualifying_points:points\n"
                   ",card,4005,,,3,120000,\n"
                   "app,,,m-1,2024-12-31,,,0\n"
                   ",card,4006,,,,,\n"
                   ",card,,,,1,1,1\n"
                   ",card,4007,,,1.5,1,1\n"
                   ",card,4008\n")
                  .ok());
  ASSERT_EQ(reads_.size(), 2);
  EXPECT_EQ(reads_[0].source(), "old till");
  EXPECT_EQ(reads_[0].day(), "2025-12-31");
  EXPECT_EQ(reads_[0].member().alias().value(), "4005");
  ASSERT_EQ(reads_[0].sums_size(), 2);
  EXPECT_TRUE(reads_[0].sums(0).counted().has_visits());
  EXPECT_EQ(reads_[0].sums(1).amount(), 120'000);
  EXPECT_EQ(reads_[1].source(), "app");
  EXPECT_EQ(reads_[1].day(), "2024-12-31");
  EXPECT_EQ(reads_[1].member().member_id(), "m-1");
  EXPECT_EQ(reads_[1].sums(0).counted().qualifying_points(), "points");
  EXPECT_EQ(reads_[1].sums(0).amount(), 0);
  EXPECT_THAT(rejected_,
              ElementsAre("4 NO_SUMS", "5 BAD_MEMBER", "6 BAD_NUMBER", "7 MALFORMED_ROW"));
}

TEST_F(LifetimeSourceTest, AColumnThatSaysNothingIsAMistake) {
  EXPECT_THAT(std::string(Read("member_id,net_spent:EUR\nm,1\n").message()),
              HasSubstr("net_spent:EUR"));
  EXPECT_FALSE(Read("member_id,purchases,purchases\nm,1,1\n").ok());
  EXPECT_FALSE(Read("member_id,source\nm,x\n").ok());
  EXPECT_FALSE(Read("").ok());
}

// The request id is what makes running an import again harmless.
TEST_F(LifetimeSourceTest, TheSameRowHasTheSameRequestId) {
  const auto id_of = [&](const std::string& text, const std::string& run = "") {
    EXPECT_TRUE(Read(text, run).ok());
    return reads_.at(0).request_id();
  };
  const std::string id = id_of("member_id,purchases\nm,5\n");
  EXPECT_EQ(id_of("purchases,member_id\r\n\"5\",m\r\n"), id);
  EXPECT_EQ(id_of("member_id,purchases,visits\nm,5,\n"), id);
  EXPECT_NE(id_of("member_id,purchases\nm,6\n"), id);
  EXPECT_NE(id_of("member_id,visits\nm,5\n"), id);
  EXPECT_NE(id_of("member_id,purchases\nn,5\n"), id);
  EXPECT_NE(id_of("member_id,purchases,day\nm,5,2025-12-30\n"), id);
  EXPECT_NE(id_of("member_id,purchases,source\nm,5,app\n"), id);
  EXPECT_NE(id_of("member_id,purchases\nm,5\n", "again"), id);
}

}  // namespace
}  // namespace dangol::cli
