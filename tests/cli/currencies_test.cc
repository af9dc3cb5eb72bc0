#include "cli/currencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dangol::cli {
namespace {

using testing::HasSubstr;

TEST(Currencies, GoByTheProgramFirst) {
  const auto currencies =
      Currencies::Of("currencies { code: 'EUR' minor_digits: 3 } some_field_of_later: 1");
  ASSERT_TRUE(currencies.ok()) << currencies.status();
  EXPECT_EQ(currencies->Money(1234567, "EUR"), "1,234.567 EUR");
  EXPECT_EQ(currencies->Money(1234567, "GBP"), "12,345.67 GBP");
  EXPECT_EQ(Currencies().Money(-1234567, "EUR"), "-12,345.67 EUR");
}

TEST(Currencies, NameThoseThatTheProgramDeclares) {
  const auto currencies = Currencies::Of("currencies { code: 'EUR' } currencies { code: 'KRW' }");
  ASSERT_TRUE(currencies.ok()) << currencies.status();
  EXPECT_TRUE(currencies->Check("KRW").ok());
  EXPECT_EQ(currencies->Check("GBP").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(currencies->Check("GBP").message(), HasSubstr("\"GBP\", only EUR, KRW"));
}

TEST(Currencies, AProgramThatCannotBeReadIsAnError) {
  EXPECT_EQ(Currencies::Of("currencies {").status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace dangol::cli
