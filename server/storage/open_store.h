#ifndef DANGOL_SERVER_STORAGE_OPEN_STORE_H_
#define DANGOL_SERVER_STORAGE_OPEN_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "schema/migrations.h"
#include "server/storage/storage.h"

// The one place that knows which engines there are. A store is named by a URL:
//
//   sqlite:PATH
//   mysql://USER[:PASSWORD]@HOST[:PORT][,HOST[:PORT]...]/DATABASE[?NAME=VALUE&...]
//
// The parameters of the second are described in server/storage/mysql/url.h.
namespace dangol::storage {

// INVALID_ARGUMENT where the URL is not one; nothing is opened.
absl::Status CheckUrl(absl::string_view url);

// Opens the store at `url`. INVALID_ARGUMENT where the URL is not one. A store on
// the network is opened even while it is away: Store::Check tells.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(absl::string_view url);

// The schema of the store at `url`, for its administrator.
absl::StatusOr<std::unique_ptr<schema::Target>> OpenSchema(absl::string_view url);

// The URL without its password, for logs and messages.
std::string WithoutPassword(absl::string_view url);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_OPEN_STORE_H_
