#ifndef DANGOL_SERVER_DOMAIN_ERRORS_H_
#define DANGOL_SERVER_DOMAIN_ERRORS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/points/reservation.h"
#include "server/domain/program/in_use.h"
#include "server/domain/reward/coupon.h"

// The reasons for which a command is refused. Fields are relative to the
// message that the command was made from.
namespace dangol::domain {

absl::Status MemberNotFound(const MemberRef& member);
absl::Status MergedMemberNotFound(const MemberRef& member);
absl::Status MemberClosed();
absl::Status MemberErased();
absl::Status HouseholdNotEmpty();
// What is read of a member changes all the while.
absl::Status MemberBusy();
// The program of now has none of that name.
absl::Status IncentiveNotFound(absl::string_view incentive);
// Who is said to have referred somebody (server/domain/referral).
absl::Status ReferrerNotFound(const MemberRef& referrer);
absl::Status ReferrerNotActive();
absl::Status ReferredByThemselves();
absl::Status AlreadyReferred(const MemberId& referrer);
absl::Status ReferredAfterPurchase();
absl::Status MemberBeforeReferrer();
absl::Status AliasTaken(const Alias& alias, absl::string_view field);
// Of an attribute that the program takes for a birthday.
absl::Status NoBirthday(absl::string_view attribute, absl::string_view value);
absl::Status AliasRepeated(const Alias& alias, absl::string_view field);
absl::Status AliasNotFound(const Alias& alias);
absl::Status TooManyAliases();
absl::Status TooManyAttributes();

absl::Status CurrencyNotDeclared(absl::string_view currency, absl::string_view program_name);
absl::Status TimeInFuture(absl::string_view field, absl::Time time, absl::Time now);
absl::Status TimeTooEarly(absl::string_view field, absl::Time time);
absl::Status TimeBeforeHistory(absl::string_view field, absl::Time time, absl::CivilDay from);
absl::Status TooManyPoints();
absl::Status BalanceTooLarge(absl::string_view wallet);

absl::Status MemberSuspended();
absl::Status WalletNotDeclared(absl::string_view wallet, absl::string_view program_name);
absl::Status WalletMissing();
absl::Status InsufficientPoints(absl::string_view wallet, int64_t asked, int64_t available);
absl::Status ReservationNotFound(absl::string_view reservation_id);
absl::Status ReservationEnded(const Reservation& reservation);
absl::Status ReservationTooSmall(int64_t asked, int64_t held);
absl::Status ReasonNotDeclared(absl::string_view reason, absl::string_view program_name);
absl::Status AdjustmentTooLarge(absl::string_view reason, int64_t max_points);
absl::Status AdjustmentNotFound(absl::string_view adjustment_id);
absl::Status AdjustmentUndone(absl::string_view adjustment_id);

absl::Status ReceiverNotFound(const MemberRef& receiver);
absl::Status ReceiverNotActive(MemberStatus status);
absl::Status ReceiverIsGiver();
absl::Status TransferOfTooManyLots();

absl::Status SurvivorNotFound(const MemberRef& survivor, bool household);
absl::Status MergeWithThemselves(bool household);
absl::Status MergeOfNotActive(absl::string_view field, const Member& member);
// About a field of the request; empty for none.
absl::Status MemberInHousehold(absl::string_view field, const Member& member);
absl::Status NotInHousehold(const MemberId& member);
absl::Status HouseholdSuspended();
absl::Status TooManySharers();
absl::Status MergeOfTooMuch(absl::string_view what, int64_t limit);
absl::Status NotMerged(const MemberId& member);
absl::Status MergedOnward(const MemberId& survivor, const MemberId& into);
// A half that was asked for by itself.
absl::Status DecidedWithOther();

absl::Status RewardNotFound(absl::string_view reward_id, absl::string_view program_name);
absl::Status RewardNotYet(absl::string_view reward_id, absl::CivilDay first_day);
absl::Status RewardOver(absl::string_view reward_id, absl::CivilDay last_day);
absl::Status RewardNotForMember(absl::string_view reward_id);
absl::Status RewardNotForTier(absl::string_view reward_id, const std::vector<TierName>& tiers);
absl::Status LadderNotFound(absl::string_view ladder, absl::string_view program);
absl::Status TierNotFound(absl::string_view tier, absl::string_view ladder);
absl::Status OverrideIsOver(absl::CivilDay until, absl::CivilDay today);
absl::Status OverrideNotFound(absl::string_view override_id);
absl::Status OverrideHasEnded(absl::string_view override_id);
absl::Status TooManyOverrides();
absl::Status IndicatorNotDeclared(absl::string_view field, absl::string_view of,
                                  absl::string_view program);
absl::Status DayInFuture(absl::string_view field, absl::CivilDay day, absl::CivilDay today);
absl::Status TooManySources();
absl::Status RfmNotDeclared(absl::string_view program);
absl::Status RfmHasThresholds(absl::string_view program);
// Midnight has come too close while they were computed.
absl::Status NormsTooLate();
absl::Status RewardOutOfStock(absl::string_view reward_id);
absl::Status RewardLimitReached(absl::string_view reward_id);
absl::Status CouponNotFound();
absl::Status CouponEnded(const Coupon& coupon);

absl::Status PurchaseNotFound(absl::string_view purchase_id);
absl::Status LineNotFound(size_t index, int line, size_t lines);
absl::Status ReturnNotFound(absl::string_view return_id);
absl::Status ActivityNotDeclared(absl::string_view kind, absl::string_view program_name);
absl::Status ActivityNotFound(absl::string_view activity_id);
absl::Status ReturnTooLarge(absl::string_view message);
absl::Status ReturnTooEarly(absl::Time returned_at, absl::Time bought_at);

absl::Status RequestExpired(absl::Time valid_until, absl::Time now);
absl::Status ProgramMissing();
absl::Status ProgramInPast(absl::Time effective_from, absl::Time now);
absl::Status ProgramNotFound(int64_t version);
absl::Status ProgramInForce(int64_t version);
absl::Status ProgramNotLatest(int64_t version);
// Members still have something of what the program drops. `renamed`: what it may be called now;
// empty where nothing is alike.
absl::Status StillInUse(PartKind kind, const InUse& use, absl::string_view renamed);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ERRORS_H_
