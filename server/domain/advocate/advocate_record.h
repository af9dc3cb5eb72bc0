#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCATE_RECORD_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCATE_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/program/days.h"

// What is on record of somebody who speaks for the house. Each is a fact about a person, kept with
// what they did; what follows from all of them is in testimony.h.
namespace dangol::domain {

// The numbers are stored.
enum class AdvocateRecordKind : int8_t {
  kNomination = 1,    // They shall be a testifier.
  kConsent = 2,       // They agree that their name is used.
  kWithdrawal = 3,    // They no longer do.
  kUse = 4,           // Their name was used.
  kCompensation = 5,  // They were paid for it.
  kSponsorship = 6,   // A campaign of their own was paid for, not their words.
  kManager = 7,       // Somebody looks after them by name; nobody does where there is none.
};

struct AdvocateRecord {
  std::string record_id;  // The request that recorded it.
  AdvocateRecordKind kind = AdvocateRecordKind::kNomination;
  absl::Time at;  // When it happened.
  absl::Time recorded_at;
  std::string principal;
  // Why they are nominated, why they withdraw; the evidence of a consent; where a name was used;
  // for what somebody was paid; which campaign.
  std::string text;
  std::vector<std::string> scopes;  // What a consent allows; of a use, the one.
  DayNumber from = 0;               // The first day that a consent allows.
  DayNumber until = 0;              // The last; 0: without end.
  std::string consent_id;           // Which a withdrawal ends; empty: all that were given by then.
  int64_t amount_minor = 0;         // What was paid.
  std::string currency;
  std::optional<absl::Time> undone_at;  // It was a mistake, and counts for nothing.
  std::string undone_by;
  std::string undone_because;

  friend bool operator==(const AdvocateRecord&, const AdvocateRecord&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.record_id);
    v(2, row.kind);
    v(3, row.at);
    v(4, row.recorded_at);
    v(5, row.principal);
    v(6, row.text);
    v(7, row.scopes);
    v(8, row.from);
    v(9, row.until);
    v(10, row.consent_id);
    v(11, row.amount_minor);
    v(12, row.currency);
    v(13, row.undone_at);
    v(14, row.undone_by);
    v(15, row.undone_because);
  }
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCATE_RECORD_H_
