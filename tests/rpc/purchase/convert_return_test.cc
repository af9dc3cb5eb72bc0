#include "server/rpc/purchase/convert_return.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/rpc/purchase/convert_purchase.h"

namespace dangol::rpc {
namespace {

using ::testing::UnorderedElementsAreArray;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

// A way to spoil a message, and the fields that the answer must name.
template <typename Message>
struct Case {
  std::string name;
  std::function<void(Message&)> spoil;
  std::vector<std::string> fields;
};

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations)
    fields.push_back(violation.field);
  return fields;
}

void ExpectRefused(const v1::Return& goods, const std::vector<std::string>& fields) {
  v1::RecordReturnRequest message;
  *message.mutable_return_() = goods;
  const absl::Status status = ToRequest(message).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(DetailsOf(status).reason, "INVALID_FIELDS");
  EXPECT_THAT(FieldsOf(status), UnorderedElementsAreArray(fields)) << status;
}

domain::RecordReturn ActionOf(const v1::Return& goods) {
  v1::RecordReturnRequest message;
  *message.mutable_return_() = goods;
  const absl::StatusOr<lane::Request> request = ToRequest(message);
  EXPECT_TRUE(request.ok()) << request.status();
  return std::get<domain::RecordReturn>(request->command.action);
}

v1::Return WithReceipt() {
  v1::Return goods;
  goods.set_return_id("return-1");
  goods.set_purchase_id("receipt-1");
  v1::ReturnLine& line = *goods.add_lines();
  line.set_line(2);
  line.set_quantity(3);
  return goods;
}

v1::Return WithoutReceipt() {
  v1::Return goods;
  goods.set_return_id("return-1");
  goods.mutable_member()->mutable_alias()->set_kind("card");
  goods.mutable_member()->mutable_alias()->set_value("4005");
  goods.set_currency("EUR");
  v1::ReturnLine& line = *goods.add_lines();
  line.set_sku("tea");
  line.set_quantity(1);
  line.set_amount_minor(250);
  return goods;
}

TEST(ConvertReturnTest, ReadsAReturnWithItsReceipt) {
  v1::Return goods = WithReceipt();
  goods.set_reason("too small");
  goods.mutable_occurred_at()->set_seconds(1'000);
  const domain::RecordReturn record = ActionOf(goods);
  EXPECT_EQ(record.return_id, "return-1");
  EXPECT_EQ(record.purchase_id, "receipt-1");
  EXPECT_EQ(record.member.purchase_id, "receipt-1");
  EXPECT_EQ(record.reason, "too small");
  EXPECT_EQ(record.occurred_at, absl::FromUnixSeconds(1'000));
  ASSERT_EQ(record.lines.size(), 1u);
  EXPECT_EQ(record.lines[0].line, 2);
  EXPECT_EQ(record.lines[0].quantity, 3);

  goods.clear_lines();
  goods.set_amount_minor(limits::kMaxAmountMinor);
  EXPECT_EQ(ActionOf(goods).amount_minor, limits::kMaxAmountMinor);
}

TEST(ConvertReturnTest, ReadsAReturnWithoutAReceipt) {
  const domain::RecordReturn record = ActionOf(WithoutReceipt());
  EXPECT_EQ(record.purchase_id, "");
  EXPECT_EQ(record.member.alias.value, "4005");
  EXPECT_EQ(record.member.purchase_id, "");
  EXPECT_EQ(record.currency, "EUR");
  EXPECT_FALSE(record.occurred_at.has_value());
  ASSERT_EQ(record.lines.size(), 1u);
  EXPECT_EQ(record.lines[0].sku, "tea");
  EXPECT_EQ(record.lines[0].amount_minor, 250);
}

TEST(ConvertReturnTest, IsKnownByItsIdAndContent) {
  v1::RecordReturnRequest message;
  *message.mutable_return_() = WithReceipt();
  const auto request = ToRequest(message);
  EXPECT_TRUE(request->key == (storage::RequestKey{storage::RequestScope::kReturn, "return-1"}));
  message.mutable_return_()->set_reason("another");
  EXPECT_NE(ToRequest(message)->request_hash, request->request_hash);
}

TEST(ConvertReturnTest, NamesWhatIsWrongWithAReceipt) {
  const Case<v1::Return> cases[] = {
      {"no id", [](auto& r) { r.clear_return_id(); }, {"return.return_id"}},
      {"bad purchase", [](auto& r) { r.set_purchase_id("a b"); }, {"return.purchase_id"}},
      {"a member", [](auto& r) { r.mutable_member(); }, {"return.member"}},
      {"a currency", [](auto& r) { r.set_currency("EUR"); }, {"return.currency"}},
      {"nothing", [](auto& r) { r.clear_lines(); }, {"return.lines"}},
      {"both", [](auto& r) { r.set_amount_minor(5); }, {"return.amount_minor"}},
      {"a negative amount",
       [](auto& r) {
         r.clear_lines();
         r.set_amount_minor(-1);
       },
       {"return.amount_minor"}},
      {"too large an amount",
       [](auto& r) {
         r.clear_lines();
         r.set_amount_minor(limits::kMaxAmountMinor + 1);
       },
       {"return.amount_minor"}},
      {"line", [](auto& r) { r.mutable_lines(0)->set_line(-1); }, {"return.lines[0].line"}},
      {"no quantity",
       [](auto& r) { r.mutable_lines(0)->set_quantity(0); },
       {"return.lines[0].quantity"}},
      {"too many",
       [](auto& r) { r.mutable_lines(0)->set_quantity(kMax); },
       {"return.lines[0].quantity"}},
      {"sku", [](auto& r) { r.mutable_lines(0)->set_sku("tea"); }, {"return.lines[0].sku"}},
      {"amount",
       [](auto& r) { r.mutable_lines(0)->set_amount_minor(1); },
       {"return.lines[0].amount_minor"}},
      {"reason", [](auto& r) { r.set_reason(std::string(65, 'x')); }, {"return.reason"}},
      {"time", [](auto& r) { r.mutable_occurred_at()->set_nanos(-1); }, {"return.occurred_at"}},
      {"lines",
       [](auto& r) {
         for (int i = 0; i < 2'000; ++i) *r.add_lines() = r.lines(0);
       },
       {"return.lines"}},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    v1::Return goods = WithReceipt();
    one.spoil(goods);
    ExpectRefused(goods, one.fields);
  }
}

TEST(ConvertReturnTest, NamesWhatIsWrongWithoutAReceipt) {
  const Case<v1::Return> cases[] = {
      {"everything",
       [](auto& r) { r.Clear(); },
       {"return.return_id", "return.member", "return.currency", "return.lines"}},
      {"member", [](auto& r) { r.clear_member(); }, {"return.member"}},
      {"currency", [](auto& r) { r.set_currency("eur"); }, {"return.currency"}},
      {"amount", [](auto& r) { r.set_amount_minor(250); }, {"return.amount_minor"}},
      {"line", [](auto& r) { r.mutable_lines(0)->set_line(1); }, {"return.lines[0].line"}},
      {"no sku", [](auto& r) { r.mutable_lines(0)->clear_sku(); }, {"return.lines[0].sku"}},
      {"long sku",
       [](auto& r) { r.mutable_lines(0)->set_sku(std::string(65, 'x')); },
       {"return.lines[0].sku"}},
      {"quantity",
       [](auto& r) { r.mutable_lines(0)->set_quantity(kMin); },
       {"return.lines[0].quantity"}},
      {"negative amount",
       [](auto& r) { r.mutable_lines(0)->set_amount_minor(kMin); },
       {"return.lines[0].amount_minor"}},
      {"large amount",
       [](auto& r) { r.mutable_lines(0)->set_amount_minor(limits::kMaxAmountMinor + 1); },
       {"return.lines[0].amount_minor"}},
      {"sum",
       [](auto& r) {
         r.mutable_lines(0)->set_amount_minor(limits::kMaxAmountMinor);
         *r.add_lines() = r.lines(0);
       },
       {"return.lines"}},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    v1::Return goods = WithoutReceipt();
    one.spoil(goods);
    ExpectRefused(goods, one.fields);
  }
}

TEST(ConvertReturnTest, AConfirmationNamesThePurchaseAndItsMember) {
  v1::ConfirmPurchaseRequest message;
  EXPECT_THAT(FieldsOf(ToRequest(message).status()),
              ::testing::ElementsAre("request_id", "purchase_id"));
  message.set_request_id("confirm-1");
  message.set_purchase_id("receipt-1");
  const auto request = ToRequest(message);
  ASSERT_TRUE(request.ok()) << request.status();
  const auto& confirm = std::get<domain::ConfirmPurchase>(request->command.action);
  EXPECT_EQ(confirm.purchase_id, "receipt-1");
  EXPECT_EQ(confirm.member.purchase_id, "receipt-1");
}

TEST(ConvertPurchaseTest, MayNameTheReservationThatPaid) {
  v1::RecordPurchaseRequest message;
  v1::Purchase& purchase = *message.mutable_purchase();
  purchase.set_purchase_id("receipt-1");
  *purchase.mutable_member() = WithoutReceipt().member();
  purchase.set_currency("EUR");
  purchase.add_lines()->set_quantity(1);
  purchase.set_reservation_id("order-1");
  const auto request = ToRequest(message);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(std::get<domain::RecordPurchase>(request->command.action).purchase.reservation_id,
            "order-1");
  purchase.set_reservation_id("order 1");
  EXPECT_THAT(FieldsOf(ToRequest(message).status()),
              ::testing::ElementsAre("purchase.reservation_id"));
}

TEST(ConvertPurchaseTest, TellsWhatHasComeBack) {
  domain::Purchase purchase;
  purchase.reservation_id = "order-1";
  purchase.returned_minor = 70;
  purchase.lines.resize(1);
  purchase.lines[0].returned_quantity = 2;
  purchase.lines[0].returned_minor = 70;
  purchase.lines[0].earned = {{"points", 9, 8}};
  purchase.earned = {{"points", 19, 18, 7, 6, 5, 4}};
  v1::RecordedPurchase out;
  ToProto(purchase, out);
  EXPECT_EQ(out.reservation_id(), "order-1");
  EXPECT_EQ(out.returned_minor(), 70);
  EXPECT_EQ(out.lines(0).returned_quantity(), 2);
  EXPECT_EQ(out.lines(0).returned_minor(), 70);
  EXPECT_EQ(out.lines(0).points(0).points(), 9);
  EXPECT_EQ(out.lines(0).points(0).qualifying_points(), 8);
  EXPECT_EQ(out.earned(0).points(), 19);
  EXPECT_EQ(out.earned(0).qualifying_points(), 18);
  EXPECT_EQ(out.earned(0).standing_points(), 7);
  EXPECT_EQ(out.earned(0).standing_qualifying_points(), 6);
  EXPECT_EQ(out.earned(0).expired(), 5);
  EXPECT_EQ(out.earned(0).written_off(), 4);
}

}  // namespace
}  // namespace dangol::rpc
