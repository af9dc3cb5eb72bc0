// What happens, as others follow it.

#include "tests/e2e/events.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/servers.h"

namespace dangol::e2e {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;

class EventsTest : public DangoldTest {
 protected:
  void Buy(const std::string& id, int64_t amount_minor = 1'000) {
    const auto bought = MakeClient().RecordPurchase(SmallPurchase(id, amount_minor));
    ASSERT_TRUE(bought.ok()) << bought.status();
  }
};

TEST_F(EventsTest, TellsWhatTookEffectAndNothingElse) {
  const v1::Member member = Enroll("4005");
  Buy("p-1");
  Buy("p-1");  // The same.
  EXPECT_FALSE(MakeImpatientClient().GetPurchase("p-2").ok());
  const Told told = ReadAll(MakeClient(), UntilNow());
  ASSERT_TRUE(told.end.ok()) << told.end;
  ExpectGapless(told.events);
  std::vector<v1::EventKind> kinds;
  for (const v1::Event& event : told.events) {
    if (event.member_id() == member.member_id()) kinds.push_back(event.kind());
  }
  EXPECT_THAT(kinds, ElementsAre(v1::EVENT_KIND_ENROLL_MEMBER, v1::EVENT_KIND_RECORD_PURCHASE));
  EXPECT_THAT(told.events,
              Contains(AllOf(Property(&v1::Event::kind, v1::EVENT_KIND_ACTIVATE_PROGRAM),
                             Property(&v1::Event::program_version, 1))));
  const auto bought = std::find_if(
      told.events.begin(), told.events.end(),
      [](const v1::Event& event) { return event.kind() == v1::EVENT_KIND_RECORD_PURCHASE; });
  EXPECT_EQ(bought->request_id(), "p-1");
  ASSERT_THAT(bought->points(), SizeIs(2));  // With what the first purchase brings.
  EXPECT_EQ(bought->points(0).kind(), v1::ENTRY_KIND_EARN);
  EXPECT_EQ(bought->points(0).pending(), 100);
  EXPECT_EQ(bought->points(1).kind(), v1::ENTRY_KIND_BONUS);
}

TEST_F(EventsTest, NamesNobody) {
  v1::EnrollMemberRequest request;
  *request.add_aliases() = Card("4005-secret").alias();
  (*request.mutable_attributes())["city"] = "Busan-secret";
  ASSERT_TRUE(MakeClient().EnrollMember(request).ok());
  for (const v1::Event& event : ReadAll(MakeClient(), UntilNow()).events) {
    EXPECT_EQ(event.SerializeAsString().find("secret"), std::string::npos) << event.DebugString();
  }
}

TEST_F(EventsTest, GoesOnAfterAToken) {
  Enroll("4005");
  const Told first = ReadAll(MakeClient(), UntilNow());
  EXPECT_THAT(ReadAll(MakeClient(), UntilNow(first.token)).events, IsEmpty());
  Buy("p-1");
  Buy("p-2");
  const Told second = ReadAll(MakeClient(), UntilNow(first.token));
  EXPECT_THAT(CountPurchases(second.events), ElementsAre(std::pair("p-1", 1), std::pair("p-2", 1)));
  EXPECT_THAT(second.events, SizeIs(2));
}

TEST_F(EventsTest, AFilterLeavesOut) {
  Enroll("4005");
  Enroll("1");
  Buy("p-1");
  v1::WatchEventsRequest request = UntilNow();
  *request.mutable_member() = Card("1");
  EXPECT_THAT(ReadAll(MakeClient(), request).events,
              ElementsAre(Property(&v1::Event::kind, v1::EVENT_KIND_ENROLL_MEMBER)));
  request.clear_member();
  request.add_kinds(v1::EVENT_KIND_RECORD_PURCHASE);
  const Told told = ReadAll(MakeClient(), request);
  EXPECT_THAT(told.events, SizeIs(1));
  // The token is past what was left out.
  EXPECT_THAT(ReadAll(MakeClient(), UntilNow(told.token)).events, IsEmpty());
}

TEST_F(EventsTest, WhoWaitsIsToldAsItHappens) {
  Enroll("4005");
  v1::WatchEventsRequest request;
  request.set_from_now(true);
  const auto stream = MakeClient().WatchEvents(request);
  const auto begun = stream->Read();
  ASSERT_TRUE(begun.has_value());
  EXPECT_THAT(begun->events(), IsEmpty());
  for (int i = 0; i < 50; ++i) {
    const std::string id = absl::StrCat("p-", i);
    Buy(id);
    const auto reply = stream->Read();
    ASSERT_TRUE(reply.has_value());
    ASSERT_THAT(reply->events(), SizeIs(1));
    EXPECT_EQ(reply->events(0).request_id(), id);
  }
  stream->Cancel();
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(absl::IsCancelled(stream->Finish()));
}

TEST_F(EventsTest, WhatIsWrongIsSaid) {
  Enroll("4005");
  const auto refused = [&](const v1::WatchEventsRequest& request, absl::StatusCode code,
                           const std::string& field) {
    const Told told = ReadAll(MakeClient(), request);
    EXPECT_EQ(told.end.code(), code) << told.end;
    EXPECT_THAT(told.end.message(), HasSubstr(field));
  };
  refused(UntilNow("nonsense"), absl::StatusCode::kInvalidArgument, "resume_token");
  v1::WatchEventsRequest both = UntilNow(ReadAll(MakeClient(), UntilNow()).token);
  both.set_from_now(true);
  refused(both, absl::StatusCode::kInvalidArgument, "from_now");
  v1::WatchEventsRequest kind = UntilNow();
  kind.add_kinds(static_cast<v1::EventKind>(99));
  refused(kind, absl::StatusCode::kInvalidArgument, "kinds[0]");
  v1::WatchEventsRequest nobody = UntilNow();
  *nobody.mutable_member() = Card("nobody");
  refused(nobody, absl::StatusCode::kNotFound, "");
  v1::WatchEventsRequest nameless = UntilNow();
  nameless.mutable_member();
  refused(nameless, absl::StatusCode::kInvalidArgument, "member");
}

// It would skip whatever is to come up to there.
TEST_F(EventsTest, ATokenOfALongerLogIsRefused) {
  Enroll("4005");
  Buy("p-1");
  const std::string token = ReadAll(MakeClient(), UntilNow()).token;
  DangoldTest::Kill();
  testing::TestStore other;
  testing::TemporaryDirectory directory;
  Servers fresh;
  ASSERT_NO_FATAL_FAILURE(fresh.Start({other.url()}));
  const Told told = ReadAll(PatientClient(fresh.address(0)), UntilNow(token));
  EXPECT_TRUE(absl::IsInvalidArgument(told.end)) << told.end;
}

TEST_F(EventsTest, AServerThatEndsSaysSo) {
  v1::WatchEventsRequest request;
  const auto stream = MakeImpatientClient().WatchEvents(request);
  ASSERT_TRUE(stream->Read().has_value());
  process().Signal(SIGTERM);
  while (stream->Read().has_value()) {
  }
  const absl::Status end = stream->Finish();
  EXPECT_TRUE(absl::IsUnavailable(end)) << end;
  EXPECT_EQ(process().Wait(), 0) << process().Output();
}

TEST_F(EventsTest, SoManyFollowAndNoMore) {
  std::vector<std::unique_ptr<EventStream>> streams;
  for (int i = 0; i < 64; ++i) {
    streams.push_back(MakeClient().WatchEvents());
    ASSERT_TRUE(streams.back()->Read().has_value()) << i;
  }
  const Told refused = ReadAll(MakeImpatientClient(), UntilNow());
  EXPECT_TRUE(absl::IsResourceExhausted(refused.end)) << refused.end;
  EXPECT_EQ(ErrorReason(refused.end), "TOO_MANY_STREAMS");
  // Who leaves makes room, as soon as the server knows.
  streams.pop_back();
  EXPECT_TRUE(ReadAll(MakeClient(), UntilNow()).end.ok());
}

// An alert is an event as well as a piece of work.
TEST_F(EventsTest, AComplaintIsWorkFromItsEventOn) {
  ASSERT_EQ(Terminate(), 0);
  std::ofstream(File("program.txtpb")) << ProgramText("care", 10) << R"(
adjustment_reasons { code: "goodwill" max_points: 300 for_advocates: true }
care {
  categories { id: "delivery" department: "logistics" owner: "mina" }
  deadlines { severity: SEVERITY_LOW acknowledge_hours: 24 resolve_hours: 96 }
  deadlines { severity: SEVERITY_MEDIUM acknowledge_hours: 8 resolve_hours: 48 }
  deadlines { severity: SEVERITY_HIGH acknowledge_hours: 2 resolve_hours: 24 }
  escalate_to: "head"
  escalate_to: "owner"
}
)";
  ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  Enroll("4005");
  v1::FileComplaintRequest complaint;
  complaint.set_request_id("k-1");
  *complaint.mutable_member() = Card("4005");
  complaint.set_category("delivery");
  complaint.set_severity(v1::SEVERITY_LOW);
  complaint.set_channel("phone");
  complaint.set_text("it was cold");
  const auto filed = MakeClient().FileComplaint(complaint);
  ASSERT_TRUE(filed.ok()) << filed.status();
  v1::WatchEventsRequest request = UntilNow();
  request.add_kinds(v1::EVENT_KIND_FILE_COMPLAINT);
  const Told told = ReadAll(MakeClient(), request);
  ASSERT_THAT(told.events, SizeIs(1));
  ASSERT_THAT(told.events[0].work(), SizeIs(1));
  EXPECT_EQ(told.events[0].work(0).kind(), v1::WORK_KIND_COMPLAINT);
  EXPECT_EQ(told.events[0].work(0).item_id(), "k-1");
  EXPECT_TRUE(told.events[0].work(0).open());
}

// Whatever is acknowledged is told, once in what each reader keeps, over kills of the server.
TEST_F(EventsTest, NothingIsLostOverKills) {
  Enroll("4005");
  std::map<std::string, int> told;
  std::string token;
  std::vector<std::string> bought;
  for (int life = 0; life < 5; ++life) {
    const auto stream = MakeImpatientClient().WatchEvents(UntilNow(token));
    for (int i = 0; i < 20; ++i) {
      bought.push_back(absl::StrCat(life, "-", i));
      Buy(bought.back());
      if (i != 10) continue;
      const Told some = ReadAll(*stream);
      for (const auto& [id, times] : CountPurchases(some.events)) told[id] += times;
      token = some.token;
    }
    Kill();
    ASSERT_NO_FATAL_FAILURE(Start());
  }
  for (const auto& [id, times] : CountPurchases(ReadAll(MakeClient(), UntilNow(token)).events)) {
    told[id] += times;
  }
  EXPECT_THAT(told, SizeIs(bought.size()));
  for (const std::string& id : bought) EXPECT_EQ(told[id], 1) << id;
}

// A reader that does not read keeps nobody from selling, and has everything afterwards.
TEST_F(EventsTest, ASlowReaderHoldsNobodyUp) {
  constexpr int kPurchases = 2'000;
  Enroll("4005");
  v1::WatchEventsRequest request;
  request.add_kinds(v1::EVENT_KIND_RECORD_PURCHASE);
  const auto stream = MakeClient().WatchEvents(request);
  for (int i = 0; i < kPurchases; i += 100) {
    std::vector<v1::Purchase> purchases;
    for (int j = i; j < i + 100; ++j)
      purchases.push_back(SmallPurchase(absl::StrCat("p-", j), 100));
    ASSERT_TRUE(MakeClient().BatchRecordPurchases(purchases).ok());
  }
  std::map<std::string, int> told;
  while (told.size() < kPurchases) {
    const auto reply = stream->Read();
    ASSERT_TRUE(reply.has_value());
    for (const v1::Event& event : reply->events()) ++told[event.request_id()];
  }
  for (const auto& [id, times] : told) EXPECT_EQ(times, 1) << id;
}

}  // namespace
}  // namespace dangol::e2e
