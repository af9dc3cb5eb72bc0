#pragma once

#include <string>

#include "dangol/v1/care_service.pb.h"

namespace dangol::cli {

// "high".
std::string SeverityOf(v1::Severity severity);

}  // namespace dangol::cli
