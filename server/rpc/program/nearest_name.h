#ifndef DANGOL_SERVER_RPC_PROGRAM_NEAREST_NAME_H_
#define DANGOL_SERVER_RPC_PROGRAM_NEAREST_NAME_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// Names that a program may use where it uses one that there is not.
namespace dangol::rpc {

// The one that was probably meant, whatever its case and without the `prefix` that all of them
// have; empty where none is near.
std::string NearestName(absl::string_view given, const std::vector<std::string>& names,
                        absl::string_view prefix = "");

// "did you mean A? There are A, B, C", of a message's fields.
std::string FieldsInsteadOf(absl::string_view given, const google::protobuf::Descriptor& type);

// The same of the values of an enum.
std::string ValuesInsteadOf(absl::string_view given, const google::protobuf::EnumDescriptor& type);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_NEAREST_NAME_H_
