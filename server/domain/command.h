#ifndef DANGOL_SERVER_DOMAIN_COMMAND_H_
#define DANGOL_SERVER_DOMAIN_COMMAND_H_

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/activity/activity.h"
#include "server/domain/advocate/advocate_record.h"
#include "server/domain/care/complaint.h"
#include "server/domain/member/member.h"
#include "server/domain/program/norms.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/referral/referral.h"

namespace dangol::domain {

struct EnrollMember {
  MemberId member_id;  // Made by the caller: a decision has no randomness.
  std::vector<Alias> aliases;
  Attributes attributes;
  std::optional<absl::Time> enrolled_at;
  std::optional<MemberRef> referred_by;
  FoundReferrer referrer;  // Whom that means.

  static void Fields(auto& row, auto& v) {
    v(1, row.member_id);
    v(2, row.aliases);
    v(3, row.attributes);
    v(4, row.enrolled_at);
    v(5, row.referred_by);
    v(6, row.referrer);
  }
};

struct AddAlias {
  MemberRef member;
  Alias alias;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.alias);
  }
};

struct RemoveAlias {
  MemberRef member;
  Alias alias;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.alias);
  }
};

struct RecordPurchase {
  MemberRef member;
  Purchase purchase;                      // Its upper half.
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.occurred_at);
    v(3, row.purchase.purchase_id);
    v(4, row.purchase.currency);
    v(5, row.purchase.lines);
    v(6, row.purchase.channel);
    v(7, row.purchase.store_id);
    v(8, row.purchase.paid_with_points_minor);
    v(9, row.purchase.reservation_id);
  }
};

// Goods come back: to a purchase, or without a receipt.
struct RecordReturn {
  struct Line {
    int line = 0;     // With a receipt: the line of the purchase, from 0.
    std::string sku;  // Without one.
    int64_t quantity = 0;
    int64_t amount_minor = 0;  // Without a receipt: what was paid back for them.

    static void Fields(auto& row, auto& v) {
      v(1, row.line);
      v(2, row.sku);
      v(3, row.quantity);
      v(4, row.amount_minor);
    }
  };
  MemberRef member;  // With a receipt: whose purchase it is.
  std::string return_id;
  std::string purchase_id;   // Empty without a receipt.
  std::string currency;      // Without a receipt.
  std::vector<Line> lines;   // Empty where only an amount came back.
  int64_t amount_minor = 0;  // Then this, of the purchase as a whole.
  std::optional<absl::Time> occurred_at;
  std::string reason;
  bool everything_left = false;  // Of the purchase, instead of lines or an amount.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.return_id);
    v(3, row.purchase_id);
    v(4, row.currency);
    v(5, row.lines);
    v(6, row.amount_minor);
    v(7, row.occurred_at);
    v(8, row.reason);
    v(9, row.everything_left);
  }
};

// Points that were pending until this become available.
struct ConfirmPurchase {
  MemberRef member;  // Whose purchase it is.
  std::string purchase_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.purchase_id);
  }
};

// Sets points aside, or spends them at once.
struct ReservePoints {
  MemberRef member;
  std::string reservation_id;
  std::string wallet;
  int64_t points = 0;
  absl::Duration time_to_live;
  bool capture = false;  // At once.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.reservation_id);
    v(3, row.wallet);
    v(4, row.points);
    v(5, row.time_to_live);
    v(6, row.capture);
  }
};

// Spends points that are held, and releases the rest.
struct CapturePoints {
  MemberRef member;  // Whose reservation it is.
  std::string reservation_id;
  std::optional<int64_t> points;  // All when absent.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.reservation_id);
    v(3, row.points);
  }
};

struct VoidReservation {
  MemberRef member;  // Whose reservation it is.
  std::string reservation_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.reservation_id);
  }
};

// Gives points, or takes them where negative.
struct AdjustPoints {
  MemberRef member;
  std::string wallet;
  int64_t points = 0;
  std::string reason;
  std::string adjustment_id;
  std::string undoes;  // The adjustment that it undoes, instead of a wallet and points.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.wallet);
    v(3, row.points);
    v(4, row.reason);
    v(5, row.adjustment_id);
    v(6, row.undoes);
  }
};

// Gives points of one member to another. Decided upon both of them; what the receiver
// gets is a command of their own.
struct TransferPoints {
  MemberRef member;  // Who gives.
  MemberRef to;
  std::string transfer_id;
  std::string wallet;
  int64_t points = 0;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.to);
    v(3, row.transfer_id);
    v(4, row.wallet);
    v(5, row.points);
  }
};

// What was taken of a lot on its way from one member to another, with the lot's dates.
struct MovedLot {
  int64_t points = 0;
  absl::Time earned_at;
  absl::Time expires_at = absl::InfiniteFuture();

  friend bool operator==(const MovedLot&, const MovedLot&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.points);
    v(2, row.earned_at);
    v(3, row.expires_at);
  }
};

// The other half of a transfer, which follows from it. Says all that it needs, so that
// it can be decided again without the giver.
struct ReceivePoints {
  MemberRef member;  // Into whose purse.
  MemberId person;   // Whose points they are.
  MemberId from;
  std::string transfer_id;
  std::string wallet;
  std::vector<MovedLot> lots;  // In the order in which the giver would have spent them.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.person);
    v(3, row.from);
    v(4, row.transfer_id);
    v(5, row.wallet);
    v(6, row.lots);
  }
};

// Joins a member to another, who has everything of both from then on; or to a household,
// whose head has it.
struct MergeMembers {
  MemberRef member;
  MemberRef into;
  std::string merge_id;
  bool household = false;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.into);
    v(3, row.merge_id);
    v(4, row.household);
  }
};

// The survivor's half of a merge. It is decided with the other half, and only with it.
struct AbsorbMember {
  MemberRef member;
  MemberId merged;
  std::string merge_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.merged);
    v(3, row.merge_id);
  }
};

// Undoes a merge.
struct UnmergeMember {
  MemberRef member;  // Who has what is given back: names who gets it.
  std::string unmerge_id;
  bool household = false;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.unmerge_id);
    v(3, row.household);
  }
};

// The half of who was merged, likewise.
struct RestoreMember {
  MemberRef member;
  MemberId from;
  std::string unmerge_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.from);
    v(3, row.unmerge_id);
  }
};

struct ChangeStatus {
  MemberRef member;
  MemberStatus status = MemberStatus::kActive;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.status);
  }
};

struct ActivateProgram {
  std::shared_ptr<const Program> program;
  std::string text;
  std::optional<absl::Time> effective_from;

  static void Fields(auto& row, auto& v) {
    v(1, row.text);
    v(2, row.effective_from);
  }
};

// Puts norms in force that were computed of the population.
struct RecordNorms {
  std::string request_id;
  Norms norms;

  static void Fields(auto& row, auto& v) {
    v(1, row.request_id);
    v(2, row.norms);
  }
};

// Lets time have its effect on a member.
struct AdvanceMember {
  MemberRef member;

  static void Fields(auto& row, auto& v) { v(1, row.member); }
};

// Takes a reward of the catalogue for points.
struct IssueCoupon {
  MemberRef member;
  std::string coupon_id;
  std::string reward_id;
  // Made by the caller from random bits of the operating system: a decision has no
  // randomness.
  std::string code;
  uint64_t seed = 0;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.coupon_id);
    v(3, row.reward_id);
    v(4, row.code);
    v(5, row.seed);
  }
};

struct UseCoupon {
  MemberRef member;  // Whose coupon it is.
  std::string code;
  std::string reference;  // What it is used for.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.code);
    v(3, row.reference);
  }
};

struct CancelCoupon {
  MemberRef member;  // Whose coupon it is.
  std::string code;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.code);
  }
};

// A return never was: a chargeback that was won, a clerk's mistake.
struct UndoReturn {
  MemberRef member;  // Whose return it is.
  std::string return_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.return_id);
  }
};

// Changes facts about a member.
struct UpdateMember {
  MemberRef member;
  bool replace = false;              // All that are known go before.
  Attributes set;                    // By key.
  std::vector<std::string> removed;  // Keys.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.replace);
    v(3, row.set);
    v(4, row.removed);
  }
};

// A version of the program that has not begun yet never does.
struct WithdrawProgram {
  int64_t version = 0;

  static void Fields(auto& row, auto& v) { v(1, row.version); }
};

// Decides on a person's tier, whatever they qualify for.
struct OverrideTier {
  MemberRef member;
  std::string override_id;
  std::string ladder;
  std::string tier;
  std::optional<TierOverride::Kind> kind;  // Absent: lifts or holds down, as it comes out.
  std::optional<DayNumber> until;          // The last day; without end when absent.
  std::string reason;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.override_id);
    v(3, row.ladder);
    v(4, row.tier);
    v(5, row.kind);
    v(6, row.until);
    v(7, row.reason);
  }
};

// Ends it before its time.
struct EndTierOverride {
  MemberRef member;
  std::string request_id;
  std::string override_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.request_id);
    v(3, row.override_id);
  }
};

// A member did something beside buying.
struct RecordActivity {
  MemberRef member;
  Activity activity;                      // Its upper half.
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.occurred_at);
    v(3, row.activity.activity_id);
    v(4, row.activity.kind);
    v(5, row.activity.rewarded);
    v(6, row.activity.channel);
    v(7, row.activity.reference);
  }
};

// An activity never was.
struct UndoActivity {
  MemberRef member;  // Whose activity it is.
  std::string activity_id;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.activity_id);
  }
};

// Brings what a person had done before, elsewhere, in place of what the same source said before.
struct ImportLifetimeSums {
  MemberRef member;
  std::string request_id;
  std::string source;
  DayNumber day = 0;
  std::vector<LifetimeSum> sums;  // Of each indicator one; those of 0 are as good as none.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.request_id);
    v(3, row.source);
    v(4, row.day);
    v(5, row.sums);
  }
};

// A member was brought by another.
struct RecordReferral {
  MemberRef member;
  MemberRef referred_by;
  std::string request_id;
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.
  FoundReferrer referrer;                 // Whom `referred_by` means.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.referred_by);
    v(3, row.request_id);
    v(4, row.occurred_at);
    v(5, row.referrer);
  }
};

// Puts something on record of who speaks for the house.
struct RecordAdvocate {
  MemberRef member;
  AdvocateRecord record;                  // Without who recorded it, and when.
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.record.kind);
    v(3, row.record.record_id);
    v(4, row.occurred_at);
    v(5, row.record.text);
    v(6, row.record.scopes);
    v(7, row.record.from);
    v(8, row.record.until);
    v(9, row.record.consent_id);
    v(10, row.record.amount_minor);
    v(11, row.record.currency);
  }
};

// Takes it off the record again.
struct UndoAdvocateRecord {
  MemberRef member;
  std::string request_id;
  std::string record_id;
  std::string reason;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.request_id);
    v(3, row.record_id);
    v(4, row.reason);
  }
};

// A member complains.
struct FileComplaint {
  MemberRef member;
  std::string complaint_id;
  std::string category;
  Severity severity = Severity::kLow;
  std::string channel;
  std::string purchase_id;
  std::string text;
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.complaint_id);
    v(3, row.category);
    v(4, row.severity);
    v(5, row.channel);
    v(6, row.purchase_id);
    v(7, row.text);
    v(8, row.occurred_at);
  }
};

// Something happens to a complaint.
struct ChangeComplaint {
  MemberRef member;  // Whose complaint that is.
  std::string complaint_id;
  std::string request_id;
  ComplaintEventKind kind = ComplaintEventKind::kAcknowledged;
  std::string text;
  std::string department;
  std::string owner;
  int64_t points = 0;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.complaint_id);
    v(3, row.request_id);
    v(4, row.kind);
    v(5, row.text);
    v(6, row.department);
    v(7, row.owner);
    v(8, row.points);
  }
};

// A member has answered.
struct RecordSurvey {
  MemberRef member;
  Survey survey;                          // Without what the decision adds: when, and by whom.
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.survey.survey_id);
    v(3, row.occurred_at);
    v(4, row.survey.channel);
    v(5, row.survey.purchase_id);
    v(6, row.survey.expectation);
    v(7, row.survey.perception);
    v(8, row.survey.recommendation);
    v(9, row.survey.text);
  }
};

// Somebody has seen to an alert.
struct CompleteWork {
  MemberRef member;
  std::string request_id;
  WorkKind kind = WorkKind::kUnassignedVvip;
  std::string item_id;
  std::string text;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.request_id);
    v(3, row.kind);
    v(4, row.item_id);
    v(5, row.text);
  }
};

// What those whom a member brought have brought in turn, by the end of a day.
struct RecordInfluence {
  MemberRef member;
  InfluenceMark mark;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.mark);
  }
};

// What somebody bought, or no more, concerns who referred them.
struct CountReferral {
  MemberRef member;  // Who referred them.
  MemberId person;   // The same, as whom they did it.
  MemberId referred;
  int64_t number = 0;              // 1, 2, 3 and so on, of who was referred.
  std::vector<Conversion> before;  // What was told of them so far.
  std::vector<Conversion> after;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.person);
    v(3, row.referred);
    v(4, row.number);
    v(5, row.before);
    v(6, row.after);
  }
};

// Forgets who somebody was. Names them by an id: what is kept of it tells nobody who that was.
struct EraseMember {
  MemberRef member;

  static void Fields(auto& row, auto& v) { v(1, row.member); }
};

// The same of somebody who was merged into them, which follows from it.
struct EraseMerged {
  MemberRef member;
  MemberId survivor;

  static void Fields(auto& row, auto& v) {
    v(1, row.member);
    v(2, row.survivor);
  }
};

using Action = std::variant<
    EnrollMember, AddAlias, RemoveAlias, RecordPurchase, ActivateProgram, AdvanceMember,
    RecordReturn, ConfirmPurchase, ReservePoints, CapturePoints, VoidReservation, AdjustPoints,
    ChangeStatus, TransferPoints, ReceivePoints, IssueCoupon, UseCoupon, CancelCoupon, MergeMembers,
    AbsorbMember, UnmergeMember, RestoreMember, UndoReturn, UpdateMember, WithdrawProgram,
    RecordActivity, UndoActivity, OverrideTier, EndTierOverride, RecordNorms, ImportLifetimeSums,
    RecordReferral, CountReferral, RecordAdvocate, UndoAdvocateRecord, FileComplaint,
    ChangeComplaint, RecordSurvey, CompleteWork, RecordInfluence, EraseMember, EraseMerged>;

// Which of them an action is, as the log says it: its place in the list, from 1.
enum class ActionKind : int8_t {};

inline ActionKind KindOf(const Action& action) {
  return static_cast<ActionKind>(action.index() + 1);
}

namespace internal {
template <typename T, typename... All>
constexpr int IndexIn(const std::variant<All...>*) {
  int index = 0;
  (void)((!std::is_same_v<T, All> && ++index > 0) && ...);
  return index;
}
}  // namespace internal

template <typename T>
inline constexpr ActionKind kKindOf =
    static_cast<ActionKind>(internal::IndexIn<T>(static_cast<const Action*>(nullptr)) + 1);

// Whether it changes what is whose: one half of a merge or of an unmerge.
constexpr bool IsOfMerge(ActionKind kind) {
  return kind >= kKindOf<MergeMembers> && kind <= kKindOf<RestoreMember>;
}

// An action as a record (server/common/record.h), and back; DATA_LOSS where it is none of that
// kind. A program that is activated is not read back: its version has it.
std::string EncodeAction(const Action& action);
absl::StatusOr<Action> DecodeAction(ActionKind kind, absl::string_view record);

// Puts ids in the place of aliases wherever an action names a member by one, so that the log names
// nobody. `owner_of` says whose an alias is; where it does not, the reference stays without a name.
void NameByIds(absl::FunctionRef<std::optional<MemberId>(const MemberRef&)> owner_of,
               Action& action);
// Whether an action names a member by an alias.
bool NamesByAlias(const Action& action);

// What its caller said, without what was made at random: what is the same when a request is
// repeated.
Action ContentOf(Action action);

// Who acts where no caller does: time, and the server's own start.
inline constexpr char kSystemPrincipal[] = "system";

// Something to decide, and who asks for it.
struct Command {
  Action action;
  std::string principal;
  std::string reason;  // As the caller gave it beside what they asked for; perhaps empty.
};

// Whom a command concerns; nothing where that is no member.
std::optional<MemberRef> MemberOf(const Command& command);

// Whom it concerns beside them; nothing for most commands.
std::optional<MemberRef> OtherMemberOf(const Command& command);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_COMMAND_H_
