#include "tests/model/answer.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dangol::model {
namespace {

void AddIfAny(const char* name, int64_t number, std::string& text) {
  if (number != 0) absl::StrAppend(&text, " ", name, " ", number);
}

}  // namespace

std::string Show(const Wallets& wallets) {
  std::string text;
  for (const auto& [name, wallet] : wallets) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", name, ":");
    AddIfAny("pending", wallet.pending, text);
    AddIfAny("available", wallet.available, text);
    AddIfAny("held", wallet.held, text);
    AddIfAny("qualifying", wallet.qualifying, text);
    AddIfAny("earned", wallet.earned, text);
    AddIfAny("qualifying-earned", wallet.qualifying_earned, text);
    AddIfAny("reversed", wallet.reversed, text);
    AddIfAny("qualifying-reversed", wallet.qualifying_reversed, text);
    AddIfAny("owed", wallet.owed, text);
    AddIfAny("written-off", wallet.written_off, text);
    AddIfAny("reversed-after-expiry", wallet.expired, text);
    AddIfAny("restored", wallet.restored, text);
  }
  return text;
}

std::string Show(const Answer& answer) {
  std::string text = answer.refusal.empty() ? "OK" : answer.refusal;
  absl::StrAppend(&text, " | ", Show(answer.wallets));
  if (answer.reservation.has_value()) {
    const ReservationAnswer& reservation = *answer.reservation;
    static constexpr const char* kStatus[] = {"", "held", "captured", "voided", "lapsed"};
    absl::StrAppend(&text, " | reservation of ", reservation.points, " ",
                    kStatus[static_cast<int>(reservation.status)], ", captured ",
                    reservation.captured, ", restored ", reservation.restored, ", lapses at ",
                    absl::FormatTime(reservation.lapses_at, absl::UTCTimeZone()));
  }
  if (answer.coupon.has_value()) {
    static constexpr const char* kStatus[] = {"", "issued", "used", "expired", "cancelled"};
    absl::StrAppend(&text, " | coupon ", kStatus[static_cast<int>(answer.coupon->status)],
                    ", expires at ",
                    absl::FormatTime(answer.coupon->expires_at, absl::UTCTimeZone()));
  }
  if (answer.was_limited) absl::StrAppend(&text, " | limited");
  if (answer.returned_minor != 0 || answer.unmatched_minor != 0) {
    absl::StrAppend(&text, " | returned ", answer.returned_minor, ", unmatched ",
                    answer.unmatched_minor);
  }
  for (const auto& [expires_at, points] : answer.given) {
    absl::StrAppend(&text, " | gave ", points, " until ",
                    absl::FormatTime(expires_at, absl::UTCTimeZone()));
  }
  return text;
}

}  // namespace dangol::model
