// Coupons through a lane and a real store, with a clock that is moved.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CouponsTest : public LaneFixture {
 protected:
  CouponsTest() { EXPECT_EQ(RunOne(Activate("rewarding")), "done"); }

  // A reward for 10 points, of which there are two, for a day.
  static Request Issue(const std::string& id, uint64_t member = 1) {
    domain::IssueCoupon issue;
    issue.member.id = testing::MemberNumber(member);
    issue.coupon_id = id;
    issue.reward_id = "latte";
    issue.code = "code of " + id;
    return NewRequest(storage::RequestScope::kRequest, id, std::move(issue));
  }
  static Request Use(const std::string& id, const std::string& coupon) {
    domain::UseCoupon use;
    use.code = use.member.coupon_code = "code of " + coupon;
    return NewRequest(storage::RequestScope::kRequest, id, std::move(use));
  }
  static Request Cancel(const std::string& id, const std::string& coupon) {
    domain::CancelCoupon cancel;
    cancel.code = cancel.member.coupon_code = "code of " + coupon;
    return NewRequest(storage::RequestScope::kRequest, id, std::move(cancel));
  }

  template <typename... Requests>
  std::vector<std::string> RunAll(Requests... requests) {
    std::vector<Request> batch;
    (batch.push_back(std::move(requests)), ...);
    return Run(std::move(batch));
  }

  std::vector<domain::MemberId> Due() {
    const auto due = (*real_store_->NewReader())->DueMembers(clock_.Now(), 10, {});
    std::vector<domain::MemberId> ids;
    for (const storage::DueMember& member : *due) ids.push_back(member.id);
    return ids;
  }
};

TEST_F(CouponsTest, ABatchSharesStockAndPoints) {
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2), Buy("b", 2), Issue("c-1"), Issue("c-2"),
                     Issue("c-3", 2), Buy("d", 2), Issue("c-4", 2)),
              ElementsAre("a 10", "done", "b 10", "coupon 1, 0 left", "INSUFFICIENT_POINTS",
                          "coupon 1, 0 left", "d 10", "REWARD_OUT_OF_STOCK"));
}

TEST_F(CouponsTest, IsUsedOnceWithinABatchAndGivenBackOnceWithinABatch) {
  ASSERT_THAT(RunAll(Buy("a"), Buy("b"), Issue("c-1"), Issue("c-2")),
              ElementsAre("a 10", "b 20", "coupon 1, 10 left", "coupon 1, 0 left"));
  EXPECT_THAT(RunAll(Use("u-1", "c-1"), Use("u-2", "c-1"), Use("u-1", "c-1")),
              ElementsAre("coupon 2, 0 left", "COUPON_ENDED", "coupon 2, 0 left again"));
  EXPECT_THAT(
      RunAll(Cancel("x-1", "c-2"), Cancel("x-2", "c-2"), Issue("c-3"), Issue("c-4")),
      ElementsAre("coupon 4, 10 left", "COUPON_ENDED", "coupon 1, 0 left", "REWARD_OUT_OF_STOCK"));
  EXPECT_EQ(RunOne(Use("u-3", "c-9")), "COUPON_NOT_FOUND");
}

TEST_F(CouponsTest, ExpiresWhetherSomebodyLooksOrNot) {
  ASSERT_THAT(RunAll(Buy("a"), Buy("b"), Issue("c-1"), Issue("c-2")),
              ElementsAre("a 10", "b 20", "coupon 1, 10 left", "coupon 1, 0 left"));
  EXPECT_THAT(Due(), IsEmpty());
  clock_.Advance(absl::Hours(36));  // To the midnight that ends the day after.
  EXPECT_THAT(Due(), ElementsAre(testing::MemberNumber(1)));
  EXPECT_EQ(RunOne(Use("u-1", "c-1")), "COUPON_ENDED");
  EXPECT_THAT(Due(), ElementsAre(testing::MemberNumber(1)));  // A refusal writes nothing.
  domain::AdvanceMember advance;
  advance.member.id = testing::MemberNumber(1);
  EXPECT_EQ(RunOne(NewRequest(storage::RequestScope::kSystem, "advance", advance)), "done");
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_EQ(RunOne(Use("u-2", "c-1")), "COUPON_ENDED");
  EXPECT_EQ(RunOne(Cancel("x-1", "c-2")), "COUPON_ENDED");
}

TEST_F(CouponsTest, WhoBuysAfterTheExpiryFindsItWritten) {
  ASSERT_THAT(RunAll(Buy("a"), Issue("c-1")), ElementsAre("a 10", "coupon 1, 0 left"));
  clock_.Advance(absl::Hours(36));
  EXPECT_EQ(RunOne(Buy("b")), "b 10");
  EXPECT_THAT(Due(), IsEmpty());
  domain::MemberNeeds needs;
  needs.coupons = {"code of c-1"};
  storage::KeySet keys;
  keys.members = {{{testing::MemberNumber(1), {}}, needs}};
  const auto loaded = (*real_store_->NewReader())->Load(keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const auto& coupons = loaded->Find({testing::MemberNumber(1), {}})->coupons;
  ASSERT_EQ(coupons.size(), 1u);
  EXPECT_EQ(coupons[0].status, domain::CouponStatus::kExpired);
}

// The lane tries the batch again, and finds the coupon that is there.
TEST_F(CouponsTest, ALostAnswerIssuesOneCoupon) {
  ASSERT_THAT(RunAll(Buy("a"), Buy("b")), ElementsAre("a 10", "b 20"));
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("lost"));
  EXPECT_EQ(RunOne(Issue("c-1")), "coupon 1, 10 left");
  EXPECT_EQ(RunOne(Issue("c-1")), "coupon 1, 10 left again");
  store_.FailNext(Site::kWrite, absl::AbortedError("lost the race"));
  EXPECT_EQ(RunOne(Cancel("x-1", "c-1")), "coupon 4, 20 left");
}

}  // namespace
}  // namespace dangol::lane
