#include "server/domain/purchase/undo_return.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/purchase/rest.h"
#include "server/domain/purchase/restand_purchase.h"

namespace dangol::domain {
namespace {

// Takes a line of a return out of its purchase.
void TakeOut(const ReturnedLine& line, Purchase& purchase) {
  purchase.returned_minor -= line.amount_minor;
  if (line.line < 0) {
    purchase.returned_by_amount_minor -= line.amount_minor;
    return;
  }
  PurchaseLine& of = purchase.lines[static_cast<size_t>(line.line)];
  of.returned_quantity -= line.quantity;
  of.returned_minor -= line.value_minor;
}

const Return* FindReturn(absl::string_view id, const MemberState& member) {
  for (const Return& known : member.returns) {
    if (known.return_id == id) return &known;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Decision> DecideUndoReturn(const UndoReturn& command, absl::string_view principal,
                                          const State& state, const ProgramCatalog& catalog,
                                          absl::Time now) {
  if (state.member == nullptr) return ReturnNotFound(command.return_id);
  RETURN_IF_ERROR(CheckNotClosed(state));
  const MemberState& buyer = *PersonOf(state);
  const Return* const found = FindReturn(command.return_id, buyer);
  if (found == nullptr || found->undone_at != absl::InfiniteFuture()) {
    return ReturnNotFound(command.return_id);
  }
  std::map<std::string, Purchase> changed;  // By id.
  for (const ReturnedLine& line : found->lines) {
    if (line.purchase_id.empty()) continue;
    const Purchase* const bought = FindPurchase(line.purchase_id, buyer);
    if (bought == nullptr) return PurchaseNotFound(line.purchase_id);
    TakeOut(line, changed.try_emplace(line.purchase_id, *bought).first->second);
  }
  Draft draft(state, catalog, now);
  draft.Advance();
  const Program& current = *catalog.At(now)->program;
  const Cause cause{std::string(principal), command.return_id, ""};
  std::map<std::string, ReversedPoints> points;  // By wallet.
  for (auto& [id, purchase] : changed) {
    const ProgramVersion* const version = catalog.Find(purchase.program_version);
    if (version == nullptr) return ProgramMissing();
    if (IsWhole(purchase)) purchase.returned_at.reset();
    RETURN_IF_ERROR(RestandPurchase(*version->program, current, cause, *FindPurchase(id, buyer),
                                    purchase, draft, points));
  }
  ReturnOutcome outcome;
  outcome.recorded = *found;
  outcome.recorded.undone_at = draft.now();
  for (auto& [wallet, reversed] : points) outcome.points.push_back(std::move(reversed));
  outcome.balances = draft.book().Accounts();
  Decision decision;
  decision.effects = draft.Finish();
  Effects& own = OfPerson(decision.effects);
  for (auto& [id, purchase] : changed) own.returned_purchases.push_back(std::move(purchase));
  own.undone_return = outcome.recorded;
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
