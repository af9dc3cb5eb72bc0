// dangolctl event.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using ::testing::_;
using ::testing::ByMove;
using ::testing::HasSubstr;
using ::testing::Return;

v1::Event Matured() {
  v1::Event event;
  event.set_event_id("12-3456");
  event.set_kind(v1::EVENT_KIND_ADVANCE_MEMBER);
  event.set_member_id("minji");
  event.mutable_recorded_at()->set_seconds(1'770'000'000);
  v1::PointsChange& points = *event.add_points();
  points.set_wallet("points");
  points.set_kind(v1::ENTRY_KIND_MATURE);
  points.set_pending(-30);
  points.set_available(30);
  v1::WorkChange& work = *event.add_work();
  work.set_kind(v1::WORK_KIND_HOSTILE_ADVOCATE);
  work.set_item_id("7");
  work.set_open(true);
  return event;
}

class EventCommandsTest : public AppTest {
 protected:
  // The server tells of one event, and ends so.
  void Tell(const std::string& token, const absl::Status& end = absl::OkStatus()) {
    auto stream = std::make_unique<testing::NiceMock<dangol_mocks::MockEventStream>>();
    v1::WatchEventsResponse response;
    *response.add_events() = Matured();
    response.set_resume_token(token);
    EXPECT_CALL(*stream, Read)
        .WillOnce(Return(std::optional<v1::WatchEventsResponse>(response)))
        .WillRepeatedly(Return(std::nullopt));
    ON_CALL(*stream, Finish).WillByDefault(Return(end));
    EXPECT_CALL(*server_, WatchEvents(_))
        .WillOnce(
            [this, stream = std::move(stream)](const v1::WatchEventsRequest& request) mutable {
              sent_ = request;
              return std::unique_ptr<EventStream>(std::move(stream));
            });
  }

  v1::WatchEventsRequest sent_;
};

TEST_F(EventCommandsTest, TellsWhatChanged) {
  Tell("t-1");
  const Outcome outcome = Dangolctl({"event", "watch", "--member", "card:4005", "--kind",
                                     "advance-member", "--kind", "record-purchase", "--until-now"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(outcome.out,
            "2026-02-02 02:40  12-3456  advance member  of minji  points: mature -30 pending +30; "
            "hostile advocate 7 to be done\n");
  EXPECT_EQ(sent_.member().alias().value(), "4005");
  EXPECT_EQ(sent_.kinds_size(), 2);
  EXPECT_TRUE(sent_.until_now());
}

TEST_F(EventCommandsTest, PrintsALineOfJsonForEach) {
  Tell("t-1");
  const Outcome outcome = Dangolctl({"--output", "json", "event", "watch"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("\"event_id\":\"12-3456\""));
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
}

TEST_F(EventCommandsTest, GoesOnAfterWhatItPrinted) {
  const std::string file = folder_ / "events.token";
  Tell("t-1");
  ASSERT_EQ(Dangolctl({"event", "watch", "--from-now", "--resume", file}).code, ExitCode::kOk);
  EXPECT_TRUE(sent_.from_now());
  EXPECT_EQ(sent_.resume_token(), "");
  Tell("t-2");
  ASSERT_EQ(Dangolctl({"event", "watch", "--from-now", "--resume", file}).code, ExitCode::kOk);
  EXPECT_FALSE(sent_.from_now());
  EXPECT_EQ(sent_.resume_token(), "t-1");
}

TEST_F(EventCommandsTest, SaysHowTheStreamEnded) {
  Tell("t-1", absl::UnavailableError("the server is away"));
  const Outcome outcome = Dangolctl({"event", "watch"});
  EXPECT_EQ(outcome.code, ExitCode::kUnavailable);
  EXPECT_THAT(outcome.error, HasSubstr("the server is away"));
}

TEST_F(EventCommandsTest, RefusesAKindThatIsNone) {
  const Outcome outcome = Dangolctl({"event", "watch", "--kind", "purchase"});
  EXPECT_EQ(outcome.code, ExitCode::kUsage);
}

}  // namespace
}  // namespace dangol::cli
