#ifndef DANGOL_SERVER_STORAGE_STORAGE_H_
#define DANGOL_SERVER_STORAGE_STORAGE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/audit/audit.h"
#include "server/domain/inputs.h"
#include "server/domain/member/member.h"
#include "server/domain/news.h"
#include "server/domain/points/ledger.h"
#include "server/domain/points/outstanding.h"
#include "server/domain/program/in_use.h"
#include "server/domain/purchase/given_away.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/shared_counter.h"
#include "server/domain/state.h"

// The seam between the rules and a database. It is set-shaped: a whole batch
// is loaded, written and committed in a handful of round trips.
//
// What its statuses mean to the caller, whatever the engine:
//   ABORTED             the transaction lost against another; nothing happened,
//                       and trying again will help
//   UNKNOWN             the answer to COMMIT was lost; look the request keys up
//   UNAVAILABLE         the database is away; nothing happened
//   RESOURCE_EXHAUSTED  the disk is full; nothing happened
//   anything else       this write cannot succeed; nothing happened
namespace dangol::storage {

// Purchases have ids of their own, and so have returns and activities; every other mutation shares
// one space of request ids; what the server does by itself has another. What a request
// brought about for another member (domain::Consequence) has the id of that request.
// kCoupon is not in the log: it is that of the codes by which coupons are named.
enum class RequestScope : int8_t {
  kPurchase = 1,
  kRequest = 2,
  kSystem = 3,
  kReturn = 4,
  kConsequence = 5,
  kCoupon = 6,
  kUndoReturn = 7,
  kActivity = 8,
  kUndoActivity = 9,
};

using MembersByRequest = absl::flat_hash_map<std::string, std::vector<domain::MemberId>>;

// Members fall into partitions, by their ids. An engine whose log has an end for
// each partition appends to the one of the member; commands that concern no member
// belong to the first. Part of the stored format: never changed.
inline constexpr int kPartitions = 64;
constexpr int PartitionOf(const domain::MemberId& member) {
  return static_cast<int>(member.low % kPartitions);
}

// What makes a repeated request known.
struct RequestKey {
  RequestScope scope = RequestScope::kRequest;
  std::string id;

  friend bool operator==(const RequestKey&, const RequestKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const RequestKey& key) {
    return H::combine(std::move(state), key.scope, key.id);
  }
};

// A command that took effect, as the log keeps it.
struct CommandRecord {
  RequestKey key;
  domain::ActionKind kind = {};
  domain::MemberId member_id;  // Nil where no member is concerned.
  std::string principal;
  absl::Time recorded_at;
  std::string request_hash;  // Of what the caller said; empty where nobody did, or is erased.
  std::string action;        // As a record (domain::EncodeAction).
  std::string reply;         // In the words of the API; empty where nobody is told.
  domain::Inputs inputs;
  domain::News news;
};

// What is known of a request that took effect.
struct StoredReply {
  std::string request_hash;  // Empty where the member was erased since.
  std::string reply;
};

// What everybody is judged by from a moment on, as it is stored: a version of the program, or
// norms. Both have their numbers from one list, so that one number says how much is known.
struct StoredRules {
  int64_t number = 0;   // 1, 2, 3 and so on.
  int64_t version = 0;  // Of the program; 0: these are norms.
  std::string name;     // Of the program.
  absl::Time effective_from;
  absl::Time recorded_at;
  std::string text;   // Of the program.
  std::string norms;  // As a record (domain::Norms).

  bool IsNorms() const { return version == 0; }
};

// Whether a reference by alias is about a moment so long ago that somebody else may have had it.
bool AsksForPast(const domain::MemberRef& ref, absl::Time now);

// The request whose member a reference names, where it names them so.
std::optional<RequestKey> OriginOf(const domain::MemberRef& ref);

struct MemberQuery {
  domain::MemberRef ref;
  domain::MemberNeeds needs;
  bool acts = false;  // A command of theirs: they are written with it.
};

// What to load. Anything may be named more than once.
struct KeySet {
  std::vector<RequestKey> requests;
  std::vector<RequestKey> commands;      // Requests of which all is wanted that the log has.
  bool requests_without_member = false;  // Whether some of them concern no member.
  std::vector<MemberQuery> members;
  std::vector<domain::Alias> aliases;
  std::vector<std::string> counters;  // By name.
  // Members that need their lots at this time (domain::NeedsLots) come with them.
  absl::Time now;
  // Rules after this one are loaded, by number.
  int64_t known_rules = 0;
  // Whether a transaction may answer from memory (Loaded::is_current). A reader never does.
  bool may_recall = false;
  // What the caller has of members by itself, and will decide upon where may_recall: not to be
  // loaded, but to be remembered with what is written of them. Valid during the call.
  std::vector<const domain::MemberState*> foreseen;
  // Whether this comes beside what the transaction has loaded before.
  bool more = false;
};

// What was found; whatever does not exist is left out.
struct Loaded {
  // False: recalled, and perhaps out of date. Nothing is locked, no request was looked
  // for, and only a Write finds out whether all of it was true: of what is decided upon
  // it, nothing may be told to anybody before that is committed.
  bool is_current = true;
  absl::flat_hash_map<RequestKey, StoredReply> requests;
  absl::flat_hash_map<RequestKey, CommandRecord> commands;
  domain::AliasOwners aliases;  // Also those by which members were named.
  // Who had an alias at a moment, where that was not who has it now (MemberRef::as_of).
  absl::flat_hash_map<std::pair<domain::Alias, absl::Time>, domain::MemberId> past_owners;
  // Whose purchase, reservation or coupon it is by which a member was named.
  absl::flat_hash_map<RequestKey, domain::MemberId> origins;
  absl::node_hash_map<domain::MemberId, domain::MemberState> members;
  std::vector<StoredRules> rules;  // Oldest first.
  domain::SharedCounters counters;

  // The member that a reference names; null if there is none. Where they were merged into
  // another, it is the other, if they were loaded as well (LoadFollowing). Null also where
  // those who were loaded lead on in a circle, each as of another moment.
  const domain::MemberState* Find(const domain::MemberRef& ref) const;
  // Who is meant where that is not the one who is named, be they loaded or not.
  std::optional<domain::MemberId> FindResolved(const domain::MemberRef& ref) const;
  // Of a household the person who is named, where the purse is another's; else null.
  const domain::MemberState* FindPerson(const domain::MemberRef& ref) const;
  // Who has the alias that a member is named by, or had it then.
  std::optional<domain::MemberId> FindOwner(const domain::MemberRef& ref) const;

 private:
  const domain::MemberState* FindNamed(const domain::MemberRef& ref) const;
  // Who is meant instead; null where nobody is.
  const domain::MemberState* ResolveOnce(domain::Resolve resolve,
                                         const domain::MemberState& state) const;
};

// What a batch changes in what belongs to one member.
struct MemberWrite {
  // As afterwards. The stored row must still have member.version, which is 0
  // for a new member; the write makes it one more.
  domain::Member member;
  // The stored next_due_at: where it stays, its index is left alone.
  absl::Time next_due_at_before = absl::InfinitePast();
  std::vector<domain::Account> accounts;
  std::vector<domain::Lot> lots;
  std::vector<domain::Reservation> reservations;  // New ones, and as they are afterwards.
  std::vector<domain::Coupon> coupons;            // New ones, and as they are afterwards.
  std::vector<domain::Award> awards;              // New ones, and as they are afterwards.
  std::vector<domain::TierRecord> tier_records;   // New ones.
  std::vector<domain::WorkItem> work_items;       // New ones, and as they are afterwards.
  // Purchases that are there, as they are afterwards: what returns change in them
  // (lines, returned_minor).
  std::vector<domain::Purchase> purchases;
  std::vector<domain::Return> returns;       // Returns that are there and are undone.
  std::vector<domain::Activity> activities;  // The same.
  // Whether what hardly ever changes of the member's row does: what it says about merges, and
  // whether they speak for the house.
  bool rare_changed = false;
};

// What the audit log keeps of a command (domain::Act): plain values, as they are stored, so that
// what they hash to is the same whenever they are read.
struct AuditRecord {
  absl::Time recorded_at;
  RequestKey key;
  domain::ActionKind kind = {};
  domain::MemberId member_id;  // Whom it concerns; nil where that is no member.
  std::string principal;
  std::string reason;
  std::string changes;  // The act as a record.
};

// What a recorded command adds to its record.
struct CommandWrite {
  CommandRecord record;
  std::optional<AuditRecord> act;
  std::optional<domain::Purchase> purchase;
  std::optional<domain::Return> purchase_return;
  std::optional<domain::Activity> activity;
};

// A shared counter as it is afterwards. The stored row must still have `version`, which is
// 0 for a new one; the write makes it one more.
struct CounterWrite {
  std::string name;
  domain::SharedCounter counter;
};

// The clock of a test store: its time, and the advance that moved it last. A store has one for
// ever or never has one.
struct StoredClock {
  int64_t number = 1;   // There is no other.
  int64_t version = 0;  // As of a counter: 0 for a new one.
  absl::Time now;
  std::string request_id;               // Of the last advance; empty before the first one.
  absl::Time from = absl::UnixEpoch();  // Where the clock stood when that was asked for.
  absl::Time to = absl::UnixEpoch();    // Where it leads: `now` once it is done.

  friend bool operator==(const StoredClock&, const StoredClock&) = default;
};

// A person of whom nothing is to be found any more but what they did, under their id: what the log
// keeps of what was said of them, and of requests by which they could be guessed, is overwritten;
// former aliases go, but for those that somebody else has now, and so does the work for them.
struct Erasure {
  domain::MemberId member;
  // Others' that they have used, and those of whoever has used theirs.
  std::vector<domain::MemberId> purses;
};

// Everything that a batch writes.
struct WriteSet {
  std::vector<MemberWrite> members;
  std::vector<domain::LedgerEntry> entries;
  std::vector<domain::AliasChange> aliases;
  std::vector<CommandWrite> commands;
  std::vector<StoredRules> rules;
  std::vector<CounterWrite> counters;  // Each once.
  std::optional<StoredClock> clock;    // As it is afterwards.
  // Purchases, returns, activities, work items, reservations, coupons and awards that go to another
  // member, as they are after all else is written.
  std::vector<domain::Move> moves;
  std::vector<Erasure> erasures;  // Last of all.
};

// One transaction. Destroying it without a successful Commit undoes it. Used by
// one thread.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // Loads, and keeps others from writing the members and the counters that are loaded; or
  // recalls.
  virtual absl::StatusOr<Loaded> Load(const KeySet& keys) = 0;

  // Writes everything. ABORTED where the version of a member, a counter or the clock is not the
  // stored one, where a key that must be new is there already, or what was recalled is
  // not so any more; it may be Commit that tells.
  virtual absl::Status Write(const WriteSet& writes) = 0;

  // Makes it durable.
  virtual absl::Status Commit() = 0;
};

// Where a page of a member's purchases goes on: before this one.
struct PurchaseCursor {
  absl::Time occurred_at;
  std::string purchase_id;
};

struct PurchaseFilter {
  domain::MemberId member_id;
  absl::Time occurred_from = absl::InfinitePast();
  absl::Time occurred_until = absl::InfiniteFuture();
  std::optional<PurchaseCursor> before;
};

struct ReturnFilter {
  domain::MemberId member_id;
  std::optional<PurchaseCursor> before;  // By occurred_at and return_id.
  absl::Time occurred_from = absl::InfinitePast();
};

struct ActivityFilter {
  domain::MemberId member_id;
  std::string kind;  // All when empty.
  absl::Time occurred_from = absl::InfinitePast();
  absl::Time occurred_until = absl::InfiniteFuture();
  std::optional<PurchaseCursor> before;  // By occurred_at and activity_id.
};

struct EntryFilter {
  domain::MemberId member_id;
  std::string wallet;  // All when empty, as with the next two.
  std::string purchase_id;
  std::string reference;
  absl::Time effective_from = absl::InfinitePast();
  absl::Time effective_until = absl::InfiniteFuture();
  std::optional<domain::EntryKind> kind;
  std::optional<int64_t> before_number;
};

struct MemberFilter {
  std::optional<domain::MemberStatus> status;
  std::optional<domain::MemberId> after;
  bool bare = false;                         // Without aliases and accounts.
  bool advocates = false;                    // Only those who are notable (domain::IsNotable).
  std::optional<domain::MemberId> referrer;  // Only those whom they brought; alone.
};

// A work item and whose it is.
struct FoundWork {
  domain::MemberId member_id;
  domain::WorkItem item;
};

struct WorkCursor {
  absl::Time due_at = absl::InfinitePast();
  domain::MemberId member_id;
  int64_t kind = 0;
  std::string item_id;
};

// A member to whom something is due, and since when.
struct DueMember {
  absl::Time due_at = absl::InfinitePast();
  domain::MemberId id;

  friend bool operator==(const DueMember&, const DueMember&) = default;
};

// Places in the log, by partition: after so much of it. A partition that is not named is meant from
// its beginning.
using LogPositions = std::map<int, int64_t>;

// A command as the log tells others of it.
struct LoggedCommand {
  int partition = 0;     // Of an engine whose log has one end: 0.
  int64_t position = 0;  // 1, 2, 3 and so on in its partition.
  RequestKey key;
  domain::ActionKind kind = {};
  domain::MemberId member_id;  // Nil where no member is concerned.
  domain::MemberId person;     // Who acted, where the purse is another's; else nil.
  std::string principal;
  absl::Time recorded_at;
  domain::News news;
};

// The audit log is a chain for each partition: what it has hashed to, up to and with an act.
struct AuditEnd {
  int64_t number = 0;  // Of the last act; 0: there is none.
  std::string chain;   // 32 bytes; kChainBegin where there is none.
};
using AuditEnds = std::map<int, AuditEnd>;

// An act in the audit log.
struct AuditEntry {
  int partition = 0;     // As of LoggedCommand.
  int64_t number = 0;    // 1, 2, 3 and so on in its partition.
  int64_t position = 0;  // Of its command in the log.
  AuditRecord record;
  std::string chain;  // As of AuditEnd.
};

// Whose acts to list; what is empty selects all.
struct AuditFilter {
  domain::MemberId member_id;
  std::string principal;
  domain::ActionKind kind = {};
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();  // Not included.
  // Where the last page ended: what comes after it in the list.
  struct Cursor {
    absl::Time recorded_at;
    int partition = 0;
    int64_t number = 0;
  };
  std::optional<Cursor> after;
};

// Everything that is stored of a member, for an audit.
struct MemberRecords {
  domain::StoredMember stored;          // Without its commands.
  std::vector<CommandRecord> commands;  // In the order of the log.
};

// The next member, and with them everybody with whom they were ever merged, be it over others:
// all that is stored of them. Nobody where one of these comes before the next member: with
// them, all come.
struct FamilyRecords {
  std::optional<domain::MemberId> first;  // Nothing where there is no next member.
  std::vector<domain::StoredMember> family;
};

// Sums over everything stored. Points are sums of members' accounts and,
// independently, of the ledger.
struct StoredTotals {
  struct Currency {
    int64_t gross_minor = 0;
    int64_t returned_minor = 0;
  };
  struct Wallet {
    // Of the stored balances.
    int64_t pending = 0;
    int64_t available = 0;
    int64_t held = 0;
    // Of the ledger: credits less debits, by account.
    absl::flat_hash_map<domain::LedgerAccount, int64_t> ledger;
  };
  int64_t members = 0;
  int64_t purchases = 0;
  int64_t purchase_lines = 0;
  int64_t returns = 0;
  std::map<std::string, Currency> currencies;
  std::map<std::string, Wallet> wallets;
};

// Reads what is committed. Every call sees one consistent state, not older than
// the last commit before the call. Used by one thread at a time.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual absl::StatusOr<Loaded> Load(const KeySet& keys) = 0;

  // Ordered by id, with aliases.
  virtual absl::StatusOr<std::vector<domain::MemberState>> ListMembers(const MemberFilter& filter,
                                                                       int limit) = 0;
  virtual absl::StatusOr<std::optional<domain::Purchase>> FindPurchase(
      const std::string& purchase_id) = 0;
  virtual absl::StatusOr<std::optional<domain::Return>> FindReturn(
      const std::string& return_id) = 0;
  // Those of a purse whose ids come after this one, by id, as they are stored.
  virtual absl::StatusOr<std::vector<domain::Reservation>> ListReservations(
      const domain::MemberId& member, const std::string& after, int limit) = 0;
  virtual absl::StatusOr<std::vector<domain::Coupon>> ListCoupons(const domain::MemberId& member,
                                                                  const std::string& after,
                                                                  int limit) = 0;
  // Those with higher numbers than `after`, by number.
  virtual absl::StatusOr<std::vector<domain::TierRecord>> ListTierRecords(
      const domain::MemberId& member, int64_t after, int limit) = 0;
  // Latest first: by occurred_at, then by purchase_id, both descending.
  virtual absl::StatusOr<std::vector<domain::Purchase>> ListPurchases(const PurchaseFilter& filter,
                                                                      int limit) = 0;
  // Latest first: by occurred_at, then by return_id, both descending.
  virtual absl::StatusOr<std::vector<domain::Return>> ListReturns(const ReturnFilter& filter,
                                                                  int limit) = 0;
  // Those that are open, by due_at, then by member and item, after the cursor.
  virtual absl::StatusOr<std::vector<FoundWork>> ListOpenWork(const WorkCursor& after,
                                                              int limit) = 0;

  // A member's, whatever their status, by item_id, after that one.
  virtual absl::StatusOr<std::vector<domain::WorkItem>> ListWorkOf(const domain::MemberId& member,
                                                                   domain::WorkKind kind,
                                                                   const std::string& after,
                                                                   int limit) = 0;

  // Latest first: by occurred_at, then by activity_id, both descending.
  virtual absl::StatusOr<std::vector<domain::Activity>> ListActivities(const ActivityFilter& filter,
                                                                       int limit) = 0;
  // Last recorded first.
  virtual absl::StatusOr<std::vector<domain::LedgerEntry>> ListEntries(const EntryFilter& filter,
                                                                       int limit) = 0;

  // What the member's wallets held at `time`, without the points that count toward
  // tiers: the sums of the entries that were recorded by then, and of what time had
  // caused by then, though it was recorded later, to lots that were there. With `known_at`: the
  // sums of what had taken effect at `time`, by what was recorded at that later moment.
  virtual absl::StatusOr<std::vector<domain::Account>> BalancesAt(
      const domain::MemberId& member, absl::Time time, std::optional<absl::Time> known_at) = 0;

  // The next member after this one in the order of ids, the first without one. Read from the
  // tables, whatever the store keeps in memory.
  virtual absl::StatusOr<FamilyRecords> ReadRecords(
      const std::optional<domain::MemberId>& after) = 0;

  // Every shared counter, and what the ledger and the coupons say of what they count.
  virtual absl::StatusOr<domain::StoredCounters> ReadCounters() = 0;

  // Transfers, merges and unmerges of which more or less arrived than left, `limit` at most.
  virtual absl::StatusOr<std::vector<domain::UnevenTransfer>> FindUnevenTransfers(int limit) = 0;

  // The members of commands that concern two, both of each, by their request ids.
  virtual absl::StatusOr<MembersByRequest> FindBoth(
      const std::vector<std::string>& request_ids) = 0;

  // Members whose next_due_at is at or before `now`: longest due first, then by id, and only
  // those that come after this one.
  virtual absl::StatusOr<std::vector<DueMember>> DueMembers(absl::Time now, int limit,
                                                            const DueMember& after) = 0;

  // Points of purchases that occurred from the one time to before the other, which went to other
  // members and for which no goods stand any more: of each purchase and wallet, in any order.
  // Reads the whole ledger once, and of the rest only what was given away.
  virtual absl::StatusOr<std::vector<domain::GivenAway>> ListGivenAway(
      absl::Time occurred_from, absl::Time occurred_until) = 0;

  // What members have of each wallet, currency or reward that ever was, by name and as it is
  // stored; `due` as of Totals, for the caller to take out what has expired and nobody looked. Of
  // currencies time changes nothing, and nobody is due. Reads every account, every purchase or
  // every coupon.
  virtual absl::StatusOr<std::vector<domain::InUse>> ListInUse(
      domain::PartKind kind, absl::Time now,
      absl::FunctionRef<void(const domain::MemberState&)> due) = 0;
  // The least next_due_at of any member: InfiniteFuture where nothing is ever due.
  virtual absl::StatusOr<absl::Time> NextDueAt() = 0;

  // What took effect after these places, in the order of the log within each partition; so many
  // at most.
  virtual absl::StatusOr<std::vector<LoggedCommand>> ListLog(const LogPositions& after,
                                                             int limit) = 0;
  // Where the log ends.
  virtual absl::StatusOr<LogPositions> LogEnds() = 0;

  // The acts that a filter selects, the latest first; so many at most.
  virtual absl::StatusOr<std::vector<AuditEntry>> ListAudit(const AuditFilter& filter,
                                                            int limit) = 0;
  // The acts of a partition after a number, in their order; so many at most.
  virtual absl::StatusOr<std::vector<AuditEntry>> ReadAudit(int partition, int64_t after,
                                                            int limit) = 0;
  // Where the audit log ends, in every partition in which there ever was an act.
  virtual absl::StatusOr<AuditEnds> ReadAuditEnds() = 0;

  // The clock of a test store; nothing where this is none.
  virtual absl::StatusOr<std::optional<StoredClock>> ReadClock() = 0;

  // Sums everything, and hands every member who is due at `now` to `due`, with
  // lots, from the same state: the caller adds what time has made of them.
  virtual absl::StatusOr<StoredTotals> Totals(
      absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due) = 0;

  // Sums over all points as they are stored, by these pieces; `due` as of Totals. What is
  // held is handed to `held`, with when its member was last active, for the caller to
  // add. It reads the whole ledger and every lot, in bounded memory.
  using HeldVisitor = absl::FunctionRef<void(const domain::Reservation&,
                                             const std::optional<absl::Time>& last_activity_at)>;
  virtual absl::StatusOr<domain::Outstanding> SumOutstanding(
      const domain::OutstandingPieces& pieces, absl::Time now, HeldVisitor held,
      absl::FunctionRef<void(const domain::MemberState&)> due) = 0;
};

// Loads `keys`; where they name members who were merged into others, adds these and loads
// them, until all are there.
absl::StatusOr<Loaded> LoadFollowing(Transaction& transaction, KeySet& keys);
absl::StatusOr<Loaded> LoadFollowing(Reader& reader, KeySet& keys);

// A database. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  virtual absl::StatusOr<std::unique_ptr<Transaction>> Begin() = 0;

  // A reader that was given once goes on by itself after an outage.
  virtual absl::StatusOr<std::unique_ptr<Reader>> NewReader() = 0;

  // Whether the store can be used now. UNAVAILABLE while it is away;
  // FAILED_PRECONDITION where it lets us in no more, or has another schema.
  virtual absl::Status Check() = 0;

  // How many transactions at once are worth while.
  virtual int lanes() const = 0;
};

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_STORAGE_H_
