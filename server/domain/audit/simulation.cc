#include "server/domain/audit/simulation.h"

#include <set>

#include "server/domain/audit/family.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {
namespace {

class Comparison {
 public:
  Comparison(const ProgramCatalog& current, const ProgramCatalog& proposed, absl::Time from,
             absl::Time now, Simulated& sums)
      : current_(current), proposed_(proposed), from_(from), now_(now), sums_(sums) {}

  void Add(const StoredMember& stored, Replay& replay) {
    replay.AdvanceTo(now_);
    ++sums_.members;
    sums_.commands += static_cast<int64_t>(stored.commands.size());
    AddGiven(stored.entries, &GivenTwice::is);
    AddGiven(replay.entries(), &GivenTwice::would);
    AddLiabilities(stored, replay);
    AddMoves(stored.state.member, replay.state().member);
  }

 private:
  void AddGiven(const std::vector<LedgerEntry>& entries, GivenPoints GivenTwice::*side) {
    std::set<std::pair<std::string, std::string>> seen;
    for (const LedgerEntry& entry : entries) {
      if (entry.rule_id.empty() || entry.effective_at < from_) continue;
      const std::pair key(entry.rule_id, entry.wallet);
      GivenPoints& given = sums_.given[key].*side;
      given.members += seen.insert(key).second ? 1 : 0;
      ++given.times;
      given.points += entry.points;
    }
  }

  void AddLiabilities(const StoredMember& stored, const Replay& replay) {
    std::map<std::string, LiabilityTwice> wallets;
    for (const Account& account : stored.state.accounts) {
      wallets[account.wallet].is += account.pending + account.available + account.held;
    }
    for (const Account& account : replay.state().accounts) {
      wallets[account.wallet].would += account.pending + account.available + account.held;
    }
    for (const auto& [wallet, points] : wallets) {
      sums_.liabilities[wallet].is += points.is;
      sums_.liabilities[wallet].would += points.would;
      if (points.is != points.would) {
        sums_.differences.push_back({stored.state.member.id, wallet, points});
      }
    }
  }

  void AddMoves(const Member& stored, const Member& simulated) {
    const bool is_somebody =
        stored.status == MemberStatus::kActive || stored.status == MemberStatus::kSuspended;
    if (!is_somebody) return;
    Member is = stored;
    AdvanceTiers(current_, now_, is);
    const Program& program = *proposed_.At(now_)->program;
    for (const Ladder& ladder : program.ladders) {
      ++sums_.moves[{ladder.id, TierOf(is, ladder.id, current_),
                     TierOf(simulated, ladder.id, proposed_)}];
    }
  }

  // Empty where there is none.
  std::string TierOf(const Member& person, const std::string& ladder_id,
                     const ProgramCatalog& catalog) const {
    const Program& program = *catalog.At(now_)->program;
    const Ladder* const ladder = FindLadder(program, ladder_id);
    if (ladder == nullptr) return "";
    const int tier = TierOn(person, *ladder, NumberOf(absl::ToCivilDay(now_, program.time_zone)));
    return tier < 0 ? "" : ladder->tiers[static_cast<size_t>(tier)].id;
  }

  const ProgramCatalog& current_;
  const ProgramCatalog& proposed_;
  const absl::Time from_;
  const absl::Time now_;
  Simulated& sums_;
};

}  // namespace

std::shared_ptr<const ProgramCatalog> WithDraft(const ProgramCatalog& catalog,
                                                std::shared_ptr<const Program> draft,
                                                absl::Time from) {
  auto extended = std::make_shared<ProgramCatalog>(catalog);
  ProgramVersion version;
  version.version = static_cast<int64_t>(catalog.versions().size()) + 1;
  version.effective_from = catalog.versions().empty() ? absl::InfinitePast() : from;
  version.recorded_at = from;
  version.program = std::move(draft);
  extended->Add(std::move(version));
  return extended;
}

void SimulateFamily(const std::vector<StoredMember>& family, const ProgramCatalog& current,
                    const ProgramCatalog& proposed, absl::Time from, absl::Time now,
                    SharedCounters& counters, Simulated& sums) {
  if (IsErased(family)) return;
  Comparison comparison(current, proposed, from, now, sums);
  ReplayFamily(
      family,
      {[&] { return Replay(proposed, counters); },
       [&](const MemberId&, const std::string&, const absl::Status&) { ++sums.refused; },
       [&](const StoredMember& stored, Replay& replay) { comparison.Add(stored, replay); }});
}

}  // namespace dangol::domain
