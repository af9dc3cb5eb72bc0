// The table that people read is that of the server.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/rpc/services.h"

namespace dangol::rpc {
namespace {

std::string Table() {
  std::string text = "| method |";
  std::string line = "|---|";
  for (const Role role : kRoles) {
    absl::StrAppend(&text, " ", NameOf(role), " |");
    line += "---|";
  }
  absl::StrAppend(&text, "\n", line, "\n");
  for (const ServiceTable& service : Services()) {
    const absl::string_view name = absl::StripPrefix(service.name, "dangol.v1.");
    for (const Method& method : service.methods) {
      absl::StrAppend(&text, "| ", name, "/", method.name, " |");
      for (const Role role : kRoles) {
        const absl::string_view when = NameOf(WhenOf(*method.access, role));
        absl::StrAppend(&text, " ", when, when.empty() ? "" : " ", "|");
      }
      text += "\n";
    }
  }
  return text;
}

TEST(AccessTableTest, IsWhatTheDocumentationSays) {
  std::ifstream file(DANGOL_ACCESS_GUIDE);
  const std::string guide((std::istreambuf_iterator<char>(file)), {});
  EXPECT_TRUE(absl::StrContains(guide, Table()))
      << "docs/operations/access.md should have this table:\n"
      << Table();
}

TEST(AccessTableTest, AnAuditorReadsAndChangesNothing) {
  for (const ServiceTable& service : Services()) {
    for (const Method& method : service.methods) {
      const bool reads =
          absl::StartsWith(method.name, "Get") || absl::StartsWith(method.name, "List") ||
          absl::StartsWith(method.name, "Lookup") || absl::StartsWith(method.name, "Explain") ||
          absl::StartsWith(method.name, "Verify") || absl::StartsWith(method.name, "Validate") ||
          absl::StartsWith(method.name, "Simulate") || absl::StartsWith(method.name, "Watch");
      const When wanted = reads ? When::kAlways : When::kNever;
      EXPECT_EQ(method.access->auditor, wanted) << method.name;
      EXPECT_EQ(method.access->admin, When::kAlways) << method.name;
    }
  }
}

}  // namespace
}  // namespace dangol::rpc
