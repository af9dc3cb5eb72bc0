#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/import/input.h"
#include "cli/import/report.h"
#include "cli/import/rows.h"
#include "dangol/client.h"

namespace dangol::cli {

// An activity and the row that it was read from.
struct ReadActivity {
  v1::Activity activity;
  Row row;
};

// The activities of a file, in its order, read as they are asked for. Rows that can't be used go
// to a RejectSink. Not thread safe.
class ActivitySource {
 public:
  virtual ~ActivitySource() = default;
  // The next activity; false at the end. An error when the file as a whole can't be read.
  virtual absl::StatusOr<bool> Next(ReadActivity& read) = 0;
  // How many rows (without the header) have been read.
  virtual int64_t rows_read() const = 0;
};

// JSON lines where the first character is "{", each a dangol.v1.Activity in protobuf's JSON form;
// else CSV with columns named like its fields. `input` must outlive the source; `time_zone` is
// that of times without an offset.
std::unique_ptr<ActivitySource> MakeActivitySource(Input& input, absl::TimeZone time_zone,
                                                   RejectSink reject);

// What an import of activities did.
struct ActivityTotals {
  int64_t rows_read = 0;
  int64_t recorded = 0;
  int64_t replayed = 0;     // An earlier run had recorded them.
  int64_t not_counted = 0;  // Of both: over the daily cap, or of a suspended member.
  int64_t refused = 0;      // By the server.
  absl::Status first_refusal;
};

// Records all activities of a source, so many in one call. What the server refuses is rejected
// to the report; what it is too busy for is sent again. Running it again with the same file
// records nothing twice. An error means that the import stopped in the middle.
absl::StatusOr<ActivityTotals> ImportActivities(ActivitySource& source, Client client, int batch,
                                                ImportReport& report);

}  // namespace dangol::cli
