// What of calls is in the log, and how a caller finds theirs.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dangol/v1/points_service.grpc.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

class CallLogTest : public DangoldTest {
 protected:
  void StartLogging(int one_in) {
    ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--log-calls=", one_in)}));
    Enroll("4005");
  }

  // Asks for a balance with a trace, and says which the answer has; empty where none.
  std::string TraceOfAnswer(const std::string& traceparent, const std::string& card = "4005") {
    grpc::ClientContext context;
    if (!traceparent.empty()) context.AddMetadata("traceparent", traceparent);
    v1::GetBalanceRequest request;
    *request.mutable_member() = Card(card);
    v1::GetBalanceResponse response;
    (void)v1::PointsService::NewStub(MakeChannel())->GetBalance(&context, request, &response);
    const auto& trailers = context.GetServerTrailingMetadata();
    const auto found = trailers.find("traceresponse");
    return found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
  }

  // The lines of the log that tell of calls of a method.
  std::vector<std::string> Lines(const std::string& method) {
    std::vector<std::string> lines;
    for (const absl::string_view line : absl::StrSplit(process().Output(), '\n')) {
      if (line.find(absl::StrCat("/", method, ":")) != absl::string_view::npos) {
        lines.emplace_back(line);
      }
    }
    return lines;
  }
};

TEST_F(CallLogTest, ATraceComesBackAndIsInTheLog) {
  StartLogging(1);
  const std::string answer = TraceOfAnswer(absl::StrCat("00-", kTraceId, "-00f067aa0ba902b7-01"));
  EXPECT_THAT(answer, MatchesRegex(absl::StrCat("00-", kTraceId, "-[0-9a-f]+-01")));
  const std::vector<std::string> lines = Lines("GetBalance");
  ASSERT_EQ(lines.size(), 1U) << process().Output();
  EXPECT_THAT(lines[0], AllOf(HasSubstr("[info] call of /dangol.v1.PointsService/GetBalance: OK, "),
                              HasSubstr(" ms"), HasSubstr(absl::StrCat("trace ", kTraceId))));
}

TEST_F(CallLogTest, TheIdOfTheRequestIsInTheLogAndNobodysName) {
  StartLogging(1);
  ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("p-42", 1'000)).ok());
  ASSERT_EQ(Lines("RecordPurchase").size(), 1U);
  EXPECT_THAT(Lines("RecordPurchase")[0],
              AllOf(HasSubstr(", request p-42, trace "), Not(HasSubstr("4005"))));
  EXPECT_THAT(Lines("EnrollMember")[0], HasSubstr(", request enroll-4005, "));
  EXPECT_FALSE(MakeClient().GetBalance(Card("unknown")).ok());
  EXPECT_THAT(Lines("GetBalance")[0], HasSubstr("NOT_FOUND MEMBER_NOT_FOUND, "));
}

TEST_F(CallLogTest, OneInSoManyIsLogged) {
  StartLogging(10);
  for (int i = 0; i < 100; ++i) (void)TraceOfAnswer("");
  const size_t lines = Lines("GetBalance").size();
  EXPECT_GE(lines, 9U);
  EXPECT_LE(lines, 11U);
}

TEST_F(CallLogTest, ByDefaultAnswersAreNotLoggedAndTracesComeBack) {
  StartLogging(0);
  EXPECT_THAT(TraceOfAnswer(absl::StrCat("00-", kTraceId, "-00f067aa0ba902b7-00")),
              StartsWith(absl::StrCat("00-", kTraceId)));
  EXPECT_THAT(TraceOfAnswer(""), IsEmpty());
  EXPECT_THAT(TraceOfAnswer("no trace"), IsEmpty());
  EXPECT_THAT(Lines("GetBalance"), IsEmpty());
}

// Whoever meets with a fault can tell which it was.
TEST_F(CallLogTest, AFaultOfTheServerIsLoggedWithItsTrace) {
  StartLogging(0);
  ChangeByHand("UPDATE TABLE member SET record = X'FFFF'");
  const std::string answer = TraceOfAnswer("");
  ASSERT_THAT(answer, MatchesRegex("00-[0-9a-f]+-[0-9a-f]+-00"));
  const std::vector<std::string> lines = Lines("GetBalance");
  ASSERT_EQ(lines.size(), 1U) << process().Output();
  EXPECT_THAT(lines[0], AllOf(HasSubstr("[warning] "), HasSubstr("UNAVAILABLE STORE_UNAVAILABLE, "),
                              HasSubstr(absl::StrCat("trace ", answer.substr(3, 32)))));
}

TEST_F(CallLogTest, HealthIsToldOfEachService) {
  StartLogging(0);
  const auto check = [&](const std::string& service) {
    // A HealthCheckRequest: its service is field 1.
    const std::string request =
        absl::StrCat("\x0A", std::string(1, static_cast<char>(service.size())), service);
    return Call(MakeChannel(), "/grpc.health.v1.Health/Check", request);
  };
  EXPECT_EQ(check("dangol.v1.PurchaseService").bytes, "\x08\x01");
  EXPECT_EQ(check("dangol.v1.AuditService").bytes, "\x08\x01");
  EXPECT_TRUE(absl::IsNotFound(check("dangol.v1.NoService").status));
}

}  // namespace
}  // namespace dangol::e2e
