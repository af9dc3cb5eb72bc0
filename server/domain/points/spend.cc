#include "server/domain/points/spend.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/holds.h"

namespace dangol::domain {
namespace {

bool HasLeft(const Member& member) {
  return member.status == MemberStatus::kClosed || member.status == MemberStatus::kErased;
}

Decision ConcludeReservation(const Reservation& reservation, Draft& draft) {
  Decision decision;
  decision.outcome = ReservationOutcome{draft.person().id, reservation, draft.book().Accounts()};
  decision.effects = draft.Finish();
  return decision;
}

// The reservation, if it is still held now.
absl::StatusOr<Reservation*> FindHeld(const std::string& id, Draft& draft) {
  Reservation* const reservation = FindReservation(id, draft);
  if (reservation == nullptr) return ReservationNotFound(id);
  if (reservation->status != ReservationStatus::kHeld) return ReservationEnded(*reservation);
  return reservation;
}

// Makes available what waits for this purchase to be confirmed.
void Confirm(const std::string& purchase_id, const Cause& cause, Book& book) {
  for (size_t i = 0; i < book.lots().size(); ++i) {
    const Lot& lot = book.lots()[i];
    const bool waits = lot.available_from == absl::InfiniteFuture();
    if (!waits || lot.purchase_id != purchase_id || lot.remaining <= 0) continue;
    book.Mature(i, book.now(), cause);
    book.Settle(lot.wallet, book.now());
  }
}

}  // namespace

Decision ConcludeBalance(Draft& draft) {
  Decision decision;
  decision.outcome = BalanceOutcome{draft.person().id, draft.book().Accounts()};
  decision.effects = draft.Finish();
  return decision;
}

absl::Status CheckSpends(const Member& purse, const Member& person) {
  for (const Member* member : {&person, &purse}) {
    if (HasLeft(*member)) return MemberClosed();
    if (member->status != MemberStatus::kActive) return MemberSuspended();
  }
  return absl::OkStatus();
}

absl::Status CheckNotClosed(const State& state) {
  const bool is_closed = HasLeft(state.member->member) || HasLeft(PersonOf(state)->member);
  return is_closed ? MemberClosed() : absl::OkStatus();
}

absl::StatusOr<const Wallet*> FindWallet(const std::string& name, const ProgramCatalog& catalog,
                                         absl::Time now) {
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  if (name.empty() && program.wallets.size() == 1) return &program.wallets.front();
  if (name.empty()) return WalletMissing();
  for (const Wallet& wallet : program.wallets) {
    if (wallet.id == name) return &wallet;
  }
  return WalletNotDeclared(name, program.name);
}

absl::Status CheckAvailable(const Draft& draft, const std::string& wallet, int64_t points) {
  const int64_t available = draft.book().Available(wallet);
  return available < points ? InsufficientPoints(wallet, points, available) : absl::OkStatus();
}

absl::StatusOr<Decision> DecideReserve(const ReservePoints& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now) {
  ASSIGN_OR_RETURN(const Wallet* wallet, FindWallet(command.wallet, catalog, now));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckSpends(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  RETURN_IF_ERROR(CheckAvailable(draft, wallet->id, command.points));
  draft.NoteActivity(draft.now());
  Reservation reservation;
  reservation.reservation_id = command.reservation_id;
  reservation.wallet = wallet->id;
  reservation.points = command.points;
  reservation.status = command.capture ? ReservationStatus::kCaptured : ReservationStatus::kHeld;
  reservation.reserved_at = draft.now();
  reservation.lapses_at = draft.now() + command.time_to_live;
  const Reservation& reserved =
      Reserve(std::move(reservation), {std::string(principal), command.reservation_id, ""}, draft);
  return ConcludeReservation(reserved, draft);
}

absl::StatusOr<Decision> DecideCapture(const CapturePoints& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now) {
  if (state.member == nullptr) return ReservationNotFound(command.reservation_id);
  RETURN_IF_ERROR(CheckSpends(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  ASSIGN_OR_RETURN(Reservation * reservation, FindHeld(command.reservation_id, draft));
  const int64_t points = command.points.value_or(reservation->points);
  if (points > reservation->points) return ReservationTooSmall(points, reservation->points);
  if (points == 0) {
    Release(*reservation, ReservationStatus::kVoided, {std::string(principal), "", ""}, draft.now(),
            draft.book());
    return ConcludeReservation(*reservation, draft);
  }
  draft.NoteActivity(draft.now());
  const Cause cause{std::string(principal), command.reservation_id, ""};
  Capture(*reservation, points, cause, draft.book());
  // The goods may have come back before. What is captured is there, so that nothing can be owed.
  RETURN_IF_ERROR(SettleReturned(DebtPolicy::kReject, cause, *reservation, draft.book()).status());
  return ConcludeReservation(*reservation, draft);
}

absl::StatusOr<Decision> DecideVoid(const VoidReservation& command, absl::string_view principal,
                                    const State& state, const ProgramCatalog& catalog,
                                    absl::Time now) {
  if (state.member == nullptr) return ReservationNotFound(command.reservation_id);
  Draft draft(state, catalog, now);
  draft.Advance();
  ASSIGN_OR_RETURN(Reservation * reservation, FindHeld(command.reservation_id, draft));
  Release(*reservation, ReservationStatus::kVoided, {std::string(principal), "", ""}, draft.now(),
          draft.book());
  return ConcludeReservation(*reservation, draft);
}

absl::StatusOr<Decision> DecideConfirm(const ConfirmPurchase& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now) {
  if (state.member == nullptr) return PurchaseNotFound(command.purchase_id);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  Confirm(command.purchase_id, {std::string(principal), "", ""}, draft.book());
  return ConcludeBalance(draft);
}

}  // namespace dangol::domain
