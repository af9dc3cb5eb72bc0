#ifndef DANGOL_SERVER_DOMAIN_CARE_WORK_ITEM_H_
#define DANGOL_SERVER_DOMAIN_CARE_WORK_ITEM_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/care/alert.h"
#include "server/domain/care/complaint.h"
#include "server/domain/member/member_id.h"

// What somebody has to do for a member. One table of it serves all kinds: the queue that people
// work through is what is open, by when it is due.
namespace dangol::domain {

// The numbers are stored.
enum class WorkStatus : int8_t { kOpen = 1, kDone = 2 };

struct WorkItem {
  WorkKind kind = WorkKind::kComplaint;
  std::string item_id;
  MemberId person;  // Whose fact it is; nil where it is none.
  std::string department;
  std::string owner;
  WorkStatus status = WorkStatus::kOpen;
  absl::Time opened_at;
  absl::Time due_at = absl::InfiniteFuture();
  std::string body;  // A Complaint, or an Alert, as a record (server/common/record.h).

  friend bool operator==(const WorkItem&, const WorkItem&) = default;
};

// The item that a complaint is; it is open while somebody has something to do.
WorkItem ItemOf(const Complaint& complaint, const MemberId& person);

// The item that an alert is. It is nobody's fact: it never goes along with a person.
WorkItem ItemOf(const Alert& alert, WorkStatus status);

// DATA_LOSS where it is none.
absl::StatusOr<Complaint> ComplaintOf(const WorkItem& item);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_WORK_ITEM_H_
