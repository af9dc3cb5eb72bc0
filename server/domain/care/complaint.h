#ifndef DANGOL_SERVER_DOMAIN_CARE_COMPLAINT_H_
#define DANGOL_SERVER_DOMAIN_CARE_COMPLAINT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/care/care_facts.h"
#include "server/domain/program/care.h"

// A complaint is what happened to it, in order; where it stands, how long it stood where, and who
// has missed a deadline follow from that. So nothing has to watch it.
namespace dangol::domain {

// The numbers are stored.
enum class ComplaintEventKind : int8_t {
  kFiled = 1,
  kAcknowledged = 2,  // The member was told that it is being looked into.
  kAssigned = 3,      // To another department or owner.
  kResolved = 4,      // With an outcome.
  kSatisfied = 5,     // So the member said of the outcome: it is closed.
  kUnsatisfied = 6,   // The member is not: it is open again.
  kReopened = 7,      // It has come up again.
  kGoodwill = 8,      // Points were given for it.
};

struct ComplaintEvent {
  ComplaintEventKind kind = ComplaintEventKind::kFiled;
  absl::Time at;
  std::string request_id;
  std::string principal;
  std::string text;        // What was said.
  std::string department;  // Of an assignment.
  std::string owner;       // Of an assignment.
  std::string wallet;      // Of goodwill.
  int64_t points = 0;      // Of goodwill.
  // Of what opens it: by when it is to be acknowledged, and resolved.
  absl::Time acknowledge_by;
  absl::Time resolve_by;

  friend bool operator==(const ComplaintEvent&, const ComplaintEvent&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.kind);
    v(2, row.at);
    v(3, row.request_id);
    v(4, row.principal);
    v(5, row.text);
    v(6, row.department);
    v(7, row.owner);
    v(8, row.wallet);
    v(9, row.points);
    v(10, row.acknowledge_by);
    v(11, row.resolve_by);
  }
};

struct Complaint {
  std::string complaint_id;  // The request that filed it.
  std::string category;
  Severity severity = Severity::kLow;
  std::string channel;
  std::string purchase_id;  // What it is about, as the member says; may be empty.
  std::vector<ComplaintEvent> events;

  friend bool operator==(const Complaint&, const Complaint&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.complaint_id);
    v(2, row.category);
    v(3, row.severity);
    v(4, row.channel);
    v(5, row.purchase_id);
    v(6, row.events);
  }
};

enum class ComplaintState : int8_t {
  kOpen = 1,  // Nobody has answered the member yet.
  kAcknowledged = 2,
  kResolved = 3,  // The member has not said yet what they make of it.
  kClosed = 4,
};

// How long a complaint was in one state, all stays taken together.
struct TimeInStates {
  absl::Duration open;
  absl::Duration acknowledged;
  absl::Duration resolved;

  friend bool operator==(const TimeInStates&, const TimeInStates&) = default;
};

// Where a complaint stands at a moment.
struct ComplaintStatus {
  ComplaintState state = ComplaintState::kOpen;
  absl::Time acknowledge_by;  // Of the time that it is open for.
  absl::Time resolve_by;
  // The first deadline that is not met yet, passed or not; never where nothing is to be done.
  absl::Time due_at = absl::InfiniteFuture();
  int missed = 0;    // How many deadlines have passed unmet.
  int reopened = 0;  // How often it was opened again.
  int64_t goodwill = 0;
  std::string department;
  std::string owner;
  TimeInStates times;
};

ComplaintStatus StatusAt(const Complaint& complaint, absl::Time now);

// The times for which it was open, in order.
std::vector<ComplaintMark> MarksOf(const Complaint& complaint);

// Whether this can happen to a complaint that is in that state.
bool CanHappen(ComplaintEventKind kind, ComplaintState state);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_COMPLAINT_H_
