#include "server/rpc/points/convert_points.h"

#include <map>
#include <string>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/decide.h"
#include "server/domain/points/expiry.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using domain::LedgerAccount;

constexpr LedgerAccount kProgramAccounts[] = {
    LedgerAccount::kIssued,     LedgerAccount::kRedeemed, LedgerAccount::kExpired,
    LedgerAccount::kReversed,   LedgerAccount::kAdjusted, LedgerAccount::kWrittenOff,
    LedgerAccount::kTransferred};

v1::WalletBalance& AddWallet(const domain::Account& account, v1::GetBalanceResponse& response) {
  v1::WalletBalance& wallet = *response.add_wallets();
  wallet.set_wallet(account.wallet);
  wallet.set_pending(account.pending);
  wallet.set_available(account.available);
  wallet.set_held(account.held);
  return wallet;
}

void AddSchedules(const domain::MemberState& state, const domain::Account& account,
                  const domain::ProgramCatalog& catalog, absl::Time now,
                  v1::WalletBalance& wallet) {
  Schedule maturing;
  Schedule expiring;
  for (const domain::Lot& lot : state.lots) {
    if (lot.wallet != account.wallet || lot.remaining == 0) continue;
    // What waits for a confirmation, or never expires, has no moment to tell.
    if (lot.available_from > now && lot.available_from != absl::InfiniteFuture())
      maturing[lot.available_from] += lot.remaining;
    const absl::Time expiry = domain::ExpiryOf(lot, state.member.last_activity_at, catalog);
    if (expiry != absl::InfiniteFuture()) expiring[expiry] += lot.remaining;
  }
  ToProto(maturing, *wallet.mutable_maturing());
  ToProto(expiring, *wallet.mutable_expiring());
}

// An empty account of each wallet that the program of that time declares, by name.
std::map<std::string, domain::Account> DeclaredWallets(const domain::ProgramCatalog& catalog,
                                                       absl::Time time) {
  std::map<std::string, domain::Account> accounts;
  if (const domain::ProgramVersion* version = catalog.At(time); version != nullptr) {
    for (const domain::Wallet& wallet : version->program->wallets)
      accounts[wallet.id].wallet = wallet.id;
  }
  return accounts;
}

int64_t SumOf(const storage::StoredTotals::Wallet& wallet, LedgerAccount account) {
  const auto sum = wallet.ledger.find(account);
  return sum == wallet.ledger.end() ? 0 : sum->second;
}

}  // namespace

void ToProto(const Schedule& schedule, google::protobuf::RepeatedPtrField<v1::PointsDue>& out) {
  for (const auto& [at, points] : schedule) {
    if (out.size() == static_cast<int>(limits::kMaxPointsDue)) return;
    v1::PointsDue& due = *out.Add();
    *due.mutable_at() = ToTimestamp(at);
    due.set_points(points);
  }
}

absl::StatusOr<domain::Reads> ToReads(const v1::GetBalanceRequest& message) {
  Validator validator;
  domain::Reads reads;
  reads.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  reads.needs.lots = true;
  RETURN_IF_ERROR(validator.status());
  return reads;
}

absl::Status ToProto(const lane::MemberView& view, v1::GetBalanceResponse& response) {
  const domain::Effects effects = domain::Advance(*view.member, *view.catalog, view.now);
  const domain::MemberState* state = view.member;
  domain::MemberState advanced;
  if (effects.member.has_value()) {
    advanced = *view.member;
    domain::Apply(effects, advanced);
    state = &advanced;
  }
  *response.mutable_as_of() = ToTimestamp(view.now);

  std::map<std::string, domain::Account> accounts = DeclaredWallets(*view.catalog, view.now);
  for (const domain::Account& account : state->accounts) accounts[account.wallet] = account;
  const domain::Member& person = (view.person == nullptr ? state : view.person)->member;
  const std::vector<domain::History>& histories = person.histories;
  response.set_member_id(person.id.ToString());
  for (const auto& [name, account] : accounts) {
    v1::WalletBalance& wallet = AddWallet(account, response);
    wallet.set_qualifying_points(domain::TotalOf(histories, domain::Measure::kQualifying, name));
    AddSchedules(*state, account, *view.catalog, view.now, wallet);
  }
  return absl::OkStatus();
}

void ToProto(const domain::MemberId& member, const std::vector<domain::Account>& accounts,
             const domain::ProgramCatalog& catalog, absl::Time as_of,
             v1::GetBalanceResponse& response) {
  response.set_member_id(member.ToString());
  *response.mutable_as_of() = ToTimestamp(as_of);
  std::map<std::string, domain::Account> wallets = DeclaredWallets(catalog, as_of);
  for (const domain::Account& account : accounts) {
    const bool has_points = account.pending != 0 || account.available != 0 || account.held != 0;
    if (has_points) wallets[account.wallet] = account;
  }
  for (const auto& [name, account] : wallets) AddWallet(account, response);
}

void ToProto(const domain::LedgerEntry& entry, v1::LedgerEntry& out) {
  out.set_member_id(entry.member_id.ToString());
  out.set_number(entry.number);
  out.set_wallet(entry.wallet);
  out.set_kind(static_cast<v1::EntryKind>(entry.kind));
  out.set_points(entry.points);
  out.set_debit(static_cast<v1::LedgerAccount>(entry.debit));
  out.set_credit(static_cast<v1::LedgerAccount>(entry.credit));
  out.set_rule_id(entry.rule_id);
  out.set_purchase_id(entry.purchase_id);
  out.set_lot(entry.lot);
  out.set_program_version(entry.program_version);
  out.set_principal(entry.principal);
  *out.mutable_effective_at() = ToTimestamp(entry.effective_at);
  *out.mutable_recorded_at() = ToTimestamp(entry.recorded_at);
  out.set_pending_after(entry.pending_after);
  out.set_available_after(entry.available_after);
  out.set_held_after(entry.held_after);
  out.set_reference(entry.reference);
  out.set_reason(entry.reason);
}

void ToProto(const std::vector<domain::Account>& accounts,
             google::protobuf::RepeatedPtrField<v1::WalletPoints>& out) {
  for (const domain::Account& account : accounts) {
    v1::WalletPoints& points = *out.Add();
    points.set_wallet(account.wallet);
    points.set_pending(account.pending);
    points.set_available(account.available);
    points.set_held(account.held);
  }
}

void AddToTotals(const domain::MemberState& before, const domain::Effects& effects,
                 storage::StoredTotals& totals) {
  for (const domain::Account& after : effects.accounts) {
    const domain::Account account = domain::AccountOf(before, after.wallet);
    storage::StoredTotals::Wallet& wallet = totals.wallets[after.wallet];
    wallet.pending += after.pending - account.pending;
    wallet.available += after.available - account.available;
    wallet.held += after.held - account.held;
  }
  for (const domain::LedgerEntry& entry : effects.entries) {
    storage::StoredTotals::Wallet& wallet = totals.wallets[entry.wallet];
    wallet.ledger[entry.debit] -= entry.points;
    wallet.ledger[entry.credit] += entry.points;
  }
}

void ToProto(const storage::StoredTotals& totals, v1::GetTotalsResponse& response) {
  response.set_members(totals.members);
  response.set_purchases(totals.purchases);
  response.set_purchase_lines(totals.purchase_lines);
  response.set_returns(totals.returns);
  for (const auto& [code, currency] : totals.currencies) {
    v1::CurrencyTotals& out = *response.add_currencies();
    out.set_currency(code);
    out.set_gross_minor(currency.gross_minor);
    out.set_returned_minor(currency.returned_minor);
  }
  int64_t trial_balance = 0;
  for (const auto& [name, wallet] : totals.wallets) {
    v1::WalletTotals& out = *response.add_wallets();
    out.set_wallet(name);
    out.set_pending(wallet.pending);
    out.set_available(wallet.available);
    out.set_held(wallet.held);
    // The program's accounts: what it has given stands on the negative side.
    out.set_issued(-SumOf(wallet, LedgerAccount::kIssued));
    out.set_redeemed(SumOf(wallet, LedgerAccount::kRedeemed));
    out.set_expired(SumOf(wallet, LedgerAccount::kExpired));
    out.set_reversed(SumOf(wallet, LedgerAccount::kReversed));
    out.set_adjusted(-SumOf(wallet, LedgerAccount::kAdjusted));
    out.set_written_off(-SumOf(wallet, LedgerAccount::kWrittenOff));
    out.set_transferred(SumOf(wallet, LedgerAccount::kTransferred));
    trial_balance += wallet.pending + wallet.available + wallet.held;
    for (const LedgerAccount account : kProgramAccounts) trial_balance += SumOf(wallet, account);
  }
  response.set_trial_balance(trial_balance);
}

}  // namespace dangol::rpc
