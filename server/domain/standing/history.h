#ifndef DANGOL_SERVER_DOMAIN_STANDING_HISTORY_H_
#define DANGOL_SERVER_DOMAIN_STANDING_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/common/record.h"
#include "server/domain/advocate/advocate_record.h"
#include "server/domain/care/care_facts.h"
#include "server/domain/member/member_id.h"
#include "server/domain/program/days.h"
#include "server/domain/referral/referral.h"
#include "server/domain/standing/lifetime.h"
#include "server/domain/standing/tier.h"

// What persons did, summed up by day: all that rules may ask about the past, kept with the
// member, so that nothing of the past is read when somebody buys.
//
// A fact (a purchase, as far as it stands) adds its marks to its own day. Sums do not depend
// on the order of their terms: a fact that comes late, is taken back, or goes along with its
// person to another member changes what it would have made, and nothing else.
namespace dangol::domain {

// What is summed. The numbers are stored.
enum class Measure : int8_t {
  kPurchases = 1,   // Purchases of which something stands.
  kQualifying = 2,  // Points of a wallet that count toward tiers.
  kRule = 3,        // Points of a rule with caps over several purchases.
  kIdle = 4,        // Of kPurchases: those that nobody can have earned by (IsIdle).
  kNetSpend = 5,    // Minor units of a currency: what purchases cost, less what came back.
  kReturned = 6,    // Minor units of a currency: what came back, on the day of the purchase.
  kActivity = 7,    // Activities of a kind that stand, whether they count or not (CountedOf).
  kRewarded = 8,    // Of kActivity: those that somebody was paid for.
  kStamps = 9,      // What purchases bring for an incentive.
  kStampBase = 11,  // Points of base rules for purchases that count for an incentive (Boost).
  kCategory = 10,   // Purchases with goods of a category, for an incentive (CategoryKey).
  // Members whom they referred, who first bought what counts for an incentive; or for which no
  // incentive pays them (kUnpaidReferrals).
  kReferrals = 12,
};

// The sums of one measure, by day.
struct Series {
  Measure measure = Measure::kPurchases;
  std::string of;               // The wallet, the rule, the kind of activity or the incentive.
  std::vector<DayNumber> days;  // Those on which there is something, ascending.
  std::vector<int64_t> sums;    // Of each of them.
  // Days before `begins` are summed up in `before`; first_day is the first of them. All are 0
  // while there are none.
  int64_t before = 0;
  DayNumber first_day = 0;
  DayNumber begins = 0;

  friend bool operator==(const Series&, const Series&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.measure);
    v(2, row.of);
    Steps days{row.days};
    v(3, days);
    v(4, row.sums);
    v(5, row.before);
    v(6, row.first_day);
    v(7, row.begins);
  }
};

// What one person did.
struct History {
  MemberId person;  // Who was merged into the member whose row has this; nil: that member.
  std::vector<Series> series;
  // What was decided on their tiers.
  std::vector<TierOverride> overrides;
  // Sums of what the person had done elsewhere before, by source.
  std::vector<LifetimeImport> imports;
  // Who brought them.
  std::optional<Referral> referral;
  // Of who was merged: when they enrolled.
  std::optional<absl::Time> enrolled_at;
  // What is on record of them as somebody who speaks for the house.
  std::vector<AdvocateRecord> advocate;
  // What they said of the house, and what was done about it.
  CareFacts care;

  friend bool operator==(const History&, const History&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.person);
    v(2, row.series);
    v(3, row.overrides);
    v(4, row.imports);
    v(5, row.referral);
    v(6, row.enrolled_at);
    v(7, row.advocate);
    v(8, row.care);
  }

  bool IsEmpty() const {
    return series.empty() && overrides.empty() && imports.empty() && !referral.has_value() &&
           !enrolled_at.has_value() && advocate.empty() && care.IsEmpty();
  }
};

// What a fact adds to one measure.
struct Mark {
  Measure measure = Measure::kPurchases;
  std::string of;
  int64_t amount = 0;

  friend bool operator==(const Mark&, const Mark&) = default;
};

// What one event means for the history of its person: its marks, all on one day.
struct Fact {
  DayNumber day = 0;
  std::vector<Mark> marks;
};

// Puts `should` in the place of `stands`, which is in the history; both are of one day, and
// `stands` is empty where the fact is new. `today`: how far the history goes back.
void Restand(const Fact& should, const Fact& stands, DayNumber today, History& history);

// The first day of which sums of a measure are kept by day, on this day.
DayNumber KeptFrom(Measure measure, DayNumber today);

// Sums over all who are one.
int64_t SumOf(const std::vector<History>& histories, Measure measure, absl::string_view of,
              Days days);
int64_t TotalOf(const std::vector<History>& histories, Measure measure, absl::string_view of = "");

// The first day from this one on on which there is something of any measure; nothing where there
// is none.
std::optional<DayNumber> NextDayOf(const std::vector<History>& histories, DayNumber from);

// The first day and the last on which there is something of a measure; nothing where there is
// none.
std::optional<DayNumber> FirstDayOf(const std::vector<History>& histories, Measure measure,
                                    absl::string_view of = "");
std::optional<DayNumber> LastDayOf(const std::vector<History>& histories, Measure measure);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_HISTORY_H_
