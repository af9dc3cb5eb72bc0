#include "tests/e2e/calls.h"

#include <gmock/gmock.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "dangol/error.h"

namespace dangol::e2e {
namespace {

constexpr std::chrono::minutes kPatience(2);

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
            absl::string_view request, const std::string& token) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
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
            const google::protobuf::MessageLite& request, const std::string& token) {
  return Call(channel, method, absl::string_view(request.SerializePartialAsString()), token);
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
  for (const absl::string_view engine : {"sqlite", "mysql"}) {
    EXPECT_FALSE(absl::StrContains(status.message(), engine)) << status;
  }
}

HealthWatch::HealthWatch(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {
  context_.set_wait_for_ready(true);
  context_.set_deadline(std::chrono::system_clock::now() + kPatience);
  call_ =
      grpc::GenericStub(channel_).PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
  call_->StartCall(nullptr);
  if (!Wait()) return;
  call_->WriteLast(grpc::ByteBuffer(nullptr, 0), grpc::WriteOptions(), nullptr);
  Wait();
}

HealthWatch::~HealthWatch() {
  if (call_ == nullptr) return;
  context_.TryCancel();
  Finish().IgnoreError();
}

absl::Status HealthWatch::AwaitEnd() {
  grpc::ByteBuffer answer;
  do {
    call_->Read(&answer, nullptr);
  } while (Wait());
  return Finish();
}

absl::Status HealthWatch::Finish() {
  grpc::Status status;
  call_->Finish(&status, nullptr);
  Wait();
  call_ = nullptr;
  return ToStatus(status);
}

bool HealthWatch::Await(bool serving) {
  while (last_ != serving) {
    grpc::ByteBuffer answer;
    call_->Read(&answer, nullptr);
    if (!Wait()) return false;
    // A HealthCheckResponse whose status, field 1, is SERVING, 1.
    last_ = Flatten(answer) == "\x08\x01";
  }
  return true;
}

bool HealthWatch::Wait() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

}  // namespace dangol::e2e
