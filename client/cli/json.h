#pragma once

#include <nlohmann/json.hpp>

#include "google/protobuf/message.h"

namespace dangol::cli {

// JSON with its members in the order in which they were put in.
using Json = nlohmann::ordered_json;

// A message as JSON: fields named as in the protos, all of them present except
// messages that are absent and oneof members that are not chosen; times in RFC
// 3339, enums by name without the enum's own prefix, and 64-bit integers as
// numbers (protobuf's own mapping makes them strings).
Json ToJson(const google::protobuf::Message& message);

}  // namespace dangol::cli
