#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_TESTIMONY_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_TESTIMONY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/domain/advocate/advocate_record.h"
#include "server/domain/member/member.h"

// Testifiers: well-known customers whose name is used, whatever they spend, with their own consent
// and for nothing. Where somebody stands follows from what is on record of them, as it is now, and
// not from the order in which it came.
namespace dangol::domain {

enum class TestifierState : int8_t {
  kNone = 0,
  kNominated = 1,  // No consent is in force.
  kActive = 2,
  kEnded = 3,  // They were paid for it, and are none any more.
};

// Why a state began.
enum class TestifierReason : int8_t {
  kNone = 0,
  kNominated = 1,
  kConsent = 2,      // A consent came into force.
  kConsentOver = 3,  // The last day of the last one is over.
  kWithdrawn = 4,
  kPaid = 5,
};

struct TestifierChange {
  absl::Time at;
  TestifierState state = TestifierState::kNone;
  TestifierReason reason = TestifierReason::kNone;
  std::string record_id;  // What brought it about; empty where a last day is over.

  friend bool operator==(const TestifierChange&, const TestifierChange&) = default;
};

// A record and what it comes to.
struct AdvocateRecordView {
  AdvocateRecord record;
  // Of a use: what was on record covers it, as it is known now. Of a consent: it is in force.
  bool holds = false;
};

// Somebody who speaks for the house, as of a moment.
struct AdvocateView {
  MemberId member_id;
  std::vector<TestifierChange> testifier;   // The first first; the last is how it stands.
  std::vector<AdvocateRecordView> records;  // In the order in which they happened.

  TestifierState state() const {
    return testifier.empty() ? TestifierState::kNone : testifier.back().state;
  }
};

// What is on record of a person and those who are one with them, in the order in which it
// happened; of the same moment, in the order in which it was recorded.
std::vector<AdvocateRecord> AdvocateRecordsOf(const Member& person);

// Whether anything is.
bool HasAdvocateRecords(const Member& person);

// How the person stands as a testifier at a moment, by records that AdvocateRecordsOf gave.
TestifierState TestifierAt(absl::Span<const AdvocateRecord> records, absl::TimeZone zone,
                           absl::Time at);

// Refuses where the name cannot be used for a scope at a moment: they were paid
// (TESTIFIER_WAS_PAID), are not nominated (TESTIFIER_NOT_NOMINATED), gave no consent that is in
// force (CONSENT_MISSING, CONSENT_WITHDRAWN) or none for that (SCOPE_WITHOUT_CONSENT).
absl::Status CheckUse(absl::string_view scope, absl::Span<const AdvocateRecord> records,
                      absl::TimeZone zone, absl::Time at);

AdvocateView ViewOf(const Member& person, absl::TimeZone zone, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_TESTIMONY_H_
