#ifndef DANGOL_SERVER_STORAGE_JSON_H_
#define DANGOL_SERVER_STORAGE_JSON_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/domain/inputs.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/purchase/purchase.h"

// The JSON columns, the same in every engine. They are JSON so that a person can
// query them with the database's own functions.
namespace dangol::storage {

// ToJson and FromJson are one column. Nothing to tell is an empty text, and FromJson
// leaves alone what it does not find.

// Written for every purchase, hence by hand and not through a document tree.
std::string ToJson(const std::vector<domain::PurchaseLine>& lines);
absl::Status FromJson(absl::string_view json, std::vector<domain::PurchaseLine>& lines);

std::string ToJson(const std::vector<domain::ReturnedLine>& lines);
absl::Status FromJson(absl::string_view json, std::vector<domain::ReturnedLine>& lines);

// Times are as in columns (stored_time.h).
std::string ToJson(const std::vector<domain::Lot>& lots);
absl::Status FromJson(absl::string_view json, std::vector<domain::Lot>& lots);

// Sharers, purses and former owners.
std::string PurseToJson(const domain::Member& member);
absl::Status PurseFromJson(absl::string_view json, domain::Member& member);

// Without `into`, which has a column of its own.
std::string ToJson(const std::optional<domain::Joined>& joined);
absl::Status FromJson(absl::string_view json, std::optional<domain::Joined>& joined);

std::string ToJson(const domain::Inputs& inputs);
absl::Status FromJson(absl::string_view json, domain::Inputs& inputs);

std::string ToJson(const domain::Attributes& attributes);
absl::Status FromJson(absl::string_view json, domain::Attributes& attributes);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_JSON_H_
