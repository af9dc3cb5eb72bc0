#include "server/rpc/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace dangol::rpc {
namespace {

constexpr char kId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpan[] = "00f067aa0ba902b7";

// The rules of https://www.w3.org/TR/trace-context/#traceparent-header-field-values.
TEST(TraceTest, ReadsATraceparent) {
  const auto trace = ParseTraceparent(absl::StrCat("00-", kId, "-", kSpan, "-01"));
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, kId);
  EXPECT_EQ(trace->flags, "01");
  EXPECT_TRUE(ParseTraceparent(absl::StrCat("cc-", kId, "-", kSpan, "-01-what-comes-later")));
}

TEST(TraceTest, PassesOverWhatIsNone) {
  const std::string good = absl::StrCat("00-", kId, "-", kSpan, "-01");
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = 'G';
    EXPECT_FALSE(ParseTraceparent(bad).has_value()) << bad;
    EXPECT_FALSE(ParseTraceparent(good.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(ParseTraceparent(good + "-").has_value()) << "version 00 has no more";
  EXPECT_FALSE(ParseTraceparent("ff" + good.substr(2)).has_value());
  EXPECT_FALSE(ParseTraceparent("cc" + good.substr(2) + "x").has_value());
  EXPECT_FALSE(ParseTraceparent(absl::StrCat("00-", std::string(32, '0'), "-", kSpan, "-01")));
  EXPECT_FALSE(ParseTraceparent(absl::StrCat("00-", kId, "-", std::string(16, '0'), "-01")));
  EXPECT_FALSE(
      ParseTraceparent(absl::StrCat("00-4BF92F3577B34DA6A3CE929D0E0E4736-", kSpan, "-01")));
}

TEST(TraceTest, OnesOfOurOwnAreReadAsSuch) {
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    const Trace trace = NewTrace();
    const auto read = ParseTraceparent(TraceresponseOf(trace));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->trace_id, trace.trace_id);
    ids.insert(trace.trace_id);
  }
  EXPECT_EQ(ids.size(), 1'000U);
}

}  // namespace
}  // namespace dangol::rpc
