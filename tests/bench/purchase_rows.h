#ifndef DANGOL_TESTS_BENCH_PURCHASE_ROWS_H_
#define DANGOL_TESTS_BENCH_PURCHASE_ROWS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/bench/database.h"
#include "tests/bench/requests.h"
#include "tests/bench/values.h"

namespace dangol::bench {

// What of a row differs from purchase to purchase, by its column.
enum class Role { kValue, kPartition, kPosition, kMember, kPurchase, kEntryNumber };
Role RoleOf(absl::string_view column);

// How much a wallet grew.
struct WalletGrowth {
  Value wallet;
  int64_t pending = 0;
  int64_t available = 0;
};

// The rows that dangold wrote for one purchase: what the raw loop writes is never
// a guess. Rows have the columns of their table in its order.
struct PurchaseRows {
  Row command_log;
  Row purchase;
  std::vector<Row> entries;  // By number.
  std::vector<Row> lots;
  Value record;  // Of the member, as it is at the end of the run.
  std::vector<WalletGrowth> wallets;
  int64_t first_entry_number = 0;
  int64_t occurred_at = 0;
  int64_t advanced_until = 0;
  int64_t next_due_at = 0;
};

// One purchase of each store (kStores). A member's first purchase is
// another matter than the later ones.
struct PurchaseSamples {
  std::vector<PurchaseRows> first;
  std::vector<PurchaseRows> later;

  // What the purchase of a number is to write.
  const PurchaseRows& Of(uint64_t number, bool is_first) const {
    return (is_first ? first : later)[number % kStores];
  }
};

// Reads samples from the store of a run of `purchases`.
absl::StatusOr<PurchaseSamples> ReadSamples(Database& store, uint64_t purchases);

// Where a member's next rows go.
struct MemberCursor {
  Blob id;
  int partition = 0;  // For an engine that has such.
  int64_t entry_count = 0;
  int64_t next_due_at = 0;
};

// Of the members that requests name, in their order.
absl::StatusOr<std::vector<MemberCursor>> ReadCursors(Database& store, const Requests& requests);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_PURCHASE_ROWS_H_
