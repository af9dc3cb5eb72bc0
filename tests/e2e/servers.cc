#include "tests/e2e/servers.h"

#include <signal.h>

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

// What would be wrong with a database, and how many rows of DB have it.
struct Check {
  absl::string_view wrong;
  absl::string_view rows;
};

constexpr Check kChecks[] = {
    {"partitions with gaps in the log",
     "(SELECT partition_id FROM DB.command_log GROUP BY partition_id"
     " HAVING MIN(position) <> 1 OR MAX(position) <> COUNT(*)) t"},
    {"partitions that don't know their end",
     "DB.log_partition LEFT JOIN (SELECT partition_id, MAX(position) AS last FROM DB.command_log"
     " GROUP BY partition_id) t USING (partition_id) WHERE last_position <> COALESCE(last, 0)"},
    {"purchases without their command",
     "DB.purchase p LEFT JOIN DB.command_log c USING (partition_id, position)"
     " LEFT JOIN DB.member m ON m.member_id = c.member_id"
     " WHERE c.kind IS NULL OR c.kind <> 4 OR c.request_id <> p.purchase_id OR m.version IS NULL"
     // It may have come to another member, or be of somebody who uses another's purse.
     " OR (p.person_id = p.member_id AND COALESCE(c.person_id, c.member_id) <> p.person_id"
     " AND m.merged_into IS NULL AND m.purse_json IS NULL)"},
    {"commands without their purchase",
     "DB.command_log c LEFT JOIN DB.purchase p USING (partition_id, position)"
     " WHERE c.kind = 4 AND p.purchase_id IS NULL"},
    {"commands of a member in another partition",
     "DB.command_log WHERE partition_id <>"
     " COALESCE(CONV(HEX(RIGHT(member_id, 1)), 16, 10), 0) % 64"},
    {"members with gaps in the ledger",
     "DB.member LEFT JOIN (SELECT member_id, COUNT(*) AS entries, MAX(number) AS last"
     " FROM DB.ledger_entry GROUP BY member_id) t USING (member_id)"
     " WHERE entry_count <> COALESCE(entries, 0) OR entry_count <> COALESCE(last, 0)"},
    {"accounts that are not the sums of the ledger",
     "DB.account a JOIN (SELECT member_id, wallet,"
     " SUM(IF(credit = 1, points, 0) - IF(debit = 1, points, 0)) AS pending,"
     " SUM(IF(credit = 2, points, 0) - IF(debit = 2, points, 0)) AS available,"
     " SUM(IF(credit = 3, points, 0) - IF(debit = 3, points, 0)) AS held"
     " FROM DB.ledger_entry GROUP BY member_id, wallet) t USING (member_id, wallet)"
     " WHERE a.pending <> t.pending OR a.available <> t.available OR a.held <> t.held"},
    {"accounts that are not the sums of the lots",
     "DB.account a LEFT JOIN (SELECT member_id, wallet, SUM(remaining) AS points FROM DB.lot"
     " GROUP BY member_id, wallet) t USING (member_id, wallet)"
     " WHERE a.pending + a.available <> COALESCE(t.points, 0)"},
    {"members whose ledger goes back in time",
     "(SELECT recorded_at, LAG(recorded_at) OVER (PARTITION BY member_id ORDER BY number) AS "
     "before_it"
     " FROM DB.ledger_entry) t WHERE recorded_at < before_it"},
    {"members who were welcomed twice",
     "(SELECT member_id FROM DB.ledger_entry GROUP BY member_id"
     " HAVING SUM(kind = 2 AND rule_id = 'welcome') > 1) t"},
    {"points that left one member and reached no other",
     "(SELECT wallet FROM DB.ledger_entry GROUP BY wallet"
     " HAVING SUM(IF(credit = 10, points, 0) - IF(debit = 10, points, 0)) <> 0) t"},
    {"halves of a transfer without the other",
     "(SELECT request_id FROM DB.command_log WHERE kind IN (14, 15) GROUP BY request_id"
     " HAVING SUM(kind = 14 AND scope = 2) <> 1 OR SUM(kind = 15 AND scope = 5) <> 1) t"},
    {"aliases of nobody",
     "DB.alias LEFT JOIN DB.member USING (member_id) WHERE member.member_id IS NULL"},
    {"enrolments without a member, or the other way round",
     "(SELECT 1 FROM (SELECT COUNT(*) AS n FROM DB.command_log WHERE kind = 1) c,"
     " (SELECT COUNT(*) AS n FROM DB.member) m WHERE c.n <> m.n) t"},
};

}  // namespace

void Servers::Start(const std::vector<std::string>& stores, const std::vector<std::string>& more) {
  servers_.clear();
  for (const std::string& store : stores) {
    absl::StatusOr<testing::ReservedPort> port = testing::ReservedPort::Make();
    ASSERT_TRUE(port.ok()) << port.status();
    const std::string address = absl::StrCat("127.0.0.1:", port->number());
    std::vector<std::string> command = {testing::ProgramPath("dangold"), "--listen=" + address,
                                        "--store=" + store};
    command.insert(command.end(), more.begin(), more.end());
    servers_.push_back({*std::move(port), address, std::move(command),
                        directory_.File(absl::StrCat("dangold-", servers_.size(), ".log")),
                        nullptr});
  }
  for (Server& server : servers_) ASSERT_NO_FATAL_FAILURE(Launch(server));
  for (Server& server : servers_) ASSERT_NO_FATAL_FAILURE(AwaitServing(server));
}

void Servers::Restart(int i) {
  ASSERT_NO_FATAL_FAILURE(Launch(servers_[static_cast<size_t>(i)]));
  AwaitServing(servers_[static_cast<size_t>(i)]);
}

void Servers::Launch(Server& server) {
  server.process.reset();
  auto process = testing::Process::Start(server.command, server.log);
  ASSERT_TRUE(process.ok()) << process.status();
  server.process = std::make_unique<testing::Process>(*std::move(process));
}

void Servers::AwaitServing(Server& server) {
  ASSERT_TRUE(HealthWatch(OwnChannel(server.address)).Await(/*serving=*/true))
      << server.process->Output();
}

void Servers::Kill(int i) {
  process(i).Signal(SIGKILL);
  process(i).Wait();
}

int Servers::Terminate(int i) {
  process(i).Signal(SIGTERM);
  return process(i).Wait();
}

void ServersTest::SetUp() {
  if (!testing::OnMysql()) GTEST_SKIP() << "SQLite has room for one server";
  servers_.Start(std::vector<std::string>(kServers, store_.url()), flags_);
}

void ServersTest::TearDown() {
  if (servers_.count() > 0) {
    ExpectSoundDatabase(testing::SharedMariaDb(), DatabaseOf(store_.url()));
  }
}

Client ServersTest::MakeClient(int server) const { return PatientClient(address(server)); }

Client ServersTest::MakeImpatientClient(int server) const {
  return ImpatientClient(address(server));
}

std::shared_ptr<grpc::Channel> ServersTest::MakeChannel(int server) const {
  return OwnChannel(address(server));
}

void ExpectSoundDatabase(testing::MariaDb& mariadb, absl::string_view database) {
  for (const Check& check : kChecks) {
    const std::string sql = absl::StrReplaceAll(absl::StrCat("SELECT COUNT(*) FROM ", check.rows),
                                                {{"DB.", absl::StrCat(database, ".")}});
    const absl::StatusOr<std::string> count = mariadb.QueryValue(sql);
    ASSERT_TRUE(count.ok()) << count.status() << ": " << sql;
    EXPECT_EQ(*count, "0") << check.wrong << " in " << database;
  }
}

std::string NewDatabaseName() {
  static int made = 0;
  return absl::StrCat("e2e_", ++made);
}

std::string DatabaseOf(const std::string& url) { return url.substr(url.rfind('/') + 1); }

}  // namespace dangol::e2e
