#include "server/rpc/purchase/convert_return.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

// Fails where there are more lines than are looked at.
bool CheckLineCount(const v1::Return& message, const Path& lines, Validator& validator) {
  const bool right = message.lines_size() <= static_cast<int>(limits::kMaxLinesPerReturn);
  validator.Check(right, lines,
                  absl::StrCat("has ", message.lines_size(), " items; at most ",
                               limits::kMaxLinesPerReturn, " are allowed"));
  return right;
}

domain::RecordReturn::Line ToLine(const v1::ReturnLine& line, const Path& path,
                                  Validator& validator) {
  validator.Check(line.quantity() >= 1 && line.quantity() <= limits::kMaxQuantity,
                  Path(path, "quantity"), "must be 1 to 1,000,000,000");
  return {line.line(), line.sku(), line.quantity(), line.amount_minor()};
}

// Goods of a purchase that the till names: who bought them, what they are and what
// they had cost is known.
void ConvertWithReceipt(const v1::Return& message, const Path& path, Validator& validator,
                        domain::RecordReturn& record) {
  validator.RequestId(Path(path, "purchase_id"), message.purchase_id());
  validator.Check(!message.has_member(), Path(path, "member"),
                  "must be left out with a purchase_id, which tells it");
  validator.Check(message.currency().empty(), Path(path, "currency"),
                  "must be left out with a purchase_id, which tells it");
  const Path lines(path, "lines");
  const Path amount(path, "amount_minor");
  if (message.everything_left()) {
    validator.Check(message.lines().empty() && message.amount_minor() == 0,
                    Path(path, "everything_left"),
                    "leaves no room for lines or an amount_minor; give one of the three");
  } else if (message.lines().empty()) {
    validator.Check(message.amount_minor() != 0, lines,
                    "is empty; give lines, an amount_minor or everything_left");
    validator.Check(
        message.amount_minor() >= 0 && message.amount_minor() <= limits::kMaxAmountMinor, amount,
        "must be 1 to 10^12 minor units");
  } else {
    validator.Check(message.amount_minor() == 0, amount,
                    "must be left out with lines; give the one or the other");
  }
  if (!CheckLineCount(message, lines, validator)) return;
  for (int i = 0; i < message.lines_size(); ++i) {
    const v1::ReturnLine& line = message.lines(i);
    const Path place(lines, i);
    record.lines.push_back(ToLine(line, place, validator));
    validator.Check(line.line() >= 0, Path(place, "line"), "must be 0 or more");
    validator.Check(line.sku().empty(), Path(place, "sku"), "must be left out with a purchase_id");
    validator.Check(line.amount_minor() == 0, Path(place, "amount_minor"),
                    "must be left out with a purchase_id");
  }
  record.member.purchase_id = message.purchase_id();
}

// Goods of which the till knows no more than what it sees.
void ConvertWithoutReceipt(const v1::Return& message, const Path& path, Validator& validator,
                           domain::RecordReturn& record) {
  record.member = validator.MemberRef(Path(path, "member"), message.has_member(), message.member());
  validator.Currency(Path(path, "currency"), message.currency());
  validator.Check(message.amount_minor() == 0, Path(path, "amount_minor"),
                  "must be left out without a purchase_id; give the amounts of the lines");
  validator.Check(!message.everything_left(), Path(path, "everything_left"),
                  "must be left out without a purchase_id");
  const Path lines(path, "lines");
  validator.Check(!message.lines().empty(), lines, "is empty; give at least one line");
  if (!CheckLineCount(message, lines, validator)) return;
  int64_t total = 0;
  bool amounts_right = true;
  for (int i = 0; i < message.lines_size(); ++i) {
    const v1::ReturnLine& line = message.lines(i);
    const Path place(lines, i);
    record.lines.push_back(ToLine(line, place, validator));
    validator.Check(line.line() == 0, Path(place, "line"),
                    "must be left out without a purchase_id");
    validator.Text(Path(place, "sku"), line.sku(), limits::kMaxSkuBytes, /*required=*/true);
    const bool right = line.amount_minor() >= 0 && line.amount_minor() <= limits::kMaxAmountMinor;
    validator.Check(right, Path(place, "amount_minor"), "must be 0 to 10^12 minor units");
    amounts_right = amounts_right && right;
    if (amounts_right) total += line.amount_minor();
  }
  validator.Check(!amounts_right || total <= limits::kMaxAmountMinor, lines,
                  "add up to more than 10^12 minor units; split the return");
}

absl::StatusOr<domain::RecordReturn> Convert(const v1::Return& message, const Path& path) {
  Validator validator;
  domain::RecordReturn record;
  validator.RequestId(Path(path, "return_id"), message.return_id());
  if (message.has_occurred_at()) {
    record.occurred_at = validator.Time(Path(path, "occurred_at"), message.occurred_at());
  }
  validator.Text(Path(path, "reason"), message.reason(), limits::kMaxReturnReasonBytes);
  if (message.purchase_id().empty()) {
    ConvertWithoutReceipt(message, path, validator, record);
  } else {
    ConvertWithReceipt(message, path, validator, record);
  }
  RETURN_IF_ERROR(validator.status());
  record.return_id = message.return_id();
  record.purchase_id = message.purchase_id();
  record.currency = message.currency();
  record.amount_minor = message.amount_minor();
  record.reason = message.reason();
  record.everything_left = message.everything_left();
  return record;
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::RecordReturnRequest& message) {
  ASSIGN_OR_RETURN(domain::RecordReturn record, Convert(message.return_(), Path("return")));
  return RequestFor(message.return_().return_id(), std::move(record),
                    storage::RequestScope::kReturn);
}

absl::StatusOr<lane::Request> ToRequest(const v1::UndoReturnRequest& message) {
  Validator validator;
  validator.RequestId(Path("return_id"), message.return_id());
  RETURN_IF_ERROR(validator.status());
  domain::UndoReturn undo;
  undo.member.return_id = message.return_id();
  undo.return_id = message.return_id();
  return RequestFor(message.return_id(), std::move(undo), storage::RequestScope::kUndoReturn);
}

absl::StatusOr<lane::Request> ToRequest(const v1::ConfirmPurchaseRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  validator.RequestId(Path("purchase_id"), message.purchase_id());
  RETURN_IF_ERROR(validator.status());
  domain::ConfirmPurchase confirm;
  confirm.member.purchase_id = message.purchase_id();
  confirm.purchase_id = message.purchase_id();
  return RequestFor(message.request_id(), std::move(confirm));
}

void ToProto(const domain::Return& recorded, v1::RecordedReturn& out) {
  out.set_return_id(recorded.return_id);
  out.set_member_id(recorded.member_id.ToString());
  out.set_purchase_id(recorded.purchase_id);
  *out.mutable_occurred_at() = ToTimestamp(recorded.occurred_at);
  *out.mutable_recorded_at() = ToTimestamp(recorded.recorded_at);
  out.set_currency(recorded.currency);
  out.set_reason(recorded.reason);
  out.set_amount_minor(recorded.amount_minor);
  out.set_unmatched_minor(recorded.unmatched_minor);
  if (recorded.undone_at != absl::InfiniteFuture()) {
    *out.mutable_undone_at() = ToTimestamp(recorded.undone_at);
  }
  for (const domain::ReturnedLine& line : recorded.lines) {
    v1::ReturnedLine& added = *out.add_lines();
    added.set_purchase_id(line.purchase_id);
    added.set_line(line.line);
    added.set_sku(line.sku);
    added.set_quantity(line.quantity);
    added.set_amount_minor(line.amount_minor);
  }
}

namespace {

// Of a return, and of what undoes one.
template <typename Response>
void TellReturn(const domain::ReturnOutcome& outcome, Response& out) {
  ToProto(outcome.recorded, *out.mutable_return_());
  for (const domain::ReversedPoints& points : outcome.points) {
    v1::ReversedPoints& added = *out.add_points();
    added.set_wallet(points.wallet);
    added.set_points(points.points);
    added.set_qualifying_points(points.qualifying);
    added.set_owed(points.owed);
    added.set_written_off(points.written_off);
    added.set_restored(points.restored);
    added.set_expired(points.expired);
  }
  ToProto(outcome.balances, *out.mutable_balances());
}

}  // namespace

void ToProto(const domain::ReturnOutcome& outcome, v1::RecordReturnResponse& out) {
  TellReturn(outcome, out);
}

void ToProto(const domain::ReturnOutcome& outcome, v1::UndoReturnResponse& out) {
  TellReturn(outcome, out);
}

}  // namespace dangol::rpc
