// What dangold says when it cannot start, and what it serves when it can, whatever
// its store.

#include "tests/e2e/startup.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;

class AnyStoreStartupTest : public StartupTest {
 protected:
  std::string Store() const { return "--store=" + store_.url(); }

  testing::TestStore store_;
};

TEST_F(AnyStoreStartupTest, BadFlags) {
  ExpectRefused(kUsage, {kListen, Store(), "--nonsense"}, {"--nonsense"});
  ExpectRefused(kUsage, {kListen, Store(), "stray"}, {"stray"});
  ExpectRefused(kUsage, {kListen, Store(), "--log-level=loud"}, {"--log-level"});
  ExpectRefused(kUsage, {kListen, Store(), "--batch-limit=0"}, {"--batch-limit"});
  ExpectRefused(kUsage, {kListen, Store(), "--listen"}, {"--listen"});
}

TEST_F(AnyStoreStartupTest, ListensBeyondLoopbackOnlyWhenToldTo) {
  for (const std::string host : {"0.0.0.0", "[::]", "10.1.2.3", "example.com"}) {
    ExpectRefused(kUsage, {"--listen=" + host + ":0", Store()}, {"--insecure"});
  }
  ExpectStarts(store_.url(), {"--insecure"});
}

TEST_F(AnyStoreStartupTest, BadListenAddresses) {
  for (const std::string listen :
       {"localhost", ":7420", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:http", "127.0.0.1:-1"}) {
    ExpectRefused(kUsage, {"--listen=" + listen, Store()}, {"--listen"});
  }
}

TEST_F(AnyStoreStartupTest, BadPrograms) {
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + File("missing")}, {File("missing")});
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + Write("empty", "")}, {"--program"});
  // One mistake of grammar and one of meaning, each by line and field.
  const std::string grammar = "name: \"x\"\nwalets {}\n";
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + Write("grammar", grammar)},
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
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + Write("meaning", meaning)},
                {"line 6", "wallets[0].pending_days"});
}

TEST_F(AnyStoreStartupTest, ProgramThatIsADirectory) {
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + File("")}, {"--program"});
}

TEST_F(AnyStoreStartupTest, ProgramInAnotherEncoding) {
  ExpectRefused(
      kConfig, {kListen, Store(), "--program=" + Write("utf-16", std::string("\xff\xfen\0a\0", 6))},
      {"the text looks like UTF-16; save it as UTF-8"});
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + Write("latin-1", "name: \"Caf\xe9\"")},
                {"the text is not valid UTF-8 in line 1"});
  ExpectRefused(kConfig, {kListen, Store(), "--program=" + Write("escape", "name: \"\\377\"")},
                {"name is not valid UTF-8"});
}

class ServingTest : public DangoldTest {};

TEST_F(ServingTest, SecondServerOnThePortIsRefused) {
  const testing::TestStore second;
  const Ended ended = RunToEnd(
      {testing::ProgramPath("dangold"), "--listen=" + address(), "--store=" + second.url()},
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
        "dangol.v1.RewardService", "dangol.v1.ActivityService", "dangol.v1.ProgramService",
        "dangol.v1.InsightService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(services, HasSubstr(service));
  }
}

}  // namespace
}  // namespace dangol::e2e
