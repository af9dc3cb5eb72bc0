#include "server/domain/care/work_item.h"

#include "server/common/record.h"
#include "server/common/status_macros.h"

namespace dangol::domain {

WorkItem ItemOf(const Complaint& complaint, const MemberId& person) {
  const absl::Time opened_at = complaint.events.front().at;
  const ComplaintStatus status = StatusAt(complaint, complaint.events.back().at);
  WorkItem item;
  item.kind = WorkKind::kComplaint;
  item.item_id = complaint.complaint_id;
  item.person = person;
  item.department = status.department;
  item.owner = status.owner;
  item.opened_at = opened_at;
  item.due_at = status.due_at;
  item.status = item.due_at == absl::InfiniteFuture() ? WorkStatus::kDone : WorkStatus::kOpen;
  item.body = EncodeRecord(complaint);
  return item;
}

WorkItem ItemOf(const Alert& alert, WorkStatus status) {
  WorkItem item;
  item.kind = alert.kind;
  item.item_id = alert.item_id;
  item.department = alert.department;
  item.owner = alert.owner;
  item.status = status;
  item.opened_at = alert.since;
  item.due_at = alert.due_at;
  item.body = EncodeRecord(alert);
  return item;
}

absl::StatusOr<Complaint> ComplaintOf(const WorkItem& item) {
  Complaint complaint;
  RETURN_IF_ERROR(DecodeRecord(item.body, complaint));
  if (complaint.events.empty()) return absl::DataLossError("a complaint without events");
  return complaint;
}

}  // namespace dangol::domain
