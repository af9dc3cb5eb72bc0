#ifndef DANGOL_TESTS_CONFORMANCE_SAMPLE_ROWS_H_
#define DANGOL_TESTS_CONFORMANCE_SAMPLE_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "server/storage/storage.h"
#include "tests/support/programs.h"

// Rows to be stored. They are no ledger that adds up: what a store gives back must be
// what it was given, to the last byte and microsecond.
namespace dangol::storage {

using ::dangol::testing::MemberNumber;
using ::dangol::testing::Utc;

// Text that a store must keep as it is.
inline constexpr char kHardText[] = "'; DROP TABLE member; -- \"\\ 단골 \xF0\x9F\x8D\xB5 %_";
// The same for columns of few bytes.
inline constexpr char kHardWord[] = "'\"\\\n단골 \xF0\x9F\x8D\xB5 %_;";

domain::Member NewMember(uint64_t number);
domain::Lot NewLot(int64_t number, absl::Time available_from, absl::Time expires_at);
domain::LedgerEntry NewEntry(uint64_t member, int64_t number, const std::string& wallet = "points");
domain::Purchase NewPurchase(uint64_t member, const std::string& id, absl::Time occurred_at);
domain::Return NewReturn(uint64_t member, const std::string& id, absl::Time occurred_at);
domain::Activity NewActivity(uint64_t member, const std::string& id, absl::Time occurred_at);
domain::Reservation NewReservation(
    const std::string& id, domain::ReservationStatus status = domain::ReservationStatus::kHeld);
CommandWrite NewCommand(RequestScope scope, const std::string& id, uint64_t member);
// The command that recorded a purchase, with it.
CommandWrite NewPurchaseCommand(const domain::Purchase& purchase);
WriteSet WithMember(domain::Member member);
MemberQuery ById(uint64_t number, domain::MemberNeeds needs = {});

}  // namespace dangol::storage

#endif  // DANGOL_TESTS_CONFORMANCE_SAMPLE_ROWS_H_
