#ifndef DANGOL_SERVER_RPC_DAY_H_
#define DANGOL_SERVER_RPC_DAY_H_

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "server/domain/program/days.h"
#include "server/rpc/validation.h"

// Days as the API writes them, such as 2026-12-31.
namespace dangol::rpc {

std::string DayText(domain::DayNumber day);

// From 1970 on. Nothing where the text is empty, or is none, which is noted.
std::optional<absl::CivilDay> ReadDay(const Path& path, const std::string& text,
                                      Validator& validator);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_DAY_H_
