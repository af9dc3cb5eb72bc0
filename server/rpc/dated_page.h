#ifndef DANGOL_SERVER_RPC_DATED_PAGE_H_
#define DANGOL_SERVER_RPC_DATED_PAGE_H_

#include <google/protobuf/repeated_field.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/page_token.h"
#include "server/storage/storage.h"

// Pages of what a member did, the latest first.
namespace dangol::rpc {

// Where the page begins that a token asks for; nothing for the first page.
inline absl::StatusOr<std::optional<storage::PurchaseCursor>> CursorOf(
    const std::string& list, const std::string& page_token) {
  ASSIGN_OR_RETURN(const std::vector<std::string> position, DecodePageToken(list, page_token, 2));
  if (position.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const int64_t micros, TokenNumber(position[0]));
  return storage::PurchaseCursor{absl::FromUnixMicros(micros), position[1]};
}

// Reads what a filter selects, chunk by chunk: `read` is the reader's method for it. Ends where
// there is no more, or where visit(item) is false: before that item.
template <typename Item, typename Filter, typename Visit>
absl::Status ForEachOf(
    Filter& filter, storage::Reader& reader,
    absl::StatusOr<std::vector<Item>> (storage::Reader::*read)(const Filter& filter, int limit),
    storage::PurchaseCursor (*cursor_of)(const Item& item), const Visit& visit) {
  constexpr int kChunk = 50;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Item> chunk, (reader.*read)(filter, kChunk));
    for (const Item& item : chunk) {
      if (!visit(item)) return absl::OkStatus();
      filter.before = cursor_of(item);
    }
    if (chunk.size() < kChunk) return absl::OkStatus();
  }
}

// Fills a page with what a filter selects, and ends it early where items are large. `items` is
// the field of the response for them, `tell` puts one into the words of the API.
template <typename Item, typename Filter, typename Response, typename Message>
absl::Status FillDatedPage(
    const std::string& list, int page_size, Filter filter, storage::Reader& reader,
    absl::StatusOr<std::vector<Item>> (storage::Reader::*read)(const Filter& filter, int limit),
    storage::PurchaseCursor (*cursor_of)(const Item& item),
    void (*tell)(const Item& item, Message& out),
    google::protobuf::RepeatedPtrField<Message>& items, Response& response) {
  return ForEachOf(filter, reader, read, cursor_of, [&](const Item& item) {
    if (items.size() == page_size || response.ByteSizeLong() > limits::kMaxPageBytes) {
      response.set_next_page_token(
          EncodePageToken(list, {absl::StrCat(absl::ToUnixMicros(filter.before->occurred_at)),
                                 filter.before->purchase_id}));
      return false;
    }
    tell(item, *items.Add());
    return true;
  });
}

// Where a list goes on after these.
inline storage::PurchaseCursor CursorOf(const domain::Purchase& purchase) {
  return {purchase.occurred_at, purchase.purchase_id};
}
inline storage::PurchaseCursor CursorOf(const domain::Return& recorded) {
  return {recorded.occurred_at, recorded.return_id};
}
inline storage::PurchaseCursor CursorOf(const domain::Activity& activity) {
  return {activity.occurred_at, activity.activity_id};
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_DATED_PAGE_H_
