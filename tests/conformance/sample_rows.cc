#include "tests/conformance/sample_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/support/programs.h"

namespace dangol::storage {

domain::Member NewMember(uint64_t number) {
  domain::Member member;
  member.id = MemberNumber(number);
  member.enrolled_at = Utc("2026-01-01 10:00:00") + absl::Microseconds(123'456);
  member.advanced_until = Utc("2026-01-02 00:00:00");
  return member;
}

domain::Lot NewLot(int64_t number, absl::Time available_from, absl::Time expires_at) {
  domain::Lot lot;
  lot.lot = number;
  lot.purse = lot.person = MemberNumber(1);
  lot.wallet = "points";
  lot.points = 10 * number;
  lot.remaining = lot.points;
  lot.earned_at = Utc("2026-01-01 12:00:00");
  lot.available_from = available_from;
  lot.expires_at = expires_at;
  lot.purchase_id = absl::StrCat("p-", number);
  return lot;
}

domain::LedgerEntry NewEntry(uint64_t member, int64_t number, const std::string& wallet) {
  domain::LedgerEntry entry;
  entry.member_id = MemberNumber(member);
  entry.number = number;
  entry.wallet = wallet;
  entry.kind = number % 2 == 1 ? domain::EntryKind::kEarn : domain::EntryKind::kMature;
  entry.points = number;
  entry.debit = number % 2 == 1 ? domain::LedgerAccount::kIssued : domain::LedgerAccount::kPending;
  entry.credit =
      number % 2 == 1 ? domain::LedgerAccount::kPending : domain::LedgerAccount::kAvailable;
  entry.rule_id = "base";
  entry.purchase_id = kHardText;
  entry.reference = kHardText;
  entry.reason = kHardWord;
  entry.lot = 1;
  entry.lot_purse = MemberNumber(member);
  entry.program_version = 3;
  entry.principal = "till";
  entry.effective_at = Utc("2026-01-01 12:00:00");
  entry.recorded_at = Utc("2026-01-01 12:00:01");
  entry.pending_after = 4;
  entry.available_after = 5;
  entry.held_after = 6;
  return entry;
}

domain::Purchase NewPurchase(uint64_t member, const std::string& id, absl::Time occurred_at) {
  domain::Purchase purchase =
      testing::PurchaseOf({testing::Line(1'000, kHardText), testing::Line(0)});
  purchase.purchase_id = id;
  purchase.member_id = purchase.person = MemberNumber(member);
  purchase.occurred_at = occurred_at;
  purchase.recorded_at = occurred_at + absl::Seconds(1);
  purchase.total_minor = 1'000;
  purchase.paid_with_points_minor = 7;
  purchase.reservation_id = kHardText;
  purchase.returned_minor = 600;
  purchase.channel = kHardWord;
  purchase.store_id = kHardWord;
  purchase.program_version = 2;
  purchase.lines[0].sku = kHardText;
  purchase.lines[0].tax_minor = 10;
  purchase.lines[0].earned = {{"points", 9, 8}, {"miles", 1, 0}};
  purchase.earned = {
      {"points", 9, 8, 7, 6, 5, 4, 3, {{"base", 9, 7, true, true}, {kHardText, 0, 0}}},
      {kHardWord, 1, 0}};
  purchase.rules_met = {kHardText, "first"};
  purchase.returned_by_amount_minor = 100;
  purchase.suspended = true;
  purchase.lines[0].returned_quantity = 1;
  purchase.lines[0].returned_minor = 600;
  purchase.lines[1].kind = domain::LineKind::kShipping;
  return purchase;
}

CommandWrite NewCommand(RequestScope scope, const std::string& id, uint64_t member) {
  CommandWrite write;
  write.record.key = {scope, id};
  write.record.kind = domain::kKindOf<domain::RecordPurchase>;
  write.record.member_id = MemberNumber(member);
  write.record.principal = "till";
  write.record.recorded_at = Utc("2026-01-01 12:00:00");
  write.record.request_hash = std::string("\0hash\xff", 6);
  write.record.action = std::string("\0payload", 8);
  write.record.reply = std::string("reply\0\xfe", 7);
  return write;
}

domain::Return NewReturn(uint64_t member, const std::string& id, absl::Time occurred_at) {
  domain::Return returned;
  returned.return_id = id;
  returned.member_id = returned.person = MemberNumber(member);
  returned.purchase_id = kHardText;
  returned.occurred_at = occurred_at;
  returned.recorded_at = occurred_at + absl::Seconds(1);
  returned.currency = "EUR";
  returned.reason = kHardWord;
  returned.amount_minor = 700;
  returned.unmatched_minor = 100;
  returned.lines = {{kHardText, 0, kHardText, 1, 600}, {"", -1, "tea", 2, 100}};
  return returned;
}

domain::Activity NewActivity(uint64_t member, const std::string& id, absl::Time occurred_at) {
  domain::Activity activity;
  activity.activity_id = id;
  activity.member_id = activity.person = MemberNumber(member);
  activity.kind = "review";
  activity.occurred_at = occurred_at;
  activity.rewarded = true;
  activity.channel = "'\"\\ 단골";
  activity.reference = kHardText;
  activity.recorded_at = occurred_at + absl::Microseconds(1);
  activity.program_version = 7;
  activity.suspended = true;
  return activity;
}

domain::Reservation NewReservation(const std::string& id, domain::ReservationStatus status) {
  domain::Reservation reservation;
  reservation.reservation_id = id;
  reservation.person = MemberNumber(1);
  reservation.wallet = "points";
  reservation.points = 12;
  reservation.captured = 5;
  reservation.restored = 1;
  reservation.status = status;
  reservation.reserved_at = Utc("2026-01-15 12:00:00") + absl::Microseconds(1);
  reservation.lapses_at = Utc("2026-01-15 12:15:00");
  reservation.lots = {
      NewLot(1, Utc("2026-01-02 12:00:00"), Utc("2026-03-01 00:00:00")),
      NewLot(2, Utc("2026-01-02 12:00:00") + absl::Microseconds(1), absl::InfiniteFuture())};
  reservation.lots[0].wallet = kHardWord;
  reservation.lots[0].purchase_id = kHardText;
  reservation.lots[1].remaining = 3;
  reservation.lots[1].idle_months = 12;
  reservation.lots[1].idle_days = 7;
  return reservation;
}

CommandWrite NewPurchaseCommand(const domain::Purchase& purchase) {
  CommandWrite write = NewCommand(RequestScope::kPurchase, purchase.purchase_id, 1);
  write.record.member_id = purchase.member_id;
  write.purchase = purchase;
  return write;
}

WriteSet WithMember(domain::Member member) {
  WriteSet writes;
  writes.members.emplace_back().member = std::move(member);
  return writes;
}

MemberQuery ById(uint64_t number, domain::MemberNeeds needs) {
  return {{MemberNumber(number), {}}, needs};
}

}  // namespace dangol::storage
