#ifndef DANGOL_SERVER_STORAGE_TABLES_H_
#define DANGOL_SERVER_STORAGE_TABLES_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/domain/activity/activity.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/points/reservation.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/standing/award.h"
#include "server/domain/state.h"
#include "server/storage/columns.h"
#include "server/storage/json.h"
#include "server/storage/storage.h"

// Every table, once for all engines: its name and its columns, in the terms of columns.h.
// The types of the columns are in schema/.
//
// A new column is a line here and one in a migration of each engine. A new kind of row that
// belongs to a member is a struct, its name in MemberKinds, its Table here, and a migration
// of each engine: it is written where Table has Written, moved where it has Movers, and
// read for an audit where Table has Stored.
namespace dangol::storage {

template <typename... Rows>
struct Kinds {};

// Every kind of row that belongs to a member, in the order in which they are written.
using MemberKinds = Kinds<domain::Account, domain::Lot, domain::Alias, domain::Reservation,
                          domain::Coupon, domain::Award, domain::TierRecord, domain::WorkItem,
                          domain::Purchase, domain::Return, domain::Activity, domain::LedgerEntry>;

namespace internal {
template <typename Visit, typename... Rows>
absl::Status ForEach(Kinds<Rows...>, Visit& visit) {
  absl::Status status;
  (void)((status = visit.template operator()<Rows>(), status.ok()) && ...);
  return status;
}
}  // namespace internal

// Calls visit.operator()<Row>() for every kind, up to the first that fails.
template <typename Visit>
absl::Status ForEachKind(Visit visit) {
  return internal::ForEach(MemberKinds(), visit);
}

// Whether rows of a kind are written with their member: all that are new, and as they are
// afterwards.
template <typename Row>
concept IsWritten = requires(const MemberWrite& write) {
  Table<Row>::Written(write);
};

// Whether rows of a kind may go to another member with the person they are of.
template <typename Row>
concept IsMoved = requires(const domain::Move& move) {
  Table<Row>::Movers(move);
};

template <typename Row>
concept IsStored = requires(MemberRecords& records) {
  Table<Row>::Stored(records);
};

struct OfMember {
  static constexpr bool kIsOwned = true;
  // The index of MySQL that begins with the member's id.
  static constexpr absl::string_view kMemberIndex = "PRIMARY";
};

struct ByItself {
  static constexpr bool kIsOwned = false;
  static constexpr absl::string_view kMemberIndex = "PRIMARY";
};

// Who has everything of a member; comes after the rest of it.
template <typename Joined>
struct JoinedToColumn {
  Joined& joined;

  std::optional<domain::MemberId> ToColumn() const {
    return joined.has_value() ? std::optional<domain::MemberId>(joined->into) : std::nullopt;
  }
  template <typename Source>
  absl::Status FromColumn(const Source& row, int column) const {
    if (joined.has_value()) joined->into = row.Id(column);
    return absl::OkStatus();
  }
};
template <typename Field>
JoinedToColumn(Field&) -> JoinedToColumn<Field>;

// Whether somebody speaks for the house, so that they are found among all: 1, or NULL. It follows
// from the record.
template <typename Member>
struct AdvocateColumn {
  Member& member;

  std::optional<int64_t> ToColumn() const {
    return domain::IsNotable(member) ? std::optional<int64_t>(1) : std::nullopt;
  }
  template <typename Source>
  absl::Status FromColumn(const Source&, int) const {
    return absl::OkStatus();
  }
};
template <typename Field>
AdvocateColumn(Field&) -> AdvocateColumn<Field>;

// By whom somebody was brought, so that those are found whom one member brought. It follows from
// the record.
template <typename Member>
struct ReferrerColumn {
  Member& member;

  std::optional<domain::MemberId> ToColumn() const {
    const domain::Referral* const referral = domain::ReferralOf(member);
    return referral == nullptr ? std::nullopt : std::optional<domain::MemberId>(referral->referrer);
  }
  template <typename Source>
  absl::Status FromColumn(const Source&, int) const {
    return absl::OkStatus();
  }
};
template <typename Field>
ReferrerColumn(Field&) -> ReferrerColumn<Field>;

// Who shares a member's purse, and where their points have lain.
template <typename Member>
struct PurseColumn {
  Member& member;
};
template <typename Field>
PurseColumn(Field&) -> PurseColumn<Field>;

template <typename Member>
std::string ToJson(const PurseColumn<Member>& column) {
  return PurseToJson(column.member);
}

inline absl::Status FromJson(absl::string_view json, const PurseColumn<domain::Member>& column) {
  return PurseFromJson(json, column.member);
}

template <>
struct Table<domain::Member> : ByItself {
  static constexpr absl::string_view kName = "member";

  static void Columns(auto& row, auto& v) {
    v("member_id", row.id, Use::kKey);
    v("version", row.version, Use::kVersion);
    v("status", row.status);
    v("enrolled_at", row.enrolled_at);
    v("attributes", row.attributes);
    v("entry_count", row.entry_count);
    v("advanced_until", row.advanced_until);
    v("next_due_at", row.next_due_at, Use::kIndexed);
    v("last_activity_at", row.last_activity_at);
    v("record", RecordColumn{row});
    v("advocate", AdvocateColumn{row}, Use::kRare);
    v("referrer_id", ReferrerColumn{row}, Use::kRare);
    v("merge_json", row.joined, Use::kRare);
    v("merged_into", JoinedToColumn{row.joined}, Use::kRare);
    v("purse_json", PurseColumn{row}, Use::kRare);
  }
};

template <>
struct Table<domain::Account> : OfMember {
  static constexpr absl::string_view kName = "account";
  static const auto& Written(const MemberWrite& write) { return write.accounts; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.accounts; }

  static void Columns(auto& row, auto& v) {
    v("wallet", row.wallet, Use::kKey);
    v("pending", row.pending);
    v("available", row.available);
    v("held", row.held);
    v("owed", row.owed);
  }
};

template <>
struct Table<domain::Lot> : OfMember {
  static constexpr absl::string_view kName = "lot";
  static const auto& Written(const MemberWrite& write) { return write.lots; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.lots; }

  static void Columns(auto& row, auto& v) {
    v("expires_at", row.expires_at, Use::kKey);
    v("lot", row.lot, Use::kKey);
    v("purse_id", row.purse, Use::kKey);
    v("person_id", row.person);
    v("wallet", row.wallet);
    v("points", row.points);
    v("remaining", row.remaining);
    v("earned_at", row.earned_at);
    v("available_from", row.available_from);
    v("purchase_id", row.purchase_id);
    v("idle_months", row.idle_months);
    v("idle_days", row.idle_days);
  }
};

template <>
struct Table<domain::Alias> : OfMember {
  static constexpr absl::string_view kName = "alias";
  static constexpr absl::string_view kMemberIndex = "alias_by_member";
  static auto& Stored(MemberRecords& records) { return records.stored.state.aliases; }

  static void Columns(auto& row, auto& v) {
    v("kind", row.kind, Use::kKey);
    v("value", row.value, Use::kKey);
  }
};

template <>
struct Table<domain::Reservation> : OfMember {
  static constexpr absl::string_view kName = "reservation";
  static const auto& Written(const MemberWrite& write) { return write.reservations; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.reservations; }
  static const auto& Movers(const domain::Move& move) { return move.purse_of; }

  static void Columns(auto& row, auto& v) {
    v("reservation_id", row.reservation_id, Use::kKey);
    v("wallet", row.wallet);
    v("points", row.points);
    v("captured", row.captured);
    v("restored", row.restored);
    v("purchase_id", row.purchase_id);
    v("goods", row.goods);
    v("goods_returned", row.goods_returned);
    v("status", row.status);
    v("reserved_at", row.reserved_at);
    v("lapses_at", row.lapses_at);
    v("person_id", row.person);
    v("lots_json", row.lots);
  }
};

template <>
struct Table<domain::Coupon> : OfMember {
  static constexpr absl::string_view kName = "coupon";
  static const auto& Written(const MemberWrite& write) { return write.coupons; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.coupons; }
  static const auto& Movers(const domain::Move& move) { return move.purse_of; }

  static void Columns(auto& row, auto& v) {
    v("coupon_id", row.coupon_id, Use::kKey);
    v("code", row.code, Use::kUnique);
    v("reward_id", row.reward_id, Use::kFixed);
    v("prize_id", row.prize_id, Use::kFixed);
    v("wallet", row.wallet, Use::kFixed);
    v("points", row.points, Use::kFixed);
    v("program_version", row.program_version, Use::kFixed);
    v("status", row.status);
    v("issued_at", row.issued_at, Use::kFixed);
    v("expires_at", row.expires_at, Use::kFixed);
    v("ended_at", row.ended_at);
    v("reference", row.reference);
    v("person_id", row.person, Use::kFixed);
    v("lots_json", row.lots);
  }
};

template <>
struct Table<domain::Award> : OfMember {
  static constexpr absl::string_view kName = "award";
  static const auto& Written(const MemberWrite& write) { return write.awards; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.awards; }
  static const auto& Movers(const domain::Move& move) { return move.purse_of; }

  static void Columns(auto& row, auto& v) {
    v("person_id", row.person, Use::kKey);
    v("number", row.number, Use::kKey);
    v("cause", row.cause, Use::kFixed);
    v("day", row.day);
    v("wallet", row.wallet, Use::kFixed);
    v("points", row.points);
    v("given", row.given);
    v("purse_id", row.purse);
    v("lot", row.lot);
    v("expires_at", row.expires_at);
    v("fallen", row.fallen);
    v("written_off", row.written_off);
    v("recorded_at", row.recorded_at, Use::kFixed);
  }
};

template <>
struct Table<domain::WorkItem> : OfMember {
  static constexpr absl::string_view kName = "work_item";
  static const auto& Written(const MemberWrite& write) { return write.work_items; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.work_items; }
  static const auto& Movers(const domain::Move& move) { return move.facts_of; }

  static void Columns(auto& row, auto& v) {
    v("kind", row.kind, Use::kKey);
    v("item_id", row.item_id, Use::kKey);
    v("person_id", row.person, Use::kFixed);
    v("department", row.department);
    v("owner", row.owner);
    v("status", row.status);
    v("opened_at", row.opened_at, Use::kFixed);
    v("due_at", row.due_at);
    v("body", BytesColumn{row.body});
  }
};

template <>
struct Table<domain::TierRecord> : OfMember {
  static constexpr absl::string_view kName = "tier_record";
  static const auto& Written(const MemberWrite& write) { return write.tier_records; }
  static auto& Stored(MemberRecords& records) { return records.stored.state.tier_records; }

  static void Columns(auto& row, auto& v) {
    v("number", row.number, Use::kKey);
    v("ladder", row.ladder, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("withdrawn", row.withdrawn, Use::kFixed);
    v("day", row.span.day, Use::kFixed);
    v("tier", row.span.tier, Use::kFixed);
    v("reason", row.span.reason, Use::kFixed);
    v("reached_on", row.span.reached_on, Use::kFixed);
    v("valid_until", row.span.valid_until, Use::kFixed);
    v("missed_on", row.span.missed_on, Use::kFixed);
    v("counts_from", row.span.counts_from, Use::kFixed);
    v("carried", row.span.carried, Use::kFixed);
    v("announced", RecordColumn{row.announced}, Use::kFixed);
  }
};

template <>
struct Table<domain::Purchase> : ByItself {
  static constexpr absl::string_view kName = "purchase";
  static constexpr absl::string_view kMemberIndex = "purchase_by_member";
  static auto& Stored(MemberRecords& records) { return records.stored.state.purchases; }
  static const auto& Movers(const domain::Move& move) { return move.facts_of; }

  static void Columns(auto& row, auto& v) {
    v("member_id", row.member_id, Use::kKey);
    v("occurred_at", row.occurred_at, Use::kKey);
    v("purchase_id", row.purchase_id, Use::kKey);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("currency", row.currency, Use::kFixed);
    v("total_minor", row.total_minor, Use::kFixed);
    v("paid_with_points_minor", row.paid_with_points_minor, Use::kFixed);
    v("line_count", DerivedColumn{static_cast<int64_t>(row.lines.size())}, Use::kFixed);
    v("channel", row.channel, Use::kFixed);
    v("store_id", row.store_id, Use::kFixed);
    v("program_version", row.program_version, Use::kFixed);
    v("lines_json", row.lines);
    v("returned_minor", row.returned_minor);
    v("record", RecordColumn{row});
    v("reservation_id", row.reservation_id, Use::kFixed);
    v("person_id", row.person, Use::kFixed);
  }
};

template <>
struct Table<domain::Return> : ByItself {
  static constexpr absl::string_view kName = "purchase_return";
  static constexpr absl::string_view kMemberIndex = "purchase_return_by_member";
  static auto& Stored(MemberRecords& records) { return records.stored.state.returns; }
  static const auto& Movers(const domain::Move& move) { return move.facts_of; }

  static void Columns(auto& row, auto& v) {
    v("member_id", row.member_id, Use::kKey);
    v("occurred_at", row.occurred_at, Use::kKey);
    v("return_id", row.return_id, Use::kKey);
    v("purchase_id", row.purchase_id, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("currency", row.currency, Use::kFixed);
    v("reason", row.reason, Use::kFixed);
    v("amount_minor", row.amount_minor, Use::kFixed);
    v("unmatched_minor", row.unmatched_minor, Use::kFixed);
    v("lines_json", row.lines, Use::kFixed);
    v("person_id", row.person, Use::kFixed);
    v("undone_at", row.undone_at);
  }
};

template <>
struct Table<domain::Activity> : ByItself {
  static constexpr absl::string_view kName = "activity";
  static constexpr absl::string_view kMemberIndex = "activity_by_member";
  static auto& Stored(MemberRecords& records) { return records.stored.state.activities; }
  static const auto& Movers(const domain::Move& move) { return move.facts_of; }

  static void Columns(auto& row, auto& v) {
    v("member_id", row.member_id, Use::kKey);
    v("occurred_at", row.occurred_at, Use::kKey);
    v("activity_id", row.activity_id, Use::kKey);
    v("kind", row.kind, Use::kFixed);
    v("rewarded", row.rewarded, Use::kFixed);
    v("channel", row.channel, Use::kFixed);
    v("reference", row.reference, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("program_version", row.program_version, Use::kFixed);
    v("suspended", row.suspended, Use::kFixed);
    v("person_id", row.person, Use::kFixed);
    v("undone_at", row.undone_at);
  }
};

template <>
struct Table<domain::LedgerEntry> : ByItself {
  static constexpr absl::string_view kName = "ledger_entry";
  static auto& Stored(MemberRecords& records) { return records.stored.entries; }

  static void Columns(auto& row, auto& v) {
    v("member_id", row.member_id, Use::kKey);
    v("number", row.number, Use::kKey);
    v("wallet", row.wallet, Use::kFixed);
    v("kind", row.kind, Use::kFixed);
    v("points", row.points, Use::kFixed);
    v("debit", row.debit, Use::kFixed);
    v("credit", row.credit, Use::kFixed);
    v("rule_id", row.rule_id, Use::kFixed);
    v("purchase_id", row.purchase_id, Use::kFixed);
    v("lot", row.lot, Use::kFixed);
    v("lot_purse_id", row.lot_purse, Use::kFixed);
    v("program_version", row.program_version, Use::kFixed);
    v("principal", row.principal, Use::kFixed);
    v("effective_at", row.effective_at, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("pending_after", row.pending_after, Use::kFixed);
    v("available_after", row.available_after, Use::kFixed);
    v("held_after", row.held_after, Use::kFixed);
    v("reference", row.reference, Use::kFixed);
    v("reason", row.reason, Use::kFixed);
  }
};

template <>
struct Table<CommandRecord> : ByItself {
  static constexpr absl::string_view kName = "command_log";

  static void Columns(auto& row, auto& v) {
    v("scope", row.key.scope, Use::kKey);
    v("request_id", row.key.id, Use::kKey);
    v("kind", row.kind, Use::kFixed);
    v("member_id", IdOrNullColumn{row.member_id}, Use::kFixed);
    v("principal", row.principal, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("request_hash", BytesColumn{row.request_hash}, Use::kFixed);
    v("action", BytesColumn{row.action}, Use::kFixed);
    v("reply", BytesColumn{row.reply}, Use::kFixed);
    v("rules", row.inputs.rules, Use::kFixed);
    v("inputs", row.inputs, Use::kFixed);
    v("person_id", IdOrNullColumn{row.inputs.person}, Use::kFixed);
    v("news", RecordColumn{row.news}, Use::kFixed);
  }
};

// What the stream of events reads of the same table; never written.
template <>
struct Table<LoggedCommand> : ByItself {
  static constexpr absl::string_view kName = "command_log";

  static void Columns(auto& row, auto& v) {
    v("position", row.position, Use::kKey);
    v("scope", row.key.scope, Use::kFixed);
    v("request_id", row.key.id, Use::kFixed);
    v("kind", row.kind, Use::kFixed);
    v("member_id", IdOrNullColumn{row.member_id}, Use::kFixed);
    v("person_id", IdOrNullColumn{row.person}, Use::kFixed);
    v("principal", row.principal, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("news", RecordColumn{row.news}, Use::kFixed);
  }
};

template <>
struct Table<AuditRecord> : ByItself {
  static constexpr absl::string_view kName = "audit_log";

  static void Columns(auto& row, auto& v) {
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("scope", row.key.scope, Use::kFixed);
    v("request_id", row.key.id, Use::kFixed);
    v("kind", row.kind, Use::kFixed);
    v("member_id", IdOrNullColumn{row.member_id}, Use::kFixed);
    v("principal", row.principal, Use::kFixed);
    v("reason", row.reason, Use::kFixed);
    v("changes", BytesColumn{row.changes}, Use::kFixed);
  }
};

// The same as it is read: with its place, and what the chain has come to.
template <>
struct Table<AuditEntry> : ByItself {
  static constexpr absl::string_view kName = "audit_log";

  static void Columns(auto& row, auto& v) {
    v("partition_id", row.partition, Use::kKey);
    v("number", row.number, Use::kKey);
    v("position", row.position, Use::kFixed);
    v("chain", BytesColumn{row.chain}, Use::kFixed);
    Table<AuditRecord>::Columns(row.record, v);
  }
};

template <>
struct Table<StoredRules> : ByItself {
  static constexpr absl::string_view kName = "rules";

  static void Columns(auto& row, auto& v) {
    v("number", row.number, Use::kKey);
    v("program_version", row.version, Use::kFixed);
    v("name", row.name, Use::kFixed);
    v("effective_from", row.effective_from, Use::kFixed);
    v("recorded_at", row.recorded_at, Use::kFixed);
    v("program_text", row.text, Use::kFixed);
    v("norms", BytesColumn{row.norms}, Use::kFixed);
  }
};

template <>
struct Table<CounterWrite> : ByItself {
  static constexpr absl::string_view kName = "shared_counter";

  static void Columns(auto& row, auto& v) {
    v("name", row.name, Use::kKey);
    v("version", row.counter.version, Use::kVersion);
    v("used", row.counter.used);
  }
};

template <>
struct Table<StoredClock> : ByItself {
  static constexpr absl::string_view kName = "test_clock";

  static void Columns(auto& row, auto& v) {
    v("number", row.number, Use::kKey);
    v("version", row.version, Use::kVersion);
    v("stands_at", row.now);
    v("request_id", row.request_id);
    v("advances_from", row.from);
    v("advances_to", row.to);
  }
};

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_TABLES_H_
