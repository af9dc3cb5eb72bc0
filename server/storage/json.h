#ifndef DANGOL_SERVER_STORAGE_JSON_H_
#define DANGOL_SERVER_STORAGE_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/domain/inputs.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/purchase/purchase.h"

// The JSON columns, the same in every engine. They are JSON so that a person can
// query them with the database's own functions.
namespace dangol::storage {

// Written for every purchase, hence by hand and not through a document tree.
std::string LinesToJson(const std::vector<domain::PurchaseLine>& lines);
absl::StatusOr<std::vector<domain::PurchaseLine>> LinesFromJson(absl::string_view json);

std::string ReturnedLinesToJson(const std::vector<domain::ReturnedLine>& lines);
absl::StatusOr<std::vector<domain::ReturnedLine>> ReturnedLinesFromJson(absl::string_view json);

// Times are as in columns (stored_time.h). `origin`: of what has the lots; their numbers are
// stored as they were with whom it came from.
std::string LotsToJson(const std::vector<domain::Lot>& lots, int origin);
absl::StatusOr<std::vector<domain::Lot>> LotsFromJson(absl::string_view json, int origin);

// What is kept of origins beside the last one, and former owners; empty where there is
// nothing to tell.
std::string OriginsToJson(const domain::Member& member);
absl::Status OriginsFromJson(absl::string_view text, domain::Member& member);

// Without `into`, which has a column of its own.
std::string MergedToJson(const domain::Merged& merged);
absl::StatusOr<domain::Merged> MergedFromJson(absl::string_view json);

// Empty where there are none, as with most commands.
std::string InputsToJson(const domain::Inputs& inputs);
absl::StatusOr<domain::Inputs> InputsFromJson(absl::string_view json);

std::string AttributesToJson(const domain::Attributes& attributes);
absl::StatusOr<domain::Attributes> AttributesFromJson(absl::string_view json);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_JSON_H_
