#include "server/rpc/wire_check.h"

#include <gtest/gtest.h>

#include <random>

#include "dangol/v1/purchase_service.pb.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

std::string FieldOf(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  return details.violations.empty() ? details.reason : details.violations[0].field;
}

absl::Status ParseBytes(const std::string& bytes, google::protobuf::Message& message) {
  return Parse(ToByteBuffer(bytes), message);
}

TEST(WireCheckTest, NamesTheTextThatIsNotUtf8) {
  v1::BatchRecordPurchasesRequest message;
  message.add_purchases()->set_purchase_id("a");
  message.add_purchases();
  for (int i = 0; i < 3; ++i) message.mutable_purchases(1)->add_lines()->set_sku("tea");
  message.mutable_purchases(1)->mutable_lines(2)->set_sku("\xff");
  v1::BatchRecordPurchasesRequest parsed;
  EXPECT_EQ(FieldOf(ParseBytes(message.SerializeAsString(), parsed)), "purchases[1].lines[2].sku");
}

TEST(WireCheckTest, GarbageIsMalformed) {
  v1::RecordPurchaseRequest message;
  for (const char* bytes : {"\x0a",
                            "\x0a\x05"
                            "ab",
                            "\xff\xff\xff", "\x0a\x02\x0a\x7f"}) {
    EXPECT_EQ(FieldOf(ParseBytes(bytes, message)), "MALFORMED_MESSAGE");
  }
}

TEST(WireCheckTest, ManyItemsAreCountedBeforeTheyAreParsed) {
  v1::BatchRecordPurchasesRequest batch;
  std::string bytes;
  for (int i = 0; i < 1'000'000; ++i) bytes.append("\x0a\x00", 2);
  EXPECT_EQ(FieldOf(ParseBytes(bytes, batch)), "purchases");
  EXPECT_EQ(batch.purchases_size(), 0);

  v1::RecordPurchaseRequest record;
  for (int i = 0; i < 1'000'000; ++i) {
    v1::PurchaseLine& line = *record.mutable_purchase()->add_lines();
    line.set_sku("some article");
    line.set_quantity(1);
  }
  v1::RecordPurchaseRequest parsed;
  const absl::Status status = ParseBytes(record.SerializeAsString(), parsed);
  EXPECT_EQ(FieldOf(status), "purchase.lines");
  EXPECT_NE(status.message().find("2000"), absl::string_view::npos);
}

TEST(WireCheckTest, LinesOfAReturnAreCounted) {
  v1::RecordReturnRequest record;
  for (int i = 0; i < 100'000; ++i) record.mutable_return_()->add_lines()->set_quantity(1);
  v1::RecordReturnRequest parsed;
  EXPECT_EQ(FieldOf(ParseBytes(record.SerializeAsString(), parsed)), "return.lines");
  EXPECT_FALSE(parsed.has_return_());
}

TEST(WireCheckTest, LinesAreCountedPurchaseByPurchase) {
  v1::BatchRecordPurchasesRequest batch;
  for (int i = 0; i < 1'000; ++i) {
    v1::Purchase& purchase = *batch.add_purchases();
    for (int j = 0; j < 40; ++j) purchase.add_lines()->set_quantity(1);
  }
  v1::BatchRecordPurchasesRequest parsed;
  EXPECT_TRUE(ParseBytes(batch.SerializeAsString(), parsed).ok());
}

TEST(WireCheckTest, AMessageThatIsTooLargeSaysWhatIs) {
  v1::RecordPurchaseRequest record;
  record.mutable_purchase()->set_channel(std::string(limits::kMaxParsedBytes, 'x'));
  v1::RecordPurchaseRequest parsed;
  EXPECT_EQ(FieldOf(ParseBytes(record.SerializeAsString(), parsed)), "purchase.channel");

  v1::BatchRecordPurchasesRequest batch;
  for (int i = 0; i < 900; ++i) {
    v1::Purchase& purchase = *batch.add_purchases();
    for (int j = 0; j < 200; ++j)
      purchase.add_lines()->set_sku("an article with a name of 36 letters");
  }
  v1::BatchRecordPurchasesRequest parsed_batch;
  const absl::Status status = ParseBytes(batch.SerializeAsString(), parsed_batch);
  EXPECT_EQ(DetailsOf(status).reason, "MESSAGE_TOO_LARGE");
  EXPECT_EQ(FieldOf(status), "purchases");
}

TEST(WireCheckTest, RandomBytesAreNoTrouble) {
  std::mt19937_64 random(1);
  v1::RecordPurchaseRequest valid;
  valid.mutable_purchase()->set_purchase_id("p-1");
  valid.mutable_purchase()->add_lines()->set_sku("tea");
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = valid.SerializeAsString();
    for (int flips = 0; flips < 3; ++flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    v1::RecordPurchaseRequest parsed;
    const absl::Status status = ParseBytes(bytes, parsed);
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status));
    (void)CheckCounts(*parsed.GetDescriptor(), bytes);
    (void)ExplainTooLarge(*parsed.GetDescriptor(), bytes);
  }
}

TEST(WireTest, AReplyCanBeMarkedAsReplayed) {
  v1::RecordPurchaseResponse response;
  response.mutable_outcome()->set_purchase_id("p-1");
  v1::RecordPurchaseResponse parsed;
  ASSERT_TRUE(parsed.ParseFromString(WithReplayed(Serialize(response), true)));
  EXPECT_TRUE(parsed.replayed());
  EXPECT_EQ(parsed.outcome().purchase_id(), "p-1");
  EXPECT_EQ(WithReplayed(Serialize(response), false), Serialize(response));
}

}  // namespace
}  // namespace dangol::rpc
