// Whoever acts with a client certificate is known by its name from then on.

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/tls.h"

namespace dangol::e2e {
namespace {

using ::testing::Contains;
using ::testing::Each;
using testing::Subject;

class TlsPrincipalTest : public TlsTest {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(Start(MutualTlsFlags())); }

  Client ClientOf(const Subject& subject) {
    return Client(MakeConnection(Showing(authority_.Issue(subject))));
  }
  Client ClientOf(const std::string& common_name) {
    Subject subject;
    subject.common_name = common_name;
    return ClientOf(subject);
  }
};

// Who made the entries about a purchase.
std::vector<std::string> PrincipalsOf(Client client, const std::string& purchase_id) {
  std::vector<std::string> principals;
  for (const auto& entry : client.ListLedgerEntries(Card("4005"))) {
    EXPECT_TRUE(entry.ok()) << entry.status();
    if (!entry.ok()) break;
    if (entry->purchase_id() == purchase_id) principals.push_back(entry->principal());
  }
  return principals;
}

v1::Purchase Coffee(const std::string& id) {
  return PurchaseBuilder(id, Card("4005")).Currency("KRW").Goods("americano", 1, 9'000).Build();
}

TEST_F(TlsPrincipalTest, TheFirstUriElseTheFirstDnsNameElseTheCommonName) {
  Subject subject;
  subject.common_name = "till-7";
  Client by_common_name = ClientOf(subject);
  EnrollCard(by_common_name, "4005");
  ASSERT_TRUE(by_common_name.RecordPurchase(Coffee("common-name")).ok());
  subject.names = {"DNS:till-7.shop.example", "DNS:other.example"};
  ASSERT_TRUE(ClientOf(subject).RecordPurchase(Coffee("dns")).ok());
  subject.names.insert(subject.names.begin() + 1, {"URI:shop://till/7", "URI:shop://till/8"});
  ASSERT_TRUE(ClientOf(subject).RecordPurchase(Coffee("uri")).ok());

  EXPECT_THAT(PrincipalsOf(by_common_name, "common-name"), Contains("till-7"));
  EXPECT_THAT(PrincipalsOf(by_common_name, "common-name"), Each("till-7"));
  EXPECT_THAT(PrincipalsOf(by_common_name, "dns"), Contains("till-7.shop.example"));
  EXPECT_THAT(PrincipalsOf(by_common_name, "uri"), Contains("shop://till/7"));
  ExpectSoundBooks(by_common_name);
}

TEST_F(TlsPrincipalTest, InBatchesAndOnStreamsToo) {
  Client client = ClientOf("점원 7");
  EnrollCard(client, "4005");
  const auto batch = client.BatchRecordPurchases({Coffee("batch-1"), Coffee("batch-2")});
  ASSERT_TRUE(batch.ok()) << batch.status();
  const std::unique_ptr<PurchaseStream> stream = client.StreamPurchases();
  EXPECT_TRUE(stream->Write(Coffee("stream-1")));
  stream->WritesDone();
  while (stream->Read().has_value()) {
  }
  ASSERT_TRUE(stream->Finish().ok());
  for (const std::string id : {"batch-1", "batch-2", "stream-1"}) {
    EXPECT_THAT(PrincipalsOf(client, id), Contains("점원 7")) << id;
    EXPECT_THAT(PrincipalsOf(client, id), Each("점원 7")) << id;
  }
}

// Who sends a request again gets the reply that is stored; the books keep who was first.
TEST_F(TlsPrincipalTest, ARepeatedRequestMayComeFromSomebodyElse) {
  Client first = ClientOf("first");
  EnrollCard(first, "4005");
  ASSERT_TRUE(first.RecordPurchase(Coffee("receipt")).ok());
  const auto repeated = ClientOf("second").RecordPurchase(Coffee("receipt"));
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_TRUE(repeated->replayed());
  EXPECT_THAT(PrincipalsOf(first, "receipt"), Each("first"));
}

TEST_F(TlsPrincipalTest, NobodyActsUnderANameThatIsNone) {
  std::vector<Client> nobodies = {ClientOf("system"), ClientOf("anonymous"), ClientOf("")};
  Subject subject;
  subject.common_name = "till-7";
  subject.names = {absl::StrCat("URI:shop://", std::string(128, 'x'))};
  nobodies.push_back(ClientOf(subject));
  for (Client& client : nobodies) {
    v1::EnrollMemberRequest request;
    request.set_request_id("enroll");
    const absl::Status refused = client.EnrollMember(request).status();
    EXPECT_TRUE(absl::IsUnauthenticated(refused)) << refused;
    EXPECT_EQ(ErrorReason(refused), "NO_PRINCIPAL");
    EXPECT_TRUE(absl::IsUnauthenticated(client.BatchRecordPurchases({Coffee("x")}).status()));
    EXPECT_TRUE(absl::IsUnauthenticated(client.GetTotals().status())) << "not even a read";
  }
  EXPECT_EQ(ClientOf("till-7").GetTotals()->members(), 0);
}

}  // namespace
}  // namespace dangol::e2e
