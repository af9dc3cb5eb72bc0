#include "tests/bench/raw_loop_sqlite.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "server/storage/sqlite/connection.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/sqlite_database.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kPurchasesPerTransaction = 256;

constexpr char kMemberSql[] =
    "UPDATE member SET version = version + 1, last_activity_at = ?1,"
    " entry_count = entry_count + ?2, advanced_until = ?3, record = ?5 WHERE member_id = ?4";
// Apart, because SQLite writes the index of a column even where it stays as it is.
constexpr char kDueSql[] = "UPDATE member SET next_due_at = ?1 WHERE member_id = ?2";
constexpr char kAccountSql[] =
    "INSERT INTO account (member_id, wallet, pending, available, held, owed)"
    " VALUES (?1, ?2, ?3, ?4, 0, 0) ON CONFLICT DO UPDATE SET"
    " pending = pending + excluded.pending, available = available + excluded.available";

// What differs from purchase to purchase.
struct Keys {
  int64_t position = 0;
  absl::string_view member_id;
  absl::string_view purchase_id;
  // Added to the numbers of ledger entries.
  int64_t entry_offset = 0;
};

// Copies rows of one table, with their keys replaced.
class Inserter {
 public:
  static absl::StatusOr<Inserter> Make(SqliteDatabase& store, const std::string& table) {
    ASSIGN_OR_RETURN(std::vector<std::string> columns, store.Columns(table));
    ASSIGN_OR_RETURN(SqliteStatement insert, store.PrepareInsert(table, columns));
    return Inserter(std::move(insert), columns);
  }

  absl::Status Insert(const Row& row, const Keys& keys) {
    for (size_t i = 0; i < row.size(); ++i) Bind(i, row[i], keys);
    return insert_.Run();
  }

 private:
  Inserter(SqliteStatement insert, const std::vector<std::string>& columns)
      : insert_(std::move(insert)) {
    for (const std::string& column : columns) roles_.push_back(RoleOf(column));
  }

  void Bind(size_t column, const Value& value, const Keys& keys) {
    const int parameter = static_cast<int>(column) + 1;
    switch (roles_[column]) {
      case Role::kPosition:
        insert_.Bind(parameter, keys.position);
        break;
      case Role::kMember:
        insert_.BindBlob(parameter, keys.member_id);
        break;
      case Role::kPurchase:
        insert_.BindText(parameter, keys.purchase_id);
        break;
      case Role::kEntryNumber:
        insert_.Bind(parameter, IntegerOf(value) + keys.entry_offset);
        break;
      case Role::kPartition:  // SQLite's log has none.
      case Role::kValue:
        insert_.Bind(parameter, value);
        break;
    }
  }

  SqliteStatement insert_;
  std::vector<Role> roles_;
};

class RawLoop {
 public:
  static absl::StatusOr<RawLoop> Make(SqliteDatabase& store, const Requests& requests);

  absl::Status Begin() { return begin_.Run(); }
  absl::Status Write(const PurchaseSamples& samples, uint64_t number, size_t member);
  absl::Status Commit() { return commit_.Run(); }

 private:
  explicit RawLoop(SqliteStatement begin, SqliteStatement commit, SqliteStatement member,
                   SqliteStatement due, SqliteStatement account, Inserter log, Inserter purchase,
                   Inserter entry, Inserter lot)
      : begin_(std::move(begin)),
        commit_(std::move(commit)),
        member_(std::move(member)),
        due_(std::move(due)),
        account_(std::move(account)),
        log_(std::move(log)),
        purchase_(std::move(purchase)),
        entry_(std::move(entry)),
        lot_(std::move(lot)) {}
  absl::Status UpdateMember(const PurchaseRows& rows, MemberCursor& member);

  SqliteStatement begin_, commit_, member_, due_, account_;
  Inserter log_, purchase_, entry_, lot_;
  std::vector<MemberCursor> members_;
  int64_t position_ = 0;  // The last in the log.
};

absl::StatusOr<RawLoop> RawLoop::Make(SqliteDatabase& store, const Requests& requests) {
  ASSIGN_OR_RETURN(SqliteStatement begin, store.Prepare("BEGIN IMMEDIATE"));
  ASSIGN_OR_RETURN(SqliteStatement commit, store.Prepare("COMMIT"));
  ASSIGN_OR_RETURN(SqliteStatement member, store.Prepare(kMemberSql));
  ASSIGN_OR_RETURN(SqliteStatement due, store.Prepare(kDueSql));
  ASSIGN_OR_RETURN(SqliteStatement account, store.Prepare(kAccountSql));
  ASSIGN_OR_RETURN(Inserter log, Inserter::Make(store, "command_log"));
  ASSIGN_OR_RETURN(Inserter purchase, Inserter::Make(store, "purchase"));
  ASSIGN_OR_RETURN(Inserter entry, Inserter::Make(store, "ledger_entry"));
  ASSIGN_OR_RETURN(Inserter lot, Inserter::Make(store, "lot"));
  RawLoop loop(std::move(begin), std::move(commit), std::move(member), std::move(due),
               std::move(account), std::move(log), std::move(purchase), std::move(entry),
               std::move(lot));
  ASSIGN_OR_RETURN(loop.members_, ReadCursors(store, requests));
  ASSIGN_OR_RETURN(loop.position_, store.Integer("SELECT max(position) FROM command_log"));
  return loop;
}

absl::Status RawLoop::Write(const PurchaseSamples& samples, uint64_t number, size_t member) {
  MemberCursor& cursor = members_[member];
  const PurchaseRows& rows = samples.Of(number, cursor.entry_count == 0);
  const std::string purchase_id = Requests::PurchaseId(number);
  const Keys keys = {.position = ++position_,
                     .member_id = cursor.id.bytes,
                     .purchase_id = purchase_id,
                     .entry_offset = cursor.entry_count + 1 - rows.first_entry_number};
  cursor.entry_count += static_cast<int64_t>(rows.entries.size());
  RETURN_IF_ERROR(log_.Insert(rows.command_log, keys));
  RETURN_IF_ERROR(purchase_.Insert(rows.purchase, keys));
  for (const Row& entry : rows.entries) RETURN_IF_ERROR(entry_.Insert(entry, keys));
  for (const Row& lot : rows.lots) RETURN_IF_ERROR(lot_.Insert(lot, keys));
  return UpdateMember(rows, cursor);
}

absl::Status RawLoop::UpdateMember(const PurchaseRows& rows, MemberCursor& member) {
  RETURN_IF_ERROR(member_.Bind(1, rows.occurred_at)
                      .Bind(2, static_cast<int64_t>(rows.entries.size()))
                      .Bind(3, rows.advanced_until)
                      .BindBlob(4, member.id.bytes)
                      .Bind(5, rows.record)
                      .Run());
  if (member.next_due_at != rows.next_due_at) {
    member.next_due_at = rows.next_due_at;
    RETURN_IF_ERROR(due_.Bind(1, rows.next_due_at).BindBlob(2, member.id.bytes).Run());
  }
  for (const WalletGrowth& growth : rows.wallets) {
    account_.BindBlob(1, member.id.bytes).Bind(2, growth.wallet);
    RETURN_IF_ERROR(account_.Bind(3, growth.pending).Bind(4, growth.available).Run());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<double> RunSqliteRawLoop(const std::string& path, const Requests& requests,
                                        const PurchaseSamples& samples, uint64_t purchases) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteDatabase> database, SqliteDatabase::Open(path));
  RETURN_IF_ERROR(database->Execute(storage::sqlite::kWriterPragmas));
  ASSIGN_OR_RETURN(RawLoop loop, RawLoop::Make(*database, requests));
  const absl::Time begin = absl::Now();
  for (uint64_t number = 0; number < purchases;) {
    RETURN_IF_ERROR(CheckInterrupt());
    RETURN_IF_ERROR(loop.Begin());
    const uint64_t end = std::min(purchases, number + kPurchasesPerTransaction);
    for (; number < end; ++number) {
      RETURN_IF_ERROR(loop.Write(samples, number, requests.MemberOf(number)));
    }
    RETURN_IF_ERROR(loop.Commit());
  }
  return static_cast<double>(purchases) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace dangol::bench
