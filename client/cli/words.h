#pragma once

#include <string>

namespace dangol::cli {

// What people call a value of an enum: "consent over" of TESTIFIER_REASON_CONSENT_OVER, whose
// prefix is "TESTIFIER_REASON_".
std::string WordsOf(std::string value, const std::string& prefix);

}  // namespace dangol::cli
