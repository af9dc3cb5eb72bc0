#include "tests/support/mysql_packets.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dangol::testing {
namespace {

constexpr size_t kHeaderSize = 4;
constexpr uint32_t kClientCompress = 1 << 5;
constexpr uint32_t kClientSsl = 1 << 11;

// Little endian.
uint32_t ReadNumber(absl::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    number |= uint32_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  }
  return number;
}

}  // namespace

bool MySqlPacket::HidesTheRest() const {
  return sequence == 1 && payload.size() >= 4 &&
         (ReadNumber(absl::string_view(payload).substr(0, 4)) & (kClientCompress | kClientSsl)) !=
             0;
}

MySqlPacket QueryPacket(absl::string_view sql) {
  MySqlPacket packet;
  packet.payload = '\x03';
  packet.payload.append(sql.data(), sql.size());
  return packet;
}

MySqlPacket QuitPacket() { return {.sequence = 0, .payload = "\x01"}; }

std::string Encode(const MySqlPacket& packet) {
  std::string bytes;
  bytes.reserve(packet.payload.size() + kHeaderSize);
  uint8_t sequence = packet.sequence;
  size_t written = 0;
  size_t length = 0;
  do {
    length = std::min(packet.payload.size() - written, kPacketPayloadMax);
    for (int shift = 0; shift < 24; shift += 8) bytes.push_back(static_cast<char>(length >> shift));
    bytes.push_back(static_cast<char>(sequence++));
    bytes.append(packet.payload, written, length);
    written += length;
  } while (length == kPacketPayloadMax);
  return bytes;
}

std::optional<MySqlPacket> MySqlPacketReader::Next() {
  MySqlPacket packet;
  absl::string_view rest = buffer_;
  size_t length = 0;
  do {
    if (rest.size() < kHeaderSize) return std::nullopt;
    length = ReadNumber(rest.substr(0, 3));
    if (rest.size() < kHeaderSize + length) return std::nullopt;
    if (rest.size() == buffer_.size()) packet.sequence = static_cast<uint8_t>(rest[3]);
    packet.payload.append(rest.data() + kHeaderSize, length);
    rest.remove_prefix(kHeaderSize + length);
  } while (length == kPacketPayloadMax);
  buffer_.erase(0, buffer_.size() - rest.size());
  return packet;
}

std::vector<absl::string_view> SplitStatements(absl::string_view sql) {
  sql = absl::StripTrailingAsciiWhitespace(sql);
  absl::ConsumeSuffix(&sql, ";");
  return absl::StrSplit(sql, ";\n");
}

}  // namespace dangol::testing
