#ifndef DANGOL_TESTS_BENCH_REQUESTS_H_
#define DANGOL_TESTS_BENCH_REQUESTS_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dangol::bench {

// The stores at which purchases are made, by turns: what is bought differs from one to the next.
inline constexpr uint64_t kStores = 16;
std::string StoreName(uint64_t store);

inline constexpr char kEnrollPath[] = "/dangol.v1.MemberService/EnrollMember";
inline constexpr char kJoinHouseholdPath[] = "/dangol.v1.MemberService/JoinHousehold";
inline constexpr char kRecordPurchasePath[] = "/dangol.v1.PurchaseService/RecordPurchase";
inline constexpr char kBatchRecordPurchasesPath[] =
    "/dangol.v1.PurchaseService/BatchRecordPurchases";
inline constexpr char kRecordReturnPath[] = "/dangol.v1.PurchaseService/RecordReturn";
inline constexpr char kGetBalancePath[] = "/dangol.v1.PointsService/GetBalance";
inline constexpr char kAdjustPath[] = "/dangol.v1.PointsService/AdjustPoints";
inline constexpr char kReservePath[] = "/dangol.v1.PointsService/ReservePoints";
inline constexpr char kCapturePath[] = "/dangol.v1.PointsService/CapturePoints";

inline constexpr char kAdvanceClockPath[] = "/dangol.v1.ClockService/AdvanceClock";

// A message that is serialized once and has some of its strings, which are of
// fixed length, replaced for each request: so the generator spends its time on
// sending, as h2load does.
class MessageTemplate {
 public:
  // Each of `slots` occurs once in `bytes`.
  MessageTemplate(std::string bytes, const std::vector<std::string>& slots);

  // `values` are as long as the slots they replace.
  void Append(std::initializer_list<absl::string_view> values, std::string* body) const;

 private:
  std::string bytes_;
  std::vector<size_t> offsets_;
};

// Requests about a fixed set of members. The request of a number is always the
// same, so that it can be repeated. Thread-safe.
class Requests {
 public:
  // `members` are the ids that the server gave. Purchases occur at `now`.
  Requests(std::vector<std::string> members, absl::Time now);

  // A RecordPurchaseRequest of 3 lines, members uniformly at random.
  void AppendPurchase(uint64_t number, std::string* body) const;
  // The same with the member at that place.
  void AppendPurchaseOf(size_t member, uint64_t number, std::string* body) const;
  // A BatchRecordPurchasesRequest of the `size` purchases from the number `first` on.
  void AppendBatch(uint64_t first, uint64_t size, std::string* body) const;
  // A GetBalanceRequest, members uniformly at random.
  void AppendGetBalance(uint64_t number, std::string* body) const;
  // A RecordReturnRequest of one piece of the first line of the purchase of that number.
  void AppendReturn(uint64_t number, std::string* body) const;
  // An AdjustPointsRequest that gives points to the member at place `number`: as many as one
  // adjustment of the sample program may.
  void AppendAdjust(uint64_t number, std::string* body) const;
  // A ReservePointsRequest of one point, members uniformly at random, and the CapturePointsRequest
  // of what it reserved.
  void AppendReserve(uint64_t number, std::string* body) const;
  void AppendCapture(uint64_t number, std::string* body) const;

  // What AppendPurchase writes.
  size_t MemberOf(uint64_t number) const;
  static std::string PurchaseId(uint64_t number);

  const std::vector<std::string>& members() const { return members_; }

 private:
  std::vector<std::string> members_;
  std::vector<MessageTemplate> purchases_;
  MessageTemplate balance_;
  MessageTemplate return_;
  MessageTemplate adjust_;
  MessageTemplate reserve_;
  MessageTemplate capture_;
};

// A EnrollMemberRequest with one alias, a card.
void AppendEnroll(uint64_t number, std::string* body);
std::string EnrollRequestId(uint64_t number);
std::string EnrolledCard(uint64_t number);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_REQUESTS_H_
