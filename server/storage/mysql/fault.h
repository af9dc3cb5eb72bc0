#ifndef DANGOL_SERVER_STORAGE_MYSQL_FAULT_H_
#define DANGOL_SERVER_STORAGE_MYSQL_FAULT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dangol::storage::mysql {

// What an error of the database means to whoever ran a statement.
struct Fault {
  // In the terms of the seam (storage.h), for a statement other than COMMIT.
  absl::Status status;
  // The connection, or the server behind it, is of no more use.
  bool lost = false;
  // The transaction was rolled back for certain, even where the statement was
  // COMMIT. Of any other error of a COMMIT the outcome is unknown.
  bool rolled_back = false;
  // The database said so itself; otherwise the client library gave up on it.
  bool answered = true;
  // The number of the error.
  int code = 0;
};

// `code` is the error number of the server or of the client library, `state` the
// SQLSTATE. The numbers of MySQL and MariaDB are in their lists of error codes,
// those of TiDB in its own (8000 and above); Vitess uses MySQL's.
Fault Classify(int code, absl::string_view state, absl::string_view message);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_FAULT_H_
