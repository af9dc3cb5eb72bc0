// Who calls with which token, what they are told, and what changes while they call.

#include "tests/e2e/access.h"

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/tls.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Purchase CoffeeAt(const std::string& store, const std::string& id) {
  v1::Purchase purchase =
      PurchaseBuilder(id, Card("4005")).Currency("KRW").Goods("americano", 1, 9'000).Build();
  purchase.set_store_id(store);
  return purchase;
}

TEST_F(AccessTest, ATillRecordsWhatIsBoughtInItsStoreAndStandsInTheBooks) {
  EnrollCard(Admin(), "4005");
  Client till = ClientWith(TokenOf("pos"));
  ASSERT_TRUE(till.RecordPurchase(CoffeeAt("gangnam", "p-1")).ok());
  const absl::Status elsewhere = till.RecordPurchase(CoffeeAt("hongdae", "p-2")).status();
  EXPECT_EQ(ErrorReason(elsewhere), "STORE_NOT_YOURS");
  EXPECT_THAT(std::string(elsewhere.message()), HasSubstr("\"hongdae\" is no store"));
  EXPECT_EQ(FieldViolations(elsewhere).at(0).field(), "purchase.store_id");
  // One of another store in a batch, and nothing of it is recorded.
  EXPECT_EQ(ErrorReason(
                till.BatchRecordPurchases({CoffeeAt("gangnam", "p-3"), CoffeeAt("hongdae", "p-4")})
                    .status()),
            "STORE_NOT_YOURS");
  for (const auto& entry : ClientWith(TokenOf("auditor")).ListLedgerEntries(Card("4005"))) {
    ASSERT_TRUE(entry.ok()) << entry.status();
    EXPECT_EQ(entry->purchase_id(), "p-1");
    EXPECT_EQ(entry->principal(), "a-pos");
  }
}

TEST_F(AccessTest, EachMessageOfAStreamIsAskedForItsStore) {
  EnrollCard(Admin(), "4005");
  Client till = ClientWith(TokenOf("pos"));
  const auto stream = till.StreamPurchases();
  EXPECT_TRUE(stream->Write(CoffeeAt("hongdae", "p-1")));
  EXPECT_TRUE(stream->Write(CoffeeAt("gangnam", "p-2")));
  stream->WritesDone();
  const auto refused = stream->Read();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->purchase_id(), "p-1");
  EXPECT_EQ(refused->result().error().code(),
            static_cast<int>(absl::StatusCode::kPermissionDenied));
  const auto recorded = stream->Read();
  ASSERT_TRUE(recorded.has_value());
  EXPECT_TRUE(recorded->result().has_response());
  EXPECT_TRUE(stream->Finish().ok());

  const auto of_a_carer = ClientWith(TokenOf("care")).StreamPurchases();
  EXPECT_FALSE(of_a_carer->Read().has_value());
  EXPECT_EQ(ErrorReason(of_a_carer->Finish()), "ROLE_NOT_ALLOWED");
}

// A stream may last for days: it ends when its caller is none any more.
TEST_F(AccessTest, AStreamEndsWithTheKeyOfItsToken) {
  EnrollCard(Admin(), "4005");
  const testing::TokenIssuer next("EdDSA", "second");
  Client till = ClientWith(TokenOf("pos"));
  const auto stream = till.StreamPurchases();
  EXPECT_TRUE(stream->Write(CoffeeAt("gangnam", "p-1")));
  const auto recorded = stream->Read();
  ASSERT_TRUE(recorded.has_value());
  EXPECT_TRUE(recorded->result().has_response());
  Write("keys.json", testing::KeySet({next.PublicKey()}));
  Client late = ClientWith(TokenOf("care"));
  EXPECT_TRUE(Await(
      [&] { return ErrorReason(late.GetBalance(Card("4005")).status()) == "TOKEN_REFUSED"; }));
  EXPECT_TRUE(stream->Write(CoffeeAt("gangnam", "p-2")));
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_EQ(ErrorReason(stream->Finish()), "TOKEN_REFUSED");
  v1::GetPurchaseRequest get;
  get.set_purchase_id("p-2");
  EXPECT_TRUE(
      absl::IsNotFound(ClientWith(next.Sign(ClaimsOf("auditor"))).GetPurchase(get).status()));
}

TEST_F(AccessTest, AnAppSeesItsMemberAndNobodyElse) {
  const v1::Member own = EnrollCard(Admin(), "4005");
  const v1::Member other = EnrollCard(Admin(), "4006");
  Client app = ClientWith(issuer_.Sign(ClaimsOfMember(own.member_id())));
  EXPECT_TRUE(app.GetBalance(MemberById(own.member_id())).ok());
  EXPECT_EQ(ErrorReason(app.GetBalance(MemberById(other.member_id())).status()),
            "MEMBER_NOT_YOURS");
  EXPECT_EQ(ErrorReason(app.GetBalance(Card("4005")).status()), "MEMBER_NOT_YOURS")
      << "whose an alias is hangs on others";
}

TEST_F(AccessTest, MarketingSeesNobodyByName) {
  EnrollCard(Admin(), "4005");
  Client marketing = ClientWith(TokenOf("marketing"));
  v1::ListMembersRequest request;
  request.set_for_marketing(true);
  request.set_without_personal_data(true);
  int members = 0;
  for (const auto& member : marketing.ListMembers(request)) {
    ASSERT_TRUE(member.ok()) << member.status();
    EXPECT_THAT(member->aliases(), IsEmpty());
    EXPECT_THAT(member->attributes(), IsEmpty());
    ++members;
  }
  EXPECT_EQ(members, 1);
}

TEST_F(AccessTest, ACallerOfSeveralRolesMayDoWhatEachMay) {
  nlohmann::json claims = ClaimsOf("pos");
  claims["roles"] = {"pos", "care"};
  Client both = ClientWith(issuer_.Sign(claims));
  EnrollCard(both, "4005");
  EXPECT_TRUE(both.RecordPurchase(CoffeeAt("gangnam", "p-1")).ok());
  v1::SuspendMemberRequest suspend;
  suspend.set_request_id("s-1");
  *suspend.mutable_member() = Card("4005");
  EXPECT_TRUE(both.SuspendMember(suspend).ok());
}

TEST_F(AccessTest, WhoIsTooFastIsToldHowLongToWait) {
  Kill();
  ASSERT_NO_FATAL_FAILURE(
      StartWith("roles { role: ROLE_POS rate { calls_per_second: 0.01 burst: 2 } }"));
  EnrollCard(Admin(), "4005");
  Client till = ClientWith(TokenOf("pos"));
  EXPECT_TRUE(till.GetBalance(Card("4005")).ok());
  EXPECT_TRUE(till.GetBalance(Card("4005")).ok());
  const absl::Status refused = till.GetBalance(Card("4005")).status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(ErrorReason(refused), "TOO_FAST");
  const auto delay = RetryDelay(refused);
  ASSERT_TRUE(delay.has_value());
  EXPECT_GT(*delay, absl::Seconds(50));
  EXPECT_LE(*delay, absl::Seconds(100));
  EXPECT_TRUE(Admin().GetBalance(Card("4005")).ok()) << "others have their own";
}

// Keys are replaced while four clients call without a pause, by tokens of the old and of the new
// key in turn as a rotation has it: no call fails.
TEST_F(AccessTest, KeysAreReplacedWithoutAFailedCall) {
  EnrollCard(Admin(), "4005");
  const testing::TokenIssuer next("EdDSA", "second");
  const Options options = Carrying(TokenOf("care"));
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      Client client(MakeConnection(options));
      while (!stop) {
        EXPECT_TRUE(client.GetBalance(Card("4005")).ok());
        ++calls;
      }
    });
  }
  Client newcomer = ClientWith(next.Sign(ClaimsOf("care")));
  EXPECT_EQ(ErrorReason(newcomer.GetBalance(Card("4005")).status()), "TOKEN_REFUSED");
  // First both keys hold, then callers get new tokens, then the old key goes.
  Write("keys.json", testing::KeySet({issuer_.PublicKey(), next.PublicKey()}));
  EXPECT_TRUE(Await([&] { return newcomer.GetBalance(Card("4005")).ok(); }));
  const std::string token_file = options.token_file.substr(options.token_file.rfind('/') + 1);
  Write(token_file, next.Sign(ClaimsOf("care")));
  const int before = calls;
  EXPECT_TRUE(Await([&] { return calls > before + 100; }));
  Write("keys.json", testing::KeySet({next.PublicKey()}));
  Client late = ClientWith(TokenOf("care"));
  EXPECT_TRUE(Await([&] {
    return ErrorReason(late.GetBalance(Card("4005")).status()) == "TOKEN_REFUSED";
  })) << "a token that was known is not known for ever";
  stop = true;
  for (std::thread& caller : callers) caller.join();
}

TEST_F(AccessTest, ABrokenPolicyLeavesTheOldOneInForce) {
  EnrollCard(Admin(), "4005");
  Client till = ClientWith(TokenOf("pos"));
  const auto has_told = [&](const std::string& what) {
    return Await([&] { return absl::StrContains(process().Output(), what); });
  };
  Write("keys.json", "{");
  EXPECT_TRUE(has_told("the rules of access that were in force stay: " + File("keys.json")));
  EXPECT_TRUE(till.GetBalance(Card("4005")).ok());
  Write("access.txtpb", "tokens {");
  EXPECT_TRUE(has_told("stay: " + File("access.txtpb") + ": line 1"));
  EXPECT_TRUE(till.GetBalance(Card("4005")).ok());
}

TEST_F(AccessTest, TheTokenFileIsReadAgainWhenItIsReplaced) {
  EnrollCard(Admin(), "4005");
  const Options options = Carrying("not a token");
  Client client{MakeConnection(options)};
  EXPECT_THAT(std::string(client.GetBalance(Card("4005")).status().message()),
              HasSubstr("has no token"));
  const std::string name = options.token_file.substr(options.token_file.rfind('/') + 1);
  Write(name, TokenOf("care") + "\n");
  EXPECT_TRUE(client.GetBalance(Card("4005")).ok());
}

TEST_F(AccessTest, NoTokenLeavesTheMachineInPlainText) {
  Options options = Carrying(TokenOf("care"));
  for (const std::string endpoint : {"192.0.2.1:7420", "dns:///dangold.example:7420",
                                     "ipv4:127.0.0.1:1,192.0.2.1:7420", "127.evil.example:1"}) {
    options.endpoint = endpoint;
    const absl::Status refused = Client(MakeConnection(options)).GetTotals().status();
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << endpoint << ": " << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("plain text"));
  }
}

TEST_F(AccessTest, TheCommandLineCarriesAToken) {
  EnrollCard(Admin(), "4005");
  const Options options = Carrying(TokenOf("care"));
  const std::string program = testing::ProgramPath("dangolctl");
  const Ended told = RunToEnd({program, "--server=" + address(), "points", "balance", "card:4005",
                               "--token-file=" + options.token_file},
                              File("output"));
  EXPECT_EQ(told.code, 0) << told.output;
  const Ended refused = RunToEnd(
      {program, "--server=" + address(), "points", "balance", "card:4005"}, File("output"));
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.output, HasSubstr("send a bearer token"));
  const Ended audience = RunToEnd(
      {program, "--server=" + address(), "member", "list", "--for-marketing",
       "--without-personal-data", "--token-file=" + Carrying(TokenOf("marketing")).token_file},
      File("output"));
  EXPECT_EQ(audience.code, 0) << audience.output;
  EXPECT_THAT(audience.output, Not(HasSubstr("4005")));
}

}  // namespace
}  // namespace dangol::e2e
