#ifndef DANGOL_SERVER_DOMAIN_COMMAND_H_
#define DANGOL_SERVER_DOMAIN_COMMAND_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/inputs.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

struct EnrollMember {
  MemberId member_id;  // Made by the caller: a decision has no randomness.
  std::vector<Alias> aliases;
  Attributes attributes;
  std::optional<absl::Time> enrolled_at;
};

struct AddAlias {
  MemberRef member;
  Alias alias;
};

struct RemoveAlias {
  MemberRef member;
  Alias alias;
};

struct RecordPurchase {
  MemberRef member;
  Purchase purchase;                      // Its upper half.
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.
};

// Goods come back: to a purchase, or without a receipt.
struct RecordReturn {
  struct Line {
    int line = 0;     // With a receipt: the line of the purchase, from 0.
    std::string sku;  // Without one.
    int64_t quantity = 0;
    int64_t amount_minor = 0;  // Without a receipt: what was paid back for them.
  };
  MemberRef member;  // With a receipt: whose purchase it is.
  std::string return_id;
  std::string purchase_id;   // Empty without a receipt.
  std::string currency;      // Without a receipt.
  std::vector<Line> lines;   // Empty where only an amount came back.
  int64_t amount_minor = 0;  // Then this, of the purchase as a whole.
  std::optional<absl::Time> occurred_at;
  std::string reason;
};

// Points that were pending until this become available.
struct ConfirmPurchase {
  MemberRef member;  // Whose purchase it is.
  std::string purchase_id;
};

// Sets points aside, or spends them at once.
struct ReservePoints {
  MemberRef member;
  std::string reservation_id;
  std::string wallet;
  int64_t points = 0;
  absl::Duration time_to_live;
  bool capture = false;  // At once.
};

// Spends points that are held, and releases the rest.
struct CapturePoints {
  MemberRef member;  // Whose reservation it is.
  std::string reservation_id;
  std::optional<int64_t> points;  // All when absent.
};

struct VoidReservation {
  MemberRef member;  // Whose reservation it is.
  std::string reservation_id;
};

// Gives points, or takes them where negative.
struct AdjustPoints {
  MemberRef member;
  std::string wallet;
  int64_t points = 0;
  std::string reason;
};

// Gives points of one member to another. Decided upon both of them; what the receiver
// gets is a command of their own.
struct TransferPoints {
  MemberRef member;  // Who gives.
  MemberRef to;
  std::string transfer_id;
  std::string wallet;
  int64_t points = 0;
};

// What was taken of a lot on its way from one member to another, with the lot's dates.
struct MovedLot {
  int64_t points = 0;
  absl::Time earned_at;
  absl::Time expires_at = absl::InfiniteFuture();

  friend bool operator==(const MovedLot&, const MovedLot&) = default;
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
};

// Joins a member to another, who has everything of both from then on; or to a household,
// whose head has it.
struct MergeMembers {
  MemberRef member;
  MemberRef into;
  std::string merge_id;
  bool household = false;
};

// The survivor's half of a merge. It is decided with the other half, and only with it.
struct AbsorbMember {
  MemberRef member;
  MemberId merged;
  std::string merge_id;
};

// Undoes a merge.
struct UnmergeMember {
  MemberRef member;  // Who has what is given back: names who gets it.
  std::string unmerge_id;
  bool household = false;
};

// The half of who was merged, likewise.
struct RestoreMember {
  MemberRef member;
  MemberId from;
  std::string unmerge_id;
};

struct ChangeStatus {
  MemberRef member;
  MemberStatus status = MemberStatus::kActive;
};

struct ActivateProgram {
  std::shared_ptr<const Program> program;
  std::string text;
  std::optional<absl::Time> effective_from;
};

// Lets time have its effect on a member.
struct AdvanceMember {
  MemberRef member;
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
};

struct UseCoupon {
  MemberRef member;  // Whose coupon it is.
  std::string code;
  std::string reference;  // What it is used for.
};

struct CancelCoupon {
  MemberRef member;  // Whose coupon it is.
  std::string code;
};

using Action = std::variant<EnrollMember, AddAlias, RemoveAlias, RecordPurchase, ActivateProgram,
                            AdvanceMember, RecordReturn, ConfirmPurchase, ReservePoints,
                            CapturePoints, VoidReservation, AdjustPoints, ChangeStatus,
                            TransferPoints, ReceivePoints, IssueCoupon, UseCoupon, CancelCoupon,
                            MergeMembers, AbsorbMember, UnmergeMember, RestoreMember>;

// Who acts where no caller does: time, and the server's own start.
inline constexpr char kSystemPrincipal[] = "system";

// Something to decide, and who asks for it.
struct Command {
  Action action;
  std::string principal;
};

// Whom a command concerns; nothing where that is no member.
std::optional<MemberRef> MemberOf(const Command& command);

// Whom it concerns beside them; nothing for most commands.
std::optional<MemberRef> OtherMemberOf(const Command& command);

// What was made at random for a command, to be kept with it.
Inputs InputsOf(const Command& command);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_COMMAND_H_
