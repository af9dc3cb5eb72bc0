#include "server/domain/points/spend.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/draft.h"
#include "server/domain/points/expiry.h"

namespace dangol::domain {
namespace {

bool HasLeft(const Member& member) {
  return member.status == MemberStatus::kClosed || member.status == MemberStatus::kErased;
}

absl::StatusOr<const AdjustmentReason*> FindReason(const std::string& code,
                                                   const Program& program) {
  for (const AdjustmentReason& reason : program.adjustment_reasons) {
    if (reason.code == code) return &reason;
  }
  return ReasonNotDeclared(code, program.name);
}

Decision ConcludeReservation(const Reservation& reservation, Draft& draft) {
  Decision decision;
  decision.outcome = ReservationOutcome{draft.person().id, reservation, draft.Accounts()};
  decision.effects = draft.Finish();
  return decision;
}

Decision ConcludeBalance(Draft& draft) {
  Decision decision;
  decision.outcome = BalanceOutcome{draft.person().id, draft.Accounts()};
  decision.effects = draft.Finish();
  return decision;
}

// The reservation, if it is still held now.
absl::StatusOr<Reservation*> FindHeld(const std::string& id, Draft& draft) {
  Reservation* const reservation = draft.FindReservation(id);
  if (reservation == nullptr) return ReservationNotFound(id);
  if (reservation->status != ReservationStatus::kHeld) return ReservationEnded(*reservation);
  return reservation;
}

}  // namespace

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
  const int64_t available = draft.Available(wallet);
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
      draft.Reserve(std::move(reservation), {std::string(principal), command.reservation_id, ""});
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
    draft.Release(*reservation, ReservationStatus::kVoided, {std::string(principal), "", ""});
    return ConcludeReservation(*reservation, draft);
  }
  draft.NoteActivity(draft.now());
  draft.Capture(*reservation, points, {std::string(principal), command.reservation_id, ""});
  return ConcludeReservation(*reservation, draft);
}

absl::StatusOr<Decision> DecideVoid(const VoidReservation& command, absl::string_view principal,
                                    const State& state, const ProgramCatalog& catalog,
                                    absl::Time now) {
  if (state.member == nullptr) return ReservationNotFound(command.reservation_id);
  Draft draft(state, catalog, now);
  draft.Advance();
  ASSIGN_OR_RETURN(Reservation * reservation, FindHeld(command.reservation_id, draft));
  draft.Release(*reservation, ReservationStatus::kVoided, {std::string(principal), "", ""});
  return ConcludeReservation(*reservation, draft);
}

absl::StatusOr<Decision> DecideAdjust(const AdjustPoints& command, absl::string_view principal,
                                      const State& state, const ProgramCatalog& catalog,
                                      absl::Time now) {
  ASSIGN_OR_RETURN(const Wallet* wallet, FindWallet(command.wallet, catalog, now));
  const ProgramVersion& version = *catalog.At(now);
  ASSIGN_OR_RETURN(const AdjustmentReason* reason, FindReason(command.reason, *version.program));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  if (std::max(command.points, -command.points) > reason->max_points) {
    return AdjustmentTooLarge(reason->code, reason->max_points);
  }
  Draft draft(state, catalog, now);
  draft.Advance();
  const Draft::Cause cause{std::string(principal), "", reason->code};
  if (command.points < 0) {
    RETURN_IF_ERROR(CheckAvailable(draft, wallet->id, -command.points));
    draft.Take(wallet->id, -command.points, EntryKind::kAdjust, LedgerAccount::kAdjusted, cause);
    return ConcludeBalance(draft);
  }
  Lot lot;
  lot.wallet = wallet->id;
  lot.person = draft.person().id;
  lot.earned_at = lot.available_from = now;
  SetExpiry(*wallet, version.program->time_zone, lot);
  const Draft::Source source{"", EntryKind::kAdjust, command.points, LedgerAccount::kAdjusted};
  RETURN_IF_ERROR(draft.OpenLot(std::move(lot), {source}, version.version, cause));
  return ConcludeBalance(draft);
}

absl::StatusOr<Decision> DecideConfirm(const ConfirmPurchase& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now) {
  if (state.member == nullptr) return PurchaseNotFound(command.purchase_id);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  draft.Confirm(command.purchase_id, {std::string(principal), "", ""});
  return ConcludeBalance(draft);
}

}  // namespace dangol::domain
