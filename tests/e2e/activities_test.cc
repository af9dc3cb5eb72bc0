// What members do beside buying, and what is known of them.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "nlohmann/json.hpp"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

constexpr char kRecordActivity[] = "/dangol.v1.ActivityService/RecordActivity";
constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.

std::string DayOf(absl::Time time) {
  return absl::FormatCivilTime(absl::ToCivilDay(time, absl::UTCTimeZone()));
}

class ActivitiesTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("activities", 10)
                                         << "activities { kind: \"visit\" daily_cap: 1 }\n"
                                            "activities { kind: \"review\" daily_cap: 2 }\n"
                                            "activities { kind: \"login\" }\n";
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    Enroll("4005");
  }

  void TearDown() override { ExpectSoundBooks(MakeClient()); }

  static v1::Activity Did(const std::string& id, const std::string& kind, absl::Time at,
                          const std::string& card = "4005") {
    v1::Activity activity;
    activity.set_activity_id(id);
    *activity.mutable_member() = Card(card);
    activity.set_kind(kind);
    *activity.mutable_occurred_at() = ToTimestamp(at);
    return activity;
  }

  absl::StatusOr<v1::RecordActivityResponse> Record(const v1::Activity& activity) {
    v1::RecordActivityRequest request;
    *request.mutable_activity() = activity;
    return MakeClient().RecordActivity(request);
  }

  absl::StatusOr<v1::UndoActivityResponse> Undo(const std::string& id) {
    v1::UndoActivityRequest request;
    request.set_activity_id(id);
    return MakeClient().UndoActivity(request);
  }

  v1::GetProfileResponse Profile(const v1::MemberRef& member, int days = 30) {
    v1::GetProfileRequest request;
    *request.mutable_member() = member;
    request.set_first_day(DayOf(now_ - absl::Hours(24 * (days - 1))));
    return MakeClient().GetProfile(request).value();
  }

  // "spontaneous+rewarded" of a kind.
  std::string Counted(const v1::MemberRef& member, const std::string& kind) {
    const v1::GetProfileResponse profile = Profile(member);
    for (const v1::Engagement& engagement : profile.engagement()) {
      if (engagement.kind() != kind) continue;
      return absl::StrCat(engagement.counted().spontaneous(), "+", engagement.counted().rewarded());
    }
    return "none";
  }

  const absl::Time now_ = absl::Now();
  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

TEST_F(ActivitiesTest, AReviewIsRecordedOnce) {
  v1::Activity review = Did("r-1", "review", now_ - absl::Hours(1));
  review.set_reference("latte");
  v1::RecordActivityRequest request;
  *request.mutable_activity() = review;
  const Answer first = Call(MakeChannel(), kRecordActivity, request);
  ASSERT_TRUE(first.status.ok()) << first.status;
  const Answer second = Call(MakeChannel(), kRecordActivity, request);
  EXPECT_EQ(second.bytes, absl::StrCat(first.bytes, kReplayed));
  review.set_reference("mug");
  ExpectRefused(Record(review).status(), absl::StatusCode::kAlreadyExists, {"activity.activity_id"},
                "REQUEST_ID_REUSED");
  // A purchase, a return and an activity may have the same id.
  EXPECT_TRUE(MakeClient().RecordPurchase(SmallPurchase("r-1", 100)).ok());
  EXPECT_EQ(Counted(Card("4005"), "review"), "1+0");
}

TEST_F(ActivitiesTest, MoreThanTheCapOfADayCountForNothing) {
  const absl::Time at = now_ - absl::Hours(24 * 3);
  EXPECT_EQ(Record(Did("r-1", "review", at))->outcome().counting(), v1::COUNTING_COUNTED);
  v1::Activity paid = Did("r-2", "review", at);
  paid.set_rewarded(true);
  EXPECT_EQ(Record(paid)->outcome().counting(), v1::COUNTING_COUNTED);
  paid.set_activity_id("r-3");
  const v1::ActivityOutcome over = Record(paid)->outcome();
  EXPECT_EQ(over.counting(), v1::COUNTING_OVER_DAILY_CAP);
  EXPECT_EQ(over.daily_cap(), 2);
  EXPECT_EQ(over.recorded().rewarded(), 2);
  EXPECT_EQ(over.counted().rewarded(), 1);
  // It comes last, and takes the place of one that was paid for.
  EXPECT_EQ(Record(Did("r-4", "review", at))->outcome().counting(), v1::COUNTING_COUNTED);
  EXPECT_EQ(Counted(Card("4005"), "review"), "2+0");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Record(Did(absl::StrCat("l-", i), "login", at))->outcome().counting(),
              v1::COUNTING_COUNTED);
  }
}

TEST_F(ActivitiesTest, AnActivityIsUndoneOnce) {
  const absl::Time at = now_ - absl::Hours(24 * 40);
  for (const char* id : {"r-1", "r-2", "r-3"}) ASSERT_TRUE(Record(Did(id, "review", at)).ok());
  const auto undone = Undo("r-1");
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->outcome().counting(), v1::COUNTING_UNDONE);
  EXPECT_TRUE(undone->outcome().activity().has_undone_at());
  EXPECT_EQ(undone->outcome().counted().spontaneous(), 2);
  EXPECT_TRUE(Undo("r-1")->replayed());
  // It stays known, and cannot be told again.
  EXPECT_TRUE(Record(Did("r-1", "review", at))->replayed());
  ExpectRefused(Undo("nowhere").status(), absl::StatusCode::kNotFound, {}, "ACTIVITY_NOT_FOUND");
  ASSERT_TRUE(Undo("r-2").ok());
  EXPECT_EQ(Profile(Card("4005"), 60).engagement(0).recorded().spontaneous(), 1);
}

TEST_F(ActivitiesTest, ManyAtOnceSucceedOrFailOneByOne) {
  v1::BatchRecordActivitiesRequest request;
  *request.add_activities() = Did("a", "visit", now_ - absl::Hours(1));
  *request.add_activities() = Did("b", "dance", now_);
  *request.add_activities() = Did("c", "visit", now_, "nobody");
  *request.add_activities() = Did("d", "Visit", now_);
  *request.add_activities() = Did("a", "visit", now_ - absl::Hours(1));
  const auto response = MakeClient().BatchRecordActivities(request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->results_size(), 5);
  EXPECT_FALSE(response->results(0).response().replayed());
  ExpectRefused(ToStatus(response->results(1).error()), absl::StatusCode::kInvalidArgument,
                {"activities[1].kind"}, "ACTIVITY_NOT_DECLARED");
  ExpectRefused(ToStatus(response->results(2).error()), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  ExpectRefused(ToStatus(response->results(3).error()), absl::StatusCode::kInvalidArgument,
                {"activities[3].kind"});
  EXPECT_TRUE(response->results(4).response().replayed());
  ExpectRefused(MakeClient().BatchRecordActivities({}).status(), absl::StatusCode::kInvalidArgument,
                {"activities"});
}

TEST_F(ActivitiesTest, AreListedLatestFirst) {
  for (const int hour : {2, 4, 1, 3}) {
    const char* const kind = hour == 4 ? "visit" : "review";
    ASSERT_TRUE(Record(Did(absl::StrCat("a-", hour), kind, now_ - absl::Hours(hour))).ok());
  }
  ASSERT_TRUE(Undo("a-3").ok());
  v1::ListActivitiesRequest request;
  *request.mutable_member() = Card("4005");
  request.set_page_size(1);
  const auto ids = [&] {
    std::vector<std::string> found;
    for (absl::StatusOr<v1::RecordedActivity>& activity : MakeClient().ListActivities(request)) {
      EXPECT_TRUE(activity.ok()) << activity.status();
      found.push_back(absl::StrCat(activity->activity_id(), activity->has_undone_at() ? "!" : ""));
    }
    return found;
  };
  EXPECT_THAT(ids(), ElementsAre("a-1", "a-2", "a-3!", "a-4"));
  request.set_kind("visit");
  EXPECT_THAT(ids(), ElementsAre("a-4"));
  request.set_page_token("garbage");
  ExpectRefused((*MakeClient().ListActivities(request).begin()).status(),
                absl::StatusCode::kInvalidArgument, {"page_token"});
}

// Two who are one have one cap, and each their own again when they are parted.
TEST_F(ActivitiesTest, TwoWhoAreMergedHaveOneCap) {
  const std::string merged = Enroll("4006").member_id();
  const absl::Time at = now_ - absl::Hours(24 * 2);
  for (const char* card : {"4005", "4006"}) {
    for (const char* id : {"1", "2"}) {
      ASSERT_TRUE(Record(Did(absl::StrCat(card, "-", id), "review", at, card)).ok());
    }
  }
  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_EQ(Counted(Card("4006"), "review"), "2+0");
  EXPECT_EQ(Profile(Card("4005")).engagement(0).recorded().spontaneous(), 4);
  // What was the other's is undone by its name.
  ASSERT_TRUE(Undo("4006-1").ok());
  EXPECT_EQ(Profile(Card("4005")).engagement(0).recorded().spontaneous(), 3);
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(merged);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  EXPECT_EQ(Counted(Card("4006"), "review"), "1+0");
  EXPECT_EQ(Counted(Card("4005"), "review"), "2+0");
}

// In a household everybody does what they do for themselves.
TEST_F(ActivitiesTest, AHouseholdSharesPointsAndNothingElse) {
  Enroll("4006");
  v1::JoinHouseholdRequest join;
  *join.mutable_member() = Card("4006");
  *join.mutable_household() = Card("4005");
  ASSERT_TRUE(MakeClient().JoinHousehold(join).ok());
  ASSERT_TRUE(Record(Did("a", "review", now_, "4006")).ok());
  EXPECT_EQ(Counted(Card("4006"), "review"), "1+0");
  EXPECT_EQ(Counted(Card("4005"), "review"), "none");
  ASSERT_TRUE(Undo("a").ok());
  EXPECT_EQ(Counted(Card("4006"), "review"), "none");
}

TEST_F(ActivitiesTest, WhatCannotBeIsRefused) {
  ExpectRefused(Record(Did("a", "dance", now_)).status(), absl::StatusCode::kInvalidArgument,
                {"activity.kind"}, "ACTIVITY_NOT_DECLARED");
  ExpectRefused(Record(Did("a", "visit", now_ + absl::Hours(1))).status(),
                absl::StatusCode::kInvalidArgument, {"activity.occurred_at"}, "TIME_IN_FUTURE");
  ExpectRefused(Record(Did("a", "visit", now_, "nobody")).status(), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  ExpectRefused(Record(v1::Activity()).status(), absl::StatusCode::kInvalidArgument,
                {"activity.member", "activity.kind"});
  v1::GetProfileRequest profile;
  *profile.mutable_member() = Card("nobody");
  ExpectRefused(MakeClient().GetProfile(profile).status(), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  v1::SuspendMemberRequest suspend;
  *suspend.mutable_member() = Card("4005");
  ASSERT_TRUE(MakeClient().SuspendMember(suspend).ok());
  EXPECT_EQ(Record(Did("a", "visit", now_))->outcome().counting(), v1::COUNTING_SUSPENDED);
}

TEST_F(ActivitiesTest, AFileIsImportedOnceAndAProfileIsShown) {
  const std::string day = DayOf(now_ - absl::Hours(48));
  std::ofstream(File("reviews.csv"))
      << "activity_id,kind,alias_kind,alias_value,occurred_at,rewarded,reference\n"
      << "r-1,review,card,4005," << day << "T10:00:00Z,,latte\n"
      << "r-2,review,card,4005," << day << "T11:00:00Z,true,\"a, b\"\n"
      << "r-3,review,card,4005," << day << "T12:00:00Z,false,\n"
      << ",review,card,4005,,,\n"
      << "r-4,review,card,4005,yesterday,,\n";
  std::ofstream(File("more.jsonl"))
      << "{\"activityId\": \"v-1\", \"kind\": \"visit\", \"member\": {\"alias\": {\"kind\":"
         " \"card\", \"value\": \"4005\"}}}\n\n{\"kind\": \"visit\"}\n{nonsense\n";
  int runs = 0;
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(),
                 {testing::ProgramPath("dangolctl"), "--server=" + address(), "--output=json"});
    const Ended ended = RunToEnd(words, File(absl::StrCat("output-", ++runs)));
    EXPECT_EQ(ended.code, 0) << ended.output;
    return nlohmann::json::parse(ended.output, nullptr, /*allow_exceptions=*/false);
  };
  auto told = run({"activity", "import", File("reviews.csv"), "--batch=2"});
  EXPECT_EQ(told["activities_recorded"], 3);
  EXPECT_EQ(told["rejected"], (nlohmann::json{{"NO_ACTIVITY_ID", 1}, {"BAD_DATE", 1}}));
  told = run({"activity", "import", File("reviews.csv"), "--rejects", File("rejects.csv")});
  EXPECT_EQ(told["activities_recorded"], 0);
  EXPECT_EQ(told["activities_replayed"], 3);
  told = run({"activity", "import", File("more.jsonl")});
  EXPECT_EQ(told["activities_recorded"], 1);
  EXPECT_EQ(told["rejected"], (nlohmann::json{{"NO_ACTIVITY_ID", 1}, {"MALFORMED_ROW", 1}}));
  told = run({"member", "profile", "card:4005"});
  EXPECT_EQ(told["engagement"][0]["kind"], "review");
  EXPECT_EQ(told["engagement"][0]["counted"]["spontaneous"], 2);
  EXPECT_EQ(told["engagement"][0]["recorded"]["rewarded"], 1);
  EXPECT_EQ(told["visits"], 1);
  told = run({"activity", "list", "card:4005", "--kind=review"});
  EXPECT_EQ(told["activities"].size(), 3u);
  told = run({"activity", "undo", "r-1"});
  EXPECT_EQ(told["outcome"]["counting"], "UNDONE");
}

// Facts of one member, told in any order, and what a person would say of them with a pencil.
class NaiveProfile {
 public:
  void Buy(const std::string& day, int64_t amount, const std::string& category) {
    ++count_[day];
    net_ += amount;
    gross_ += amount;
    by_category_[category] += amount;
    days_.insert(day);
    purchases_ += 1;
  }
  // The whole of one that was bought for so much.
  void Cancel(const std::string& day, int64_t amount, const std::string& category) {
    net_ -= amount;
    by_category_[category] -= amount;
    purchases_ -= 1;
    cancelled_ += 1;
    if (--count_[day] == 0) days_.erase(day);
  }
  void Review(const std::string& day) { reviewed_[day] = std::min(reviewed_[day] + 1, 2); }

  void ExpectIs(const v1::GetProfileResponse& profile) const {
    EXPECT_EQ(profile.purchase_count(), purchases_);
    EXPECT_EQ(profile.visit_days(), static_cast<int64_t>(days_.size()));
    EXPECT_EQ(profile.last_purchase_day(), days_.empty() ? "" : *days_.rbegin());
    EXPECT_EQ(profile.quality().cancellations(), cancelled_);
    ASSERT_EQ(profile.spend_size(), 1);
    const v1::Spend& spend = profile.spend(0);
    EXPECT_EQ(spend.net_minor(), net_);
    EXPECT_EQ(spend.gross_minor(), gross_);
    EXPECT_EQ(spend.mean_basket_minor(), purchases_ == 0 ? 0 : net_ / purchases_);
    for (const v1::Favourite& favourite : spend.categories()) {
      EXPECT_EQ(favourite.net_minor(), by_category_.at(favourite.name()));
      EXPECT_EQ(favourite.share_ppm(), favourite.net_minor() * 1'000'000 / net_);
    }
    int64_t reviews = 0;
    for (const auto& [day, count] : reviewed_) reviews += count;
    ASSERT_EQ(profile.engagement_size(), 1);
    EXPECT_EQ(profile.engagement(0).counted().spontaneous(), reviews);
  }

 private:
  std::map<std::string, int> count_;
  std::map<std::string, int> reviewed_;
  std::map<std::string, int64_t> by_category_;
  std::set<std::string> days_;
  int64_t net_ = 0;
  int64_t gross_ = 0;
  int64_t purchases_ = 0;
  int64_t cancelled_ = 0;
};

TEST_F(ActivitiesTest, AProfileIsWhatAPencilSays) {
  std::mt19937 random(15);
  const auto up_to = [&](int last) {
    return static_cast<int>(random() % static_cast<unsigned>(last + 1));
  };
  Client client = MakeClient();
  NaiveProfile naive;
  for (int i = 0; i < 150; ++i) {
    const absl::Time at = now_ - absl::Hours(24 * up_to(60)) - absl::Minutes(1);
    const bool is_within = DayOf(at) >= DayOf(now_ - absl::Hours(24 * 29));
    if (up_to(2) == 0) {
      ASSERT_TRUE(Record(Did(absl::StrCat("a-", i), "review", at)).ok());
      if (is_within) naive.Review(DayOf(at));
      continue;
    }
    const std::string id = absl::StrCat("p-", i);
    const std::string category = up_to(1) == 0 ? "tea" : "mugs";
    v1::Purchase purchase = SmallPurchase(id, 100 + up_to(900));
    *purchase.mutable_occurred_at() = ToTimestamp(at);
    purchase.mutable_lines(0)->set_category(category);
    ASSERT_TRUE(client.RecordPurchase(purchase).ok());
    const int64_t amount = purchase.lines(0).amount_minor();
    if (is_within) naive.Buy(DayOf(at), amount, category);
    if (up_to(3) != 0) continue;
    const v1::Return goods =
        ReturnBuilder::OfPurchase(absl::StrCat("r-", i), id).EverythingLeft().Build();
    ASSERT_TRUE(client.RecordReturn(goods).ok());
    if (is_within) naive.Cancel(DayOf(at), amount, category);
  }
  naive.ExpectIs(Profile(Card("4005")));
}

}  // namespace
}  // namespace dangol::e2e
