#include "server/domain/referral/referrals.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace dangol::domain {
namespace {

// Of all versions.
std::set<std::string> IncentivesForReferrers(const ProgramCatalog& catalog) {
  std::set<std::string> ids;
  for (const ProgramVersion& version : catalog.versions()) {
    for (const Incentive& incentive : version.program->incentives) {
      if (std::holds_alternative<Referrer>(incentive.kind)) ids.insert(incentive.id);
    }
  }
  return ids;
}

}  // namespace

MemberSince FirstOf(const Member& member) {
  MemberSince first{member.enrolled_at, member.id};
  for (const History& history : member.histories) {
    if (!history.enrolled_at.has_value()) continue;
    first = std::min(first, MemberSince{*history.enrolled_at, history.person});
  }
  return first;
}

const Referral* ReferralOf(const Member& member) {
  const bool is_any =
      std::any_of(member.histories.begin(), member.histories.end(),
                  [](const History& history) { return history.referral.has_value(); });
  if (!is_any) return nullptr;
  const MemberId first = FirstOf(member).id;
  for (const History& history : member.histories) {
    const MemberId& person = history.person.IsNil() ? member.id : history.person;
    if (person == first && history.referral.has_value()) return &*history.referral;
  }
  return nullptr;
}

const Referral* ReferralBeforePurchases(const Member& member) {
  const Referral* const referral = ReferralOf(member);
  if (referral == nullptr) return nullptr;
  const std::optional<DayNumber> first = FirstDayOf(member.histories, Measure::kPurchases);
  return first.has_value() && *first < referral->day ? nullptr : referral;
}

bool IsReferredFor(const Incentive& incentive, const Member& member) {
  return !std::holds_alternative<Referred>(incentive.kind) ||
         ReferralBeforePurchases(member) != nullptr;
}

std::vector<Conversion> ConversionsOf(const Member& member, const ProgramCatalog& catalog) {
  if (ReferralBeforePurchases(member) == nullptr) return {};
  std::vector<Conversion> conversions;
  for (const std::string& id : IncentivesForReferrers(catalog)) {
    const std::optional<DayNumber> day = FirstDayOf(member.histories, Measure::kStamps, id);
    if (day.has_value()) conversions.push_back({id, *day});
  }
  // Nobody is paid for whom no incentive counts.
  if (conversions.empty() && catalog.HasWordOfMouth()) {
    const std::optional<DayNumber> day = FirstDayOf(member.histories, Measure::kPurchases);
    if (day.has_value()) conversions.push_back({kUnpaidReferrals, *day});
  }
  return conversions;
}

}  // namespace dangol::domain
