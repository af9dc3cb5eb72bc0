#ifndef DANGOL_TESTS_E2E_SERVERS_H_
#define DANGOL_TESTS_E2E_SERVERS_H_

#include <grpcpp/channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dangol/client.h"
#include "tests/support/mariadb.h"
#include "tests/support/reserved_port.h"
#include "tests/support/server_process.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_store.h"

namespace dangol::e2e {

// Several dangold, each on a port of its own that it keeps over restarts. Their
// methods are for the thread that made this, but for address.
class Servers {
 public:
  // Starts one on each of these stores, all at the same moment, and waits until
  // each of them serves. A fatal failure where one does not.
  void Start(const std::vector<std::string>& stores, const std::vector<std::string>& more = {});

  // Starts one again that has ended, and waits until it serves.
  void Restart(int i);

  void Kill(int i);
  // Ends it with SIGTERM; its exit code.
  int Terminate(int i);

  int count() const { return static_cast<int>(servers_.size()); }
  const std::string& address(int i) const { return servers_[static_cast<size_t>(i)].address; }
  testing::Process& process(int i) { return *servers_[static_cast<size_t>(i)].process; }

 private:
  struct Server {
    testing::ReservedPort port;
    std::string address;
    std::vector<std::string> command;
    std::string log;
    std::unique_ptr<testing::Process> process;
  };

  void Launch(Server& server);
  void AwaitServing(Server& server);

  testing::TemporaryDirectory directory_;
  std::vector<Server> servers_;
};

// A test of several dangold on one database of MySQL, whose tables are held against
// each other at its end.
class ServersTest : public ::testing::Test {
 protected:
  static constexpr int kServers = 3;

  void SetUp() override;
  void TearDown() override;

  const std::string& address(int server) const { return servers_.address(server % kServers); }
  Client MakeClient(int server) const;
  Client MakeImpatientClient(int server) const;
  std::shared_ptr<grpc::Channel> MakeChannel(int server) const;

  testing::TestStore store_;
  Servers servers_;
  std::vector<std::string> flags_;  // More flags of the servers; the sample program.
};

// Expects that all tables of a database agree with each other: the log has no gaps,
// no ledger has one, and every sum that is kept is the sum of what it is of.
void ExpectSoundDatabase(testing::MariaDb& mariadb, absl::string_view database);

// A name that no other test has, nor this one when it is repeated.
std::string NewDatabaseName();

// The name of the database in a URL without parameters.
std::string DatabaseOf(const std::string& url);

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_SERVERS_H_
