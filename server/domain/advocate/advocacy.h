#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCACY_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCACY_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/care/alert.h"
#include "server/domain/program/days.h"

// How a person stands as a VVIP and as an advocate by word of mouth. It follows from what they did
// and what the norms say (judge_advocacy.h), as far back as that is known by day; what lies further
// back stays as it was.
namespace dangol::domain {

struct VvipSpan {
  DayNumber from = 0;
  DayNumber until = 0;  // The first day after it; 0: there is none yet.

  bool Contains(DayNumber day) const { return from <= day && (until == 0 || day < until); }
  friend bool operator==(const VvipSpan&, const VvipSpan&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.from);
    v(2, row.until);
  }
};

// The numbers are stored.
enum class WordOfMouthState : int8_t {
  kNone = 0,
  kCandidate = 1,  // Others listen to them.
  kActive = 2,     // So many do that they are worth a department's attention.
  kAtRisk = 3,     // Something of theirs is open: a complaint, or a bad answer.
  kHostile = 4,    // It was not settled in time.
  kRecovered = 5,  // It was settled.
  kLapsed = 6,     // They buy or speak too little, or have left.
};

// Why a state began.
enum class WordOfMouthReason : int8_t {
  kNone = 0,
  kInfluence = 1,   // They buy and speak enough.
  kComplaint = 2,   // They complained.
  kSurvey = 3,      // They gave a bad answer.
  kUnresolved = 4,  // Nobody resolved the complaint in time.
  kUnanswered = 5,  // Nobody came back to them about the answer in time.
  kSettled = 6,     // Nothing is open any more.
  kTime = 7,        // It stayed so for long enough.
  kTooLittle = 8,   // They buy or speak too little.
  kLeft = 9,        // They are no member any more.
};

struct WordOfMouthChange {
  absl::Time at;
  WordOfMouthState state = WordOfMouthState::kNone;
  WordOfMouthReason reason = WordOfMouthReason::kNone;
  std::string about;  // The complaint or the survey; else empty.

  friend bool operator==(const WordOfMouthChange&, const WordOfMouthChange&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.at);
    v(2, row.state);
    v(3, row.reason);
    v(4, row.about);
  }
};

struct Advocacy {
  std::vector<VvipSpan> vvip;                    // The first first, as the next.
  std::vector<WordOfMouthChange> word_of_mouth;  // Each until the next.
  std::vector<Alert> alerts;                     // What is open, by kind and id.

  friend bool operator==(const Advocacy&, const Advocacy&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.vvip);
    v(2, row.word_of_mouth);
    v(3, row.alerts);
  }

  bool IsEmpty() const { return vvip.empty() && word_of_mouth.empty() && alerts.empty(); }

  bool IsVvipOn(DayNumber day) const {
    return std::any_of(vvip.begin(), vvip.end(),
                       [&](const VvipSpan& span) { return span.Contains(day); });
  }

  WordOfMouthState StateAt(absl::Time time) const {
    WordOfMouthState state = WordOfMouthState::kNone;
    for (const WordOfMouthChange& change : word_of_mouth) {
      if (change.at <= time) state = change.state;
    }
    return state;
  }
};

// Whether somebody in this state speaks for the house.
inline bool Speaks(WordOfMouthState state) {
  return state != WordOfMouthState::kNone && state != WordOfMouthState::kLapsed;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCACY_H_
