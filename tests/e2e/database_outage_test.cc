// The database goes away and comes back: servers start without it, say so, lose
// nothing that they acknowledged, and serve again by themselves.

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dangol/error.h"
#include "dangol/v1/insight_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/servers.h"
#include "tests/e2e/tills.h"
#include "tests/support/mariadb.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;

constexpr unsigned kSeed = 20'261'122;
constexpr int kTills = 6;
constexpr int kMembers = 5;

class DatabaseOutageTest : public ::testing::Test {
 protected:
  // One database server for all, since it takes seconds to make one.
  static void SetUpTestSuite() {
    if (!testing::OnMysql()) return;
    auto mariadb = testing::MariaDb::Start({});
    ASSERT_TRUE(mariadb.ok()) << mariadb.status();
    mariadb_ = mariadb->release();
  }

  static void TearDownTestSuite() { delete std::exchange(mariadb_, nullptr); }

  void SetUp() override {
    if (!testing::OnMysql()) GTEST_SKIP() << "SQLite is a part of the server";
    ASSERT_NE(mariadb_, nullptr);
    if (!mariadb_->process().IsRunning()) {
      ASSERT_NO_FATAL_FAILURE(RestartDatabase());
    }
    ASSERT_TRUE(mariadb_->CreateDatabase(database_).ok());
  }

  std::string Url() const { return mariadb_->Url(database_); }

  void StartServer() {
    auto server = testing::ServerProcess::Start({.store = Url(), .directory = directory_.path()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = std::make_unique<testing::ServerProcess>(*std::move(server));
    health_ = std::make_unique<HealthWatch>(OwnChannel(address()));
  }

  // And with some members.
  void StartServing() {
    testing::MigrateStore(Url());
    ASSERT_NO_FATAL_FAILURE(StartServer());
    for (int i = 0; i < kMembers; ++i) EnrollCard(MakeClient(), absl::StrCat(i));
    EXPECT_TRUE(health_->Await(/*serving=*/true));
  }

  static void RestartDatabase() {
    const absl::Status started = mariadb_->Restart();
    ASSERT_TRUE(started.ok()) << started;
  }

  const std::string& address() const { return server_->address(); }
  Client MakeClient() const { return PatientClient(address()); }

  // Tills that go home when they are not served.
  std::unique_ptr<Tills> OpenTills(int cycle, unsigned seed) {
    return std::make_unique<Tills>(
        Tills::Options{kTills, kMembers, seed, absl::StrCat("c", cycle, "-")},
        [this](int) -> Tills::Send {
          return [this, client = ImpatientClient(address())](const v1::Purchase& purchase) mutable {
            const auto response = client.RecordPurchase(purchase);
            journal_.Note(purchase, response);
            if (!response.ok()) ExpectOutage(response.status());
            return response.ok();
          };
        });
  }

  static void ExpectOutage(const absl::Status& status) {
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    const std::string reason = ErrorReason(status);
    EXPECT_TRUE(reason == "STORE_UNAVAILABLE" || reason == "OUTCOME_UNKNOWN") << status;
    EXPECT_TRUE(RetryDelay(status).has_value()) << status;
  }

  void ExpectNothingLostOrDoubled() {
    journal_.ExpectStored(MakeClient());
    ExpectSoundDatabase(*mariadb_, database_);
    EXPECT_TRUE(server_->process().IsRunning()) << server_->process().Output();
  }

  static inline testing::MariaDb* mariadb_ = nullptr;

  const std::string database_ = NewDatabaseName();
  testing::TemporaryDirectory directory_;
  std::unique_ptr<testing::ServerProcess> server_;
  std::unique_ptr<HealthWatch> health_;
  Journal journal_;
};

// How the first item of a list came.
template <typename Item>
absl::Status FirstOf(PageRange<Item> range) {
  const auto first = range.begin();
  return first == range.end() ? absl::OkStatus() : first->status();
}

// One call of each kind.
std::vector<std::pair<std::string, absl::Status>> CallAll(Client client) {
  v1::EnrollMemberRequest enroll;
  *enroll.add_aliases() = MakeAlias("card", "4005");
  v1::AddAliasRequest add;
  *add.mutable_member() = Card("4005");
  *add.mutable_alias() = MakeAlias("card", "4006");
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("during the outage", 10));
  const v1::Purchase purchase = SmallPurchase("p-1", 100);
  std::vector<std::pair<std::string, absl::Status>> statuses = {
      {"EnrollMember", client.EnrollMember(enroll).status()},
      {"AddAlias", client.AddAlias(add).status()},
      {"RecordPurchase", client.RecordPurchase(purchase).status()},
      {"PreviewPurchase", client.PreviewPurchase(purchase).status()},
      {"ActivateProgram", client.ActivateProgram(activate).status()},
      {"GetProgram", client.GetProgram().status()},
      {"GetMember", client.GetMember(Card("4005")).status()},
      {"LookupMember", client.LookupMember(MakeAlias("card", "4005")).status()},
      {"GetPurchase", client.GetPurchase("p-1").status()},
      {"GetBalance", client.GetBalance(Card("4005")).status()},
      {"GetTotals", client.GetTotals().status()}};
  const auto batch = client.BatchRecordPurchases({purchase});
  statuses.emplace_back("BatchRecordPurchases",
                        batch.ok() ? ToStatus(batch->results(0).error()) : batch.status());
  statuses.emplace_back("ListMembers", FirstOf(client.ListMembers()));
  statuses.emplace_back("ListPurchases", FirstOf(client.ListPurchases(Card("4005"))));
  statuses.emplace_back("ListLedgerEntries", FirstOf(client.ListLedgerEntries(Card("4005"))));
  statuses.emplace_back("ListPrograms", FirstOf(client.ListPrograms()));
  const std::unique_ptr<PurchaseStream> stream = client.StreamPurchases();
  stream->Write(purchase);
  const auto streamed = stream->Read();
  statuses.emplace_back("StreamPurchases", streamed.has_value()
                                               ? ToStatus(streamed->result().error())
                                               : stream->Finish());
  return statuses;
}

void ExpectAllUnavailable(Client client) {
  for (const auto& [call, status] : CallAll(std::move(client))) {
    SCOPED_TRACE(call);
    ExpectRefused(status, absl::StatusCode::kUnavailable, {}, "STORE_UNAVAILABLE");
    EXPECT_TRUE(RetryDelay(status).has_value()) << status;
  }
}

TEST_F(DatabaseOutageTest, ServerStartsBeforeItsDatabase) {
  testing::MigrateStore(Url());
  EXPECT_EQ(mariadb_->Stop(), 0);
  ASSERT_NO_FATAL_FAILURE(StartServer());
  EXPECT_TRUE(health_->Await(/*serving=*/false));
  ExpectAllUnavailable(ImpatientClient(address()));

  ASSERT_NO_FATAL_FAILURE(RestartDatabase());
  EXPECT_TRUE(health_->Await(/*serving=*/true));
  // By the program that every new store gets, which could not be stored before.
  EnrollCard(MakeClient(), "4005");
  const auto recorded = MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_FALSE(recorded->replayed());
  EXPECT_EQ(recorded->outcome().earned(0).points(), 200);
  EXPECT_EQ(MakeClient().GetProgram().value().version(), 1);
}

TEST_F(DatabaseOutageTest, EveryCallSaysThatTheDatabaseIsAway) {
  ASSERT_NO_FATAL_FAILURE(StartServing());
  EnrollCard(MakeClient(), "4005");
  mariadb_->Kill();
  EXPECT_TRUE(health_->Await(/*serving=*/false));
  ExpectAllUnavailable(ImpatientClient(address()));
  ASSERT_NO_FATAL_FAILURE(RestartDatabase());
  EXPECT_TRUE(health_->Await(/*serving=*/true));
  EXPECT_EQ(TotalsOf(MakeClient()).purchases(), 0);
  EXPECT_EQ(MakeClient().GetProgram().value().version(), 1);
  // However often it was tried: once for each pool of connections.
  constexpr int kPools = 3;
  const std::vector<std::string> lines = absl::StrSplit(server_->process().Output(), '\n');
  const auto told = [&](const std::string& what) {
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(what) != std::string::npos;
    });
  };
  EXPECT_GE(told("cannot use the database at"), 1);
  EXPECT_LE(told("cannot use the database at"), kPools);
  EXPECT_GE(told("can be used again"), 1);
}

// It would not have been started, had it been known then.
TEST_F(DatabaseOutageTest, DatabaseThatComesWithoutSchemaEndsTheServer) {
  EXPECT_EQ(mariadb_->Stop(), 0);
  ASSERT_NO_FATAL_FAILURE(StartServer());
  ASSERT_NO_FATAL_FAILURE(RestartDatabase());
  // A watch is a call in progress, for which the server waits.
  health_.reset();
  EXPECT_EQ(server_->process().Wait(), 78);
  EXPECT_THAT(server_->process().Output(), HasSubstr("run: dangolctl schema migrate --store="));
}

TEST_F(DatabaseOutageTest, NothingIsLostWhenTheDatabaseIsKilled) {
  constexpr int kKills = 20;
  ASSERT_NO_FATAL_FAILURE(StartServing());
  std::mt19937 random(kSeed);
  RecordProperty("seed", kSeed);
  int replayed = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill, " of seed ", kSeed));
    const auto tills = OpenTills(kill, static_cast<unsigned>(random()));
    EXPECT_TRUE(journal_.Await(journal_.answered() + 1 + random() % 150));
    mariadb_->Kill();
    tills->Join();
    // Health is looked at more rarely than the database can be restarted.
    if (kill % 5 == 0) {
      EXPECT_TRUE(health_->Await(/*serving=*/false));
    }
    ASSERT_NO_FATAL_FAILURE(RestartDatabase());
    if (kill % 5 == 0) {
      EXPECT_TRUE(health_->Await(/*serving=*/true));
    }
    replayed += journal_.RetryUnanswered(MakeClient());
    journal_.ExpectTotals(MakeClient());
    if (HasFailure()) return;
  }
  RecordProperty("recorded_but_not_acknowledged", replayed);
  EXPECT_TRUE(health_->Await(/*serving=*/true));
  ExpectNothingLostOrDoubled();
  ExpectLedgersWithoutGaps(MakeClient(), kMembers);
}

// As in an upgrade: the database ends what it can and refuses the rest.
TEST_F(DatabaseOutageTest, NothingIsLostWhenTheDatabaseIsStopped) {
  constexpr int kStops = 3;
  ASSERT_NO_FATAL_FAILURE(StartServing());
  std::mt19937 random(kSeed + 1);
  for (int stop = 0; stop < kStops; ++stop) {
    SCOPED_TRACE(absl::StrCat("stop ", stop));
    const auto tills = OpenTills(stop, static_cast<unsigned>(random()));
    EXPECT_TRUE(journal_.Await(journal_.answered() + 1 + random() % 150));
    EXPECT_EQ(mariadb_->Stop(), 0);
    tills->Join();
    ASSERT_NO_FATAL_FAILURE(RestartDatabase());
    journal_.RetryUnanswered(MakeClient());
    journal_.ExpectTotals(MakeClient());
  }
  ExpectNothingLostOrDoubled();
}

// Through the SDK they notice no more than that it takes longer.
TEST_F(DatabaseOutageTest, PatientTillsRideOverIt) {
  constexpr int kKills = 3;
  ASSERT_NO_FATAL_FAILURE(StartServing());
  Tills tills({kTills, kMembers, kSeed, ""}, [this](int) -> Tills::Send {
    return [this, client = MakeClient()](const v1::Purchase& purchase) mutable {
      journal_.Note(purchase, client.RecordPurchase(purchase));
      return true;
    };
  });
  for (int kill = 0; kill < kKills; ++kill) {
    EXPECT_TRUE(journal_.Await(journal_.answered() + 100));
    mariadb_->Kill();
    ASSERT_NO_FATAL_FAILURE(RestartDatabase());
  }
  EXPECT_TRUE(journal_.Await(journal_.answered() + 100));
  tills.Stop();
  EXPECT_EQ(journal_.unanswered(), 0u);
  ExpectNothingLostOrDoubled();
}

}  // namespace
}  // namespace dangol::e2e
