#include "server/rpc/reward/reward_service.h"

#include <string>
#include <utility>

#include "dangol/v1/reward_service.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/reward/rewards.h"
#include "server/rpc/method.h"
#include "server/rpc/reward/convert_rewards.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// What is stored of one member, and the program that it is to be judged by.
struct Found {
  storage::Loaded loaded;
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  absl::Time now;
};

// Loads what `reads_of` asks for; once more where the program turns out to be a new one.
template <typename ReadsOf>
absl::StatusOr<Found> Load(const Backend& backend, storage::Reader& reader,
                           const ReadsOf& reads_of) {
  while (true) {
    Found found;
    found.catalog = backend.programs.Current();
    found.now = backend.clock.Now();
    domain::Reads reads = reads_of(*found.catalog, found.now);
    storage::KeySet keys;
    keys.now = found.now;
    keys.known_program_version = lane::LatestVersion(*found.catalog);
    keys.members.push_back({*std::move(reads.member), std::move(reads.needs)});
    keys.counters = std::move(reads.counters);
    ASSIGN_OR_RETURN(found.loaded, storage::LoadFollowing(reader, keys));
    if (found.loaded.programs.empty()) return found;
    RETURN_IF_ERROR(backend.programs.Learn(found.loaded.programs));
  }
}

absl::Status ListRewards(const v1::ListRewardsRequest& message, Backend& backend,
                         storage::Reader& reader, v1::ListRewardsResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Found found,
                   Load(backend, reader, [&](const auto& catalog, absl::Time now) {
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
  ASSIGN_OR_RETURN(const Found found, Load(backend, reader, [&](const auto&, absl::Time) {
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

}  // namespace

std::unique_ptr<grpc::Service> MakeRewardService(const Backend& backend) {
  return MakeService(
      backend, "dangol.v1.RewardService",
      {ReadWith<v1::ListRewardsRequest, v1::ListRewardsResponse>(ListRewards),
       Mutation<v1::IssueCouponRequest, domain::CouponOutcome, v1::IssueCouponResponse>(ToRequest,
                                                                                        ToProto),
       ReadWith<v1::GetCouponRequest, v1::GetCouponResponse>(GetCoupon),
       Mutation<v1::UseCouponRequest, domain::CouponOutcome, v1::UseCouponResponse>(ToRequest,
                                                                                    ToProto),
       Mutation<v1::CancelCouponRequest, domain::CouponOutcome, v1::CancelCouponResponse>(
           ToRequest, ToProto)});
}

}  // namespace dangol::rpc
