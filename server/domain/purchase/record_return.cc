#include "server/domain/purchase/record_return.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/record_purchase.h"
#include "server/domain/purchase/rest.h"
#include "server/domain/purchase/restand_purchase.h"

namespace dangol::domain {
namespace {

// Works out one return, step by step.
class Returner {
 public:
  Returner(const RecordReturn& command, absl::string_view principal, const MemberState& member,
           const ProgramCatalog& catalog, const ProgramVersion& version, Draft& draft)
      : command_(command),
        member_(member),
        program_(*version.program),
        catalog_(catalog),
        draft_(draft),
        cause_{std::string(principal), command.return_id, ""} {
    for (const Purchase& purchase : member.purchases) purchases_.push_back(&purchase);
    // The newest first; among equals, as they are listed.
    std::sort(purchases_.begin(), purchases_.end(), [](const Purchase* a, const Purchase* b) {
      return std::tie(a->occurred_at, a->purchase_id) > std::tie(b->occurred_at, b->purchase_id);
    });
  }

  absl::Status Run(Return& recorded) {
    recorded_ = &recorded;
    cause_.occurred_at = recorded.occurred_at;
    if (command_.purchase_id.empty()) {
      RETURN_IF_ERROR(CheckReturnCurrency());
      recorded.currency = command_.currency;
      for (const RecordReturn::Line& line : command_.lines) Match(line);
    } else {
      const Purchase* bought = FindPurchase(command_.purchase_id, member_);
      if (bought == nullptr) return PurchaseNotFound(command_.purchase_id);
      if (recorded.occurred_at < bought->occurred_at - limits::kMaxClockSkew) {
        return ReturnTooEarly(recorded.occurred_at, bought->occurred_at);
      }
      // Two tills' clocks differ.
      recorded.occurred_at = std::max(recorded.occurred_at, bought->occurred_at);
      cause_.occurred_at = recorded.occurred_at;
      recorded.currency = bought->currency;
      recorded.person = bought->person;
      RETURN_IF_ERROR(ReturnOf(Changed(*bought)));
    }
    for (const ReturnedLine& line : recorded.lines) {
      recorded.amount_minor += line.amount_minor;
      if (line.purchase_id.empty()) recorded.unmatched_minor += line.amount_minor;
    }
    for (auto& [id, purchase] : changed_) {
      const ProgramVersion* const version = catalog_.Find(purchase.program_version);
      if (version == nullptr) return ProgramMissing();
      purchase.returned_at =
          std::max(purchase.returned_at.value_or(recorded.occurred_at), recorded.occurred_at);
      RETURN_IF_ERROR(RestandPurchase(*version->program, program_, cause_,
                                      *FindPurchase(id, member_), purchase, draft_, points_));
    }
    return absl::OkStatus();
  }

  std::vector<Purchase> TakeChanged() {
    std::vector<Purchase> purchases;
    for (auto& [id, purchase] : changed_) purchases.push_back(std::move(purchase));
    return purchases;
  }

  std::vector<ReversedPoints> TakePoints() {
    std::vector<ReversedPoints> points;
    for (auto& [wallet, reversed] : points_) points.push_back(std::move(reversed));
    return points;
  }

 private:
  // The purchase with what this return has changed in it so far.
  Purchase& Changed(const Purchase& purchase) {
    return changed_.try_emplace(purchase.purchase_id, purchase).first->second;
  }

  const Purchase& Latest(const Purchase& purchase) const {
    const auto changed = changed_.find(purchase.purchase_id);
    return changed == changed_.end() ? purchase : changed->second;
  }

  // So many pieces of a line have come back, which had cost `value_minor`.
  void Note(Purchase& purchase, size_t index, int64_t quantity, int64_t value_minor,
            int64_t amount_minor) {
    PurchaseLine& line = purchase.lines[index];
    recorded_->lines.push_back({purchase.purchase_id, static_cast<int>(index), line.sku, quantity,
                                amount_minor, value_minor});
    line.returned_quantity += quantity;
    line.returned_minor += value_minor;
    purchase.returned_minor += amount_minor;
  }

  // All that they had cost is paid back.
  void Note(Purchase& purchase, size_t index, int64_t quantity) {
    const int64_t value_minor = ValueOf(purchase, index, quantity);
    Note(purchase, index, quantity, value_minor, value_minor);
  }

  // What was bought before its currency was retired may still come back.
  absl::Status CheckReturnCurrency() const {
    const std::vector<std::string>& retired = program_.retired_currencies;
    const bool is_retired =
        std::find(retired.begin(), retired.end(), command_.currency) != retired.end();
    return is_retired ? absl::OkStatus() : CheckCurrency(command_.currency, program_);
  }

  absl::Status ReturnOf(Purchase& purchase) {
    if (command_.everything_left) return ReturnRest(purchase);
    return command_.lines.empty() ? ReturnAmount(purchase) : ReturnLines(purchase);
  }

  absl::Status ReturnRest(Purchase& purchase) {
    if (!Stands(purchase)) return ReturnTooLarge("nothing is left to come back");
    for (size_t i = 0; i < purchase.lines.size(); ++i) {
      const int64_t quantity = QuantityLeft(purchase.lines[i]);
      if (quantity > 0) Note(purchase, i, quantity);
    }
    return absl::OkStatus();
  }

  absl::Status ReturnLines(Purchase& purchase) {
    for (size_t i = 0; i < command_.lines.size(); ++i) {
      const RecordReturn::Line& said = command_.lines[i];
      if (said.line < 0 || said.line >= static_cast<int>(purchase.lines.size())) {
        return LineNotFound(i, said.line, purchase.lines.size());
      }
      const auto index = static_cast<size_t>(said.line);
      const PurchaseLine& line = purchase.lines[index];
      if (said.quantity > QuantityLeft(line)) {
        return ReturnTooLarge(absl::StrCat("of line ", said.line, ", ", QuantityLeft(line),
                                           " are left to come back, not ", said.quantity));
      }
      Note(purchase, index, said.quantity);
    }
    return absl::OkStatus();
  }

  // Of which pieces is not known then.
  absl::Status ReturnAmount(Purchase& purchase) {
    const int64_t left = purchase.total_minor - purchase.returned_minor;
    if (command_.amount_minor > left) {
      return ReturnTooLarge(
          absl::StrCat(left, " minor units are left to come back, not ", command_.amount_minor));
    }
    recorded_->lines.push_back(
        {purchase.purchase_id, -1, "", 0, command_.amount_minor, command_.amount_minor});
    purchase.returned_by_amount_minor += command_.amount_minor;
    purchase.returned_minor += command_.amount_minor;
    return absl::OkStatus();
  }

  // Without a receipt: the newest goods of the article that have not come back yet, nor been
  // refunded by amount. What was paid back is spread over them by quantity, each up to what it
  // had cost. What is beyond that, and pieces that nobody finds, stay visible as goods without a
  // purchase.
  void Match(const RecordReturn::Line& said) {
    int64_t quantity = 0;
    int64_t matched_minor = 0;
    for (const Purchase* purchase : Candidates()) {
      for (size_t i = 0; i < purchase->lines.size() && quantity < said.quantity; ++i) {
        const int64_t left = PiecesToMatch(Latest(*purchase), i, said.sku);
        const int64_t part = std::min(left, said.quantity - quantity);
        if (part <= 0) continue;
        const int64_t paid_back = ShareOf(said.amount_minor, quantity + part, said.quantity) -
                                  ShareOf(said.amount_minor, quantity, said.quantity);
        Purchase& changed = Changed(*purchase);
        const int64_t value_minor = ValueOf(changed, i, part);
        const int64_t amount_minor = std::min(paid_back, value_minor);
        Note(changed, i, part, value_minor, amount_minor);
        quantity += part;
        matched_minor += amount_minor;
      }
    }
    const int64_t unmatched = said.quantity - quantity;
    const int64_t rest = said.amount_minor - matched_minor;
    if (unmatched > 0 || rest > 0) {
      recorded_->lines.push_back({"", -1, said.sku, unmatched, rest, rest});
    }
  }

  static int64_t PiecesToMatch(const Purchase& purchase, size_t index, absl::string_view sku) {
    const PurchaseLine& line = purchase.lines[index];
    if (line.sku != sku) return 0;
    const bool is_refunded = purchase.returned_by_amount_minor > 0 && line.amount_minor > 0 &&
                             AmountsLeft(purchase)[index] == 0;
    return is_refunded ? 0 : QuantityLeft(line);
  }

  // No more than are loaded, whatever else is known of the member.
  std::vector<const Purchase*> Candidates() const {
    const absl::Time begin = ReturnWindowBegins(program_, recorded_->occurred_at);
    std::vector<const Purchase*> candidates;
    size_t loaded = 0;
    for (const Purchase* purchase : purchases_) {
      if (purchase->occurred_at < begin || ++loaded > limits::kMaxPurchasesPerReturn) break;
      const bool is_candidate =
          purchase->currency == command_.currency &&
          purchase->occurred_at <= recorded_->occurred_at + limits::kMaxClockSkew;
      if (is_candidate) candidates.push_back(purchase);
    }
    return candidates;
  }

  const RecordReturn& command_;
  const MemberState& member_;
  const Program& program_;
  const ProgramCatalog& catalog_;
  Draft& draft_;
  Cause cause_;
  std::vector<const Purchase*> purchases_;
  std::map<std::string, Purchase> changed_;  // By id.
  std::map<std::string, ReversedPoints> points_;
  Return* recorded_ = nullptr;
};

}  // namespace

absl::StatusOr<Decision> DecideRecordReturn(const RecordReturn& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  Return recorded;
  recorded.return_id = command.return_id;
  recorded.purchase_id = command.purchase_id;
  recorded.occurred_at = command.occurred_at.value_or(now);
  recorded.recorded_at = now;
  recorded.reason = command.reason;
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  RETURN_IF_ERROR(CheckOccurred("occurred_at", recorded.occurred_at, *version->program, now));
  if (state.member == nullptr) {
    return command.purchase_id.empty() ? MemberNotFound(command.member)
                                       : PurchaseNotFound(command.purchase_id);
  }
  RETURN_IF_ERROR(CheckNotClosed(state));
  const MemberState& buyer = *PersonOf(state);
  recorded.member_id = recorded.person = buyer.member.id;

  Draft draft(state, catalog, now);
  draft.Advance();
  Returner returner(command, principal, buyer, catalog, *version, draft);
  RETURN_IF_ERROR(returner.Run(recorded));
  Decision decision;
  decision.outcome = ReturnOutcome{recorded, returner.TakePoints(), draft.book().Accounts()};
  decision.effects = draft.Finish();
  Effects& own = OfPerson(decision.effects);
  own.returned_purchases = returner.TakeChanged();
  own.purchase_return = std::move(recorded);
  return decision;
}

absl::Time ReturnWindowBegins(const Program& program, absl::Time returned_at) {
  const absl::CivilDay day = absl::ToCivilDay(returned_at, program.time_zone);
  return StartOfDay(day - program.return_window_days, program.time_zone);
}

}  // namespace dangol::domain
