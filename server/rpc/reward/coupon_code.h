#ifndef DANGOL_SERVER_RPC_REWARD_COUPON_CODE_H_
#define DANGOL_SERVER_RPC_REWARD_COUPON_CODE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Codes of coupons: 128 bits from the operating system in Crockford's base 32, which has no
// letters that are mistaken for digits.
namespace dangol::rpc {

// A new code, which nobody can guess.
std::string NewCouponCode();

// 64 random bits from the operating system.
uint64_t NewSeed();

// A code as somebody typed it, as it is stored: capitals, without "-" and spaces, and with
// what stands for the letters I, L and O. Nothing where it cannot be one.
std::optional<std::string> ReadCouponCode(absl::string_view typed);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_REWARD_COUPON_CODE_H_
