#include "tests/bench/seeder.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/common/status_macros.h"
#include "server/storage/storage.h"

namespace dangol::bench {
namespace {

// Members came one after the other, so their ids rise.
constexpr absl::Duration kBetweenMembers = absl::Seconds(40);

class Seeder {
 public:
  Seeder(Histories histories, Database& store, uint64_t members)
      : histories_(std::move(histories)), store_(store), heirs_(MakeHeirs(members)) {}

  absl::StatusOr<Seeded> Run();

 private:
  History& HistoryOf(const Heir& heir) { return histories_.members[heir.number % kHistories]; }
  absl::Status FillByMember(const std::string& table);
  // A table whose rows lie at the positions of the log.
  absl::Status FillByPosition(const std::string& table);
  absl::Status PutPartition(const std::string& table, const std::vector<const Heir*>& heirs,
                            int64_t position, const RowSink& sink);
  absl::Status FillWith(const std::string& table, const std::vector<Row>& rows);
  absl::Status SetLogEnds();
  // Those of each end of the log.
  std::vector<std::vector<const Heir*>> Partitions() const;

  Histories histories_;
  Database& store_;
  const std::vector<Heir> heirs_;
  bool has_partitions_ = false;
};

absl::StatusOr<Seeded> Seeder::Run() {
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, store_.Tables());
  has_partitions_ = std::find(tables.begin(), tables.end(), "log_partition") != tables.end();
  for (const char* table :
       {"member", "alias", "account", "lot", "ledger_entry", "award", "tier_record"}) {
    RETURN_IF_ERROR(FillByMember(table));
  }
  for (const char* table : {"command_log", "purchase"}) RETURN_IF_ERROR(FillByPosition(table));
  RETURN_IF_ERROR(FillWith("rules", histories_.programs));
  RETURN_IF_ERROR(FillWith("test_clock", histories_.clock));
  if (has_partitions_) RETURN_IF_ERROR(SetLogEnds());
  Seeded seeded;
  for (const Heir& heir : heirs_) {
    History& history = HistoryOf(heir);
    seeded.members.push_back(heir.id.ToString());
    seeded.purchases += history.rows["purchase"].size();
    seeded.entries += history.rows["ledger_entry"].size();
  }
  return seeded;
}

absl::Status Seeder::FillByMember(const std::string& table) {
  return store_.Fill(table, [&](const RowSink& sink) -> absl::Status {
    for (const Heir& heir : heirs_) {
      for (InheritedRow& row : HistoryOf(heir).rows[table]) {
        RETURN_IF_ERROR(sink(row.For(heir, 0)));
      }
    }
    return absl::OkStatus();
  });
}

std::vector<std::vector<const Heir*>> Seeder::Partitions() const {
  std::vector<std::vector<const Heir*>> partitions(has_partitions_ ? storage::kPartitions : 1);
  for (const Heir& heir : heirs_) {
    partitions[has_partitions_ ? static_cast<size_t>(heir.partition) : 0].push_back(&heir);
  }
  return partitions;
}

// Commands that concern no member come first, in the first partition.
absl::Status Seeder::FillByPosition(const std::string& table) {
  return store_.Fill(table, [&](const RowSink& sink) -> absl::Status {
    if (table == "command_log") {
      for (const Row& row : histories_.commands) RETURN_IF_ERROR(sink(row));
    }
    auto position = static_cast<int64_t>(histories_.commands.size());
    for (const std::vector<const Heir*>& heirs : Partitions()) {
      RETURN_IF_ERROR(PutPartition(table, heirs, position, sink));
      position = 0;
    }
    return absl::OkStatus();
  });
}

// Everybody enrolls, then everybody buys once, then again and so on. The purchase
// lies at the position of its command.
absl::Status Seeder::PutPartition(const std::string& table, const std::vector<const Heir*>& heirs,
                                  int64_t position, const RowSink& sink) {
  const size_t rounds = histories_.members.back().rows["command_log"].size();
  const size_t unlogged = table == "purchase" ? 1 : 0;  // The enrolment.
  for (size_t round = 0; round < rounds; ++round) {
    for (const Heir* heir : heirs) {
      std::map<std::string, std::vector<InheritedRow>>& rows = HistoryOf(*heir).rows;
      if (round >= rows["command_log"].size()) continue;
      ++position;
      if (round < unlogged) continue;
      RETURN_IF_ERROR(sink(rows[table][round - unlogged].For(*heir, position)));
    }
  }
  return absl::OkStatus();
}

absl::Status Seeder::FillWith(const std::string& table, const std::vector<Row>& rows) {
  if (rows.empty()) return absl::OkStatus();
  return store_.Fill(table, [&rows](const RowSink& sink) -> absl::Status {
    for (const Row& row : rows) RETURN_IF_ERROR(sink(row));
    return absl::OkStatus();
  });
}

absl::Status Seeder::SetLogEnds() {
  const std::vector<std::vector<const Heir*>> partitions = Partitions();
  for (size_t partition = 0; partition < partitions.size(); ++partition) {
    size_t last = partition == 0 ? histories_.commands.size() : 0;
    for (const Heir* heir : partitions[partition]) {
      last += HistoryOf(*heir).rows["command_log"].size();
    }
    RETURN_IF_ERROR(store_.Execute(absl::StrCat("UPDATE log_partition SET last_position = ", last,
                                                " WHERE partition_id = ", partition)));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Heir> MakeHeirs(uint64_t members) {
  std::vector<Heir> heirs;
  heirs.reserve(members);
  std::mt19937_64 random;
  absl::Time came = absl::FromUnixSeconds(1'700'000'000);
  for (uint64_t number = 0; number < members; ++number, came += kBetweenMembers) {
    const uint64_t high = random();
    const domain::MemberId id = domain::MemberId::Make(came, high, random());
    heirs.push_back({number, id, storage::PartitionOf(id)});
  }
  return heirs;
}

absl::StatusOr<Seeded> Seed(Histories histories, Database& store, uint64_t members) {
  return Seeder(std::move(histories), store, members).Run();
}

}  // namespace dangol::bench
