#include "tests/e2e/calls.h"

#include <gmock/gmock.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "dangol/error.h"

namespace dangol::e2e {
namespace {

absl::Status ToStatus(const grpc::Status& status) {
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details()) && details.code() != 0) {
    EXPECT_EQ(details.code(), status.error_code());
    EXPECT_EQ(details.message(), status.error_message());
    return dangol::ToStatus(details);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

size_t SizeOf(const grpc::ClientContext& context, const grpc::Status& status) {
  // The message travels percent-encoded, binary values in base64; HPACK counts
  // 32 bytes more for each entry.
  size_t size = 2 * 32 + 3 * status.error_message().size();
  for (const auto& [key, value] : context.GetServerTrailingMetadata())
    size += 32 + key.size() + (value.size() + 2) / 3 * 4;
  return size;
}

std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string flat;
  if (!buffer.Dump(&slices).ok()) return flat;
  for (const grpc::Slice& slice : slices)
    flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return flat;
}

}  // namespace

Answer Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
            absl::string_view request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  const grpc::Slice slice(request.data(), request.size());
  const grpc::ByteBuffer out(&slice, 1);
  grpc::ByteBuffer in;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, method, grpc::StubOptions(), &out, &in, [&](grpc::Status ended) {
    status = std::move(ended);
    done.Notify();
  });
  done.WaitForNotification();
  return {ToStatus(status), status.ok() ? Flatten(in) : "", SizeOf(context, status)};
}

Answer Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
            const google::protobuf::MessageLite& request) {
  return Call(channel, method, absl::string_view(request.SerializePartialAsString()));
}

void ExpectRefused(const absl::Status& status, absl::StatusCode code,
                   const std::vector<std::string>& fields, absl::string_view reason) {
  EXPECT_EQ(status.code(), code) << status;
  const auto info = GetErrorInfo(status);
  ASSERT_TRUE(info.has_value()) << "no ErrorInfo: " << status;
  EXPECT_EQ(info->domain(), "dangol") << status;
  EXPECT_NE(info->reason(), "") << status;
  if (!reason.empty()) {
    EXPECT_EQ(info->reason(), std::string(reason)) << status;
  }
  std::vector<std::string> named;
  for (const auto& violation : FieldViolations(status)) {
    named.push_back(violation.field());
    EXPECT_NE(violation.description(), "") << violation.field();
  }
  EXPECT_THAT(named, ::testing::UnorderedElementsAreArray(fields)) << status;
  EXPECT_FALSE(status.message().empty());
  EXPECT_FALSE(absl::StrContains(status.message(), "sqlite")) << status;
}

}  // namespace dangol::e2e
