#include "tests/bench/till_access.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/bench/requests.h"
#include "tests/support/tokens.h"

namespace dangol::bench {

absl::StatusOr<TillAccess> TillAccess::Write(const std::string& directory) {
  const testing::TokenIssuer issuer("ES256", "bench");
  TillAccess access;
  access.file = absl::StrCat(directory, "/access.txtpb");
  std::ofstream keys(absl::StrCat(directory, "/keys.json"));
  keys << testing::KeySet({issuer.PublicKey()});
  std::ofstream policy(access.file);
  policy << "tokens { issuer: \"bench\" audience: \"dangol\" key_set_file: \"keys.json\" }\n";
  keys.close();
  policy.close();
  if (!keys || !policy) return absl::UnavailableError(absl::StrCat("cannot write to ", directory));
  nlohmann::json claims = {
      {"iss", "bench"},   {"aud", "dangol"},
      {"sub", "till"},    {"exp", absl::ToUnixSeconds(absl::Now() + absl::Hours(24))},
      {"roles", {"pos"}}, {"store_ids", nlohmann::json::array()}};
  for (uint64_t store = 0; store < kStores; ++store)
    claims["store_ids"].push_back(StoreName(store));
  access.token = issuer.Sign(claims);
  return access;
}

}  // namespace dangol::bench
