#include "tests/bench/raw_loop_sqlite.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "server/storage/sqlite/connection.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kPurchasesPerTransaction = 256;

constexpr char kMemberSql[] =
    "UPDATE member SET version = version + 1, purchase_count = purchase_count + 1,"
    " first_purchase_at = coalesce(first_purchase_at, ?1), last_purchase_at = ?1,"
    " entry_count = entry_count + ?2, advanced_until = ?3 WHERE member_id = ?4";
// Apart, because SQLite writes the index of a column even where it stays as it is.
constexpr char kDueSql[] = "UPDATE member SET next_due_at = ?1 WHERE member_id = ?2";
constexpr char kAccountSql[] =
    "INSERT INTO account (member_id, wallet, pending, available, held, qualifying)"
    " VALUES (?1, ?2, ?3, ?4, 0, ?3 + ?4) ON CONFLICT DO UPDATE SET"
    " pending = pending + excluded.pending, available = available + excluded.available,"
    " qualifying = qualifying + excluded.qualifying";
constexpr char kCapUsageSql[] =
    "INSERT INTO cap_usage (member_id, period, rule_id, points) VALUES (?1, ?2, ?3, 10)"
    " ON CONFLICT DO UPDATE SET points = points + excluded.points";

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
    const std::vector<std::string> marks(columns.size(), "?");
    ASSIGN_OR_RETURN(
        SqliteStatement insert,
        store.Prepare(absl::StrCat("INSERT INTO ", table, " (", absl::StrJoin(columns, ", "),
                                   ") VALUES (", absl::StrJoin(marks, ", "), ")")));
    return Inserter(std::move(insert), columns);
  }

  absl::Status Insert(const SqliteRow& row, const Keys& keys) {
    for (size_t i = 0; i < row.size(); ++i) {
      const int parameter = static_cast<int>(i) + 1;
      switch (roles_[i]) {
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
          insert_.Bind(parameter, IntegerOf(row[i]) + keys.entry_offset);
          break;
        case Role::kValue:
          insert_.Bind(parameter, row[i].get());
          break;
      }
    }
    return insert_.Run();
  }

 private:
  enum class Role { kValue, kPosition, kMember, kPurchase, kEntryNumber };

  Inserter(SqliteStatement insert, const std::vector<std::string>& columns)
      : insert_(std::move(insert)) {
    for (const std::string& column : columns) roles_.push_back(RoleOf(column));
  }

  static Role RoleOf(absl::string_view column) {
    if (column == "position") return Role::kPosition;
    if (column == "member_id") return Role::kMember;
    if (column == "purchase_id" || column == "request_id") return Role::kPurchase;
    if (column == "number" || column == "lot") return Role::kEntryNumber;
    return Role::kValue;
  }

  SqliteStatement insert_;
  std::vector<Role> roles_;
};

// Where a member's next rows go.
struct MemberCursor {
  std::string member_id;
  int64_t entry_count = 0;
  int64_t next_due_at = 0;
};

class RawLoop {
 public:
  static absl::StatusOr<RawLoop> Make(SqliteDatabase& store, const Requests& requests);

  absl::Status Begin() { return begin_.Run(); }
  absl::Status Write(const PurchaseSamples& samples, uint64_t number, size_t member,
                     absl::string_view purchase_id);
  absl::Status Commit() { return commit_.Run(); }

 private:
  explicit RawLoop(SqliteStatement begin, SqliteStatement commit, SqliteStatement member,
                   SqliteStatement due, SqliteStatement account, SqliteStatement cap_usage,
                   Inserter log, Inserter purchase, Inserter entry, Inserter lot)
      : begin_(std::move(begin)),
        commit_(std::move(commit)),
        member_(std::move(member)),
        due_(std::move(due)),
        account_(std::move(account)),
        cap_usage_(std::move(cap_usage)),
        log_(std::move(log)),
        purchase_(std::move(purchase)),
        entry_(std::move(entry)),
        lot_(std::move(lot)) {}
  absl::Status ReadCursors(SqliteDatabase& store, const Requests& requests);
  absl::Status UpdateMember(const PurchaseRows& rows, MemberCursor& member);

  SqliteStatement begin_, commit_, member_, due_, account_, cap_usage_;
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
  ASSIGN_OR_RETURN(SqliteStatement cap_usage, store.Prepare(kCapUsageSql));
  ASSIGN_OR_RETURN(Inserter log, Inserter::Make(store, "command_log"));
  ASSIGN_OR_RETURN(Inserter purchase, Inserter::Make(store, "purchase"));
  ASSIGN_OR_RETURN(Inserter entry, Inserter::Make(store, "ledger_entry"));
  ASSIGN_OR_RETURN(Inserter lot, Inserter::Make(store, "lot"));
  RawLoop loop(std::move(begin), std::move(commit), std::move(member), std::move(due),
               std::move(account), std::move(cap_usage), std::move(log), std::move(purchase),
               std::move(entry), std::move(lot));
  RETURN_IF_ERROR(loop.ReadCursors(store, requests));
  return loop;
}

absl::Status RawLoop::ReadCursors(SqliteDatabase& store, const Requests& requests) {
  ASSIGN_OR_RETURN(SqliteStatement members,
                   store.Prepare("SELECT member_id, entry_count, next_due_at FROM member"));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> rows, members.Rows());
  absl::flat_hash_map<std::string, MemberCursor> cursors;
  for (const SqliteRow& row : rows) {
    const std::string id(BytesOf(row[0]));
    cursors[id] = {
        .member_id = id, .entry_count = IntegerOf(row[1]), .next_due_at = IntegerOf(row[2])};
  }
  for (const std::string& member : requests.members()) {
    const std::string id = absl::HexStringToBytes(absl::StrReplaceAll(member, {{"-", ""}}));
    const auto found = cursors.find(id);
    if (found == cursors.end()) return absl::NotFoundError("a member is missing from the store");
    members_.push_back(found->second);
  }
  ASSIGN_OR_RETURN(SqliteStatement last, store.Prepare("SELECT max(position) FROM command_log"));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> position, last.Rows());
  position_ = IntegerOf(position.at(0)[0]);
  return absl::OkStatus();
}

absl::Status RawLoop::Write(const PurchaseSamples& samples, uint64_t number, size_t member,
                            absl::string_view purchase_id) {
  MemberCursor& cursor = members_[member];
  const PurchaseRows& rows =
      (cursor.entry_count == 0 ? samples.first : samples.later)[number % Requests::kKinds];
  const Keys keys = {.position = ++position_,
                     .member_id = cursor.member_id,
                     .purchase_id = purchase_id,
                     .entry_offset = cursor.entry_count + 1 - rows.first_entry_number};
  cursor.entry_count += static_cast<int64_t>(rows.entries.size());
  RETURN_IF_ERROR(log_.Insert(rows.command_log, keys));
  RETURN_IF_ERROR(purchase_.Insert(rows.purchase, keys));
  for (const SqliteRow& entry : rows.entries) RETURN_IF_ERROR(entry_.Insert(entry, keys));
  for (const SqliteRow& lot : rows.lots) RETURN_IF_ERROR(lot_.Insert(lot, keys));
  return UpdateMember(rows, cursor);
}

absl::Status RawLoop::UpdateMember(const PurchaseRows& rows, MemberCursor& member) {
  RETURN_IF_ERROR(member_.Bind(1, rows.occurred_at)
                      .Bind(2, static_cast<int64_t>(rows.entries.size()))
                      .Bind(3, rows.advanced_until)
                      .BindBlob(4, member.member_id)
                      .Run());
  if (member.next_due_at != rows.next_due_at) {
    member.next_due_at = rows.next_due_at;
    RETURN_IF_ERROR(due_.Bind(1, rows.next_due_at).BindBlob(2, member.member_id).Run());
  }
  for (const SqliteRow& wallet : rows.wallets) {
    account_.BindBlob(1, member.member_id).Bind(2, wallet[0].get());
    RETURN_IF_ERROR(account_.Bind(3, wallet[1].get()).Bind(4, wallet[2].get()).Run());
  }
  for (const SqliteRow& usage : rows.cap_usage) {
    cap_usage_.BindBlob(1, member.member_id).Bind(2, usage[0].get());
    RETURN_IF_ERROR(cap_usage_.Bind(3, usage[1].get()).Run());
  }
  return absl::OkStatus();
}

// One purchase of each kind from those numbered `begin` to `end`.
absl::StatusOr<std::vector<PurchaseRows>> FindSamples(SqliteDatabase& store, bool first,
                                                      uint64_t begin, uint64_t end) {
  std::vector<std::optional<PurchaseRows>> found(Requests::kKinds);
  size_t missing = found.size();
  for (uint64_t number = begin; number < end && missing > 0; ++number) {
    std::optional<PurchaseRows>& place = found[number % found.size()];
    if (place.has_value()) continue;
    ASSIGN_OR_RETURN(PurchaseRows rows, ReadPurchaseRows(store, Requests::PurchaseId(number)));
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

absl::StatusOr<PurchaseSamples> ReadSamples(const std::string& store, uint64_t purchases) {
  ASSIGN_OR_RETURN(SqliteDatabase database, SqliteDatabase::OpenReadOnly(store));
  PurchaseSamples samples;
  ASSIGN_OR_RETURN(samples.first, FindSamples(database, true, 0, purchases));
  ASSIGN_OR_RETURN(samples.later, FindSamples(database, false, purchases / 2, purchases));
  return samples;
}

absl::StatusOr<double> RunRawLoop(const std::string& store, const Requests& requests,
                                  const PurchaseSamples& samples, uint64_t purchases) {
  ASSIGN_OR_RETURN(SqliteDatabase database, SqliteDatabase::OpenForWriting(store));
  RETURN_IF_ERROR(database.Execute(storage::sqlite::kWriterPragmas));
  ASSIGN_OR_RETURN(RawLoop loop, RawLoop::Make(database, requests));
  const absl::Time begin = absl::Now();
  for (uint64_t number = 0; number < purchases;) {
    RETURN_IF_ERROR(CheckInterrupt());
    RETURN_IF_ERROR(loop.Begin());
    const uint64_t end = std::min(purchases, number + kPurchasesPerTransaction);
    for (; number < end; ++number) {
      RETURN_IF_ERROR(
          loop.Write(samples, number, requests.MemberOf(number), Requests::PurchaseId(number)));
    }
    RETURN_IF_ERROR(loop.Commit());
  }
  return static_cast<double>(purchases) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace dangol::bench
