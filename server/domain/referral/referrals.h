#ifndef DANGOL_SERVER_DOMAIN_REFERRAL_REFERRALS_H_
#define DANGOL_SERVER_DOMAIN_REFERRAL_REFERRALS_H_

#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/referral/referral.h"

// What follows from who was brought by whom.
//
// Of persons who are one, the referral of the one counts who was a member first: everybody was
// referred once, before that, or never. So who is merged with their referrer has referred
// themselves and counts for nothing, and no referrals that count lead in a ring, however persons
// are merged: a referrer was always a member before whom they refer (by MemberSince), and along
// referrals the first of each who are one was a member ever earlier.
namespace dangol::domain {

// Since when somebody is a member: of equal times, the one whose id was made first.
struct MemberSince {
  absl::Time enrolled_at;
  MemberId id;

  friend bool operator<(const MemberSince& a, const MemberSince& b) {
    return a.enrolled_at != b.enrolled_at ? a.enrolled_at < b.enrolled_at : a.id < b.id;
  }
};

// The person who was a member first, of the member and those who were merged into them.
MemberSince FirstOf(const Member& member);

// The referral that counts; null where there is none.
const Referral* ReferralOf(const Member& member);

// The same, where nothing that stands was bought before its day.
const Referral* ReferralBeforePurchases(const Member& member);

// False where an incentive is for those who were referred, and they were not.
bool IsReferredFor(const Incentive& incentive, const Member& member);

// What the referrer is to be told of a member, one for each incentive, by name.
std::vector<Conversion> ConversionsOf(const Member& member, const ProgramCatalog& catalog);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REFERRAL_REFERRALS_H_
