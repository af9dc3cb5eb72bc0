// What coupons ask of a store.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using domain::Coupon;
using domain::CouponStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const absl::Time kNoon = Utc("2026-01-15 12:00:00");

Coupon NewCoupon(const std::string& id, CouponStatus status = CouponStatus::kIssued) {
  Coupon coupon;
  coupon.coupon_id = id;
  coupon.code = absl::StrCat("CODE-", id);
  coupon.reward_id = "latte";
  coupon.prize_id = "cake";
  coupon.wallet = "points";
  coupon.points = 40;
  coupon.program_version = 3;
  coupon.status = status;
  coupon.issued_at = kNoon + absl::Microseconds(1);
  coupon.expires_at = kNoon + absl::Hours(48);
  coupon.reference = kHardText;
  coupon.lots = {NewLot(1, kNoon, absl::InfiniteFuture())};
  if (status != CouponStatus::kIssued) coupon.ended_at = kNoon + absl::Seconds(5);
  return coupon;
}

class CouponsConformance : public StorageConformance {
 protected:
  // Members 1 and 2, of whom the first has these.
  void Store(std::vector<Coupon> coupons) {
    WriteSet writes = WithMember(NewMember(1));
    writes.members[0].coupons = std::move(coupons);
    writes.members.emplace_back().member = NewMember(2);
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

  // Writes one of member 1, whose row has this version.
  absl::Status Put(Coupon coupon, int64_t version) {
    WriteSet writes = WithMember(NewMember(1));
    writes.members[0].member.version = version;
    writes.members[0].coupons = {std::move(coupon)};
    return Commit(*store_, writes);
  }

  // Those that a load finds of a member, by id.
  std::vector<Coupon> CouponsOf(uint64_t member, domain::MemberNeeds needs) {
    KeySet keys;
    keys.members = {ById(member, std::move(needs))};
    const auto loaded = Read(*store_, keys);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    std::vector<Coupon> coupons = loaded->Find({MemberNumber(member), {}})->coupons;
    std::sort(coupons.begin(), coupons.end(),
              [](const Coupon& a, const Coupon& b) { return a.coupon_id < b.coupon_id; });
    return coupons;
  }

  std::string IdsOf(uint64_t member, domain::MemberNeeds needs) {
    std::string ids;
    for (const Coupon& coupon : CouponsOf(member, std::move(needs))) ids += coupon.coupon_id;
    return ids;
  }
};

TEST_F(CouponsConformance, KeepsThemAsTheyAre) {
  Coupon forever = NewCoupon("b", CouponStatus::kUsed);
  forever.expires_at = absl::InfiniteFuture();
  forever.prize_id = "";
  forever.lots.clear();
  Store({NewCoupon("a"), forever});
  EXPECT_THAT(CouponsOf(1, {.coupons = {"CODE-a", "CODE-b", "CODE-c", "CODE-a"}}),
              ElementsAre(NewCoupon("a"), forever));
}

TEST_F(CouponsConformance, TheIssuedOnesComeWithTheLots) {
  Store({NewCoupon("a"), NewCoupon("b", CouponStatus::kUsed), NewCoupon("c"),
         NewCoupon("d", CouponStatus::kExpired), NewCoupon("e", CouponStatus::kCancelled)});
  EXPECT_EQ(IdsOf(1, {.lots = true}), "ac");
  EXPECT_EQ(IdsOf(1, {}), "");
  EXPECT_EQ(IdsOf(1, {.lots = true, .coupons = {"CODE-b", "CODE-c"}}), "abc");
}

TEST_F(CouponsConformance, ThoseOfARewardAreTheOnesThatCount) {
  Coupon old = NewCoupon("a", CouponStatus::kUsed);
  old.issued_at = kNoon - absl::Hours(24);
  Coupon other = NewCoupon("b");
  other.reward_id = "mug";
  Store({old, other, NewCoupon("c", CouponStatus::kExpired), NewCoupon("d"),
         NewCoupon("e", CouponStatus::kCancelled)});
  EXPECT_EQ(IdsOf(1, {.coupons_of_rewards = {{"latte", kNoon}}}), "cd");
  EXPECT_EQ(IdsOf(1, {.coupons_of_rewards = {{"latte", absl::InfinitePast()}}}), "acd");
  EXPECT_EQ(IdsOf(1, {.coupons_of_rewards = {{"latte", kNoon}, {"mug", kNoon}}}), "bcd");
  EXPECT_EQ(IdsOf(2, {.coupons_of_rewards = {{"latte", absl::InfinitePast()}}}), "");
}

TEST_F(CouponsConformance, ACodeNamesItsMember) {
  Store({NewCoupon("a")});
  KeySet keys;
  keys.members = {{{.coupon_code = "CODE-a"}, {.coupons = {"CODE-a"}}},
                  {{.coupon_code = "CODE-b"}, {.coupons = {"CODE-b"}}}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const domain::MemberState* state = loaded->Find({.coupon_code = "CODE-a"});
  ASSERT_NE(state, nullptr);
  EXPECT_EQ(state->member.id, MemberNumber(1));
  EXPECT_THAT(state->coupons, ElementsAre(NewCoupon("a")));
  EXPECT_EQ(loaded->Find({.coupon_code = "CODE-b"}), nullptr);
  // Another member does not get it, though they ask for it.
  EXPECT_EQ(IdsOf(2, {.coupons = {"CODE-a"}}), "");
}

TEST_F(CouponsConformance, AWriterFindsWhatAReaderFinds) {
  Store({NewCoupon("a"), NewCoupon("b", CouponStatus::kUsed)});
  KeySet keys;
  keys.members = {{{.coupon_code = "CODE-b"}, {.lots = true, .coupons = {"CODE-b"}}}};
  // Twice: what a store remembers makes no difference.
  for (int i = 0; i < 2; ++i) {
    const auto transaction = store_->Begin();
    const auto loaded = (*transaction)->Load(keys);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    const domain::MemberState* state = loaded->Find({.coupon_code = "CODE-b"});
    ASSERT_NE(state, nullptr);
    EXPECT_THAT(state->coupons,
                UnorderedElementsAre(NewCoupon("a"), NewCoupon("b", CouponStatus::kUsed)));
    ASSERT_TRUE((*transaction)->Commit().ok());
  }
}

TEST_F(CouponsConformance, AChangeIsWritten) {
  Store({NewCoupon("a")});
  Coupon used = NewCoupon("a", CouponStatus::kUsed);
  used.reference = "receipt 7";
  used.lots.clear();
  ASSERT_TRUE(Put(used, 1).ok());
  EXPECT_THAT(CouponsOf(1, {.coupons = {"CODE-a"}}), ElementsAre(used));
  EXPECT_EQ(IdsOf(1, {.lots = true}), "");
}

// What a store remembers of a member knows of a coupon that it has written itself.
TEST_F(CouponsConformance, AWrittenCouponIsFoundAgain) {
  Store({});
  KeySet keys;
  keys.members = {ById(1, {.lots = true})};
  {
    const auto transaction = store_->Begin();
    ASSERT_TRUE((*transaction)->Load(keys).ok());
    WriteSet writes = WithMember(NewMember(1));
    writes.members[0].member.version = 1;
    writes.members[0].coupons = {NewCoupon("a")};
    ASSERT_TRUE((*transaction)->Write(writes).ok());
    ASSERT_TRUE((*transaction)->Commit().ok());
  }
  const auto transaction = store_->Begin();
  const auto loaded = (*transaction)->Load(keys);
  EXPECT_THAT(loaded->Find({MemberNumber(1), {}})->coupons, ElementsAre(NewCoupon("a")));
}

TEST_F(CouponsConformance, ACodeIsGivenOnce) {
  Store({NewCoupon("a")});
  Coupon twin = NewCoupon("b");
  twin.code = "CODE-a";
  EXPECT_TRUE(absl::IsAborted(Put(twin, 1)));
  EXPECT_THAT(CouponsOf(1, {.coupons = {"CODE-a"}}), ElementsAre(NewCoupon("a")));
}

TEST_F(CouponsConformance, AnAuditSeesAllOfThem) {
  Store({NewCoupon("a"), NewCoupon("b", CouponStatus::kCancelled),
         NewCoupon("c", CouponStatus::kUsed)});
  WriteSet writes;
  CommandWrite issue = NewCommand(RequestScope::kRequest, "a", 1);
  issue.record.kind = domain::kKindOf<domain::IssueCoupon>;
  issue.record.inputs.rules = 3;
  issue.record.action =
      domain::EncodeAction(domain::IssueCoupon{{}, "a", "latte", "CODE-a", ~uint64_t{0}});
  issue.record.inputs.counters = {{"stock/latte", 7}};
  writes.commands = {issue};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto records = NewReader()->ReadRecords(std::nullopt);
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_THAT(records->family.front().state.coupons,
              UnorderedElementsAre(NewCoupon("a"), NewCoupon("b", CouponStatus::kCancelled),
                                   NewCoupon("c", CouponStatus::kUsed)));
  ASSERT_EQ(records->family.front().commands.size(), 1u);
  EXPECT_EQ(records->family.front().commands[0].inputs, issue.record.inputs);
  const auto& read = records->family.front().commands[0].action;
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(std::get<domain::IssueCoupon>(*read).code, "CODE-a");
  EXPECT_EQ(std::get<domain::IssueCoupon>(*read).seed, ~uint64_t{0});
  const auto counters = NewReader()->ReadCounters();
  ASSERT_EQ(counters->taken.size(), 1u);
  EXPECT_EQ(counters->taken[0].reward_id, "latte");
  EXPECT_EQ(counters->taken[0].program_version, 3);
  EXPECT_EQ(counters->taken[0].pieces, 2);
}

}  // namespace
}  // namespace dangol::storage
