#include "server/domain/care/complaint.h"

#include <algorithm>

namespace dangol::domain {
namespace {

using Kind = ComplaintEventKind;

// The state after an event.
ComplaintState After(const ComplaintEvent& event, ComplaintState before) {
  switch (event.kind) {
    case Kind::kFiled:
    case Kind::kUnsatisfied:
    case Kind::kReopened:
      return ComplaintState::kOpen;
    case Kind::kAcknowledged:
      return ComplaintState::kAcknowledged;
    case Kind::kResolved:
      return ComplaintState::kResolved;
    case Kind::kSatisfied:
      return ComplaintState::kClosed;
    case Kind::kAssigned:
    case Kind::kGoodwill:
      return before;
  }
  return before;
}

void Spend(absl::Duration time, ComplaintState state, TimeInStates& times) {
  if (state == ComplaintState::kOpen) times.open += time;
  if (state == ComplaintState::kAcknowledged) times.acknowledged += time;
  if (state == ComplaintState::kResolved) times.resolved += time;
}

void Take(const ComplaintEvent& event, ComplaintStatus& status) {
  status.state = After(event, status.state);
  // Only what opens it sets deadlines.
  if (event.resolve_by != absl::Time()) {
    status.acknowledge_by = event.acknowledge_by;
    status.resolve_by = event.resolve_by;
  }
  if (event.kind == Kind::kUnsatisfied || event.kind == Kind::kReopened) ++status.reopened;
  if (event.kind == Kind::kFiled || event.kind == Kind::kAssigned) {
    status.department = event.department;
    status.owner = event.owner;
  }
  status.goodwill += event.points;
}

}  // namespace

ComplaintStatus StatusAt(const Complaint& complaint, absl::Time now) {
  ComplaintStatus status;
  absl::Time since = complaint.events.front().at;
  for (const ComplaintEvent& event : complaint.events) {
    Spend(event.at - since, status.state, status.times);
    since = event.at;
    Take(event, status);
  }
  Spend(std::max(now, since) - since, status.state, status.times);
  const bool is_open = status.state == ComplaintState::kOpen;
  const bool is_unresolved = is_open || status.state == ComplaintState::kAcknowledged;
  if (is_unresolved) status.due_at = status.resolve_by;
  if (is_open) status.due_at = std::min(status.acknowledge_by, status.resolve_by);
  status.missed = (is_open && status.acknowledge_by <= now ? 1 : 0) +
                  (is_unresolved && status.resolve_by <= now ? 1 : 0);
  return status;
}

std::vector<ComplaintMark> MarksOf(const Complaint& complaint) {
  std::vector<ComplaintMark> marks;
  for (const ComplaintEvent& event : complaint.events) {
    switch (event.kind) {
      case Kind::kFiled:
      case Kind::kUnsatisfied:
      case Kind::kReopened:
        marks.push_back({complaint.complaint_id, complaint.category, event.at, event.acknowledge_by,
                         event.resolve_by, std::nullopt, std::nullopt});
        break;
      case Kind::kAcknowledged:
        marks.back().acknowledged_at = event.at;
        break;
      case Kind::kResolved:
        marks.back().resolved_at = event.at;
        break;
      case Kind::kSatisfied:
      case Kind::kAssigned:
      case Kind::kGoodwill:
        break;
    }
  }
  return marks;
}

bool CanHappen(Kind kind, ComplaintState state) {
  switch (kind) {
    case Kind::kFiled:
      return false;
    case Kind::kAcknowledged:
      return state == ComplaintState::kOpen;
    case Kind::kResolved:
      return state == ComplaintState::kOpen || state == ComplaintState::kAcknowledged;
    case Kind::kSatisfied:
    case Kind::kUnsatisfied:
      return state == ComplaintState::kResolved;
    case Kind::kReopened:
      return state == ComplaintState::kResolved || state == ComplaintState::kClosed;
    case Kind::kAssigned:
    case Kind::kGoodwill:
      return state != ComplaintState::kClosed;
  }
  return false;
}

}  // namespace dangol::domain
