#include "server/rpc/purchase/convert_purchase.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/incentive/convert_incentives.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/tier/convert_tier.h"
#include "server/rpc/validation.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

bool IsAmount(int64_t amount_minor) {
  return amount_minor >= 0 && amount_minor <= limits::kMaxAmountMinor;
}

domain::LineKind ToKind(v1::LineKind kind, const Path& path, Validator& validator) {
  if (kind == v1::LINE_KIND_UNSPECIFIED) return domain::LineKind::kGoods;
  validator.Check(v1::LineKind_IsValid(kind), path, "is not a LineKind");
  return static_cast<domain::LineKind>(kind);
}

domain::PurchaseLine ToLine(const v1::PurchaseLine& line, const Path& path, Validator& validator) {
  validator.Text(Path(path, "sku"), line.sku(), limits::kMaxSkuBytes);
  validator.Text(Path(path, "category"), line.category(), limits::kMaxCategoryBytes);
  validator.Check(line.quantity() >= 1 && line.quantity() <= limits::kMaxQuantity,
                  Path(path, "quantity"), "must be 1 to 1,000,000,000; record returns as returns");
  const bool amount_right = IsAmount(line.amount_minor());
  validator.Check(amount_right, Path(path, "amount_minor"), "must be 0 to 10^12 minor units");
  validator.Check(
      !amount_right || (line.tax_minor() >= 0 && line.tax_minor() <= line.amount_minor()),
      Path(path, "tax_minor"), "must be 0 to the line's amount_minor, which includes it");
  domain::PurchaseLine out;
  out.sku = line.sku();
  out.category = line.category();
  out.quantity = line.quantity();
  out.amount_minor = line.amount_minor();
  out.tax_minor = line.tax_minor();
  out.kind = ToKind(line.kind(), Path(path, "kind"), validator);
  return out;
}

void CheckLines(const v1::Purchase& purchase, const Path& path, Validator& validator,
                domain::Purchase& out) {
  const Path lines(path, "lines");
  if (purchase.lines().empty()) {
    validator.Fail(lines, "is empty; give at least one line");
  } else if (purchase.lines_size() > static_cast<int>(limits::kMaxLinesPerPurchase)) {
    validator.Fail(lines, absl::StrCat("has ", purchase.lines_size(), " items; at most ",
                                       limits::kMaxLinesPerPurchase, " are allowed"));
    return;
  }
  int64_t total = 0;
  bool amounts_right = true;
  out.lines.reserve(static_cast<size_t>(purchase.lines_size()));
  for (int i = 0; i < purchase.lines_size(); ++i) {
    out.lines.push_back(ToLine(purchase.lines(i), Path(lines, i), validator));
    amounts_right = amounts_right && IsAmount(out.lines.back().amount_minor);
    if (amounts_right) total += out.lines.back().amount_minor;
  }
  // Of amounts that are wrong there is no sum to speak of.
  const int64_t paid = purchase.paid_with_points_minor();
  validator.Check(!amounts_right || total <= limits::kMaxAmountMinor, lines,
                  "add up to more than 10^12 minor units; split the purchase");
  validator.Check(paid >= 0 && (!amounts_right || paid <= total),
                  Path(path, "paid_with_points_minor"), "must be 0 to the sum of the lines");
}

absl::StatusOr<domain::RecordPurchase> Convert(const v1::Purchase& purchase, const Path& path,
                                               bool id_required) {
  Validator validator;
  domain::RecordPurchase record;
  if (id_required || !purchase.purchase_id().empty()) {
    validator.RequestId(Path(path, "purchase_id"), purchase.purchase_id());
  }
  record.member =
      validator.MemberRef(Path(path, "member"), purchase.has_member(), purchase.member());
  if (purchase.has_occurred_at()) {
    record.occurred_at = validator.Time(Path(path, "occurred_at"), purchase.occurred_at());
  }
  validator.Currency(Path(path, "currency"), purchase.currency());
  validator.Text(Path(path, "channel"), purchase.channel(), limits::kMaxChannelBytes);
  validator.Text(Path(path, "store_id"), purchase.store_id(), limits::kMaxStoreIdBytes);
  if (!purchase.reservation_id().empty()) {
    validator.RequestId(Path(path, "reservation_id"), purchase.reservation_id());
  }
  CheckLines(purchase, path, validator, record.purchase);
  RETURN_IF_ERROR(validator.status());

  record.purchase.purchase_id = purchase.purchase_id();
  record.purchase.currency = purchase.currency();
  record.purchase.channel = purchase.channel();
  record.purchase.store_id = purchase.store_id();
  record.purchase.paid_with_points_minor = purchase.paid_with_points_minor();
  record.purchase.reservation_id = purchase.reservation_id();
  return record;
}

void ToPart(const domain::CreditedPoints& earned, v1::EarnedPoints& out) {
  out.set_wallet(earned.wallet);
  out.set_points(earned.points);
  out.set_qualifying_points(earned.qualifying);
  if (earned.available_from != absl::InfiniteFuture())
    *out.mutable_available_from() = ToTimestamp(earned.available_from);
  if (earned.expires_at != absl::InfiniteFuture())
    *out.mutable_expires_at() = ToTimestamp(earned.expires_at);
  for (const domain::EarnedPart& part : earned.parts) {
    v1::EarnedPart& added = *out.add_parts();
    added.set_rule_id(part.rule_id);
    added.set_points(part.points);
    added.set_capped(part.capped);
    added.set_budget_exhausted(part.budget_exhausted);
  }
}

void ToPart(const domain::Payment& payment, v1::PointsPayment& out) {
  out.set_reservation_id(payment.reservation_id);
  out.set_wallet(payment.wallet);
  out.set_status(static_cast<v1::PaymentStatus>(payment.status));
  out.set_points(payment.points);
  out.set_taken_now_points(payment.taken_now);
  out.set_owed_points(payment.owed);
  out.set_written_off_points(payment.written_off);
  out.set_missing_points(payment.missing);
  out.set_other_purchase_id(payment.other_purchase_id);
  out.set_unpaid_minor(payment.unpaid_minor);
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::Purchase& purchase, const Path& path) {
  ASSIGN_OR_RETURN(domain::RecordPurchase record, Convert(purchase, path, /*id_required=*/true));
  static const auto* const encode =
      new lane::Encode(EncodeBy<domain::PurchaseOutcome, v1::RecordPurchaseResponse>(ToProto));
  lane::Request request =
      RequestFor(purchase.purchase_id(), std::move(record), storage::RequestScope::kPurchase);
  request.encode = *encode;
  return request;
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordPurchaseRequest& message) {
  return ToRequest(message.purchase(), Path("purchase"));
}

absl::StatusOr<domain::Command> ToCommand(const v1::PreviewPurchaseRequest& message) {
  ASSIGN_OR_RETURN(domain::RecordPurchase record,
                   Convert(message.purchase(), Path("purchase"), /*id_required=*/false));
  return domain::Command{std::move(record), kAnonymous};
}

void ToProto(const domain::PurchaseOutcome& outcome, v1::PurchaseOutcome& out) {
  out.set_purchase_id(outcome.purchase_id);
  out.set_member_id(outcome.member_id.ToString());
  *out.mutable_occurred_at() = ToTimestamp(outcome.occurred_at);
  *out.mutable_recorded_at() = ToTimestamp(outcome.recorded_at);
  out.set_program_version(outcome.program_version);
  out.set_total_minor(outcome.total_minor);
  for (const domain::CreditedPoints& earned : outcome.earned) ToPart(earned, *out.add_earned());
  ToProto(outcome.balances, *out.mutable_balances());
  if (outcome.payment.has_value()) ToPart(*outcome.payment, *out.mutable_payment());
  for (const domain::TierChange& change : outcome.tiers) ToProto(change, *out.add_tiers());
  for (const domain::IncentiveStatus& status : outcome.incentives) {
    ToProto(status, *out.add_incentives());
  }
  for (const domain::Award& award : outcome.awards) ToProto(award, *out.add_awards());
}

void ToProto(const domain::PurchaseOutcome& outcome, v1::RecordPurchaseResponse& out) {
  ToProto(outcome, *out.mutable_outcome());
}

void ToProto(const domain::Purchase& purchase, v1::RecordedPurchase& out) {
  out.set_purchase_id(purchase.purchase_id);
  out.set_member_id(purchase.member_id.ToString());
  *out.mutable_occurred_at() = ToTimestamp(purchase.occurred_at);
  *out.mutable_recorded_at() = ToTimestamp(purchase.recorded_at);
  out.set_currency(purchase.currency);
  out.set_total_minor(purchase.total_minor);
  out.set_paid_with_points_minor(purchase.paid_with_points_minor);
  out.set_channel(purchase.channel);
  out.set_store_id(purchase.store_id);
  out.set_program_version(purchase.program_version);
  out.set_returned_minor(purchase.returned_minor);
  out.set_reservation_id(purchase.reservation_id);
  for (const domain::EarnedPoints& earned : purchase.earned) {
    v1::StandingPoints& points = *out.add_earned();
    points.set_wallet(earned.wallet);
    points.set_points(earned.points);
    points.set_qualifying_points(earned.qualifying);
    points.set_standing_points(earned.stands);
    points.set_standing_qualifying_points(earned.qualifying_stands);
    points.set_expired(earned.expired);
    points.set_written_off(earned.written_off);
  }
  for (const domain::PurchaseLine& line : purchase.lines) {
    v1::RecordedLine& recorded = *out.add_lines();
    v1::PurchaseLine& said = *recorded.mutable_line();
    said.set_sku(line.sku);
    said.set_category(line.category);
    said.set_quantity(line.quantity);
    said.set_amount_minor(line.amount_minor);
    said.set_tax_minor(line.tax_minor);
    said.set_kind(static_cast<v1::LineKind>(line.kind));
    for (const domain::LinePoints& share : line.earned) {
      v1::LinePoints& points = *recorded.add_points();
      points.set_wallet(share.wallet);
      points.set_points(share.points);
      points.set_qualifying_points(share.qualifying);
    }
    recorded.set_returned_quantity(line.returned_quantity);
    recorded.set_returned_minor(line.returned_minor);
  }
}

}  // namespace dangol::rpc
