#include "server/rpc/purchase/purchase_lists.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/page_token.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/purchase/convert_return.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

storage::PurchaseCursor CursorOf(const domain::Purchase& purchase) {
  return {purchase.occurred_at, purchase.purchase_id};
}

storage::PurchaseCursor CursorOf(const domain::Return& recorded) {
  return {recorded.occurred_at, recorded.return_id};
}

// Where the page begins that a token asks for; nothing for the first page.
absl::StatusOr<std::optional<storage::PurchaseCursor>> CursorOf(const std::string& list,
                                                                const std::string& page_token) {
  ASSIGN_OR_RETURN(const std::vector<std::string> position, DecodePageToken(list, page_token, 2));
  if (position.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const int64_t micros, TokenNumber(position[0]));
  return storage::PurchaseCursor{absl::FromUnixMicros(micros), position[1]};
}

// Fills a page chunk by chunk, and ends it early where items are large. `read` is
// the reader's method that lists what the filter selects, `items` the field of the
// response for it.
template <typename Item, typename Filter, typename Response, typename Message>
absl::Status FillPage(
    const std::string& list, int page_size, Filter filter, storage::Reader& reader,
    absl::StatusOr<std::vector<Item>> (storage::Reader::*read)(const Filter& filter, int limit),
    google::protobuf::RepeatedPtrField<Message>& items, Response& response) {
  constexpr int kChunk = 50;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Item> chunk, (reader.*read)(filter, kChunk));
    for (const Item& item : chunk) {
      if (items.size() == page_size || response.ByteSizeLong() > limits::kMaxPageBytes) {
        response.set_next_page_token(
            EncodePageToken(list, {absl::StrCat(absl::ToUnixMicros(filter.before->occurred_at)),
                                   filter.before->purchase_id}));
        return absl::OkStatus();
      }
      ToProto(item, *items.Add());
      filter.before = CursorOf(item);
    }
    if (chunk.size() < kChunk) return absl::OkStatus();
  }
}

}  // namespace

absl::Status ListPurchases(const v1::ListPurchasesRequest& message, Backend&,
                           storage::Reader& reader, v1::ListPurchasesResponse& response) {
  Validator validator;
  domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  ref.resolve = domain::Resolve::kToPerson;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  storage::PurchaseFilter filter;
  if (message.has_occurred_from()) {
    filter.occurred_from = validator.Time(Path("occurred_from"), message.occurred_from());
  }
  if (message.has_occurred_until()) {
    filter.occurred_until = validator.Time(Path("occurred_until"), message.occurred_until());
  }
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(filter.member_id, FindMember(ref, reader));

  const std::string list = absl::StrCat("purchases/", filter.member_id.ToString(), "/",
                                        absl::ToUnixMicros(filter.occurred_from), "/",
                                        absl::ToUnixMicros(filter.occurred_until));
  ASSIGN_OR_RETURN(filter.before, CursorOf(list, message.page_token()));
  return FillPage(list, page_size, filter, reader, &storage::Reader::ListPurchases,
                  *response.mutable_purchases(), response);
}

absl::Status ListReturns(const v1::ListReturnsRequest& message, Backend&, storage::Reader& reader,
                         v1::ListReturnsResponse& response) {
  Validator validator;
  domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  ref.resolve = domain::Resolve::kToPerson;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  storage::ReturnFilter filter;
  ASSIGN_OR_RETURN(filter.member_id, FindMember(ref, reader));
  const std::string list = absl::StrCat("returns/", filter.member_id.ToString());
  ASSIGN_OR_RETURN(filter.before, CursorOf(list, message.page_token()));
  return FillPage(list, page_size, filter, reader, &storage::Reader::ListReturns,
                  *response.mutable_returns(), response);
}

}  // namespace dangol::rpc
