#ifndef DANGOL_TESTS_LANE_FIXTURE_H_
#define DANGOL_TESTS_LANE_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/lane/executor.h"
#include "server/lane/program_library.h"
#include "server/storage/open_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_store.h"
#include "tests/support/programs.h"
#include "tests/support/test_store.h"

namespace dangol::lane {

// A lane's surroundings: a real store in which faults can be planted, a clock
// that stands still, and a program that is in force.
class LaneFixture : public ::testing::Test {
 protected:
  using Site = testing::FaultyStore::Site;

  // `via` makes the URL over which to reach the store of the one that it has.
  explicit LaneFixture(const std::function<std::string(const std::string& url)>& via = {})
      : real_store_(via ? *storage::OpenStore(via(database_.url())) : database_.Open()),
        store_(*real_store_),
        programs_(
            [](const std::string& text) -> absl::StatusOr<std::shared_ptr<const domain::Program>> {
              return std::make_shared<const domain::Program>(NamedProgram(text));
            }),
        executor_(store_, programs_, clock_) {
    StoreProgram(1, absl::InfinitePast(), "simple");
    RunOne(Enroll("enroll-1", 1));
  }

  // What a program text stands for here.
  static domain::Program NamedProgram(const std::string& text) {
    domain::Program program = testing::SimpleProgram();
    program.name = text;
    if (text == "scoring") {
      program.rfm.emplace().rates = {{1, 1, 16}};
      program.rfm->recompute = domain::NormsInterval::kMonthly;
      program.rfm->segments = domain::DefaultRfmSegments();
    }
    if (text == "patient") program.wallets[0].pending_days = 1;
    if (text == "generous") program.earning_rules[0].rates[0].points = 5;
    if (text == "capped") program.earning_rules[0].caps = {{domain::CapPeriod::kEver, 15}};
    if (text == "budgeted") program.earning_rules[0].budget = 25;
    // An award for each purchase, or for each member who is brought, until 250 points are given.
    if (text == "carded" || text == "bringing") {
      domain::Incentive& incentive = program.incentives.emplace_back();
      incentive.id = incentive.name = text;
      incentive.kind = domain::PunchCard();
      if (text == "bringing") incentive.kind = domain::Referrer();
      incentive.reward = {"points", 100};
      incentive.budget = 250;
    }
    if (text == "rewarding") {
      domain::Reward& reward = program.rewards.emplace_back();
      reward.id = reward.name = "latte";
      reward.points = 10;
      reward.stock = 2;
      reward.validity_days = 1;
    }
    return program;
  }

  static Request Activate(const std::string& text) {
    domain::ActivateProgram activate;
    activate.program = std::make_shared<const domain::Program>(NamedProgram(text));
    activate.text = text;
    return NewRequest(storage::RequestScope::kRequest, "activate " + text, std::move(activate));
  }

  // Puts a version into the store, as another server would.
  void StoreProgram(int64_t version, absl::Time effective_from, const std::string& text) {
    storage::WriteSet writes;
    writes.rules = {{version, version, text, effective_from, clock_.Now(), text, ""}};
    auto transaction = real_store_->Begin();
    ASSERT_TRUE((*transaction)->Write(writes).ok());
    ASSERT_TRUE((*transaction)->Commit().ok());
  }

  // The reply says what the wallet holds.
  static std::string InWordsOf(const domain::Outcome& outcome) {
    if (const auto* purchase = std::get_if<domain::PurchaseOutcome>(&outcome)) {
      const int64_t available = purchase->balances.empty() ? 0 : purchase->balances[0].available;
      return absl::StrCat(purchase->purchase_id, " ", available);
    }
    if (const auto* spent = std::get_if<domain::ReservationOutcome>(&outcome)) {
      return absl::StrCat("spent, ", spent->balances[0].available, " left");
    }
    if (const auto* back = std::get_if<domain::ReturnOutcome>(&outcome)) {
      return absl::StrCat("returned, ", back->balances[0].available, " left");
    }
    if (const auto* given = std::get_if<domain::TransferOutcome>(&outcome)) {
      return absl::StrCat("given, ", given->balances[0].available, " left");
    }
    if (const auto* coupon = std::get_if<domain::CouponOutcome>(&outcome)) {
      return absl::StrCat("coupon ", static_cast<int>(coupon->coupon.status), ", ",
                          coupon->balances[0].available, " left");
    }
    return "done";
  }
  static Request NewRequest(storage::RequestScope scope, const std::string& id,
                            domain::Action action) {
    Request request;
    request.key = {scope, id};
    request.action = domain::EncodeAction(action);
    request.request_hash = "hash of " + id;
    request.command = {std::move(action), "test"};
    request.encode = InWordsOf;
    return request;
  }

  static Request Enroll(const std::string& id, uint64_t number) {
    domain::EnrollMember enroll;
    enroll.member_id = testing::MemberNumber(number);
    enroll.aliases = {{"card", absl::StrCat(number)}};
    return NewRequest(storage::RequestScope::kRequest, id, std::move(enroll));
  }

  // A purchase of 10 EUR, which earns 10 points.
  Request Buy(const std::string& id, uint64_t member = 1) const {
    domain::RecordPurchase record;
    record.member.id = testing::MemberNumber(member);
    record.purchase = testing::PurchaseOf({testing::Line(1'000)});
    record.purchase.purchase_id = id;
    return NewRequest(storage::RequestScope::kPurchase, id, std::move(record));
  }

  // The same, with the member named by the alias that Enroll gave.
  Request BuyByCard(const std::string& id, uint64_t member = 1) const {
    Request request = Buy(id, member);
    domain::MemberRef& ref = std::get<domain::RecordPurchase>(request.command.action).member;
    ref.alias = {"card", absl::StrCat(member)};
    ref.id.reset();
    return request;
  }

  // Spends points of the member at once.
  static Request Redeem(const std::string& id, int64_t points, uint64_t member = 1) {
    domain::ReservePoints reserve;
    reserve.member.id = testing::MemberNumber(member);
    reserve.reservation_id = id;
    reserve.points = points;
    reserve.capture = true;
    return NewRequest(storage::RequestScope::kRequest, id, std::move(reserve));
  }

  // Gives points of the first member to another one.
  static Request Transfer(const std::string& id, int64_t points, uint64_t to) {
    domain::TransferPoints transfer;
    transfer.member.id = testing::MemberNumber(1);
    transfer.to.alias = {"card", absl::StrCat(to)};
    transfer.transfer_id = id;
    transfer.points = points;
    return NewRequest(storage::RequestScope::kRequest, id, std::move(transfer));
  }

  // Gives back all that Buy has bought, with the receipt or without.
  static Request Return(const std::string& id, const std::string& purchase_id) {
    domain::RecordReturn record;
    record.return_id = id;
    record.purchase_id = record.member.purchase_id = purchase_id;
    record.amount_minor = 1'000;
    return NewRequest(storage::RequestScope::kReturn, id, std::move(record));
  }
  static Request ReturnWithoutReceipt(const std::string& id, uint64_t member = 1) {
    domain::RecordReturn record;
    record.member.id = testing::MemberNumber(member);
    record.return_id = id;
    record.currency = "EUR";
    record.lines = {{0, testing::Line(1'000).sku, 1, 1'000}};
    return NewRequest(storage::RequestScope::kReturn, id, std::move(record));
  }

  // Executes a batch and returns every request's answer in words: the reply,
  // with "again" where it was replayed, or the reason of the refusal.
  std::vector<std::string> Run(std::vector<Request> batch) {
    std::vector<std::string> answers(batch.size(), "no answer");
    for (size_t i = 0; i < batch.size(); ++i) {
      batch[i].done = [&answers, i](const absl::StatusOr<Reply>& reply) {
        EXPECT_EQ(answers[i], "no answer") << "answered twice";
        answers[i] = InWords(reply);
      };
    }
    for (Completion& completion : executor_.Execute(std::move(batch))) completion.Run();
    return answers;
  }

  std::string RunOne(Request request) {
    std::vector<Request> batch;
    batch.push_back(std::move(request));
    return Run(std::move(batch))[0];
  }

  static std::string InWords(const absl::StatusOr<Reply>& reply) {
    if (reply.ok()) return reply->encoded + (reply->replayed ? " again" : "");
    const std::string reason = DetailsOf(reply.status()).reason;
    return reason.empty() ? absl::StatusCodeToString(reply.status().code()) : reason;
  }

  int64_t StoredPurchases() {
    return (*real_store_->NewReader())
        ->Totals(absl::InfinitePast(), [](const domain::MemberState&) {})
        ->purchases;
  }

  const testing::TestStore database_;
  testing::FakeClock clock_{testing::Utc("2026-01-15 12:00:00")};
  std::unique_ptr<storage::Store> real_store_;
  testing::FaultyStore store_;
  ProgramLibrary programs_;
  Executor executor_;
};

}  // namespace dangol::lane

#endif  // DANGOL_TESTS_LANE_FIXTURE_H_
