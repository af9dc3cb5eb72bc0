// Complaints and answers, added up.

#include "server/insight/care_report.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/programs.h"

namespace dangol::insight {
namespace {

using domain::ComplaintMark;
using domain::DayNumber;
using domain::Measure;
using domain::Member;
using ::testing::ElementsAre;

constexpr DayNumber kToday = 20'600;

absl::Time At(DayNumber day, int hour = 12) {
  return absl::FromUnixSeconds(int64_t{day} * 86'400) + absl::Hours(hour);
}

// Somebody who bought on these days.
Member Buyer(const std::vector<DayNumber>& days) {
  Member member;
  member.id = testing::MemberNumber(1);
  for (const DayNumber day : days) {
    Restand({day, {{Measure::kPurchases, "", 1}}}, {}, kToday,
            domain::HistoryOf(member.id, member));
  }
  return member;
}

ComplaintMark Complained(const std::string& id, DayNumber day, int resolved_after_hours,
                         const std::string& category = "delivery") {
  ComplaintMark mark{id, category, At(day), At(day, 20), At(day + 2), std::nullopt, std::nullopt};
  if (resolved_after_hours > 0) mark.resolved_at = At(day) + absl::Hours(resolved_after_hours);
  return mark;
}

Member With(Member member, const std::vector<ComplaintMark>& marks) {
  domain::HistoryOf(member.id, member).care.complaints = marks;
  return member;
}

CareReport ReportOf(const std::vector<Member>& members) {
  CareReport::Question question;
  question.fast = absl::Hours(48);
  question.now = At(kToday);
  question.zone = absl::UTCTimeZone();
  CareReport report(question);
  for (const Member& member : members) report.Add(member);
  return report;
}

// Against R: binom::binom.confint(x, n, methods = "wilson").
TEST(WilsonIntervalTest, IsTheOneOfTheBooks) {
  struct Case {
    Proportion proportion;
    double low;
    double high;
  };
  const Case kCases[] = {{{0, 0}, 0, 1},
                         {{10, 0}, 0, 0.2775328},
                         {{10, 10}, 0.7224672, 1},
                         {{20, 10}, 0.2992980, 0.7007020},
                         {{1000, 500}, 0.4690696, 0.5309304},
                         {{50, 1}, 0.0035390, 0.1049544}};
  for (const Case& one : kCases) {
    const Interval interval = WilsonInterval(one.proportion);
    EXPECT_NEAR(interval.low, one.low, 1e-5) << one.proportion.count;
    EXPECT_NEAR(interval.high, one.high, 1e-5) << one.proportion.count;
  }
}

TEST(DurationsTest, AreNearestRanks) {
  std::vector<absl::Duration> hours;
  EXPECT_EQ(Summarize(hours).count, 0);
  for (int i = 10; i >= 1; --i) hours.push_back(absl::Hours(i));
  EXPECT_EQ(Summarize(hours).median, absl::Hours(5));
  EXPECT_EQ(Summarize(hours).p90, absl::Hours(9));
  EXPECT_EQ(Summarize({absl::Hours(7)}).median, absl::Hours(7));
}

TEST(SurveySumsTest, PromotersLessDetractors) {
  SurveySums sums;
  EXPECT_FALSE(sums.Nps().has_value());
  sums.promoters = 50;
  sums.passives = 30;
  sums.detractors = 20;
  EXPECT_DOUBLE_EQ(*sums.Nps(), 30);
  EXPECT_NEAR(sums.NpsInterval().low, 30 - 15.31, 0.01);
  EXPECT_NEAR(sums.NpsInterval().high, 30 + 15.31, 0.01);
}

TEST(CareReportTest, WhoBuysAgainIsToldByTheirFirstComplaint) {
  const DayNumber day = kToday - 200;
  const CareReport report = ReportOf({
      With(Buyer({day, day + 20}), {Complained("a", day, 24)}),  // Fast, and back.
      With(Buyer({day}), {Complained("b", day, 48)}),            // Fast, and gone.
      With(Buyer({day, day + 3}), {Complained("c", day, 49)}),   // Slow, and back ...
      With(Buyer({day, day + 2}), {Complained("d", day, 72)}),   // ... before it was resolved.
      With(Buyer({day, day + 91}), {Complained("e", day, 0)}),   // No outcome; too late.
      With(Buyer({day, day + 90}), {Complained("f", day, 0)}),   // Just in time.
      With(Buyer({}), {Complained("g", kToday - 60, 24)}),       // The 90 days are not over.
      Buyer({kToday - 100, kToday - 5}),                         // Never complained, and back.
      Buyer({kToday - 100}),                                     // And gone.
      Buyer({kToday - 5}),                                       // Was not there before.
  });
  EXPECT_EQ(report.after_fast().of, 2);
  EXPECT_EQ(report.after_fast().count, 1);
  EXPECT_EQ(report.after_slow().of, 2);
  EXPECT_EQ(report.after_slow().count, 1);
  EXPECT_EQ(report.without_outcome().of, 2);
  EXPECT_EQ(report.without_outcome().count, 1);
  EXPECT_EQ(report.without_complaint().of, 2);
  EXPECT_EQ(report.without_complaint().count, 1);
}

TEST(CareReportTest, CategoriesAreAddedUp) {
  const DayNumber day = kToday - 100;
  ComplaintMark again = Complained("a", day + 5, 0);
  const CareReport report =
      ReportOf({With(Buyer({}), {Complained("a", day, 10), Complained("b", day + 1, 20), again}),
                With(Buyer({}), {Complained("c", day, 30)}),
                With(Buyer({}), {Complained("t", day, 5, "taste")})});
  const std::vector<CategorySummary> categories = report.Categories();
  ASSERT_EQ(categories.size(), 2);
  const CategorySummary& delivery = categories[0];
  EXPECT_EQ(delivery.category, "delivery");
  EXPECT_EQ(delivery.complaints, 3);
  EXPECT_EQ(delivery.members, 2);
  EXPECT_EQ(delivery.recurring_members, 1);
  EXPECT_EQ(delivery.reopened, 1);
  EXPECT_EQ(delivery.overdue, 1);
  EXPECT_EQ(delivery.to_resolve.count, 3);
  EXPECT_EQ(delivery.to_resolve.median, absl::Hours(20));
  EXPECT_EQ(categories[1].complaints, 1);
}

}  // namespace
}  // namespace dangol::insight
