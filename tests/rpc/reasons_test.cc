// Every reason that the server can give is in the documentation of the API, and no other is.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/support/documented_reasons.h"

namespace dangol::rpc {
namespace {

// Where errors are made for callers.
constexpr const char* kFolders[] = {"domain", "lane", "rpc", "common"};

// The constants between double quotes, in the sources of those folders.
std::set<std::string> ReasonsOfTheServer() {
  std::set<std::string> reasons;
  for (const char* folder : kFolders) {
    const auto path = std::filesystem::path(DANGOL_SERVER) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
      std::ifstream file(entry.path());
      const std::string source((std::istreambuf_iterator<char>(file)), {});
      const std::vector<std::string> pieces = absl::StrSplit(source, '"');
      for (const std::string& literal : pieces) {
        const std::set<std::string> constants = testing::ConstantsIn(literal);
        if (constants == std::set<std::string>{literal}) reasons.insert(literal);
      }
    }
  }
  return reasons;
}

TEST(ReasonsTest, EveryReasonIsDocumentedAndEveryDocumentedReasonExists) {
  const testing::DocumentedReasons documented = testing::ReadDocumentedReasons();
  std::set<std::string> all = documented.of_any;
  for (const auto& [method, reasons] : documented.of_method)
    all.insert(reasons.begin(), reasons.end());
  const std::set<std::string> given = ReasonsOfTheServer();
  ASSERT_GE(given.size(), 50) << "the sources are where they were?";
  for (const std::string& reason : given) {
    EXPECT_TRUE(all.contains(reason)) << reason << " is in no comment of a method";
  }
  for (const auto& [method, reasons] : documented.of_method) {
    for (const std::string& reason : reasons) {
      EXPECT_TRUE(given.contains(reason))
          << method << " names " << reason << ", which nothing gives";
    }
  }
}

TEST(ReasonsTest, AMethodMayReferToAnother) {
  const testing::DocumentedReasons documented = testing::ReadDocumentedReasons();
  EXPECT_EQ(documented.of_method.at("dangol.v1.PointsService/RedeemPoints"),
            documented.of_method.at("dangol.v1.PointsService/ReservePoints"));
  EXPECT_TRUE(documented.of_any.contains("OUTCOME_UNKNOWN"));
}

}  // namespace
}  // namespace dangol::rpc
