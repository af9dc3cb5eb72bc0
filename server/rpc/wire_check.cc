#include "server/rpc/wire_check.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <functional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kMaxDepth = 16;

// Called with every known length-delimited field; returns false to stop.
using Visitor = std::function<bool(const FieldDescriptor& field, const std::string& path,
                                   absl::string_view bytes)>;

class Walker {
 public:
  // Items of repeated fields are named with their index if `indexed`.
  Walker(bool indexed, Visitor visitor) : indexed_(indexed), visitor_(std::move(visitor)) {}

  // Visits the fields of a message and of those within it. False if the visitor
  // stopped it; a malformed rest is passed over.
  bool Walk(const Descriptor& type, absl::string_view bytes, const std::string& prefix,
            int depth = 0) {
    CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                        static_cast<int>(bytes.size()));
    absl::flat_hash_map<int, int> counts;
    while (const uint32_t tag = in.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (field == nullptr ||
          WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        if (!WireFormatLite::SkipField(&in, tag)) return true;
        continue;
      }
      uint32_t length = 0;
      if (!in.ReadVarint32(&length)) return true;
      const int begin = in.CurrentPosition();
      if (length > bytes.size() - static_cast<size_t>(begin) || !in.Skip(static_cast<int>(length)))
        return true;
      std::string path = absl::StrCat(prefix, field->name());
      if (field->is_repeated() && indexed_)
        absl::StrAppend(&path, "[", counts[field->number()]++, "]");
      const absl::string_view value = bytes.substr(static_cast<size_t>(begin), length);
      if (!visitor_(*field, path, value)) return false;
      if (field->message_type() != nullptr && depth < kMaxDepth &&
          !Walk(*field->message_type(), value, absl::StrCat(path, "."), depth + 1)) {
        return false;
      }
    }
    return true;
  }

 private:
  const bool indexed_;
  const Visitor visitor_;
};

// How many items a field may hold; 0 where only the message's size limits it.
size_t MostItems(const std::string& path) {
  if (path == "lines" || path == "purchase.lines" || path == "purchases.lines")
    return limits::kMaxLinesPerPurchase;
  if (path == "purchases") return limits::kMaxPurchasesPerBatch;
  if (path == "aliases") return limits::kMaxAliasesPerMember;
  if (path == "attributes") return limits::kMaxAttributesPerMember;
  return 0;
}

struct Size {
  size_t items = 0;
  size_t bytes = 0;
  bool is_leaf = true;
  bool is_repeated = false;
};

std::string Describe(const std::string& path, const Size& size) {
  const size_t most = MostItems(path);
  if (most > 0 && size.items > most) {
    return absl::StrCat("has ", size.items, " items; at most ", most, " are allowed");
  }
  return absl::StrCat("has ", size.bytes, " bytes, too many for a message, which may have ",
                      limits::kMaxParsedBytes);
}

}  // namespace

absl::Status ExplainUnparsable(const Descriptor& type, absl::string_view bytes) {
  std::string field_path;
  Walker walker(/*indexed=*/true, [&](const FieldDescriptor& field, const std::string& path,
                                      absl::string_view value) {
    if (field.type() != FieldDescriptor::TYPE_STRING ||
        google::protobuf::internal::IsStructurallyValidUTF8(value.data(),
                                                            static_cast<int>(value.size()))) {
      return true;
    }
    field_path = path;
    return false;
  });
  if (!walker.Walk(type, bytes, ""))
    return InvalidField("INVALID_FIELDS", field_path, "is not valid UTF-8");
  ErrorDetails details;
  details.reason = "MALFORMED_MESSAGE";
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("the request is not a ", type.full_name(), " message"), details);
}

absl::Status ExplainTooLarge(const Descriptor& type, absl::string_view bytes) {
  absl::flat_hash_map<std::string, Size> sizes;
  Walker walker(/*indexed=*/false, [&](const FieldDescriptor& field, const std::string& path,
                                       absl::string_view value) {
    Size& size = sizes[path];
    ++size.items;
    size.bytes += value.size();
    size.is_leaf = field.message_type() == nullptr;
    size.is_repeated = field.is_repeated();
    return true;
  });
  walker.Walk(type, bytes, "");
  // A list with too many items explains more than the bytes of what is in it.
  const auto weight = [](const auto& item) {
    const size_t most = MostItems(item.first);
    const bool too_many = most > 0 && item.second.items > most;
    return std::make_pair(too_many,
                          item.second.is_leaf || item.second.is_repeated ? item.second.bytes : 0);
  };
  const auto worst =
      std::max_element(sizes.begin(), sizes.end(),
                       [&](const auto& a, const auto& b) { return weight(a) < weight(b); });
  if (worst == sizes.end()) return ExplainUnparsable(type, bytes);
  return InvalidField("INVALID_FIELDS", worst->first, Describe(worst->first, worst->second));
}

}  // namespace dangol::rpc
