#include "client/demo/replay.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/demo/history.h"
#include "client/demo/parallel.h"
#include "client/demo/progress.h"
#include "dangol/client.h"

namespace dangol::demo {
namespace {

// How many calls are under way at once. Each worker waits for its call before
// it makes the next.
constexpr int kWorkers = 8;
constexpr std::size_t kBatchSize = 200;

absl::Status RecordBatch(Client& client, std::vector<v1::Purchase> batch) {
  absl::StatusOr<v1::BatchRecordPurchasesResponse> response =
      client.BatchRecordPurchases(std::move(batch));
  if (!response.ok()) return response.status();
  for (const v1::RecordPurchaseResult& result : response->results()) {
    if (result.has_error()) return ToStatus(result.error());
  }
  return absl::OkStatus();
}

}  // namespace

v1::EnrollMemberRequest MakeEnrolment(const MemberPlan& member) {
  v1::EnrollMemberRequest request;
  request.set_request_id(absl::StrCat("demo-enrol-", member.card));
  *request.add_aliases() = MakeAlias(kCardAlias, member.card);
  (*request.mutable_attributes())["name"] = member.name;
  (*request.mutable_attributes())["city"] = member.city;
  *request.mutable_enrolled_at() = ToTimestamp(member.enrolled_at);
  return request;
}

v1::Purchase MakePurchase(const History& history, std::size_t number) {
  const PurchasePlan& plan = history.purchases[number];
  PurchaseBuilder builder(absl::StrFormat("demo-%06d", number + 1),
                          MemberByAlias(kCardAlias, history.members[plan.member].card));
  builder.OccurredAt(plan.occurred_at).Currency("KRW").Channel(plan.channel).Store(plan.store_id);
  for (const LinePlan& line : plan.lines) {
    builder.Goods(line.article->sku, line.quantity, line.quantity * line.article->price_won,
                  line.article->category);
  }
  return builder.Build();
}

absl::Status EnrolMembers(Client client, const History& history, Progress& progress) {
  return RunWorkers(kWorkers, [&](int worker) -> absl::Status {
    for (auto member = static_cast<std::size_t>(worker); member < history.members.size();
         member += kWorkers) {
      const auto response = client.EnrollMember(MakeEnrolment(history.members[member]));
      if (!response.ok()) return response.status();
      progress.Add(1);
    }
    return absl::OkStatus();
  });
}

// Each worker has members of its own, so that nobody's purchases overtake each
// other although several calls are under way.
absl::Status RecordPurchases(Client client, const History& history, Progress& progress) {
  return RunWorkers(kWorkers, [&](int worker) -> absl::Status {
    std::vector<v1::Purchase> batch;
    const auto record = [&] {
      const auto count = static_cast<int64_t>(batch.size());
      absl::Status status = RecordBatch(client, std::exchange(batch, {}));
      progress.Add(count);
      return status;
    };
    for (std::size_t number = 0; number < history.purchases.size(); ++number) {
      if (history.purchases[number].member % kWorkers != static_cast<std::size_t>(worker)) continue;
      batch.push_back(MakePurchase(history, number));
      if (batch.size() < kBatchSize) continue;
      if (absl::Status status = record(); !status.ok()) return status;
    }
    return batch.empty() ? absl::OkStatus() : record();
  });
}

}  // namespace dangol::demo
