#pragma once

#include "dangol/types.h"
#include "dangol/v1/activity_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::internal {

// Gives a mutation an id where it has none. The id must exist before the first attempt, so
// that every retry repeats it.
template <typename Request>
void EnsureId(Request& request) {
  static_assert(
      requires { request.set_request_id(MakeRequestId()); },
      "without a request_id a mutation must not be retried: give its message one");
  if (request.request_id().empty()) request.set_request_id(MakeRequestId());
}

// Purchases, returns and activities are named by ids of their own.
inline void EnsureId(v1::Purchase& purchase) {
  if (purchase.purchase_id().empty()) purchase.set_purchase_id(MakeRequestId());
}
inline void EnsureId(v1::RecordPurchaseRequest& request) { EnsureId(*request.mutable_purchase()); }
inline void EnsureId(v1::BatchRecordPurchasesRequest& request) {
  for (v1::Purchase& purchase : *request.mutable_purchases()) EnsureId(purchase);
}
inline void EnsureId(v1::RecordReturnRequest& request) {
  v1::Return& goods = *request.mutable_return_();
  if (goods.return_id().empty()) goods.set_return_id(MakeRequestId());
}

inline void EnsureId(v1::Activity& activity) {
  if (activity.activity_id().empty()) activity.set_activity_id(MakeRequestId());
}
inline void EnsureId(v1::RecordActivityRequest& request) { EnsureId(*request.mutable_activity()); }
inline void EnsureId(v1::BatchRecordActivitiesRequest& request) {
  for (v1::Activity& activity : *request.mutable_activities()) EnsureId(activity);
}

// Are known by what they undo.
inline void EnsureId(v1::UndoReturnRequest&) {}
inline void EnsureId(v1::UndoActivityRequest&) {}

}  // namespace dangol::internal
