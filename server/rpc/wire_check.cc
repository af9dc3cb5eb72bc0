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

// A length-delimited field within a message.
struct Found {
  const FieldDescriptor& field;
  const std::string& path;  // Such as "purchases[3].lines[2000]".
  int index;                // Within its list; 0 for a field that is no list.
  absl::string_view bytes;
};

// Called with every field that is known; returns false to stop.
using Visitor = std::function<bool(const Found& found)>;

// Visits the fields of a message and of those within it. False if the visitor
// stopped it; a malformed rest is passed over.
bool Walk(const Descriptor& type, absl::string_view bytes, const std::string& prefix,
          const Visitor& visitor, int depth = 0) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  absl::flat_hash_map<int, int> counts;
  while (const uint32_t tag = in.ReadTag()) {
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool is_delimited =
        WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (field == nullptr || !is_delimited) {
      if (!WireFormatLite::SkipField(&in, tag)) return true;
      continue;
    }
    uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return true;
    const auto begin = static_cast<size_t>(in.CurrentPosition());
    if (length > bytes.size() - begin || !in.Skip(static_cast<int>(length))) return true;
    const int index = field->is_repeated() ? counts[field->number()]++ : 0;
    const std::string path = field->is_repeated()
                                 ? absl::StrCat(prefix, field->name(), "[", index, "]")
                                 : absl::StrCat(prefix, field->name());
    const absl::string_view value = bytes.substr(begin, length);
    if (!visitor({*field, path, index, value})) return false;
    if (field->message_type() != nullptr && depth < kMaxDepth &&
        !Walk(*field->message_type(), value, absl::StrCat(path, "."), visitor, depth + 1)) {
      return false;
    }
  }
  return true;
}

// Of either, in a list of the same name.
static_assert(limits::kMaxLinesPerReturn == limits::kMaxLinesPerPurchase);

// How many items a list may have; 0 where only the message's size limits it.
int MostItems(const FieldDescriptor& field) {
  if (!field.is_repeated()) return 0;
  if (field.name() == "lines") return static_cast<int>(limits::kMaxLinesPerPurchase);
  if (field.name() == "purchases") return static_cast<int>(limits::kMaxPurchasesPerBatch);
  if (field.name() == "activities") return static_cast<int>(limits::kMaxActivitiesPerBatch);
  if (field.name() == "aliases") return static_cast<int>(limits::kMaxAliasesPerMember);
  if (field.name() == "attributes") return static_cast<int>(limits::kMaxAttributesPerMember);
  return 0;
}

// "purchase.lines[7]" without the index.
std::string ListPath(absl::string_view item_path) {
  return std::string(item_path.substr(0, item_path.rfind('[')));
}

}  // namespace

absl::Status ExplainUnparsable(const Descriptor& type, absl::string_view bytes) {
  std::string field_path;
  const bool all_valid = Walk(type, bytes, "", [&](const Found& found) {
    if (found.field.type() != FieldDescriptor::TYPE_STRING ||
        google::protobuf::internal::IsStructurallyValidUTF8(found.bytes.data(),
                                                            static_cast<int>(found.bytes.size()))) {
      return true;
    }
    field_path = found.path;
    return false;
  });
  if (!all_valid) return InvalidField("INVALID_FIELDS", field_path, "is not valid UTF-8");
  ErrorDetails details;
  details.reason = "MALFORMED_MESSAGE";
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("the request is not a ", type.full_name(), " message"), details);
}

absl::Status CheckCounts(const Descriptor& type, absl::string_view bytes) {
  absl::Status status;
  Walk(type, bytes, "", [&](const Found& found) {
    const int most = MostItems(found.field);
    if (most == 0 || found.index < most) return true;
    status = InvalidField(
        "INVALID_FIELDS", ListPath(found.path),
        absl::StrCat("has more than ", most, " items; at most ", most, " are allowed"));
    return false;
  });
  return status;
}

absl::Status ExplainTooLarge(const Descriptor& type, absl::string_view bytes) {
  std::string largest;
  size_t largest_bytes = 0;
  Walk(type, bytes, "", [&](const Found& found) {
    const bool is_text = found.field.message_type() == nullptr;
    if (is_text && found.bytes.size() > largest_bytes) {
      largest = found.path;
      largest_bytes = found.bytes.size();
    }
    return true;
  });
  const std::string too_large =
      absl::StrCat("the message has ", bytes.size(), " bytes; at most ", limits::kMaxParsedBytes,
                   " are allowed, send less at a time");
  // One text that alone is too much; otherwise it is the sum of them all.
  if (largest_bytes > limits::kMaxParsedBytes / 2) {
    return InvalidField("INVALID_FIELDS", largest,
                        absl::StrCat("has ", largest_bytes, " bytes; ", too_large));
  }
  const FieldDescriptor* list = type.field_count() > 0 ? type.field(0) : nullptr;
  return InvalidField("MESSAGE_TOO_LARGE", list != nullptr ? list->name() : type.name(), too_large);
}

}  // namespace dangol::rpc
