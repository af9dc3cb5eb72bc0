#include "server/rpc/page_token.h"

#include <gtest/gtest.h>

#include "server/common/error.h"

namespace dangol::rpc {
namespace {

TEST(PageTokenTest, ComesBackAsItWas) {
  const std::string token = EncodePageToken("purchases/1", {"123", "p/4:5 6"});
  EXPECT_EQ(*DecodePageToken("purchases/1", token, 2),
            (std::vector<std::string>{"123", "p/4:5 6"}));
}

TEST(PageTokenTest, AnEmptyTokenIsTheFirstPage) {
  EXPECT_TRUE(DecodePageToken("members", "", 1)->empty());
}

TEST(PageTokenTest, RefusesWhatIsNotATokenOfThisList) {
  const std::string token = EncodePageToken("purchases/1", {"123"});
  for (const auto& [list, text, size] :
       {std::tuple("purchases/2", token, 1), std::tuple("purchases/1", token, 2),
        std::tuple("purchases/1", "x" + token, 1), std::tuple("purchases/1", std::string("!"), 1),
        std::tuple("purchases/1", std::string(10'000, 'A'), 1)}) {
    const absl::Status status = DecodePageToken(list, text, static_cast<size_t>(size)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_EQ(DetailsOf(status).violations.at(0).field, "page_token");
  }
}

TEST(PageTokenTest, NumbersMustBeNumbers) {
  EXPECT_EQ(*TokenNumber("-12"), -12);
  EXPECT_TRUE(absl::IsInvalidArgument(TokenNumber("12x").status()));
}

}  // namespace
}  // namespace dangol::rpc
