// Messages that are too large, or no messages at all.

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

// What clients accept of a trailer by default.
constexpr size_t kTrailerBytesMax = 8 << 10;

class BadMessagesTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
    channel_ = MakeChannel();
  }

  void TearDown() override {
    if (HasFatalFailure()) return;
    EXPECT_TRUE(process().IsRunning());
    EXPECT_EQ(TotalsOf(MakeClient()).purchases(), 0) << "something was stored";
    const auto served = MakeClient().RecordPurchase(SmallPurchase("afterwards", 100));
    EXPECT_TRUE(served.ok()) << served.status();
  }

  static v1::RecordPurchaseRequest WithLines(int count, int64_t quantity) {
    v1::RecordPurchaseRequest request;
    v1::Purchase& purchase = *request.mutable_purchase();
    purchase = SmallPurchase("receipt-1", 1);
    purchase.mutable_lines(0)->set_quantity(quantity);
    const v1::PurchaseLine line = purchase.lines(0);
    while (purchase.lines_size() < count) *purchase.add_lines() = line;
    return request;
  }

  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(BadMessagesTest, TooManyLines) {
  for (const int count : {2'001, 100'000, 1'000'000}) {
    SCOPED_TRACE(count);
    const Answer answer = Call(channel_, kRecordPurchase, WithLines(count, 1));
    ExpectRefused(answer.status, absl::StatusCode::kInvalidArgument, {"purchase.lines"});
    EXPECT_THAT(std::string(answer.status.message()), ::testing::HasSubstr("at most 2000"));
  }
}

TEST_F(BadMessagesTest, TwoThousandWrongLinesFitIntoTheTrailer) {
  const Answer answer = Call(channel_, kRecordPurchase, WithLines(2'000, -1));
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument) << answer.status;
  EXPECT_LT(answer.trailer_bytes, kTrailerBytesMax);
  const auto violations = FieldViolations(answer.status);
  ASSERT_GE(violations.size(), 2u);
  EXPECT_EQ(violations[0].field(), "purchase.lines[0].quantity");
  EXPECT_EQ(violations[1].field(), "purchase.lines[1].quantity");
}

TEST_F(BadMessagesTest, LongestTextsInEveryFieldFitIntoTheTrailer) {
  v1::RecordPurchaseRequest request = WithLines(2'000, -1);
  v1::Purchase& purchase = *request.mutable_purchase();
  purchase.set_purchase_id(std::string(100'000, 'x'));
  purchase.set_currency(std::string(100'000, 'X'));
  purchase.set_channel(std::string(100'000, 'x'));
  *purchase.mutable_member() = MemberByAlias(std::string(100'000, 'X'), std::string(100'000, 'x'));
  const Answer answer = Call(channel_, kRecordPurchase, request);
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument) << answer.status;
  EXPECT_LT(answer.trailer_bytes, kTrailerBytesMax);
}

TEST_F(BadMessagesTest, Garbage) {
  v1::RecordPurchaseRequest good = WithLines(1, 1);
  const std::string bytes = good.SerializeAsString();
  const std::vector<std::string> garbage = {
      "garbage",
      std::string(1'000, '\xff'),
      std::string(1'000, '\0'),
      bytes.substr(0, bytes.size() - 1),           // Cut short.
      std::string("\x0a\xff\xff\xff\xff\x0f", 6),  // A length of 4 GB.
      std::string("\x0b", 1),                      // A group that has no end.
      std::string(100'000, '\x0b'),                // Many of those.
  };
  for (const std::string& one : garbage) {
    SCOPED_TRACE(absl::StrCat(one.size(), " bytes"));
    ExpectRefused(Call(channel_, kRecordPurchase, one).status, absl::StatusCode::kInvalidArgument,
                  {});
  }
}

TEST_F(BadMessagesTest, DeeplyNestedGarbage) {
  // Groups of an unknown field, one within the other.
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested.append("\xa3\x06", 2);
  const Answer answer = Call(channel_, kRecordPurchase, absl::string_view(nested));
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument) << answer.status;
}

TEST_F(BadMessagesTest, OneFieldThatFillsTheMessage) {
  v1::RecordPurchaseRequest request = WithLines(1, 1);
  request.mutable_purchase()->mutable_lines(0)->set_sku(std::string(20 << 20, 'x'));
  const Answer answer = Call(channel_, kRecordPurchase, request);
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument) << answer.status;
  EXPECT_FALSE(FieldViolations(answer.status).empty()) << answer.status;
}

TEST_F(BadMessagesTest, UnknownFieldsOfNewerClientsAreAccepted) {
  v1::PreviewPurchaseRequest request;
  *request.mutable_purchase() = SmallPurchase("", 1'000);
  const std::string bytes = absl::StrCat(request.SerializeAsString(), "\xfa\x3f\x03new");
  const Answer answer = Call(channel_, "/dangol.v1.PurchaseService/PreviewPurchase", bytes);
  EXPECT_TRUE(answer.status.ok()) << answer.status;
}

TEST_F(BadMessagesTest, MistakesOfAProgramFitIntoTheTrailer) {
  const std::string method = "/dangol.v1.ProgramService/ActivateProgram";
  std::string many = "name: \"x\" time_zone: \"UTC\"\n";
  for (int i = 0; i < 500; ++i) absl::StrAppend(&many, "wallets { id: \"NOT A NAME\" }\n");
  for (const std::string& text :
       {std::string("nonsense"), std::string(100'000, 'x'), std::string(100'000, '{'),
        absl::StrCat("name: \"", std::string(100'000, 'x'), "\""),
        absl::StrCat("time_zone: \"", std::string(100'000, 'x'), "\""), many,
        absl::StrCat("wallets { ", std::string(500'000, 'y'), ": 1 }")}) {
    SCOPED_TRACE(text.substr(0, 40));
    v1::ActivateProgramRequest request;
    request.set_request_id("activate-1");
    request.set_program_text(text);
    const Answer answer = Call(channel_, method, request);
    EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument)
        << std::string(answer.status.message()).substr(0, 200);
    EXPECT_EQ(ErrorReason(answer.status), "PROGRAM_INVALID");
    EXPECT_LT(answer.trailer_bytes, kTrailerBytesMax);
  }
}

TEST_F(BadMessagesTest, UnknownMethod) {
  const Answer answer = Call(channel_, "/dangol.v1.PurchaseService/Nonsense", "");
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kUnimplemented) << answer.status;
}

}  // namespace
}  // namespace dangol::e2e
