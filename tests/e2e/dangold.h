#ifndef DANGOL_TESTS_E2E_DANGOLD_H_
#define DANGOL_TESTS_E2E_DANGOLD_H_

#include <grpcpp/channel.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dangol/client.h"
#include "tests/support/server_process.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_store.h"

namespace dangol::e2e {

// A client that is patient, and retries what is transient.
Client PatientClient(const std::string& address);
Options PatientOptions(const std::string& address);
// A client that tries once, so that every answer is seen.
Client ImpatientClient(const std::string& address);
// A connection of its own, shared with no other channel.
std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address);

// Enrols a member with the alias card:`card`.
v1::Member EnrollCard(Client client, const std::string& card);

// A test with a dangold of its own, on an empty store (testing::TestStore) and the
// sample program.
class DangoldTest : public ::testing::Test {
 protected:
  void SetUp() override { Start(); }

  // Starts dangold on this test's store; fatal failure if it does not listen.
  // Again after it ended, on a port that may be another one.
  void Start(const std::vector<std::string>& more = {});
  void Kill();
  // Ends it with SIGTERM; the exit code, or 128 and the signal that ended it.
  int Terminate();

  Client MakeClient() const { return PatientClient(address()); }
  Client MakeImpatientClient() const { return ImpatientClient(address()); }
  std::shared_ptr<grpc::Channel> MakeChannel() const { return OwnChannel(address()); }

  testing::Process& process() { return server_->process(); }
  const std::string& address() const { return server_->address(); }
  std::string File(const std::string& name) const { return directory_.File(name); }
  const std::string& store_url() const { return store_.url(); }

  // Behind the server's back. A table's name comes after the word TABLE.
  void ChangeByHand(const std::string& sql);

  v1::Member Enroll(const std::string& card) { return EnrollCard(MakeClient(), card); }

 private:
  testing::TemporaryDirectory directory_;
  testing::TestStore store_;
  std::optional<testing::ServerProcess> server_;
};

inline v1::MemberRef Card(absl::string_view card) { return MemberByAlias("card", card); }

// A purchase of one line in GBP by the member card:4005.
v1::Purchase SmallPurchase(const std::string& id, int64_t amount_minor);

// A program in GBP whose wallet, points, gets a point for so many pence.
std::string ProgramText(const std::string& name, int per_minor);

// The same message in the same bytes, for comparing.
std::string BytesOf(const google::protobuf::MessageLite& message);

// Totals without the moment that they are true for.
v1::GetTotalsResponse TotalsOf(Client client);

// What a test wants of the totals where there is one currency and one wallet.
int64_t GrossMinor(const v1::GetTotalsResponse& totals, absl::string_view currency);
v1::WalletTotals Points(const v1::GetTotalsResponse& totals);

// Expects that the books add up to nothing, that nothing is on its way from one member to
// another, and that the audit finds nothing, in the audit log either.
void ExpectSoundBooks(Client client);
// The same of the audit log.
void ExpectSoundAuditLog(Client client);
// What the pages of a check come to; `page` is the first request.
v1::VerifyAuditLogResponse VerifyAuditLogOf(Client client, v1::VerifyAuditLogRequest page);

// How many times to do something: as the environment says, or so many.
int CountFromEnvironment(const char* variable, int usual);

// Runs a program to its end. It is killed if that takes minutes.
struct Ended {
  int code = 0;
  std::string output;  // Of both outputs.
};
Ended RunToEnd(std::vector<std::string> argv, const std::string& output_path);

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_DANGOLD_H_
