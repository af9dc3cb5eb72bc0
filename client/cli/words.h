#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace dangol::cli {

// What people call a value of an enum: "consent over" of TESTIFIER_REASON_CONSENT_OVER, whose
// prefix is "TESTIFIER_REASON_".
std::string WordsOf(std::string value, const std::string& prefix);

// What arguments call the values of an enum but its first, such as "consent-over".
std::vector<std::string> ArgumentsOf(const google::protobuf::EnumDescriptor& type);
// The number of the value that an argument names; 0 where it names none.
int NumberOf(const google::protobuf::EnumDescriptor& type, const std::string& argument);

}  // namespace dangol::cli
