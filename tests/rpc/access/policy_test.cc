#include "server/rpc/access/policy.h"

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.h"
#include "tests/support/tokens.h"

namespace dangol::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr char kTokens[] =
    "tokens { issuer: \"https://id.example\" audience: \"dangol\" key_set_file: \"keys.json\" }\n";

class PolicyTest : public ::testing::Test {
 protected:
  PolicyTest() {
    Write("keys.json", testing::KeySet({testing::TokenIssuer("EdDSA", "ed").PublicKey()}));
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.File(name)) << text;
  }

  absl::StatusOr<Policy> Load(const std::string& text) {
    Write("access.txtpb", text);
    return LoadPolicy(directory_.File("access.txtpb"));
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(PolicyTest, SaysWhoActsByWhichCertificateAndHowMuchRolesMayDo) {
  const absl::StatusOr<Policy> policy = Load(
      "principals { name: \"till-7\" roles: ROLE_POS store_ids: [\"gangnam\", \"hongdae\"] }\n"
      "principals { name: \"mina\" roles: [ROLE_CARE, ROLE_MARKETING] }\n"
      "principals { name: \"shop\" roles: ROLE_APP acts_for_members: true }\n"
      "roles { role: ROLE_CARE adjust_points: 500 goodwill_points: 2000\n"
      "  rate { calls_per_second: 5 } }\n"
      "roles { role: ROLE_MARKETING adjust_points: 10 rate { calls_per_second: 0.5 } }\n"
      "rate { calls_per_second: 100 burst: 300 }\n");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_FALSE(policy->tokens.has_value());
  const Caller& till = *policy->principals.at("till-7");
  EXPECT_THAT(till.store_ids, UnorderedElementsAre("gangnam", "hongdae"));
  EXPECT_EQ(till.rate, (Rate{100, 300}));
  EXPECT_EQ(till.adjust_points, 0);
  const Caller& mina = *policy->principals.at("mina");
  EXPECT_THAT(mina.roles, UnorderedElementsAre(Role::kCare, Role::kMarketing));
  EXPECT_EQ(mina.adjust_points, 500);
  EXPECT_EQ(mina.goodwill_points, 2'000);
  EXPECT_EQ(mina.rate, (Rate{5, 5}));
  EXPECT_TRUE(policy->principals.at("shop")->acts_for_members);
}

TEST_F(PolicyTest, NamesTheKeysOfTokensByItsOwnFolder) {
  const absl::StatusOr<Policy> policy = Load(kTokens);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->tokens->keys.size(), 1);
  EXPECT_EQ(policy->tokens->skew, absl::Seconds(30));
  Write("keys.json", testing::KeySet({testing::TokenIssuer("EdDSA", "new").PublicKey()}));
  EXPECT_NE(Load(kTokens)->source, policy->source) << "new keys are a new policy";
}

TEST_F(PolicyTest, NamesTheLineOfEachMistake) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "lets nobody in"},
      {"rate { calls_per_second: 5 }", "lets nobody in"},
      {"principal {}", "AccessPolicy has no field \"principal\"; did you mean principals?"},
      {"\nprincipals { name: \"a\" roles: ROLE_CAR }", "did you mean ROLE_CARE?"},
      {"\nprincipals { name: \"a\" }", "line 2: principals[0]: it has no role"},
      {"principals { roles: ROLE_CARE }", "its name"},
      {"principals { name: \"system\" roles: ROLE_CARE }", "is no name for a caller"},
      {"principals { name: \"a\" roles: ROLE_UNSPECIFIED }", "unspecified"},
      {"principals { name: \"a\" roles: ROLE_POS }", "a pos needs store_ids"},
      {"principals { name: \"a\" roles: ROLE_CARE store_ids: \"s\" }", "nobody else has them"},
      {"principals { name: \"a\" roles: ROLE_APP }", "an app needs member_id"},
      {"principals { name: \"a\" roles: ROLE_APP member_id: \"7\" }", "not the id of a member"},
      {"principals { name: \"a\" roles: ROLE_CARE }\nprincipals { name: \"a\" roles: ROLE_CARE }",
       "line 2: principals[1].name: was there before"},
      {"roles { adjust_points: 5 }", "roles[0].role: is needed"},
      {"roles { role: ROLE_CARE adjust_points: -1 }", "adjust_points: is below 0"},
      {"roles { role: ROLE_CARE } roles { role: ROLE_CARE }", "roles[1].role: was there before"},
      {"rate {}", "rate.calls_per_second: has to be above 0"},
      {"rate { calls_per_second: nan }", "rate.calls_per_second: has to be above 0"},
      {"rate { calls_per_second: 1 burst: -1 }", "rate.burst"},
      {"tokens {}", "tokens.issuer: is needed; "},
      {"tokens { clock_skew_seconds: 301 }", "clock_skew_seconds"},
  };
  for (const auto& [text, problem] : cases) {
    const absl::StatusOr<Policy> policy = Load(text);
    ASSERT_FALSE(policy.ok()) << text;
    EXPECT_THAT(std::string(policy.status().message()), HasSubstr(problem)) << text;
    EXPECT_THAT(std::string(policy.status().message()), HasSubstr("access.txtpb: ")) << text;
  }
}

TEST_F(PolicyTest, NamesTheFileThatIsNotThere) {
  EXPECT_THAT(std::string(LoadPolicy(directory_.File("no")).status().message()),
              HasSubstr("no: the file cannot be read"));
  Write("keys.json", "{}");
  EXPECT_THAT(std::string(Load(kTokens).status().message()), HasSubstr("keys.json: is not a JSON"));
}

}  // namespace
}  // namespace dangol::rpc
