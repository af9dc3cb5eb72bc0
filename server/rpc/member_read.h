#ifndef DANGOL_SERVER_RPC_MEMBER_READ_H_
#define DANGOL_SERVER_RPC_MEMBER_READ_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/common/status_macros.h"
#include "server/domain/state.h"
#include "server/rpc/handling.h"
#include "server/rpc/page_token.h"

namespace dangol::rpc {

// What is stored of one member, and the program that it is to be judged by.
struct Found {
  storage::Loaded loaded;
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  absl::Time now;
};

// Loads what `reads_of` asks for; once more where the program turns out to be a new one.
absl::StatusOr<Found> LoadMember(
    const Backend& backend, storage::Reader& reader,
    absl::FunctionRef<domain::Reads(const domain::ProgramCatalog&, absl::Time)> reads_of);

// Whose purse a list is of, and of whom what lies in it is told: of everybody where that is the
// member's own, else of theirs.
struct PurseOfList {
  domain::MemberId purse;
  std::optional<domain::MemberId> person;

  bool Tells(const domain::MemberId& owner) const {
    return !person.has_value() || *person == owner;
  }
};
absl::StatusOr<PurseOfList> FindPurse(const domain::MemberRef& ref, const Backend& backend,
                                      storage::Reader& reader);

// Fills a page with those rows of a purse that are wanted, in the order of their ids. `read`
// lists those that come after an id; `tell` adds one to the response, or not.
template <typename Row, typename Response>
absl::Status FillPage(
    const std::string& list, const std::string& page_token, int page_size,
    absl::FunctionRef<absl::StatusOr<std::vector<Row>>(const std::string& after, int limit)> read,
    absl::FunctionRef<const std::string&(const Row&)> id_of,
    absl::FunctionRef<bool(const Row&)> tell, Response& response) {
  constexpr int kChunk = 100;
  ASSIGN_OR_RETURN(const std::vector<std::string> position, DecodePageToken(list, page_token, 1));
  std::string after = position.empty() ? "" : position[0];
  int told = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Row> chunk, read(after, kChunk));
    for (const Row& row : chunk) {
      if (told == page_size) {
        response.set_next_page_token(EncodePageToken(list, {after}));
        return absl::OkStatus();
      }
      told += tell(row) ? 1 : 0;
      after = id_of(row);
    }
    if (chunk.size() < kChunk) return absl::OkStatus();
  }
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_MEMBER_READ_H_
