#include "tests/support/mysql_packets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace dangol::testing {
namespace {

using ::testing::ElementsAre;

TEST(MySqlPacketsTest, AQueryIsEncodedAsOnTheWire) {
  EXPECT_EQ(Encode(QueryPacket("DO 1")), std::string("\x05\0\0\0\x03"
                                                     "DO 1",
                                                     9));
  EXPECT_EQ(Encode(QuitPacket()), std::string("\x01\0\0\0\x01", 5));
}

TEST(MySqlPacketsTest, PacketsComeOutWhole) {
  const std::string bytes =
      absl::StrCat(Encode({.sequence = 1, .payload = "login"}), Encode(QueryPacket("DO 1")),
                   Encode({.sequence = 3, .payload = ""}));
  MySqlPacketReader reader;
  std::vector<MySqlPacket> packets;
  for (const char byte : bytes) {
    reader.Append(absl::string_view(&byte, 1));
    while (std::optional<MySqlPacket> packet = reader.Next()) packets.push_back(*packet);
  }
  ASSERT_EQ(packets.size(), 3);
  EXPECT_EQ(packets[0].payload, "login");
  EXPECT_FALSE(packets[0].IsCommand());
  EXPECT_TRUE(packets[1].IsQuery());
  EXPECT_EQ(packets[1].sql(), "DO 1");
  EXPECT_EQ(packets[2].sequence, 3);
  EXPECT_EQ(packets[2].payload, "");
}

TEST(MySqlPacketsTest, SeveralPacketsComeOutOfOneRead) {
  MySqlPacketReader reader;
  reader.Append(Encode(QueryPacket("DO 1")) + Encode(QueryPacket("DO 2")) + "\x05");
  EXPECT_EQ(reader.Next()->sql(), "DO 1");
  EXPECT_EQ(reader.Next()->sql(), "DO 2");
  EXPECT_FALSE(reader.Next().has_value());
}

TEST(MySqlPacketsTest, ALongPayloadTakesSeveralPackets) {
  for (const size_t size : {kPacketPayloadMax - 1, kPacketPayloadMax, kPacketPayloadMax + 1}) {
    MySqlPacket packet = QueryPacket("DO 1");
    packet.payload.resize(size, ' ');
    const std::string bytes = Encode(packet);
    EXPECT_EQ(bytes.size(), size + (size < kPacketPayloadMax ? 4 : 8));
    MySqlPacketReader reader;
    reader.Append(absl::string_view(bytes).substr(0, bytes.size() - 1));
    EXPECT_FALSE(reader.Next().has_value()) << size;
    reader.Append(absl::string_view(bytes).substr(bytes.size() - 1));
    const std::optional<MySqlPacket> read = reader.Next();
    ASSERT_TRUE(read.has_value()) << size;
    EXPECT_EQ(read->sequence, 0);
    EXPECT_TRUE(read->payload == packet.payload) << size;
    EXPECT_FALSE(reader.Next().has_value());
  }
}

TEST(MySqlPacketsTest, ALoginWithTlsOrCompressionHidesTheRest) {
  const auto login = [](const char* capabilities) {
    return MySqlPacket{.sequence = 1, .payload = std::string(capabilities, 4) + "user"};
  };
  EXPECT_FALSE(login("\x85\xa6\xff\x01").HidesTheRest());
  EXPECT_TRUE(login("\x85\xae\xff\x01").HidesTheRest());
  EXPECT_TRUE(login("\xa5\xa6\xff\x01").HidesTheRest());
  EXPECT_FALSE(QueryPacket("DO 1").HidesTheRest());
}

TEST(MySqlPacketsTest, StatementsAreSplitBetweenLines) {
  EXPECT_THAT(SplitStatements("SELECT 1"), ElementsAre("SELECT 1"));
  EXPECT_THAT(SplitStatements("SELECT ';';"), ElementsAre("SELECT ';'"));
  EXPECT_THAT(SplitStatements("BEGIN;\nSELECT '\\n;\\n';\nCOMMIT"),
              ElementsAre("BEGIN", "SELECT '\\n;\\n'", "COMMIT"));
  EXPECT_THAT(SplitStatements("BEGIN;\nCOMMIT;\n"), ElementsAre("BEGIN", "COMMIT"));
}

}  // namespace
}  // namespace dangol::testing
