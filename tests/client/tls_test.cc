// What the SDK says to files that are wrong, and that it never falls back to plain text.

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "dangol/client.h"
#include "dangol/v1/insight_service.grpc.pb.h"
#include "tests/support/certificates.h"
#include "tests/support/temporary_directory.h"

namespace dangol {
namespace {

using ::testing::HasSubstr;

// Serves in plain text, and remembers whether anybody called.
class PlainInsight : public v1::InsightService::Service {
 public:
  grpc::Status GetTotals(grpc::ServerContext*, const v1::GetTotalsRequest*,
                         v1::GetTotalsResponse*) override {
    was_called = true;
    return grpc::Status::OK;
  }
  std::atomic<bool> was_called = false;
};

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&insight_);
    server_ = builder.BuildAndStart();
    options_.endpoint = absl::StrCat("127.0.0.1:", port);
    options_.max_attempts = 1;
    options_.tls.emplace();
    options_.tls->ca_file = Write("ca.pem", authority_.certificate());
  }
  ~TlsTest() override { server_->Shutdown(); }

  std::string Write(const std::string& name, const std::string& text) {
    testing::ReplaceFile(directory_.File(name), text);
    return directory_.File(name);
  }

  absl::Status Ask() { return Client(MakeConnection(options_)).GetTotals().status(); }

  void ExpectBadFile(const std::string& field, const std::string& path, const std::string& what) {
    const absl::Status status = Ask();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(status.message(), HasSubstr(absl::StrCat(field, " ", path, ": ")));
    EXPECT_THAT(status.message(), HasSubstr(what));
    EXPECT_FALSE(insight_.was_called);
  }

  const testing::Authority authority_{"authority"};
  testing::TemporaryDirectory directory_;
  PlainInsight insight_;
  std::unique_ptr<grpc::Server> server_;
  Options options_;
};

TEST_F(TlsTest, EveryCallTellsWhichFileIsWrong) {
  const std::string missing = directory_.File("missing");
  options_.tls->ca_file = missing;
  ExpectBadFile("ca_file", missing, "No such file");
  options_.tls->ca_file = Write("text", "hello");
  ExpectBadFile("ca_file", options_.tls->ca_file, "BEGIN CERTIFICATE");
  options_.tls->ca_file.clear();
  const testing::Identity identity = authority_.Issue({.common_name = "till-7"});
  options_.tls->cert_file = Write("till.pem", identity.certificate);
  options_.tls->key_file = missing;
  ExpectBadFile("key_file", missing, "No such file");
  options_.tls->key_file = options_.tls->cert_file;
  ExpectBadFile("key_file", options_.tls->key_file, "PRIVATE KEY");
  options_.tls->key_file.clear();
  EXPECT_TRUE(absl::IsInvalidArgument(Ask())) << Ask();
}

TEST_F(TlsTest, NeverFallsBackToPlainText) {
  EXPECT_TRUE(absl::IsUnavailable(Ask())) << Ask();
  const testing::Identity one = authority_.Issue({.common_name = "till-7"});
  const testing::Identity other = authority_.Issue({.common_name = "till-8"});
  options_.tls->cert_file = Write("till.pem", one.certificate);
  options_.tls->key_file = Write("till.key", other.key);
  options_.deadline = absl::Seconds(5);
  EXPECT_FALSE(Ask().ok()) << "with a key of another certificate";
  options_.tls->key_file =
      Write("broken.key", "-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n");
  EXPECT_FALSE(Ask().ok()) << "with a key that cannot be read";
  EXPECT_FALSE(insight_.was_called);
  options_.tls.reset();
  EXPECT_TRUE(Ask().ok()) << "the server is there";
}

}  // namespace
}  // namespace dangol
