#include "tests/e2e/dangold.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <signal.h>
#include <sqlite3.h>

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tests/e2e/reasons.h"
#include "tests/support/mariadb.h"

namespace dangol::e2e {
Options PatientOptions(const std::string& address) {
  CheckReasonsOfRefusals();
  Options options;
  options.endpoint = address;
  options.deadline = absl::Minutes(1);
  options.max_attempts = 1'000;
  return options;
}

Client PatientClient(const std::string& address) {
  return Client(MakeConnection(PatientOptions(address)));
}

Client ImpatientClient(const std::string& address) {
  Options options = PatientOptions(address);
  options.max_attempts = 1;
  return Client(MakeConnection(options));
}

std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address) {
  CheckReasonsOfRefusals();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  // The server may be about to start.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

v1::Member EnrollCard(Client client, const std::string& card) {
  v1::EnrollMemberRequest request;
  request.set_request_id("enroll-" + card);
  *request.add_aliases() = MakeAlias("card", card);
  return client.EnrollMember(request).value().member();
}

void DangoldTest::Start(const std::vector<std::string>& more) {
  server_.reset();
  auto server = testing::ServerProcess::Start(
      {.store = store_url(), .more = more, .directory = directory_.path()});
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

void DangoldTest::Kill() {
  process().Signal(SIGKILL);
  process().Wait();
}

int DangoldTest::Terminate() {
  process().Signal(SIGTERM);
  return process().Wait();
}

void DangoldTest::ChangeByHand(const std::string& sql) {
  if (testing::OnMysql()) {
    const std::string database = store_url().substr(store_url().rfind('/') + 1);
    const absl::Status status = testing::SharedMariaDb().Execute(
        absl::StrReplaceAll(sql, {{"TABLE ", absl::StrCat(database, ".")}}));
    ASSERT_TRUE(status.ok()) << status;
    return;
  }
  sqlite3* store = nullptr;
  const std::string path(absl::StripPrefix(store_url(), "sqlite:"));
  ASSERT_EQ(sqlite3_open(path.c_str(), &store), SQLITE_OK);
  const std::string plain = absl::StrReplaceAll(sql, {{"TABLE ", ""}});
  EXPECT_EQ(sqlite3_exec(store, plain.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(store);
  sqlite3_close(store);
}

v1::Purchase SmallPurchase(const std::string& id, int64_t amount_minor) {
  return PurchaseBuilder(id, Card("4005")).Currency("GBP").Goods("tea", 1, amount_minor).Build();
}

std::string ProgramText(const std::string& name, int per_minor) {
  return absl::StrCat("name: \"", name,
                      "\"\n"
                      "time_zone: \"UTC\"\n"
                      "currencies { code: \"GBP\" minor_digits: 2 }\n"
                      "wallets { id: \"points\" expiry { never {} } }\n"
                      "earning_rules {\n"
                      "  id: \"base\" wallet: \"points\"\n"
                      "  rates { currency: \"GBP\" points: 1 per_minor: ",
                      per_minor, " }\n}\n");
}

std::string BytesOf(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

v1::GetTotalsResponse TotalsOf(Client client) {
  v1::GetTotalsResponse totals = client.GetTotals().value();
  totals.clear_as_of();
  return totals;
}

int64_t GrossMinor(const v1::GetTotalsResponse& totals, absl::string_view currency) {
  for (const v1::CurrencyTotals& one : totals.currencies()) {
    if (one.currency() == currency) return one.gross_minor();
  }
  return 0;
}

v1::WalletTotals Points(const v1::GetTotalsResponse& totals) {
  for (const v1::WalletTotals& wallet : totals.wallets()) {
    if (wallet.wallet() == "points") return wallet;
  }
  ADD_FAILURE() << "no wallet points in " << totals.ShortDebugString();
  return {};
}

void ExpectSoundBooks(Client client) {
  const v1::GetTotalsResponse totals = TotalsOf(client);
  EXPECT_EQ(totals.trial_balance(), 0);
  for (const v1::WalletTotals& wallet : totals.wallets()) {
    EXPECT_EQ(wallet.transferred(), 0) << wallet.wallet();
  }
  v1::VerifyLedgerRequest page;
  page.set_page_size(1'000);
  do {
    const auto verified = client.VerifyLedger(page);
    ASSERT_TRUE(verified.ok()) << verified.status();
    for (const v1::Finding& finding : verified->findings()) {
      ADD_FAILURE() << finding.member_id() << ": " << finding.message();
    }
    page.set_page_token(verified->next_page_token());
  } while (!page.page_token().empty());
  ExpectSoundAuditLog(client);
}

v1::VerifyAuditLogResponse VerifyAuditLogOf(Client client, v1::VerifyAuditLogRequest page) {
  v1::VerifyAuditLogResponse sum;
  do {
    const auto verified = client.VerifyAuditLog(page);
    EXPECT_TRUE(verified.ok()) << verified.status();
    if (!verified.ok()) return sum;
    sum.mutable_findings()->MergeFrom(verified->findings());
    sum.mutable_heads()->MergeFrom(verified->heads());
    sum.set_acts(sum.acts() + verified->acts());
    page.set_page_token(verified->next_page_token());
  } while (!page.page_token().empty());
  return sum;
}

void ExpectSoundAuditLog(Client client) {
  v1::VerifyAuditLogRequest page;
  page.set_page_size(1'000);
  const v1::VerifyAuditLogResponse verified = VerifyAuditLogOf(client, page);
  for (const v1::AuditLogFinding& finding : verified.findings()) {
    ADD_FAILURE() << finding.partition() << "-" << finding.number() << ": " << finding.message();
  }
}

int CountFromEnvironment(const char* variable, int usual) {
  int count = usual;
  const char* const said = std::getenv(variable);
  if (said != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(said, &count)) << variable;
  }
  return count;
}

Ended RunToEnd(std::vector<std::string> argv, const std::string& output_path) {
  // A server that starts where it should not must not hold the test for ever.
  argv.insert(argv.begin(), {"/usr/bin/timeout", "--signal=KILL", "300"});
  absl::StatusOr<testing::Process> process = testing::Process::Start(argv, output_path);
  if (!process.ok()) return {-1, std::string(process.status().message())};
  const int code = process->Wait();
  return {code, process->Output()};
}

}  // namespace dangol::e2e
