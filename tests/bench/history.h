#ifndef DANGOL_TESTS_BENCH_HISTORY_H_
#define DANGOL_TESTS_BENCH_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "tests/bench/database.h"
#include "tests/bench/values.h"

namespace dangol::bench {

// A few members get a past, which dangold records over its API. The rows of it can then
// be written again and again in the names of others.

// How many members have a past of their own.
inline constexpr uint64_t kHistories = 16;

// How often members bought, and when.
struct Past {
  uint64_t purchases_min = 0;  // Every other history has one more.
  absl::Duration last_age;     // How long ago the last purchase was.
  absl::Duration interval;     // Between one and the next.
  absl::Duration stagger;      // How much longer ago all of it was of one history than of the last.

  constexpr uint64_t PurchasesOf(uint64_t history) const { return purchases_min + history % 2; }
};

// Ten purchases in a year and a half. The last lies so far back that its points are no
// longer pending, the first not so far that they expire soon. With the sample program the
// first gives 3 entries in the ledger, each further one 2, so that there are 20 on average.
inline constexpr Past kSeldom = {
    .purchases_min = 9, .last_age = absl::Hours(24 * 60), .interval = absl::Hours(24 * 50)};
inline constexpr uint64_t kEntriesOfSeldom = 20;

// A purchase about every week for two years, up to this one. No points of them become
// available, or expire, at the next midnight. The interval is not a whole week, so that the
// weekdays and hours differ.
inline constexpr Past kWeekly = {
    .purchases_min = 104, .last_age = absl::Hours(24 * 3), .interval = absl::Hours(24 * 7 - 3)};

// Three purchases or four in one month, a year and some days ago: tiers that were reached with
// them end with the month that this one is, all at one midnight.
inline constexpr Past kReviewed = {
    .purchases_min = 3, .last_age = absl::Hours(24 * 375), .interval = absl::Hours(24)};

// As many, two months apart, at another time of the last year and a half for each history: some
// points are still pending, some expire in the year to come, and tiers end in all its months.
inline constexpr Past kThroughTheYear = {.purchases_min = 3,
                                         .last_age = absl::Hours(24 * 3),
                                         .interval = absl::Hours(24 * 60),
                                         .stagger = absl::Hours(24 * 21)};

// Records them over the API; `members` are those that were enrolled first.
absl::Status RecordHistories(int port, const std::vector<std::string>& members, const Past& past,
                             absl::Time now);

// A member in whose name a history is written.
struct Heir {
  uint64_t number = 0;
  domain::MemberId id;
  int64_t partition = 0;
};

// A row of a history, to be written in the names of others.
class InheritedRow {
 public:
  // `names` are those of the member whose row it is, in the order of NameOf.
  InheritedRow(Row row, const std::vector<std::string>& columns,
               const std::vector<std::string>& names);

  // The row as the heir's, if it is the log's at that position there; until the
  // next call.
  const Row& For(const Heir& heir, int64_t position);

 private:
  // Where a name stands in the text or the bytes of a value.
  struct Gap {
    size_t column;
    size_t offset;
    size_t name;
  };

  void FindGaps(size_t column, const std::vector<std::string>& names);

  Row row_;
  std::vector<Gap> gaps_;
  std::vector<int> member_columns_;  // That hold the id of the member.
  int partition_column_ = -1;
  int position_column_ = -1;
  int action_column_ = -1;     // Of the log of commands.
  int member_in_action_ = -1;  // Where its bytes are those of the member's id.
  int hash_column_ = -1;
  int kind_column_ = -1;
};

struct History {
  // By table, in the order of its key; those of the log in the order of recording.
  std::map<std::string, std::vector<InheritedRow>> rows;
};

// All histories, and what else the store holds.
struct Histories {
  std::vector<History> members;
  std::vector<Row> programs;  // program_version.
  std::vector<Row> commands;  // Of command_log, those that concern no member.
  std::vector<Row> clock;     // test_clock; empty unless it is a test store.
};

// Reads what RecordHistories has recorded.
absl::StatusOr<Histories> ReadHistories(Database& store, const std::vector<std::string>& members,
                                        const Past& past);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_HISTORY_H_
