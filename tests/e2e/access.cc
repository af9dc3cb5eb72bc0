#include "tests/e2e/access.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace dangol::e2e {

void AccessTest::Write(const std::string& name, const std::string& text) const {
  // Whoever reads it meanwhile reads one or the other.
  std::ofstream(File(name + ".new")) << text;
  std::filesystem::rename(File(name + ".new"), File(name));
}

void AccessTest::StartWith(const std::string& policy) {
  Write("keys.json", testing::KeySet({issuer_.PublicKey()}));
  Write("access.txtpb", absl::StrCat("tokens { issuer: \"https://id.example\" audience: \"dangol\""
                                     " key_set_file: \"keys.json\" }\n",
                                     policy));
  Start({"--access=" + File("access.txtpb")});
}

nlohmann::json AccessTest::ClaimsOf(const std::string& role) {
  nlohmann::json claims = {{"iss", "https://id.example"},
                           {"aud", "dangol"},
                           {"sub", "a-" + role},
                           {"exp", absl::ToUnixSeconds(absl::Now()) + 3'600},
                           {"roles", {role}}};
  if (role == "pos") claims["store_ids"] = {"gangnam"};
  if (role == "app") claims["acts_for_members"] = true;
  return claims;
}

nlohmann::json AccessTest::ClaimsOfMember(const std::string& member_id) {
  nlohmann::json claims = ClaimsOf("app");
  claims.erase("acts_for_members");
  claims["member_id"] = member_id;
  return claims;
}

Options AccessTest::Carrying(const std::string& token) {
  Options options;
  options.endpoint = address();
  options.max_attempts = 1;
  const std::string file = absl::StrCat("token-", ++files_);
  Write(file, token);
  options.token_file = File(file);
  return options;
}

}  // namespace dangol::e2e
