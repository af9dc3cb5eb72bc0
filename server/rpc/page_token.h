#ifndef DANGOL_SERVER_RPC_PAGE_TOKEN_H_
#define DANGOL_SERVER_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dangol::rpc {

// Where a list goes on, for the caller to hand back unread. `list` says which
// list with which filters it belongs to: a token is refused elsewhere.
std::string EncodePageToken(absl::string_view list, const std::vector<std::string>& position);

// The position in a token; empty for an empty token, the first page. INVALID_ARGUMENT
// for a token of another list or none of ours.
absl::StatusOr<std::vector<std::string>> DecodePageToken(absl::string_view list,
                                                         absl::string_view token,
                                                         size_t position_size);

absl::Status NotAToken();

// A number that is part of a position; INVALID_ARGUMENT for anything else.
absl::StatusOr<int64_t> TokenNumber(absl::string_view part);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PAGE_TOKEN_H_
