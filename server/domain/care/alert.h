#ifndef DANGOL_SERVER_DOMAIN_CARE_ALERT_H_
#define DANGOL_SERVER_DOMAIN_CARE_ALERT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

// Something about a member that somebody is to see to. Which stand follows from what is known of
// the member (judge_alerts.h); each is a work item while it does.
namespace dangol::domain {

// What there is to do. The numbers are stored.
enum class WorkKind : int8_t {
  kComplaint = 1,
  kUnassignedVvip = 2,        // A VVIP without a relationship manager.
  kHostileAdvocate = 3,       // An advocate has turned against the house.
  kOverdueVvipComplaint = 4,  // A complaint of a VVIP has missed a deadline.
  kUnansweredComplaint = 5,   // An advocate has complained, and nobody has answered yet.
  kFallingFrequency = 6,      // An advocate comes less often than before.
  kFallingSurvey = 7,         // An advocate would recommend the house less than before.
  kBadSurvey = 8,             // Somebody gave a bad answer, and is waiting for one.
};

struct Alert {
  WorkKind kind = WorkKind::kUnassignedVvip;
  std::string item_id;  // Of the kind and the member: a day, a moment, a complaint or a survey.
  absl::Time since;
  absl::Time due_at;
  std::string department;
  std::string owner;  // A VVIP's relationship manager.

  friend bool operator==(const Alert&, const Alert&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.kind);
    v(2, row.item_id);
    v(3, row.since);
    v(4, row.due_at);
    v(5, row.department);
    v(6, row.owner);
  }
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_ALERT_H_
