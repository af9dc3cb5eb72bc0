#ifndef DANGOL_SERVER_STORAGE_MYSQL_RECORDS_H_
#define DANGOL_SERVER_STORAGE_MYSQL_RECORDS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// Everything that is stored of the next member, for an audit; in the transaction that
// is open. See Reader::ReadRecords.
absl::StatusOr<FamilyRecords> ReadMemberRecords(Connection& connection,
                                                const std::optional<domain::MemberId>& after);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_RECORDS_H_
