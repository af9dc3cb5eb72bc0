// Which tokens are believed, and which are not, whoever made them.

#include "server/rpc/access/token.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "tests/support/tokens.h"

namespace dangol::rpc {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::HmacToken;
using testing::KeySet;
using testing::TokenIssuer;
using testing::TokenOf;
using ::testing::UnorderedElementsAre;

constexpr int64_t kNow = 1'764'000'000;

const TokenIssuer& Rsa() {
  static const auto* const issuer = new TokenIssuer("RS256", "rsa");
  return *issuer;
}
const TokenIssuer& Ec() {
  static const auto* const issuer = new TokenIssuer("ES256", "ec");
  return *issuer;
}
const TokenIssuer& Ed() {
  static const auto* const issuer = new TokenIssuer("EdDSA", "ed");
  return *issuer;
}

json Claims() {
  return {{"iss", "https://id.example"}, {"aud", "dangol"},   {"sub", "till-7"},
          {"exp", kNow + 300},           {"nbf", kNow - 300}, {"roles", {"pos"}},
          {"store_ids", {"gangnam"}}};
}

json With(const std::string& name, const json& value) {
  json claims = Claims();
  claims[name] = value;
  return claims;
}

json Without(const std::string& name) {
  json claims = Claims();
  claims.erase(name);
  return claims;
}

TokenRules Rules(const std::vector<json>& keys) {
  return {"https://id.example", "dangol", absl::Seconds(30), ParseKeySet(KeySet(keys)).value()};
}

absl::StatusOr<Caller> Verify(const std::string& token, int64_t at = kNow) {
  const TokenRules rules = Rules({Rsa().PublicKey(), Ec().PublicKey(), Ed().PublicKey()});
  return VerifyToken(token, rules, absl::FromUnixSeconds(at));
}

TEST(TokenTest, NamesWhoCallsAndWhatTheyMayDo) {
  for (const TokenIssuer* issuer : {&Rsa(), &Ec(), &Ed()}) {
    const absl::StatusOr<Caller> caller = Verify(issuer->Sign(Claims()));
    ASSERT_TRUE(caller.ok()) << issuer->algorithm() << " " << caller.status();
    EXPECT_EQ(caller->principal, "till-7");
    EXPECT_THAT(caller->roles, UnorderedElementsAre(Role::kPos));
    EXPECT_THAT(caller->store_ids, UnorderedElementsAre("gangnam"));
    EXPECT_EQ(caller->expires_at, absl::FromUnixSeconds(kNow + 330)) << "with the skew of clocks";
  }
  json app = With("roles", {"app", "unheard-of"});
  app.erase("store_ids");
  app["member_id"] = "0193b2a0-5f7e-7c3d-9a41-3f0e6c2d8b17";
  EXPECT_EQ(Verify(Ec().Sign(app)).value().member_id, "0193b2a0-5f7e-7c3d-9a41-3f0e6c2d8b17");
  EXPECT_TRUE(Verify(Ec().Sign(With("aud", {"another", "dangol"}))).ok());
  // Without an id the key is the only one of its kind.
  EXPECT_TRUE(Verify(Ed().Sign({{"alg", "EdDSA"}}, Claims())).ok());
}

TEST(TokenTest, HoldsForItsTimeAndTheSkewOfClocks) {
  const std::string token = Ec().Sign(Claims());
  struct Case {
    int64_t at;
    std::string reason;
  };
  for (const Case& c : std::vector<Case>{{kNow - 331, "TOKEN_REFUSED"},
                                         {kNow - 330, ""},
                                         {kNow + 329, ""},
                                         {kNow + 330, "TOKEN_EXPIRED"}}) {
    EXPECT_EQ(DetailsOf(Verify(token, c.at).status()).reason, c.reason) << c.at - kNow;
  }
}

struct Refused {
  std::string token;
  std::string why;
};

// The attacks of RFC 8725, section 2, and what tools get wrong.
std::vector<Refused> RefusedTokens() {
  const json none = {{"alg", "none"}};
  const std::string good = Ec().Sign(Claims());
  std::string altered = good;
  const size_t middle = altered.find('.') + 10;
  altered[middle] = altered[middle] == 'A' ? 'B' : 'A';
  const TokenIssuer stranger("ES256", "ec");
  return {
      {TokenOf(none, Claims(), ""), "has to be signed"},
      {TokenOf({{"alg", "None"}}, Claims(), "x"), "has to be signed"},
      {HmacToken({{"alg", "HS256"}, {"kid", "rsa"}}, Claims(), Rsa().Pem()), "has to be signed"},
      {HmacToken({{"alg", "RS256"}, {"kid", "rsa"}}, Claims(), Rsa().Pem()), "signature"},
      {Ec().Sign({{"alg", "RS256"}, {"kid", "ec"}}, Claims()), "for another algorithm"},
      {Rsa().Sign({{"alg", "ES256"}, {"kid", "ec"}}, Claims()), "signature"},
      {stranger.Sign(Claims()), "signature"},
      {Ec().Sign({{"alg", "ES256"}, {"kid", "unknown"}}, Claims()), "not known"},
      {Ec().Sign({{"alg", "ES256"}, {"kid", 7}}, Claims()), "kid"},
      {Ec().Sign({{"alg", "ES256"}, {"kid", "ec"}, {"crit", {"b64"}}}, Claims()), "critical"},
      {Ec().Sign({{"kid", "ec"}}, Claims()), "has to be signed"},
      {altered, "signature"},
      {good.substr(0, good.rfind('.') + 1), "signature"},
      {good + "=", "signature"},
      {good + ".", "three parts"},
      {"", "three parts"},
      {"e30.e30", "three parts"},
      {"..", "header"},
      {"!.e30.e30", "header"},
      {testing::Base64Url("[]") + ".e30.e30", "header"},
      {std::string(limits::kMaxTokenBytes + 1, 'x'), "too long"},
      {TokenOf({{"alg", "ES256"}, {"kid", "ec"}}, Claims(), std::string(64, '\0')), "signature"},
  };
}

TEST(TokenTest, IsNotBelievedUnlessTheKeySaysSo) {
  for (const Refused& c : RefusedTokens()) {
    const absl::Status status = Verify(c.token).status();
    EXPECT_EQ(DetailsOf(status).reason, "TOKEN_REFUSED") << c.token;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.why)) << c.token;
  }
}

TEST(TokenTest, IsNotBelievedWhereItsClaimsAreNotOurs) {
  const std::vector<std::pair<json, std::string>> cases = {
      {With("iss", "https://evil.example"), "another issuer"},
      {With("iss", {"https://id.example"}), "another issuer"},
      {Without("iss"), "another issuer"},
      {With("aud", "another"), "another audience"},
      {With("aud", json::array()), "another audience"},
      {Without("aud"), "another audience"},
      {Without("exp"), "\"exp\""},
      {With("exp", "tomorrow"), "\"exp\""},
      {With("exp", 1e300), "\"exp\""},
      {With("exp", -1), "\"exp\""},
      {With("nbf", "now"), "\"nbf\""},
      {Without("sub"), "\"sub\""},
      {With("sub", "system"), "no name for a caller"},
      {With("sub", "anonymous"), "no name for a caller"},
      {With("sub", std::string(limits::kMaxPrincipalBytes + 1, 'x')), "its name"},
      {With("sub", "till\n7"), "its name"},
      {Without("roles"), "no role"},
      {With("roles", "pos"), "no list"},
      {With("roles", {1}), "no texts"},
      {With("roles", {"unheard-of"}), "no role"},
      {Without("store_ids"), "pos needs store_ids"},
      {With("roles", {"care"}), "nobody else has them"},
      {With("store_ids", json::array({""})), "no name"},
      {With("store_ids", std::vector<std::string>(limits::kMaxStoresPerCaller + 1, "a")),
       "more than"},
      {With("roles", {"pos", "app"}), "app needs member_id"},
      {With("member_id", "0193b2a0-5f7e-7c3d-9a41-3f0e6c2d8b17"), "nobody else has them"},
      {With("member_id", 7), "no text"},
  };
  for (const auto& [claims, why] : cases) {
    const absl::Status status = Verify(Ec().Sign(claims)).status();
    EXPECT_EQ(DetailsOf(status).reason, "TOKEN_REFUSED") << claims;
    EXPECT_THAT(std::string(status.message()), HasSubstr(why)) << claims;
  }
}

TEST(TokenTest, WithoutAnIdItMeansTheOnlyKeyOfItsKind) {
  const TokenIssuer other("ES256", "other");
  const TokenRules rules = Rules({Ec().PublicKey(), other.PublicKey()});
  const absl::Status status =
      VerifyToken(Ec().Sign({{"alg", "ES256"}}, Claims()), rules, absl::FromUnixSeconds(kNow))
          .status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("several keys"));
}

TEST(KeySetTest, TakesPublicKeysOfTheThreeKindsAndPassesOverOthers) {
  const json encryption = {{"kty", "RSA"}, {"use", "enc"}, {"n", "AQAB"}, {"e", "AQAB"}};
  const json p384 = {{"kty", "EC"}, {"crv", "P-384"}, {"x", "AA"}, {"y", "AA"}};
  const auto keys = ParseKeySet(KeySet({encryption, p384, Ed().PublicKey()}));
  ASSERT_TRUE(keys.ok()) << keys.status();
  ASSERT_EQ(keys->size(), 1);
  EXPECT_EQ((*keys)[0].id(), "ed");
}

TEST(KeySetTest, RefusesWhatCannotBeTrusted) {
  json secret = Ec().PublicKey();
  secret["d"] = "AAAA";
  json off_the_curve = Ec().PublicKey();
  off_the_curve["y"] = off_the_curve["x"];
  const TokenIssuer weak("RS256", "weak", 1024);
  json broken = Rsa().PublicKey();
  broken["n"] = "not base64!";
  json long_point = Ec().PublicKey();
  long_point["x"] = testing::Base64Url(std::string(33, 'x'));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "JSON Web Key Set"},
      {"[]", "JSON Web Key Set"},
      {R"({"keys": {}})", "JSON Web Key Set"},
      {R"({"keys": []})", "has no key"},
      {R"({"keys": [7]})", "keys[0]: is no key"},
      {KeySet({{{"kty", "oct"}, {"k", "c2VjcmV0"}}}), "is a secret"},
      {KeySet({secret}), "is a secret"},
      {KeySet({off_the_curve}), "make no key"},
      {KeySet({weak.PublicKey()}), "1024 bits"},
      {KeySet({broken}), "base64url"},
      {KeySet({long_point}), "32 bytes"},
      {KeySet({Ec().PublicKey(), Ec().PublicKey()}), "keys[1]: has the \"kid\" of another"},
  };
  for (const auto& [text, why] : cases) {
    const absl::Status status = ParseKeySet(text).status();
    EXPECT_THAT(std::string(status.message()), HasSubstr(why)) << text;
  }
}

}  // namespace
}  // namespace dangol::rpc
