#include "server/rpc/purchase/purchase_lists.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/rpc/dated_page.h"
#include "server/rpc/handling.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/purchase/convert_return.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
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
  return FillDatedPage(list, page_size, filter, reader, &storage::Reader::ListPurchases, CursorOf,
                       ToProto, *response.mutable_purchases(), response);
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
  return FillDatedPage(list, page_size, filter, reader, &storage::Reader::ListReturns, CursorOf,
                       ToProto, *response.mutable_returns(), response);
}

}  // namespace dangol::rpc
