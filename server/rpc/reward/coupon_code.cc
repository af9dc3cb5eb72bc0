#include "server/rpc/reward/coupon_code.h"

#include <sys/random.h>

#include <array>
#include <cstdlib>

#include "absl/strings/ascii.h"

namespace dangol::rpc {
namespace {

constexpr absl::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kCodeBytes = 26;  // Of five bits each: 128 and two that are zero.

template <typename Bits>
void FillFromSystem(Bits& bits) {
  // So few bytes are given at once, or not at all: then there is no safe way to go on.
  if (getrandom(&bits, sizeof(bits), 0) != static_cast<ssize_t>(sizeof(bits))) std::abort();
}

char AsWritten(char typed) {
  const char capital = absl::ascii_toupper(static_cast<unsigned char>(typed));
  if (capital == 'I' || capital == 'L') return '1';
  return capital == 'O' ? '0' : capital;
}

}  // namespace

std::string NewCouponCode() {
  std::array<uint64_t, 2> bits;
  FillFromSystem(bits);
  std::string code(kCodeBytes, '0');
  for (auto digit = code.rbegin(); digit != code.rend(); ++digit) {
    *digit = kAlphabet[bits[1] % kAlphabet.size()];
    bits[1] = (bits[1] >> 5) | (bits[0] << 59);
    bits[0] >>= 5;
  }
  return code;
}

uint64_t NewSeed() {
  uint64_t seed = 0;
  FillFromSystem(seed);
  return seed;
}

std::optional<std::string> ReadCouponCode(absl::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char written = AsWritten(c);
    if (kAlphabet.find(written) == absl::string_view::npos) return std::nullopt;
    code.push_back(written);
    if (code.size() > kCodeBytes) return std::nullopt;
  }
  if (code.size() != kCodeBytes) return std::nullopt;
  return code;
}

}  // namespace dangol::rpc
