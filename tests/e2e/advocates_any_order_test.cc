// How a person stands for the house, whatever order what is known of them became known in, and
// whether they were one member all along or two who are merged: the same states and moments, and
// the same work for those who look after them.
//
// DANGOL_ORDERS=N tries so many sets of facts instead of the default.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr int kDefaultSets = 60;

constexpr char kRules[] = R"(
rfm {}
activities { kind: "review" }
house_attribute: "house"
testimony_scopes: "web"
adjustment_reasons { code: "goodwill" max_points: 300 for_advocates: true }
word_of_mouth {
  min_spent_minor: 1000
  activities { kind: "review" points: 1 }
  referral_points: 2
  candidate_points: 2
  active_points: 4
  department: "community"
}
care {
  categories { id: "delivery" department: "logistics" owner: "mina" }
  deadlines { severity: SEVERITY_LOW acknowledge_hours: 24 resolve_hours: 96 }
  deadlines { severity: SEVERITY_MEDIUM acknowledge_hours: 8 resolve_hours: 48 }
  deadlines { severity: SEVERITY_HIGH acknowledge_hours: 2 resolve_hours: 24 }
  goodwill { wallet: "points" reason: "goodwill" max_points: 300 }
  surveys { department: "care" }
}
)";

// What somebody did and said over the last two months.
class AdvocateFacts {
 public:
  AdvocateFacts(unsigned seed, absl::Time now) : random_(seed), now_(now) {
    for (int i = UpTo(8); i >= 0; --i) AddReview(absl::StrCat("a", i));
    for (int i = UpTo(4); i >= 0; --i) AddPurchase(absl::StrCat("p", i));
    for (int i = UpTo(3); i > 0; --i) AddSurvey(absl::StrCat("s", i));
    for (int i = UpTo(2); i > 0; --i) AddComplaint(absl::StrCat("k", i));
    for (int i = UpTo(2); i > 0; --i) AddConsent(absl::StrCat("c", i));
  }

  // Tells of them in a random order. They are of one member, or of two of whom one is merged into
  // the other at some time. Whom they are of in the end.
  v1::MemberRef Deliver(Client client, const std::string& name, bool split) {
    EnrollCard(client, name);
    if (split) EnrollCard(client, name + "-twin");
    std::shuffle(facts_.begin(), facts_.end(), random_);
    const size_t merge_before = static_cast<size_t>(UpTo(static_cast<int>(facts_.size())));
    for (size_t i = 0; i <= facts_.size(); ++i) {
      if (split && i == merge_before) Merge(client, name);
      if (i == facts_.size()) break;
      const bool is_of_twin = split && UpTo(1) == 0;
      Require(facts_[i](client, name + "-", Card(is_of_twin ? name + "-twin" : name)));
    }
    return Card(name);
  }

 private:
  using Fact = std::function<absl::Status(Client client, const std::string& prefix,
                                          const v1::MemberRef& member)>;

  int UpTo(int last) { return static_cast<int>(random_() % static_cast<unsigned>(last + 1)); }
  google::protobuf::Timestamp SomeTime() {
    return ToTimestamp(now_ - absl::Minutes(1 + UpTo(60 * 24 * 60)));
  }

  void AddReview(const std::string& id) {
    facts_.push_back([id, at = SomeTime()](Client client, const std::string& prefix,
                                           const v1::MemberRef& member) {
      v1::RecordActivityRequest request;
      v1::Activity& activity = *request.mutable_activity();
      activity.set_activity_id(prefix + id);
      *activity.mutable_member() = member;
      activity.set_kind("review");
      *activity.mutable_occurred_at() = at;
      return client.RecordActivity(request).status();
    });
  }

  void AddPurchase(const std::string& id) {
    facts_.push_back([id, at = SomeTime(), minor = 100 + UpTo(2'000)](
                         Client client, const std::string& prefix, const v1::MemberRef& member) {
      v1::Purchase purchase = SmallPurchase(prefix + id, minor);
      *purchase.mutable_member() = member;
      *purchase.mutable_occurred_at() = at;
      return client.RecordPurchase(purchase).status();
    });
  }

  void AddSurvey(const std::string& id) {
    facts_.push_back([id, at = SomeTime(), answer = UpTo(10)](
                         Client client, const std::string& prefix, const v1::MemberRef& member) {
      v1::RecordSurveyRequest request;
      request.set_request_id(prefix + id);
      *request.mutable_member() = member;
      request.set_recommendation(answer);
      *request.mutable_occurred_at() = at;
      return client.RecordSurvey(request).status();
    });
  }

  void AddComplaint(const std::string& id) {
    facts_.push_back([id, at = SomeTime(), severity = 1 + UpTo(2)](
                         Client client, const std::string& prefix, const v1::MemberRef& member) {
      v1::FileComplaintRequest request;
      request.set_request_id(prefix + id);
      *request.mutable_member() = member;
      request.set_category("delivery");
      request.set_severity(static_cast<v1::Severity>(severity));
      request.set_text("it was cold");
      *request.mutable_occurred_at() = at;
      return client.FileComplaint(request).status();
    });
  }

  void AddConsent(const std::string& id) {
    facts_.push_back([id, at = SomeTime()](Client client, const std::string& prefix,
                                           const v1::MemberRef& member) {
      v1::RecordConsentRequest request;
      request.set_request_id(prefix + id);
      *request.mutable_member() = member;
      *request.mutable_occurred_at() = at;
      request.set_evidence("a form");
      request.add_scopes("web");
      return client.RecordConsent(request).status();
    });
  }

  static void Merge(Client client, const std::string& name) {
    v1::MergeMembersRequest merge;
    merge.set_request_id(name + "-merge");
    *merge.mutable_member() = Card(name + "-twin");
    *merge.mutable_into() = Card(name);
    Require(client.MergeMembers(merge).status());
  }

  static void Require(const absl::Status& status) { EXPECT_TRUE(status.ok()) << status; }

  std::mt19937 random_;
  const absl::Time now_;
  std::vector<Fact> facts_;
};

class AdvocatesAnyOrderTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("talk", 10) << kRules;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  }

  // How they stand and stood, in words that do not say who they are.
  std::string Told(const std::string& name, const v1::MemberRef& who) {
    v1::GetAdvocateRequest request;
    *request.mutable_member() = who;
    const auto got = MakeClient().GetAdvocate(request);
    EXPECT_TRUE(got.ok()) << got.status();
    if (!got.ok()) return "";
    v1::Advocate advocate = got->advocate();
    names_[advocate.member_id()] = name;
    ++states_[v1::WordOfMouthState_Name(advocate.word_of_mouth())];
    for (v1::AdvocateRecord& record : *advocate.mutable_records()) record.clear_recorded_at();
    return absl::StrReplaceAll(advocate.DebugString(),
                               {{name + "-", ""}, {advocate.member_id(), "they"}});
  }

  // What is to be done for each.
  std::map<std::string, std::vector<std::string>> Queues() {
    std::map<std::string, std::vector<std::string>> queues;
    for (const auto& item : MakeClient().ListWorkItems({})) {
      EXPECT_TRUE(item.ok()) << item.status();
      if (!item.ok()) break;
      const std::string& name = names_[item->member_id()];
      queues[name].push_back(absl::StrReplaceAll(
          absl::StrCat(v1::WorkKind_Name(item->kind()), " ", item->item_id(), " by ",
                       item->due_at().seconds(), " ", item->department(), " ", item->owner(), " ",
                       item->complaint().escalated_to()),
          {{name + "-", ""}}));
      std::sort(queues[name].begin(), queues[name].end());
    }
    return queues;
  }

  std::map<std::string, std::string> names_;  // By member_id.
  std::map<std::string, int> states_;
};

TEST_F(AdvocatesAnyOrderTest, StandTheSame) {
  const int sets = CountFromEnvironment("DANGOL_ORDERS", kDefaultSets);
  const absl::Time now = absl::Now();
  for (int set = 0; set < sets; ++set) {
    AdvocateFacts facts(static_cast<unsigned>(set), now);
    std::vector<std::string> told;
    for (const char* way : {"one", "again", "split"}) {
      const std::string name = absl::StrCat(set, way);
      const v1::MemberRef who = facts.Deliver(MakeClient(), name, way == std::string("split"));
      told.push_back(Told(name, who));
    }
    EXPECT_EQ(told[0], told[1]) << "set " << set;
    EXPECT_EQ(told[0], told[2]) << "set " << set << ", of two who are one";
    if (HasFailure()) return;
  }
  EXPECT_GT(states_.size(), 3U) << "the facts make nothing of anybody";
  std::map<std::string, std::vector<std::string>> queues = Queues();
  size_t items = 0;
  for (int set = 0; set < sets; ++set) {
    const std::vector<std::string> one = queues[absl::StrCat(set, "one")];
    EXPECT_EQ(one, queues[absl::StrCat(set, "again")]) << "set " << set;
    EXPECT_EQ(one, queues[absl::StrCat(set, "split")]) << "set " << set << ", of two who are one";
    items += one.size();
  }
  EXPECT_GT(items, static_cast<size_t>(sets) / 2) << "the facts give nobody work";
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
