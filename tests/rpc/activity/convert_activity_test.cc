#include "server/rpc/activity/convert_activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/rpc/activity/convert_profile.h"

namespace dangol::rpc {
namespace {

using ::testing::UnorderedElementsAreArray;

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations)
    fields.push_back(violation.field);
  return fields;
}

v1::RecordActivityRequest Review() {
  v1::RecordActivityRequest message;
  v1::Activity& activity = *message.mutable_activity();
  activity.set_activity_id("review-1");
  activity.mutable_member()->mutable_alias()->set_kind("card");
  activity.mutable_member()->mutable_alias()->set_value("4005");
  activity.set_kind("review");
  activity.set_rewarded(true);
  activity.set_channel("app");
  activity.set_reference("latte");
  return message;
}

TEST(ConvertActivityTest, TakesOverEveryField) {
  const absl::StatusOr<lane::Request> request = ToRequest(Review());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(request->key == (storage::RequestKey{storage::RequestScope::kActivity, "review-1"}));
  const auto& record = std::get<domain::RecordActivity>(request->command.action);
  EXPECT_EQ(record.member.alias.value, "4005");
  EXPECT_EQ(record.activity.activity_id, "review-1");
  EXPECT_EQ(record.activity.kind, "review");
  EXPECT_TRUE(record.activity.rewarded);
  EXPECT_EQ(record.activity.channel, "app");
  EXPECT_EQ(record.activity.reference, "latte");
  EXPECT_FALSE(record.occurred_at.has_value());
}

TEST(ConvertActivityTest, NamesEveryFieldThatIsWrong) {
  struct Case {
    std::string name;
    std::function<void(v1::Activity&)> spoil;
    std::vector<std::string> fields;
  };
  const std::vector<Case> cases = {
      {"no id", [](auto& a) { a.clear_activity_id(); }, {"activity.activity_id"}},
      {"no member", [](auto& a) { a.clear_member(); }, {"activity.member"}},
      {"no kind", [](auto& a) { a.clear_kind(); }, {"activity.kind"}},
      {"kind in capitals", [](auto& a) { a.set_kind("Review"); }, {"activity.kind"}},
      {"long kind",
       [](auto& a) { a.set_kind(std::string(limits::kMaxNameBytes + 1, 'a')); },
       {"activity.kind"}},
      {"time out of range",
       [](auto& a) { a.mutable_occurred_at()->set_nanos(-1); },
       {"activity.occurred_at"}},
      {"long channel", [](auto& a) { a.set_channel(std::string(33, 'a')); }, {"activity.channel"}},
      {"long reference",
       [](auto& a) { a.set_reference(std::string(129, 'a')); },
       {"activity.reference"}},
      {"all at once",
       [](auto& a) { a.Clear(); },
       {"activity.activity_id", "activity.member", "activity.kind"}},
  };
  for (const Case& c : cases) {
    v1::RecordActivityRequest message = Review();
    c.spoil(*message.mutable_activity());
    const absl::Status status = ToRequest(message).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.name;
    EXPECT_THAT(FieldsOf(status), UnorderedElementsAreArray(c.fields)) << c.name;
  }
}

TEST(ConvertActivityTest, UndoingIsNamedByTheActivity) {
  v1::UndoActivityRequest message;
  EXPECT_THAT(FieldsOf(ToRequest(message).status()), ::testing::ElementsAre("activity_id"));
  message.set_activity_id("review-1");
  const absl::StatusOr<lane::Request> request = ToRequest(message);
  ASSERT_TRUE(request.ok());
  EXPECT_TRUE(request->key ==
              (storage::RequestKey{storage::RequestScope::kUndoActivity, "review-1"}));
}

TEST(ConvertProfileTest, TheWindowHas365DaysWhereNobodySaysOtherwise) {
  v1::GetProfileRequest message;
  message.mutable_member()->set_member_id("01935d2e-8c00-7000-8000-000000000001");
  const domain::DayNumber today = domain::NumberOf(absl::CivilDay(2026, 7, 1));
  domain::Days days = WindowOf(*ToQuery(message), today);
  EXPECT_EQ(days.until - days.from, 365);
  EXPECT_EQ(days.until, today + 1);
  message.set_last_day("2026-03-31");
  message.set_first_day("2026-01-01");
  days = WindowOf(*ToQuery(message), today);
  EXPECT_EQ(domain::DayOf(days.from), absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(domain::DayOf(days.until), absl::CivilDay(2026, 4, 1));
  message.clear_last_day();
  EXPECT_EQ(WindowOf(*ToQuery(message), today).until, today + 1);
}

TEST(ConvertProfileTest, RefusesWhatIsNoWindow) {
  v1::GetProfileRequest message;
  message.set_first_day("31 March");
  message.set_last_day("2026-13-01");
  message.set_favourites(101);
  EXPECT_THAT(FieldsOf(ToQuery(message).status()),
              UnorderedElementsAreArray({"member", "first_day", "last_day", "favourites"}));
  message.set_first_day("2026-03-31");
  message.set_last_day("2026-03-30");
  message.set_favourites(0);
  EXPECT_THAT(FieldsOf(ToQuery(message).status()),
              UnorderedElementsAreArray({"member", "last_day"}));
}

}  // namespace
}  // namespace dangol::rpc
