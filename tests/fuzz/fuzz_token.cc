// A bearer token that anybody may send, and the set of keys by which it is looked at. Nothing that
// a fuzzer makes up is signed, so nothing may be believed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "absl/strings/string_view.h"
#include "server/rpc/access/key_set.h"
#include "server/rpc/access/token.h"

namespace {

// One key of each kind, whose private halves nobody has.
constexpr char kKeys[] = R"({"keys": [
  {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "ed",
   "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
  {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "ec",
   "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
   "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const rules = [] {
    auto keys = dangol::rpc::ParseKeySet(kKeys);
    if (!keys.ok()) std::abort();
    return new dangol::rpc::TokenRules{"https://id.example", "dangol", absl::Seconds(30),
                                       *std::move(keys)};
  }();
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  if (dangol::rpc::VerifyToken(text, *rules, absl::FromUnixSeconds(1'800'000'000)).ok()) {
    std::abort();
  }
  (void)dangol::rpc::ParseKeySet(text);
  return 0;
}
