// Three servers behind a client that balances are replaced one after the other, as an upgrade does,
// while tills sell: no call fails, and neither new keys nor a new program cost one.

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/servers.h"
#include "tests/e2e/tls.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/tokens.h"

namespace dangol::e2e {
namespace {

constexpr int kTills = 3;

class RollingRestartTest : public ServersTest {
 protected:
  RollingRestartTest() {
    WriteKeys({first_.PublicKey()});
    WriteTokens(first_);
    testing::ReplaceFile(File("access.txtpb"),
                         "tokens { issuer: \"https://id.example\" audience: \"dangol\""
                         " key_set_file: \"keys.json\" }\n");
    flags_ = {"--access=" + File("access.txtpb")};
  }

  std::string File(const std::string& name) const { return directory_.File(name); }

  void WriteKeys(const std::vector<nlohmann::json>& keys) const {
    testing::ReplaceFile(File("keys.json"), testing::KeySet(keys));
  }

  // A till's and an administrator's, as whoever hands them out keeps them fresh.
  void WriteTokens(const testing::TokenIssuer& issuer) const {
    nlohmann::json claims = {{"iss", "https://id.example"},
                             {"aud", "dangol"},
                             {"sub", "till"},
                             {"exp", absl::ToUnixSeconds(absl::Now()) + 3'600},
                             {"roles", {"pos"}},
                             {"store_ids", {"gangnam"}}};
    testing::ReplaceFile(File("till.token"), issuer.Sign(claims));
    claims["roles"] = {"admin", "auditor"};
    claims.erase("store_ids");
    testing::ReplaceFile(File("admin.token"), issuer.Sign(claims));
  }

  Client With(const std::string& token_file, const std::string& endpoint) const {
    Options options;
    options.endpoint = endpoint;
    options.deadline = absl::Minutes(1);
    options.token_file = File(token_file);
    return Client(MakeConnection(options));
  }
  Client Till() const {
    return With("till.token", absl::StrCat("ipv4:", address(0), ",", address(1), ",", address(2)));
  }
  Client AdminOf(int server) const { return With("admin.token", address(server)); }

  // Sells until `done`, and counts what was acknowledged.
  void Sell(int till) {
    Client client = Till();
    const std::string card = absl::StrCat("till-", till);
    const auto enrolled = EnrollCard(client, card);
    ASSERT_FALSE(enrolled.member_id().empty());
    for (int i = 0; !done_; ++i) {
      const absl::Status status =
          client
              .RecordPurchase(PurchaseBuilder(absl::StrCat(card, "/", i), Card(card))
                                  .Currency("GBP")
                                  .Store("gangnam")
                                  .Goods("tea", 1, 1'000)
                                  .Build())
              .status();
      EXPECT_TRUE(status.ok()) << status;
      const absl::Status read = client.GetBalance(Card(card)).status();
      EXPECT_TRUE(read.ok()) << read;
      ++sold_;
    }
  }

  // All tills have gone on since.
  bool AwaitSales() {
    const int before = sold_;
    return Await([&] { return sold_ > before + 20 * kTills; });
  }

  testing::TemporaryDirectory directory_;
  const testing::TokenIssuer first_{"ES256", "first"};
  const testing::TokenIssuer second_{"ES256", "second"};
  std::atomic<bool> done_ = false;
  std::atomic<int> sold_ = 0;
};

TEST_F(RollingRestartTest, NoCallFails) {
  std::vector<std::thread> tills;
  for (int till = 0; till < kTills; ++till) tills.emplace_back([this, till] { Sell(till); });
  EXPECT_TRUE(AwaitSales());
  // New keys are known before anybody uses them, and old ones until nobody does.
  WriteKeys({first_.PublicKey(), second_.PublicKey()});
  for (int server = 0; server < kServers; ++server) {
    EXPECT_EQ(servers_.Terminate(server), 0) << servers_.process(server).Output();
    EXPECT_TRUE(AwaitSales()) << "two serve";
    ASSERT_NO_FATAL_FAILURE(servers_.Restart(server));
    EXPECT_TRUE(AwaitSales());
  }
  WriteTokens(second_);
  EXPECT_TRUE(AwaitSales());
  WriteKeys({second_.PublicKey()});
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("next", 20));
  const auto activated = AdminOf(0).ActivateProgram(activate);
  done_ = !activated.ok();
  EXPECT_TRUE(activated.ok()) << activated.status();
  for (int server = 0; server < kServers && activated.ok(); ++server) {
    EXPECT_TRUE(Await([&, admin = AdminOf(server)]() mutable {
      return admin.GetProgram()->version() == activated->version().version();
    })) << "server "
        << server << " does not know it";
  }
  EXPECT_TRUE(done_ || AwaitSales());
  done_ = true;
  for (std::thread& till : tills) till.join();
  EXPECT_EQ(TotalsOf(AdminOf(0)).purchases(), sold_.load());
  ExpectSoundBooks(AdminOf(1));
}

}  // namespace
}  // namespace dangol::e2e
