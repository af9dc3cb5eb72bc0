// What a server tells of itself at /metrics.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/startup.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The body of a page at this port of this machine; empty where nobody answers.
std::string Fetch(int port, const std::string& path) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(write(connection, request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    char buffer[4'096];
    for (ssize_t size = 0; (size = read(connection, buffer, sizeof(buffer))) > 0;) {
      answer.append(buffer, static_cast<size_t>(size));
    }
  }
  close(connection);
  const size_t body = answer.find("\r\n\r\n");
  return body == std::string::npos ? "" : answer.substr(body + 4);
}

class MetricsTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start({"--metrics-listen=127.0.0.1:0"}));
    const std::vector<std::string> parts =
        absl::StrSplit(process().Output(), "metrics at http://127.0.0.1:");
    ASSERT_EQ(parts.size(), 2U) << process().Output();
    port_ = std::atoi(parts[1].c_str());
  }

  std::string Page() const { return Fetch(port_, "/metrics"); }

  // Of one line, such as `dangol_store_usable`; -1 where there is none.
  double Value(const std::string& name) const {
    for (const absl::string_view line : absl::StrSplit(Page(), '\n')) {
      const std::pair<absl::string_view, absl::string_view> parts =
          absl::StrSplit(line, absl::MaxSplits(absl::ByString("} "), 1));
      double value = 0;
      if (absl::StrCat(parts.first, "}") == name && absl::SimpleAtod(parts.second, &value)) {
        return value;
      }
      const std::pair<absl::string_view, absl::string_view> plain =
          absl::StrSplit(line, absl::MaxSplits(' ', 1));
      if (plain.first == name && absl::SimpleAtod(plain.second, &value)) return value;
    }
    return -1;
  }

  // A client knows a moment before the server is through with its call.
  void ExpectSoon(const std::string& name, double value) const {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (Value(name) < value && absl::Now() < deadline) std::this_thread::yield();
    EXPECT_EQ(Value(name), value) << name;
  }

  int port_ = 0;
};

constexpr char kCall[] = "grpc_server_call_duration_seconds_count{grpc_method=\"dangol.v1.";

TEST_F(MetricsTest, CountsCallsAndWhatCameOfThem) {
  Enroll("4005");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase(absl::StrCat("p-", i), 1'000)).ok());
  }
  // The same again took effect before.
  ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("p-0", 1'000)).ok());
  EXPECT_FALSE(MakeImpatientClient().GetMember(Card("nobody")).ok());
  ExpectSoon(absl::StrCat(kCall, "PurchaseService/RecordPurchase\",grpc_status=\"OK\"}"), 4);
  ExpectSoon(absl::StrCat(kCall, "MemberService/GetMember\",grpc_status=\"NOT_FOUND\"}"), 1);
  EXPECT_EQ(Value("dangol_commands_total{kind=\"record_purchase\"}"), 3);
  EXPECT_EQ(Value("dangol_points_total{direction=\"in\",kind=\"earn\",wallet=\"points\"}"), 300);
  EXPECT_EQ(Value("dangol_store_usable"), 1);
  EXPECT_EQ(Value("dangol_lane_queued_commands"), 0);
  EXPECT_GT(Value("process_resident_memory_bytes"), 1e6);
}

// A stream is a call from when it begins to when it ends.
TEST_F(MetricsTest, CountsStreams) {
  const std::string started =
      "grpc_server_call_started_total{grpc_method=\"dangol.v1.EventService/WatchEvents\"}";
  const std::string ended = absl::StrCat(kCall, "EventService/WatchEvents\",grpc_status=\"");
  v1::WatchEventsRequest request;
  request.set_until_now(true);
  auto stream = MakeClient().WatchEvents(request);
  while (stream->Read().has_value()) {
  }
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_EQ(Value(started), 1);
  ExpectSoon(ended + "OK\"}", 1);
}

TEST_F(MetricsTest, TellsWhatMembersHave) {
  Enroll("4005");
  ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000)).ok());
  // The first look asks for it.
  ExpectSoon("dangol_points_outstanding{wallet=\"points\"}", 200);
  EXPECT_EQ(Value("dangol_points_owed{wallet=\"points\"}"), 0);
}

TEST_F(MetricsTest, NamesNobodyAndNoMethodThatAnybodyMakesUp) {
  const v1::Member member = Enroll("4005-secret");
  for (int i = 0; i < 3; ++i) {
    (void)MakeClient().GetMember(Card(absl::StrCat("secret-", i)));
  }
  const std::string page = Page();
  EXPECT_THAT(page, Not(HasSubstr("secret")));
  EXPECT_THAT(page, Not(HasSubstr(member.member_id())));
}

TEST_F(MetricsTest, ThereIsNoOtherPage) {
  EXPECT_THAT(Page(), HasSubstr("# HELP dangol_commands_total"));
  EXPECT_THAT(Fetch(port_, "/"), Not(HasSubstr("dangol_commands_total")));
}

class MetricsStartupTest : public StartupTest {};

TEST_F(MetricsStartupTest, WhereItCannotListenTheServerDoesNotStart) {
  ExpectRefused(kUnavailable,
                {"--store=sqlite:" + File("a.db"), kListen, "--metrics-listen=127.0.0.1:1:2"},
                {"--metrics-listen", "127.0.0.1:1:2"});
}

}  // namespace
}  // namespace dangol::e2e
