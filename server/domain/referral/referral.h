#ifndef DANGOL_SERVER_DOMAIN_REFERRAL_REFERRAL_H_
#define DANGOL_SERVER_DOMAIN_REFERRAL_REFERRAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/domain/program/days.h"

// Who was brought by whom. It is a fact about a person, kept with what they did; what follows from
// it is in referrals.h.
namespace dangol::domain {

// What stands for an incentive where none pays the referrer for somebody: they came by word of
// mouth.
inline constexpr char kUnpaidReferrals[] = "";

// The day on which somebody who was referred first bought what counts for an incentive.
struct Conversion {
  std::string incentive;
  DayNumber day = 0;

  friend bool operator==(const Conversion&, const Conversion&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.incentive);
    v(2, row.day);
  }
};

// A person was brought by another.
struct Referral {
  MemberId referrer;  // As a person, whoever they are merged into.
  DayNumber day = 0;
  // What stands of it in the history of the referrer, and how often that was changed.
  std::vector<Conversion> told;
  int64_t told_count = 0;

  friend bool operator==(const Referral&, const Referral&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.referrer);
    v(2, row.day);
    v(3, row.told);
    v(4, row.told_count);
  }
};

// Whom a caller means by who referred somebody. It is found before the command is decided.
struct FoundReferrer {
  MemberId id;  // Nil: nobody.
  absl::Time enrolled_at = absl::UnixEpoch();
  bool is_active = false;

  friend bool operator==(const FoundReferrer&, const FoundReferrer&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.id);
    v(2, row.enrolled_at);
    v(3, row.is_active);
  }
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REFERRAL_REFERRAL_H_
