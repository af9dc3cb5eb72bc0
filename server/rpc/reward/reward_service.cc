#include "server/rpc/reward/reward_service.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dangol/v1/reward_service.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/reward/rewards.h"
#include "server/rpc/member_read.h"
#include "server/rpc/method.h"
#include "server/rpc/reward/convert_rewards.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::Status ListRewards(const v1::ListRewardsRequest& message, Backend& backend,
                         storage::Reader& reader, v1::ListRewardsResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Found found,
                   LoadMember(backend, reader, [&](const auto& catalog, absl::Time now) {
                     domain::Reads reads = domain::ReadsOfOffers(catalog, now);
                     reads.member = ref;
                     return reads;
                   }));
  domain::State state;
  state.member = found.loaded.Find(ref);
  state.person = found.loaded.FindPerson(ref);
  state.counters = &found.loaded.counters;
  if (state.member == nullptr) return domain::MemberNotFound(ref);
  const domain::ProgramVersion* version = found.catalog->At(found.now);
  for (const domain::Offer& offer : domain::OffersFor(state, *found.catalog, found.now)) {
    ToProto(offer, *version->program, *response.add_offers());
  }
  return absl::OkStatus();
}

absl::Status GetCoupon(const v1::GetCouponRequest& message, Backend& backend,
                       storage::Reader& reader, v1::GetCouponResponse& response) {
  Validator validator;
  domain::MemberRef ref;
  ref.coupon_code = CouponCode(Path("code"), message.code(), validator);
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     reads.needs.coupons = {ref.coupon_code};
                     return reads;
                   }));
  const domain::MemberState* stored = found.loaded.Find(ref);
  if (stored == nullptr) return domain::CouponNotFound();
  domain::MemberState state = *stored;
  domain::Apply(domain::Advance(state, *found.catalog, found.now), state);
  for (const domain::Coupon& coupon : state.coupons) {
    if (coupon.code != ref.coupon_code) continue;
    ToProto(state.member.id, coupon, domain::TermsOf(coupon, *found.catalog),
            *response.mutable_coupon());
    return absl::OkStatus();
  }
  return domain::CouponNotFound();
}

absl::Status ListCoupons(const v1::ListCouponsRequest& message, Backend& backend,
                         storage::Reader& reader, v1::ListCouponsResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::CouponStatus_IsValid(message.status()), Path("status"),
                  "is not a CouponStatus");
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const PurseOfList owner, FindPurse(ref, backend, reader));
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const absl::Time now = backend.clock.Now();
  const auto tell = [&](domain::Coupon coupon) {
    // What time has done is not recorded at once.
    const bool is_over = coupon.status == domain::CouponStatus::kIssued && coupon.expires_at <= now;
    if (is_over) {
      coupon.status = domain::CouponStatus::kExpired;
      coupon.ended_at = coupon.expires_at;
    }
    const bool is_wanted = message.status() == v1::COUPON_STATUS_UNSPECIFIED ||
                           message.status() == static_cast<v1::CouponStatus>(coupon.status);
    if (!is_wanted || !owner.Tells(coupon.person)) return false;
    ToProto(owner.purse, coupon, domain::TermsOf(coupon, *catalog), *response.add_coupons());
    return true;
  };
  return FillPage<domain::Coupon>(
      absl::StrCat("coupons/", owner.purse.ToString(), "/", message.status()), message.page_token(),
      page_size,
      [&](const std::string& after, int limit) {
        return reader.ListCoupons(owner.purse, after, limit);
      },
      [](const domain::Coupon& coupon) -> const std::string& { return coupon.coupon_id; }, tell,
      response);
}

}  // namespace

ServiceTable RewardService() {
  using enum When;
  return {"dangol.v1.RewardService",
          {ReadWith<v1::ListRewardsRequest, v1::ListRewardsResponse>(ListRewards)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           Mutation<v1::IssueCouponRequest, domain::CouponOutcome, v1::IssueCouponResponse>(
               ToRequest, ToProto)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways}),
           ReadWith<v1::GetCouponRequest, v1::GetCouponResponse>(GetCoupon).For(
               {.pos = kAlways, .app = kForMembers, .care = kAlways, .auditor = kAlways}),
           ReadWith<v1::ListCouponsRequest, v1::ListCouponsResponse>(ListCoupons)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           Mutation<v1::UseCouponRequest, domain::CouponOutcome, v1::UseCouponResponse>(ToRequest,
                                                                                        ToProto)
               .For({.pos = kAlways, .app = kForMembers}),
           Mutation<v1::CancelCouponRequest, domain::CouponOutcome, v1::CancelCouponResponse>(
               ToRequest, ToProto)
               .For({.pos = kAlways, .app = kForMembers, .care = kAlways})}};
}

}  // namespace dangol::rpc
