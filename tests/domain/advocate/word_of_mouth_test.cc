// Advocates by word of mouth: found, at risk, hostile, recovered, lapsed; what is to be done for
// them; and that nobody pays them.

#include "server/domain/advocate/word_of_mouth.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/error.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = ComplaintEventKind;

const absl::Time kMonday = testing::Utc("2026-03-02 10:00:00");

absl::Time Days(int days) { return kMonday + absl::Hours(24 * days); }

Program WithAdvocates() {
  Program program = testing::SimpleProgram();
  program.rfm.emplace();
  program.rfm->rates = {{1, 1, 1}};
  program.activities = {{"review"}, {"visit"}};
  program.adjustment_reasons = {{"campaign", 500, false}, {"goodwill", 500, true}};
  program.house_attribute = "house";
  WordOfMouth& terms = program.word_of_mouth.emplace();
  terms.window_days = 100;
  terms.min_spent_minor = 1'000;
  terms.activities = {{"review", 1}};
  terms.referral_points = 2;
  terms.candidate_points = 3;
  terms.active_points = 5;
  terms.recovered_days = 30;
  terms.drop_days = 20;
  terms.department = "community";
  Care& care = program.care.emplace();
  care.categories = {{"delivery", "Delivery", "logistics", ""}};
  care.deadlines.fill({absl::Hours(10), absl::Hours(40)});
  care.advocates_percent = 50;
  care.surveys = SurveyTerms{6, absl::Hours(72), "care"};
  program.vvip.emplace().department = "concierge";
  program.vvip->assign_within = absl::Hours(24);
  return program;
}

std::string WordOf(WordOfMouthState state) {
  static constexpr const char* kWords[] = {"none",    "candidate", "active", "at risk",
                                           "hostile", "recovered", "lapsed"};
  return kWords[static_cast<size_t>(state)];
}

std::string WordOf(WorkKind kind) {
  static constexpr const char* kWords[] = {"",        "complaint", "unassigned",
                                           "hostile", "overdue",   "unanswered",
                                           "seldom",  "survey",    "bad survey"};
  return kWords[static_cast<size_t>(kind)];
}

// Mina, who talks of the shop.
class WordOfMouthTest : public ::testing::Test {
 protected:
  std::string Do(Action action, absl::Time now) {
    return DetailsOf(mina_.Do(std::move(action), now).status()).reason;
  }

  void Buy(absl::Time at, int64_t minor, absl::Time now = absl::InfinitePast()) {
    Purchase purchase = testing::PurchaseOf({testing::Line(minor)});
    purchase.purchase_id = absl::StrCat("p-", ++count_);
    ASSERT_TRUE(mina_.Buy(std::move(purchase), at, std::max(at, now)).ok());
  }

  void Review(absl::Time at, int times = 1, bool rewarded = false,
              absl::Time now = absl::InfinitePast()) {
    for (int i = 0; i < times; ++i) {
      RecordActivity record;
      record.member = mina_.Me();
      record.activity.activity_id = absl::StrCat("a-", ++count_);
      record.activity.kind = "review";
      record.activity.rewarded = rewarded;
      record.occurred_at = at;
      ASSERT_EQ(Do(std::move(record), std::max(at, now)), "");
    }
  }

  void Complain(const std::string& id, absl::Time at, absl::Time now = absl::InfinitePast()) {
    ASSERT_EQ(Do(FileComplaint{mina_.Me(), id, "delivery", Severity::kHigh, "", "", "cold", at},
                 std::max(at, now)),
              "");
  }

  void Happens(const std::string& id, Kind kind, absl::Time now) {
    ChangeComplaint change;
    change.member = mina_.Me();
    change.complaint_id = id;
    change.request_id = absl::StrCat("r-", ++count_);
    change.kind = kind;
    change.text = "what was said";
    ASSERT_EQ(Do(std::move(change), now), "");
  }

  void Answer(const std::string& id, int recommendation, absl::Time at,
              absl::Time now = absl::InfinitePast()) {
    RecordSurvey record;
    record.member = mina_.Me();
    record.survey.survey_id = id;
    record.survey.recommendation = recommendation;
    record.occurred_at = at;
    ASSERT_EQ(Do(std::move(record), std::max(at, now)), "");
  }

  std::string Complete(WorkKind kind, const std::string& id, absl::Time now) {
    return Do(CompleteWork{mina_.Me(), absl::StrCat("d-", ++count_), kind, id, "called"}, now);
  }

  void BecomeActive() {
    Buy(kMonday, 2'000);
    Review(kMonday, 5);
    Pass(Days(1));
    ASSERT_EQ(Stands(Days(1)), "active");
  }

  void Pass(absl::Time now) { ASSERT_EQ(Do(AdvanceMember{mina_.Me()}, now), ""); }

  std::string Stands(absl::Time now) {
    return WordOf(StandingOf(mina_.state().member, mina_.catalog(), now).word_of_mouth());
  }

  // "2026-03-03 00:00 active".
  std::vector<std::string> History() {
    std::vector<std::string> told;
    for (const WordOfMouthChange& change : mina_.state().member.advocacy.word_of_mouth) {
      told.push_back(absl::StrCat(absl::FormatTime("%m-%d %H:%M", change.at, absl::UTCTimeZone()),
                                  " ", WordOf(change.state), change.about.empty() ? "" : " by ",
                                  change.about));
    }
    return told;
  }

  // "hostile", of what is open in the queue.
  std::vector<std::string> Queue() {
    std::vector<std::string> open;
    for (const WorkItem& item : mina_.state().work_items) {
      if (item.status != WorkStatus::kOpen || item.kind == WorkKind::kComplaint) continue;
      open.push_back(WordOf(item.kind));
    }
    std::sort(open.begin(), open.end());
    return open;
  }

  std::string Give(const std::string& reason, absl::Time now) {
    return Do(AdjustPoints{mina_.Me(), "points", 100, reason, absl::StrCat("g-", ++count_), ""},
              now);
  }

  Scenario mina_{WithAdvocates()};
  int count_ = 0;
};

TEST_F(WordOfMouthTest, AreFoundByWhatTheyDoAndSpend) {
  Review(kMonday, 3);
  EXPECT_EQ(Stands(Days(2)), "none");  // They buy nothing themselves.
  Buy(Days(2), 1'000);
  EXPECT_EQ(Stands(Days(2)), "none");  // Today counts from tomorrow on.
  EXPECT_EQ(Stands(Days(3)), "candidate");
  Review(Days(3), 5, /*rewarded=*/true);
  EXPECT_EQ(Stands(Days(4)), "candidate");  // Whoever is paid speaks for nobody.
  Review(Days(4), 2);
  Pass(Days(5));
  EXPECT_THAT(History(), ElementsAre("03-05 00:00 candidate", "03-07 00:00 active"));
  EXPECT_EQ(mina_.state().member.advocacy.word_of_mouth.back().reason,
            WordOfMouthReason::kInfluence);
}

// The window is a hundred days; three reviews of the first day leave it, then all of it.
TEST_F(WordOfMouthTest, LapseWhenItIsLongAgo) {
  BecomeActive();
  Review(Days(50), 3);
  Pass(Days(99));
  EXPECT_EQ(Stands(Days(99)), "active");
  Buy(Days(99), 1'000);
  Pass(Days(101));
  EXPECT_EQ(Stands(Days(101)), "active");  // With three of five points, as long as it is any.
  Pass(Days(152));
  EXPECT_EQ(Stands(Days(152)), "lapsed");
  Review(Days(152), 3);
  EXPECT_EQ(Stands(Days(153)), "candidate");
}

TEST_F(WordOfMouthTest, TurnHostileWhenNobodyResolvesTheirComplaint) {
  BecomeActive();
  Complain("c", Days(2));
  EXPECT_EQ(Stands(Days(2)), "at risk");
  EXPECT_THAT(Queue(), ElementsAre("unanswered"));
  EXPECT_EQ(mina_.state().member.next_due_at, Days(2) + absl::Hours(5));
  Happens("c", Kind::kAcknowledged, Days(2) + absl::Hours(1));
  EXPECT_THAT(Queue(), IsEmpty());
  EXPECT_EQ(mina_.state().member.next_due_at, Days(2) + absl::Hours(20));
  EXPECT_EQ(Stands(Days(2) + absl::Hours(20) - absl::Seconds(1)), "at risk");
  EXPECT_EQ(Stands(Days(2) + absl::Hours(20)), "hostile");
  // However late the scheduler is.
  Pass(Days(9));
  EXPECT_THAT(Queue(), ElementsAre("hostile"));
  Happens("c", Kind::kResolved, Days(9));
  EXPECT_EQ(Stands(Days(9)), "recovered");
  EXPECT_THAT(Queue(), IsEmpty());
  Pass(Days(40));
  EXPECT_THAT(History(), ElementsAre("03-03 00:00 active", "03-04 10:00 at risk by c",
                                     "03-05 06:00 hostile by c", "03-11 10:00 recovered",
                                     "04-10 00:00 active"));
}

TEST_F(WordOfMouthTest, ReopenedComplaintsPutThemAtRiskAgain) {
  BecomeActive();
  Complain("c", Days(2));
  Happens("c", Kind::kResolved, Days(2) + absl::Hours(1));
  Happens("c", Kind::kUnsatisfied, Days(3));
  EXPECT_EQ(Stands(Days(3)), "at risk");
  Happens("c", Kind::kResolved, Days(3) + absl::Hours(1));
  Happens("c", Kind::kSatisfied, Days(3) + absl::Hours(2));
  EXPECT_EQ(Stands(Days(4)), "recovered");
}

TEST_F(WordOfMouthTest, ABadAnswerWaitsForSomebody) {
  BecomeActive();
  Answer("s", 6, Days(2));
  EXPECT_EQ(Stands(Days(2)), "at risk");
  EXPECT_THAT(Queue(), ElementsAre("bad survey"));
  EXPECT_EQ(Stands(Days(5)), "hostile");
  EXPECT_EQ(Complete(WorkKind::kBadSurvey, "other", Days(4)), "WORK_ITEM_NOT_FOUND");
  EXPECT_EQ(Complete(WorkKind::kBadSurvey, "s", Days(4)), "");
  EXPECT_EQ(Complete(WorkKind::kBadSurvey, "s", Days(4)), "WORK_ITEM_NOT_FOUND");
  EXPECT_THAT(Queue(), IsEmpty());
  EXPECT_EQ(Stands(Days(6)), "recovered");
  Answer("t", 3, Days(7));
  Answer("u", 9, Days(8));  // They are content again.
  EXPECT_THAT(Queue(), IsEmpty());
  EXPECT_EQ(Stands(Days(20)), "recovered");
}

TEST_F(WordOfMouthTest, ComplaintsAreNotDoneByHand) {
  Complain("c", kMonday);
  EXPECT_EQ(Complete(WorkKind::kComplaint, "c", kMonday), "WORK_ENDS_BY_ITSELF");
}

TEST_F(WordOfMouthTest, SignsComeBeforeItHappens) {
  BecomeActive();
  Answer("s", 10, Days(2));
  Answer("t", 9, Days(3));
  EXPECT_THAT(Queue(), IsEmpty());
  Answer("u", 7, Days(4));
  EXPECT_THAT(Queue(), ElementsAre("survey"));
  EXPECT_EQ(Stands(Days(4)), "active");
  EXPECT_EQ(Complete(WorkKind::kFallingSurvey, "u", Days(4)), "");
  // Every other day for twenty days, and then twice in twenty.
  for (int day = 5; day < 25; day += 2) Buy(Days(day), 100);
  EXPECT_THAT(Queue(), IsEmpty());
  Buy(Days(30), 100);
  Buy(Days(40), 100);
  Pass(Days(46));
  EXPECT_THAT(Queue(), ElementsAre("seldom"));
  const std::string id = mina_.state().member.advocacy.alerts.front().item_id;
  Pass(Days(47));
  EXPECT_EQ(mina_.state().member.advocacy.alerts.front().item_id, id);
  EXPECT_EQ(Complete(WorkKind::kFallingFrequency, id, Days(47)), "");
  Pass(Days(48));
  EXPECT_THAT(Queue(), IsEmpty());  // It need not be said every day.
}

// What an incentive paid for once was not done unasked, whatever the program says since.
TEST_F(WordOfMouthTest, WhatWasPaidForCountsForNothing) {
  Program paying = WithAdvocates();
  paying.word_of_mouth.reset();
  Incentive& incentive = paying.incentives.emplace_back();
  incentive.id = "reviews";
  incentive.kind = Engagement{"review", 1, false};
  incentive.reward = {"points", 5, 0};
  mina_ = Scenario(paying);
  Buy(kMonday, 2'000);
  Review(kMonday, 5);
  mina_.Activate(WithAdvocates(), Days(2));
  Pass(Days(3));
  EXPECT_EQ(Stands(Days(3)), "none");
  Review(Days(3), 3);
  Pass(Days(4));
  EXPECT_EQ(Stands(Days(4)), "candidate");
}

TEST_F(WordOfMouthTest, NobodyPaysThem) {
  EXPECT_EQ(Give("campaign", kMonday), "");
  BecomeActive();
  EXPECT_EQ(Give("campaign", Days(1)), "ADVOCATE_NOT_REWARDED");
  EXPECT_EQ(Give("goodwill", Days(1)), "");
  Complain("c", Days(2));
  EXPECT_EQ(Give("campaign", Days(4)), "ADVOCATE_NOT_REWARDED");  // Hostile, or not.
  // The house itself gives them nothing, a friend may.
  Scenario house(WithAdvocates(), 2);
  Scenario friendly(WithAdvocates(), 3);
  house.state().member.attributes = {{"house", "yes"}};
  for (Scenario* giver : {&house, &friendly}) {
    const AdjustPoints adjust{giver->Me(), "points", 100, "campaign", "g", ""};
    ASSERT_TRUE(giver->Do(adjust, Days(4)).ok());
  }
  const auto transfer = [&](Scenario& giver) {
    TransferPoints command;
    command.member = giver.Me();
    command.to = mina_.Me();
    command.transfer_id = "t";
    command.wallet = "points";
    command.points = 10;
    return DetailsOf(giver.DoWith(mina_, command, Days(4)).status()).reason;
  };
  EXPECT_EQ(transfer(house), "ADVOCATE_NOT_REWARDED");
  EXPECT_EQ(transfer(friendly), "");
}

TEST_F(WordOfMouthTest, WhoLeavesSpeaksForNobody) {
  BecomeActive();
  Answer("s", 0, Days(2));
  ChangeStatus close;
  close.member = mina_.Me();
  close.status = MemberStatus::kClosed;
  ASSERT_EQ(Do(close, Days(3)), "");
  EXPECT_EQ(Stands(Days(3)), "lapsed");
  EXPECT_EQ(mina_.state().member.advocacy.word_of_mouth.back().reason, WordOfMouthReason::kLeft);
  EXPECT_THAT(Queue(), IsEmpty());
}

// What somebody does who did not: a VVIP has to have somebody by name.
TEST_F(WordOfMouthTest, VvipsAreLookedAfterByName) {
  Buy(kMonday, 5'000);
  Norms norms;
  norms.from = NumberOf(absl::ToCivilDay(Days(2), absl::UTCTimeZone()));
  norms.day = norms.from - 2;
  norms.effective_from = testing::Utc("2026-03-04 00:00:00");
  norms.basis = BasisOf(*mina_.catalog().versions().back().program);
  norms.only_advocates = true;
  norms.advocates =
      AdvocateNorms{100, VvipRank{5'000, 0, Days(100), {}}, VvipRank{4'000, 0, Days(100), {}}};
  mina_.Learn(norms);
  Pass(Days(1));
  EXPECT_FALSE(IsVvip(mina_.catalog(), Days(1), mina_.state().member));
  EXPECT_TRUE(IsVvip(mina_.catalog(), Days(2), mina_.state().member));
  Pass(Days(2));
  EXPECT_THAT(Queue(), ElementsAre("unassigned"));
  Complain("c", Days(2));
  EXPECT_EQ(Stands(Days(2)), "none");
  // In half the time, as for whoever speaks for the house.
  EXPECT_EQ(mina_.state().member.next_due_at, Days(2) + absl::Hours(5));
  Pass(Days(2) + absl::Hours(5));
  EXPECT_THAT(Queue(), ElementsAre("overdue", "unassigned"));
  // Somebody saw to the first deadline; the second is another matter.
  EXPECT_EQ(Complete(WorkKind::kOverdueVvipComplaint, "c", Days(2) + absl::Hours(6)), "");
  EXPECT_THAT(Queue(), ElementsAre("unassigned"));
  Happens("c", Kind::kAcknowledged, Days(2) + absl::Hours(7));
  Pass(Days(2) + absl::Hours(20));
  EXPECT_THAT(Queue(), ElementsAre("overdue", "unassigned"));
  RecordAdvocate manager;
  manager.member = mina_.Me();
  manager.record.record_id = "m";
  manager.record.kind = AdvocateRecordKind::kManager;
  manager.record.text = "jun";
  ASSERT_EQ(Do(manager, Days(3)), "");
  EXPECT_THAT(Queue(), ElementsAre("overdue"));
  EXPECT_EQ(mina_.state().member.advocacy.alerts.front().owner, "jun");
  manager.record.record_id = "n";
  manager.record.text = "";
  ASSERT_EQ(Do(manager, Days(4)), "");
  EXPECT_THAT(Queue(), ElementsAre("overdue", "unassigned"));
}

// One set of facts, delivered in any order and with any delay: the same states at the end.
TEST_F(WordOfMouthTest, StatesAreTheSameInAnyOrder) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    using Deliver = std::function<void(absl::Time)>;
    std::vector<std::pair<absl::Time, Deliver>> facts;
    const auto add = [&](absl::Time at, Deliver deliver) { facts.emplace_back(at, deliver); };
    for (int i = 0; i < 6; ++i) {
      const absl::Time at = kMonday + absl::Hours(static_cast<int>(random() % 900));
      add(at, [this, at](absl::Time now) { Review(at, 1, false, now); });
      const absl::Time bought = kMonday + absl::Hours(static_cast<int>(random() % 900));
      add(bought, [this, bought](absl::Time now) { Buy(bought, 300, now); });
    }
    for (int i = 0; i < 2; ++i) {
      const absl::Time at = kMonday + absl::Hours(static_cast<int>(random() % 900));
      const int answer = static_cast<int>(random() % 11);
      const std::string id = absl::StrCat("s-", i);
      add(at, [this, at, answer, id](absl::Time now) { Answer(id, answer, at, now); });
    }
    const auto live = [&](bool in_time) {
      mina_ = Scenario(WithAdvocates());
      std::sort(facts.begin(), facts.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      if (!in_time) std::shuffle(facts.begin(), facts.end(), random);
      absl::Time now = kMonday;
      for (const auto& [at, deliver] : facts) {
        now = std::max(now, at);
        if (!in_time) now += absl::Hours(static_cast<int>(random() % 30));
        deliver(now);
      }
      Pass(Days(60));
      return absl::StrJoin(History(), "\n");
    };
    const std::string expected = live(true);
    for (int i = 0; i < 3; ++i) ASSERT_EQ(live(false), expected) << round;
  }
}

}  // namespace
}  // namespace dangol::domain
