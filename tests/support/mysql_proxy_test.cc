#include "tests/support/mysql_proxy.h"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mysql_driver.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "tests/support/mariadb.h"
#include "tests/support/mysql_packets.h"

namespace dangol::testing {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What the driver says when the connection is gone: that it was lost before the
// answer, or before the query was sent.
const auto kIsLost = AnyOf(2013, 2006);

constexpr char kDatabase[] = "proxied";

struct Failure {
  int code = 0;
  std::string sqlstate;
  std::string message;
};

// A client with a connection of its own. The driver's exceptions end here.
class Client {
 public:
  struct Options {
    int answer_seconds = 60;
    bool compress = false;
  };

  explicit Client(int port) : Client(port, Options()) {}
  Client(int port, const Options& options) {
    std::map<sql::SQLString, sql::ConnectPropertyVal> properties;
    properties["hostName"] = sql::SQLString("127.0.0.1");
    properties["port"] = port;
    properties["userName"] = sql::SQLString("dangol");
    properties["password"] = sql::SQLString("secret");
    properties["schema"] = sql::SQLString(kDatabase);
    properties["CLIENT_MULTI_STATEMENTS"] = true;
    properties["CLIENT_COMPRESS"] = options.compress;
    properties["OPT_READ_TIMEOUT"] = options.answer_seconds;
    try {
      connection_.reset(sql::mysql::get_driver_instance()->connect(properties));
      statement_.reset(connection_->createStatement());
    } catch (const sql::SQLException& error) {
      failure_ = FailureOf(error);
    }
  }

  // Runs a packet and reads all of its answers. Whether none is an error.
  bool Run(const std::string& sql) {
    values_.clear();
    failure_ = {};
    try {
      bool has_rows = statement_->execute(sql);
      // The driver does not tell an answer without rows from the end.
      for (size_t answers = SplitStatements(sql).size(); answers > 0; --answers) {
        if (has_rows) ReadValues();
        has_rows = statement_->getMoreResults();
      }
    } catch (const sql::SQLException& error) {
      failure_ = FailureOf(error);
    }
    return failure_.code == 0;
  }

  // The first column of every row of the last packet, up to an error.
  const std::vector<std::string>& values() const { return values_; }

  // Of the last packet, or of connecting.
  const Failure& failure() const { return failure_; }

 private:
  static Failure FailureOf(const sql::SQLException& error) {
    return {error.getErrorCode(), error.getSQLState(), error.what()};
  }

  void ReadValues() {
    const std::unique_ptr<sql::ResultSet> result(statement_->getResultSet());
    while (result->next()) values_.push_back(result->getString(1).asStdString());
  }

  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<sql::Statement> statement_;
  std::vector<std::string> values_;
  Failure failure_;
};

// A client that goes through a proxy, and one that does not. The table `t` has the
// numbers that they insert.
class MySqlProxyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    MariaDb& database = SharedMariaDb();
    ASSERT_EQ(database.Execute(absl::StrCat("DROP DATABASE IF EXISTS ", kDatabase)),
              absl::OkStatus());
    ASSERT_EQ(database.CreateDatabase(kDatabase), absl::OkStatus());
    absl::StatusOr<std::unique_ptr<MySqlProxy>> proxy = MySqlProxy::Start(database.port());
    ASSERT_EQ(proxy.status(), absl::OkStatus());
    proxy_ = *std::move(proxy);
    direct_.emplace(database.port());
    client_.emplace(proxy_->port());
    ASSERT_TRUE(direct_->Run("CREATE TABLE t (n INT PRIMARY KEY, v INT NOT NULL DEFAULT 0)"));
    proxy_->OnStatement(nullptr);
  }

  // What is committed.
  std::vector<std::string> Numbers() {
    EXPECT_TRUE(direct_->Run("SELECT n FROM t ORDER BY n")) << direct_->failure().message;
    return direct_->values();
  }

  std::string Log() { return absl::StrJoin(proxy_->Statements(), "\n"); }

  std::unique_ptr<MySqlProxy> proxy_;
  std::optional<Client> direct_;
  std::optional<Client> client_;
};

TEST_F(MySqlProxyTest, PassesOnWhatNobodyTouches) {
  EXPECT_TRUE(client_->Run("INSERT INTO t (n) VALUES (1);\nSELECT 'a\\n;\\nb';\nSELECT n FROM t;"));
  EXPECT_THAT(client_->values(), ElementsAre("a\n;\nb", "1"));
  EXPECT_TRUE(client_->Run(absl::StrCat("SELECT LENGTH('", std::string(1 << 20, 'x'), "')")));
  EXPECT_THAT(client_->values(), ElementsAre("1048576"));
  EXPECT_FALSE(client_->Run("SELECT nothing"));
  EXPECT_EQ(client_->failure().code, 1054);
  EXPECT_EQ(proxy_->statements(), 5);
  EXPECT_THAT(proxy_->Statements(),
              ElementsAre("INSERT INTO t (n) VALUES (1)", "SELECT 'a\\n;\\nb'", "SELECT n FROM t",
                          "SELECT LENGTH('" + std::string(45, 'x'), "SELECT nothing"));
  EXPECT_EQ(proxy_->connections(), 1);
}

TEST_F(MySqlProxyTest, AsksAboutEveryStatement) {
  std::vector<std::string> asked;
  proxy_->OnStatement([&](const MySqlProxy::Statement& statement) {
    asked.push_back(absl::StrCat(statement.number, " ", statement.connection, " ", statement.sql));
    return Fault::None();
  });
  EXPECT_TRUE(client_->Run("SELECT 1;\nSELECT 2"));
  Client other(proxy_->port());
  asked.clear();
  const int64_t before = proxy_->statements();
  EXPECT_TRUE(other.Run("SELECT 3"));
  EXPECT_THAT(asked, ElementsAre(absl::StrCat(before + 1, " 2 SELECT 3")));
}

TEST_F(MySqlProxyTest, AnErrorComesAsSentAndStopsThePacket) {
  for (const Failure& error : std::vector<Failure>{{1205, "HY000", "Lock wait timeout exceeded"},
                                                   {1213, "40001", "Deadlock found"},
                                                   {1047, "08S01", "WSREP has not yet prepared"},
                                                   {8022, "HY000", "It's \\ optimistic"},
                                                   {8028, "HY000", "Information schema changed"},
                                                   {9007, "HY000", "Write conflict"}}) {
    ASSERT_TRUE(client_->Run("DELETE FROM t"));
    proxy_->OnStatement(MySqlProxy::At(2, Fault::Error(error.code, error.sqlstate, error.message)));
    EXPECT_FALSE(
        client_->Run("INSERT INTO t (n) VALUES (1);\nINSERT INTO t (n) VALUES (2);\nINSERT INTO t "
                     "(n) VALUES (3)"));
    EXPECT_EQ(client_->failure().code, error.code);
    EXPECT_EQ(client_->failure().sqlstate, error.sqlstate);
    EXPECT_EQ(client_->failure().message, error.message);
    EXPECT_THAT(Numbers(), ElementsAre("1")) << Log();
    EXPECT_EQ(proxy_->statements(), 2);
  }
  EXPECT_TRUE(client_->Run("SELECT 1")) << "The connection should be of use.";
}

TEST_F(MySqlProxyTest, RowsBeforeAnErrorArrive) {
  proxy_->OnStatement(MySqlProxy::At(3, Fault::Error(1205, "HY000", "late")));
  EXPECT_FALSE(client_->Run("SELECT 1;\nSELECT 2;\nSELECT 3"));
  EXPECT_THAT(client_->values(), ElementsAre("1", "2"));
  EXPECT_EQ(client_->failure().message, "late");
}

TEST_F(MySqlProxyTest, AnErrorInALongPacketArrives) {
  ASSERT_EQ(SharedMariaDb().Execute("SET GLOBAL max_allowed_packet = 1 << 26"), absl::OkStatus());
  Client client(proxy_->port());
  const std::string sql =
      absl::StrCat("SELECT 1;\nSELECT LENGTH('", std::string(17 << 20, 'x'), "')");
  EXPECT_TRUE(client.Run(sql)) << client.failure().message;
  proxy_->OnStatement(MySqlProxy::At(2, Fault::Error(1205, "HY000", "long")));
  EXPECT_FALSE(client.Run(sql));
  EXPECT_EQ(client.failure().message, "long");
}

TEST_F(MySqlProxyTest, AnErrorLeavesTheTransactionOpenUnlessItIsToRollBack) {
  const std::string packet = "BEGIN;\nINSERT INTO t (n) VALUES (1);\nSELECT 1";
  proxy_->OnStatement(MySqlProxy::At(3, Fault::Error(1205, "HY000", "")));
  EXPECT_FALSE(client_->Run(packet));
  EXPECT_TRUE(client_->Run("SELECT @@in_transaction;\nROLLBACK"));
  EXPECT_THAT(client_->values(), ElementsAre("1"));

  proxy_->OnStatement(MySqlProxy::At(3, Fault::ErrorAfterRollback(1213, "40001", "Deadlock")));
  EXPECT_FALSE(client_->Run(packet));
  EXPECT_EQ(client_->failure().code, 1213);
  EXPECT_EQ(client_->failure().sqlstate, "40001");
  EXPECT_EQ(client_->failure().message, "Deadlock");
  EXPECT_TRUE(client_->Run("SELECT @@in_transaction;\nCOMMIT"));
  EXPECT_THAT(client_->values(), ElementsAre("0"));
  EXPECT_THAT(Numbers(), IsEmpty());
}

TEST_F(MySqlProxyTest, NothingArrivesThatIsCutBefore) {
  proxy_->OnStatement(MySqlProxy::AtFirst("COMMIT", Fault::CutBefore()));
  EXPECT_TRUE(client_->Run("BEGIN;\nINSERT INTO t (n) VALUES (1)"));
  EXPECT_FALSE(client_->Run("INSERT INTO t (n) VALUES (2);\nCOMMIT"));
  EXPECT_THAT(client_->failure().code, kIsLost);
  // Waits for the lock if the server is not done with the transaction.
  EXPECT_TRUE(direct_->Run("INSERT INTO t (n) VALUES (1)"));
  EXPECT_THAT(Numbers(), ElementsAre("1"));
}

TEST_F(MySqlProxyTest, EverythingIsDoneThatIsCutAfter) {
  proxy_->OnStatement(MySqlProxy::AtFirst("COMMIT", Fault::CutAfter()));
  EXPECT_TRUE(client_->Run("BEGIN;\nINSERT INTO t (n) VALUES (1)"));
  EXPECT_FALSE(client_->Run("COMMIT"));
  EXPECT_THAT(client_->failure().code, kIsLost);
  EXPECT_THAT(Numbers(), ElementsAre("1"));

  Client other(proxy_->port());
  proxy_->OnStatement(MySqlProxy::At(2, Fault::CutAfter()));
  EXPECT_FALSE(
      other.Run("SELECT 1;\nINSERT INTO t (n) VALUES (2);\nSELECT SEQ FROM seq_1_to_100000;\n"
                "INSERT INTO t (n) VALUES (3)"));
  EXPECT_THAT(other.failure().code, kIsLost);
  EXPECT_THAT(other.values(), IsEmpty());
  EXPECT_THAT(Numbers(), ElementsAre("1", "2", "3"));
}

TEST_F(MySqlProxyTest, WhatIsCutAtOnceIsDoneWhenTheClientHasGone) {
  ASSERT_TRUE(direct_->Run("INSERT INTO t (n) VALUES (1)"));
  ASSERT_TRUE(direct_->Run("BEGIN;\nSELECT * FROM t WHERE n = 1 FOR UPDATE"));
  proxy_->OnStatement(MySqlProxy::At(2, Fault::CutAtOnce()));
  EXPECT_FALSE(client_->Run("BEGIN;\nUPDATE t SET v = 7 WHERE n = 1;\nCOMMIT"));
  EXPECT_THAT(client_->failure().code, kIsLost);
  ASSERT_TRUE(direct_->Run("SELECT v FROM t WHERE n = 1;\nCOMMIT"));
  EXPECT_THAT(direct_->values(), ElementsAre("0"));
  while (direct_->values() != std::vector<std::string>{"7"}) {
    ASSERT_TRUE(direct_->Run("SELECT v FROM t WHERE n = 1"));
  }
}

TEST_F(MySqlProxyTest, WhatHangsArrivesWhenItIsReleased) {
  proxy_->OnStatement(MySqlProxy::AtFirst("INSERT", Fault::Hang()));
  std::thread thread([&] { EXPECT_TRUE(client_->Run("INSERT INTO t (n) VALUES (1);\nSELECT 1")); });
  EXPECT_TRUE(proxy_->AwaitHung(1));
  EXPECT_THAT(Numbers(), IsEmpty());
  EXPECT_TRUE(Client(proxy_->port()).Run("INSERT INTO t (n) VALUES (2)"));
  proxy_->ReleaseHung();
  thread.join();
  EXPECT_THAT(client_->values(), ElementsAre("1"));
  EXPECT_THAT(Numbers(), ElementsAre("1", "2"));
}

// The server has no way to know that the client gave up.
TEST_F(MySqlProxyTest, WhatHangsArrivesLongAfterItsClientHasGone) {
  Client hasty(proxy_->port(), {.answer_seconds = 1});
  proxy_->OnStatement(MySqlProxy::AtFirst("COMMIT", Fault::Hang()));
  EXPECT_TRUE(hasty.Run("BEGIN;\nINSERT INTO t (n) VALUES (1)"));
  EXPECT_FALSE(hasty.Run("COMMIT"));
  EXPECT_THAT(hasty.failure().code, kIsLost);
  EXPECT_THAT(Numbers(), IsEmpty());
  proxy_->ReleaseHung();
  while (Numbers().empty()) {
  }
}

TEST_F(MySqlProxyTest, WhatHangsIsLostWhenItIsCut) {
  proxy_->OnStatement(MySqlProxy::AtFirst("INSERT", Fault::Hang()));
  std::thread thread([&] {
    EXPECT_FALSE(client_->Run("INSERT INTO t (n) VALUES (1)"));
    EXPECT_THAT(client_->failure().code, kIsLost);
  });
  EXPECT_TRUE(proxy_->AwaitHung(1));
  proxy_->CutAll();
  thread.join();
  EXPECT_THAT(Numbers(), IsEmpty());
}

TEST_F(MySqlProxyTest, EndsWithHungConnections) {
  proxy_->OnStatement(MySqlProxy::AtFirst("INSERT", Fault::Hang()));
  std::thread thread([&] { EXPECT_FALSE(client_->Run("INSERT INTO t (n) VALUES (1)")); });
  EXPECT_TRUE(proxy_->AwaitHung(1));
  proxy_.reset();
  thread.join();
  EXPECT_THAT(Numbers(), IsEmpty());
}

TEST_F(MySqlProxyTest, AHookMayWait) {
  absl::Notification asked;
  absl::Notification goes_on;
  proxy_->OnStatement([&](const MySqlProxy::Statement& statement) {
    if (statement.sql == "SELECT 1") {
      asked.Notify();
      goes_on.WaitForNotification();
    }
    return Fault::None();
  });
  std::thread thread([&] { EXPECT_TRUE(client_->Run("SELECT 1")); });
  asked.WaitForNotification();
  EXPECT_TRUE(Client(proxy_->port()).Run("SELECT 2"));
  goes_on.Notify();
  thread.join();
}

TEST_F(MySqlProxyTest, RefusesNewConnectionsAsLongAsItShall) {
  proxy_->Refuse(true);
  EXPECT_THAT(Client(proxy_->port()).failure().code, AnyOf(kIsLost, 2012));
  EXPECT_TRUE(client_->Run("SELECT 1"));
  proxy_->Refuse(false);
  EXPECT_TRUE(Client(proxy_->port()).Run("SELECT 1"));
}

TEST_F(MySqlProxyTest, CutsAllConnections) {
  EXPECT_TRUE(client_->Run("BEGIN;\nINSERT INTO t (n) VALUES (1)"));
  EXPECT_EQ(proxy_->connections(), 1);
  proxy_->CutAll();
  EXPECT_EQ(proxy_->connections(), 0);
  EXPECT_FALSE(client_->Run("COMMIT"));
  EXPECT_THAT(client_->failure().code, kIsLost);
  EXPECT_THAT(Numbers(), IsEmpty());
  EXPECT_TRUE(Client(proxy_->port()).Run("SELECT 1"));
}

TEST_F(MySqlProxyTest, CutsOffWhatItCannotRead) {
  EXPECT_THAT(Client(proxy_->port(), {.compress = true}).failure().code, AnyOf(kIsLost, 2012));
}

TEST(MySqlProxyWithoutServerTest, ClientsAreCutOff) {
  // A port where nobody listens.
  absl::StatusOr<std::unique_ptr<MySqlProxy>> gone = MySqlProxy::Start(1);
  ASSERT_EQ(gone.status(), absl::OkStatus());
  const int port = (*gone)->port();
  gone->reset();
  const absl::StatusOr<std::unique_ptr<MySqlProxy>> proxy = MySqlProxy::Start(port);
  ASSERT_EQ(proxy.status(), absl::OkStatus());
  EXPECT_THAT(Client((*proxy)->port()).failure().code, AnyOf(kIsLost, 2012));
}

}  // namespace
}  // namespace dangol::testing
