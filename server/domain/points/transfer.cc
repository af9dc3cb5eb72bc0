#include "server/domain/points/transfer.h"

#include <string>
#include <utility>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/draft.h"
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
  const Draft::Cause cause{std::string(principal), command.transfer_id, ""};
  for (const Lot& lot : draft.Take(wallet->id, command.points, EntryKind::kTransfer,
                                   LedgerAccount::kTransferred, cause)) {
    // Where the giver's inactivity decides, the receiver's cannot: it gets a date.
    given.lots.push_back({lot.remaining, lot.earned_at, draft.ExpiryOf(lot)});
  }
  if (given.lots.size() > limits::kMaxLotsPerTransfer) return TransferOfTooManyLots();
  given.balances = draft.Accounts();
  Decision decision;
  decision.effects = draft.Finish();
  if (!state.again) {
    const MemberState* receiver = state.other_person;
    given.to = (receiver == nullptr ? state.other : receiver)->member.id;
    RETURN_IF_ERROR(receiver == nullptr ? absl::OkStatus() : CheckReceives(receiver->member));
    ASSIGN_OR_RETURN(decision.consequence, Hand(given, principal, *state.other, catalog, now));
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
  const Draft::Cause cause{std::string(principal), command.transfer_id, ""};
  for (const MovedLot& lot : command.lots) {
    RETURN_IF_ERROR(draft.Receive(command.wallet, lot, command.person, cause));
  }
  Decision decision;
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
