#include "dangol/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "dangol/internal/grpc_status.h"

namespace dangol {
namespace {

using testing::Optional;
using testing::SizeIs;

google::rpc::Status ServerError() {
  google::rpc::ErrorInfo info;
  info.set_reason("CURRENCY_NOT_DECLARED");
  info.set_domain("dangol");
  (*info.mutable_metadata())["currency"] = "XXX";
  google::rpc::BadRequest bad_request;
  auto* first = bad_request.add_field_violations();
  first->set_field("purchase.currency");
  first->set_description("is not declared");
  bad_request.add_field_violations()->set_field("purchase.lines[1].quantity");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  retry.mutable_retry_delay()->set_nanos(500'000'000);

  google::rpc::Status error;
  error.set_code(3);
  error.set_message("the purchase is not valid");
  error.add_details()->PackFrom(info);
  error.add_details()->PackFrom(bad_request);
  error.add_details()->PackFrom(retry);
  return error;
}

void ExpectAllDetails(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "the purchase is not valid");
  EXPECT_EQ(ErrorReason(status), "CURRENCY_NOT_DECLARED");
  ASSERT_TRUE(GetErrorInfo(status).has_value());
  EXPECT_EQ(GetErrorInfo(status)->metadata().at("currency"), "XXX");
  ASSERT_THAT(FieldViolations(status), SizeIs(2));
  EXPECT_EQ(FieldViolations(status)[0].field(), "purchase.currency");
  EXPECT_EQ(FieldViolations(status)[0].description(), "is not declared");
  EXPECT_EQ(FieldViolations(status)[1].field(), "purchase.lines[1].quantity");
  EXPECT_THAT(RetryDelay(status), Optional(absl::Milliseconds(1500)));
}

TEST(Error, OfABatchKeepsAllDetails) { ExpectAllDetails(ToStatus(ServerError())); }

TEST(Error, OfACallKeepsAllDetails) {
  ExpectAllDetails(internal::ToStatus(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                                   "the purchase is not valid",
                                                   ServerError().SerializeAsString())));
}

TEST(Error, OfACallTrustsGrpcWhereTheDetailsContradict) {
  const absl::Status status = internal::ToStatus(
      grpc::Status(grpc::StatusCode::NOT_FOUND, "nobody", ServerError().SerializeAsString()));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "nobody");
}

TEST(Error, SurvivesDetailsThatAreGarbage) {
  const absl::Status status =
      internal::ToStatus(grpc::Status(grpc::StatusCode::NOT_FOUND, "nobody", "\xff\xff garbage"));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "nobody");
  EXPECT_EQ(ErrorReason(status), "");
}

TEST(Error, WithoutDetailsHasNone) {
  const absl::Status status = absl::NotFoundError("nobody");
  EXPECT_EQ(ErrorReason(status), "");
  EXPECT_FALSE(GetErrorInfo(status).has_value());
  EXPECT_THAT(FieldViolations(status), SizeIs(0));
  EXPECT_FALSE(RetryDelay(status).has_value());
  EXPECT_TRUE(internal::ToStatus(grpc::Status::OK).ok());
}

TEST(Error, IsTransientWhenWaitingHelps) {
  EXPECT_TRUE(IsTransient(absl::UnavailableError("")));
  EXPECT_FALSE(IsTransient(absl::ResourceExhaustedError("")));
  google::rpc::Status busy = ServerError();
  busy.set_code(8);
  EXPECT_TRUE(IsTransient(ToStatus(busy)));
  EXPECT_FALSE(IsTransient(ToStatus(ServerError())));
  EXPECT_FALSE(IsTransient(absl::OkStatus()));
}

TEST(Error, MakeErrorIsLikeTheServers) {
  const absl::Status status = MakeError(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND", "nobody");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ErrorReason(status), "MEMBER_NOT_FOUND");
  EXPECT_EQ(GetErrorInfo(status)->domain(), "dangol");
}

TEST(Error, TellsWhetherMoneyDiffersWhereAnIdWasReused) {
  const auto reused = [](const std::map<std::string, std::string>& metadata) {
    return MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED", "", metadata);
  };
  EXPECT_EQ(MoneyDiffers(reused({{"money_differs", "true"}})), true);
  EXPECT_EQ(MoneyDiffers(reused({{"money_differs", "false"}})), false);
  EXPECT_EQ(MoneyDiffers(reused({})), std::nullopt);
  EXPECT_EQ(MoneyDiffers(MakeError(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND", "",
                                   {{"money_differs", "false"}})),
            std::nullopt);
}

}  // namespace
}  // namespace dangol
