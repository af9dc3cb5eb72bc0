#include "server/rpc/wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <openssl/sha.h>

#include <vector>

#include "server/common/limits.h"
#include "server/rpc/wire_check.h"

namespace dangol::rpc {
namespace {

std::string Flatten(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string flat;
  flat.reserve(bytes.Length());
  if (!bytes.Dump(&slices).ok()) return flat;
  for (const grpc::Slice& slice : slices)
    flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return flat;
}

}  // namespace

absl::Status Parse(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  if (bytes.Length() > limits::kMinCountedBytes) {
    const std::string flat = Flatten(bytes);
    if (absl::Status status = CheckCounts(*message.GetDescriptor(), flat); !status.ok()) {
      return status;
    }
    if (flat.size() > limits::kMaxParsedBytes) {
      return ExplainTooLarge(*message.GetDescriptor(), flat);
    }
  }
  grpc::ByteBuffer copy(bytes);  // The reader wants to own one; slices are shared.
  grpc::ProtoBufferReader reader(&copy);
  if (reader.status().ok() && message.ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  return ExplainUnparsable(*message.GetDescriptor(), Flatten(bytes));
}

std::string Serialize(const google::protobuf::Message& message) {
  std::string bytes;
  bytes.reserve(message.ByteSizeLong());
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes(&out);
  }
  return bytes;
}

grpc::ByteBuffer ToByteBuffer(absl::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

std::string WithReplayed(std::string reply, bool replayed) {
  constexpr char kField15True[] = {15 << 3, 1};
  if (replayed) reply.append(kField15True, sizeof(kField15True));
  return reply;
}

std::string Hash(absl::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace dangol::rpc
