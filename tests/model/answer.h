#ifndef DANGOL_TESTS_MODEL_ANSWER_H_
#define DANGOL_TESTS_MODEL_ANSWER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "server/domain/decide.h"

namespace dangol::model {

// What is said of one wallet after a command: how it stands, and what the command did
// to it.
struct WalletAnswer {
  int64_t pending = 0;
  int64_t available = 0;
  int64_t held = 0;
  int64_t qualifying = 0;
  // By a purchase.
  int64_t earned = 0;
  int64_t qualifying_earned = 0;
  // By a return.
  int64_t reversed = 0;
  int64_t qualifying_reversed = 0;
  int64_t owed = 0;
  int64_t written_off = 0;
  int64_t expired = 0;
  int64_t restored = 0;

  friend bool operator==(const WalletAnswer&, const WalletAnswer&) = default;
};

struct ReservationAnswer {
  int64_t points = 0;
  int64_t captured = 0;
  int64_t restored = 0;
  domain::ReservationStatus status = domain::ReservationStatus::kHeld;
  absl::Time lapses_at;

  friend bool operator==(const ReservationAnswer&, const ReservationAnswer&) = default;
};

struct CouponAnswer {
  domain::CouponStatus status = domain::CouponStatus::kIssued;
  absl::Time expires_at;

  friend bool operator==(const CouponAnswer&, const CouponAnswer&) = default;
};

// Every wallet of the program, by name.
using Wallets = std::map<std::string, WalletAnswer>;

// All that model and domain must agree on after a command.
struct Answer {
  std::string refusal;  // Its reason; empty where the command was obeyed.
  Wallets wallets;
  std::optional<ReservationAnswer> reservation;
  std::optional<CouponAnswer> coupon;
  // Of a purchase: whether a cap or a budget left less than its rule would have given.
  bool was_limited = false;
  // Of a return: what it was worth, and that of goods without a purchase.
  int64_t returned_minor = 0;
  int64_t unmatched_minor = 0;
  // Of a transfer: what went over, by when it expires.
  std::map<absl::Time, int64_t> given;

  friend bool operator==(const Answer&, const Answer&) = default;
};

// In words; what is zero is left out.
std::string Show(const Wallets& wallets);
std::string Show(const Answer& answer);

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_ANSWER_H_
