// Complaints: where they stand, for how long, and who has missed what.

#include "server/domain/care/complaint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/domain/care/work_item.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using Kind = ComplaintEventKind;

const absl::Time kMonday = testing::Utc("2026-03-02 08:00:00");

Program WithCare() {
  Program program = testing::SimpleProgram();
  program.adjustment_reasons = {{"goodwill", 300, true}};
  Care care;
  care.categories = {{"delivery", "Delivery", "logistics", "mina"}, {"taste", "Taste", "kitchen"}};
  care.deadlines = {CareDeadlines{absl::Hours(24), absl::Hours(96)},
                    CareDeadlines{absl::Hours(8), absl::Hours(48)},
                    CareDeadlines{absl::Hours(2), absl::Hours(24)}};
  care.advocates_percent = 50;
  care.escalate_to = {"head", "owner"};
  care.goodwill = {"points", "goodwill", 500};
  program.care = care;
  program.testimony_scopes = {"web"};
  return program;
}

// Hana complains that what she ordered came cold.
class ComplaintTest : public ::testing::Test {
 protected:
  std::string File(const std::string& id, absl::Time at, Severity severity = Severity::kMedium,
                   const std::string& category = "delivery") {
    FileComplaint file;
    file.member = hana_.Me();
    file.complaint_id = id;
    file.category = category;
    file.severity = severity;
    file.text = "it was cold";
    return Do(std::move(file), at);
  }

  std::string Happens(Kind kind, absl::Time at, int64_t points = 0) {
    ChangeComplaint change;
    change.member = hana_.Me();
    change.complaint_id = "c";
    change.request_id = absl::StrCat("r-", ++requests_);
    change.kind = kind;
    change.text = "what was said";
    change.department = kind == Kind::kAssigned ? "kitchen" : "";
    change.points = points;
    return Do(std::move(change), at);
  }

  // Why it is refused; empty where it is not.
  std::string Do(Action action, absl::Time at) {
    return DetailsOf(hana_.Do(std::move(action), at).status()).reason;
  }

  Complaint Stored() { return *ComplaintOf(hana_.state().work_items.front()); }
  ComplaintStatus StatusOn(absl::Time at) { return StatusAt(Stored(), at); }

  Scenario hana_{WithCare()};
  int requests_ = 0;
};

TEST_F(ComplaintTest, GoesToWhoseWorkItIs) {
  ASSERT_EQ(File("c", kMonday), "");
  const WorkItem& item = hana_.state().work_items.front();
  EXPECT_EQ(item.department, "logistics");
  EXPECT_EQ(item.owner, "mina");
  EXPECT_EQ(item.due_at, kMonday + absl::Hours(8));
  EXPECT_EQ(item.status, WorkStatus::kOpen);
  ASSERT_EQ(Happens(Kind::kAssigned, kMonday + absl::Hours(1)), "");
  EXPECT_EQ(hana_.state().work_items.front().department, "kitchen");
  EXPECT_EQ(hana_.state().work_items.front().owner, "");
  EXPECT_EQ(hana_.state().work_items.front().due_at, kMonday + absl::Hours(8));
  EXPECT_EQ(File("d", kMonday, Severity::kLow, "price"), "CATEGORY_NOT_DECLARED");
}

TEST_F(ComplaintTest, DeadlinesAreMissedWhenTheyPass) {
  ASSERT_EQ(File("c", kMonday), "");
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(8) - absl::Microseconds(1)).missed, 0);
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(8)).missed, 1);
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(48)).missed, 2);
  // Whoever answers late has met it.
  ASSERT_EQ(Happens(Kind::kAcknowledged, kMonday + absl::Hours(49)), "");
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(49)).missed, 1);
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(49)).due_at, kMonday + absl::Hours(48));
  ASSERT_EQ(Happens(Kind::kResolved, kMonday + absl::Hours(50)), "");
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(900)).missed, 0);
  EXPECT_EQ(hana_.state().work_items.front().status, WorkStatus::kDone);
}

TEST_F(ComplaintTest, WhoIsNotContentOpensItAgainWithNewDeadlines) {
  ASSERT_EQ(File("c", kMonday), "");
  ASSERT_EQ(Happens(Kind::kAcknowledged, kMonday + absl::Hours(1)), "");
  ASSERT_EQ(Happens(Kind::kResolved, kMonday + absl::Hours(4)), "");
  ASSERT_EQ(Happens(Kind::kUnsatisfied, kMonday + absl::Hours(10)), "");
  const ComplaintStatus again = StatusOn(kMonday + absl::Hours(10));
  EXPECT_EQ(again.state, ComplaintState::kOpen);
  EXPECT_EQ(again.reopened, 1);
  EXPECT_EQ(again.due_at, kMonday + absl::Hours(18));
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(18)).missed, 1) << "it is escalated again";
  ASSERT_EQ(Happens(Kind::kResolved, kMonday + absl::Hours(20)), "");
  ASSERT_EQ(Happens(Kind::kSatisfied, kMonday + absl::Hours(21)), "");
  const ComplaintStatus closed = StatusOn(kMonday + absl::Hours(100));
  EXPECT_EQ(closed.state, ComplaintState::kClosed);
  EXPECT_EQ(closed.times.open, absl::Hours(1 + 10));
  EXPECT_EQ(closed.times.acknowledged, absl::Hours(3));
  EXPECT_EQ(closed.times.resolved, absl::Hours(6 + 1));
  ASSERT_EQ(Happens(Kind::kReopened, kMonday + absl::Hours(200)), "");
  EXPECT_EQ(StatusOn(kMonday + absl::Hours(200)).reopened, 2);
  EXPECT_EQ(hana_.state().work_items.front().due_at, kMonday + absl::Hours(208));
}

TEST_F(ComplaintTest, RefusesWhatCannotHappenToIt) {
  ASSERT_EQ(File("c", kMonday), "");
  EXPECT_EQ(Happens(Kind::kSatisfied, kMonday), "COMPLAINT_NOT_READY") << "without an outcome";
  EXPECT_EQ(Happens(Kind::kReopened, kMonday), "COMPLAINT_NOT_READY");
  ASSERT_EQ(Happens(Kind::kAcknowledged, kMonday), "");
  EXPECT_EQ(Happens(Kind::kAcknowledged, kMonday), "COMPLAINT_NOT_READY");
  ASSERT_EQ(Happens(Kind::kResolved, kMonday), "");
  EXPECT_EQ(Happens(Kind::kResolved, kMonday), "COMPLAINT_NOT_READY");
  EXPECT_EQ(Happens(Kind::kAcknowledged, kMonday), "COMPLAINT_NOT_READY");
  ASSERT_EQ(Happens(Kind::kSatisfied, kMonday), "");
  EXPECT_EQ(Happens(Kind::kGoodwill, kMonday, 1), "COMPLAINT_NOT_READY");
  EXPECT_EQ(Happens(Kind::kUnsatisfied, kMonday), "COMPLAINT_NOT_READY");
}

TEST_F(ComplaintTest, GoodwillIsCappedInOneAndInParts) {
  ASSERT_EQ(File("c", kMonday), "");
  EXPECT_EQ(Happens(Kind::kGoodwill, kMonday, 501), "GOODWILL_TOO_LARGE");
  EXPECT_EQ(Happens(Kind::kGoodwill, kMonday, 301), "ADJUSTMENT_TOO_LARGE");
  ASSERT_EQ(Happens(Kind::kGoodwill, kMonday, 300), "");
  EXPECT_EQ(Happens(Kind::kGoodwill, kMonday, 201), "GOODWILL_TOO_LARGE");
  ASSERT_EQ(Happens(Kind::kGoodwill, kMonday, 200), "");
  EXPECT_EQ(Happens(Kind::kGoodwill, kMonday, 1), "GOODWILL_TOO_LARGE");
  EXPECT_EQ(StatusOn(kMonday).goodwill, 500);
  EXPECT_EQ(hana_.Balance(), "0/500");
  EXPECT_EQ(hana_.entries().back().kind, EntryKind::kAdjust);
  EXPECT_EQ(hana_.entries().back().reason, "goodwill");
}

TEST_F(ComplaintTest, WhoSpeaksForTheHouseWaitsLess) {
  RecordAdvocate nominate;
  nominate.member = hana_.Me();
  nominate.record.record_id = "n";
  nominate.record.text = "why";
  ASSERT_EQ(Do(nominate, kMonday), "");
  ASSERT_EQ(File("c", kMonday, Severity::kHigh), "");
  EXPECT_EQ(StatusOn(kMonday).acknowledge_by, kMonday + absl::Hours(1));
  EXPECT_EQ(StatusOn(kMonday).resolve_by, kMonday + absl::Hours(12));
}

// Whoever looks at every minute finds the same times and the same missed deadlines, whatever
// happened.
TEST_F(ComplaintTest, TimesAndDeadlinesAreThoseOfEveryMinute) {
  std::mt19937 random(20'261'130);
  for (int life = 0; life < 200; ++life) {
    Complaint complaint;
    complaint.events.push_back({Kind::kFiled, kMonday});
    complaint.events[0].acknowledge_by = kMonday + absl::Minutes(10);
    complaint.events[0].resolve_by = kMonday + absl::Minutes(25);
    absl::Time at = kMonday;
    for (int i = 0; i < 8; ++i) {
      at += absl::Minutes(random() % 9);
      const Kind kind = static_cast<Kind>(2 + random() % 7);
      if (!CanHappen(kind, StatusAt(complaint, at).state)) continue;
      ComplaintEvent& event = complaint.events.emplace_back();
      event.kind = kind;
      event.at = at;
      if (kind != Kind::kUnsatisfied && kind != Kind::kReopened) continue;
      event.acknowledge_by = at + absl::Minutes(10);
      event.resolve_by = at + absl::Minutes(25);
    }
    TimeInStates times;
    for (absl::Time now = kMonday; now < at + absl::Minutes(40); now += absl::Minutes(1)) {
      // As it was known then.
      Complaint then = complaint;
      std::erase_if(then.events, [&](const ComplaintEvent& event) { return event.at > now; });
      const ComplaintStatus status = StatusAt(then, now);
      ASSERT_EQ(status.times, times) << "life " << life << " at " << now;
      const bool is_open = status.state == ComplaintState::kOpen;
      const bool is_unresolved = is_open || status.state == ComplaintState::kAcknowledged;
      ASSERT_EQ(status.missed, (is_open && now >= status.acknowledge_by ? 1 : 0) +
                                   (is_unresolved && now >= status.resolve_by ? 1 : 0));
      ASSERT_EQ(status.due_at == absl::InfiniteFuture(), !is_unresolved);
      times.open += absl::Minutes(is_open ? 1 : 0);
      times.acknowledged += absl::Minutes(status.state == ComplaintState::kAcknowledged ? 1 : 0);
      times.resolved += absl::Minutes(status.state == ComplaintState::kResolved ? 1 : 0);
    }
  }
}

}  // namespace
}  // namespace dangol::domain
