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
using ReturnAnswer = absl::StatusOr<v1::RecordReturnResponse>;

// What can be sent at once: of each member the purchases up to their first return,
// and then that return.
struct Wave {
  Purchases purchases;
  Purchases returns;
};

// Takes the next wave; what has to wait for it stays, in its order.
Wave TakeWave(Purchases& left) {
  Wave wave;
  Purchases later;
  std::set<std::string> returning;
  for (const ReadPurchase* purchase : left) {
    const std::string member = purchase->purchase.member().SerializeAsString();
    if (returning.count(member) != 0) {
      later.push_back(purchase);
    } else if (purchase->is_return) {
      returning.insert(member);
      wave.returns.push_back(purchase);
    } else {
      wave.purchases.push_back(purchase);
    }
  }
  left = std::move(later);
  return wave;
}

v1::Return ToReturn(const v1::Purchase& purchase) {
  v1::Return goods;
  goods.set_return_id(purchase.purchase_id());
  *goods.mutable_member() = purchase.member();
  if (purchase.has_occurred_at()) *goods.mutable_occurred_at() = purchase.occurred_at();
  goods.set_currency(purchase.currency());
  for (const v1::PurchaseLine& line : purchase.lines()) {
    v1::ReturnLine& added = *goods.add_lines();
    added.set_sku(line.sku());
    added.set_quantity(line.quantity());
    added.set_amount_minor(line.amount_minor());
  }
  return goods;
}

// Sends one batch until each of its purchases and returns has an outcome.
class BatchSender {
 public:
  BatchSender(Client client, const SenderOptions& options, ImportReport& report)
      : client_(std::move(client)), options_(options), report_(report) {}

  absl::Status Send(Purchases left) {
    while (!left.empty()) {
      Wave wave = TakeWave(left);
      if (absl::Status status = SendPurchases(std::move(wave.purchases)); !status.ok()) {
        return status;
      }
      if (absl::Status status = SendReturns(std::move(wave.returns)); !status.ok()) return status;
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

  absl::Status SendPurchases(Purchases purchases) {
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
    if (NeedsEnrollment(purchase, error)) {
      unsettled.purchases.push_back(&purchase);
      return;
    }
    report_.Refuse(purchase, error);
  }

  // Whether that is what the error says; then it is noted whom to enrol.
  bool NeedsEnrollment(const ReadPurchase& purchase, const absl::Status& error) {
    const v1::MemberRef& member = purchase.purchase.member();
    if (ErrorReason(error) != "MEMBER_NOT_FOUND" || !member.has_alias()) return false;
    if (enrolled_.count(EnrollmentId(member.alias())) != 0) return false;
    missing_.try_emplace(EnrollmentId(member.alias()), &purchase.purchase);
    return true;
  }

  // Sends returns of different members, all at once.
  absl::Status SendReturns(Purchases returns) {
    while (!returns.empty()) {
      const std::vector<ReturnAnswer> answers = SendEach(returns);
      Purchases unsettled;
      for (size_t i = 0; i < returns.size(); ++i) {
        const ReadPurchase& goods = *returns[i];
        if (answers[i].ok()) {
          report_.RecordReturn(goods, *answers[i]);
          continue;
        }
        const absl::Status& error = answers[i].status();
        // What has no reason of the server's concerns more than this return.
        const bool is_refusal = !ErrorReason(error).empty() && !IsTransient(error);
        if (!is_refusal) return error;
        if (NeedsEnrollment(goods, error)) {
          unsettled.push_back(&goods);
        } else {
          report_.Refuse(goods, error);
        }
      }
      if (absl::Status status = Enroll(unsettled); !status.ok()) return status;
      returns = std::move(unsettled);
    }
    return absl::OkStatus();
  }

  // The answers, in the order of the returns.
  std::vector<ReturnAnswer> SendEach(const Purchases& returns) {
    std::vector<ReturnAnswer> answers(returns.size(), absl::UnknownError(""));
    absl::BlockingCounter open(static_cast<int>(returns.size()));
    for (size_t i = 0; i < returns.size(); ++i) {
      client_.AsyncRecordReturn(ToReturn(returns[i]->purchase),
                                [&open, &answer = answers[i]](ReturnAnswer answered) {
                                  answer = std::move(answered);
                                  open.DecrementCount();
                                });
    }
    open.Wait();
    return answers;
  }

  // Enrols all members that are missing, at once. Purchases of those that can't
  // be enrolled are refused and taken from `purchases`.
  absl::Status Enroll(Purchases& purchases) {
    if (missing_.empty()) return absl::OkStatus();
    std::vector<std::pair<std::string, absl::Status>> outcomes;
    for (const auto& [id, purchase] : missing_) outcomes.emplace_back(id, absl::OkStatus());
    absl::BlockingCounter open(static_cast<int>(missing_.size()));
    for (auto& [id, outcome] : outcomes) {
      client_.AsyncEnrollMember(
          EnrollRequest(id, *missing_.at(id)),
          [&open, &result = outcome](const absl::StatusOr<v1::EnrollMemberResponse>& enrolled) {
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

  static v1::EnrollMemberRequest EnrollRequest(const std::string& id,
                                               const v1::Purchase& purchase) {
    v1::EnrollMemberRequest request;
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
  return ContentId(absl::StrCat(alias.kind(), ":", alias.value()));
}

std::string ContentId(const std::string& text) {
  // FNV-1a with 128 bits: aliases may be longer than request ids and hold
  // characters that those may not.
  const absl::uint128 prime = absl::MakeUint128(0x0000000001000000, 0x000000000000013b);
  absl::uint128 hash = absl::MakeUint128(0x6c62272e07bb0142, 0x62b821756295c58d);
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * prime;
  }
  return absl::StrFormat("import-%016x%016x", absl::Uint128High64(hash), absl::Uint128Low64(hash));
}

}  // namespace dangol::cli
