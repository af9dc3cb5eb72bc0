#include "server/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::domain {
namespace {

std::string Name(const Alias& alias) { return absl::StrCat(alias.kind, ":", alias.value); }

std::string Name(const MemberRef& member) {
  return member.id.has_value() ? member.id->ToString() : Name(member.alias);
}

// What is said of something that members have and a program drops.
struct Words {
  const char* reason;
  const char* kind;
  const char* what;     // They have so many of these.
  const char* retired;  // The list that gives it up.
  const char* then;     // What that means.
};

Words WordsOf(PartKind kind) {
  switch (kind) {
    case PartKind::kWallet:
      return {"WALLET_IN_USE", "wallet", "points", "retired_wallets",
              "then nothing is earned or spent in it, and what is there expires as it was to"};
    case PartKind::kCurrency:
      return {"CURRENCY_IN_USE", "currency", "purchases", "retired_currencies",
              "then goods that were bought in it may still come back"};
    case PartKind::kReward:
      break;
  }
  return {"REWARD_IN_USE", "reward", "coupons", "retired_rewards",
          "then nobody can take it, and coupons that are out stay good"};
}

}  // namespace

absl::Status MemberNotFound(const MemberRef& member) {
  return Refused(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND",
                 absl::StrCat("there is no member ", Name(member), "; enroll them first"));
}

absl::Status MergedMemberNotFound(const MemberRef& member) {
  return RefusedFor("merged_member_id", absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND",
                    absl::StrCat("there is no member ", Name(member),
                                 "; give the id of who was merged, which Merge returned"));
}

absl::Status MemberClosed() {
  return Refused(absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED",
                 "the membership has ended, and nothing can be recorded for it; whoever belongs to "
                 "their household can leave it");
}

absl::Status MemberErased() {
  return Refused(absl::StatusCode::kFailedPrecondition, "MEMBER_ERASED",
                 "who the member was is forgotten, and cannot be brought back");
}

absl::Status HouseholdNotEmpty() {
  return Refused(absl::StatusCode::kFailedPrecondition, "HOUSEHOLD_NOT_EMPTY",
                 "others have their points in the member's purse; let them leave the household "
                 "first");
}

absl::Status ReferrerNotFound(const MemberRef& referrer) {
  return RefusedFor("referred_by", absl::StatusCode::kNotFound, "REFERRER_NOT_FOUND",
                    absl::StrCat("there is no member ", Name(referrer),
                                 " who could have referred anybody; ask for their code again"));
}

absl::Status ReferrerNotActive() {
  return RefusedFor("referred_by", absl::StatusCode::kFailedPrecondition, "REFERRER_NOT_ACTIVE",
                    "who is said to have referred them is suspended or has left");
}

absl::Status ReferredByThemselves() {
  return RefusedFor("referred_by", absl::StatusCode::kFailedPrecondition, "REFERRED_BY_THEMSELVES",
                    "nobody refers themselves; give the code of somebody else");
}

absl::Status AlreadyReferred(const MemberId& referrer) {
  ErrorDetails details;
  details.reason = "ALREADY_REFERRED";
  details.violations.push_back({"referred_by", "comes after another who referred them"});
  details.metadata["referrer_id"] = referrer.ToString();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "the member was referred by somebody else before; the first one counts",
                   details);
}

absl::Status ReferredAfterPurchase() {
  return RefusedFor("referred_by", absl::StatusCode::kFailedPrecondition, "REFERRED_AFTER_PURCHASE",
                    "the member has bought something before; a referral is recorded before the "
                    "first purchase");
}

absl::Status MemberBeforeReferrer() {
  return RefusedFor("referred_by", absl::StatusCode::kFailedPrecondition, "MEMBER_BEFORE_REFERRER",
                    "the member was one before the one who is said to have referred them");
}

absl::Status IncentiveNotFound(absl::string_view incentive) {
  return RefusedFor("incentive_id", absl::StatusCode::kNotFound, "INCENTIVE_NOT_FOUND",
                    absl::StrCat("the program has no incentive \"", incentive,
                                 "\"; ListOffers tells those that it has"));
}

absl::Status AliasTaken(const Alias& alias, absl::string_view field) {
  ErrorDetails details;
  details.reason = "ALIAS_TAKEN";
  details.violations.push_back({std::string(field), "belongs to another member"});
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat("alias ", Name(alias), " belongs to another member"), details);
}

absl::Status NoBirthday(absl::string_view attribute, absl::string_view value) {
  return InvalidField("NO_BIRTHDAY", absl::StrCat("attributes.", attribute),
                      absl::StrCat("\"", value, "\" is no birthday: must be a day of the solar ",
                                   "calendar such as 1990-03-31, or 03-31 where the year is not "
                                   "known; of a lunar date give the solar one"));
}

absl::Status AliasRepeated(const Alias& alias, absl::string_view field) {
  return InvalidField("ALIAS_REPEATED", field,
                      absl::StrCat(Name(alias), " is given twice; give it once"));
}

absl::Status AliasNotFound(const Alias& alias) {
  return Refused(absl::StatusCode::kNotFound, "ALIAS_NOT_FOUND",
                 absl::StrCat("the member has no alias ", Name(alias)));
}

absl::Status TooManyAliases() {
  return Refused(absl::StatusCode::kFailedPrecondition, "TOO_MANY_ALIASES",
                 absl::StrCat("a member has at most ", limits::kMaxAliasesPerMember,
                              " aliases; remove one first"));
}

absl::Status CurrencyNotDeclared(absl::string_view currency, absl::string_view program_name) {
  return InvalidField("CURRENCY_NOT_DECLARED", "currency",
                      absl::StrCat("program \"", program_name, "\" does not declare ", currency,
                                   "; use one of its currencies"));
}

absl::Status TimeInFuture(absl::string_view field, absl::Time time, absl::Time now) {
  return InvalidField(
      "TIME_IN_FUTURE", field,
      absl::StrCat(FormatUtc(time), " is in the future; it is ", FormatUtc(now), " now"));
}

absl::Status TimeTooEarly(absl::string_view field, absl::Time time) {
  return InvalidField("TIME_TOO_EARLY", field, absl::StrCat(FormatUtc(time), " lies before 1970"));
}

absl::Status TimeBeforeHistory(absl::string_view field, absl::Time time, absl::CivilDay from) {
  return InvalidField("TIME_TOO_EARLY", field,
                      absl::StrCat(FormatUtc(time), " lies before ", absl::FormatCivilTime(from),
                                   ", where the program's history begins; set the till's clock, or "
                                   "let history_from of the program begin earlier"));
}

absl::Status TooManyPoints() {
  return InvalidField("TOO_MANY_POINTS", "lines",
                      absl::StrCat("the purchase would earn more than ",
                                   limits::kMaxPointsPerPurchase, " points; check its amounts"));
}

absl::Status BalanceTooLarge(absl::string_view wallet) {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "BALANCE_TOO_LARGE",
      absl::StrCat("wallet ", wallet, " can hold no more than ", limits::kMaxBalance, " points"));
}

absl::Status MemberSuspended() {
  return Refused(absl::StatusCode::kFailedPrecondition, "MEMBER_SUSPENDED",
                 "the member is suspended and can spend nothing; reinstate them first");
}

absl::Status WalletNotDeclared(absl::string_view wallet, absl::string_view program_name) {
  return InvalidField("WALLET_NOT_DECLARED", "wallet",
                      absl::StrCat("program \"", program_name, "\" does not declare \"", wallet,
                                   "\"; use one of its wallets"));
}

absl::Status WalletMissing() {
  return InvalidField("WALLET_NOT_DECLARED", "wallet",
                      "is required, since the program declares more than one");
}

absl::Status InsufficientPoints(absl::string_view wallet, int64_t asked, int64_t available) {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_POINTS",
      absl::StrCat("wallet ", wallet, " has ", available, " points available, not ", asked));
}

absl::Status ReservationNotFound(absl::string_view reservation_id) {
  return Refused(absl::StatusCode::kNotFound, "RESERVATION_NOT_FOUND",
                 absl::StrCat("the member has no reservation ", reservation_id,
                              "; what was reserved in a household stays there"));
}

absl::Status ReservationEnded(const Reservation& reservation) {
  absl::string_view how = "was captured";
  if (reservation.status == ReservationStatus::kVoided) how = "was voided";
  if (reservation.status == ReservationStatus::kLapsed) how = "has lapsed; reserve again";
  return Refused(absl::StatusCode::kFailedPrecondition, "RESERVATION_ENDED",
                 absl::StrCat("reservation ", reservation.reservation_id, " ", how));
}

absl::Status ReservationTooSmall(int64_t asked, int64_t held) {
  return Refused(absl::StatusCode::kFailedPrecondition, "RESERVATION_TOO_SMALL",
                 absl::StrCat("the reservation holds ", held, " points, not ", asked));
}

absl::Status ReasonNotDeclared(absl::string_view reason, absl::string_view program_name) {
  return InvalidField("REASON_NOT_DECLARED", "reason",
                      absl::StrCat("program \"", program_name, "\" does not declare \"", reason,
                                   "\"; use one of its adjustment_reasons"));
}

absl::Status AdjustmentTooLarge(absl::string_view reason, int64_t max_points) {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "ADJUSTMENT_TOO_LARGE",
      absl::StrCat("an adjustment for ", reason, " is of ", max_points, " points at most"));
}

absl::Status ReceiverNotFound(const MemberRef& receiver) {
  return RefusedFor(
      "to", absl::StatusCode::kNotFound, "RECEIVER_NOT_FOUND",
      absl::StrCat("there is no member ", Name(receiver), " to receive points; enroll them first"));
}

absl::Status ReceiverNotActive(MemberStatus status) {
  const bool is_suspended = status == MemberStatus::kSuspended;
  return RefusedFor("to", absl::StatusCode::kFailedPrecondition,
                    is_suspended ? "RECEIVER_SUSPENDED" : "RECEIVER_CLOSED",
                    is_suspended
                        ? "the receiver is suspended and gets no points; reinstate them first"
                        : "the receiver's membership has ended; nothing can be recorded for it");
}

absl::Status ReceiverIsGiver() {
  return InvalidField("RECEIVER_IS_GIVER", "to", "is the member who gives; name another one");
}

absl::Status TransferOfTooManyLots() {
  return RefusedFor("points", absl::StatusCode::kFailedPrecondition, "TRANSFER_TOO_LARGE",
                    absl::StrCat("would move more than ", limits::kMaxLotsPerTransfer,
                                 " lots; give fewer points at a time"));
}

absl::Status SurvivorNotFound(const MemberRef& survivor, bool household) {
  return RefusedFor(household ? "household" : "into", absl::StatusCode::kNotFound,
                    household ? "HOUSEHOLD_NOT_FOUND" : "SURVIVOR_NOT_FOUND",
                    absl::StrCat("there is no member ", Name(survivor), "; enroll them first"));
}

absl::Status MergeWithThemselves(bool household) {
  return household ? InvalidField("HOUSEHOLD_OF_THEMSELVES", "household",
                                  "is the member who would join, or is in their household; name "
                                  "another one")
                   : InvalidField("MERGE_WITH_THEMSELVES", "into",
                                  "is the member who would be merged; name another one");
}

absl::Status MergeOfNotActive(absl::string_view field, const Member& member) {
  absl::string_view reason = "MEMBER_CLOSED";
  std::string message = absl::StrCat("the membership of ", member.id.ToString(), " has ended");
  if (member.status == MemberStatus::kSuspended) {
    reason = "MEMBER_SUSPENDED";
    message = absl::StrCat("member ", member.id.ToString(), " is suspended; reinstate them first");
  } else if (member.joined.has_value()) {
    reason = "MEMBER_MERGED";
    message = absl::StrCat("member ", member.id.ToString(), " has been merged into ",
                           member.joined->into.ToString(), " already; name that one instead, or ",
                           "unmerge them first");
  }
  return RefusedFor(field, absl::StatusCode::kFailedPrecondition, reason, message);
}

absl::Status MemberInHousehold(absl::string_view field, const Member& member) {
  return RefusedFor(field, absl::StatusCode::kFailedPrecondition, "MEMBER_IN_HOUSEHOLD",
                    absl::StrCat("member ", member.id.ToString(), " belongs to the household of ",
                                 member.joined->into.ToString(), "; let them leave it first"));
}

absl::Status NotInHousehold(const MemberId& member) {
  return Refused(absl::StatusCode::kFailedPrecondition, "MEMBER_NOT_IN_HOUSEHOLD",
                 absl::StrCat("member ", member.ToString(),
                              " belongs to no household; there is nothing to leave"));
}

absl::Status HouseholdSuspended() {
  return Refused(absl::StatusCode::kFailedPrecondition, "HOUSEHOLD_SUSPENDED",
                 "the head of the household is suspended; reinstate them first");
}

absl::Status MergeOfTooMuch(absl::string_view what, int64_t limit) {
  return Refused(absl::StatusCode::kFailedPrecondition, "MERGE_TOO_LARGE",
                 absl::StrCat("together they have more than ", limit, " ", what));
}

absl::Status TooManySharers() {
  return Refused(absl::StatusCode::kFailedPrecondition, "MERGE_TOO_LARGE",
                 absl::StrCat("more than ", limits::kMaxSharers + 1,
                              " persons would share one purse; let somebody leave it first"));
}

absl::Status NotMerged(const MemberId& member) {
  return Refused(absl::StatusCode::kFailedPrecondition, "MEMBER_NOT_MERGED",
                 absl::StrCat("member ", member.ToString(),
                              " is not merged into anybody; there is nothing to undo"));
}

absl::Status MergedOnward(const MemberId& survivor, const MemberId& into) {
  return Refused(absl::StatusCode::kFailedPrecondition, "SURVIVOR_MERGED",
                 absl::StrCat("member ", survivor.ToString(),
                              " was to give it back and has handed everything to ", into.ToString(),
                              " since; undo that first (Unmerge, or LeaveHousehold)"));
}

absl::Status DecidedWithOther() {
  return absl::InternalError("is one half of a merge, which is decided with the other");
}

absl::Status RewardNotFound(absl::string_view reward_id, absl::string_view program_name) {
  return Refused(absl::StatusCode::kNotFound, "REWARD_NOT_FOUND",
                 absl::StrCat("program \"", program_name, "\" has no reward \"", reward_id,
                              "\"; ListRewards tells which there are"));
}

absl::Status RewardNotYet(absl::string_view reward_id, absl::CivilDay first_day) {
  return Refused(absl::StatusCode::kFailedPrecondition, "REWARD_NOT_YET",
                 absl::StrCat("reward ", reward_id, " can be taken from ",
                              absl::FormatCivilTime(first_day), " on"));
}

absl::Status RewardOver(absl::string_view reward_id, absl::CivilDay last_day) {
  return Refused(absl::StatusCode::kFailedPrecondition, "REWARD_OVER",
                 absl::StrCat("reward ", reward_id, " could be taken until ",
                              absl::FormatCivilTime(last_day)));
}

absl::Status RewardNotForMember(absl::string_view reward_id) {
  return Refused(absl::StatusCode::kFailedPrecondition, "REWARD_NOT_FOR_MEMBER",
                 absl::StrCat("reward ", reward_id, " is for members with other attributes"));
}

absl::Status RewardNotForTier(absl::string_view reward_id, const std::vector<TierName>& tiers) {
  const auto name = [](std::string* out, const TierName& tier) {
    absl::StrAppend(out, tier.ladder, "/", tier.tier);
  };
  return Refused(absl::StatusCode::kFailedPrecondition, "REWARD_NOT_FOR_TIER",
                 absl::StrCat("reward ", reward_id, " is for members in ",
                              absl::StrJoin(tiers, " or ", name)));
}

absl::Status LadderNotFound(absl::string_view ladder, absl::string_view program) {
  return RefusedFor("ladder", absl::StatusCode::kInvalidArgument, "LADDER_NOT_FOUND",
                    absl::StrCat("program ", program, " has no ladder ", ladder));
}

absl::Status TierNotFound(absl::string_view tier, absl::string_view ladder) {
  return RefusedFor("tier", absl::StatusCode::kInvalidArgument, "TIER_NOT_FOUND",
                    absl::StrCat("ladder ", ladder, " has no tier ", tier));
}

absl::Status OverrideIsOver(absl::CivilDay until, absl::CivilDay today) {
  return InvalidField("OVERRIDE_IS_OVER", "until",
                      absl::StrCat(absl::FormatCivilTime(until), " is over; today is ",
                                   absl::FormatCivilTime(today)));
}

absl::Status OverrideNotFound(absl::string_view override_id) {
  return RefusedFor("override_id", absl::StatusCode::kNotFound, "OVERRIDE_NOT_FOUND",
                    absl::StrCat("nothing was decided on the member's tier under ", override_id));
}

absl::Status OverrideHasEnded(absl::string_view override_id) {
  return Refused(absl::StatusCode::kFailedPrecondition, "OVERRIDE_HAS_ENDED",
                 absl::StrCat("what was decided under ", override_id, " has ended already"));
}

absl::Status TooManyOverrides() {
  return Refused(absl::StatusCode::kFailedPrecondition, "TOO_MANY_OVERRIDES",
                 absl::StrCat("more than ", limits::kMaxTierOverrides,
                              " decisions on one member's tiers are not kept"));
}

absl::Status IndicatorNotDeclared(absl::string_view field, absl::string_view of,
                                  absl::string_view program) {
  return InvalidField("INDICATOR_NOT_DECLARED", field,
                      absl::StrCat("program ", program, " does not declare ", of));
}

absl::Status DayInFuture(absl::string_view field, absl::CivilDay day, absl::CivilDay today) {
  return InvalidField("TIME_IN_FUTURE", field,
                      absl::StrCat(absl::FormatCivilTime(day), " is in the future; today is ",
                                   absl::FormatCivilTime(today)));
}

absl::Status TooManySources() {
  return Refused(absl::StatusCode::kFailedPrecondition, "TOO_MANY_SOURCES",
                 absl::StrCat("sums of more than ", limits::kMaxLifetimeSources,
                              " sources are not kept of one member; a source without sums is "
                              "removed"));
}

absl::Status RfmNotDeclared(absl::string_view program) {
  return Refused(absl::StatusCode::kFailedPrecondition, "RFM_NOT_DECLARED",
                 absl::StrCat("program ", program,
                              " does not say how to score members; rfm {} is enough where it has "
                              "one currency"));
}

absl::Status RfmHasThresholds(absl::string_view program) {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "RFM_HAS_THRESHOLDS",
      absl::StrCat("program ", program, " scores members by fixed thresholds, and needs no norms"));
}

absl::Status NormsTooLate() {
  ErrorDetails details;
  details.reason = "NORMS_TOO_LATE";
  details.retry_delay = absl::Seconds(1);
  return MakeError(absl::StatusCode::kUnavailable,
                   "it became too late to be in force at midnight; ask once more, for the next day",
                   details);
}

absl::Status RewardOutOfStock(absl::string_view reward_id) {
  return Refused(absl::StatusCode::kFailedPrecondition, "REWARD_OUT_OF_STOCK",
                 absl::StrCat("nothing is left of reward ", reward_id));
}

absl::Status RewardLimitReached(absl::string_view reward_id) {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "REWARD_LIMIT_REACHED",
      absl::StrCat("the member has taken as many of reward ", reward_id, " as a member may"));
}

// The code is not repeated: whoever reads a log could use what it names.
absl::Status CouponNotFound() {
  return Refused(absl::StatusCode::kNotFound, "COUPON_NOT_FOUND",
                 "there is no coupon with this code; check what was typed");
}

absl::Status CouponEnded(const Coupon& coupon) {
  absl::string_view how = "was used already";
  if (coupon.status == CouponStatus::kExpired) how = "has expired";
  if (coupon.status == CouponStatus::kCancelled) how = "was cancelled";
  return Refused(absl::StatusCode::kFailedPrecondition, "COUPON_ENDED",
                 absl::StrCat("the coupon ", how));
}

absl::Status PurchaseNotFound(absl::string_view purchase_id) {
  return Refused(absl::StatusCode::kNotFound, "PURCHASE_NOT_FOUND",
                 absl::StrCat("there is no purchase ", purchase_id));
}

absl::Status ReturnNotFound(absl::string_view return_id) {
  return Refused(absl::StatusCode::kNotFound, "RETURN_NOT_FOUND",
                 absl::StrCat("there is no return ", return_id));
}

absl::Status ActivityNotDeclared(absl::string_view kind, absl::string_view program_name) {
  return InvalidField("ACTIVITY_NOT_DECLARED", "kind",
                      absl::StrCat("program \"", program_name, "\" does not declare \"", kind,
                                   "\"; use one of its activities"));
}

absl::Status MemberBusy() {
  return Refused(absl::StatusCode::kUnavailable, "MEMBER_BUSY",
                 "more is being recorded of the member all the time; try again");
}

absl::Status ActivityNotFound(absl::string_view activity_id) {
  return Refused(absl::StatusCode::kNotFound, "ACTIVITY_NOT_FOUND",
                 absl::StrCat("there is no activity ", activity_id));
}

absl::Status AdjustmentNotFound(absl::string_view adjustment_id) {
  return Refused(absl::StatusCode::kNotFound, "ADJUSTMENT_NOT_FOUND",
                 absl::StrCat("the member has no adjustment ", adjustment_id));
}

absl::Status AdjustmentUndone(absl::string_view adjustment_id) {
  return Refused(absl::StatusCode::kFailedPrecondition, "ADJUSTMENT_UNDONE",
                 absl::StrCat("adjustment ", adjustment_id, " is undone already"));
}

absl::Status TooManyAttributes() {
  return Refused(absl::StatusCode::kFailedPrecondition, "TOO_MANY_ATTRIBUTES",
                 absl::StrCat("a member has at most ", limits::kMaxAttributesPerMember,
                              " attributes; remove some first"));
}

absl::Status LineNotFound(size_t index, int line, size_t lines) {
  return InvalidField(
      "INVALID_FIELDS", absl::StrCat("lines[", index, "].line"),
      absl::StrCat(line, " is not a line of the purchase, which has ", lines, ", counted from 0"));
}

absl::Status ReturnTooLarge(absl::string_view message) {
  return Refused(absl::StatusCode::kFailedPrecondition, "RETURN_TOO_LARGE", message);
}

absl::Status ReturnTooEarly(absl::Time returned_at, absl::Time bought_at) {
  return InvalidField(
      "TIME_TOO_EARLY", "occurred_at",
      absl::StrCat(FormatUtc(returned_at), " lies before the purchase, which was at ",
                   FormatUtc(bought_at)));
}

absl::Status RequestExpired(absl::Time valid_until, absl::Time now) {
  return RefusedFor(
      "valid_until", absl::StatusCode::kFailedPrecondition, "REQUEST_EXPIRED",
      absl::StrCat("the request was valid until ", FormatUtc(valid_until), ", and it is ",
                   FormatUtc(now), " now; it had no effect and will have none"));
}

absl::Status ProgramMissing() {
  return Refused(absl::StatusCode::kFailedPrecondition, "PROGRAM_MISSING",
                 "no program is active; activate one first");
}

absl::Status ProgramInPast(absl::Time effective_from, absl::Time now) {
  return InvalidField(
      "TIME_IN_PAST", "effective_from",
      absl::StrCat(FormatUtc(effective_from), " is past; it is ", FormatUtc(now), " now"));
}

absl::Status ProgramNotFound(int64_t version) {
  return Refused(absl::StatusCode::kNotFound, "PROGRAM_NOT_FOUND",
                 absl::StrCat("there is no version ", version, " of the program"));
}

absl::Status ProgramInForce(int64_t version) {
  return Refused(absl::StatusCode::kFailedPrecondition, "PROGRAM_IN_FORCE",
                 absl::StrCat("version ", version,
                              " has begun and judges what occurred since; activate another one"));
}

absl::Status ProgramNotLatest(int64_t version) {
  return Refused(absl::StatusCode::kFailedPrecondition, "PROGRAM_NOT_LATEST",
                 absl::StrCat("there is a later version than ", version,
                              "; withdraw the latest, or activate what is to be in their place"));
}

absl::Status StillInUse(PartKind kind, const InUse& use, absl::string_view renamed) {
  const Words words = WordsOf(kind);
  std::string drops = absl::StrCat("drops ", words.kind, " ", use.name, ", of which ", use.members,
                                   use.members == 1 ? " member has " : " members have ", use.count,
                                   " ", words.what);
  if (use.owed > 0) absl::StrAppend(&drops, " and owe ", use.owed);
  absl::StrAppend(&drops, "; keep it, or name it in ", words.retired);
  std::string message = absl::StrCat("program_text: ", drops, ": ", words.then);
  if (!renamed.empty()) {
    absl::StrAppend(&message, "; to call it ", renamed, " moves nothing there");
  }
  ErrorDetails details;
  details.reason = words.reason;
  details.violations.push_back({"program_text", drops});
  details.metadata = {{"name", use.name},
                      {"members", absl::StrCat(use.members)},
                      {words.what, absl::StrCat(use.count)}};
  if (kind == PartKind::kWallet) details.metadata["owed"] = absl::StrCat(use.owed);
  return MakeError(absl::StatusCode::kFailedPrecondition, message, details);
}

}  // namespace dangol::domain
