#ifndef DANGOL_SERVER_STORAGE_MYSQL_LOADING_H_
#define DANGOL_SERVER_STORAGE_MYSQL_LOADING_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// The last position of each partition of the log that a transaction has locked.
using LogEnds = absl::flat_hash_map<int, int64_t>;

// Locks the ends of the log of `partitions`, those that are not in `ends` yet.
void AddLogEnds(std::vector<int> partitions, LogEnds& ends, Script& script);

// Loads a key set in one round trip; in one more where members are named by their
// aliases, and in one more where lots are wanted or there is a new program. Keys are
// sorted: all who lock rows lock them in the same order, and wait for each other in no circle.
class Loading {
 public:
  // `ends`: lock what is loaded, and the ends of the log of the partitions that
  // the members belong to. Null: only read.
  Loading(Connection& connection, const KeySet& keys, LogEnds* ends)
      : connection_(connection), keys_(keys), ends_(ends) {}

  // `first` goes ahead in the first round trip and `last` is run in the last one:
  // the beginning of the transaction, and its end where there is no more to do.
  absl::StatusOr<Loaded> Run(Script first, const std::string& last = "");

 private:
  // What is asked of a member, whoever named them and however often.
  struct Wanted {
    bool lots = false;
    bool aliases = false;
    absl::flat_hash_set<std::string> periods;
  };
  using Ids = absl::Span<const domain::MemberId>;

  void AddState(Script& script);
  void AddLatestProgram(Script& script);
  void AddPrograms(Script& script);
  void AddRequests(Script& script);
  void AddAliases(Script& script);
  void AddMembers(Script& script);
  void AddRows(Ids ids, Script& script);
  void AddAliasesOf(Ids ids, Script& script);
  void AddCapUsage(Ids ids, Script& script);
  void AddLots(Script& script);
  void AddLotsOf(absl::Span<domain::MemberState* const> members, Script& script);
  void Want(const domain::MemberId& id, const domain::MemberNeeds& needs);
  bool NamesAliases() const;

  Connection& connection_;
  const KeySet& keys_;
  LogEnds* const ends_;
  absl::btree_map<domain::MemberId, Wanted> wanted_;
  int64_t latest_program_ = 0;
  Loaded loaded_;
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_LOADING_H_
