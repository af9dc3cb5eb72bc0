#include "server/domain/points/transfer.h"

#include <string>
#include <utility>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/giving.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"

namespace dangol::domain {
namespace {

absl::Status CheckReceives(const Member& member) {
  if (member.status == MemberStatus::kActive) return absl::OkStatus();
  return ReceiverNotActive(member.status);
}

// Lets the other member receive what the outcome says was given.
absl::StatusOr<Consequence> Hand(const TransferOutcome& given, absl::string_view principal,
                                 const MemberState& receiver, const ProgramCatalog& catalog,
                                 absl::Time now) {
  ReceivePoints receive;
  receive.member.id = receiver.member.id;
  receive.person = given.to;
  receive.from = given.member_id;
  receive.transfer_id = given.transfer_id;
  receive.wallet = given.wallet;
  receive.lots = given.lots;
  State state;
  state.member = &receiver;
  ASSIGN_OR_RETURN(Decision decision, DecideReceive(receive, principal, state, catalog, now));
  return Consequence{std::move(receive), std::move(decision.effects)};
}

// Takes in what another member gave: available from now on, and as old and as lasting as it was
// with them. What has been available is not pending again, whatever the clock of the receiver
// says. Where their time is ahead and the lot has expired in it, it repays debts and is gone.
absl::Status Receive(const std::string& wallet, const MovedLot& moved, const MemberId& person,
                     const Cause& cause, Book& book) {
  RETURN_IF_ERROR(book.CheckRoom(wallet, moved.points));
  Lot lot;
  lot.person = person;
  lot.wallet = wallet;
  lot.points = moved.points;
  lot.earned_at = lot.available_from = moved.earned_at;
  lot.expires_at = moved.expires_at;
  const size_t index = book.Open(std::move(lot));
  book.Post(
      index,
      {EntryKind::kTransfer, moved.points, LedgerAccount::kTransferred, LedgerAccount::kAvailable},
      book.now(), cause);
  book.Settle(wallet, book.now());
  if (moved.expires_at <= book.now() && book.lots()[index].remaining > 0) {
    book.Expire(index, book.now(), OfTime());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Decision> DecideTransfer(const TransferPoints& command, absl::string_view principal,
                                        const State& state, const ProgramCatalog& catalog,
                                        absl::Time now) {
  ASSIGN_OR_RETURN(const Wallet* wallet, FindWallet(command.wallet, catalog, now));
  if (state.member == nullptr) return MemberNotFound(command.member);
  if (state.other == nullptr && !state.again) return ReceiverNotFound(command.to);
  if (state.other == state.member) return ReceiverIsGiver();
  RETURN_IF_ERROR(CheckSpends(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  RETURN_IF_ERROR(CheckAvailable(draft, wallet->id, command.points));
  draft.NoteActivity(draft.now());
  TransferOutcome given;
  given.member_id = draft.person().id;
  given.transfer_id = command.transfer_id;
  given.wallet = wallet->id;
  const Cause cause{std::string(principal), command.transfer_id, ""};
  for (const Lot& lot : draft.book().Take(wallet->id, command.points, EntryKind::kTransfer,
                                          LedgerAccount::kTransferred, cause)) {
    // Where the giver's inactivity decides, the receiver's cannot: it gets a date.
    given.lots.push_back({lot.remaining, lot.earned_at, draft.book().ExpiryOf(lot)});
  }
  if (given.lots.size() > limits::kMaxLotsPerTransfer) return TransferOfTooManyLots();
  given.balances = draft.book().Accounts();
  Decision decision;
  decision.effects = draft.Finish();
  if (!state.again) {
    const MemberState* receiver = state.other_person;
    given.to = (receiver == nullptr ? state.other : receiver)->member.id;
    const Member& taker = (receiver == nullptr ? state.other : receiver)->member;
    RETURN_IF_ERROR(CheckReceives(taker));
    for (const MemberState* giver : {state.member, PersonOf(state)}) {
      RETURN_IF_ERROR(CheckTransfer(giver->member, taker, catalog, now));
    }
    ASSIGN_OR_RETURN(Consequence received, Hand(given, principal, *state.other, catalog, now));
    decision.consequences.push_back(std::move(received));
  }
  decision.outcome = std::move(given);
  return decision;
}

absl::StatusOr<Decision> DecideReceive(const ReceivePoints& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now) {
  if (state.member == nullptr) return ReceiverNotFound(command.member);
  RETURN_IF_ERROR(CheckReceives(state.member->member));
  Draft draft(state, catalog, now);
  draft.Advance();
  const Cause cause{std::string(principal), command.transfer_id, ""};
  for (const MovedLot& lot : command.lots) {
    RETURN_IF_ERROR(Receive(command.wallet, lot, command.person, cause, draft.book()));
  }
  Decision decision;
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
