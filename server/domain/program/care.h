#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_CARE_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_CARE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

// How complaints are dealt with, as protos/dangol/v1/program_care.proto documents it.
namespace dangol::domain {

enum class Severity : int8_t { kLow = 1, kMedium = 2, kHigh = 3 };

// What a complaint is about, and whose work it is.
struct ComplaintCategory {
  std::string id;
  std::string name;
  std::string department;
  std::string owner;  // May be empty: whoever of the department takes it.
};

// How long a complaint of one severity may take.
struct CareDeadlines {
  absl::Duration acknowledge;
  absl::Duration resolve;
};

// What may be given for a complaint.
struct GoodwillTerms {
  std::string wallet;
  std::string reason;      // One of the program's adjustment reasons.
  int64_t max_points = 0;  // For one complaint, in however many parts.
};

// What becomes of answers in surveys.
struct SurveyTerms {
  int bad_recommendation = 6;    // Up to this one an answer is bad: who gives it is a detractor.
  absl::Duration answer_within;  // How soon somebody comes back to whoever gave one.
  std::string department;        // Who does.
};

struct Care {
  std::vector<ComplaintCategory> categories;
  std::array<CareDeadlines, 3> deadlines;  // By severity, the lowest first.
  int advocates_percent = 100;           // What is left of a deadline for who speaks for the house.
  std::vector<std::string> escalate_to;  // The first after one missed deadline, and so on.
  GoodwillTerms goodwill;                // Without a wallet: nothing is given.
  std::optional<SurveyTerms> surveys = std::nullopt;
};

inline const CareDeadlines& DeadlinesOf(const Care& care, Severity severity) {
  return care.deadlines[static_cast<size_t>(severity) - 1];
}

// Whom something goes to of which so many deadlines were missed; empty: nobody.
inline std::string EscalatedTo(const Care& care, int missed) {
  const size_t level = std::min(static_cast<size_t>(missed), care.escalate_to.size());
  return level == 0 ? "" : care.escalate_to[level - 1];
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_CARE_H_
