#ifndef DANGOL_SERVER_LANE_REUSED_ID_H_
#define DANGOL_SERVER_LANE_REUSED_ID_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/lane/overlay.h"
#include "server/lane/request.h"
#include "server/storage/storage.h"

// An id that was used before for other content. It hardly ever happens, so only then it is
// looked up what the first request said.
namespace dangol::lane {

// Loads the first requests of those ids that requests of the batch use again for something
// else, and lets the overlay have them; nothing where there are none.
absl::Status LoadReused(storage::Transaction& transaction, absl::Span<const Request> batch,
                        Overlay& overlay);

// The refusal of such a request: names the fields that differ, and when the first was recorded.
absl::Status RequestIdReused(const Request& request, const Overlay& overlay);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_REUSED_ID_H_
