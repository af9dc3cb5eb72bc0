// What dangold says when it cannot start, and what it serves when it can.

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;

class StartupTest : public ::testing::Test {
 protected:
  std::string File(const std::string& name) const { return directory_.File(name); }
  std::string Store() const { return "--store=sqlite:" + File("dangol.db"); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(File(name), std::ios::binary) << text;
    return File(name);
  }

  // Expects that dangold does not start with these flags: a non-zero exit and
  // no crash, and one line on what is wrong, which has all of `said`.
  void ExpectRefused(const std::vector<std::string>& flags, const std::vector<std::string>& said,
                     const std::vector<std::string>& through = {}) {
    std::vector<std::string> argv = through;
    argv.push_back(testing::ProgramPath("dangold"));
    argv.insert(argv.end(), flags.begin(), flags.end());
    const Ended ended = RunToEnd(argv, File(absl::StrCat("output-", ++runs_)));
    EXPECT_GT(ended.code, 0) << ended.output;
    EXPECT_LT(ended.code, 128) << "ended by a signal: " << ended.output;
    std::vector<std::string> lines;
    for (absl::string_view line : absl::StrSplit(ended.output, '\n', absl::SkipEmpty())) {
      if (!absl::StartsWith(line, "[")) lines.emplace_back(line);  // Not of the log.
    }
    ASSERT_EQ(lines.size(), 1u) << ended.output;
    EXPECT_TRUE(absl::StartsWith(lines[0], "dangold: ")) << lines[0];
    for (const std::string& text : said) EXPECT_THAT(lines[0], HasSubstr(text));
  }

 private:
  testing::TemporaryDirectory directory_;
  int runs_ = 0;
};

constexpr char kListen[] = "--listen=127.0.0.1:0";

TEST_F(StartupTest, BadFlags) {
  ExpectRefused({kListen, Store(), "--nonsense"}, {"--nonsense"});
  ExpectRefused({kListen, Store(), "stray"}, {"stray"});
  ExpectRefused({kListen, Store(), "--log-level=loud"}, {"--log-level"});
  ExpectRefused({kListen, Store(), "--batch-limit=0"}, {"--batch-limit"});
  ExpectRefused({kListen, Store(), "--listen"}, {"--listen"});
}

TEST_F(StartupTest, BadStores) {
  for (const std::string store : {"dangol.db", "mysql://localhost", "sqlite:", ""}) {
    SCOPED_TRACE(store);
    ExpectRefused({kListen, "--store=" + store}, {"--store"});
  }
  ExpectRefused({kListen, "--store=sqlite:" + File("missing/dangol.db")}, {"missing/dangol.db"});
  ExpectRefused({kListen, "--store=sqlite:" + File("")}, {"sqlite:"});
  const std::string text = Write("text", std::string(10'000, 'x'));
  ExpectRefused({kListen, "--store=sqlite:" + text}, {text});
}

TEST_F(StartupTest, ListensBeyondLoopbackOnlyWhenToldTo) {
  for (const std::string host : {"0.0.0.0", "[::]", "10.1.2.3", "example.com"}) {
    SCOPED_TRACE(host);
    ExpectRefused({"--listen=" + host + ":0", Store()}, {"--allow-insecure-remote"});
  }
  const auto server = testing::ServerProcess::Start({.store = "sqlite:" + File("dangol.db"),
                                                     .more = {"--allow-insecure-remote"},
                                                     .directory = File("")});
  EXPECT_TRUE(server.ok()) << server.status();
}

TEST_F(StartupTest, BadListenAddresses) {
  for (const std::string listen :
       {"localhost", ":7420", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:http", "127.0.0.1:-1"}) {
    SCOPED_TRACE(listen);
    ExpectRefused({"--listen=" + listen, Store()}, {"--listen"});
  }
}

TEST_F(StartupTest, BadPrograms) {
  ExpectRefused({kListen, Store(), "--program=" + File("missing")}, {File("missing")});
  ExpectRefused({kListen, Store(), "--program=" + Write("empty", "")}, {"--program"});
  // One mistake of grammar and one of meaning, each by line and field.
  ExpectRefused({kListen, Store(), "--program=" + Write("grammar", "name: \"x\"\nwalets {}\n")},
                {"line 2", "walets"});
  const std::string meaning =
      "name: \"x\"\n"
      "time_zone: \"UTC\"\n"
      "currencies { code: \"EUR\" minor_digits: 2 }\n"
      "wallets {\n"
      "  id: \"points\"\n"
      "  pending_days: -1\n"
      "  expiry { never {} }\n"
      "}\n";
  ExpectRefused({kListen, Store(), "--program=" + Write("meaning", meaning)},
                {"line 6", "wallets[0].pending_days"});
}

TEST_F(StartupTest, ProgramThatIsADirectory) {
  ExpectRefused({kListen, Store(), "--program=" + File("")}, {"--program"});
}

TEST_F(StartupTest, StoreOfANewerVersion) {
  {
    auto server = testing::ServerProcess::Start(
        {.store = "sqlite:" + File("dangol.db"), .more = {}, .directory = File("")});
    ASSERT_TRUE(server.ok()) << server.status();
    server->process().Signal(SIGTERM);
    ASSERT_EQ(server->process().Wait(), 0);
  }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(File("dangol.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "PRAGMA user_version = 999", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  ExpectRefused({kListen, Store()}, {"999", "newer"});
}

TEST_F(StartupTest, DirectoryThatTakesNoFiles) {
  ExpectRefused({kListen, "--store=sqlite:/proc/dangol.db"}, {"/proc/dangol.db"});
}

// As root every file can be written, so this runs as nobody.
TEST_F(StartupTest, ReadOnlyStore) {
  {
    auto server = testing::ServerProcess::Start(
        {.store = "sqlite:" + File("dangol.db"), .more = {}, .directory = File("")});
    ASSERT_TRUE(server.ok()) << server.status();
    server->process().Signal(SIGTERM);
    ASSERT_EQ(server->process().Wait(), 0);
  }
  std::vector<std::string> as_nobody;
  if (geteuid() == 0) {
    as_nobody = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    std::vector<std::string> probe = as_nobody;
    probe.insert(probe.end(), {testing::ProgramPath("dangold"), "--help"});
    if (RunToEnd(probe, File("probe")).code != 0) GTEST_SKIP() << "cannot run dangold as nobody";
  }
  ASSERT_EQ(chmod(File("dangol.db").c_str(), 0444), 0);
  ASSERT_EQ(chmod(File("").c_str(), 0555), 0);
  ExpectRefused({kListen, Store()}, {"dangol.db"}, as_nobody);
  ASSERT_EQ(chmod(File("").c_str(), 0755), 0);
}

class ServingTest : public DangoldTest {};

TEST_F(ServingTest, SecondServerOnThePortIsRefused) {
  const Ended ended = RunToEnd({testing::ProgramPath("dangold"), "--listen=" + address(),
                                "--store=sqlite:" + File("second.db")},
                               File("second"));
  EXPECT_GT(ended.code, 0);
  EXPECT_LT(ended.code, 128);
  EXPECT_THAT(ended.output,
              HasSubstr(absl::StrCat("dangold: --listen: cannot listen at ", address())));
  EXPECT_TRUE(MakeClient().GetTotals().ok()) << "the first server suffered";
}

TEST_F(ServingTest, HealthSaysServing) {
  const Answer answer = Call(MakeChannel(), "/grpc.health.v1.Health/Check", "");
  EXPECT_TRUE(answer.status.ok()) << answer.status;
  // A HealthCheckResponse whose status, field 1, is SERVING, 1.
  EXPECT_EQ(answer.bytes, std::string("\x08\x01", 2));
}

TEST_F(ServingTest, ReflectionListsTheServices) {
  grpc::GenericStub stub(MakeChannel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto wait = [&] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(wait());
  const grpc::Slice list_services("\x3a\x01*");  // Field 7 of the request.
  call->WriteLast(grpc::ByteBuffer(&list_services, 1), grpc::WriteOptions(), nullptr);
  ASSERT_TRUE(wait());
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(wait());
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(wait());
  EXPECT_TRUE(status.ok()) << status.error_message();
  grpc::Slice flat;
  ASSERT_TRUE(answer.DumpToSingleSlice(&flat).ok());
  const std::string services(reinterpret_cast<const char*>(flat.begin()), flat.size());
  for (const char* service :
       {"dangol.v1.MemberService", "dangol.v1.PurchaseService", "dangol.v1.PointsService",
        "dangol.v1.ProgramService", "dangol.v1.InsightService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(services, HasSubstr(service));
  }
}

}  // namespace
}  // namespace dangol::e2e
