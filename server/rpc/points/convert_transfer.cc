#include "server/rpc/points/convert_transfer.h"

#include <optional>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
absl::StatusOr<lane::Request> ToRequest(const v1::TransferPointsRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::TransferPoints transfer;
  transfer.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Text(Path("wallet"), message.wallet(), limits::kMaxNameBytes);
  validator.Check(message.points() >= 1 && message.points() <= limits::kMaxPointsMoved,
                  Path("points"), "must be 1 to 10^15");
  transfer.to = validator.MemberRef(Path("to"), message.has_to(), message.to());
  RETURN_IF_ERROR(validator.status());
  transfer.transfer_id = message.request_id();
  transfer.wallet = message.wallet();
  transfer.points = message.points();
  return RequestFor(message.request_id(), std::move(transfer));
}

void ToProto(const domain::TransferOutcome& outcome, v1::TransferPointsResponse& out) {
  out.set_member_id(outcome.member_id.ToString());
  ToProto(outcome.balances, *out.mutable_balances());
  out.set_to_member_id(outcome.to.ToString());
  Schedule expiring;
  for (const domain::MovedLot& lot : outcome.lots) {
    if (lot.expires_at != absl::InfiniteFuture()) expiring[lot.expires_at] += lot.points;
  }
  ToProto(expiring, *out.mutable_expiring());
}

}  // namespace dangol::rpc
