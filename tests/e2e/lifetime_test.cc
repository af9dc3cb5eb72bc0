// Members bring what they had done before, elsewhere, told through the API and the command line.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "nlohmann/json.hpp"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::SizeIs;

// Gold takes 500 pounds in a lifetime, and gives 700 points.
constexpr char kLadder[] = R"(
activities { kind: "review" }
ladders {
  id: "main"
  qualification { rolling { months: 12 } }
  tiers { id: "bronze" }
  tiers {
    id: "gold"
    reach { net_spend: "GBP" at_least: 50000 lifetime: true }
    entry_gift { wallet: "points" points: 700 }
  }
}
)";

v1::LifetimeSum Spent(int64_t pence, const std::string& currency = "GBP") {
  v1::LifetimeSum sum;
  sum.mutable_counted()->set_net_spend(currency);
  sum.set_amount(pence);
  return sum;
}

class LifetimeTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("lifetime", 10) << kLadder;
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"), "--test-clock=2026-03-01T10:00:00+00:00"}));
    id_ = Enroll("4005").member_id();
  }

  static v1::ImportLifetimeSumsRequest Old(const std::string& id,
                                           const std::vector<v1::LifetimeSum>& sums,
                                           const std::string& card = "4005") {
    v1::ImportLifetimeSumsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card(card);
    request.set_source("old till until 2025");
    request.set_day("2025-12-31");
    for (const v1::LifetimeSum& sum : sums) *request.add_sums() = sum;
    return request;
  }

  absl::StatusOr<v1::ImportLifetimeSumsResponse> Import(
      const v1::ImportLifetimeSumsRequest& request) {
    return MakeClient().ImportLifetimeSums(request);
  }

  v1::GetTierStatusResponse Status(const std::string& card = "4005") {
    const auto response = MakeClient().GetTierStatus(Card(card));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::GetTierStatusResponse());
  }
  std::string Tier(const std::string& card = "4005") { return Status(card).ladders(0).tier().id(); }

  int64_t Available() {
    return MakeClient().GetBalance(Card("4005")).value().wallets(0).available();
  }

  std::string id_;
};

TEST_F(LifetimeTest, WhatWasBroughtCountsAndIsToldWithItsSource) {
  const auto imported = Import(Old("i-1", {Spent(49'000)}));
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->member_id(), id_);
  EXPECT_EQ(imported->ladders(0).tier().id(), "bronze");
  const v1::CriterionValue& next = imported->ladders(0).next().criteria(0);
  EXPECT_EQ(next.value(), 49'000);
  EXPECT_EQ(next.imported(), 49'000);
  EXPECT_EQ(next.missing(), 1'000);
  const auto bought = MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000));
  ASSERT_TRUE(bought.ok()) << bought.status();
  EXPECT_EQ(bought->outcome().tiers(0).after().id(), "gold");
  EXPECT_EQ(Available(), 100 + 700);
  const v1::GetTierStatusResponse status = Status();
  EXPECT_EQ(status.ladders(0).criteria(0).value(), 50'000);
  EXPECT_EQ(status.ladders(0).criteria(0).imported(), 49'000);
  EXPECT_EQ(status.ladders(0).since(), "2026-03-01");
  ASSERT_THAT(status.imports(), SizeIs(1));
  EXPECT_EQ(status.imports(0).request_id(), "i-1");
  EXPECT_EQ(status.imports(0).source(), "old till until 2025");
  EXPECT_EQ(status.imports(0).day(), "2025-12-31");
  EXPECT_EQ(status.imports(0).sums(0).counted().net_spend(), "GBP");
  EXPECT_EQ(status.imports(0).sums(0).amount(), 49'000);
  EXPECT_EQ(status.imports(0).merged_member_id(), "");
  ExpectSoundBooks(MakeClient());
}

TEST_F(LifetimeTest, AMistakeIsPutRightByTheSameSource) {
  ASSERT_TRUE(Import(Old("i-1", {Spent(50'000)})).ok());
  EXPECT_EQ(Tier(), "gold");
  EXPECT_EQ(Status().ladders(0).since(), "2025-12-31");
  EXPECT_EQ(Available(), 700);
  ASSERT_TRUE(Import(Old("i-2", {Spent(5'000)})).ok());
  EXPECT_EQ(Tier(), "bronze");
  EXPECT_EQ(Available(), 0);
  EXPECT_EQ(Status().imports(0).request_id(), "i-2");
  // The first again is answered, and changes nothing.
  const auto again = Import(Old("i-1", {Spent(50'000)}));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(again->ladders(0).tier().id(), "gold") << "as it was";
  EXPECT_EQ(Tier(), "bronze");
  ASSERT_TRUE(Import(Old("i-3", {Spent(0)})).ok());
  EXPECT_THAT(Status().imports(), SizeIs(0));
  ExpectSoundBooks(MakeClient());
}

TEST_F(LifetimeTest, AnIdMeansOneImport) {
  ASSERT_TRUE(Import(Old("i-1", {Spent(50'000)})).ok());
  v1::ImportLifetimeSumsRequest other = Old("i-1", {Spent(50'001)});
  other.set_day("2025-12-30");
  const absl::Status reused = Import(other).status();
  ExpectRefused(reused, absl::StatusCode::kAlreadyExists, {"request_id"}, "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorInfo(reused)->metadata().at("fields"), "sums, day");
  EXPECT_EQ(MoneyDiffers(reused), true);
}

TEST_F(LifetimeTest, WhatCannotBeIsRefusedFieldByField) {
  v1::ImportLifetimeSumsRequest bad = Old("", {Spent(-1), Spent(1), Spent(1), Spent(1, "pounds")});
  bad.clear_member();
  bad.set_source(" till");
  bad.set_day("2025-02-30");
  bad.add_sums()->mutable_counted()->mutable_active_months();
  bad.add_sums()->set_amount(1);
  *bad.add_sums() = Spent(1'000'000'000'000'001, "EUR");
  ExpectRefused(
      MakeImpatientClient().ImportLifetimeSums(bad).status(), absl::StatusCode::kInvalidArgument,
      {"member", "source", "day", "sums[0].amount", "sums[1].counted", "sums[2].counted",
       "sums[3].counted.net_spend", "sums[4].counted", "sums[5].counted", "sums[6].amount"});
  bad = Old("i-1", {Spent(1)});
  bad.clear_source();
  bad.clear_day();
  ExpectRefused(Import(bad).status(), absl::StatusCode::kInvalidArgument, {"source", "day"});
  bad = Old("i-1", std::vector<v1::LifetimeSum>(21, Spent(1)));
  ExpectRefused(Import(bad).status(), absl::StatusCode::kInvalidArgument, {"sums"});
  bad = Old("i-1", {Spent(1), Spent(1, "EUR")});
  v1::LifetimeSum& points = *bad.add_sums();
  points.mutable_counted()->set_qualifying_points("miles");
  points.set_amount(1);
  bad.set_day("2026-03-02");
  ExpectRefused(Import(bad).status(), absl::StatusCode::kInvalidArgument,
                {"day", "sums[1].counted.net_spend", "sums[2].counted.qualifying_points"});
  bad = Old("i-1", {Spent(1)});
  bad.set_day("2026-03-02");
  ExpectRefused(Import(bad).status(), absl::StatusCode::kInvalidArgument, {"day"},
                "TIME_IN_FUTURE");
  ExpectRefused(Import(Old("i-1", {Spent(1)}, "nobody")).status(), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  v1::CloseMemberRequest close;
  *close.mutable_member() = Card("4005");
  ASSERT_TRUE(MakeClient().CloseMember(close).ok());
  v1::ImportLifetimeSumsRequest late = Old("i-1", {Spent(1)});
  late.mutable_member()->set_member_id(id_);
  ExpectRefused(Import(late).status(), absl::StatusCode::kFailedPrecondition, {}, "MEMBER_CLOSED");
}

TEST_F(LifetimeTest, WhoPartsTakesAlongWhatTheyBrought) {
  const std::string other = Enroll("4006").member_id();
  ASSERT_TRUE(Import(Old("i-1", {Spent(20'000)})).ok());
  ASSERT_TRUE(Import(Old("i-2", {Spent(30'000)}, "4006")).ok());
  v1::MergeMembersRequest merge;
  merge.set_request_id("m-1");
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_EQ(Tier(), "gold");
  EXPECT_EQ(Status().imports(1).merged_member_id(), other);
  // By their id they are still meant.
  v1::ImportLifetimeSumsRequest theirs = Old("i-3", {Spent(10'000)});
  theirs.mutable_member()->set_member_id(other);
  const auto corrected = Import(theirs);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->member_id(), id_);
  EXPECT_EQ(Tier(), "bronze");
  v1::UnmergeMemberRequest part;
  part.set_request_id("u-1");
  part.set_merged_member_id(other);
  ASSERT_TRUE(MakeClient().UnmergeMember(part).ok());
  EXPECT_EQ(Status("4006").imports(0).sums(0).amount(), 10'000);
  EXPECT_EQ(Status().imports(0).sums(0).amount(), 20'000);
  ExpectSoundBooks(MakeClient());
}

TEST_F(LifetimeTest, AFileIsImportedOnceAndPutRightByAnother) {
  Enroll("4006");
  Enroll("4007");
  std::ofstream(File("members.csv"))
      << "alias_kind,alias_value,net_spend:GBP,purchases,activities:review\n"
      << "card,4005,50000,12,\n"
      << "card,4006,49999,9,2\n"
      << "card,nobody,1,1,1\n"
      << "card,4007,,,\n"
      << "card,4007,much,,\n";
  std::ofstream(File("corrected.csv")) << "alias_kind,alias_value,net_spend:GBP\n"
                                       << "card,4005,100\n";
  int runs = 0;
  const auto run = [&](const std::string& file, int code, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {testing::ProgramPath("dangolctl"),
                                      "--server=" + address(),
                                      "--output=json",
                                      "tier",
                                      "import-lifetime",
                                      "--file=" + File(file),
                                      "--source=old till",
                                      "--day=2025-12-31"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = RunToEnd(words, File(absl::StrCat("output-", ++runs)));
    EXPECT_EQ(ended.code, code) << ended.output;
    // What goes wrong is told after the totals.
    const std::string totals = ended.output.substr(0, ended.output.rfind('}') + 1);
    return nlohmann::json::parse(totals, nullptr, /*allow_exceptions=*/false);
  };
  constexpr int kNotFound = 4;
  auto told = run("members.csv", kNotFound, {"--rejects=" + File("rejects.csv")});
  EXPECT_EQ(told["rows_read"], 5);
  EXPECT_EQ(told["members_imported"], 2);
  EXPECT_EQ(told["members_refused"], 1);
  EXPECT_EQ(told["rejected"],
            (nlohmann::json{{"NO_SUMS", 1}, {"BAD_NUMBER", 1}, {"MEMBER_NOT_FOUND", 1}}));
  EXPECT_EQ(Tier("4005"), "gold");
  EXPECT_EQ(Tier("4006"), "bronze");
  EXPECT_THAT(Status("4006").imports(0).sums(), SizeIs(3));
  told = run("members.csv", kNotFound);
  EXPECT_EQ(told["members_imported"], 0);
  EXPECT_EQ(told["members_replayed"], 2);
  told = run("corrected.csv", 0);
  EXPECT_EQ(told["members_imported"], 1);
  EXPECT_EQ(Tier("4005"), "bronze");
  // The first file again must not look as if it had done something.
  told = run("members.csv", kNotFound);
  EXPECT_EQ(told["members_replayed"], 1);
  EXPECT_EQ(told["rejected"]["REPLACED_SINCE"], 1);
  EXPECT_EQ(Tier("4005"), "bronze");
  told = run("members.csv", kNotFound, {"--run=again"});
  EXPECT_EQ(told["members_imported"], 2);
  EXPECT_EQ(Tier("4005"), "gold");
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
