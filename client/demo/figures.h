#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/coming_back.h"
#include "client/demo/facts.h"
#include "client/demo/ladder.h"
#include "client/demo/voices.h"
#include "dangol/client.h"

namespace dangol::demo {

struct MonthOfRevenue {
  absl::CivilMonth month;
  int64_t purchases = 0;
  // How many members bought something.
  int64_t buyers = 0;
  int64_t won = 0;
};

struct MonthOfExpiry {
  absl::CivilMonth month;
  int64_t points = 0;
};

// What people do, over all members.
struct Habits {
  // Of the members with a purchase, those with a second one: 0 to 1.
  double bought_again = 0;
  // Median days between one purchase and the next of the same member.
  double days_between = 0;
  // Median days from the first purchase to the second.
  double days_to_second = 0;
  // Of the members with a purchase, those with one in the last 90 days.
  double bought_lately = 0;
  // Of all revenue, what the most valuable fifth of the members brings.
  double top_fifth = 0;
};

struct TopMember {
  std::string card;
  std::string name;
  int64_t purchases = 0;
  int64_t won = 0;
  int64_t points = 0;
  absl::Time last_purchase;
};

// What a loyalty manager wants to know.
struct Figures {
  int64_t members = 0;
  int64_t purchases = 0;
  int64_t lines = 0;
  int64_t won = 0;
  int64_t trial_balance = 0;
  v1::WalletTotals points;
  // Without gaps, up to the current month.
  std::vector<MonthOfRevenue> revenue;
  // Without gaps, from the current month on, for half a year.
  std::vector<MonthOfExpiry> expiries;
  Habits habits;
  // By revenue, the highest first.
  std::vector<TopMember> top;
  Ladder ladder;
  ComingBack coming_back;
  std::vector<VoiceStep> voices;
};

// The middle of the values, or the mean of the two in the middle; 0 without any.
double Median(std::vector<double> values);

// Works the figures out from what the server told. Pure: `zone` says what a
// month is, `now` which is the current one.
Figures MakeFigures(const v1::GetTotalsResponse& totals, const std::string& wallet,
                    const std::vector<MemberFacts>& members, absl::Time now, absl::TimeZone zone);

}  // namespace dangol::demo
