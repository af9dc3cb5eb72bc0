#include "server/storage/sqlite/writing.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/audit_chain.h"
#include "server/storage/erasing.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {

absl::StatusOr<std::unique_ptr<BatchWriter>> BatchWriter::Make(Connection& connection) {
  std::unique_ptr<BatchWriter> writer(new BatchWriter(connection));
  RETURN_IF_ERROR(writer->PrepareAll());
  return writer;
}

absl::Status BatchWriter::PrepareAll() {
  RETURN_IF_ERROR(ForEachKind([this]<typename Row>() -> absl::Status {
    auto& kind = std::get<OfKind<Row>>(kinds_);
    if constexpr (IsWritten<Row>) {
      ASSIGN_OR_RETURN(kind.put, connection_.Prepare(PutSql(ShapeOf<Row>())));
    }
    if constexpr (IsMoved<Row>) {
      ASSIGN_OR_RETURN(kind.move, connection_.Prepare(absl::StrCat(
                                      "UPDATE ", Table<Row>::kName,
                                      " SET member_id = ? WHERE member_id = ? AND person_id = ?")));
    }
    return absl::OkStatus();
  }));
  const std::pair<Statement*, std::string> statements[] = {
      {&put_member_, PutSql(ShapeOf<domain::Member>(), /*with_indexed=*/false)},
      {&put_member_and_due_, PutSql(ShapeOf<domain::Member>())},
      {&update_merge_, UpdateSql(ShapeOf<domain::Member>(), Use::kRare)},
      {&update_purchase_, UpdateSql(ShapeOf<domain::Purchase>(), Use::kChanging)},
      {&update_return_, UpdateSql(ShapeOf<domain::Return>(), Use::kChanging)},
      {&update_activity_, UpdateSql(ShapeOf<domain::Activity>(), Use::kChanging)},
      {&insert_entry_, InsertSql(ShapeOf<domain::LedgerEntry>())},
      {&insert_alias_, InsertSql(ShapeOf<domain::Alias>())},
      {&delete_alias_, "DELETE FROM alias WHERE member_id = ? AND kind = ? AND value = ?"},
      // SQLite gives the next position: one more than the last.
      {&insert_past_alias_,
       "INSERT OR IGNORE INTO alias_past (kind, value, until, member_id) VALUES (?, ?, ?, ?)"},
      {&insert_command_, InsertSql(ShapeOf<CommandRecord>())},
      {&find_audit_end_, "SELECT number, chain FROM audit_end WHERE partition_id = 0"},
      {&put_audit_end_,
       "INSERT OR REPLACE INTO audit_end (partition_id, number, chain) VALUES (0, ?, ?)"},
      {&insert_act_, InsertSql(ShapeOf<AuditRecord>(), "partition_id, position, number, chain")},
      {&insert_purchase_, InsertSql(ShapeOf<domain::Purchase>(), "position")},
      {&insert_return_, InsertSql(ShapeOf<domain::Return>(), "position")},
      {&insert_activity_, InsertSql(ShapeOf<domain::Activity>(), "position")},
      {&insert_rules_, InsertSql(ShapeOf<StoredRules>())},
      {&put_counter_, PutSql(ShapeOf<CounterWrite>())},
      {&put_clock_, PutSql(ShapeOf<StoredClock>())},
  };
  for (const auto& [statement, sql] : statements) {
    ASSIGN_OR_RETURN(*statement, connection_.Prepare(sql));
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::Write(const WriteSet& writes) {
  for (const MemberWrite& write : writes.members) RETURN_IF_ERROR(WriteMember(write));
  for (const domain::LedgerEntry& entry : writes.entries) {
    RETURN_IF_ERROR(BindRow(entry, {}, insert_entry_).Run());
  }
  for (const domain::AliasChange& change : writes.aliases) RETURN_IF_ERROR(WriteAlias(change));
  for (const StoredRules& program : writes.rules) {
    RETURN_IF_ERROR(BindRow(program, {}, insert_rules_).Run());
  }
  for (const CommandWrite& write : writes.commands) RETURN_IF_ERROR(WriteCommand(write));
  for (const CounterWrite& write : writes.counters) {
    RETURN_IF_ERROR(RunVersioned(BindRow(write, {}, put_counter_), "a shared counter"));
  }
  if (writes.clock.has_value()) {
    RETURN_IF_ERROR(RunVersioned(BindRow(*writes.clock, {}, put_clock_), "the clock"));
  }
  // Last, because what is returned may have been bought in the same batch.
  for (const MemberWrite& write : writes.members) {
    for (const domain::Purchase& purchase : write.purchases) {
      RETURN_IF_ERROR(BindUpdate(purchase, {}, Use::kChanging, update_purchase_).Run());
    }
    for (const domain::Return& undone : write.returns) {
      RETURN_IF_ERROR(BindUpdate(undone, {}, Use::kChanging, update_return_).Run());
    }
    for (const domain::Activity& undone : write.activities) {
      RETURN_IF_ERROR(BindUpdate(undone, {}, Use::kChanging, update_activity_).Run());
    }
    if (!write.rare_changed) continue;
    RETURN_IF_ERROR(BindUpdate(write.member, {}, Use::kRare, update_merge_).Run());
  }
  for (const domain::Move& move : writes.moves) RETURN_IF_ERROR(WriteMove(move));
  for (const Erasure& erasure : writes.erasures) {
    for (const std::string& sql : ErasureSql(erasure, Dialect::kSqlite)) {
      RETURN_IF_ERROR(connection_.Execute(sql));
    }
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteMember(const MemberWrite& write) {
  const domain::Member& member = write.member;
  Statement& put =
      member.next_due_at == write.next_due_at_before ? put_member_ : put_member_and_due_;
  RETURN_IF_ERROR(RunVersioned(BindRow(member, {}, put), "a member"));
  return ForEachKind([&]<typename Row>() -> absl::Status {
    if constexpr (IsWritten<Row>) {
      for (const Row& row : Table<Row>::Written(write)) {
        RETURN_IF_ERROR(BindRow(row, member.id, std::get<OfKind<Row>>(kinds_).put).Run());
      }
    }
    return absl::OkStatus();
  });
}

absl::Status BatchWriter::WriteMove(const domain::Move& move) {
  return ForEachKind([&]<typename Row>() -> absl::Status {
    if constexpr (IsMoved<Row>) {
      for (const domain::MemberId& person : Table<Row>::Movers(move)) {
        Statement& statement = std::get<OfKind<Row>>(kinds_).move;
        RETURN_IF_ERROR(statement.Bind(move.to).Bind(move.from).Bind(person).Run());
      }
    }
    return absl::OkStatus();
  });
}

absl::Status BatchWriter::WriteAlias(const domain::AliasChange& change) {
  RETURN_IF_ERROR(
      BindRow(change.alias, change.member_id, change.added ? insert_alias_ : delete_alias_).Run());
  if (change.added) return absl::OkStatus();
  insert_past_alias_.Bind(change.alias.kind).Bind(change.alias.value).Bind(change.at);
  return insert_past_alias_.Bind(change.member_id).Run();
}

absl::Status BatchWriter::WriteCommand(const CommandWrite& write) {
  RETURN_IF_ERROR(BindRow(write.record, {}, insert_command_).Run());
  const int64_t position = connection_.LastRowId();
  if (write.act.has_value()) RETURN_IF_ERROR(AppendAct(*write.act, position));
  if (write.purchase.has_value()) {
    RETURN_IF_ERROR(BindRow(*write.purchase, {}, insert_purchase_.Bind(position)).Run());
  }
  if (write.activity.has_value()) {
    RETURN_IF_ERROR(BindRow(*write.activity, {}, insert_activity_.Bind(position)).Run());
  }
  if (!write.purchase_return.has_value()) return absl::OkStatus();
  return BindRow(*write.purchase_return, {}, insert_return_.Bind(position)).Run();
}

absl::Status BatchWriter::AppendAct(const AuditRecord& act, int64_t position) {
  constexpr int kPartition = 0;
  AuditEnd end = {0, ChainBegin()};
  RETURN_IF_ERROR(ForEachRow(find_audit_end_, [&](const Statement& row) {
    end = {row.Int(0), std::string(row.Text(1))};
    return absl::OkStatus();
  }));
  end = {end.number + 1, NextInChain(end.chain, DigestOf(kPartition, position, act))};
  RETURN_IF_ERROR(put_audit_end_.Bind(end.number).BindBlob(end.chain).Run());
  insert_act_.Bind(kPartition).Bind(position).Bind(end.number).BindBlob(end.chain);
  return BindRow(act, {}, insert_act_).Run();
}

absl::Status BatchWriter::RunVersioned(Statement& put, absl::string_view whose) {
  RETURN_IF_ERROR(put.Run());
  if (connection_.Changes() == 1) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat(whose, " was changed by another server"));
}

}  // namespace dangol::storage::sqlite
