#ifndef DANGOL_SERVER_STORAGE_SQLITE_RECORDS_H_
#define DANGOL_SERVER_STORAGE_SQLITE_RECORDS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/storage.h"

namespace dangol::storage::sqlite {

// Everything that is stored of the next member, for an audit; must run inside a
// transaction, to see one state. See Reader::ReadRecords.
absl::StatusOr<FamilyRecords> ReadMemberRecords(Connection& connection,
                                                const std::optional<domain::MemberId>& after);

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_RECORDS_H_
