#include "tests/bench/raw_loop_mysql.h"

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "server/common/status_macros.h"
#include "server/storage/open_store.h"
#include "server/storage/storage.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/mysql_database.h"
#include "tests/bench/purchase_sql.h"

namespace dangol::bench {
namespace {

constexpr size_t kPurchasesPerTransaction = 256;
// One connection and several take turns, so that both see the same noise.
constexpr uint64_t kTurns = 4;

class RawLoop {
 public:
  static absl::StatusOr<RawLoop> Make(MysqlDatabase& store, const Requests& requests,
                                      const PurchaseSamples& samples);

  // Writes the purchases of these numbers. Several threads may, each with a
  // connection of its own, and with the members of partitions of its own.
  absl::Status Write(MysqlDatabase& store, const std::vector<uint64_t>& numbers);

  int PartitionOf(uint64_t number) const { return members_[requests_.MemberOf(number)].partition; }

 private:
  explicit RawLoop(const Requests& requests) : requests_(requests) {}
  void AddPurchase(uint64_t number, SqlByTable& rows);
  absl::Status WriteTransaction(MysqlDatabase& store, absl::Span<const uint64_t> numbers);

  const Requests& requests_;
  SqlByTable heads_;
  std::vector<PurchaseSql> first_;
  std::vector<PurchaseSql> later_;
  std::vector<MemberCursor> members_;
  std::vector<std::string> member_ids_;  // As SQL.
  std::array<int64_t, storage::kPartitions> last_position_ = {};
};

absl::StatusOr<RawLoop> RawLoop::Make(MysqlDatabase& store, const Requests& requests,
                                      const PurchaseSamples& samples) {
  RawLoop loop(requests);
  ASSIGN_OR_RETURN(const SqlColumns columns, ReadSqlColumns(store));
  loop.heads_ = HeadsOf(columns);
  for (const PurchaseRows& rows : samples.first) loop.first_.emplace_back(rows, columns);
  for (const PurchaseRows& rows : samples.later) loop.later_.emplace_back(rows, columns);
  ASSIGN_OR_RETURN(loop.members_, ReadCursors(store, requests));
  for (const MemberCursor& member : loop.members_) {
    loop.member_ids_.push_back(Literal(member.id));
  }
  ASSIGN_OR_RETURN(const std::vector<Row> ends,
                   store.Select("SELECT partition_id, last_position FROM log_partition"));
  for (const Row& end : ends) {
    loop.last_position_[static_cast<size_t>(IntegerOf(end[0]))] = IntegerOf(end[1]);
  }
  return loop;
}

void RawLoop::AddPurchase(uint64_t number, SqlByTable& rows) {
  const size_t index = requests_.MemberOf(number);
  MemberCursor& member = members_[index];
  const std::vector<PurchaseSql>& templates = member.entry_count == 0 ? first_ : later_;
  const PurchaseSql& purchase = templates[number % templates.size()];
  const std::string purchase_id = Requests::PurchaseId(number);
  const SqlKeys keys = {.partition = member.partition,
                        .position = ++last_position_[static_cast<size_t>(member.partition)],
                        .member_id = member_ids_[index],
                        .purchase_id = purchase_id,
                        .entry_offset = member.entry_count + 1 - purchase.first_entry_number()};
  member.entry_count += purchase.entries();
  purchase.Append(keys, heads_, rows);
}

absl::Status RawLoop::WriteTransaction(MysqlDatabase& store, absl::Span<const uint64_t> numbers) {
  SqlByTable rows;
  std::array<bool, storage::kPartitions> touched = {};
  for (const uint64_t number : numbers) {
    AddPurchase(number, rows);
    touched[static_cast<size_t>(PartitionOf(number))] = true;
  }
  std::string sql = "START TRANSACTION";
  int statements = 1;
  for (size_t table = 0; table < kSqlTables; ++table) {
    if (rows[table].empty()) continue;
    absl::StrAppend(&sql, ";", rows[table], TailOf(table));
    ++statements;
  }
  absl::string_view before = ";INSERT INTO log_partition (partition_id, last_position) VALUES ";
  for (size_t partition = 0; partition < touched.size(); ++partition) {
    if (!touched[partition]) continue;
    absl::StrAppend(&sql, before, "(", partition, ",", last_position_[partition], ")");
    before = ",";
  }
  absl::StrAppend(&sql, " ON DUPLICATE KEY UPDATE last_position = VALUES(last_position);COMMIT");
  return store.ExecuteAll(sql, statements + 2);
}

absl::Status RawLoop::Write(MysqlDatabase& store, const std::vector<uint64_t>& numbers) {
  const absl::Span<const uint64_t> all(numbers);
  for (size_t begin = 0; begin < all.size(); begin += kPurchasesPerTransaction) {
    RETURN_IF_ERROR(CheckInterrupt());
    RETURN_IF_ERROR(WriteTransaction(store, all.subspan(begin, kPurchasesPerTransaction)));
  }
  return absl::OkStatus();
}

using Connections = std::vector<std::unique_ptr<MysqlDatabase>>;

// Writes the purchases from `begin` to `end` over the first connections.
absl::StatusOr<absl::Duration> WriteOver(RawLoop& loop, const Connections& connections,
                                         size_t width, uint64_t begin, uint64_t end) {
  std::vector<std::vector<uint64_t>> shares(width);
  for (uint64_t number = begin; number < end; ++number) {
    shares[static_cast<size_t>(loop.PartitionOf(number)) % width].push_back(number);
  }
  std::vector<absl::Status> statuses(width);
  std::vector<std::thread> threads;
  const absl::Time started = absl::Now();
  for (size_t i = 0; i < width; ++i) {
    threads.emplace_back([&, i] { statuses[i] = loop.Write(*connections[i], shares[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::Duration elapsed = absl::Now() - started;
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return elapsed;
}

}  // namespace

absl::StatusOr<double> RunMysqlRawLoop(const std::string& url, const Requests& requests,
                                       const PurchaseSamples& samples, uint64_t purchases) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Store> store, storage::OpenStore(url));
  const std::array<size_t, 2> widths = {static_cast<size_t>(store->lanes()), 1};
  Connections connections(widths[0]);
  for (auto& connection : connections) {
    ASSIGN_OR_RETURN(connection, MysqlDatabase::Open(url));
  }
  ASSIGN_OR_RETURN(RawLoop loop, RawLoop::Make(*connections[0], requests, samples));
  std::array<uint64_t, 2> written = {};
  std::array<absl::Duration, 2> elapsed = {};
  for (uint64_t turn = 0; turn < kTurns; ++turn) {
    const uint64_t begin = purchases * turn / kTurns;
    const uint64_t end = purchases * (turn + 1) / kTurns;
    const size_t way = turn % 2;
    ASSIGN_OR_RETURN(const absl::Duration took,
                     WriteOver(loop, connections, widths[way], begin, end));
    written[way] += end - begin;
    elapsed[way] += took;
  }
  double best = 0;
  for (size_t way = 0; way < widths.size(); ++way) {
    best = std::max(best, static_cast<double>(written[way]) / absl::ToDoubleSeconds(elapsed[way]));
  }
  return best;
}

}  // namespace dangol::bench
