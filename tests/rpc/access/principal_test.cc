#include "server/rpc/access/principal.h"

#include <gtest/gtest.h>

#include <string>

#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

TEST(PrincipalTest, IsTheFirstNameThatThereIs) {
  EXPECT_EQ(PrincipalNamed({"shop://till/7", "till-7.example", "till-7"}).value(), "shop://till/7");
  EXPECT_EQ(PrincipalNamed({{}, "till-7.example", "till-7"}).value(), "till-7.example");
  EXPECT_EQ(PrincipalNamed({{}, {}, "till-7"}).value(), "till-7");
  EXPECT_EQ(PrincipalNamed({{}, {}, "점원 7"}).value(), "점원 7");
  const std::string longest(limits::kMaxPrincipalBytes, 'x');
  EXPECT_EQ(PrincipalNamed({{}, {}, longest}).value(), longest);
}

TEST(PrincipalTest, IsNobodyWhereTheNameCannotStandInTheBooks) {
  const std::string too_long(limits::kMaxPrincipalBytes + 1, 'x');
  for (const CertificateNames& names : {CertificateNames{},
                                        {{}, {}, "system"},
                                        {{}, {}, "anonymous"},
                                        {too_long, {}, "till-7"},
                                        {{}, {}, "till\n7"},
                                        {{}, {}, std::string("till\0", 5)},
                                        {{}, {}, "\xff"}}) {
    const absl::Status status = PrincipalNamed(names).status();
    EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
    EXPECT_EQ(DetailsOf(status).reason, "NO_PRINCIPAL");
  }
}

}  // namespace
}  // namespace dangol::rpc
