#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/import/report.h"
#include "cli/import/rows.h"
#include "cli/import/sender.h"
#include "dangol/client.h"

namespace dangol::cli {

// Records a batch of purchases. Members that the server does not know are
// enrolled by the alias that names them, as of their first purchase in the
// batch, and their purchases are sent again; so are purchases that the server
// was too busy for. Each purchase's outcome goes to the report.
//
// An error means that the server can't be reached or used.
absl::Status RecordBatch(Client client, const SenderOptions& options,
                         const std::vector<ReadPurchase>& batch, ImportReport& report);

// The request id by which the importer enrols an alias: always the same for the
// same alias, so that enrolling twice is harmless.
std::string EnrollmentId(const v1::Alias& alias);

}  // namespace dangol::cli
