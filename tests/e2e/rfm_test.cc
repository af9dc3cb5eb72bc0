// Members are scored by recency, frequency and money, told through the API: a whole year against
// what follows from its rows by definition, and the corners one by one.

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"
#include "tests/e2e/rfm_by_definition.h"
#include "tests/support/shared_clock.h"

namespace dangol::e2e {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

absl::Time NoonOf(absl::CivilDay day) {
  return absl::FromCivil(absl::CivilHour(day) + 12, absl::UTCTimeZone());
}

// The day after the last one of the real history.
const absl::CivilDay kDay(2011, 12, 10);

// A server that goes by a clock of the test's.
class ClockedTest : public ::testing::Test {
 protected:
  void StartAt(absl::CivilDay day, const std::string& program) {
    auto clock = testing::SharedClock::Open(File("clock"));
    ASSERT_TRUE(clock.ok()) << clock.status();
    clock_ = *std::move(clock);
    clock_->Set(NoonOf(day));
    std::ofstream(File("program.txtpb")) << program;
    auto server = testing::ServerProcess::Start(
        {.program = "clocked_dangold",
         .store = store_.url(),
         .more = {"--program=" + File("program.txtpb"), "--clock=" + File("clock")},
         .directory = File("")});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::string File(const std::string& name) const { return directory_.File(name); }
  const std::string& address() const { return server_->address(); }
  Client MakeClient() const { return PatientClient(address()); }

  // What a command prints.
  std::string Run(const std::vector<std::string>& argv) {
    const Ended ended = RunToEnd(argv, File(absl::StrCat("output-", ++runs_)));
    EXPECT_EQ(ended.code, 0) << ended.output;
    return ended.output;
  }
  std::string Ctl(std::vector<std::string> words) {
    words.insert(words.begin(), {testing::ProgramPath("dangolctl"), "--server=" + address()});
    return Run(words);
  }

 private:
  testing::TemporaryDirectory directory_;
  testing::TestStore store_;
  std::unique_ptr<testing::SharedClock> clock_;
  std::optional<testing::ServerProcess> server_;
  int runs_ = 0;
};

// In the shop's own time zone.
std::string ShopProgram() {
  return absl::StrReplaceAll(ProgramText("shop", 10), {{"\"UTC\"", "\"Europe/London\""}}) +
         "rfm {}\n";
}

class RfmYearTest : public ClockedTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(StartAt(kDay, ShopProgram())); }

  std::string Path() {
    const auto path = HistoryPath(GetParam(), File(""), 600);
    EXPECT_TRUE(path.ok()) << path.status();
    return path.value_or("");
  }

  // Imports the history, and works out what it comes to.
  void Use(const std::string& path) {
    const auto rows = ReadHistoryRows(path);
    ASSERT_TRUE(rows.ok()) << rows.status();
    expected_.emplace(*rows, kDay);
    ASSERT_GT(expected_->customers().size(), 10u);
    Run(ImportCommand(address(), path));
  }

  static void ExpectPoints(const google::protobuf::RepeatedPtrField<v1::RfmCutPoint>& points,
                           const std::vector<int64_t>& fifths) {
    ASSERT_EQ(points.size(), 4);
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(points[i].denominator(), 5);
      EXPECT_EQ(points[i].whole() * 5 + points[i].numerator(), fifths[static_cast<size_t>(i)]);
    }
  }

  void ExpectWhole(const v1::GetRfmResponse& rfm) {
    EXPECT_EQ(rfm.basis().day(), "2011-12-10");
    EXPECT_EQ(rfm.basis().first_day(), "2010-12-11");
    EXPECT_EQ(rfm.basis().base_currency(), "GBP");
    EXPECT_EQ(rfm.members(), static_cast<int64_t>(expected_->customers().size()));
    EXPECT_EQ(rfm.members() + rfm.without_purchase(), TotalsOf(MakeClient()).members());
    ExpectPoints(rfm.basis().cut_points().r(), expected_->cut_points().days);
    ExpectPoints(rfm.basis().cut_points().f(), expected_->cut_points().purchases);
    ExpectPoints(rfm.basis().cut_points().m(), expected_->cut_points().pence);
    std::map<std::pair<int, int>, int64_t> grid;
    std::map<std::string, int64_t> segments;
    std::map<std::string, int64_t> pence;
    for (const auto& [name, customer] : expected_->customers()) {
      ++grid[{customer.r, customer.f}];
      ++segments[customer.segment];
      pence[customer.segment] += customer.pence;
    }
    EXPECT_EQ(rfm.grid_size(), 25);
    for (const v1::RfmCell& cell : rfm.grid()) {
      EXPECT_EQ(cell.members(), (grid[{cell.r(), cell.f()}])) << cell.ShortDebugString();
    }
    EXPECT_EQ(rfm.segments_size(), 11);
    for (const v1::RfmSegmentCount& count : rfm.segments()) {
      const std::string& id = count.segment().id();
      EXPECT_EQ(count.members(), segments[id]) << id;
      if (segments[id] == 0) continue;
      EXPECT_EQ(count.average_minor(), (2 * pence[id] + segments[id]) / (2 * segments[id])) << id;
    }
  }

  void ExpectEveryCustomer(const v1::RfmCutPoints& cut_points) {
    Client client = MakeClient();
    v1::GetMemberRfmRequest request;
    *request.mutable_cut_points() = cut_points;
    for (const auto& [name, customer] : expected_->customers()) {
      *request.mutable_member() = MemberByAlias("customer", name);
      const auto told = client.GetMemberRfm(request);
      ASSERT_TRUE(told.ok()) << told.status();
      ASSERT_EQ(told->values().recency_days(), customer.days) << name;
      ASSERT_EQ(told->values().purchases(), customer.purchases) << name;
      ASSERT_EQ(told->values().spent_minor(), customer.pence) << name;
      ASSERT_EQ(told->scores().r(), customer.r) << name;
      ASSERT_EQ(told->scores().f(), customer.f) << name;
      ASSERT_EQ(told->scores().m(), customer.m) << name;
      ASSERT_EQ(told->segment().id(), customer.segment) << name;
    }
  }

  void ExpectAsDefined() {
    const auto rfm = MakeClient().GetRfm(v1::GetRfmRequest());
    ASSERT_TRUE(rfm.ok()) << rfm.status();
    ExpectWhole(*rfm);
    ExpectEveryCustomer(rfm->basis().cut_points());
    // Without cut points it is the same.
    const auto& [name, customer] = *expected_->customers().begin();
    v1::GetMemberRfmRequest request;
    *request.mutable_member() = MemberByAlias("customer", name);
    const auto told = MakeClient().GetMemberRfm(request);
    ASSERT_TRUE(told.ok()) << told.status();
    EXPECT_EQ(told->basis().DebugString(), rfm->basis().DebugString());
    EXPECT_EQ(told->segment().id(), customer.segment);
  }

  std::optional<RfmByDefinition> expected_;
};

INSTANTIATE_TEST_SUITE_P(, RfmYearTest, ::testing::ValuesIn(Histories()), NameOf);

// Purchases only: what came back is left out of the import.
TEST_P(RfmYearTest, PurchasesAloneAreScoredAsDefined) {
  const auto parts = SplitHistory(Path(), File(""), 1);
  ASSERT_TRUE(parts.ok()) << parts.status();
  ASSERT_NO_FATAL_FAILURE(Use(parts->front()));
  ExpectAsDefined();
}

TEST_P(RfmYearTest, NetOfReturnsIsScoredAsDefined) {
  ASSERT_NO_FATAL_FAILURE(Use(Path()));
  ExpectAsDefined();

  // And told by the commands.
  const std::string customer = expected_->customers().begin()->first;
  const Json rfm = Json::parse(Ctl({"--output=json", "rfm", "cut-points"}));
  EXPECT_EQ(rfm["basis"]["cut_points"]["r"].size(), 4u);
  EXPECT_EQ(rfm["members"], expected_->customers().size());
  EXPECT_THAT(Ctl({"rfm", "cut-points", "--as-of=2011-12-10T00:00:00Z"}),
              HasSubstr("2010-12-11 to 2011-12-10"));
  EXPECT_THAT(Ctl({"rfm", "grid"}), HasSubstr(" R 5 |"));
  EXPECT_THAT(Ctl({"rfm", "segments"}), HasSubstr("Potential Loyalist"));
  EXPECT_THAT(Ctl({"rfm", "member", "customer:" + customer}), HasSubstr("M: spent"));
}

class RfmTest : public ClockedTest {
 protected:
  static constexpr char kThresholds[] =
      "rfm {\n"
      "  scores: 2 thresholds { r: 30 f: 1 m: 1000 }\n"
      "  segments { id: \"good\" r { least: 2 } f { least: 2 } }\n"
      "  segments { id: \"others\" name: \"Others\" }\n"
      "}\n";

  void StartWith(const std::string& rfm) {
    ASSERT_NO_FATAL_FAILURE(StartAt(kDay, ProgramText("corners", 10) + rfm));
  }

  void Buy(const std::string& card, absl::CivilDay day, int64_t pence) {
    v1::Purchase purchase = PurchaseBuilder(absl::StrCat("p-", ++purchases_), Card(card))
                                .Currency("GBP")
                                .Goods("tea", 1, pence)
                                .Build();
    *purchase.mutable_occurred_at() = ToTimestamp(NoonOf(day));
    const auto response = MakeClient().RecordPurchase(purchase);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  absl::StatusOr<v1::GetMemberRfmResponse> Member(const std::string& card, absl::CivilDay day) {
    v1::GetMemberRfmRequest request;
    *request.mutable_member() = Card(card);
    *request.mutable_as_of() = ToTimestamp(NoonOf(day));
    return MakeClient().GetMemberRfm(request);
  }

  // "R F M segment".
  std::string Told(const std::string& card, absl::CivilDay day = kDay) {
    const auto told = Member(card, day);
    if (!told.ok()) return told.status().ToString();
    if (!told->has_scores()) return "not scored";
    return absl::StrCat(told->scores().r(), " ", told->scores().f(), " ", told->scores().m(), " ",
                        told->segment().id());
  }

  int purchases_ = 0;
};

TEST_F(RfmTest, ScoresByThresholdsChangeWithTheDay) {
  ASSERT_NO_FATAL_FAILURE(StartWith(kThresholds));
  EnrollCard(MakeClient(), "1");
  EXPECT_EQ(Told("1"), "not scored");
  Buy("1", kDay - 40, 600);
  EXPECT_EQ(Told("1"), "1 1 1 others");
  Buy("1", kDay - 3, 0);
  EXPECT_EQ(Told("1"), "1 1 1 others") << "nothing was paid";
  Buy("1", kDay - 3, 401);
  EXPECT_EQ(Told("1"), "2 2 2 good");
  EXPECT_EQ(Told("1", kDay - 4), "1 1 1 others");
  EXPECT_EQ(Told("1", kDay - 41), "not scored");
  EXPECT_EQ(Told("1", kDay + 27), "2 2 2 good") << "the thirtieth day";
  EXPECT_EQ(Told("1", kDay + 28), "1 2 2 others");
  EXPECT_EQ(Told("1", kDay + 361), "1 1 1 others");
}

TEST_F(RfmTest, WhoWasMergedOrHasLeftIsNotCounted) {
  ASSERT_NO_FATAL_FAILURE(StartWith(kThresholds));
  for (const char* card : {"1", "2", "3", "4"}) EnrollCard(MakeClient(), card);
  for (const char* card : {"1", "2", "3"}) Buy(card, kDay - 3, 600);
  EXPECT_EQ(MakeClient().GetRfm(v1::GetRfmRequest())->members(), 3);
  EXPECT_EQ(MakeClient().GetRfm(v1::GetRfmRequest())->without_purchase(), 1);
  v1::MergeMembersRequest merge;
  merge.set_request_id("merge");
  *merge.mutable_into() = Card("1");
  *merge.mutable_member() = Card("2");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  v1::CloseMemberRequest close;
  close.set_request_id("close");
  *close.mutable_member() = Card("3");
  ASSERT_TRUE(MakeClient().CloseMember(close).ok());
  EXPECT_EQ(MakeClient().GetRfm(v1::GetRfmRequest())->members(), 1);
  EXPECT_EQ(Told("1"), "2 2 2 good");
  EXPECT_EQ(Told("2"), "2 2 2 good") << "they are one";
  EXPECT_EQ(Told("3"), "not scored");
}

TEST_F(RfmTest, MoreMembersThanAPageHas) {
  ASSERT_NO_FATAL_FAILURE(StartWith("rfm {}\n"));
  for (int i = 0; i < 1'003; ++i) EnrollCard(MakeClient(), absl::StrCat(i));
  Buy("0", kDay, 100);
  Buy("1002", kDay, 200);
  const auto rfm = MakeClient().GetRfm(v1::GetRfmRequest());
  ASSERT_TRUE(rfm.ok()) << rfm.status();
  EXPECT_EQ(rfm->members(), 2);
  EXPECT_EQ(rfm->without_purchase(), 1'001);
}

TEST_F(RfmTest, WhatCantBeToldIsSaid) {
  ASSERT_NO_FATAL_FAILURE(StartWith("rfm {}\n"));
  EXPECT_EQ(ErrorReason(Member("nobody", kDay).status()), "MEMBER_NOT_FOUND");
  EnrollCard(MakeClient(), "1");
  EXPECT_TRUE(Member("1", kDay - 394).ok());
  const absl::Status early = Member("1", kDay - 395).status();
  EXPECT_TRUE(absl::IsInvalidArgument(early)) << early;
  EXPECT_THAT(std::string(early.message()), HasSubstr("2010-11-11"));
  v1::GetMemberRfmRequest request;
  *request.mutable_member() = Card("1");
  for (int i = 0; i < 4; ++i) {
    for (auto* points :
         {request.mutable_cut_points()->mutable_r(), request.mutable_cut_points()->mutable_f(),
          request.mutable_cut_points()->mutable_m()}) {
      points->Add()->set_whole(i);
    }
  }
  EXPECT_TRUE(MakeClient().GetMemberRfm(request).ok());
  request.mutable_cut_points()->mutable_m(1)->set_whole(7);
  const absl::Status descends = MakeClient().GetMemberRfm(request).status();
  EXPECT_TRUE(absl::IsInvalidArgument(descends)) << descends;
  request.mutable_cut_points()->mutable_m()->RemoveLast();
  EXPECT_TRUE(absl::IsInvalidArgument(MakeClient().GetMemberRfm(request).status()));
}

TEST_F(RfmTest, AProgramThatDoesNotSayHowScoresNobody) {
  ASSERT_NO_FATAL_FAILURE(StartWith(""));
  EXPECT_EQ(ErrorReason(MakeClient().GetRfm(v1::GetRfmRequest()).status()), "RFM_NOT_DECLARED");
}

}  // namespace
}  // namespace dangol::e2e
