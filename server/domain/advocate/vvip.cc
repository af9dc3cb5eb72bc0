#include "server/domain/advocate/vvip.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "server/domain/program/reigns.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/standing/rfm_values.h"

namespace dangol::domain {
namespace {

// The last of the first share of all; nothing where there is nobody.
std::optional<VvipRank> LastOfShare(int basis_points, std::vector<VvipRank>& ranks) {
  constexpr int64_t kWhole = 10'000;
  const auto all = static_cast<int64_t>(ranks.size());
  const int64_t count = std::min(all, (all * basis_points + kWhole - 1) / kWhole);
  if (count == 0) return std::nullopt;
  const auto last = ranks.begin() + (count - 1);
  std::nth_element(ranks.begin(), last, ranks.end());
  return *last;
}

// Whoever was the last is within, also where something that they bought came back since: they would
// be compared with what they were themselves.
bool IsWithin(const VvipRank& rank, const std::optional<VvipRank>& last) {
  return last.has_value() && (rank.id == last->id || !(*last < rank));
}

// The program that is in force when norms begin; null where it has no VVIPs.
const Program* ProgramOf(const Norms& norms, const ProgramCatalog& catalog) {
  const ProgramVersion* const version = catalog.At(norms.effective_from);
  if (version == nullptr) return nullptr;
  const Program& program = *version->program;
  return program.vvip.has_value() && program.rfm.has_value() ? &program : nullptr;
}

// Whether somebody is a VVIP by norms, who was one before or not. Those that were computed of
// something else than the program says now say nothing.
bool IsVvipBy(const Norms& norms, bool was, const ProgramCatalog& catalog, const Member& person) {
  const Program* const program = ProgramOf(norms, catalog);
  if (program == nullptr) return false;
  if (BasisOf(*program) != norms.basis) return was;
  const VvipRank rank = RankOf(person, *program, norms.day);
  if (rank.spent_minor <= 0) return false;
  return IsWithin(rank, was ? norms.advocates->stay : norms.advocates->enter);
}

// What was so before a day.
void CutAt(DayNumber day, std::vector<VvipSpan>& spans) {
  std::erase_if(spans, [&](const VvipSpan& span) { return span.from >= day; });
  if (!spans.empty() && spans.back().until >= day) spans.back().until = 0;
}

// Of norms that begin on one day the last count.
bool AreReplaced(size_t place, const std::vector<Norms>& all) {
  for (size_t i = place + 1; i < all.size() && all[i].from == all[place].from; ++i) {
    if (all[i].advocates.has_value()) return true;
  }
  return false;
}

// Whether somebody can become one by any of the norms from this one on: false of nearly everybody,
// and found out at once. No day's contribution is negative.
bool CanEnter(const ProgramCatalog& catalog, size_t first, DayNumber today, const Member& person) {
  const std::vector<Norms>& all = catalog.norms();
  const Program* program = nullptr;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (size_t i = first; i < all.size(); ++i) {
    if (!all[i].advocates.has_value() || !all[i].advocates->enter.has_value()) continue;
    const Program* const of = ProgramOf(all[i], catalog);
    if (of == nullptr) continue;
    if (program != nullptr && program != of) return true;
    if (all[i].advocates->enter->id == FirstOf(person).id) return true;
    program = of;
    least = std::min(least, all[i].advocates->enter->spent_minor);
  }
  if (program == nullptr) return false;
  const Days days{RfmWindow(*program->rfm, all[first].day).from, today + 1};
  return InBaseCurrency(person.histories, Measure::kNetSpend, days, *program) >= least;
}

}  // namespace

VvipRank RankOf(const Member& person, const Program& program, DayNumber day) {
  const Days window = RfmWindow(*program.rfm, day);
  VvipRank rank;
  rank.spent_minor = InBaseCurrency(person.histories, Measure::kNetSpend, window, program);
  if (rank.spent_minor <= 0) return rank;
  rank.purchases = SumOf(person.histories, Measure::kPurchases, "", window) -
                   SumOf(person.histories, Measure::kIdle, "", window);
  const MemberSince since = FirstOf(person);
  rank.enrolled_at = since.enrolled_at;
  rank.id = since.id;
  return rank;
}

void EndVvip(const ProgramCatalog& catalog, absl::Time now, Member& person) {
  std::vector<VvipSpan>& spans = person.advocacy.vvip;
  if (spans.empty() || spans.back().until != 0) return;
  const Reigns reigns = ReignsOf(catalog, now);
  DayNumber end = kNever;
  for (auto reign = reigns.rbegin(); reign != reigns.rend(); ++reign) {
    if (reign->program->vvip.has_value()) break;
    end = reign->first;
  }
  if (end == kNever) return;
  if (spans.back().from < end) {
    spans.back().until = end;
  } else {
    spans.pop_back();
  }
}

AdvocateNorms AdvocateNormsOf(std::vector<VvipRank>& ranks, const std::optional<Vvip>& vvip) {
  AdvocateNorms norms;
  norms.contributors = static_cast<int64_t>(ranks.size());
  if (!vvip.has_value()) return norms;
  norms.enter = LastOfShare(vvip->enter_basis_points, ranks);
  norms.stay = LastOfShare(vvip->stay_basis_points, ranks);
  return norms;
}

void JudgeVvip(const ProgramCatalog& catalog, DayNumber from, DayNumber judged, DayNumber today,
               Member& person) {
  if (person.histories.empty() && person.advocacy.vvip.empty()) return;
  const std::vector<Norms>& all = catalog.norms();
  // Norms begin in their order. The first that may say something else than before:
  size_t first = all.size();
  for (size_t i = all.size(); i > 0; --i) {
    const Norms& norms = all[i - 1];
    if (norms.day < from && norms.from <= judged) break;
    // Further back what somebody bought is not known by day any more.
    if (norms.day < FirstDayOfWindow(norms.basis.window_days, today)) break;
    if (norms.advocates.has_value() && norms.from <= today) first = i - 1;
  }
  if (first == all.size()) return;
  std::vector<VvipSpan>& spans = person.advocacy.vvip;
  CutAt(all[first].from, spans);
  bool is_one = !spans.empty() && spans.back().until == 0;
  if (!is_one && !CanEnter(catalog, first, today, person)) return;
  for (size_t i = first; i < all.size(); ++i) {
    const Norms& norms = all[i];
    if (!norms.advocates.has_value() || norms.from > today || AreReplaced(i, all)) continue;
    const bool was = is_one;
    is_one = IsVvipBy(norms, was, catalog, person);
    if (is_one && !was) spans.push_back({norms.from, 0});
    if (was && !is_one) spans.back().until = norms.from;
  }
}

}  // namespace dangol::domain
