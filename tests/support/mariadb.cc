#include "tests/support/mariadb.h"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>
#include <signal.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/common/status_macros.h"

namespace dangol::testing {
namespace {

namespace fs = std::filesystem;

// Far more than it takes, for machines that do much else at the same time.
constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kPollInterval = absl::Milliseconds(20);
constexpr int kConnectSeconds = 2;
constexpr size_t kLogBytesInErrors = 4'000;

// Grants are off while the tables are made, until they are read.
constexpr char kUser[] =
    "FLUSH PRIVILEGES;\n"
    "CREATE USER dangol@'%' IDENTIFIED BY 'secret';\n"
    "GRANT ALL PRIVILEGES ON *.* TO dangol@'%';\n";

// What both the making and the running of a database are told. Each has its own
// place for temporary tables, because MariaDB takes all that it finds there when
// it starts for its own, and removes them.
std::vector<std::string> CommonArguments(const std::string& directory, absl::string_view data) {
  std::vector<std::string> arguments = {"--no-defaults",
                                        absl::StrCat("--datadir=", directory, "/", data),
                                        "--tmpdir=" + directory, "--innodb-log-file-size=64M"};
  // Root has to say that root is who it should run as.
  if (geteuid() == 0) arguments.push_back("--user=root");
  return arguments;
}

// The start of a command line. No variable of a test, such as those of a
// sanitizer, gets through; nor does the Ctrl-C that is meant for the test.
std::vector<std::string> CleanEnvironment(const std::vector<std::string>& more) {
  std::vector<std::string> argv = {"/usr/bin/env", "-i", "--ignore-signal=INT",
                                   "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  argv.insert(argv.end(), more.begin(), more.end());
  return argv;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

sql::Driver& Driver() {
  static sql::Driver* const driver = sql::mysql::get_driver_instance();
  return *driver;
}

// Throws. Over the socket root needs no password, and TLS is never asked for.
std::unique_ptr<sql::Connection> Connect(const std::string& socket) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString("localhost");
  options["socket"] = sql::SQLString(socket);
  options["userName"] = sql::SQLString("root");
  options["password"] = sql::SQLString("");
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["OPT_CONNECT_TIMEOUT"] = kConnectSeconds;
  return std::unique_ptr<sql::Connection>(Driver().connect(options));
}

// Calls `use` with a statement of a new connection; no exception gets out.
template <typename Use>
absl::Status WithStatement(const std::string& socket, Use use) {
  try {
    const std::unique_ptr<sql::Connection> connection = Connect(socket);
    const std::unique_ptr<sql::Statement> statement(connection->createStatement());
    return use(*statement);
  } catch (const sql::SQLException& error) {
    return absl::UnknownError(absl::StrCat("MariaDB error ", error.getErrorCode(), ", SQL state ",
                                           error.getSQLState(), ": ", error.what()));
  } catch (const std::exception& error) {
    return absl::UnknownError(error.what());
  }
}

}  // namespace

MariaDb::MariaDb(Options options, std::unique_ptr<TemporaryDirectory> temporary, ReservedPort port)
    : temporary_(std::move(temporary)), options_(std::move(options)), port_(std::move(port)) {
  socket_ = File("mariadb.sock");
  if (socket_.size() < sizeof(sockaddr_un::sun_path)) return;
  socket_directory_ = std::make_unique<TemporaryDirectory>();
  socket_ = socket_directory_->File("mariadb.sock");
}

absl::StatusOr<std::unique_ptr<MariaDb>> MariaDb::Start(Options options) {
  ASSIGN_OR_RETURN(std::unique_ptr<MariaDb> mariadb, Prepare(std::move(options)));
  RETURN_IF_ERROR(mariadb->Restart());
  return mariadb;
}

absl::StatusOr<std::unique_ptr<MariaDb>> MariaDb::Prepare(Options options) {
  std::unique_ptr<TemporaryDirectory> temporary;
  if (options.directory.empty()) {
    temporary = std::make_unique<TemporaryDirectory>();
    options.directory = temporary->path();
  }
  std::error_code error;
  // mariadbd changes to another directory, so a relative path will not do.
  options.directory = fs::absolute(options.directory, error).string();
  fs::create_directories(options.directory, error);
  if (error) return absl::UnavailableError("cannot make the directory " + options.directory);
  ASSIGN_OR_RETURN(ReservedPort port, ReservedPort::Make());
  std::unique_ptr<MariaDb> mariadb(
      new MariaDb(std::move(options), std::move(temporary), std::move(port)));
  if (!fs::exists(mariadb->File("data"))) RETURN_IF_ERROR(mariadb->Install());
  return mariadb;
}

// Half of a database must not pass for one, so it gets its name at the end.
absl::Status MariaDb::Install() {
  const std::string unfinished = File("unfinished");
  std::error_code error;
  fs::remove_all(unfinished, error);
  std::ofstream(File("user.sql")) << kUser;
  std::vector<std::string> argv = CleanEnvironment({});
  argv.push_back("mariadb-install-db");
  const std::vector<std::string> common = CommonArguments(options_.directory, "unfinished");
  argv.insert(argv.end(), common.begin(), common.end());
  argv.insert(argv.end(), {"--auth-root-authentication-method=normal", "--skip-test-db",
                           "--extra-file=" + File("user.sql")});
  ASSIGN_OR_RETURN(Process install, Process::Start(argv, File("mariadb.log")));
  const int code = install.Wait();
  if (code != 0) return Failed(absl::StrCat("mariadb-install-db ended with ", code));
  fs::rename(unfinished, File("data"), error);
  return error ? Failed("cannot rename " + unfinished) : absl::OkStatus();
}

std::vector<std::string> MariaDb::Command(const std::vector<std::string>& once) const {
  std::vector<std::string> argv = CleanEnvironment(options_.environment);
  argv.push_back("mariadbd");
  const std::vector<std::string> common = CommonArguments(options_.directory, "data");
  argv.insert(argv.end(), common.begin(), common.end());
  argv.insert(argv.end(),
              {"--bind-address=127.0.0.1", absl::StrCat("--port=", port()), "--socket=" + socket_,
               "--pid-file=" + File("mariadb.pid"), "--skip-name-resolve", "--skip-log-bin",
               "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin",
               "--performance-schema=OFF", "--innodb-flush-log-at-trx-commit=1",
               absl::StrCat("--innodb-buffer-pool-size=", options_.buffer_pool_mib, "M")});
  argv.insert(argv.end(), options_.more.begin(), options_.more.end());
  argv.insert(argv.end(), once.begin(), once.end());
  return argv;
}

absl::Status MariaDb::Launch(const std::vector<std::string>& once) {
  if (process_.IsRunning()) return absl::FailedPreconditionError("MariaDB is running already");
  ASSIGN_OR_RETURN(process_, Process::Start(Command(once), File("mariadb.log")));
  return absl::OkStatus();
}

// Asks over its own socket: nothing else can answer there. It listens on the port
// before it does so on the socket, and ends when it can't.
absl::Status MariaDb::WaitUntilReady() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (true) {
    const absl::StatusOr<std::string> answer = QueryValue("SELECT 1");
    if (answer.ok()) return absl::OkStatus();
    if (!process_.IsRunning()) {
      return Failed(absl::StrCat("MariaDB ended with ", process_.Wait(), " when it was started"));
    }
    if (absl::Now() > deadline) {
      return Failed(absl::StrCat("MariaDB does not answer (", answer.status().message(), ")"));
    }
    absl::SleepFor(kPollInterval);
  }
}

absl::Status MariaDb::Restart(const std::vector<std::string>& once) {
  RETURN_IF_ERROR(Launch(once));
  return WaitUntilReady();
}

void MariaDb::Kill() {
  process_.Signal(SIGKILL);
  process_.Wait();
}

int MariaDb::Stop() {
  process_.Signal(SIGTERM);
  const absl::Time deadline = absl::Now() + kPatience;
  while (process_.IsRunning() && absl::Now() < deadline) absl::SleepFor(kPollInterval);
  process_.Signal(SIGKILL);
  return process_.Wait();
}

std::string MariaDb::Url(absl::string_view database) const {
  return absl::StrCat("mysql://dangol:secret@127.0.0.1:", port(), "/", database);
}

absl::Status MariaDb::Execute(const std::string& sql) {
  return WithStatement(socket_, [&](sql::Statement& statement) {
    statement.execute(sql);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> MariaDb::QueryValue(const std::string& sql) {
  std::string value;
  RETURN_IF_ERROR(WithStatement(socket_, [&](sql::Statement& statement) -> absl::Status {
    const std::unique_ptr<sql::ResultSet> rows(statement.executeQuery(sql));
    if (!rows->next()) return absl::NotFoundError("no rows: " + sql);
    value = rows->isNull(1) ? "NULL" : rows->getString(1).asStdString();
    return absl::OkStatus();
  }));
  return value;
}

absl::Status MariaDb::CreateDatabase(absl::string_view name) {
  return Execute(absl::StrCat("CREATE DATABASE IF NOT EXISTS `",
                              absl::StrReplaceAll(name, {{"`", "``"}}),
                              "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
}

std::string MariaDb::File(absl::string_view name) const {
  return absl::StrCat(options_.directory, "/", name);
}

absl::Status MariaDb::Failed(absl::string_view what) const {
  const std::string log = ReadAll(File("mariadb.log"));
  const size_t from = log.size() - std::min(log.size(), kLogBytesInErrors);
  return absl::UnavailableError(absl::StrCat(what, "; its log ends with:\n", log.substr(from)));
}

namespace {

[[noreturn]] void Die(const absl::Status& status) {
  const std::string message = absl::StrCat("no MariaDB to test with: ", status.message(), "\n");
  std::fputs(message.c_str(), stderr);
  std::abort();
}

std::unique_ptr<MariaDb> StartOrDie() {
  absl::StatusOr<std::unique_ptr<MariaDb>> mariadb = MariaDb::Start({});
  if (!mariadb.ok()) Die(mariadb.status());
  return *std::move(mariadb);
}

}  // namespace

MariaDb& SharedMariaDb() {
  static const std::unique_ptr<MariaDb> shared = StartOrDie();
  return *shared;
}

std::string NewDatabaseUrl() {
  static std::atomic<int> made = 0;
  const std::string name = absl::StrCat("test_", ++made);
  const absl::Status status = SharedMariaDb().CreateDatabase(name);
  if (!status.ok()) Die(status);
  return SharedMariaDb().Url(name);
}

}  // namespace dangol::testing
