#include "server/rpc/activity/convert_activity.h"

#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"

namespace dangol::rpc {
namespace {

void TellOutcome(const domain::ActivityOutcome& outcome, v1::ActivityOutcome& out) {
  ToProto(outcome.activity, *out.mutable_activity());
  out.set_counting(static_cast<v1::Counting>(outcome.counting));
  ToProto(outcome.recorded, *out.mutable_recorded());
  ToProto(outcome.counted, *out.mutable_counted());
  out.set_daily_cap(outcome.daily_cap);
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::Activity& activity, const Path& path) {
  Validator validator;
  domain::RecordActivity record;
  validator.RequestId(Path(path, "activity_id"), activity.activity_id());
  record.member =
      validator.MemberRef(Path(path, "member"), activity.has_member(), activity.member());
  validator.Name(Path(path, "kind"), activity.kind(), limits::kMaxNameBytes);
  if (activity.has_occurred_at()) {
    record.occurred_at = validator.Time(Path(path, "occurred_at"), activity.occurred_at());
  }
  validator.Text(Path(path, "channel"), activity.channel(), limits::kMaxChannelBytes);
  validator.Text(Path(path, "reference"), activity.reference(), limits::kMaxActivityReferenceBytes);
  RETURN_IF_ERROR(validator.status());
  record.activity.activity_id = activity.activity_id();
  record.activity.kind = activity.kind();
  record.activity.rewarded = activity.rewarded();
  record.activity.channel = activity.channel();
  record.activity.reference = activity.reference();
  lane::Request request =
      RequestFor(activity.activity_id(), std::move(record), storage::RequestScope::kActivity);
  static const auto* const encode =
      new lane::Encode(EncodeBy<domain::ActivityOutcome, v1::RecordActivityResponse>(ToProto));
  request.encode = *encode;
  return request;
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordActivityRequest& message) {
  return ToRequest(message.activity(), Path("activity"));
}

absl::StatusOr<lane::Request> ToRequest(const v1::UndoActivityRequest& message) {
  Validator validator;
  validator.RequestId(Path("activity_id"), message.activity_id());
  RETURN_IF_ERROR(validator.status());
  domain::UndoActivity undo;
  undo.member.activity_id = message.activity_id();
  undo.activity_id = message.activity_id();
  return RequestFor(message.activity_id(), std::move(undo), storage::RequestScope::kUndoActivity);
}

void ToProto(const domain::ActivityCount& count, v1::ActivityCount& out) {
  out.set_spontaneous(count.spontaneous);
  out.set_rewarded(count.rewarded);
}

void ToProto(const domain::Activity& activity, v1::RecordedActivity& out) {
  out.set_activity_id(activity.activity_id);
  out.set_member_id(activity.member_id.ToString());
  out.set_kind(activity.kind);
  *out.mutable_occurred_at() = ToTimestamp(activity.occurred_at);
  *out.mutable_recorded_at() = ToTimestamp(activity.recorded_at);
  out.set_rewarded(activity.rewarded);
  out.set_channel(activity.channel);
  out.set_reference(activity.reference);
  out.set_program_version(activity.program_version);
  out.set_suspended(activity.suspended);
  if (activity.undone_at != absl::InfiniteFuture()) {
    *out.mutable_undone_at() = ToTimestamp(activity.undone_at);
  }
}

void ToProto(const domain::ActivityOutcome& outcome, v1::RecordActivityResponse& out) {
  TellOutcome(outcome, *out.mutable_outcome());
}

void ToProto(const domain::ActivityOutcome& outcome, v1::UndoActivityResponse& out) {
  TellOutcome(outcome, *out.mutable_outcome());
}

}  // namespace dangol::rpc
