#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dangol/connection.h"
#include "dangol/error.h"
#include "dangol/money.h"
#include "dangol/options.h"
#include "dangol/page_range.h"
#include "dangol/rpcs/client_rpcs.h"
#include "dangol/types.h"

namespace dangol {

// The typed client of a Dangol server. Cheap to copy (copies share one
// connection) and thread safe. It has a method for every RPC, GetMember and
// AsyncGetMember and so on: see ClientRpcs, which is made from the protos.
//
// Every call is bounded by Options::deadline and retried within it where that
// is safe, which is everywhere: reads change nothing, and mutations carry a
// request id. Where a request has none, the client makes one before the first
// attempt, so that a retry never acts twice. Give your own where you may have to
// repeat a call after a crash. What spends points is valid no longer than the deadline.
//
// Errors are the canonical codes with the server's details; see error.h. Beyond
// what each RPC names: INVALID_ARGUMENT for a field that is wrong,
// UNAVAILABLE and DEADLINE_EXCEEDED when the server can't be reached in time,
// RESOURCE_EXHAUSTED when it stays overloaded.
class Client : public ClientRpcs {
 public:
  explicit Client(std::shared_ptr<Connection> connection);

  // Records purchases as they come.
  std::unique_ptr<PurchaseStream> StreamPurchases();

  // Tells what happens, from where the request says.
  std::unique_ptr<EventStream> WatchEvents(const v1::WatchEventsRequest& request = {});

  // The methods below are shorter forms of those of ClientRpcs.

  absl::StatusOr<v1::Member> GetMember(const v1::MemberRef& member);
  using ClientRpcs::GetMember;
  absl::StatusOr<v1::Member> LookupMember(const v1::Alias& alias);
  using ClientRpcs::LookupMember;

  absl::StatusOr<v1::RecordPurchaseResponse> RecordPurchase(v1::Purchase purchase);
  using ClientRpcs::RecordPurchase;
  void AsyncRecordPurchase(v1::Purchase purchase, Callback<v1::RecordPurchaseResponse> done);
  using ClientRpcs::AsyncRecordPurchase;

  // Results are in the order of the purchases; each succeeds or fails by itself (turn an
  // error into a status with ToStatus). The call as a whole is retried, a single result is
  // not: look for IsTransient ones.
  absl::StatusOr<v1::BatchRecordPurchasesResponse> BatchRecordPurchases(
      std::vector<v1::Purchase> purchases);
  using ClientRpcs::BatchRecordPurchases;
  void AsyncBatchRecordPurchases(std::vector<v1::Purchase> purchases,
                                 Callback<v1::BatchRecordPurchasesResponse> done);
  using ClientRpcs::AsyncBatchRecordPurchases;

  absl::StatusOr<v1::PurchaseOutcome> PreviewPurchase(const v1::Purchase& purchase);
  using ClientRpcs::PreviewPurchase;
  absl::StatusOr<v1::RecordedPurchase> GetPurchase(absl::string_view purchase_id);
  using ClientRpcs::GetPurchase;

  // For goods that came back, see ReturnBuilder.
  absl::StatusOr<v1::RecordReturnResponse> RecordReturn(v1::Return goods);
  using ClientRpcs::RecordReturn;
  void AsyncRecordReturn(v1::Return goods, Callback<v1::RecordReturnResponse> done);
  using ClientRpcs::AsyncRecordReturn;

  // As of a moment that is past or to come.
  absl::StatusOr<v1::GetBalanceResponse> GetBalance(const v1::MemberRef& member, absl::Time as_of);
  using ClientRpcs::GetBalance;

  absl::StatusOr<v1::Coupon> GetCoupon(absl::string_view code);
  using ClientRpcs::GetCoupon;

  // No problems when the program, in protobuf text format, is valid.
  absl::StatusOr<std::vector<v1::ProgramProblem>> ValidateProgram(absl::string_view program_text);
  using ClientRpcs::ValidateProgram;
  // The current one for 0.
  absl::StatusOr<v1::ProgramVersion> GetProgram(int64_t version = 0);
  using ClientRpcs::GetProgram;
};

}  // namespace dangol
