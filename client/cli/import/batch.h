#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/import/report.h"
#include "cli/import/rows.h"
#include "cli/import/sender.h"
#include "dangol/client.h"

namespace dangol::cli {

// Records a batch of purchases and returns, those of each member in their order.
// Members that the server does not know are enrolled by the alias that names
// them, as of the first that the batch has of them, and what is theirs is sent
// again; so are purchases that the server was too busy for. Each outcome goes to
// the report.
//
// An error means that the server can't be reached or used.
absl::Status RecordBatch(Client client, const SenderOptions& options,
                         const std::vector<ReadPurchase>& batch, ImportReport& report);

// A request id for what a text says: always the same for the same text, so that saying it twice is
// harmless.
std::string ContentId(const std::string& text);

// The request id by which the importer enrols an alias: always the same for the
// same alias, so that enrolling twice is harmless.
std::string EnrollmentId(const v1::Alias& alias);

}  // namespace dangol::cli
