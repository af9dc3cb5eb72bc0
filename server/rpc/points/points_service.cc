#include "server/rpc/points/points_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/points_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/points/convert_transfer.h"
#include "server/rpc/points/reservation_reads.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// A member's ledger as of now: what is stored, and what is due and not stored
// yet.
struct Ledger {
  domain::MemberId member_id;
  int64_t stored = 0;                    // The number of the last stored entry.
  std::vector<domain::LedgerEntry> due;  // Last first.
};

absl::StatusOr<domain::MemberState> FindMember(const domain::MemberRef& ref, absl::Time now,
                                               const domain::ProgramCatalog& catalog,
                                               storage::Reader& reader) {
  storage::KeySet keys;
  keys.now = now;
  keys.members.push_back({ref, {}});
  keys.known_rules = catalog.rules();
  ASSIGN_OR_RETURN(const storage::Loaded loaded, storage::LoadFollowing(reader, keys));
  const domain::MemberState* state = loaded.Find(ref);
  if (state == nullptr) return domain::MemberNotFound(ref);
  return *state;
}

// Whoever had at a moment what the member has, or had then.
absl::StatusOr<domain::MemberState> FindOwner(domain::MemberRef ref, absl::Time as_of,
                                              absl::Time now, const domain::ProgramCatalog& catalog,
                                              storage::Reader& reader) {
  for (int hop = 0; hop < limits::kMaxMergeHops; ++hop) {
    ref.resolve = domain::Resolve::kToItself;
    ASSIGN_OR_RETURN(domain::MemberState state, FindMember(ref, now, catalog, reader));
    const std::optional<domain::MemberId> owner = domain::OwnerAt(state.member, as_of);
    if (!owner.has_value()) return state;
    ref = domain::MemberRef();
    ref.id = owner;
  }
  return absl::DataLossError("members have handed everything to each other in a circle");
}

Ledger LedgerOf(const domain::MemberState& state, absl::Time now,
                const domain::ProgramCatalog& catalog) {
  Ledger ledger{state.member.id, state.member.entry_count,
                domain::Advance(state, catalog, now).entries};
  std::reverse(ledger.due.begin(), ledger.due.end());
  return ledger;
}

// Moves points in or out where the account is one of the member's.
void Move(domain::LedgerAccount ledger_account, int64_t points, domain::Account& account) {
  if (ledger_account == domain::LedgerAccount::kPending) account.pending += points;
  if (ledger_account == domain::LedgerAccount::kAvailable) account.available += points;
  if (ledger_account == domain::LedgerAccount::kHeld) account.held += points;
}

bool Selects(const storage::EntryFilter& filter, const domain::LedgerEntry& entry) {
  return (filter.wallet.empty() || filter.wallet == entry.wallet) &&
         (filter.purchase_id.empty() || filter.purchase_id == entry.purchase_id) &&
         (filter.reference.empty() || filter.reference == entry.reference) &&
         filter.effective_from <= entry.effective_at &&
         entry.effective_at < filter.effective_until &&
         (!filter.kind.has_value() || *filter.kind == entry.kind) &&
         (!filter.before_number.has_value() || entry.number < *filter.before_number);
}

bool IsOfTwo(const domain::LedgerEntry& entry) {
  return entry.kind == domain::EntryKind::kTransfer || entry.kind == domain::EntryKind::kMerge;
}

// Names the other member in what moved between two, as the log of commands does.
absl::Status NameOthers(const std::vector<domain::LedgerEntry>& entries, storage::Reader& reader,
                        v1::ListLedgerEntriesResponse& response) {
  std::vector<std::string> requests;
  for (const domain::LedgerEntry& entry : entries) {
    if (IsOfTwo(entry)) requests.push_back(entry.reference);
  }
  std::sort(requests.begin(), requests.end());
  requests.erase(std::unique(requests.begin(), requests.end()), requests.end());
  if (requests.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const storage::MembersByRequest members, reader.FindBoth(requests));
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto both = members.find(entries[i].reference);
    if (!IsOfTwo(entries[i]) || both == members.end()) continue;
    for (const domain::MemberId& member : both->second) {
      if (member == entries[i].member_id) continue;
      response.mutable_entries(static_cast<int>(i))->set_other_member_id(member.ToString());
    }
  }
  return absl::OkStatus();
}

storage::EntryFilter FilterOf(const v1::ListLedgerEntriesRequest& message, Validator& validator) {
  storage::EntryFilter filter;
  filter.wallet = message.wallet();
  filter.purchase_id = message.purchase_id();
  filter.reference = message.reference();
  validator.Text(Path("purchase_id"), message.purchase_id(), limits::kMaxRequestIdBytes);
  validator.Text(Path("reference"), message.reference(), limits::kMaxRequestIdBytes);
  if (message.has_effective_from()) {
    filter.effective_from = validator.Time(Path("effective_from"), message.effective_from());
  }
  if (message.has_effective_until()) {
    filter.effective_until = validator.Time(Path("effective_until"), message.effective_until());
  }
  if (message.kind() != v1::ENTRY_KIND_UNSPECIFIED) {
    filter.kind = static_cast<domain::EntryKind>(message.kind());
  }
  return filter;
}

absl::Status ListEntries(const v1::ListLedgerEntriesRequest& message, Backend& backend,
                         storage::Reader& reader, v1::ListLedgerEntriesResponse& response) {
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> known = backend.programs.Current();
  const domain::ProgramCatalog& catalog = *known;
  Validator validator;
  domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::EntryKind_IsValid(message.kind()), Path("kind"), "is not an EntryKind");
  validator.Text(Path("wallet"), message.wallet(), limits::kMaxNameBytes);
  storage::EntryFilter filter = FilterOf(message, validator);
  RETURN_IF_ERROR(validator.status());

  // A ledger is a person's history: also that of who was merged into another, by their id.
  if (ref.id.has_value()) ref.resolve = domain::Resolve::kToItself;
  ASSIGN_OR_RETURN(const domain::MemberState state, FindMember(ref, now, catalog, reader));
  const Ledger ledger = LedgerOf(state, now, catalog);
  filter.member_id = ledger.member_id;
  const std::string list = absl::StrCat(
      "entries/", filter.member_id.ToString(), "/", message.kind(), "/", message.wallet(), "/",
      message.purchase_id(), "/", message.reference(), "/",
      absl::ToUnixMicros(filter.effective_from), "/", absl::ToUnixMicros(filter.effective_until));
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  if (!position.empty()) {
    ASSIGN_OR_RETURN(filter.before_number, TokenNumber(position[0]));
  }

  std::vector<domain::LedgerEntry> entries;
  for (const domain::LedgerEntry& entry : ledger.due) {
    if (Selects(filter, entry)) entries.push_back(entry);
  }
  // What was stored since the member was read is not of that state.
  filter.before_number =
      std::min(filter.before_number.value_or(ledger.stored + 1), ledger.stored + 1);
  ASSIGN_OR_RETURN(const std::vector<domain::LedgerEntry> stored,
                   reader.ListEntries(filter, page_size + 1));
  entries.insert(entries.end(), stored.begin(), stored.end());
  if (static_cast<int>(entries.size()) > page_size) {
    entries.resize(static_cast<size_t>(page_size));
    response.set_next_page_token(EncodePageToken(list, {absl::StrCat(entries.back().number)}));
  }
  for (const domain::LedgerEntry& entry : entries) ToProto(entry, *response.add_entries());
  return NameOthers(entries, reader, response);
}

// Adds what time had caused by a moment and nobody has recorded yet; whether there
// was anything.
bool AddDue(const std::vector<domain::LedgerEntry>& due, absl::Time as_of,
            std::vector<domain::Account>& accounts) {
  bool is_any = false;
  for (const domain::LedgerEntry& entry : due) {
    if (entry.effective_at > as_of) continue;
    is_any = true;
    auto account = std::find_if(
        accounts.begin(), accounts.end(),
        [&](const domain::Account& candidate) { return candidate.wallet == entry.wallet; });
    if (account == accounts.end()) account = accounts.insert(account, {entry.wallet});
    Move(entry.debit, -entry.points, *account);
    Move(entry.credit, entry.points, *account);
  }
  return is_any;
}

absl::Status TellPast(const domain::MemberRef& ref, absl::Time as_of,
                      std::optional<absl::Time> known_at, const Backend& backend,
                      storage::Reader& reader, v1::GetBalanceResponse& response) {
  while (true) {
    const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
    const absl::Time now = backend.clock.Now();
    ASSIGN_OR_RETURN(const domain::MemberState state, FindOwner(ref, as_of, now, *catalog, reader));
    const Ledger ledger = LedgerOf(state, now, *catalog);
    ASSIGN_OR_RETURN(std::vector<domain::Account> accounts,
                     reader.BalancesAt(ledger.member_id, as_of, known_at));
    if (AddDue(ledger.due, as_of, accounts)) {
      // It may have been recorded between the two reads, and then counts twice.
      ASSIGN_OR_RETURN(const domain::MemberState after,
                       FindOwner(ref, as_of, now, *catalog, reader));
      if (after.member.entry_count != ledger.stored) continue;
    }
    ToProto(ledger.member_id, accounts, *catalog, as_of, response);
    return absl::OkStatus();
  }
}

absl::Status TellFuture(const domain::MemberRef& ref, absl::Time as_of, const Backend& backend,
                        storage::Reader& reader, v1::GetBalanceResponse& response) {
  storage::KeySet keys;
  keys.now = as_of;
  keys.known_rules = backend.programs.Current()->rules();
  keys.members.push_back({ref, {}});
  keys.members.back().needs.lots = true;
  ASSIGN_OR_RETURN(const storage::Loaded loaded, storage::LoadFollowing(reader, keys));
  RETURN_IF_ERROR(backend.programs.Learn(loaded.rules));
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  lane::MemberView view;
  view.member = loaded.Find(ref);
  view.person = loaded.FindPerson(ref);
  if (view.member == nullptr) return domain::MemberNotFound(ref);
  view.aliases = &loaded.aliases;
  view.catalog = catalog.get();
  view.now = as_of;
  return ToProto(view, response);
}

// The balance at a moment that the caller names.
absl::Status TellBalance(const v1::GetBalanceRequest& message, const Backend& backend,
                         storage::Reader& reader, v1::GetBalanceResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const absl::Time now = backend.clock.Now();
  validator.Check(message.has_as_of(), Path("as_of"), "is required with known_at");
  const absl::Time as_of = validator.Time(Path("as_of"), message.as_of());
  validator.Check(as_of >= absl::UnixEpoch() && as_of <= now + limits::kMaxAsOfAhead, Path("as_of"),
                  "must lie between 1970 and 100 years from now");
  std::optional<absl::Time> known_at;
  if (message.has_known_at()) {
    known_at = validator.Time(Path("known_at"), message.known_at());
    validator.Check(as_of <= *known_at && *known_at <= now, Path("known_at"),
                    "must lie between as_of and now");
  }
  RETURN_IF_ERROR(validator.status());
  if (as_of < now) return TellPast(ref, as_of, known_at, backend, reader, response);
  return TellFuture(ref, as_of, backend, reader, response);
}

// As of now it is a read of one member like others, of another time one of its own.
grpc::ServerUnaryReactor* GetBalance(Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                     grpc::ByteBuffer& out) {
  using Request = v1::GetBalanceRequest;
  using Response = v1::GetBalanceResponse;
  Request message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  if (!message.has_as_of() && !message.has_known_at()) {
    return ReadMember<Request, Response>(backend, call, message, out, ToReads, ToProto);
  }
  return Query<Request, Response>(
      backend, call, std::move(message), out,
      [&backend](const Request& asked, storage::Reader& reader, Response& response) {
        return TellBalance(asked, backend, reader, response);
      });
}

}  // namespace

ServiceTable PointsService() {
  using enum When;
  return {
      "dangol.v1.PointsService",
      {Method{NameOf<v1::GetBalanceRequest>(), Unary(GetBalance)}.For(
           {.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListLedgerEntriesRequest, v1::ListLedgerEntriesResponse>(ListEntries)
           .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::GetReservationRequest, v1::GetReservationResponse>(GetReservation)
           .For({.pos = kAlways, .app = kForMembers, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListReservationsRequest, v1::ListReservationsResponse>(ListReservations)
           .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       Mutation<v1::ReservePointsRequest, domain::ReservationOutcome, v1::ReservePointsResponse>(
           ToRequest, ToProto)
           .For({.pos = kAlways, .app = kOwnMember}),
       Mutation<v1::CapturePointsRequest, domain::ReservationOutcome, v1::CapturePointsResponse>(
           ToRequest, ToProto)
           .For({.pos = kAlways, .app = kForMembers}),
       Mutation<v1::VoidReservationRequest, domain::ReservationOutcome,
                v1::VoidReservationResponse>(ToRequest, ToProto)
           .For({.pos = kAlways, .app = kForMembers, .care = kAlways}),
       Mutation<v1::RedeemPointsRequest, domain::ReservationOutcome, v1::RedeemPointsResponse>(
           ToRequest, ToProto)
           .For({.pos = kAlways, .app = kOwnMember}),
       Mutation<v1::AdjustPointsRequest, domain::BalanceOutcome, v1::AdjustPointsResponse>(
           ToRequest, ToProto)
           .For({.care = kAdjustLimit}),
       Mutation<v1::TransferPointsRequest, domain::TransferOutcome, v1::TransferPointsResponse>(
           ToRequest, ToProto)
           .For({.app = kOwnMember})}};
}

}  // namespace dangol::rpc
