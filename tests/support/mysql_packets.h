#ifndef DANGOL_TESTS_SUPPORT_MYSQL_PACKETS_H_
#define DANGOL_TESTS_SUPPORT_MYSQL_PACKETS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// As much of MySQL's protocol as it takes to read what a client asks for. On the
// wire a packet is 3 bytes of length, little endian, 1 byte of sequence number, and
// the payload.
namespace dangol::testing {

// A payload of this length is continued in a further packet, an empty one at last.
inline constexpr size_t kPacketPayloadMax = (size_t{1} << 24) - 1;

// A packet, or as many as its payload took.
struct MySqlPacket {
  uint8_t sequence = 0;  // Of the first.
  std::string payload;

  // Every command starts the count of packets anew. What a client sends while it
  // logs in answers the server's greeting, so its numbers start from 1.
  bool IsCommand() const { return sequence == 0; }
  bool IsQuery() const { return IsCommand() && !payload.empty() && payload[0] == '\x03'; }

  // The text of a query.
  absl::string_view sql() const { return absl::string_view(payload).substr(1); }

  // Whether this answer to the greeting asks for what makes the rest unreadable
  // here, TLS or compression.
  bool HidesTheRest() const;
};

MySqlPacket QueryPacket(absl::string_view sql);
MySqlPacket QuitPacket();

// The bytes on the wire.
std::string Encode(const MySqlPacket& packet);

// Puts packets together from the bytes of one direction, however they come in.
class MySqlPacketReader {
 public:
  void Append(absl::string_view bytes) { buffer_.append(bytes.data(), bytes.size()); }

  // The next packet that is complete, if there is one.
  std::optional<MySqlPacket> Next();

 private:
  std::string buffer_;
};

// The statements between ";\n", without a ";" at the end of the last. They are
// views of `sql`. A literal must have its line breaks escaped.
std::vector<absl::string_view> SplitStatements(absl::string_view sql);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_MYSQL_PACKETS_H_
