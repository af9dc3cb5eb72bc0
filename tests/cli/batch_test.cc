#include "cli/import/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dangol/client.h"
#include "fake_server.h"

namespace dangol::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class BatchTest : public testing::Test {
 protected:
  BatchTest() {
    options_.sleep = [this](absl::Duration pause) { pauses_.push_back(pause); };
  }

  absl::Status Record(const std::vector<v1::Purchase>& purchases) {
    std::vector<ReadPurchase> batch;
    for (const v1::Purchase& purchase : purchases) {
      batch.push_back({.purchase = purchase,
                       .rows = {{.line = static_cast<int64_t>(batch.size()) + 2, .text = "row"}}});
    }
    return RecordBatch(Client(server_), options_, batch, report_);
  }

  // Records what is given, of which these ids are returns.
  absl::Status RecordMixed(const std::vector<v1::Purchase>& purchases,
                           const std::set<std::string>& returns) {
    std::vector<ReadPurchase> batch;
    for (const v1::Purchase& purchase : purchases) {
      batch.push_back({.purchase = purchase,
                       .rows = {{.line = static_cast<int64_t>(batch.size()) + 2, .text = "row"}},
                       .is_return = returns.count(purchase.purchase_id()) != 0});
    }
    return RecordBatch(Client(server_), options_, batch, report_);
  }

  // The ids of what is recorded for a customer, in order.
  std::vector<std::string> IdsOf(const std::string& customer) {
    std::vector<std::string> ids;
    const auto purchases = server_->purchases();
    const auto found = purchases.find(customer);
    if (found == purchases.end()) return ids;
    for (const v1::Purchase& purchase : found->second) {
      ids.push_back(purchase.purchase_id());
    }
    return ids;
  }

  std::shared_ptr<testing::NiceMock<FakeServer>> server_ = MakeFakeServer();
  SenderOptions options_;
  std::vector<absl::Duration> pauses_;
  ImportReport report_;
};

TEST_F(BatchTest, EnrolsWhoIsUnknownAsOfTheirFirstPurchase) {
  server_->AddMember("old");
  v1::Purchase first = MakePurchase("a", "new");
  first.mutable_occurred_at()->set_seconds(1000);
  ASSERT_TRUE(Record({first, MakePurchase("b", "old"), MakePurchase("c", "new")}).ok());
  EXPECT_THAT(IdsOf("new"), ElementsAre("a", "c"));
  EXPECT_THAT(IdsOf("old"), ElementsAre("b"));
  ASSERT_THAT(server_->enrollments(), SizeIs(1));
  const v1::EnrollMemberRequest enrollment = server_->enrollments()[0];
  EXPECT_EQ(enrollment.request_id(), EnrollmentId(first.member().alias()));
  EXPECT_EQ(enrollment.enrolled_at().seconds(), 1000);
  EXPECT_EQ(enrollment.aliases(0).kind(), "customer");
  EXPECT_EQ(report_.totals().members_enrolled, 1);
  EXPECT_EQ(report_.totals().purchases_recorded, 3);
  EXPECT_EQ(report_.totals().purchase_lines, 3);
  EXPECT_THAT(report_.totals().amount_minor, ElementsAre(Pair("GBP", 300)));
}

TEST_F(BatchTest, CountsWhatWasRecordedBefore) {
  server_->AddMember("m");
  ASSERT_TRUE(Record({MakePurchase("a", "m")}).ok());
  ASSERT_TRUE(Record({MakePurchase("a", "m"), MakePurchase("b", "m")}).ok());
  EXPECT_EQ(report_.totals().purchases_recorded, 2);
  EXPECT_EQ(report_.totals().purchases_replayed, 1);
  EXPECT_THAT(server_->enrollments(), IsEmpty());
}

TEST_F(BatchTest, RejectsTheRowsOfWhatTheServerRefuses) {
  server_->AddMember("m");
  server_->Refuse("b", MakeError(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", "no"));
  server_->Refuse("c", absl::InternalError("odd"));
  ASSERT_TRUE(
      Record({MakePurchase("a", "m"), MakePurchase("b", "m"), MakePurchase("c", "m")}).ok());
  EXPECT_THAT(IdsOf("m"), ElementsAre("a"));
  EXPECT_THAT(report_.totals().rejected,
              ElementsAre(Pair("INTERNAL", 1), Pair("INVALID_FIELDS", 1)));
  EXPECT_EQ(report_.totals().purchases_refused, 2);
  EXPECT_EQ(ErrorReason(report_.totals().first_refusal), "INVALID_FIELDS");
}

TEST_F(BatchTest, WhatIsKnownWithOtherDetailsIsNoRefusal) {
  server_->AddMember("m");
  const auto reused = [](const std::string& money_differs) {
    return MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED", "channel differs",
                     {{"fields", "channel"}, {"money_differs", money_differs}});
  };
  server_->Refuse("b", reused("false"));
  server_->RefuseReturn("Rc", reused("false"));
  ASSERT_TRUE(
      RecordMixed({MakePurchase("a", "m"), MakePurchase("b", "m"), MakePurchase("Rc", "m")}, {"Rc"})
          .ok());
  EXPECT_EQ(report_.totals().purchases_with_other_details, 1);
  EXPECT_EQ(report_.totals().returns_with_other_details, 1);
  EXPECT_EQ(report_.totals().purchases_refused + report_.totals().returns_refused, 0);
  EXPECT_THAT(report_.totals().rejected, IsEmpty());
  EXPECT_TRUE(report_.totals().first_refusal.ok());

  server_->Refuse("d", reused("true"));
  // An older server does not tell.
  server_->Refuse("e", MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED", ""));
  ASSERT_TRUE(Record({MakePurchase("d", "m"), MakePurchase("e", "m")}).ok());
  EXPECT_EQ(report_.totals().purchases_refused, 2);
  EXPECT_THAT(report_.totals().rejected, ElementsAre(Pair("REQUEST_ID_REUSED", 2)));
}

TEST_F(BatchTest, SendsAgainWhatTheServerIsTooBusyFor) {
  server_->AddMember("m");
  server_->BeBusyFor(3);
  ASSERT_TRUE(Record({MakePurchase("a", "m"), MakePurchase("b", "m")}).ok());
  EXPECT_THAT(IdsOf("m"), testing::UnorderedElementsAre("a", "b"));
  EXPECT_EQ(report_.totals().purchases_recorded, 2);
  // The server asked for three seconds.
  EXPECT_THAT(pauses_, ElementsAre(absl::Seconds(3), absl::Seconds(3)));
}

TEST_F(BatchTest, GivesUpOnAServerThatStaysBusy) {
  server_->AddMember("m");
  server_->BeBusyFor(1000);
  EXPECT_EQ(Record({MakePurchase("a", "m")}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(pauses_, SizeIs(options_.resends));
}

TEST_F(BatchTest, FailsWhenTheServerIsGone) {
  server_->FailBatches({absl::UnavailableError("gone")});
  EXPECT_EQ(Record({MakePurchase("a", "m")}), absl::UnavailableError("gone"));
  server_->RefuseMember("m", absl::UnavailableError("gone now"));
  EXPECT_EQ(Record({MakePurchase("a", "m")}), absl::UnavailableError("gone now"));
  EXPECT_EQ(report_.totals().rows_rejected(), 0);
}

TEST_F(BatchTest, RefusesOnlyThePurchasesOfWhoCannotBeEnrolled) {
  server_->RefuseMember("bad", absl::InvalidArgumentError("no such alias kind"));
  ASSERT_TRUE(
      Record({MakePurchase("a", "bad"), MakePurchase("b", "good"), MakePurchase("c", "bad")}).ok());
  EXPECT_THAT(IdsOf("good"), ElementsAre("b"));
  EXPECT_THAT(report_.totals().rejected, ElementsAre(Pair("INVALID_ARGUMENT", 2)));
}

TEST_F(BatchTest, SomebodyElseMayEnrolFirst) {
  // Enrolled between the two calls.
  ON_CALL(*server_, AsyncEnrollMember(testing::_, testing::_))
      .WillByDefault([&](auto request, auto done) {
        server_->AddMember(request.aliases(0).value());
        done(MakeError(absl::StatusCode::kAlreadyExists, "ALIAS_TAKEN", "somebody has it"));
      });
  ASSERT_TRUE(Record({MakePurchase("a", "m")}).ok());
  EXPECT_THAT(IdsOf("m"), ElementsAre("a"));
  EXPECT_EQ(report_.totals().members_enrolled, 0);
}

TEST_F(BatchTest, DoesNotEnrolForEver) {
  // The alias is said to be taken, and yet nobody has it.
  server_->RefuseMember("m", MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED", ""));
  ASSERT_TRUE(Record({MakePurchase("a", "m")}).ok());
  EXPECT_THAT(report_.totals().rejected, ElementsAre(Pair("MEMBER_NOT_FOUND", 1)));
  EXPECT_THAT(server_->enrollments(), SizeIs(1));
}

TEST_F(BatchTest, AMemberNamedByIdIsNotEnrolled) {
  v1::Purchase purchase = MakePurchase("a", "m");
  *purchase.mutable_member() = MemberById("nobody");
  ASSERT_TRUE(Record({purchase}).ok());
  EXPECT_THAT(report_.totals().rejected, ElementsAre(Pair("MEMBER_NOT_FOUND", 1)));
  EXPECT_THAT(server_->enrollments(), IsEmpty());
}

TEST_F(BatchTest, AReturnComesAfterThePurchasesBeforeItAndBeforeThoseAfterIt) {
  server_->AddMember("m");
  server_->AddMember("n");
  const auto of = [](const char* id, const char* customer) { return MakePurchase(id, customer); };
  ASSERT_TRUE(RecordMixed({of("a", "m"), of("b", "n"), of("Ra", "m"), of("Ra2", "m"), of("c", "m"),
                           of("Rb", "n"), of("Rc", "m"), of("d", "n")},
                          {"Ra", "Ra2", "Rb", "Rc"})
                  .ok());
  EXPECT_THAT(server_->history(), ElementsAre(Pair("m", ElementsAre("a", "Ra", "Ra2", "c", "Rc")),
                                              Pair("n", ElementsAre("b", "Rb", "d"))));
  // One call for what comes before the first return of each, and one for the rest.
  EXPECT_THAT(server_->batch_sizes(), ElementsAre(2, 1, 1));
  const ImportTotals totals = report_.totals();
  EXPECT_EQ(totals.purchases_recorded, 4);
  EXPECT_EQ(totals.returns_recorded, 4);
  EXPECT_EQ(totals.returned_lines, 4);
  EXPECT_EQ(totals.matched_quantity, 4);
  EXPECT_EQ(totals.unmatched_quantity, 0);
  EXPECT_THAT(totals.returned_minor, ElementsAre(Pair("GBP", 400)));
}

TEST_F(BatchTest, AReturnHasNoReceiptAndTheContentOfTheFile) {
  server_->AddMember("m");
  v1::Purchase goods = MakePurchase("C1", "m", 250);
  goods.mutable_lines(0)->set_quantity(3);
  ASSERT_TRUE(RecordMixed({goods}, {"C1"}).ok());
  ASSERT_THAT(server_->returns(), SizeIs(1));
  const v1::Return sent = server_->returns()[0];
  EXPECT_EQ(sent.return_id(), "C1");
  EXPECT_EQ(sent.purchase_id(), "");
  EXPECT_EQ(sent.member().alias().value(), "m");
  EXPECT_EQ(sent.currency(), "GBP");
  EXPECT_EQ(sent.occurred_at().seconds(), 1'300'000'000);
  ASSERT_EQ(sent.lines_size(), 1);
  EXPECT_EQ(sent.lines(0).sku(), "tea");
  EXPECT_EQ(sent.lines(0).quantity(), 3);
  EXPECT_EQ(sent.lines(0).amount_minor(), 250);
  EXPECT_EQ(report_.totals().unmatched_quantity, 3);
}

TEST_F(BatchTest, ReturnsRecordedBeforeAreCountedAsSuch) {
  server_->AddMember("m");
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(RecordMixed({MakePurchase("a", "m"), MakePurchase("C1", "m")}, {"C1"}).ok());
  }
  EXPECT_EQ(report_.totals().returns_recorded, 1);
  EXPECT_EQ(report_.totals().returns_replayed, 1);
}

TEST_F(BatchTest, WhoIsKnownByAReturnOnlyIsEnrolled) {
  v1::Purchase goods = MakePurchase("C1", "new");
  goods.mutable_occurred_at()->set_seconds(1000);
  ASSERT_TRUE(RecordMixed({goods, MakePurchase("a", "new")}, {"C1"}).ok());
  EXPECT_THAT(server_->history(), ElementsAre(Pair("new", ElementsAre("C1", "a"))));
  ASSERT_THAT(server_->enrollments(), SizeIs(1));
  EXPECT_EQ(server_->enrollments()[0].enrolled_at().seconds(), 1000);
}

TEST_F(BatchTest, ARefusedReturnRejectsItsRowsAndNothingElse) {
  server_->AddMember("m");
  server_->RefuseReturn("C1",
                        MakeError(absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED", ""));
  ASSERT_TRUE(
      RecordMixed({MakePurchase("C1", "m"), MakePurchase("C2", "m"), MakePurchase("a", "m")},
                  {"C1", "C2"})
          .ok());
  EXPECT_THAT(server_->history(), ElementsAre(Pair("m", ElementsAre("C2", "a"))));
  EXPECT_THAT(report_.totals().rejected, ElementsAre(Pair("MEMBER_CLOSED", 1)));
  EXPECT_EQ(report_.totals().returns_refused, 1);
  EXPECT_EQ(report_.totals().purchases_refused, 0);
  EXPECT_EQ(ErrorReason(report_.totals().first_refusal), "MEMBER_CLOSED");
}

TEST_F(BatchTest, StopsWhereTheServerTakesNoReturns) {
  server_->AddMember("m");
  for (const absl::Status& error :
       {absl::UnavailableError("gone"), absl::UnimplementedError("an older server"),
        MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", "no database")}) {
    server_->RefuseReturn("C1", error);
    EXPECT_EQ(RecordMixed({MakePurchase("C1", "m"), MakePurchase("a", "m")}, {"C1"}), error);
  }
  EXPECT_EQ(report_.totals().rows_rejected(), 0);
  EXPECT_THAT(IdsOf("m"), IsEmpty());
}

TEST(EnrollmentId, IsStableAndShort) {
  // Written down: another id for the same alias would break resuming.
  EXPECT_EQ(EnrollmentId(MakeAlias("customer", "17850")),
            EnrollmentId(MakeAlias("customer", "17850")));
  EXPECT_EQ(EnrollmentId(MakeAlias("", "")), "import-d228cb693a1a8caf78912b704e4a482d");
  EXPECT_NE(EnrollmentId(MakeAlias("customer", "17850")),
            EnrollmentId(MakeAlias("customer", "17851")));
  EXPECT_NE(EnrollmentId(MakeAlias("card", "1")), EnrollmentId(MakeAlias("phone", "1")));
  EXPECT_LE(EnrollmentId(MakeAlias("x", std::string(128, '\xff'))).size(), 128);
}

}  // namespace
}  // namespace dangol::cli
