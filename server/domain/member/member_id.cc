#include "server/domain/member/member_id.h"

namespace dangol::domain {
namespace {

constexpr int kBytes = 16;

bool IsDashBefore(int byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uint8_t ByteAt(const MemberId& id, int index) {
  const uint64_t half = index < 8 ? id.high : id.low;
  return static_cast<uint8_t>(half >> (8 * (7 - index % 8)));
}

void AppendByte(MemberId& id, int index, uint8_t byte) {
  uint64_t& half = index < 8 ? id.high : id.low;
  half = half << 8 | byte;
}

}  // namespace

MemberId MemberId::Make(absl::Time time, uint64_t random_high, uint64_t random_low) {
  constexpr uint64_t kVersion = 0x7;
  constexpr uint64_t kVariant = 0x2;
  MemberId id;
  id.high = static_cast<uint64_t>(absl::ToUnixMillis(time)) << 16 | kVersion << 12 |
            (random_high & 0xfff);
  id.low = kVariant << 62 | random_low >> 2;
  return id;
}

std::optional<MemberId> MemberId::Parse(absl::string_view text) {
  MemberId id;
  size_t position = 0;
  for (int byte = 0; byte < kBytes; ++byte) {
    if (IsDashBefore(byte)) {
      if (position >= text.size() || text[position] != '-') return std::nullopt;
      ++position;
    }
    if (position + 2 > text.size()) return std::nullopt;
    const int high = HexValue(text[position]);
    const int low = HexValue(text[position + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    AppendByte(id, byte, static_cast<uint8_t>(high << 4 | low));
    position += 2;
  }
  if (position != text.size()) return std::nullopt;
  return id;
}

std::optional<MemberId> MemberId::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) return std::nullopt;
  MemberId id;
  for (int i = 0; i < kBytes; ++i) AppendByte(id, i, static_cast<uint8_t>(bytes[i]));
  return id;
}

std::array<char, 16> MemberId::ToBytes() const {
  std::array<char, 16> bytes;
  for (int i = 0; i < kBytes; ++i) bytes[i] = static_cast<char>(ByteAt(*this, i));
  return bytes;
}

std::string MemberId::ToString() const {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (int i = 0; i < kBytes; ++i) {
    if (IsDashBefore(i)) text.push_back('-');
    const uint8_t byte = ByteAt(*this, i);
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 0xf]);
  }
  return text;
}

}  // namespace dangol::domain
