#include "tests/bench/history.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/purchase_rows.h"
#include "tests/bench/requests.h"

namespace dangol::bench {
namespace {

// Of any past.
constexpr uint64_t kPurchasesMax = 128;
static_assert(kSeldom.PurchasesOf(1) <= kPurchasesMax && kWeekly.PurchasesOf(1) <= kPurchasesMax);
// The numbers of heirs' purchases are above those of any load.
constexpr uint64_t kFirstInherited = 100'000'000'000;

// Names: the id as text, the card, the id of the enrolment, those of purchases.
constexpr size_t kNamesBeforePurchases = 3;

std::string NameOf(const Heir& heir, size_t name) {
  switch (name) {
    case 0:
      return heir.id.ToString();
    case 1:
      return EnrolledCard(heir.number);
    case 2:
      return EnrollRequestId(heir.number);
    default:
      return Requests::PurchaseId(kFirstInherited + heir.number * kPurchasesMax +
                                  (name - kNamesBeforePurchases));
  }
}

// The number of a purchase, such that a member's baskets differ.
uint64_t NumberOf(uint64_t history, uint64_t purchase) {
  return purchase * kHistories + (history + purchase) % kHistories;
}

std::vector<std::string> NamesOf(uint64_t history, const std::string& member, const Past& past) {
  std::vector<std::string> names = {member, EnrolledCard(history), EnrollRequestId(history)};
  for (uint64_t purchase = 0; purchase < past.PurchasesOf(history); ++purchase) {
    names.push_back(Requests::PurchaseId(NumberOf(history, purchase)));
  }
  return names;
}

std::string Sha256(absl::string_view bytes) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

// Where a column is; -1 where it is not.
int Find(const std::vector<std::string>& columns, absl::string_view name) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::string* MutableBytes(Value& value) {
  if (Text* text = std::get_if<Text>(&value)) return &text->bytes;
  if (Blob* blob = std::get_if<Blob>(&value)) return &blob->bytes;
  return nullptr;
}

}  // namespace

absl::Status RecordHistories(int port, const std::vector<std::string>& members, const Past& past,
                             absl::Time now) {
  const uint64_t rounds = past.PurchasesOf(1);
  for (uint64_t purchase = 0; purchase < rounds; ++purchase) {
    const absl::Duration age =
        past.last_age + static_cast<double>(rounds - 1 - purchase) * past.interval;
    std::vector<uint64_t> buyers;
    std::vector<Requests> requests;  // Of each of them.
    for (uint64_t history = 0; history < kHistories; ++history) {
      if (purchase >= past.PurchasesOf(history)) continue;
      buyers.push_back(history);
      requests.emplace_back(members, now - age - static_cast<double>(history) * past.stagger);
    }
    const LoadOptions options = {
        .port = port, .path = kRecordPurchasePath, .calls_max = buyers.size()};
    RETURN_IF_ERROR(RunCleanLoad(options, [&](uint64_t number, std::string* body) {
                      const uint64_t history = buyers[number];
                      requests[number].AppendPurchaseOf(history, NumberOf(history, purchase), body);
                    }).status());
  }
  return absl::OkStatus();
}

InheritedRow::InheritedRow(Row row, const std::vector<std::string>& columns,
                           const std::vector<std::string>& names)
    : row_(std::move(row)),
      partition_column_(Find(columns, "partition_id")),
      position_column_(Find(columns, "position")),
      action_column_(Find(columns, "action")),
      hash_column_(Find(columns, "request_hash")),
      kind_column_(Find(columns, "kind")) {
  for (size_t column = 0; column < row_.size(); ++column) {
    FindGaps(column, names);
    const bool is_of_member = RoleOf(columns[column]) == Role::kMember;
    if (is_of_member && std::holds_alternative<Blob>(row_[column])) {
      member_columns_.push_back(static_cast<int>(column));
    }
  }
  if (action_column_ < 0 || member_columns_.empty()) return;
  // The action names its member by the same bytes.
  const absl::string_view id = BytesOf(row_[static_cast<size_t>(member_columns_.front())]);
  const size_t at = BytesOf(row_[static_cast<size_t>(action_column_)]).find(id);
  if (at != absl::string_view::npos) member_in_action_ = static_cast<int>(at);
}

void InheritedRow::FindGaps(size_t column, const std::vector<std::string>& names) {
  const absl::string_view bytes = BytesOf(row_[column]);
  for (size_t name = 0; name < names.size(); ++name) {
    for (size_t at = bytes.find(names[name]); at != absl::string_view::npos;
         at = bytes.find(names[name], at + 1)) {
      gaps_.push_back({column, at, name});
    }
  }
}

const Row& InheritedRow::For(const Heir& heir, int64_t position) {
  const auto at = [this](int column) -> Value& { return row_[static_cast<size_t>(column)]; };
  for (const Gap& gap : gaps_) {
    const std::string name = NameOf(heir, gap.name);
    MutableBytes(row_[gap.column])->replace(gap.offset, name.size(), name);
  }
  const std::array<char, 16> id = heir.id.ToBytes();
  for (const int column : member_columns_) MutableBytes(at(column))->assign(id.data(), id.size());
  if (partition_column_ >= 0) at(partition_column_) = heir.partition;
  if (position_column_ >= 0) at(position_column_) = position;
  if (action_column_ < 0) return row_;
  std::string& action = *MutableBytes(at(action_column_));
  if (member_in_action_ >= 0) {
    action.replace(static_cast<size_t>(member_in_action_), id.size(), id.data(), id.size());
  }
  // What nobody asked for has none.
  if (BytesOf(at(hash_column_)).empty()) return row_;
  const auto kind = static_cast<char>(IntegerOf(at(kind_column_)));
  *MutableBytes(at(hash_column_)) = Sha256(absl::StrCat(action, std::string(1, kind)));
  return row_;
}

namespace {

// Reads rows of one table of a store, whole.
absl::StatusOr<std::vector<Row>> SelectAll(Database& store, const std::string& table,
                                           const std::vector<std::string>& columns,
                                           const std::string& rest) {
  return store.Select(
      absl::StrCat("SELECT ", absl::StrJoin(columns, ", "), " FROM ", table, " ", rest));
}

// The tables with rows of members, and the order of those of one member.
constexpr std::pair<const char*, const char*> kTables[] = {
    {"member", "member_id"},    {"alias", "kind, value"},   {"account", "wallet"},
    {"lot", "expires_at, lot"}, {"ledger_entry", "number"}, {"command_log", "position"},
    {"purchase", "position"},   {"award", "number"},        {"tier_record", "number"},
};

absl::StatusOr<History> ReadHistory(Database& store, const std::string& member,
                                    const std::vector<std::string>& names) {
  const auto id = domain::MemberId::Parse(member).value_or(domain::MemberId()).ToBytes();
  const std::string literal = Literal(Blob{std::string(id.data(), id.size())});
  History history;
  for (const auto& [table, order] : kTables) {
    ASSIGN_OR_RETURN(const std::vector<std::string> columns, store.Columns(table));
    ASSIGN_OR_RETURN(std::vector<Row> rows,
                     SelectAll(store, table, columns,
                               absl::StrCat("WHERE member_id = ", literal, " ORDER BY ", order)));
    for (Row& row : rows) history.rows[table].emplace_back(std::move(row), columns, names);
  }
  return history;
}

}  // namespace

absl::StatusOr<Histories> ReadHistories(Database& store, const std::vector<std::string>& members,
                                        const Past& past) {
  Histories histories;
  for (uint64_t i = 0; i < kHistories; ++i) {
    ASSIGN_OR_RETURN(History history, ReadHistory(store, members[i], NamesOf(i, members[i], past)));
    if (history.rows["purchase"].size() != past.PurchasesOf(i)) {
      return absl::DataLossError("a member's past is not what it is meant to be");
    }
    histories.members.push_back(std::move(history));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> program, store.Columns("rules"));
  ASSIGN_OR_RETURN(histories.programs,
                   SelectAll(store, "rules", program, "WHERE program_version > 0 ORDER BY number"));
  ASSIGN_OR_RETURN(const std::vector<std::string> clock, store.Columns("test_clock"));
  ASSIGN_OR_RETURN(histories.clock, SelectAll(store, "test_clock", clock, ""));
  ASSIGN_OR_RETURN(const std::vector<std::string> log, store.Columns("command_log"));
  // SQLite has an empty id where MySQL has NULL. Without norms, which the server computes when it
  // finds the time: of those without a member only the activation of the program (5).
  ASSIGN_OR_RETURN(
      histories.commands,
      SelectAll(
          store, "command_log", log,
          "WHERE (member_id IS NULL OR LENGTH(member_id) = 0) AND kind = 5 ORDER BY position"));
  return histories;
}

}  // namespace dangol::bench
