#include "server/storage/mysql/mysql_store.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "schema/migrations.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/mysql/migrating.h"
#include "server/storage/mysql/reader.h"
#include "server/storage/mysql/writing.h"

namespace dangol::storage::mysql {
namespace {

// While one batch is on its way to the disk, another is decided.
constexpr int kLanes = 2;

}  // namespace

// It begins with the first statement that its session sends. What it writes goes out
// together with COMMIT, which is not run unless all before it was. Only on Galera is
// COMMIT sent by itself: where a transaction was rolled back in the middle of a
// packet, it would commit what came after.
class MysqlStore::WriteTransaction final : public Transaction {
 public:
  explicit WriteTransaction(Pool::Lease connection) : connection_(std::move(connection)) {}

  ~WriteTransaction() override {
    if (!open_ || connection_->lost()) return;
    if (!connection_->Run("ROLLBACK").ok()) connection_.Drop();
  }

  absl::StatusOr<Loaded> Load(const KeySet& keys) override {
    if (keys.more) return LoadFromDatabase(keys);
    ends_.clear();
    bases_.clear();
    if (keys.may_recall) {
      Loading loading(*connection_, connection_.members(), keys, &ends_);
      if (std::optional<Loaded> recalled = loading.Recall(connection_.log_ends())) {
        latest_rules_ = keys.known_rules;
        bases_ = loading.TakeBases();
        for (const domain::MemberState* state : keys.foreseen) {
          bases_.insert_or_assign(state->member.id, *state);
        }
        return *std::move(recalled);
      }
    }
    ends_.clear();
    latest_rules_.reset();
    return LoadFromDatabase(keys);
  }

  absl::Status Write(const WriteSet& writes) override {
    open_ = true;
    NoteWritten(writes);
    RETURN_IF_ERROR(AddWrites(*connection_, writes, latest_rules_, ends_, unsent_));
    return connection_->galera() ? connection_->Run(std::exchange(unsent_, {})) : absl::OkStatus();
  }

  absl::Status Commit() override {
    if (!open_) return absl::OkStatus();
    unsent_.Add("COMMIT");
    absl::Status status = connection_->Run(unsent_);
    if (status.ok()) {
      open_ = false;
      connection_.log_ends().Put(ends_);
      for (MemberCache::Entry& member : written_) connection_.members().Put(std::move(member));
      return status;
    }
    if (connection_->fault().rolled_back) return absl::AbortedError(status.message());
    if (!connection_->last_may_have_run()) return status;
    // Whatever became of it, the session must not be used for anything else.
    open_ = false;
    if (!connection_->lost()) connection_.Drop();
    return absl::UnknownError(status.message());
  }

 private:
  absl::StatusOr<Loaded> LoadFromDatabase(const KeySet& keys) {
    open_ = true;
    Loading loading(*connection_, connection_.members(), keys, &ends_);
    ASSIGN_OR_RETURN(Loaded loaded, loading.Run({}));
    for (auto& [id, base] : loading.TakeBases()) bases_.insert_or_assign(id, std::move(base));
    return loaded;
  }

  // What the cache will have of the members once this is committed.
  void NoteWritten(const WriteSet& writes) {
    // What goes from one member to another is not all here.
    if (!writes.moves.empty()) return;
    absl::flat_hash_map<domain::MemberId, std::vector<domain::AliasChange>> aliases;
    for (const domain::AliasChange& change : writes.aliases) {
      aliases[change.member_id].push_back(change);
    }
    for (const MemberWrite& write : writes.members) {
      NoteWritten(write, std::move(aliases[write.member.id]));
    }
  }

  void NoteWritten(const MemberWrite& write, std::vector<domain::AliasChange> aliases) {
    domain::MemberState state;
    if (write.member.version == 0) {
      state.has_lots = true;  // New: all there are, are here.
    } else if (const auto base = bases_.find(write.member.id); base != bases_.end()) {
      state = std::move(base->second);
    } else {
      return;
    }
    domain::Effects effects;
    effects.member = write.member;
    effects.accounts = write.accounts;
    effects.aliases = std::move(aliases);
    if (state.has_lots) {
      effects.lots = write.lots;
      effects.reservations = write.reservations;
      effects.coupons = write.coupons;
      effects.awards = write.awards;
    }
    domain::Apply(effects, state);
    KeepHeld(state);
    ++state.member.version;
    written_.push_back(std::make_shared<const domain::MemberState>(std::move(state)));
  }

  Pool::Lease connection_;
  LogEnds ends_;
  std::optional<int64_t> latest_rules_;  // Which a write has to check.
  Bases bases_;
  std::vector<MemberCache::Entry> written_;
  Script unsent_;
  bool open_ = false;
};

MysqlStore::MysqlStore(const Location& location)
    : writers_(location, Purpose::kWrite, Pool::kMaxWriterIdle),
      readers_(location, Purpose::kRead),
      reports_(location, Purpose::kLongRead) {}

absl::StatusOr<std::unique_ptr<Transaction>> MysqlStore::Begin() {
  absl::StatusOr<Pool::Lease> connection = writers_.Take();
  // To a command it is all the same why nobody answers.
  if (!connection.ok()) return absl::UnavailableError(connection.status().message());
  return std::make_unique<WriteTransaction>(*std::move(connection));
}

absl::StatusOr<std::unique_ptr<Reader>> MysqlStore::NewReader() {
  return std::make_unique<MysqlReader>(readers_, reports_);
}

absl::Status MysqlStore::Check() {
  // A connection that was idle may turn out to be lost: then a new one tells.
  for (const bool again : {true, false}) {
    ASSIGN_OR_RETURN(Pool::Lease connection, writers_.Take());
    absl::Status status = CheckHost(*connection);
    if (status.ok()) return status;
    const bool lost = connection->lost();
    connection.Drop();
    if (lost && again) continue;
    // Whatever else leads to this host is of no use either.
    if (absl::IsUnavailable(status)) {
      for (Pool* pool : {&writers_, &readers_, &reports_}) pool->CloseAll();
    }
    return absl::IsAborted(status) ? absl::UnavailableError(status.message()) : status;
  }
  return absl::OkStatus();
}

absl::Status MysqlStore::CheckHost(Connection& connection) {
  RETURN_IF_ERROR(connection.CheckWritable());
  if (!has_schema_) {
    ASSIGN_OR_RETURN(const int version, SchemaVersion(connection));
    RETURN_IF_ERROR(schema::CheckCurrent(schema::MysqlMigrations(), version));
    has_schema_ = true;
  }
  return connection.Run("ROLLBACK");
}

int MysqlStore::lanes() const { return kLanes; }

}  // namespace dangol::storage::mysql
