#include "cli/import/batch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/blocking_counter.h"
#include "cli/errors.h"

namespace dangol::cli {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLastPause = absl::Seconds(5);

using Purchases = std::vector<const ReadPurchase*>;

// Sends one batch until each of its purchases has an outcome.
class BatchSender {
 public:
  BatchSender(Client client, const SenderOptions& options, ImportReport& report)
      : client_(std::move(client)), options_(options), report_(report) {}

  absl::Status Send(Purchases purchases) {
    absl::Duration pause = kFirstPause;
    for (int resends = 0; !purchases.empty(); ++resends) {
      absl::StatusOr<Unsettled> unsettled = SendOnce(purchases);
      if (!unsettled.ok()) return unsettled.status();
      if (unsettled->busy.has_value()) {
        if (resends == options_.resends) return *unsettled->busy;
        options_.sleep(std::max(pause, RetryDelay(*unsettled->busy).value_or(pause)));
        pause = std::min(pause * 2, kLastPause);
      }
      if (absl::Status status = Enroll(unsettled->purchases); !status.ok()) return status;
      purchases = std::move(unsettled->purchases);
    }
    return absl::OkStatus();
  }

 private:
  // What a call left to do, in the order of the file.
  struct Unsettled {
    Purchases purchases;
    // Set when the server was too busy for some.
    std::optional<absl::Status> busy;
  };

  absl::StatusOr<Unsettled> SendOnce(const Purchases& purchases) {
    std::vector<v1::Purchase> request;
    request.reserve(purchases.size());
    for (const ReadPurchase* purchase : purchases) request.push_back(purchase->purchase);
    const auto response = client_.BatchRecordPurchases(std::move(request));
    if (!response.ok()) return response.status();
    if (response->results_size() != static_cast<int>(purchases.size())) {
      return absl::InternalError("the server answered another number of purchases than were sent");
    }
    Unsettled unsettled;
    for (int i = 0; i < response->results_size(); ++i) {
      Settle(*purchases[i], response->results(i), unsettled);
    }
    return unsettled;
  }

  void Settle(const ReadPurchase& purchase, const v1::RecordPurchaseResult& result,
              Unsettled& unsettled) {
    if (result.has_response()) return report_.Record(purchase, result.response().replayed());
    const absl::Status error = ToStatus(result.error());
    if (IsTransient(error)) {
      unsettled.busy = error;
      unsettled.purchases.push_back(&purchase);
      return;
    }
    const v1::MemberRef& member = purchase.purchase.member();
    const bool unknown = ErrorReason(error) == "MEMBER_NOT_FOUND" && member.has_alias();
    if (unknown && enrolled_.count(EnrollmentId(member.alias())) == 0) {
      unsettled.purchases.push_back(&purchase);
      missing_.try_emplace(EnrollmentId(member.alias()), &purchase.purchase);
      return;
    }
    report_.Refuse(purchase, error);
  }

  // Enrols all members that are missing, at once. Purchases of those that can't
  // be enrolled are refused and taken from `purchases`.
  absl::Status Enroll(Purchases& purchases) {
    if (missing_.empty()) return absl::OkStatus();
    std::vector<std::pair<std::string, absl::Status>> outcomes;
    for (const auto& [id, purchase] : missing_) outcomes.emplace_back(id, absl::OkStatus());
    absl::BlockingCounter open(static_cast<int>(missing_.size()));
    for (auto& [id, outcome] : outcomes) {
      client_.AsyncEnroll(EnrollRequest(id, *missing_.at(id)),
                          [&open, &result = outcome](
                              const absl::StatusOr<v1::MemberServiceEnrollResponse>& enrolled) {
                            result = enrolled.status();
                            open.DecrementCount();
                          });
    }
    open.Wait();
    missing_.clear();
    for (const auto& [id, outcome] : outcomes) {
      if (outcome.ok()) report_.Enroll();
      // Somebody else was faster, which is as good.
      const bool known = outcome.ok() || absl::IsAlreadyExists(outcome);
      if (!known && ExitCodeOf(outcome) != ExitCode::kInvalidArgument) return outcome;
      if (known) {
        enrolled_.insert(id);
      } else {
        RefuseMember(id, outcome, purchases);
      }
    }
    return absl::OkStatus();
  }

  static v1::MemberServiceEnrollRequest EnrollRequest(const std::string& id,
                                                      const v1::Purchase& purchase) {
    v1::MemberServiceEnrollRequest request;
    request.set_request_id(id);
    *request.add_aliases() = purchase.member().alias();
    if (purchase.has_occurred_at()) *request.mutable_enrolled_at() = purchase.occurred_at();
    return request;
  }

  void RefuseMember(const std::string& id, const absl::Status& error, Purchases& purchases) {
    const auto of_member = [&](const ReadPurchase* purchase) {
      const v1::MemberRef& member = purchase->purchase.member();
      return member.has_alias() && EnrollmentId(member.alias()) == id;
    };
    for (const ReadPurchase* purchase : purchases) {
      if (of_member(purchase)) report_.Refuse(*purchase, error);
    }
    purchases.erase(std::remove_if(purchases.begin(), purchases.end(), of_member), purchases.end());
  }

  Client client_;
  const SenderOptions& options_;
  ImportReport& report_;
  // Members to enrol, by request id, with their first purchase.
  std::map<std::string, const v1::Purchase*> missing_;
  // Members that were enrolled for this batch: unknown once more is an error.
  std::set<std::string> enrolled_;
};

}  // namespace

absl::Status RecordBatch(Client client, const SenderOptions& options,
                         const std::vector<ReadPurchase>& batch, ImportReport& report) {
  Purchases purchases;
  purchases.reserve(batch.size());
  for (const ReadPurchase& purchase : batch) purchases.push_back(&purchase);
  return BatchSender(std::move(client), options, report).Send(std::move(purchases));
}

std::string EnrollmentId(const v1::Alias& alias) {
  // FNV-1a with 128 bits: aliases may be longer than request ids and hold
  // characters that those may not.
  const absl::uint128 prime = absl::MakeUint128(0x0000000001000000, 0x000000000000013b);
  absl::uint128 hash = absl::MakeUint128(0x6c62272e07bb0142, 0x62b821756295c58d);
  for (const char character : absl::StrCat(alias.kind(), ":", alias.value())) {
    hash = (hash ^ static_cast<unsigned char>(character)) * prime;
  }
  return absl::StrFormat("import-%016x%016x", absl::Uint128High64(hash), absl::Uint128Low64(hash));
}

}  // namespace dangol::cli
