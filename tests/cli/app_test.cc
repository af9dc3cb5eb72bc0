#include "cli/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/json.h"
#include "cli/table.h"
#include "fake_server.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

struct Outcome {
  ExitCode code = ExitCode::kOther;
  std::string out;
  std::string error;
};

class AppTest : public testing::Test {
 protected:
  AppTest() { std::filesystem::create_directories(folder_); }
  ~AppTest() override { std::filesystem::remove_all(folder_); }

  Outcome Dangolctl(const std::vector<std::string>& arguments) {
    std::vector<const char*> raw = {"dangolctl"};
    for (const std::string& argument : arguments) raw.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream error;
    Outcome outcome;
    outcome.code =
        RunDangolctl(static_cast<int>(raw.size()), raw.data(),
                     {.out = out, .error = error, .connect = [this](const Options& options) {
                        options_ = options;
                        return server_;
                      }});
    outcome.out = out.str();
    outcome.error = error.str();
    return outcome;
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::shared_ptr<testing::NiceMock<FakeServer>> server_ =
      std::make_shared<testing::NiceMock<FakeServer>>();
  Options options_;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / absl::StrCat("dangolctl_", getpid());
};

void ExpectFits(const std::string& text) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(DisplayWidth(line), kTableWidth) << line;
  }
}

TEST_F(AppTest, LiabilityIsToldForPeopleAndForPrograms) {
  v1::GetLiabilityResponse liability;
  v1::WalletLiability& wallet = *liability.add_wallets();
  wallet.set_wallet("points");
  wallet.set_outstanding(1'234);
  wallet.set_pending(200);
  wallet.set_available(1'000);
  wallet.set_held(34);
  wallet.set_owed(5);
  v1::MonthPoints& month = *wallet.add_earned();
  month.set_month("2026-11");
  month.set_points(1'234);
  wallet.add_expiring()->set_points(1'234);
  wallet.set_expected_to_expire(100);
  wallet.set_beyond_history(17);
  wallet.set_history_months(3);
  wallet.mutable_cost()->set_currency("GBP");
  wallet.mutable_cost()->set_minor(1'234);
  wallet.mutable_cost()->set_expected_minor(1'134);
  EXPECT_CALL(*server_, GetLiability(_)).WillRepeatedly(Return(liability));

  const Outcome json = Dangolctl({"insight", "liability", "--output", "json"});
  EXPECT_EQ(json.code, ExitCode::kOk);
  const Json points = Json::parse(json.out)["wallets"]["points"];
  EXPECT_EQ(points["outstanding"], 1'234);
  EXPECT_EQ(points["owed"], 5);
  EXPECT_EQ(points["earned"].dump(), "[{\"month\":\"2026-11\",\"points\":1234}]");
  EXPECT_EQ(points["expiring"].dump(), "[{\"month\":null,\"points\":1234}]");
  EXPECT_EQ(points["beyond_history"], 17);
  EXPECT_EQ(points["cost"]["expected_minor"], 1'134);

  const Outcome table = Dangolctl({"insight", "liability"});
  EXPECT_EQ(table.code, ExitCode::kOk);
  EXPECT_THAT(table.out, HasSubstr("17: 3 months of history are too few"));
  EXPECT_THAT(table.out, HasSubstr("never"));
}

TEST_F(AppTest, StatsAreNumbersInJson) {
  v1::GetTotalsResponse totals;
  totals.set_members(4339);
  totals.set_purchases(18536);
  totals.set_purchase_lines(397924);
  auto* currency = totals.add_currencies();
  currency->set_currency("GBP");
  currency->set_gross_minor(891140790);
  auto* wallet = totals.add_wallets();
  wallet->set_wallet("points");
  wallet->set_issued(7);
  wallet->set_pending(1);
  wallet->set_available(2);
  wallet->set_expired(4);
  EXPECT_CALL(*server_, GetTotals(_)).WillRepeatedly(Return(totals));

  const Outcome json = Dangolctl({"stats", "--output", "json"});
  EXPECT_EQ(json.code, ExitCode::kOk);
  const Json stats = Json::parse(json.out);
  EXPECT_EQ(stats["members"], 4339);
  EXPECT_EQ(stats["purchases"], 18536);
  EXPECT_EQ(stats["purchase_lines"], 397924);
  EXPECT_EQ(stats["returns"], 0);
  EXPECT_EQ(stats["gross_minor"]["GBP"], 891140790);
  EXPECT_EQ(stats["returned_minor"]["GBP"], 0);
  EXPECT_EQ(stats["points"]["points"].dump(),
            "{\"issued\":7,\"pending\":1,\"available\":2,\"held\":0,\"redeemed\":0,\"expired\":4,"
            "\"reversed\":0,\"adjusted\":0,\"written_off\":0,\"transferred\":0}");
  EXPECT_EQ(stats["trial_balance"], 0);
  EXPECT_TRUE(stats["gross_minor"]["GBP"].is_number_integer());

  const Outcome table = Dangolctl({"--output", "table", "stats"});
  EXPECT_THAT(table.out, HasSubstr("8,911,407.90 GBP"));
  ExpectFits(table.out);
}

TEST_F(AppTest, ChoosesTheServer) {
  Dangolctl({"stats"});
  EXPECT_EQ(options_.endpoint, "127.0.0.1:7420");
  Dangolctl({"stats", "--server", "shop:1"});
  EXPECT_EQ(options_.endpoint, "shop:1");
  setenv("DANGOL_SERVER", "shop:2", 1);
  Dangolctl({"stats"});
  EXPECT_EQ(options_.endpoint, "shop:2");
  Dangolctl({"stats", "--server", "shop:3"});
  EXPECT_EQ(options_.endpoint, "shop:3");
  unsetenv("DANGOL_SERVER");
}

TEST_F(AppTest, EndsByTheClassOfTheError) {
  struct Case {
    absl::Status error;
    ExitCode code;
  };
  for (const Case& given : {Case{absl::InvalidArgumentError("x"), ExitCode::kInvalidArgument},
                            Case{absl::OutOfRangeError("x"), ExitCode::kInvalidArgument},
                            Case{absl::NotFoundError("x"), ExitCode::kNotFound},
                            Case{absl::AlreadyExistsError("x"), ExitCode::kConflict},
                            Case{absl::FailedPreconditionError("x"), ExitCode::kConflict},
                            Case{absl::UnavailableError("x"), ExitCode::kUnavailable},
                            Case{absl::DeadlineExceededError("x"), ExitCode::kUnavailable},
                            Case{absl::ResourceExhaustedError("x"), ExitCode::kUnavailable},
                            Case{absl::PermissionDeniedError("x"), ExitCode::kDenied},
                            Case{absl::InternalError("x"), ExitCode::kOther}}) {
    EXPECT_CALL(*server_, GetMember(_)).WillOnce(Return(given.error));
    const Outcome outcome = Dangolctl({"member", "get", "card:1"});
    EXPECT_EQ(outcome.code, given.code) << given.error;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.error.starts_with("dangolctl: ")) << outcome.error;
  }
}

TEST_F(AppTest, SaysWhatIsWrongInOneLine) {
  google::rpc::BadRequest fields;
  auto* field = fields.add_field_violations();
  field->set_field("purchase.currency");
  field->set_description("is missing");
  *fields.add_field_violations() = *field;
  fields.mutable_field_violations(1)->set_field("purchase.lines[0].quantity");
  absl::Status error = MakeError(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS",
                                 "purchase.currency: is missing\n");
  error.SetPayload("type.googleapis.com/google.rpc.BadRequest",
                   absl::Cord(fields.SerializeAsString()));
  EXPECT_CALL(*server_, RecordPurchase(_)).WillOnce(Return(error));
  const Outcome outcome = Dangolctl({"purchase", "record", "--member", "card:1"});
  EXPECT_EQ(outcome.error,
            "dangolctl: purchase.currency: is missing  (INVALID_FIELDS): "
            "purchase.lines[0].quantity: is missing\n");
}

TEST_F(AppTest, UsageErrorsNeverReachTheServer) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"member"},
                                             {"member", "get"},
                                             {"nonsense"},
                                             {"stats", "--output", "xml"},
                                             {"member", "list", "--limit", "-1"},
                                             {"import", "purchases", "x"},
                                             {"import", "purchases", "x", "--format", "excel"}}) {
    const Outcome outcome = Dangolctl(arguments);
    EXPECT_EQ(outcome.code, ExitCode::kUsage);
    EXPECT_TRUE(outcome.error.starts_with("dangolctl: ")) << outcome.error;
    EXPECT_EQ(options_.user_agent, "");
  }
}

TEST_F(AppTest, HelpsEverywhere) {
  const Outcome help = Dangolctl({"--help"});
  EXPECT_EQ(help.code, ExitCode::kOk);
  EXPECT_THAT(help.out, HasSubstr("exit codes:"));
  for (const std::string noun : {"member", "purchase", "points", "program", "import", "stats"}) {
    const Outcome outcome = Dangolctl({noun, "--help"});
    EXPECT_EQ(outcome.code, ExitCode::kOk);
    EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat("examples:\n  dangolctl ", noun))) << noun;
  }
}

TEST_F(AppTest, RecordsAPurchaseInMajorUnits) {
  v1::RecordPurchaseRequest sent;
  EXPECT_CALL(*server_, RecordPurchase(_)).Times(2).WillRepeatedly([&](const auto& request) {
    sent = request;
    v1::RecordPurchaseResponse response;
    auto* outcome = response.mutable_outcome();
    outcome->set_purchase_id("r-1");
    outcome->set_total_minor(1270);
    auto* earned = outcome->add_earned();
    earned->set_wallet("points");
    earned->set_points(1270);
    auto* part = earned->add_parts();
    part->set_rule_id("base");
    part->set_points(1270);
    part->set_capped(true);
    return response;
  });
  const std::vector<std::string> arguments = {"purchase",
                                              "record",
                                              "--id",
                                              "r-1",
                                              "--member",
                                              "card:1",
                                              "--currency",
                                              "GBP",
                                              "--line",
                                              "tea,2,9.50,drinks",
                                              "--line",
                                              "bun,1,3.2",
                                              "--at",
                                              "2024-05-31T18:30:00Z",
                                              "--paid-with-points",
                                              "1"};
  const Outcome outcome = Dangolctl(arguments);
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.purchase().purchase_id(), "r-1");
  EXPECT_EQ(sent.purchase().occurred_at().seconds(), 1717180200);
  EXPECT_EQ(sent.purchase().paid_with_points_minor(), 100);
  ASSERT_EQ(sent.purchase().lines_size(), 2);
  EXPECT_EQ(sent.purchase().lines(0).amount_minor(), 950);
  EXPECT_EQ(sent.purchase().lines(0).category(), "drinks");
  EXPECT_EQ(sent.purchase().lines(1).amount_minor(), 320);
  EXPECT_THAT(outcome.out, HasSubstr("12.70 GBP"));
  EXPECT_THAT(outcome.out, HasSubstr("base 1270 (capped)"));
  ExpectFits(outcome.out);

  // The same purchase as JSON.
  const std::string path = WriteFile(
      "purchase.json", "{\"purchase_id\": \"r-1\", \"currency\": \"KRW\", \"lines\": []}");
  EXPECT_EQ(Dangolctl({"purchase", "record", "--from", path}).code, ExitCode::kOk);
  EXPECT_EQ(sent.purchase().currency(), "KRW");
}

TEST_F(AppTest, RefusesAmountsThatTheCurrencyDoesNotHave) {
  EXPECT_CALL(*server_, RecordPurchase(_)).Times(0);
  for (const std::string line : {"tea,1,9.505", "tea,1,-1", "tea,one,9", "tea,1", "tea,1,1,a,b"}) {
    EXPECT_EQ(
        Dangolctl({"purchase", "record", "--member", "card:1", "--currency", "GBP", "--line", line})
            .code,
        ExitCode::kInvalidArgument)
        << line;
  }
  EXPECT_EQ(Dangolctl({"purchase", "record", "--member", "card:1", "--currency", "KRW", "--line",
                       "tea,1,9.50"})
                .code,
            ExitCode::kInvalidArgument);
}

TEST_F(AppTest, ListsMembersAndSaysWhenThereAreMore) {
  EXPECT_CALL(*server_, ListMembers(_)).WillRepeatedly([](const auto&) {
    v1::MemberServiceListResponse page;
    for (int i = 0; i < 3; ++i) {
      auto* member = page.add_members();
      member->set_member_id(absl::StrCat("01a2032d-60f6-7dbf-9e76-e2f088a189d", i));
      member->set_status(v1::MEMBER_STATUS_ACTIVE);
      *member->add_aliases() = MakeAlias("email", std::string(90, 'x'));
    }
    return page;
  });
  const Outcome two = Dangolctl({"member", "list", "--limit", "2"});
  EXPECT_THAT(two.out, HasSubstr("There are more"));
  EXPECT_THAT(two.out, testing::Not(HasSubstr("e2f088a189d2")));
  ExpectFits(two.out);
  const Outcome all = Dangolctl({"member", "list", "--limit", "0", "--output", "json"});
  EXPECT_EQ(Json::parse(all.out)["members"].size(), 3);
  EXPECT_EQ(Json::parse(all.out)["members"][2]["status"], "ACTIVE");
}

TEST_F(AppTest, ShowsWhereAProgramIsWrong) {
  v1::ProgramServiceValidateResponse problems;
  auto* problem = problems.add_problems();
  problem->set_line(3);
  problem->set_column(7);
  problem->set_field("wallets[0].id");
  problem->set_message("is empty");
  EXPECT_CALL(*server_, ValidateProgram(_))
      .WillOnce(Return(problems))
      .WillOnce(Return(v1::ProgramServiceValidateResponse()));
  const std::string path = WriteFile("program.textproto", "name: 'x'");
  const Outcome wrong = Dangolctl({"program", "validate", path});
  EXPECT_EQ(wrong.code, ExitCode::kInvalidArgument);
  EXPECT_EQ(wrong.out, absl::StrCat(path, ":3:7: wallets[0].id: is empty\n"));
  EXPECT_EQ(Dangolctl({"program", "validate", path}).code, ExitCode::kOk);
}

constexpr char kInvoices[] =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "1,A,x,6,2011-01-01 10:00:00,2.55,7,UK\n"
    "1,B,x,1,2011-01-01 10:00:00,1.005,7,UK\n"
    "2,A,x,6,2011-01-01 10:00:00,2.55,,UK\n"
    "C3,A,x,-6,2011-01-01 10:00:00,2.55,7,UK\n"
    "4,A,x,1,2011-01-01 10:00:00,0,8,UK\n";

TEST_F(AppTest, ImportsAFile) {
  const std::string path = WriteFile("invoices.csv", kInvoices);
  const std::string rejects = folder_ / "rejects.csv";
  const std::vector<std::string> arguments = {
      "import",     "purchases",     path,         "--format", "online-retail",
      "--timezone", "Europe/London", "--currency", "GBP",      "--rejects",
      rejects,      "--output",      "json"};
  const Outcome outcome = Dangolctl(arguments);
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  // Nothing but errors belongs there when it is not a terminal.
  EXPECT_EQ(outcome.error, "");
  const Json totals = Json::parse(outcome.out);
  EXPECT_EQ(totals["rows_read"], 5);
  EXPECT_EQ(totals["rows_rejected"], 1);
  EXPECT_EQ(totals["rejected"].dump(), "{\"NO_CUSTOMER\":1}");
  EXPECT_EQ(totals["purchases_recorded"], 2);
  EXPECT_EQ(totals["purchase_lines"], 3);
  EXPECT_EQ(totals["amount_minor"]["GBP"], 1631);
  EXPECT_EQ(totals["returns_recorded"], 1);
  EXPECT_EQ(totals["returned_lines"], 1);
  EXPECT_EQ(totals["matched_quantity"], 6);
  EXPECT_EQ(totals["unmatched_quantity"], 0);
  EXPECT_EQ(totals["returned_minor"]["GBP"], 1530);
  EXPECT_EQ(totals["members_enrolled"], 2);
  EXPECT_EQ(server_->purchases()["7"].size(), 1);
  std::ostringstream text;
  text << std::ifstream(rejects).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\n4,NO_CUSTOMER,\"2,A,x,6,"));

  const Outcome again = Dangolctl(arguments);
  EXPECT_EQ(Json::parse(again.out)["purchases_replayed"], 2);
  EXPECT_EQ(Json::parse(again.out)["purchases_recorded"], 0);
  EXPECT_EQ(Json::parse(again.out)["returns_replayed"], 1);
  EXPECT_EQ(Json::parse(again.out)["returns_recorded"], 0);

  const Outcome table = Dangolctl({"import", "purchases", path, "--format", "online-retail",
                                   "--timezone", "Europe/London", "--currency", "GBP"});
  EXPECT_THAT(table.out, HasSubstr("returned lines"));
  EXPECT_THAT(table.out, HasSubstr("15.30 GBP"));
  ExpectFits(table.out);
}

TEST_F(AppTest, AnImportNamesWhatItNeeds) {
  const std::string path = WriteFile("invoices.csv", kInvoices);
  const auto import = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"import", "purchases", path, "--format", "online-retail"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Dangolctl(arguments);
  };
  EXPECT_THAT(import({"--currency", "GBP"}).error, HasSubstr("needs --timezone and --currency"));
  EXPECT_THAT(import({"--currency", "GBP", "--timezone", "Europe/Londn"}).error,
              HasSubstr("not a time zone"));
  const Outcome currency = import({"--currency", "XXX", "--timezone", "Europe/London"});
  EXPECT_EQ(currency.code, ExitCode::kInvalidArgument);
  EXPECT_THAT(currency.error, HasSubstr("only GBP, KRW"));
  EXPECT_EQ(Dangolctl({"import", "purchases", "/no/such/file", "--format", "dangol"}).code,
            ExitCode::kNotFound);
  EXPECT_TRUE(server_->purchases().empty());
}

TEST_F(AppTest, AnImportThatStopsSaysHowToGoOn) {
  const std::string path =
      WriteFile("history.jsonl",
                "{\"purchase_id\": \"a\", \"member\": {\"alias\": {\"kind\": \"card\", "
                "\"value\": \"1\"}}, \"currency\": \"KRW\"}\n");
  server_->FailBatches({absl::UnavailableError("gone")});
  const Outcome stopped = Dangolctl({"import", "purchases", path, "--format", "dangol"});
  EXPECT_EQ(stopped.code, ExitCode::kUnavailable);
  EXPECT_EQ(stopped.out, "");
  EXPECT_THAT(stopped.error, HasSubstr("run the same command again"));
  EXPECT_EQ(Dangolctl({"import", "purchases", path, "--format", "dangol"}).code, ExitCode::kOk);
}

TEST_F(AppTest, AnImportWithRefusedPurchasesEndsWithTheirClass) {
  const std::string path = WriteFile("invoices.csv", kInvoices);
  server_->Refuse("4", MakeError(absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED", "closed"));
  const Outcome outcome = Dangolctl({"import", "purchases", path, "--format", "online-retail",
                                     "--timezone", "Europe/London", "--currency", "GBP"});
  EXPECT_EQ(outcome.code, ExitCode::kConflict);
  EXPECT_THAT(outcome.out, HasSubstr("MEMBER_CLOSED"));
  EXPECT_THAT(outcome.error, HasSubstr("refused 1 purchase: closed (MEMBER_CLOSED)"));
  ExpectFits(outcome.out);

  server_->RefuseReturn("C3", MakeError(absl::StatusCode::kNotFound, "GONE", "gone"));
  EXPECT_THAT(Dangolctl({"import", "purchases", path, "--format", "online-retail", "--timezone",
                         "Europe/London", "--currency", "GBP"})
                  .error,
              HasSubstr("refused 1 purchase and 1 return, the first: "));
}

// What a call answers, whatever it was asked; what it was asked is in `sent`.
template <typename Request, typename Response>
auto Answer(Request& sent, const Response& response) {
  return [&sent, response](const Request& request) {
    sent = request;
    return response;
  };
}

TEST_F(AppTest, RecordsAReturnOfAPurchase) {
  v1::RecordReturnRequest sent;
  v1::RecordReturnResponse response;
  v1::RecordedReturn& recorded = *response.mutable_return_();
  recorded.set_return_id("r-1");
  recorded.set_purchase_id("p-1");
  recorded.set_currency("GBP");
  recorded.set_amount_minor(950);
  v1::ReturnedLine& line = *recorded.add_lines();
  line.set_purchase_id("p-1");
  line.set_line(1);
  line.set_sku(std::string(64, 'x'));
  line.set_quantity(2);
  line.set_amount_minor(950);
  v1::ReversedPoints& points = *response.add_points();
  points.set_wallet("points");
  points.set_points(95);
  points.set_owed(12);
  response.add_balances()->set_available(-12);
  response.set_replayed(true);
  EXPECT_CALL(*server_, RecordReturn(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome =
      Dangolctl({"purchase", "return", "--id", "r-1", "--purchase", "p-1", "--line", "1,2",
                 "--line", "0,1", "--reason", "cold", "--at", "2024-05-31T18:30:00Z"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.return_().return_id(), "r-1");
  EXPECT_EQ(sent.return_().purchase_id(), "p-1");
  EXPECT_EQ(sent.return_().reason(), "cold");
  EXPECT_EQ(sent.return_().occurred_at().seconds(), 1717180200);
  ASSERT_EQ(sent.return_().lines_size(), 2);
  EXPECT_EQ(sent.return_().lines(0).line(), 1);
  EXPECT_EQ(sent.return_().lines(0).quantity(), 2);
  EXPECT_THAT(outcome.out, HasSubstr("recorded before"));
  EXPECT_THAT(outcome.out, HasSubstr("9.50 GBP"));
  EXPECT_THAT(outcome.out, HasSubstr("-12"));
  ExpectFits(outcome.out);

  // An amount is in the currency of the purchase.
  v1::GetPurchaseResponse purchase;
  purchase.mutable_purchase()->set_currency("KRW");
  EXPECT_CALL(*server_, GetPurchase(_)).WillRepeatedly(Return(purchase));
  const Outcome json =
      Dangolctl({"purchase", "return", "--purchase", "p-1", "--amount", "950", "--output", "json"});
  ASSERT_EQ(json.code, ExitCode::kOk) << json.error;
  EXPECT_EQ(sent.return_().amount_minor(), 950);
  EXPECT_EQ(Json::parse(json.out)["points"][0]["owed"], 12);
  EXPECT_EQ(Dangolctl({"purchase", "return", "--purchase", "p-1", "--amount", "9.50"}).code,
            ExitCode::kInvalidArgument);
}

TEST_F(AppTest, RecordsAReturnWithoutAReceipt) {
  v1::RecordReturnRequest sent;
  EXPECT_CALL(*server_, RecordReturn(_)).WillRepeatedly(Answer(sent, v1::RecordReturnResponse()));
  const Outcome outcome = Dangolctl(
      {"purchase", "return", "--member", "card:1", "--currency", "GBP", "--line", "tea,2,9.5"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.return_().member().alias().value(), "1");
  EXPECT_EQ(sent.return_().currency(), "GBP");
  ASSERT_EQ(sent.return_().lines_size(), 1);
  EXPECT_EQ(sent.return_().lines(0).sku(), "tea");
  EXPECT_EQ(sent.return_().lines(0).amount_minor(), 950);

  const std::string path = WriteFile("return.json", "{\"return_id\": \"r-2\"}");
  EXPECT_EQ(Dangolctl({"purchase", "return", "--from", path}).code, ExitCode::kOk);
  EXPECT_EQ(sent.return_().return_id(), "r-2");
}

TEST_F(AppTest, RefusesAReturnThatMakesNoSense) {
  EXPECT_CALL(*server_, RecordReturn(_)).Times(0);
  for (const std::string line : {"0", "tea,1", "0,1,2", "0,one"}) {
    EXPECT_EQ(Dangolctl({"purchase", "return", "--purchase", "p-1", "--line", line}).code,
              ExitCode::kInvalidArgument)
        << line;
  }
  for (const std::string line : {"0,1", "tea,1,9.505", "tea,1,-1", "tea,one,9"}) {
    EXPECT_EQ(
        Dangolctl({"purchase", "return", "--member", "card:1", "--currency", "GBP", "--line", line})
            .code,
        ExitCode::kInvalidArgument)
        << line;
  }
  EXPECT_EQ(Dangolctl({"purchase", "return"}).code, ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"purchase", "return", "--purchase", "p-1", "--member", "card:1"}).code,
            ExitCode::kUsage);
  EXPECT_EQ(Dangolctl({"purchase", "return", "--member", "card:1", "--amount", "5"}).code,
            ExitCode::kUsage);
}

TEST_F(AppTest, ListsReturns) {
  v1::ListReturnsResponse page;
  v1::RecordedReturn& recorded = *page.add_returns();
  recorded.set_return_id("r-1");
  recorded.set_purchase_id(std::string(128, 'p'));
  recorded.set_currency("GBP");
  recorded.set_amount_minor(1'234'567);
  recorded.set_reason(std::string(64, 'r'));
  EXPECT_CALL(*server_, ListReturns(_)).WillRepeatedly(Return(page));
  const Outcome table = Dangolctl({"purchase", "returns", "card:1"});
  EXPECT_EQ(table.code, ExitCode::kOk);
  EXPECT_THAT(table.out, HasSubstr("12,345.67 GBP"));
  ExpectFits(table.out);
  const Outcome json = Dangolctl({"purchase", "returns", "card:1", "--output", "json"});
  EXPECT_EQ(Json::parse(json.out)["returns"][0]["return_id"], "r-1");
}

TEST_F(AppTest, ConfirmsAPurchase) {
  v1::ConfirmPurchaseRequest sent;
  v1::ConfirmPurchaseResponse response;
  response.set_member_id("m-1");
  response.add_balances()->set_available(120);
  EXPECT_CALL(*server_, ConfirmPurchase(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"purchase", "confirm", "p-1", "--request-id", "c-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.purchase_id(), "p-1");
  EXPECT_EQ(sent.request_id(), "c-1");
  EXPECT_THAT(outcome.out, HasSubstr("120"));
  ExpectFits(outcome.out);
}

v1::Reservation HeldReservation() {
  v1::Reservation reservation;
  reservation.set_reservation_id("order-1");
  reservation.set_wallet("points");
  reservation.set_points(500);
  reservation.set_status(v1::RESERVATION_STATUS_HELD);
  reservation.mutable_lapses_at()->set_seconds(1717180200);
  return reservation;
}

TEST_F(AppTest, ReservesAndCapturesAndVoids) {
  v1::ReserveRequest reserve;
  v1::ReserveResponse reserved;
  *reserved.mutable_reservation() = HeldReservation();
  EXPECT_CALL(*server_, ReservePoints(_)).WillRepeatedly(Answer(reserve, reserved));
  const Outcome held = Dangolctl({"points", "reserve", "card:1", "500", "--id", "order-1", "--for",
                                  "1m30.5s", "--wallet", "points"});
  ASSERT_EQ(held.code, ExitCode::kOk) << held.error;
  EXPECT_EQ(reserve.request_id(), "order-1");
  EXPECT_EQ(reserve.points(), 500);
  EXPECT_EQ(reserve.wallet(), "points");
  EXPECT_EQ(reserve.time_to_live().seconds(), 90);
  EXPECT_EQ(reserve.time_to_live().nanos(), 500'000'000);
  EXPECT_THAT(held.out, HasSubstr("HELD"));
  EXPECT_THAT(held.out, HasSubstr("2024-05-31 18:30"));
  ExpectFits(held.out);
  EXPECT_EQ(Dangolctl({"points", "reserve", "card:1", "500", "--for", "soon"}).code,
            ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"points", "reserve", "card:1", "500", "--for", "inf"}).code,
            ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"points", "reserve", "card:1", "many"}).code, ExitCode::kUsage);

  v1::CaptureRequest capture;
  EXPECT_CALL(*server_, CapturePoints(_)).WillRepeatedly(Answer(capture, v1::CaptureResponse()));
  EXPECT_EQ(Dangolctl({"points", "capture", "order-1", "--points", "450"}).code, ExitCode::kOk);
  EXPECT_EQ(capture.reservation_id(), "order-1");
  EXPECT_EQ(capture.points(), 450);
  EXPECT_EQ(capture.request_id().size(), 36);

  EXPECT_CALL(*server_, VoidReservation(_))
      .WillOnce(Return(
          MakeError(absl::StatusCode::kFailedPrecondition, "RESERVATION_ENDED", "captured")));
  const Outcome refused = Dangolctl({"points", "void", "order-1"});
  EXPECT_EQ(refused.code, ExitCode::kConflict);
  EXPECT_THAT(refused.error, HasSubstr("RESERVATION_ENDED"));
}

TEST_F(AppTest, RedeemsAndAdjusts) {
  v1::RedeemRequest redeem;
  v1::RedeemResponse redeemed;
  redeemed.mutable_reservation()->set_captured(500);
  EXPECT_CALL(*server_, RedeemPoints(_)).WillRepeatedly(Answer(redeem, redeemed));
  const Outcome json = Dangolctl({"points", "redeem", "card:1", "500", "--output", "json"});
  ASSERT_EQ(json.code, ExitCode::kOk) << json.error;
  EXPECT_EQ(redeem.points(), 500);
  EXPECT_EQ(Json::parse(json.out)["reservation"]["captured"], 500);

  v1::AdjustRequest adjust;
  v1::AdjustResponse adjusted;
  adjusted.set_member_id("m-1");
  EXPECT_CALL(*server_, AdjustPoints(_)).WillRepeatedly(Answer(adjust, adjusted));
  const Outcome taken = Dangolctl({"points", "adjust", "card:1", "-100", "--reason", "mistake"});
  ASSERT_EQ(taken.code, ExitCode::kOk) << taken.error;
  EXPECT_EQ(adjust.points(), -100);
  EXPECT_EQ(adjust.reason(), "mistake");
  EXPECT_EQ(Dangolctl({"points", "adjust", "card:1", "100"}).code, ExitCode::kUsage);
}

TEST_F(AppTest, Transfers) {
  v1::TransferRequest sent;
  v1::TransferResponse moved;
  moved.set_to_member_id("m-2");
  EXPECT_CALL(*server_, TransferPoints(_)).WillRepeatedly(Answer(sent, moved));
  const Outcome outcome = Dangolctl({"points", "transfer", "card:1", "500", "--to", "card:2"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "1");
  EXPECT_EQ(sent.to().alias().value(), "2");
  EXPECT_EQ(sent.points(), 500);
  EXPECT_EQ(sent.request_id().size(), 36);
  EXPECT_THAT(outcome.out, HasSubstr("m-2"));
  EXPECT_EQ(Dangolctl({"points", "transfer", "card:1", "500"}).code, ExitCode::kUsage);
}

v1::Coupon NewCoupon() {
  v1::Coupon coupon;
  coupon.set_coupon_id("c-1");
  coupon.set_code("0123456789ABCDEFGHJKMNPQRS");
  coupon.set_reward_id("scratch");
  coupon.set_reward_name("Scratch");
  coupon.set_prize_id("five");
  coupon.set_prize_name("Five pounds");
  v1::MinorAmount& amount = *coupon.mutable_benefit()->mutable_cashback()->add_amounts();
  amount.set_currency("GBP");
  amount.set_minor(500);
  coupon.set_points(40);
  coupon.set_status(v1::COUPON_STATUS_ISSUED);
  return coupon;
}

TEST_F(AppTest, ListsRewards) {
  v1::ListRewardsRequest sent;
  v1::ListRewardsResponse response;
  v1::RewardOffer& latte = *response.add_offers();
  latte.mutable_reward()->set_id("latte");
  latte.mutable_reward()->set_name("A free latte");
  latte.mutable_reward()->set_points(4000);
  latte.mutable_reward()->mutable_gift()->set_sku("latte");
  latte.set_stock_left(3);
  v1::RewardOffer& tenth = *response.add_offers();
  tenth.mutable_reward()->mutable_percent_off()->set_percent(10);
  tenth.add_obstacles(v1::REWARD_OBSTACLE_OUT_OF_STOCK);
  tenth.add_obstacles(v1::REWARD_OBSTACLE_INSUFFICIENT_POINTS);
  tenth.set_points_missing(1500);
  EXPECT_CALL(*server_, ListRewards(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"reward", "list", "card:1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "1");
  EXPECT_THAT(outcome.out, HasSubstr("a latte"));
  EXPECT_THAT(outcome.out, HasSubstr("yes"));
  EXPECT_THAT(outcome.out, HasSubstr("10 % off"));
  EXPECT_THAT(outcome.out, HasSubstr("out of stock, 1,500 points short"));
}

TEST_F(AppTest, IssuesShowsUsesAndCancelsCoupons) {
  v1::IssueCouponRequest issue;
  v1::IssueCouponResponse issued;
  *issued.mutable_coupon() = NewCoupon();
  EXPECT_CALL(*server_, IssueCoupon(_)).WillRepeatedly(Answer(issue, issued));
  const Outcome outcome = Dangolctl({"coupon", "issue", "card:1", "scratch", "--id", "c-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(issue.request_id(), "c-1");
  EXPECT_EQ(issue.reward_id(), "scratch");
  EXPECT_THAT(outcome.out, HasSubstr("0123456789ABCDEFGHJKMNPQRS"));
  EXPECT_THAT(outcome.out, HasSubstr("five (Five pounds)"));
  EXPECT_THAT(outcome.out, HasSubstr("500 GBP (minor units) back"));
  EXPECT_THAT(outcome.out, HasSubstr("never"));

  v1::GetCouponRequest get;
  v1::GetCouponResponse got;
  *got.mutable_coupon() = NewCoupon();
  EXPECT_CALL(*server_, GetCoupon(_)).WillRepeatedly(Answer(get, got));
  const Outcome json = Dangolctl({"coupon", "show", "0123", "--output", "json"});
  EXPECT_EQ(get.code(), "0123");
  EXPECT_EQ(Json::parse(json.out)["status"], "ISSUED");

  v1::UseCouponRequest use;
  EXPECT_CALL(*server_, UseCoupon(_)).WillRepeatedly(Answer(use, v1::UseCouponResponse()));
  EXPECT_EQ(Dangolctl({"coupon", "use", "0123", "--for", "receipt 7"}).code, ExitCode::kOk);
  EXPECT_EQ(use.code(), "0123");
  EXPECT_EQ(use.reference(), "receipt 7");
  EXPECT_EQ(use.request_id().size(), 36);

  EXPECT_CALL(*server_, CancelCoupon(_))
      .WillOnce(Return(MakeError(absl::StatusCode::kFailedPrecondition, "COUPON_ENDED", "used")));
  EXPECT_EQ(Dangolctl({"coupon", "cancel", "0123"}).code, ExitCode::kConflict);
}

TEST_F(AppTest, ShowsABalanceOfAnotherMoment) {
  v1::GetBalanceRequest sent;
  v1::GetBalanceResponse balance;
  balance.add_wallets()->set_available(-30);
  EXPECT_CALL(*server_, GetBalance(_)).WillRepeatedly(Answer(sent, balance));
  const Outcome outcome =
      Dangolctl({"points", "balance", "card:1", "--as-of=2024-05-31T18:30:00Z"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.as_of().seconds(), 1717180200);
  EXPECT_THAT(outcome.out, HasSubstr("-30"));
  EXPECT_EQ(Dangolctl({"points", "balance", "card:1"}).code, ExitCode::kOk);
  EXPECT_FALSE(sent.has_as_of());
  EXPECT_EQ(Dangolctl({"points", "balance", "card:1", "--as-of", "yesterday"}).code,
            ExitCode::kInvalidArgument);
}

TEST_F(AppTest, ChangesTheStatusOfAMember) {
  v1::SuspendRequest suspend;
  v1::SuspendResponse suspended;
  suspended.mutable_member()->set_status(v1::MEMBER_STATUS_SUSPENDED);
  EXPECT_CALL(*server_, SuspendMember(_)).WillRepeatedly(Answer(suspend, suspended));
  const Outcome outcome = Dangolctl({"member", "suspend", "card:1", "--request-id", "s-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(suspend.request_id(), "s-1");
  EXPECT_EQ(suspend.member().alias().value(), "1");
  EXPECT_THAT(outcome.out, HasSubstr("SUSPENDED"));

  EXPECT_CALL(*server_, ReinstateMember(_)).WillOnce(Return(v1::ReinstateResponse()));
  EXPECT_EQ(Dangolctl({"member", "reinstate", "card:1"}).code, ExitCode::kOk);
  EXPECT_CALL(*server_, CloseMember(_))
      .WillOnce(
          Return(MakeError(absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED", "closed")));
  EXPECT_EQ(Dangolctl({"member", "close", "card:1"}).code, ExitCode::kConflict);
}

}  // namespace
}  // namespace dangol::cli
