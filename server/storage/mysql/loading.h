#ifndef DANGOL_SERVER_STORAGE_MYSQL_LOADING_H_
#define DANGOL_SERVER_STORAGE_MYSQL_LOADING_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/log_end_cache.h"
#include "server/storage/mysql/member_cache.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// Members as a transaction has found them, with as much as a cache keeps of them.
using Bases = absl::node_hash_map<domain::MemberId, domain::MemberState>;

// Locks the ends of the log of `partitions`, those that are not in `ends` yet, and sets
// `latest_rules` to the number of the latest version of the program. False where
// there is nothing to lock, and nothing is set.
bool AddLogEnds(std::vector<int> partitions, LogEnds& ends, int64_t& latest_rules, Script& script);

// Loads a key set in one round trip; in one more where members are not named by their
// ids, and in one more where a member has changed since they were cached or needs their
// lots after all, a purchase names a reservation, an adjustment is to be undone, or there
// is a new program. Keys are sorted: all who lock rows lock them in the same order, and
// wait for each other in no circle.
class Loading {
 public:
  // `ends`: lock what is loaded, and the ends of the log of the partitions that
  // the members belong to. Null: only read.
  Loading(Connection& connection, CachedMembers cached, const KeySet& keys, LogEnds* ends)
      : connection_(connection), cached_(cached), keys_(keys), ends_(ends) {}

  // `first` goes ahead in the first round trip and `last` is run in the last one:
  // the beginning of the transaction, and its end where there is no more to do.
  absl::StatusOr<Loaded> Run(Script first, const std::string& last = "");

  // Where all that is wanted is cached: only looks whether it is up to date, in one
  // round trip and without a transaction. Nothing where either is not so.
  absl::StatusOr<std::optional<Loaded>> RunCached();

  // Where all that is wanted is cached, and so are the ends of the log: that, without a
  // look at the database. Nothing where it is not.
  std::optional<Loaded> Recall(CachedLogEnds log_ends);

  // The members that were loaded to be written.
  Bases TakeBases() { return std::move(bases_); }

 private:
  // What is asked of a member, whoever named them and however often.
  struct Wanted {
    bool lots = false;
    bool aliases = false;
    bool gone = false;
    absl::flat_hash_set<std::string> purchases;
    std::vector<domain::PurchasesWithin> purchases_within;
    absl::flat_hash_set<std::string> activities;
    absl::flat_hash_set<std::string> reservations;
    absl::flat_hash_set<std::string> work_items;   // By their ids.
    absl::flat_hash_set<std::string> coupons;      // By their codes.
    absl::flat_hash_set<std::string> adjustments;  // By their requests.
    std::vector<domain::CouponsOfReward> coupons_of_rewards;
    MemberCache::Entry cached;  // Null where that is not enough.
    int64_t version = 0;        // In the database; 0 if there is no such member.
  };
  using Ids = absl::Span<const domain::MemberId>;
  using Origins = decltype(Loaded::origins);
  // A reservation, by its member and its id.
  using ReservationKey = std::pair<domain::MemberId, absl::string_view>;

  void AddState(Script& script);
  void AddLatestRules(Script& script);
  void AddRules(Script& script);
  void AddRequests(Script& script);
  void AddCommands(Script& script);
  void AddCounters(Script& script);
  void AddAliases(Script& script);
  void AddOrigins(Origins& origins, Script& script);
  void AddReturnOrigins(absl::Span<const absl::string_view> ids, Origins& origins, Script& script);
  void AddPastOwners(Script& script);
  void AddMembers(Script& script);
  void AddVersions(Ids ids, Script& script);
  void AddRows(Ids ids, bool lock, Script& script);
  void AddAliasesOf(Ids ids, Script& script);
  void AddLots(Ids ids, Script& script);
  void AddPurchases(Script& script);
  void AddActivities(Script& script);
  void AddWorkItems(Script& script);
  void AddAdjustments(Script& script);
  void AddAdjustment(const domain::MemberId& id, Ids purses, const std::string& adjustment,
                     Script& script);
  void AddPurchasesWithin(const domain::MemberId& id, absl::Span<const domain::PurchasesWithin> all,
                          Script& script);
  void AddGone(Ids ids, Script& script);
  void AddGoneElsewhere(Script& script);
  // Adds what has expired in purses to what is known of `whom`.
  void AddGoneIn(Ids purses, Script& script,
                 std::function<domain::MemberId(const domain::MemberId&)> whom);
  void AddReservations(const std::vector<ReservationKey>& keys, Script& script);
  void AddCoupons(Ids ids, Script& script);
  // Whether what else is wanted of them depends on what they are found to be.
  bool AddStale(Script& script);
  static bool LooksFurther(const Wanted& wanted);
  void AddNeededLots(Script& script);
  void AddMissingReservations(Script& script);
  bool IsStale(const Wanted& wanted) const;
  // Whether more is wanted than a cache keeps.
  static bool IsBeyondCache(const Wanted& wanted);
  // Hands rows to add(row, state), with the state of their member where that is loaded.
  template <typename Stored, typename Add>
  RowHandler IntoStates(Add add);
  void Finish();
  domain::MemberState* FindLoaded(const domain::MemberId& id);
  void TakeCached(const domain::MemberId& id, const Wanted& wanted);
  MemberCache::Entry FindCached(const domain::MemberId& id, Wanted& wanted) const;
  void Want(const domain::MemberId& id, const domain::MemberNeeds& needs);
  void WantResolved();
  bool NamesById() const;
  // Wants every member, by id or alias, and finds all that is wanted of them in the cache.
  bool FindAllCached();
  // Those that the commands will be appended to.
  std::vector<int> LogPartitions() const;

  Connection& connection_;
  const CachedMembers cached_;
  const KeySet& keys_;
  LogEnds* const ends_;
  absl::btree_map<domain::MemberId, Wanted> wanted_;
  int64_t latest_rules_ = 0;
  absl::flat_hash_map<std::string, domain::Return> returns_;  // By which members are named.
  Origins confirmed_;                                         // As after the members were locked.
  Loaded loaded_;
  Bases bases_;
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_LOADING_H_
