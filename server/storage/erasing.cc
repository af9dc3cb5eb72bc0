#include "server/storage/erasing.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/domain/command.h"

namespace dangol::storage {
namespace {

template <typename Action>
constexpr int kKind = static_cast<int>(domain::kKindOf<Action>);

std::string Literal(const domain::MemberId& id) {
  const std::array<char, 16> bytes = id.ToBytes();
  return absl::StrCat("x'", absl::BytesToHexString({bytes.data(), bytes.size()}), "'");
}

void AddCommands(const std::string& whose, Dialect dialect, std::vector<std::string>& statements) {
  const int purchase = kKind<domain::RecordPurchase>;
  statements.push_back(
      absl::StrCat("UPDATE command_log SET request_hash = x'', action = x'', reply = x'' WHERE ",
                   whose, " AND kind <> ", purchase, " AND kind NOT IN (",
                   kKind<domain::EraseMember>, ", ", kKind<domain::EraseMerged>, ")"));
  if (dialect == Dialect::kSqlite) return;
  statements.push_back(absl::StrCat("UPDATE command_log SET request_hash = x'' WHERE ", whose,
                                    " AND kind = ", purchase));
}

// What they were called goes, whoever else was called so before, where nobody is now.
std::string PastAliasesSql(const std::string& member, Dialect dialect) {
  if (dialect == Dialect::kSqlite) {
    return absl::StrCat(
        "DELETE FROM alias_past WHERE (kind, value) IN"
        " (SELECT kind, value FROM alias_past WHERE member_id = ",
        member,
        ") AND NOT EXISTS (SELECT 1 FROM alias WHERE alias.kind = alias_past.kind"
        " AND alias.value = alias_past.value)");
  }
  return absl::StrCat(
      "DELETE former FROM alias_past AS mine"
      " JOIN alias_past AS former ON former.kind = mine.kind AND former.value = mine.value"
      " LEFT JOIN alias ON alias.kind = mine.kind AND alias.value = mine.value"
      " WHERE mine.member_id = ",
      member, " AND alias.kind IS NULL");
}

}  // namespace

std::vector<std::string> ErasureSql(const Erasure& erasure, Dialect dialect) {
  const std::string member = Literal(erasure.member);
  std::vector<std::string> statements;
  AddCommands(absl::StrCat("member_id = ", member, " AND person_id IS NULL"), dialect, statements);
  // What they did as somebody in a household; and what united them with others, or parted them: its
  // reply tells of both.
  const std::string of_both =
      absl::StrCat(kKind<domain::MergeMembers>, ", ", kKind<domain::UnmergeMember>);
  for (const domain::MemberId& purse : erasure.purses) {
    AddCommands(absl::StrCat("member_id = ", Literal(purse), " AND (person_id = ", member,
                             " OR kind IN (", of_both, "))"),
                dialect, statements);
  }
  if (dialect == Dialect::kSqlite) {
    statements.push_back(
        absl::StrCat("UPDATE command_log SET request_hash = x'' WHERE position IN"
                     " (SELECT position FROM purchase WHERE member_id = ",
                     member, ")"));
  }
  statements.push_back(PastAliasesSql(member, dialect));
  statements.push_back(absl::StrCat("DELETE FROM work_item WHERE member_id = ", member));
  return statements;
}

}  // namespace dangol::storage
