#ifndef DANGOL_SERVER_STORAGE_SQLITE_WRITING_H_
#define DANGOL_SERVER_STORAGE_SQLITE_WRITING_H_

#include <memory>
#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/tables.h"

namespace dangol::storage::sqlite {

// Writes write sets over one connection, inside a transaction that the caller
// began and ends.
class BatchWriter {
 public:
  static absl::StatusOr<std::unique_ptr<BatchWriter>> Make(Connection& connection);

  absl::Status Write(const WriteSet& writes);

 private:
  template <typename Row>
  struct OfKind {
    Statement put;   // Where it IsWritten.
    Statement move;  // Where it IsMoved.
  };
  template <typename... Rows>
  static std::tuple<OfKind<Rows>...> ForKinds(Kinds<Rows...>);

  explicit BatchWriter(Connection& connection) : connection_(connection) {}

  absl::Status PrepareAll();
  absl::Status WriteMember(const MemberWrite& write);
  absl::Status WriteMove(const domain::Move& move);
  absl::Status WriteAlias(const domain::AliasChange& change);
  absl::Status WriteCommand(const CommandWrite& write);
  absl::Status AppendAct(const AuditRecord& act, int64_t position);
  // Runs the put of a row that has a version; `whose` says what it is.
  absl::Status RunVersioned(Statement& put, absl::string_view whose);

  Connection& connection_;
  decltype(ForKinds(MemberKinds())) kinds_;
  Statement put_member_;
  Statement put_member_and_due_;
  Statement update_merge_;
  Statement insert_past_alias_;
  Statement update_purchase_;
  Statement update_return_;
  Statement update_activity_;
  Statement insert_entry_;
  Statement insert_alias_;
  Statement delete_alias_;
  Statement insert_command_;
  Statement find_audit_end_;
  Statement put_audit_end_;
  Statement insert_act_;
  Statement insert_purchase_;
  Statement insert_return_;
  Statement insert_activity_;
  Statement insert_rules_;
  Statement put_counter_;
  Statement put_clock_;
};

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_WRITING_H_
