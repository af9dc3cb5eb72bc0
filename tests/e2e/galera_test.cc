// Three nodes of Galera, and servers that know them all: nodes are killed in the
// middle of the load, and service resumes by itself with nothing lost or doubled.

#include "tests/support/galera.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/servers.h"
#include "tests/e2e/tills.h"

namespace dangol::e2e {
namespace {

constexpr unsigned kSeed = 20'261'122;
constexpr int kNodes = testing::GaleraCluster::kNodes;
constexpr int kTills = 6;
constexpr int kMembers = 10;

class GaleraTest : public ::testing::Test {
 protected:
  // One cluster for all, since it takes seconds to start.
  static void SetUpTestSuite() {
    if (!testing::OnMysql()) return;
    directory_ = new testing::TemporaryDirectory();
    auto cluster = testing::GaleraCluster::Start(directory_->path());
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    cluster_ = cluster->release();
  }

  static void TearDownTestSuite() {
    delete std::exchange(cluster_, nullptr);
    delete std::exchange(directory_, nullptr);
  }

  void SetUp() override {
    if (!testing::OnMysql()) GTEST_SKIP() << "about a cluster of MariaDB";
    ASSERT_NE(cluster_, nullptr);
    ASSERT_TRUE(cluster_->CreateDatabase(database_).ok());
    testing::MigrateStore(cluster_->Url(database_));
  }

  // The nodes in the order in which a server tries them.
  std::string UrlFrom(int first) const {
    std::vector<std::string> hosts;
    for (int i = 0; i < kNodes; ++i)
      hosts.push_back(absl::StrCat("127.0.0.1:", cluster_->node((first + i) % kNodes).port()));
    return absl::StrCat("mysql://dangol:secret@", absl::StrJoin(hosts, ","), "/", database_);
  }

  void EnrollAll() {
    for (int i = 0; i < kMembers; ++i) EnrollCard(MakeClient(i), absl::StrCat(i));
  }

  Client MakeClient(int server) const {
    return PatientClient(servers_.address(server % servers_.count()));
  }

  // Tills that know the SDK and nothing of databases.
  std::unique_ptr<Tills> OpenTills() {
    return std::make_unique<Tills>(
        Tills::Options{kTills, kMembers, kSeed, ""}, [this](int till) -> Tills::Send {
          return [this, client = MakeClient(till)](const v1::Purchase& purchase) mutable {
            journal_.Note(purchase, client.RecordPurchase(purchase));
            return true;
          };
        });
  }

  // The node with the most connections of servers.
  static int ServingNode() {
    std::vector<int> connections;
    for (int i = 0; i < kNodes; ++i) {
      const auto count = cluster_->node(i).QueryValue(
          "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'dangol'");
      int number = 0;
      EXPECT_TRUE(count.ok() && absl::SimpleAtoi(*count, &number)) << count.status();
      connections.push_back(number);
    }
    return static_cast<int>(std::max_element(connections.begin(), connections.end()) -
                            connections.begin());
  }

  void ExpectNothingLostOrDoubled() {
    EXPECT_EQ(journal_.unanswered(), 0u);
    journal_.ExpectStored(MakeClient(0));
    for (int server = 1; server < servers_.count(); ++server)
      journal_.ExpectTotals(MakeClient(server));
    ExpectLedgersWithoutGaps(MakeClient(0), kMembers);
    for (int i = 0; i < kNodes; ++i) {
      SCOPED_TRACE(absl::StrCat("node ", i));
      // Once it has what the others have confirmed.
      EXPECT_TRUE(
          cluster_->node(i).QueryValue("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1").ok());
      ExpectSoundDatabase(cluster_->node(i), database_);
    }
  }

  static inline testing::TemporaryDirectory* directory_ = nullptr;
  static inline testing::GaleraCluster* cluster_ = nullptr;

  const std::string database_ = NewDatabaseName();
  Servers servers_;
  Journal journal_;
};

TEST_F(GaleraTest, NodeThatServesIsKilled) {
  constexpr int kKills = 2;
  ASSERT_NO_FATAL_FAILURE(servers_.Start({UrlFrom(0), UrlFrom(0), UrlFrom(0)}));
  EnrollAll();
  const auto tills = OpenTills();
  for (int kill = 0; kill < kKills; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    EXPECT_TRUE(journal_.Await(journal_.answered() + 100));
    const int victim = ServingNode();
    cluster_->node(victim).Kill();
    EXPECT_TRUE(journal_.Await(journal_.answered() + 100)) << "service does not resume";
    const absl::Status rejoined = cluster_->Rejoin(victim);
    ASSERT_TRUE(rejoined.ok()) << rejoined;
  }
  tills->Stop();
  ExpectNothingLostOrDoubled();
}

// Where the locks of the others are not known: conflicts show late, at any point of
// a transaction.
TEST_F(GaleraTest, EachServerWritesToItsOwnNode) {
  ASSERT_NO_FATAL_FAILURE(servers_.Start({UrlFrom(0), UrlFrom(1), UrlFrom(2)}));
  EnrollAll();
  const auto tills = OpenTills();
  EXPECT_TRUE(journal_.Await(500));
  tills->Stop();
  ExpectNothingLostOrDoubled();
}

TEST_F(GaleraTest, NodeOfOneServerIsKilled) {
  ASSERT_NO_FATAL_FAILURE(servers_.Start({UrlFrom(0), UrlFrom(1), UrlFrom(2)}));
  EnrollAll();
  const auto tills = OpenTills();
  EXPECT_TRUE(journal_.Await(100));
  cluster_->node(0).Kill();
  EXPECT_TRUE(journal_.Await(journal_.answered() + 300)) << "service does not resume";
  const absl::Status rejoined = cluster_->Rejoin(0);
  ASSERT_TRUE(rejoined.ok()) << rejoined;
  tills->Stop();
  ExpectNothingLostOrDoubled();
}

}  // namespace
}  // namespace dangol::e2e
