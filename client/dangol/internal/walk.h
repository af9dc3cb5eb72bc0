#pragma once

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "dangol/connection.h"
#include "dangol/page_range.h"

namespace dangol::internal {

// Walks a List method: `list` makes the call, `items` names the field of its
// reply that holds the page.
template <typename Item, typename Request, typename Response>
PageRange<Item> Walk(std::shared_ptr<Connection> connection,
                     absl::StatusOr<Response> (ConnectionRpcs::*list)(const Request&),
                     google::protobuf::RepeatedPtrField<Item>* (Response::*items)(),
                     Request request) {
  return PageRange<Item>(
      [connection = std::move(connection), list, items, request = std::move(request)](
          const std::string& page_token) mutable -> absl::StatusOr<typename PageRange<Item>::Page> {
        // The first page begins where the caller's own token says.
        if (!page_token.empty()) request.set_page_token(page_token);
        absl::StatusOr<Response> response = ((*connection).*list)(request);
        if (!response.ok()) return response.status();
        auto& page = *((*response).*items)();
        return typename PageRange<Item>::Page{
            .items = {std::make_move_iterator(page.begin()), std::make_move_iterator(page.end())},
            .next_page_token = response->next_page_token()};
      });
}

}  // namespace dangol::internal
