#include "server/common/error.h"

#include <gtest/gtest.h>

namespace dangol {
namespace {

TEST(ErrorTest, DetailsTravelWithTheStatus) {
  ErrorDetails details;
  details.reason = "SOME_REASON";
  details.violations = {{"a.b[2]", "is wrong, \"very\""}, {"c", ""}};
  details.retry_delay = absl::Milliseconds(1'500);
  details.metadata = {{"fields", "a, b[2].c"}, {"empty", ""}};
  const ErrorDetails back =
      DetailsOf(MakeError(absl::StatusCode::kUnavailable, "a sentence", details));
  EXPECT_EQ(back.reason, "SOME_REASON");
  ASSERT_EQ(back.violations.size(), 2u);
  EXPECT_EQ(back.violations[0].field, "a.b[2]");
  EXPECT_EQ(back.violations[0].description, "is wrong, \"very\"");
  EXPECT_EQ(back.violations[1].field, "c");
  EXPECT_EQ(back.retry_delay, absl::Milliseconds(1'500));
  EXPECT_EQ(back.metadata, details.metadata);
}

TEST(ErrorTest, AStatusWithoutDetailsHasNone) {
  const ErrorDetails none = DetailsOf(absl::InternalError("x"));
  EXPECT_TRUE(none.reason.empty());
  EXPECT_TRUE(none.violations.empty());
  EXPECT_EQ(none.retry_delay, absl::ZeroDuration());
}

TEST(ErrorTest, PrefixFieldsTouchesOnlyErrorsAboutFields) {
  const absl::Status status = PrefixFields(InvalidField("R", "currency", "is wrong"), "purchase.");
  EXPECT_EQ(DetailsOf(status).violations[0].field, "purchase.currency");
  EXPECT_EQ(status.message(), "purchase.currency: is wrong");
  ErrorDetails details;
  details.violations = {{"a", "b"}};
  details.metadata = {{"fields", "a"}};
  const absl::Status told = MakeError(absl::StatusCode::kAlreadyExists, "x", details);
  EXPECT_EQ(DetailsOf(PrefixFields(told, "purchase.")).metadata, details.metadata);
  EXPECT_EQ(PrefixFields(absl::NotFoundError("x"), "purchase.").message(), "x");
  EXPECT_TRUE(PrefixFields(absl::OkStatus(), "purchase.").ok());
}

TEST(ErrorTest, CombineNamesEveryField) {
  const absl::Status first = InvalidField("FIRST", "a", "is wrong");
  const absl::Status second = InvalidField("SECOND", "b", "too");
  const ErrorDetails both = DetailsOf(Combine(first, second));
  EXPECT_EQ(both.reason, "FIRST");
  ASSERT_EQ(both.violations.size(), 2u);
  EXPECT_EQ(both.violations[1].field, "b");
  EXPECT_EQ(Combine(absl::OkStatus(), second), second);
  EXPECT_EQ(Combine(first, absl::OkStatus()), first);
  EXPECT_TRUE(Combine(absl::OkStatus(), absl::OkStatus()).ok());
}

}  // namespace
}  // namespace dangol
