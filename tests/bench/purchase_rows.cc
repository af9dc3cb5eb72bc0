#include "tests/bench/purchase_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"
#include "server/domain/member/member_id.h"
#include "server/domain/points/ledger.h"
#include "server/storage/storage.h"

namespace dangol::bench {
namespace {

using domain::LedgerAccount;

// Reads purchases one by one.
class PurchaseReader {
 public:
  static absl::StatusOr<PurchaseReader> Make(Database& store) {
    PurchaseReader reader(store);
    for (const char* table : {"command_log", "purchase", "ledger_entry", "lot"}) {
      ASSIGN_OR_RETURN(reader.columns_[table], store.Columns(table));
    }
    return reader;
  }

  absl::StatusOr<PurchaseRows> Read(const std::string& purchase_id);

 private:
  explicit PurchaseReader(Database& store) : store_(store) {}

  absl::StatusOr<std::vector<Row>> SelectAll(const std::string& table, const std::string& where) {
    return store_.Select(absl::StrCat("SELECT ", absl::StrJoin(columns_[table], ", "), " FROM ",
                                      table, " WHERE ", where));
  }
  // The value of a column in a row of that table.
  const Value& At(const Row& row, const std::string& table, absl::string_view column) {
    const std::vector<std::string>& names = columns_[table];
    return row[static_cast<size_t>(std::find(names.begin(), names.end(), column) - names.begin())];
  }
  std::vector<WalletGrowth> GrowthOf(const std::vector<Row>& entries);

  Database& store_;
  std::map<std::string, std::vector<std::string>> columns_;
};

absl::StatusOr<PurchaseRows> PurchaseReader::Read(const std::string& purchase_id) {
  const std::string purchase = Literal(Text{purchase_id});
  PurchaseRows rows;
  ASSIGN_OR_RETURN(
      std::vector<Row> commands,
      SelectAll("command_log", absl::StrCat("request_id = ", purchase, " AND scope = 1")));
  if (commands.size() != 1) {
    return absl::NotFoundError(absl::StrCat("the store has no purchase ", purchase_id));
  }
  rows.command_log = std::move(commands[0]);
  const std::string of_member =
      absl::StrCat("member_id = ", Literal(At(rows.command_log, "command_log", "member_id")));
  const std::string of_both = absl::StrCat(of_member, " AND purchase_id = ", purchase);
  ASSIGN_OR_RETURN(std::vector<Row> purchases, SelectAll("purchase", of_both));
  ASSIGN_OR_RETURN(rows.entries, SelectAll("ledger_entry", of_both + " ORDER BY number"));
  ASSIGN_OR_RETURN(rows.lots, SelectAll("lot", of_both + " ORDER BY lot"));
  ASSIGN_OR_RETURN(
      const std::vector<Row> members,
      store_.Select(absl::StrCat(
          "SELECT advanced_until, next_due_at, last_activity_at, record FROM member WHERE ",
          of_member)));
  if (purchases.size() != 1 || members.size() != 1 || rows.entries.empty()) {
    return absl::NotFoundError(absl::StrCat("purchase ", purchase_id, " is not whole"));
  }
  rows.purchase = std::move(purchases[0]);
  rows.wallets = GrowthOf(rows.entries);
  rows.first_entry_number = IntegerOf(At(rows.entries[0], "ledger_entry", "number"));
  rows.advanced_until = IntegerOf(members[0][0]);
  rows.next_due_at = IntegerOf(members[0][1]);
  rows.occurred_at = IntegerOf(members[0][2]);
  rows.record = members[0][3];
  return rows;
}

std::vector<WalletGrowth> PurchaseReader::GrowthOf(const std::vector<Row>& entries) {
  std::vector<WalletGrowth> wallets;
  for (const Row& entry : entries) {
    const Value& wallet = At(entry, "ledger_entry", "wallet");
    auto place = std::find_if(wallets.begin(), wallets.end(),
                              [&](const WalletGrowth& growth) { return growth.wallet == wallet; });
    if (place == wallets.end()) place = wallets.insert(place, {.wallet = wallet});
    const int64_t points = IntegerOf(At(entry, "ledger_entry", "points"));
    const auto credit = static_cast<LedgerAccount>(IntegerOf(At(entry, "ledger_entry", "credit")));
    if (credit == LedgerAccount::kPending) place->pending += points;
    if (credit == LedgerAccount::kAvailable) place->available += points;
  }
  return wallets;
}

// One purchase of each kind from those numbered `begin` to `end`.
absl::StatusOr<std::vector<PurchaseRows>> FindSamples(PurchaseReader& reader, bool first,
                                                      uint64_t begin, uint64_t end) {
  std::vector<std::optional<PurchaseRows>> found(kStores);
  size_t missing = found.size();
  for (uint64_t number = begin; number < end && missing > 0; ++number) {
    std::optional<PurchaseRows>& place = found[number % found.size()];
    if (place.has_value()) continue;
    ASSIGN_OR_RETURN(PurchaseRows rows, reader.Read(Requests::PurchaseId(number)));
    if ((rows.first_entry_number == 1) != first) continue;
    place = std::move(rows);
    --missing;
  }
  if (missing > 0) return absl::FailedPreconditionError("the run was too short for the raw loop");
  std::vector<PurchaseRows> samples;
  for (std::optional<PurchaseRows>& rows : found) samples.push_back(*std::move(rows));
  return samples;
}

}  // namespace

Role RoleOf(absl::string_view column) {
  if (column == "partition_id") return Role::kPartition;
  if (column == "position") return Role::kPosition;
  // Purchases of the bench are by members who share no purse.
  for (const char* of_member : {"member_id", "person_id", "purse_id", "lot_purse_id"}) {
    if (column == of_member) return Role::kMember;
  }
  if (column == "purchase_id" || column == "request_id") return Role::kPurchase;
  if (column == "number" || column == "lot") return Role::kEntryNumber;
  return Role::kValue;
}

absl::StatusOr<PurchaseSamples> ReadSamples(Database& store, uint64_t purchases) {
  ASSIGN_OR_RETURN(PurchaseReader reader, PurchaseReader::Make(store));
  PurchaseSamples samples;
  ASSIGN_OR_RETURN(samples.first, FindSamples(reader, true, 0, purchases));
  ASSIGN_OR_RETURN(samples.later, FindSamples(reader, false, purchases / 2, purchases));
  return samples;
}

absl::StatusOr<std::vector<MemberCursor>> ReadCursors(Database& store, const Requests& requests) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   store.Select("SELECT member_id, entry_count, next_due_at FROM member"));
  absl::flat_hash_map<domain::MemberId, MemberCursor> cursors;
  for (const Row& row : rows) {
    const auto id = domain::MemberId::FromBytes(BytesOf(row[0]));
    if (!id.has_value()) return absl::DataLossError("a member has an id that is none");
    cursors[*id] = {.id = Blob{std::string(BytesOf(row[0]))},
                    .partition = storage::PartitionOf(*id),
                    .entry_count = IntegerOf(row[1]),
                    .next_due_at = IntegerOf(row[2])};
  }
  std::vector<MemberCursor> ordered;
  for (const std::string& member : requests.members()) {
    const auto found = cursors.find(domain::MemberId::Parse(member).value_or(domain::MemberId()));
    if (found == cursors.end()) return absl::NotFoundError("a member is missing from the store");
    ordered.push_back(found->second);
  }
  return ordered;
}

}  // namespace dangol::bench
