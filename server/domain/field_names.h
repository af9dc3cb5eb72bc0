#ifndef DANGOL_SERVER_DOMAIN_FIELD_NAMES_H_
#define DANGOL_SERVER_DOMAIN_FIELD_NAMES_H_

#include <vector>

#include "server/domain/command.h"
#include "server/domain/difference.h"

// What the API calls the fields of the requests that callers send: of each kind a name for
// every number of its Fields, in their order from 1. Actions that no caller sends have none.
namespace dangol::domain {

struct FieldName {
  const char* name = "";
  Matter matter = Matter::kDetail;
};

// The caller did not say it: it was made at random, or follows from another field.
inline constexpr FieldName kNotSaid = {};
// Which call it was, where one kind of action serves two of them.
inline constexpr FieldName kWhichCall = {"", Matter::kCall};
inline constexpr FieldName kActingMember = {"member", Matter::kMember};

constexpr FieldName OfMoney(const char* name) { return {name, Matter::kMoney}; }

inline std::vector<FieldName> NamesOf(const EnrollMember&) {
  return {kNotSaid, {"aliases"}, {"attributes"}, {"enrolled_at"}, OfMoney("referred_by"), kNotSaid};
}

inline std::vector<FieldName> NamesOf(const AddAlias&) { return {kActingMember, {"alias"}}; }

inline std::vector<FieldName> NamesOf(const RemoveAlias&) { return {kActingMember, {"alias"}}; }

inline std::vector<FieldName> NamesOf(const PurchaseLine&) {
  return {{"sku"}, {"category"}, OfMoney("quantity"), OfMoney("amount_minor"), OfMoney("tax_minor"),
          {"kind"}};
}

inline std::vector<FieldName> NamesOf(const RecordPurchase&) {
  return {kActingMember,     {"occurred_at"}, {"purchase_id"}, OfMoney("currency"),
          OfMoney("lines"),  {"channel"},     {"store_id"},    OfMoney("paid_with_points_minor"),
          {"reservation_id"}};
}

// Which goods come back says what they had cost.
inline std::vector<FieldName> NamesOf(const RecordReturn::Line&) {
  return {OfMoney("line"), OfMoney("sku"), OfMoney("quantity"), OfMoney("amount_minor")};
}

inline std::vector<FieldName> NamesOf(const RecordReturn&) {
  return {kActingMember,       {"return_id"},    OfMoney("purchase_id"),
          OfMoney("currency"), OfMoney("lines"), OfMoney("amount_minor"),
          {"occurred_at"},     {"reason"},       OfMoney("everything_left")};
}

inline std::vector<FieldName> NamesOf(const ConfirmPurchase&) {
  return {kNotSaid, OfMoney("purchase_id")};
}

inline std::vector<FieldName> NamesOf(const ReservePoints&) {
  return {kActingMember,     {"request_id"},   OfMoney("wallet"),
          OfMoney("points"), {"time_to_live"}, kWhichCall};
}

inline std::vector<FieldName> NamesOf(const CapturePoints&) {
  return {kNotSaid, OfMoney("reservation_id"), OfMoney("points")};
}

inline std::vector<FieldName> NamesOf(const VoidReservation&) {
  return {kNotSaid, OfMoney("reservation_id")};
}

inline std::vector<FieldName> NamesOf(const AdjustPoints&) {
  return {kActingMember, OfMoney("wallet"), OfMoney("points"),
          {"reason"},    {"request_id"},    OfMoney("undoes")};
}

inline std::vector<FieldName> NamesOf(const ChangeStatus&) { return {kActingMember, kWhichCall}; }

inline std::vector<FieldName> NamesOf(const TransferPoints&) {
  return {kActingMember, OfMoney("to"), {"request_id"}, OfMoney("wallet"), OfMoney("points")};
}

inline std::vector<FieldName> NamesOf(const MergeMembers& merge) {
  return {
      kActingMember, OfMoney(merge.household ? "household" : "into"), {"request_id"}, kWhichCall};
}

inline std::vector<FieldName> NamesOf(const UnmergeMember& unmerge) {
  return {{unmerge.household ? "member" : "merged_member_id", Matter::kMember},
          {"request_id"},
          kWhichCall};
}

inline std::vector<FieldName> NamesOf(const ActivateProgram&) {
  return {{"program_text"}, {"effective_from"}};
}

inline std::vector<FieldName> NamesOf(const EraseMember&) {
  return {{"member_id", Matter::kMember}};
}

inline std::vector<FieldName> NamesOf(const IssueCoupon&) {
  return {kActingMember, {"request_id"}, OfMoney("reward_id"), kNotSaid, kNotSaid};
}

inline std::vector<FieldName> NamesOf(const UseCoupon&) {
  return {kNotSaid, OfMoney("code"), {"reference"}};
}

inline std::vector<FieldName> NamesOf(const CancelCoupon&) { return {kNotSaid, OfMoney("code")}; }

inline std::vector<FieldName> NamesOf(const WithdrawProgram&) { return {{"version"}}; }

inline std::vector<FieldName> NamesOf(const RecordNorms&) { return {{"request_id"}, kNotSaid}; }

inline std::vector<FieldName> NamesOf(const UndoReturn&) {
  return {kNotSaid, OfMoney("return_id")};
}

inline std::vector<FieldName> NamesOf(const RecordActivity&) {
  return {kActingMember, {"occurred_at"}, {"activity_id"}, {"kind"},
          {"rewarded"},  {"channel"},     {"reference"}};
}

inline std::vector<FieldName> NamesOf(const UndoActivity&) { return {kNotSaid, {"activity_id"}}; }

inline std::vector<FieldName> NamesOf(const UpdateMember&) {
  return {kActingMember, {"update_mask"}, {"attributes"}, {"update_mask"}};
}

inline std::vector<FieldName> NamesOf(const OverrideTier&) {
  return {kActingMember, {"request_id"}, {"ladder"}, {"tier"}, {"kind"}, {"until"}, {"reason"}};
}

inline std::vector<FieldName> NamesOf(const EndTierOverride&) {
  return {kActingMember, {"request_id"}, {"override_id"}};
}

inline std::vector<FieldName> NamesOf(const ImportLifetimeSums&) {
  return {kActingMember, {"request_id"}, {"source"}, {"day"}, OfMoney("sums")};
}

// Each kind says something else, and has a request of its own.
inline std::vector<FieldName> NamesOf(const RecordAdvocate& record) {
  using Kind = AdvocateRecordKind;
  const Kind kind = record.record.kind;
  const bool is_consent = kind == Kind::kConsent;
  const bool is_use = kind == Kind::kUse;
  const bool is_sponsorship = kind == Kind::kSponsorship;
  const bool is_paid = kind == Kind::kCompensation || is_sponsorship;
  const char* const text = is_consent               ? "evidence"
                           : is_use                 ? "used_in"
                           : is_sponsorship         ? "campaign"
                           : kind == Kind::kManager ? "manager"
                                                    : "reason";
  const auto if_said = [](bool said, FieldName name) { return said ? name : kNotSaid; };
  return {kActingMember,
          kWhichCall,
          {"request_id"},
          {"occurred_at"},
          {text},
          if_said(is_consent || is_use, {is_use ? "scope" : "scopes"}),
          if_said(is_consent, {"from"}),
          if_said(is_consent, {"until"}),
          if_said(kind == Kind::kWithdrawal, {"consent_id"}),
          if_said(is_paid, OfMoney("amount_minor")),
          if_said(is_paid, OfMoney("currency"))};
}

inline std::vector<FieldName> NamesOf(const UndoAdvocateRecord&) {
  return {kActingMember, {"request_id"}, {"record_id"}, {"reason"}};
}

inline std::vector<FieldName> NamesOf(const FileComplaint&) {
  return {kActingMember, {"request_id"},  {"category"}, {"severity"},
          {"channel"},   {"purchase_id"}, {"text"},     {"occurred_at"}};
}

// Each kind says something else, and has a request of its own.
inline std::vector<FieldName> NamesOf(const ChangeComplaint& change) {
  using Kind = ComplaintEventKind;
  const Kind kind = change.kind;
  const bool is_verdict = kind == Kind::kSatisfied || kind == Kind::kUnsatisfied;
  const auto if_said = [](bool said, FieldName name) { return said ? name : kNotSaid; };
  return {kNotSaid,
          {"complaint_id"},
          {"request_id"},
          is_verdict ? FieldName{"satisfied"} : kWhichCall,
          {kind == Kind::kResolved ? "outcome" : "text"},
          if_said(kind == Kind::kAssigned, {"department"}),
          if_said(kind == Kind::kAssigned, {"owner"}),
          if_said(kind == Kind::kGoodwill, OfMoney("points"))};
}

inline std::vector<FieldName> NamesOf(const RecordSurvey&) {
  return {kActingMember,   {"request_id"}, {"occurred_at"},    {"channel"}, {"purchase_id"},
          {"expectation"}, {"perception"}, {"recommendation"}, {"text"}};
}

inline std::vector<FieldName> NamesOf(const CompleteWork&) {
  return {kActingMember, {"request_id"}, {"kind"}, {"item_id"}, {"text"}};
}

inline std::vector<FieldName> NamesOf(const RecordReferral&) {
  return {kActingMember, OfMoney("referred_by"), {"request_id"}, {"occurred_at"}, kNotSaid};
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_FIELD_NAMES_H_
