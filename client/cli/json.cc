#include "cli/json.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dangol/types.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"

namespace dangol::cli {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// ENTRY_KIND_EARN of EntryKind is EARN.
std::string EnumName(const EnumValueDescriptor& value) {
  const std::string& name = value.name();
  std::string prefix;
  for (const char character : value.type()->name()) {
    if (absl::ascii_isupper(character) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(character);
  }
  prefix += '_';
  return absl::StartsWith(name, prefix) ? name.substr(prefix.size()) : name;
}

// Reads a single value; `index` counts within a repeated field and is -1
// elsewhere.
Json ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool repeated = index >= 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return repeated ? reflection.GetRepeatedInt32(message, &field, index)
                      : reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return repeated ? reflection.GetRepeatedInt64(message, &field, index)
                      : reflection.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return repeated ? reflection.GetRepeatedUInt32(message, &field, index)
                      : reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return repeated ? reflection.GetRepeatedUInt64(message, &field, index)
                      : reflection.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return repeated ? reflection.GetRepeatedBool(message, &field, index)
                      : reflection.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return repeated ? reflection.GetRepeatedDouble(message, &field, index)
                      : reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return repeated ? reflection.GetRepeatedFloat(message, &field, index)
                      : reflection.GetFloat(message, &field);
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text = repeated ? reflection.GetRepeatedString(message, &field, index)
                                  : reflection.GetString(message, &field);
      // As protobuf's own JSON has bytes.
      return field.type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text) : text;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumName(repeated ? *reflection.GetRepeatedEnum(message, &field, index)
                               : *reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(repeated ? reflection.GetRepeatedMessage(message, &field, index)
                             : reflection.GetMessage(message, &field));
  }
  return nullptr;
}

Json MapOf(const Message& message, const FieldDescriptor& field) {
  Json object = Json::object();
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    const Json key = ValueOf(entry, *field.message_type()->map_key(), -1);
    object[key.is_string() ? key.get<std::string>() : key.dump()] =
        ValueOf(entry, *field.message_type()->map_value(), -1);
  }
  return object;
}

Json ListOf(const Message& message, const FieldDescriptor& field) {
  Json list = Json::array();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    list.push_back(ValueOf(message, field, i));
  }
  return list;
}

}  // namespace

Json ToJson(const Message& message) {
  if (const auto* timestamp = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", ToTime(*timestamp), absl::UTCTimeZone());
  }
  Json object = Json::object();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.is_map()) {
      object[field.name()] = MapOf(message, field);
    } else if (field.is_repeated()) {
      object[field.name()] = ListOf(message, field);
    } else if (!field.has_presence() || message.GetReflection()->HasField(message, &field)) {
      object[field.name()] = ValueOf(message, field, -1);
    }
  }
  return object;
}

}  // namespace dangol::cli
