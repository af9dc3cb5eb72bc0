#include "tests/bench/store_check.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/command.h"

namespace dangol::bench {
namespace {

constexpr double kRowsTolerance = 0.02;
constexpr double kBytesTolerance = 0.05;
// A few members rise, which is no part of what a purchase cannot do without. The raw loop leaves
// it out, and is the faster for it.
constexpr absl::string_view kOnlyByDangold = "tier_record";
// Tables so small that a percentage means nothing.
constexpr double kSmall = 4096;

absl::Status CheckAlike(const std::map<std::string, int64_t>& real,
                        const std::map<std::string, int64_t>& raw, double tolerance,
                        double forgiven, absl::string_view unit) {
  for (const auto& [name, count] : real) {
    if (name == kOnlyByDangold) continue;
    const auto found = raw.find(name);
    const int64_t other = found == raw.end() ? 0 : found->second;
    const double difference = std::abs(static_cast<double>(count - other));
    if (difference <= forgiven || difference <= tolerance * static_cast<double>(count)) continue;
    return absl::DataLossError(absl::StrCat("the raw loop is no fair comparison: in ", name,
                                            " dangold wrote ", count, " ", unit, " and it wrote ",
                                            other));
  }
  return absl::OkStatus();
}

absl::Status CheckCount(Database& store, const std::string& sql, uint64_t acknowledged,
                        absl::string_view what) {
  ASSIGN_OR_RETURN(const int64_t stored, store.Integer(sql));
  if (stored == static_cast<int64_t>(acknowledged)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(acknowledged, " ", what, " were acknowledged, ", stored, " are stored"));
}

}  // namespace

absl::StatusOr<StoreContents> ReadContents(Database& store) {
  StoreContents contents;
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, store.Tables());
  for (const std::string& table : tables) {
    ASSIGN_OR_RETURN(contents.rows[table],
                     store.Integer(absl::StrCat("SELECT count(*) FROM ", table)));
  }
  ASSIGN_OR_RETURN(contents.bytes, store.Bytes());
  return contents;
}

absl::Status CheckAlike(const StoreContents& dangold, const StoreContents& raw_loop) {
  RETURN_IF_ERROR(CheckAlike(dangold.rows, raw_loop.rows, kRowsTolerance, 0, "rows"));
  return CheckAlike(dangold.bytes, raw_loop.bytes, kBytesTolerance, kSmall, "bytes");
}

absl::Status CheckPurchases(Database& store, uint64_t acknowledged) {
  return CheckCount(store, "SELECT count(*) FROM purchase", acknowledged, "purchases");
}

absl::Status CheckReturns(Database& store, uint64_t acknowledged) {
  return CheckCount(store, "SELECT count(*) FROM purchase_return", acknowledged, "returns");
}

absl::Status CheckCaptures(Database& store, uint64_t acknowledged) {
  RETURN_IF_ERROR(
      CheckCount(store, "SELECT count(*) FROM reservation", acknowledged, "reservations"));
  return CheckCount(store, "SELECT count(*) FROM reservation WHERE status = 2 AND captured = 1",
                    acknowledged, "captures");
}

absl::Status CheckReferrals(Database& store, uint64_t referred) {
  RETURN_IF_ERROR(CheckCount(store, "SELECT count(*) FROM member WHERE referrer_id IS NOT NULL",
                             referred, "referrals"));
  return CheckCount(store,
                    absl::StrCat("SELECT count(*) FROM command_log WHERE kind = ",
                                 static_cast<int>(domain::kKindOf<domain::CountReferral>)),
                    referred, "first purchases of who was brought");
}

absl::Status CheckReviews(Database& store, uint64_t members, absl::Time since) {
  RETURN_IF_ERROR(CheckCount(
      store,
      absl::StrCat("SELECT count(DISTINCT member_id) FROM tier_record WHERE reason IN (2, 3, 4)"
                   " AND recorded_at >= ",
                   absl::ToUnixMicros(since)),
      members, "reviews"));
  return CheckCount(store,
                    "SELECT count(*) FROM member WHERE next_due_at <="
                    " (SELECT stands_at FROM test_clock)",
                    0, "members who are due");
}

}  // namespace dangol::bench
