#include "server/domain/member/member_id.h"

#include <gtest/gtest.h>

#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

TEST(MemberIdTest, IsAUuidOfVersion7) {
  const MemberId id =
      MemberId::Make(testing::Utc("2026-01-01 00:00:00"), ~uint64_t{0}, ~uint64_t{0});
  EXPECT_EQ(id.ToString(), "019b76da-a800-7fff-bfff-ffffffffffff");
}

TEST(MemberIdTest, SortsByTime) {
  const MemberId earlier =
      MemberId::Make(testing::Utc("2026-01-01 00:00:00"), ~uint64_t{0}, ~uint64_t{0});
  const MemberId later = MemberId::Make(testing::Utc("2026-01-01 00:00:01"), 0, 0);
  EXPECT_LT(earlier, later);
  EXPECT_LT(earlier.ToString(), later.ToString());
  EXPECT_LT(earlier.ToBytes(), later.ToBytes());
}

TEST(MemberIdTest, ReadsWhatItWrites) {
  const MemberId id = testing::MemberNumber(0x0123456789abcdef);
  EXPECT_EQ(MemberId::Parse(id.ToString()), id);
  const auto bytes = id.ToBytes();
  EXPECT_EQ(MemberId::FromBytes(absl::string_view(bytes.data(), bytes.size())), id);
}

TEST(MemberIdTest, ReadsCapitals) {
  EXPECT_EQ(MemberId::Parse("019B76DA-A800-7FFF-BFFF-FFFFFFFFFFFF")->ToString(),
            "019b76da-a800-7fff-bfff-ffffffffffff");
}

TEST(MemberIdTest, RefusesWhatIsNotAUuid) {
  for (const char* text :
       {"", "card", "019b76da-a800-7fff-bfff-fffffffffff", "019b76da-a800-7fff-bfff-ffffffffffff0",
        "019b76daa8007fffbfffffffffffffff", "019b76da-a800-7fff-bfff-fffffffffffg",
        "019b76da a800-7fff-bfff-ffffffffffff"}) {
    EXPECT_EQ(MemberId::Parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dangol::domain
