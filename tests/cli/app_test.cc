// dangolctl as a whole: options, errors, help, programs, imports and figures.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

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

TEST_F(AppTest, SpeaksTlsWhenToldTo) {
  Dangolctl({"stats"});
  EXPECT_FALSE(options_.tls.has_value());
  Dangolctl({"stats", "--tls"});
  ASSERT_TRUE(options_.tls.has_value());
  EXPECT_EQ(options_.tls->ca_file, "");
  const std::string file = "/proc/self/exe";
  Dangolctl({"stats", "--tls-ca", file, "--tls-cert", file, "--tls-key", file, "--tls-server-name",
             "shop.example"});
  ASSERT_TRUE(options_.tls.has_value());
  EXPECT_EQ(options_.tls->ca_file, file);
  EXPECT_EQ(options_.tls->cert_file, file);
  EXPECT_EQ(options_.tls->key_file, file);
  EXPECT_EQ(options_.tls->server_name, "shop.example");
  setenv("DANGOL_TLS_CA", file.c_str(), 1);
  Dangolctl({"stats"});
  unsetenv("DANGOL_TLS_CA");
  ASSERT_TRUE(options_.tls.has_value());
  EXPECT_EQ(options_.tls->ca_file, file);
}

TEST_F(AppTest, NamesTheFlagOfTlsThatIsWrong) {
  const std::string file = "/proc/self/exe";
  struct Case {
    std::vector<std::string> flags;
    std::string said;
  };
  for (const Case& given : {Case{{"--tls-ca", "/missing"}, "--tls-ca: File does not exist"},
                            Case{{"--tls-cert", file}, "--tls-cert requires --tls-key"},
                            Case{{"--tls-key", file}, "--tls-key requires --tls-cert"}}) {
    std::vector<std::string> arguments = {"stats"};
    arguments.insert(arguments.end(), given.flags.begin(), given.flags.end());
    const Outcome outcome = Dangolctl(arguments);
    EXPECT_EQ(outcome.code, ExitCode::kUsage);
    EXPECT_THAT(outcome.error, HasSubstr(given.said));
  }
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

TEST_F(AppTest, ShowsWhereAProgramIsWrong) {
  v1::ValidateProgramResponse problems;
  auto* problem = problems.add_problems();
  problem->set_line(3);
  problem->set_column(7);
  problem->set_field("wallets[0].id");
  problem->set_message("is empty");
  EXPECT_CALL(*server_, ValidateProgram(_))
      .WillOnce(Return(problems))
      .WillOnce(Return(v1::ValidateProgramResponse()));
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

}  // namespace
}  // namespace dangol::cli
