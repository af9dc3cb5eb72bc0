#ifndef DANGOL_CLIENT_CLI_IMPORT_VERB_H_
#define DANGOL_CLIENT_CLI_IMPORT_VERB_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "cli/import/report.h"
#include "cli/session.h"
#include "cli/table.h"

// What the verbs that import a file row by row have in common.
namespace dangol::cli {

// Lets calls outlast a server that restarts: it must not end an import that takes minutes.
void BePatient(Session& session);

// Opens the file of rejected rows, if the path is not empty.
absl::Status OpenRejects(const std::string& path, ImportReport& report);

// What was read and rejected, and for which reasons; the verb adds what became of the rest.
Table ImportedTable(int64_t rows_read, const ImportTotals& rejected);

// OK where the server refused nothing; else how many rows, and why the first of them.
absl::Status RefusedOf(int64_t refused, const absl::Status& first);

}  // namespace dangol::cli

#endif  // DANGOL_CLIENT_CLI_IMPORT_VERB_H_
