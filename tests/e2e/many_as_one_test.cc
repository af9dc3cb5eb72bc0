// Groups of members who become one, share their points, and part again, at random: the books
// are sound at the end, and an unmerge restores what a merge has joined.
//
// DANGOL_GROUPS=N tries so many groups instead of the default. A failure names the number of
// the group, which is also its seed.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/servers.h"

namespace dangol::e2e {
namespace {

constexpr int kDefaultGroups = 50;
constexpr int kCallsPerGroup = 200;
constexpr int kThreads = 8;

// How many calls of each kind were obeyed. Thread-safe.
class Obeyed {
 public:
  void Count(const std::string& kind) {
    absl::MutexLock lock(&mutex_);
    ++counts_[kind];
  }
  std::map<std::string, int> counts() const {
    absl::MutexLock lock(&mutex_);
    return counts_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, int> counts_ ABSL_GUARDED_BY(mutex_);
};

// Two to six members of whom everything can be asked. Used by one thread.
class Group {
 public:
  Group(Client client, int number, Obeyed& obeyed)
      : client_(std::move(client)),
        number_(number),
        obeyed_(obeyed),
        random_(static_cast<unsigned>(number)),
        members_(2 + UpTo(4)) {
    for (int i = 0; i < members_; ++i) ids_.push_back(EnrollCard(client_, CardOf(i)).member_id());
  }

  void Run(int calls) {
    for (call_ = 0; call_ < calls; ++call_) {
      const auto [kind, status] = Call();
      if (status.ok()) obeyed_.Count(kind);
      EXPECT_TRUE(status.ok() || IsForGoodReason(status))
          << "group " << number_ << ", call " << call_ << ", " << kind << ": " << status;
    }
  }

 private:
  using Answer = std::pair<std::string, absl::Status>;

  // Most calls are about what is not there, not there any more, or not theirs.
  static bool IsForGoodReason(const absl::Status& status) {
    const std::string reason = ErrorReason(status);
    return absl::IsNotFound(status) || absl::IsFailedPrecondition(status) ||
           reason == "MERGE_WITH_THEMSELVES" || reason == "HOUSEHOLD_OF_THEMSELVES" ||
           reason == "RECEIVER_IS_GIVER";
  }

  int UpTo(int last) { return static_cast<int>(random_() % static_cast<unsigned>(last + 1)); }
  std::string CardOf(int member) const { return absl::StrCat(number_, "-", member); }
  const std::string& AnyId() { return ids_[static_cast<size_t>(UpTo(members_ - 1))]; }
  v1::MemberRef Anybody() {
    return UpTo(1) == 0 ? MemberById(AnyId()) : Card(CardOf(UpTo(members_ - 1)));
  }
  std::string NewId() const { return absl::StrCat(number_, "-", call_); }
  // One of the last.
  std::string AnyOf(const std::vector<std::string>& ids) {
    if (ids.empty()) return "none";
    const int count = static_cast<int>(ids.size());
    return ids[static_cast<size_t>(count - 1 - UpTo(std::min(count, 10) - 1))];
  }

  Answer Call() {
    switch (UpTo(18)) {
      case 0:
      case 1:
        return {"merge", Merge(Anybody(), Anybody()).status()};
      case 2:
        return {"unmerge", Unmerge(AnyId())};
      case 3:
        return {"join", Join(Anybody(), Anybody())};
      case 4:
        return {"leave", Leave(Anybody())};
      case 5:
      case 6:
        return {"reservation", Reserve()};
      case 7:
        return {"capture", Capture()};
      case 8:
        return {"void", Void()};
      case 9:
      case 10:
      case 11:
        return {"return", Return()};
      case 12:
        return {"transfer", Transfer()};
      case 13:
        return {"merge and unmerge", MergeAndUnmerge()};
      case 14:
        return {"referral", Refer(Anybody(), Anybody())};
      default:
        return {"purchase", Buy()};
    }
  }

  absl::StatusOr<v1::MergeMembersResponse> Merge(const v1::MemberRef& member,
                                                 const v1::MemberRef& into) {
    v1::MergeMembersRequest merge;
    *merge.mutable_member() = member;
    *merge.mutable_into() = into;
    return client_.MergeMembers(merge);
  }

  absl::Status Unmerge(const std::string& merged) {
    v1::UnmergeMemberRequest unmerge;
    unmerge.set_merged_member_id(merged);
    return client_.UnmergeMember(unmerge).status();
  }

  absl::Status Join(const v1::MemberRef& member, const v1::MemberRef& household) {
    v1::JoinHouseholdRequest join;
    *join.mutable_member() = member;
    *join.mutable_household() = household;
    return client_.JoinHousehold(join).status();
  }

  absl::Status Refer(const v1::MemberRef& member, const v1::MemberRef& by) {
    v1::RecordReferralRequest record;
    *record.mutable_member() = member;
    *record.mutable_referred_by() = by;
    return client_.RecordReferral(record).status();
  }

  absl::Status Leave(const v1::MemberRef& member) {
    v1::LeaveHouseholdRequest leave;
    *leave.mutable_member() = member;
    return client_.LeaveHousehold(leave).status();
  }

  absl::Status Reserve() {
    v1::ReservePointsRequest reserve;
    reserve.set_request_id(NewId());
    *reserve.mutable_member() = Anybody();
    reserve.set_points(1 + UpTo(100));
    const absl::Status status = client_.ReservePoints(reserve).status();
    if (status.ok()) holds_.push_back(reserve.request_id());
    return status;
  }

  absl::Status Capture() {
    v1::CapturePointsRequest capture;
    capture.set_reservation_id(AnyOf(holds_));
    return client_.CapturePoints(capture).status();
  }

  absl::Status Void() {
    v1::VoidReservationRequest release;
    release.set_reservation_id(AnyOf(holds_));
    return client_.VoidReservation(release).status();
  }

  absl::Status Return() {
    return client_
        .RecordReturn(ReturnBuilder::OfPurchase(NewId(), AnyOf(purchases_))
                          .Amount(10 * (1 + UpTo(80)))
                          .Build())
        .status();
  }

  absl::Status Transfer() {
    v1::TransferPointsRequest transfer;
    *transfer.mutable_member() = Anybody();
    *transfer.mutable_to() = Anybody();
    transfer.set_points(1 + UpTo(60));
    return client_.TransferPoints(transfer).status();
  }

  absl::Status Buy() {
    v1::Purchase purchase = SmallPurchase(NewId(), 10 * (1 + UpTo(150)));
    *purchase.mutable_member() = Anybody();
    const absl::Status status = client_.RecordPurchase(purchase).status();
    if (status.ok()) purchases_.push_back(purchase.purchase_id());
    return status;
  }

  // With nothing in between everybody is told what they were told before.
  absl::Status MergeAndUnmerge() {
    const std::vector<std::string> before = Portraits();
    const auto merged = Merge(Anybody(), Anybody());
    if (!merged.ok()) return merged.status();
    const absl::Status status = Unmerge(merged->merged_member_id());
    EXPECT_TRUE(status.ok()) << "group " << number_ << ", call " << call_ << ": " << status;
    EXPECT_EQ(Portraits(), before) << "group " << number_ << ", call " << call_;
    return status;
  }

  // What each of them is told of themselves and of their points.
  std::vector<std::string> Portraits() {
    std::vector<std::string> portraits;
    for (const std::string& id : ids_) {
      const auto member = client_.GetMember(MemberById(id));
      auto balance = client_.GetBalance(MemberById(id));
      EXPECT_TRUE(member.ok() && balance.ok()) << member.status() << balance.status();
      if (!member.ok() || !balance.ok()) return {};
      balance->clear_as_of();
      portraits.push_back(BytesOf(*member));
      portraits.push_back(BytesOf(*balance));
    }
    return portraits;
  }

  Client client_;
  const int number_;
  Obeyed& obeyed_;
  std::mt19937 random_;
  const int members_;
  std::vector<std::string> ids_;
  std::vector<std::string> purchases_;
  std::vector<std::string> holds_;
  int call_ = 0;
};

constexpr char kReferrals[] =
    "incentives { id: \"bringing\" referrer {} reward { wallet: \"points\" points: 20 } }\n"
    "incentives { id: \"brought\" referred {} reward { wallet: \"points\" points: 10 } }\n";

// A point for 10 pence, for 30 days.
class ManyAsOneTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << absl::StrReplaceAll(ProgramText("many as one", 10), {{"never {}", "after { days: 30 }"}})
        << kReferrals;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  }
};

TEST_F(ManyAsOneTest, BooksStaySoundWhateverBecomesOfThem) {
  const int groups = CountFromEnvironment("DANGOL_GROUPS", kDefaultGroups);
  Obeyed obeyed;
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int number = next++; number < groups && !HasFailure(); number = next++) {
        Group(MakeClient(), number, obeyed).Run(kCallsPerGroup);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<std::string, int> counts = obeyed.counts();
  for (const char* kind : {"merge", "unmerge", "join", "leave", "reservation", "capture", "void",
                           "purchase", "return", "transfer", "merge and unmerge"}) {
    EXPECT_GT(counts[kind], groups) << kind;
  }
  ExpectSoundBooks(MakeClient());
  if (testing::OnMysql()) ExpectSoundDatabase(testing::SharedMariaDb(), DatabaseOf(store_url()));
}

}  // namespace
}  // namespace dangol::e2e
