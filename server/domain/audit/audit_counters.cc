#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/audit/audit.h"
#include "server/domain/reward/rewards.h"
#include "server/domain/shared_counter.h"

namespace dangol::domain {
namespace {

// What a counter should be, and the most that any version of the program allows.
struct Expected {
  int64_t used = 0;
  int64_t limit = 0;
};

// Of a rule or an incentive, as entries name them; 0 where there is none.
int64_t BudgetOf(const std::string& id, const Program& program) {
  int64_t budget = 0;
  ForEachRule(program, [&](const Rule& rule) {
    if (rule.id == id) budget = rule.budget;
  });
  for (const Incentive& incentive : program.incentives) {
    if (CauseOf(incentive) == id) budget = incentive.budget;
  }
  return budget;
}

// Null where there is no such version.
const Program* FindProgram(int64_t version, const ProgramCatalog& catalog) {
  const bool exists = version >= 1 && version <= static_cast<int64_t>(catalog.versions().size());
  return exists ? catalog.versions()[static_cast<size_t>(version - 1)].program.get() : nullptr;
}

// A rule's points count from the version on that gives it a budget.
void AddBudgets(const StoredCounters& stored, const ProgramCatalog& catalog,
                std::map<std::string, Expected>& expected) {
  for (const StoredCounters::Given& given : stored.given) {
    const Program* const program = FindProgram(given.program_version, catalog);
    const int64_t budget = program == nullptr ? 0 : BudgetOf(given.rule_id, *program);
    if (budget == 0) continue;
    Expected& counter = expected[BudgetCounter(given.rule_id)];
    counter.used += given.points;
    counter.limit = std::max(counter.limit, budget);
  }
}

void AddStocks(const StoredCounters& stored, const ProgramCatalog& catalog,
               std::map<std::string, Expected>& expected) {
  for (const StoredCounters::Taken& taken : stored.taken) {
    const Program* const program = FindProgram(taken.program_version, catalog);
    const Reward* const reward =
        program == nullptr ? nullptr : FindReward(taken.reward_id, *program);
    if (reward == nullptr || reward->stock == 0) continue;
    Expected& counter = expected[StockCounter(taken.reward_id)];
    counter.used += taken.pieces;
    counter.limit = std::max(counter.limit, reward->stock);
  }
}

}  // namespace

std::vector<Finding> CheckCounters(const StoredCounters& stored, const ProgramCatalog& catalog) {
  std::map<std::string, Expected> expected;
  AddBudgets(stored, catalog, expected);
  AddStocks(stored, catalog, expected);
  // Those of which nothing is used any more.
  for (const auto& [name, used] : stored.used) expected.try_emplace(name);
  std::vector<Finding> findings;
  for (const auto& [name, counter] : expected) {
    const auto found = stored.used.find(name);
    const int64_t used = found == stored.used.end() ? 0 : found->second;
    if (used != counter.used) {
      findings.push_back(
          {FindingKind::kCounter,
           absl::StrCat("counter ", name, " is ", used, ", and what it counts is ", counter.used)});
    }
    if (counter.used > counter.limit) {
      findings.push_back(
          {FindingKind::kCounter, absl::StrCat(counter.used, " are used of ", name,
                                               ", which is limited to ", counter.limit)});
    }
  }
  return findings;
}

std::vector<Finding> NameTransfers(const std::vector<UnevenTransfer>& uneven) {
  std::vector<Finding> findings;
  findings.reserve(uneven.size());
  for (const UnevenTransfer& transfer : uneven) {
    findings.push_back(
        {FindingKind::kTransfer,
         absl::StrCat("with ", transfer.reference, ", ", transfer.left, " points of wallet ",
                      transfer.wallet, " left a member, and ", transfer.arrived, " arrived")});
  }
  return findings;
}

}  // namespace dangol::domain
