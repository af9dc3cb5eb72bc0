#include "tests/bench/reviews.h"

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/common/status_macros.h"
#include "server/storage/open_store.h"
#include "server/storage/storage.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

constexpr size_t kMembersPerTransaction = 256;
// Rows are made in memory between turns, which are not counted. By turns all connections that the
// server has are used and one: the better way counts.
constexpr size_t kTransactionsPerTurn = 32;
constexpr int64_t kAdvance = 6;  // The kind of the command.

absl::StatusOr<std::vector<Row>> RowsOf(Database& store, const std::string& table,
                                        const std::vector<std::string>& columns, const Heir& heir,
                                        absl::string_view rest) {
  const auto id = heir.id.ToBytes();
  return store.Select(
      absl::StrCat("SELECT ", absl::StrJoin(columns, ", "), " FROM ", table,
                   " WHERE member_id = ", Literal(Blob{std::string(id.data(), id.size())}), rest));
}

// How a store is written to.
struct ReviewColumns {
  std::vector<std::string> command, record, member;
};

absl::StatusOr<ReviewColumns> ReadColumns(Database& store) {
  ReviewColumns columns;
  ASSIGN_OR_RETURN(columns.command, store.Columns("command_log"));
  ASSIGN_OR_RETURN(columns.record, store.Columns("tier_record"));
  ASSIGN_OR_RETURN(columns.member, store.Columns("member"));
  return columns;
}

void NoteChanges(const Row& before, const Row& after, const std::vector<std::string>& columns,
                 std::vector<std::string>& changing) {
  for (size_t i = 0; i < columns.size(); ++i) {
    const bool is_known = std::find(changing.begin(), changing.end(), columns[i]) != changing.end();
    if (!is_known && before[i] != after[i]) changing.push_back(columns[i]);
  }
}

// Writes to a store over several connections.
class ReviewLoop {
 public:
  ReviewLoop(ReviewSamples samples, ReviewColumns columns)
      : samples_(std::move(samples)), columns_(std::move(columns)) {}

  absl::Status Open(Engine& engine, const std::string& url);
  absl::StatusOr<double> Run(const std::vector<Heir>& heirs);

 private:
  using Transactions = std::vector<std::vector<TableRows>>;

  std::vector<TableRows> Make(absl::Span<const Heir* const> heirs);
  // What each of the first connections is to write.
  std::vector<Transactions> MakeShares(absl::Span<const Heir> heirs, size_t width);
  absl::StatusOr<absl::Duration> Write(const std::vector<Transactions>& shares);

  ReviewSamples samples_;
  const ReviewColumns columns_;
  std::vector<std::unique_ptr<Database>> connections_;
  bool has_partitions_ = false;
  std::array<int64_t, storage::kPartitions> last_position_ = {};
};

absl::Status ReviewLoop::Open(Engine& engine, const std::string& url) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Store> store, storage::OpenStore(url));
  connections_.resize(static_cast<size_t>(store->lanes()));
  for (auto& connection : connections_) {
    ASSIGN_OR_RETURN(connection, engine.OpenToWrite(url));
  }
  Database& database = *connections_[0];
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, database.Tables());
  has_partitions_ = std::find(tables.begin(), tables.end(), "log_partition") != tables.end();
  if (!has_partitions_) {
    ASSIGN_OR_RETURN(last_position_[0], database.Integer("SELECT max(position) FROM command_log"));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<Row> ends,
                   database.Select("SELECT partition_id, last_position FROM log_partition"));
  for (const Row& end : ends) {
    last_position_[static_cast<size_t>(IntegerOf(end[0]))] = IntegerOf(end[1]);
  }
  return absl::OkStatus();
}

std::vector<TableRows> ReviewLoop::Make(absl::Span<const Heir* const> heirs) {
  TableRows members = {"member", columns_.member, samples_.changing, {}};
  TableRows commands = {"command_log", columns_.command, {}, {}};
  TableRows records = {"tier_record", columns_.record, {}, {}};
  TableRows ends = {"log_partition", {"partition_id", "last_position"}, {"last_position"}, {}};
  std::array<bool, storage::kPartitions> touched = {};
  for (const Heir* heir : heirs) {
    const auto partition = static_cast<size_t>(has_partitions_ ? heir->partition : 0);
    touched[partition] = true;
    ReviewRows& rows = samples_.members[heir->number % kHistories];
    commands.rows.push_back(rows.command.For(*heir, ++last_position_[partition]));
    members.rows.push_back(rows.member.For(*heir, 0));
    for (InheritedRow& record : rows.records) records.rows.push_back(record.For(*heir, 0));
  }
  std::vector<TableRows> tables = {std::move(members), std::move(records), std::move(commands)};
  if (!has_partitions_) return tables;
  for (size_t i = 0; i < touched.size(); ++i) {
    if (touched[i]) ends.rows.push_back({static_cast<int64_t>(i), last_position_[i]});
  }
  tables.push_back(std::move(ends));
  return tables;
}

std::vector<ReviewLoop::Transactions> ReviewLoop::MakeShares(absl::Span<const Heir> heirs,
                                                             size_t width) {
  std::vector<std::vector<const Heir*>> members(width);
  for (const Heir& heir : heirs) {
    members[static_cast<size_t>(heir.partition) % width].push_back(&heir);
  }
  std::vector<Transactions> shares(width);
  for (size_t i = 0; i < width; ++i) {
    const absl::Span<const Heir* const> all = members[i];
    for (size_t begin = 0; begin < all.size(); begin += kMembersPerTransaction) {
      shares[i].push_back(Make(all.subspan(begin, kMembersPerTransaction)));
    }
  }
  return shares;
}

absl::StatusOr<absl::Duration> ReviewLoop::Write(const std::vector<Transactions>& shares) {
  std::vector<absl::Status> statuses(shares.size());
  std::vector<std::thread> threads;
  const absl::Time begin = absl::Now();
  for (size_t i = 0; i < shares.size(); ++i) {
    threads.emplace_back([&, i] {
      for (const std::vector<TableRows>& tables : shares[i]) {
        statuses[i].Update(connections_[i]->Write(tables));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::Duration elapsed = absl::Now() - begin;
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return elapsed;
}

absl::StatusOr<double> ReviewLoop::Run(const std::vector<Heir>& heirs) {
  const std::array<size_t, 2> widths = {connections_.size(), 1};
  std::array<size_t, 2> written = {};
  std::array<absl::Duration, 2> elapsed = {};
  const absl::Span<const Heir> all = heirs;
  size_t turn = 0;
  for (size_t begin = 0; begin < all.size(); ++turn) {
    RETURN_IF_ERROR(CheckInterrupt());
    const absl::Span<const Heir> some =
        all.subspan(begin, kTransactionsPerTurn * kMembersPerTransaction);
    const size_t way = turn % widths.size();
    const std::vector<Transactions> shares = MakeShares(some, widths[way]);
    ASSIGN_OR_RETURN(const absl::Duration took, Write(shares));
    elapsed[way] += took;
    written[way] += some.size();
    begin += some.size();
  }
  double best = 0;
  for (size_t way = 0; way < widths.size(); ++way) {
    if (written[way] == 0) continue;
    best = std::max(best, static_cast<double>(written[way]) / absl::ToDoubleSeconds(elapsed[way]));
  }
  return best;
}

}  // namespace

absl::StatusOr<ReviewSamples> ReadReviews(Database& before, Database& after,
                                          const std::vector<Heir>& heirs) {
  ASSIGN_OR_RETURN(const ReviewColumns columns, ReadColumns(after));
  ReviewSamples samples;
  for (size_t i = 0; i < kHistories; ++i) {
    const Heir& heir = heirs[i];
    const std::vector<std::string> names = {heir.id.ToString()};
    ASSIGN_OR_RETURN(const std::vector<Row> stood,
                     RowsOf(before, "member", columns.member, heir, ""));
    ASSIGN_OR_RETURN(std::vector<Row> stands, RowsOf(after, "member", columns.member, heir, ""));
    ASSIGN_OR_RETURN(std::vector<Row> commands, RowsOf(after, "command_log", columns.command, heir,
                                                       absl::StrCat(" AND kind = ", kAdvance)));
    ASSIGN_OR_RETURN(const std::vector<Row> old_records,
                     RowsOf(before, "tier_record", columns.record, heir, ""));
    ASSIGN_OR_RETURN(const std::vector<Row> records,
                     RowsOf(after, "tier_record", columns.record, heir, " ORDER BY number"));
    if (stood.size() != 1 || stands.size() != 1 || commands.size() != 1 ||
        records.size() <= old_records.size()) {
      return absl::DataLossError("a member was not reviewed once");
    }
    NoteChanges(stood[0], stands[0], columns.member, samples.changing);
    ReviewRows rows = {InheritedRow(std::move(commands[0]), columns.command, names),
                       {},
                       InheritedRow(std::move(stands[0]), columns.member, names)};
    for (size_t record = old_records.size(); record < records.size(); ++record) {
      rows.records.emplace_back(records[record], columns.record, names);
    }
    samples.members.push_back(std::move(rows));
  }
  return samples;
}

absl::StatusOr<double> RunReviewLoop(Engine& engine, const std::string& url, ReviewSamples samples,
                                     const std::vector<Heir>& heirs) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine.Open(url));
  ASSIGN_OR_RETURN(ReviewColumns columns, ReadColumns(*database));
  ReviewLoop loop(std::move(samples), std::move(columns));
  RETURN_IF_ERROR(loop.Open(engine, url));
  return loop.Run(heirs);
}

}  // namespace dangol::bench
