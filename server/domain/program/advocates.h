#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_ADVOCATES_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_ADVOCATES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

// Who is looked after by name, and who speaks for the house unasked, as
// protos/dangol/v1/program_advocates.proto documents it.
namespace dangol::domain {

// Which of the members who contribute anything are VVIPs.
struct Vvip {
  int enter_basis_points = 100;  // The share of them who become one ...
  int stay_basis_points = 150;   // ... and of those who stay one.
  std::string department;        // Who names their relationship managers ...
  absl::Duration assign_within;  // ... and how soon.
};

// What somebody did unasked, and what it is worth.
struct AdvocateActivity {
  std::string kind;
  int64_t points = 0;
};

struct WordOfMouth {
  int window_days = 365;
  int64_t min_spent_minor = 0;  // Of their own, in the base currency.
  std::vector<AdvocateActivity> activities;
  int64_t referral_points = 0;  // For each who was brought and bought.
  int64_t candidate_points = 0;
  int64_t active_points = 0;
  int recovered_days = 90;  // How long somebody is watched after they have recovered.
  int drop_percent = 50;    // They come less often: so much less in these days ...
  int drop_days = 90;       // ... than in as many before them.
  std::string department;   // Who is told.
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_ADVOCATES_H_
