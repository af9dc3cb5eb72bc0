#include "server/domain/points/adjustment.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/domain/advocate/giving.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/missing.h"
#include "server/domain/points/spend.h"
#include "server/domain/points/timeline.h"

namespace dangol::domain {
namespace {

absl::StatusOr<const AdjustmentReason*> FindReason(const std::string& code,
                                                   const Program& program) {
  for (const AdjustmentReason& reason : program.adjustment_reasons) {
    if (reason.code == code) return &reason;
  }
  return ReasonNotDeclared(code, program.name);
}

absl::StatusOr<Decision> Adjust(const AdjustPoints& command, absl::string_view principal,
                                const State& state, const ProgramCatalog& catalog, absl::Time now) {
  ASSIGN_OR_RETURN(const Wallet* wallet, FindWallet(command.wallet, catalog, now));
  const ProgramVersion& version = *catalog.At(now);
  ASSIGN_OR_RETURN(const AdjustmentReason* reason, FindReason(command.reason, *version.program));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  const Cause cause{std::string(principal), command.adjustment_id, reason->code};
  if (command.points > 0) {
    RETURN_IF_ERROR(GiveByHand(version, now, *wallet, command.points, cause, draft));
    return ConcludeBalance(draft);
  }
  if (-command.points > reason->max_points) {
    return AdjustmentTooLarge(reason->code, reason->max_points);
  }
  RETURN_IF_ERROR(CheckAvailable(draft, wallet->id, -command.points));
  draft.book().Take(wallet->id, -command.points, EntryKind::kAdjust, LedgerAccount::kAdjusted,
                    cause);
  return ConcludeBalance(draft);
}

// Undoes an adjustment, lot by lot that it gave to or took from.
class Undoing {
 public:
  Undoing(const MemberState& state, const std::string& adjustment, DebtPolicy policy,
          const Cause& cause, Book& book)
      : state_(state), adjustment_(adjustment), policy_(policy), cause_(cause), book_(book) {}

  bool WasUndone() const {
    const LedgerEntry* const first = First();
    return first != nullptr &&
           std::any_of(state_.adjusted_entries.begin(), state_.adjusted_entries.end(),
                       [&](const LedgerEntry& entry) {
                         return IsGivenUp(entry) || (IsOf(entry) && entry.credit != first->credit);
                       });
  }

  // Here: whose lots those are may have left the purse, and then it is theirs to undo.
  bool IsKnown() const {
    return First() != nullptr &&
           std::all_of(state_.adjusted_entries.begin(), state_.adjusted_entries.end(),
                       [&](const LedgerEntry& entry) {
                         const Lot* const lot = IsOf(entry) ? LotOf(entry) : nullptr;
                         return lot == nullptr || Shares(book_.owner(), lot->person);
                       });
  }

  absl::Status Run() {
    for (const LedgerEntry& entry : state_.adjusted_entries) {
      if (!IsOf(entry)) continue;
      const Lot* const lot = LotOf(entry);
      book_.Require(lot != nullptr, "the lots of an adjustment are not there");
      if (lot == nullptr) continue;
      if (entry.credit == LedgerAccount::kAdjusted) {
        book_.PutBack(*lot, entry.points, EntryKind::kAdjust, LedgerAccount::kAdjusted, cause_,
                      book_.now());
      } else {
        RETURN_IF_ERROR(TakeBack(*lot, entry.points));
      }
    }
    return absl::OkStatus();
  }

 private:
  bool IsOf(const LedgerEntry& entry) const {
    return entry.kind == EntryKind::kAdjust && entry.reference == adjustment_;
  }

  // Of an undoing for which there was nothing left.
  bool IsGivenUp(const LedgerEntry& entry) const {
    return entry.kind == EntryKind::kWriteOff && entry.credit == LedgerAccount::kAdjusted &&
           entry.reference == adjustment_;
  }

  const LedgerEntry* First() const {
    for (const LedgerEntry& entry : state_.adjusted_entries) {
      if (IsOf(entry)) return &entry;
    }
    return nullptr;
  }

  const Lot* LotOf(const LedgerEntry& entry) const {
    for (const Lot& lot : state_.adjusted_lots) {
      if (lot.lot == entry.lot && lot.purse == entry.lot_purse) return &lot;
    }
    return nullptr;
  }

  // What has expired of the lot was never spent, and need not come from anywhere.
  absl::Status TakeBack(const Lot& given, int64_t points) {
    const auto is_it = [&](const Lot& lot) { return NameOf(lot) == NameOf(given); };
    int64_t left = points;
    for (const size_t index : book_.InSpendingOrder(is_it)) {
      const Lot& lot = book_.lots()[index];
      const int64_t part = std::min(left, lot.remaining);
      left -= part;
      book_.Post(index,
                 {EntryKind::kAdjust, part, AccountAt(lot, book_.now()), LedgerAccount::kAdjusted},
                 book_.now(), cause_);
    }
    left -= std::min(left, ExpiredOf(given));
    const Missing missing = TakeMissing(policy_, given, left, EntryKind::kAdjust,
                                        LedgerAccount::kAdjusted, cause_, book_);
    if (missing.refused > 0) return InsufficientPoints(given.wallet, points, points - left);
    return absl::OkStatus();
  }

  // Before this decision, and by it: nobody may have looked since the lot was due.
  int64_t ExpiredOf(const Lot& lot) const {
    int64_t points = 0;
    for (const auto* entries : {&state_.adjusted_entries, &book_.entries()}) {
      for (const LedgerEntry& entry : *entries) {
        const bool is_of = entry.lot == lot.lot && entry.lot_purse == lot.purse;
        if (is_of && entry.kind == EntryKind::kExpire) points += entry.points;
      }
    }
    return points;
  }

  const MemberState& state_;
  const std::string& adjustment_;
  const DebtPolicy policy_;
  const Cause& cause_;
  Book& book_;
};

absl::StatusOr<Decision> Undo(const AdjustPoints& command, absl::string_view principal,
                              const State& state, const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  ASSIGN_OR_RETURN(const AdjustmentReason* reason, FindReason(command.reason, *version->program));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  // Under the name of what it undoes, so that this is done once.
  const Cause cause{std::string(principal), command.undoes, reason->code};
  Undoing undoing(*state.member, command.undoes, version->program->debt_policy, cause,
                  draft.book());
  if (!undoing.IsKnown()) return AdjustmentNotFound(command.undoes);
  if (undoing.WasUndone()) return AdjustmentUndone(command.undoes);
  RETURN_IF_ERROR(undoing.Run());
  return ConcludeBalance(draft);
}

}  // namespace

absl::Status GiveByHand(const ProgramVersion& version, absl::Time now, const Wallet& wallet,
                        int64_t points, const Cause& cause, Draft& draft) {
  const Program& program = *version.program;
  ASSIGN_OR_RETURN(const AdjustmentReason* reason, FindReason(cause.reason, program));
  if (points > reason->max_points) return AdjustmentTooLarge(reason->code, reason->max_points);
  RETURN_IF_ERROR(CheckGiven(*reason, draft.person(), program, now));
  Lot lot;
  lot.wallet = wallet.id;
  lot.person = draft.person().id;
  lot.earned_at = lot.available_from = now;
  SetExpiry(wallet, program.time_zone, lot);
  const Source source{"", EntryKind::kAdjust, points, LedgerAccount::kAdjusted};
  return OpenLot(std::move(lot), {source}, cause, draft.book());
}

absl::StatusOr<Decision> DecideAdjust(const AdjustPoints& command, absl::string_view principal,
                                      const State& state, const ProgramCatalog& catalog,
                                      absl::Time now) {
  return command.undoes.empty() ? Adjust(command, principal, state, catalog, now)
                                : Undo(command, principal, state, catalog, now);
}

}  // namespace dangol::domain
