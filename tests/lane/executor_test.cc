#include "server/lane/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/common/limits.h"
#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using ::testing::ElementsAre;

class ExecutorTest : public LaneFixture {
 protected:
  template <typename... Requests>
  std::vector<std::string> RunAll(Requests... requests) {
    std::vector<Request> batch;
    (batch.push_back(std::move(requests)), ...);
    return Run(std::move(batch));
  }

  // What those are told who are refused.
  std::vector<ErrorDetails> Refusals(std::vector<Request> batch) {
    std::vector<ErrorDetails> refusals;
    for (Request& request : batch) {
      request.done = [&](const absl::StatusOr<Reply>& reply) {
        if (!reply.ok()) refusals.push_back(DetailsOf(reply.status()));
      };
    }
    for (Completion& completion : executor_.Execute(std::move(batch))) completion.Run();
    return refusals;
  }
};

TEST_F(ExecutorTest, LaterCommandsSeeTheEffectsOfEarlierOnes) {
  const int before = store_.commits();
  EXPECT_THAT(RunAll(Buy("a"), Buy("b"), Enroll("enroll-2", 2), Buy("c", 2), Buy("d")),
              ElementsAre("a 10", "b 20", "done", "c 10", "d 30"));
  EXPECT_EQ(store_.commits(), before + 1);
}

TEST_F(ExecutorTest, AnAliasIsTakenWithinTheBatch) {
  Request second = Enroll("enroll-3", 3);
  std::get<domain::EnrollMember>(second.command.action).aliases = {{"card", "2"}};
  Request by_alias = Buy("a");
  std::get<domain::RecordPurchase>(by_alias.command.action).member = {std::nullopt, {"card", "2"}};
  EXPECT_THAT(RunAll(Enroll("enroll-2", 2), std::move(second), std::move(by_alias)),
              ElementsAre("done", "ALIAS_TAKEN", "a 10"));
}

TEST_F(ExecutorTest, ARepeatedRequestGetsTheFirstReply) {
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
  EXPECT_EQ(RunOne(Buy("b")), "b 20");
  EXPECT_EQ(RunOne(Buy("a")), "a 10 again");
  EXPECT_EQ(StoredPurchases(), 2);
}

TEST_F(ExecutorTest, ARepeatedRequestInTheSameBatchJoinsTheFirst) {
  EXPECT_THAT(RunAll(Buy("a"), Buy("a"), Buy("a")),
              ElementsAre("a 10", "a 10 again", "a 10 again"));
  EXPECT_EQ(StoredPurchases(), 1);
}

TEST_F(ExecutorTest, AnIdIsNotUsedForOtherContent) {
  Request other = Buy("a");
  other.request_hash = "another hash";
  Request same_batch = Buy("b");
  same_batch.request_hash = "another hash";
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
  EXPECT_THAT(RunAll(std::move(other), Buy("b"), std::move(same_batch)),
              ElementsAre("REQUEST_ID_REUSED", "b 20", "REQUEST_ID_REUSED"));
}

TEST_F(ExecutorTest, ARefusedIdIsToldWhatDiffersInTheBatchAndAfterIt) {
  const auto buy = [&](const std::string& channel, int64_t amount) {
    Request request = Buy("a");
    auto& record = std::get<domain::RecordPurchase>(request.command.action);
    record.purchase.channel = channel;
    record.purchase.lines[0].amount_minor = amount;
    request.action = domain::EncodeAction(request.command.action);
    request.request_hash = absl::StrCat(channel, amount);
    return request;
  };
  std::vector<Request> batch;
  batch.push_back(buy("store", 1'000));
  batch.push_back(buy("web", 1'000));
  std::vector<ErrorDetails> refusals = Refusals(std::move(batch));
  batch.clear();
  batch.push_back(buy("web", 999));
  for (ErrorDetails& later : Refusals(std::move(batch))) refusals.push_back(std::move(later));
  ASSERT_EQ(refusals.size(), 2);
  EXPECT_EQ(refusals[0].metadata["fields"], "channel");
  EXPECT_EQ(refusals[0].metadata["money_differs"], "false");
  EXPECT_EQ(refusals[1].metadata["fields"], "lines[0].amount_minor, channel");
  EXPECT_EQ(refusals[1].metadata["money_differs"], "true");
  for (ErrorDetails& refusal : refusals)
    EXPECT_EQ(refusal.metadata["recorded_at"], FormatUtc(clock_.Now()));
}

// Only what is refused is looked up: a repetition costs what it always did.
TEST_F(ExecutorTest, OnlyAReusedIdIsLookedUp) {
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
  int loads = store_.loads();
  EXPECT_EQ(RunOne(Buy("a")), "a 10 again");
  const int of_repetition = store_.loads() - loads;
  Request other = Buy("a");
  other.request_hash = "another hash";
  loads = store_.loads();
  EXPECT_EQ(RunOne(std::move(other)), "REQUEST_ID_REUSED");
  EXPECT_EQ(store_.loads() - loads, of_repetition + 1);
}

TEST_F(ExecutorTest, ARequestThatComesTooLateIsRefusedUnlessItTookEffectBefore) {
  Request in_time = Buy("a");
  in_time.valid_until = clock_.Now();
  EXPECT_EQ(RunOne(std::move(in_time)), "a 10");
  clock_.Advance(absl::Microseconds(1));
  Request again = Buy("a");
  again.valid_until = clock_.Now() - absl::Microseconds(1);
  EXPECT_EQ(RunOne(std::move(again)), "a 10 again");
  Request late = Buy("b");
  late.valid_until = clock_.Now() - absl::Microseconds(1);
  EXPECT_EQ(RunOne(std::move(late)), "REQUEST_EXPIRED");
  EXPECT_EQ(StoredPurchases(), 1);
}

TEST_F(ExecutorTest, TheScopesOfIdsAreApart) {
  EXPECT_THAT(RunAll(Buy("x"), Enroll("x", 2)), ElementsAre("x 10", "done"));
}

// Twenty at once ask for all that there is.
TEST_F(ExecutorTest, NoPointIsSpentTwiceWithinABatch) {
  std::vector<Request> batch;
  batch.push_back(Buy("a"));
  for (int i = 0; i < 20; ++i) batch.push_back(Redeem(absl::StrCat("redeem ", i), 10));
  std::vector<std::string> answers = Run(std::move(batch));
  EXPECT_EQ(answers[1], "spent, 0 left");
  answers.erase(answers.begin(), answers.begin() + 2);
  EXPECT_THAT(answers, ::testing::Each("INSUFFICIENT_POINTS"));
}

TEST_F(ExecutorTest, ATransferIsSeenByWhatComesAfterItOnBothSides) {
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2), Transfer("t", 4, 2), Redeem("r", 7),
                     Redeem("s", 6), Redeem("u", 5, 2), Redeem("v", 4, 2)),
              ElementsAre("a 10", "done", "given, 6 left", "INSUFFICIENT_POINTS", "spent, 0 left",
                          "INSUFFICIENT_POINTS", "spent, 0 left"));
}

TEST_F(ExecutorTest, TwentyTransfersOfTheSamePointsAreOne) {
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2)), ElementsAre("a 10", "done"));
  std::vector<Request> batch;
  for (int i = 0; i < 20; ++i) batch.push_back(Transfer(absl::StrCat("t-", i), 10, 2));
  std::vector<std::string> answers = Run(std::move(batch));
  EXPECT_EQ(answers[0], "given, 0 left");
  answers.erase(answers.begin());
  EXPECT_THAT(answers, ::testing::Each("INSUFFICIENT_POINTS"));
}

// Each in the log of the one whose half it is, with the id of the one request.
TEST_F(ExecutorTest, ATransferIsRecordedWithBothMembers) {
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2), Transfer("t", 4, 2)),
              ElementsAre("a 10", "done", "given, 6 left"));
  EXPECT_EQ(RunOne(Transfer("t", 4, 2)), "given, 6 left again");
  Request other = Transfer("t", 5, 2);
  other.request_hash = "another hash";
  EXPECT_EQ(RunOne(std::move(other)), "REQUEST_ID_REUSED");

  const auto reader = *real_store_->NewReader();
  const auto giver = *reader->ReadRecords(std::nullopt);
  const auto receiver = *reader->ReadRecords(testing::MemberNumber(1));
  const domain::RecordedCommand& given = giver.family.front().commands.back();
  const domain::RecordedCommand& received = receiver.family.front().commands.back();
  EXPECT_EQ(given.id, "t");
  EXPECT_EQ(std::get<domain::TransferPoints>(*given.action).points, 4);
  EXPECT_EQ(given.inputs.rules, 1);
  EXPECT_EQ(received.id, "t");
  const auto& half = std::get<domain::ReceivePoints>(*received.action);
  EXPECT_EQ(half.member.id, testing::MemberNumber(2));
  EXPECT_EQ(half.lots.front().points, 4);
  EXPECT_EQ(received.principal, given.principal);
  EXPECT_EQ(received.recorded_at, given.recorded_at);
  EXPECT_EQ(giver.family.front().entries.back().available_after, 6);
  EXPECT_EQ(receiver.family.front().entries.back().available_after, 4);
}

TEST_F(ExecutorTest, ARefusedTransferHasNoEffectOnEither) {
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2), Transfer("t", 4, 1), Transfer("u", 4, 3),
                     Transfer("v", 11, 2), Redeem("r", 10), Redeem("s", 1, 2)),
              ElementsAre("a 10", "done", "RECEIVER_IS_GIVER", "RECEIVER_NOT_FOUND",
                          "INSUFFICIENT_POINTS", "spent, 0 left", "INSUFFICIENT_POINTS"));
}

TEST_F(ExecutorTest, NobodySeesHalfATransferWhateverFails) {
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2)), ElementsAre("a 10", "done"));
  for (const Site site : {Site::kBegin, Site::kLoad, Site::kWrite, Site::kCommit}) {
    store_.FailNext(site, absl::UnavailableError("away"));
    EXPECT_EQ(RunOne(Transfer("t", 10, 2)), "STORE_UNAVAILABLE");
    EXPECT_EQ(RunOne(Redeem("r", 1, 2)), "INSUFFICIENT_POINTS");
  }
  store_.FailNext(Site::kCommit, absl::AbortedError("deadlock"));
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("connection lost"));
  EXPECT_EQ(RunOne(Transfer("t", 10, 2)), "given, 0 left");
  EXPECT_EQ(RunOne(Redeem("r", 10, 2)), "spent, 0 left");
}

TEST_F(ExecutorTest, AReturnFindsThePurchaseThatItNames) {
  EXPECT_THAT(RunAll(Buy("a"), Buy("b")), ElementsAre("a 10", "b 20"));
  EXPECT_THAT(RunAll(Return("t", "a"), Return("t", "a"), Return("u", "a"), Return("v", "none")),
              ElementsAre("returned, 10 left", "returned, 10 left again", "RETURN_TOO_LARGE",
                          "PURCHASE_NOT_FOUND"));
  EXPECT_EQ(RunOne(Return("t", "a")), "returned, 10 left again");
}

TEST_F(ExecutorTest, AReturnWithoutReceiptFindsWhatWasBoughtInTheSameBatch) {
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
  EXPECT_THAT(RunAll(Buy("b"), ReturnWithoutReceipt("t"), ReturnWithoutReceipt("u"),
                     ReturnWithoutReceipt("v")),
              ElementsAre("b 20", "returned, 10 left", "returned, 0 left", "returned, 0 left"));
}

// Nobody had looked for purchases of a member who was not there yet: the return found none,
// and an audit, which finds it, disagreed.
TEST_F(ExecutorTest, WhoWasEnrolledInTheSameBatchReturnsWhatTheyBought) {
  EXPECT_THAT(RunAll(Enroll("enroll-2", 2), Buy("a", 2), ReturnWithoutReceipt("t", 2)),
              ElementsAre("done", "a 10", "returned, 0 left"));
}

TEST_F(ExecutorTest, ADebtIsRepaidByWhateverComesNext) {
  EXPECT_THAT(RunAll(Buy("a"), Redeem("r", 10)), ElementsAre("a 10", "spent, 0 left"));
  EXPECT_EQ(RunOne(Return("t", "a")), "returned, -10 left");
  EXPECT_EQ(RunOne(Buy("b")), "b 0");
  EXPECT_EQ(RunOne(Buy("c")), "c 10");
}

TEST_F(ExecutorTest, ARefusedCommandIsNotRememberedAndHarmsNobody) {
  EXPECT_THAT(RunAll(Buy("a"), Buy("b", 99), Buy("c")),
              ElementsAre("a 10", "MEMBER_NOT_FOUND", "c 20"));
  EXPECT_EQ(RunOne(Enroll("enroll-99", 99)), "done");
  EXPECT_EQ(RunOne(Buy("b", 99)), "b 10");
}

TEST_F(ExecutorTest, WhatMissedItsDeadlineHasNoEffect) {
  Request late = Buy("a");
  late.deadline = clock_.Now();
  Request in_time = Buy("b");
  in_time.deadline = clock_.Now() + absl::Microseconds(1);
  EXPECT_THAT(RunAll(std::move(late), std::move(in_time)), ElementsAre("DEADLINE_PASSED", "b 10"));
  EXPECT_EQ(RunOne(Buy("a")), "a 20");
}

TEST_F(ExecutorTest, ALostRaceIsRunAgain) {
  for (const Site site : {Site::kBegin, Site::kLoad, Site::kWrite, Site::kCommit}) {
    store_.FailNext(site, absl::AbortedError("deadlock"));
    const std::string id = absl::StrCat("p-", static_cast<int>(site));
    EXPECT_THAT(RunOne(Buy(id)), ::testing::StartsWith(id));
  }
  EXPECT_EQ(StoredPurchases(), 4);
}

// Two servers on one database: this one's batch was decided on a state that the
// other has changed meanwhile. SQLite would not let them overlap; a version that
// was overtaken looks just the same to the executor.
TEST_F(ExecutorTest, AnOvertakenVersionIsLoadedAgain) {
  store_.FailNext(Site::kWrite, absl::AbortedError("a member was changed by another server"));
  EXPECT_THAT(RunAll(Buy("a"), Buy("b")), ElementsAre("a 10", "b 20"));
}

TEST_F(ExecutorTest, GivesUpAfterManyLostRaces) {
  for (int i = 0; i < limits::kMaxCommitAttempts; ++i) {
    store_.FailNext(Site::kCommit, absl::AbortedError("deadlock"));
  }
  EXPECT_EQ(RunOne(Buy("a")), "STORE_UNAVAILABLE");
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
}

TEST_F(ExecutorTest, ALostAnswerToCommitIsLookedUp) {
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("connection lost"));
  EXPECT_THAT(RunAll(Buy("a"), Buy("b", 99)), ElementsAre("a 10", "MEMBER_NOT_FOUND"));
  EXPECT_EQ(StoredPurchases(), 1);
}

TEST_F(ExecutorTest, ALostCommitIsDoneAgain) {
  store_.FailNext(Site::kCommit, absl::UnknownError("connection lost"));
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
  EXPECT_EQ(StoredPurchases(), 1);
}

TEST_F(ExecutorTest, AnAnswerThatStaysUnknownIsNotCalledAFailure) {
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("connection lost"));
  store_.OnCommit([&] {
    for (int i = 1; i < limits::kMaxCommitAttempts; ++i) {
      store_.FailNext(Site::kBegin, absl::AbortedError("deadlock"));
    }
  });
  EXPECT_EQ(RunOne(Buy("a")), "OUTCOME_UNKNOWN");
  EXPECT_EQ(RunOne(Buy("a")), "a 10 again");
}

TEST_F(ExecutorTest, WhenTheDatabaseGoesAwayAfterALostAnswerTheOutcomeIsUnknown) {
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("connection lost"));
  store_.OnCommit([&] { store_.FailNext(Site::kBegin, absl::UnavailableError("away")); });
  EXPECT_EQ(RunOne(Buy("a")), "OUTCOME_UNKNOWN");
  EXPECT_EQ(RunOne(Buy("a")), "a 10 again");
}

TEST_F(ExecutorTest, FaultsOfTheStoreAreToldAndPass) {
  for (const Site site : {Site::kBegin, Site::kLoad, Site::kWrite, Site::kCommit}) {
    store_.FailNext(site, absl::UnavailableError("away"));
    EXPECT_THAT(RunAll(Buy("a"), Buy("b")), ElementsAre("STORE_UNAVAILABLE", "STORE_UNAVAILABLE"));
    store_.FailNext(site, absl::ResourceExhaustedError("full"));
    EXPECT_EQ(RunOne(Buy("a")), "STORE_FULL");
  }
  EXPECT_EQ(StoredPurchases(), 0);
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
}

TEST_F(ExecutorTest, OnePoisonousCommandFailsAlone) {
  store_.FailWrites(
      [](const storage::WriteSet& writes) {
        for (const storage::CommandWrite& write : writes.commands) {
          if (write.record.key.id == "poison") return true;
        }
        return false;
      },
      absl::InternalError("data too long"));
  std::vector<Request> batch;
  for (int i = 0; i < 255; ++i) batch.push_back(Buy(i == 100 ? "poison" : absl::StrCat("p-", i)));
  const std::vector<std::string> answers = Run(std::move(batch));
  EXPECT_EQ(answers[99], "p-99 1000");
  EXPECT_EQ(answers[100], "INTERNAL");
  EXPECT_EQ(answers[101], "p-101 1010");
  EXPECT_EQ(answers[254], "p-254 2540");
  EXPECT_EQ(StoredPurchases(), 254);
}

TEST_F(ExecutorTest, AProgramOfAnotherServerIsInForceAtOnce) {
  StoreProgram(2, clock_.Now(), "patient");
  EXPECT_EQ(RunOne(Buy("a")), "a 0");  // Pending, as the new program says.
}

TEST_F(ExecutorTest, AProgramIsInForceForWhatComesAfterIt) {
  EXPECT_THAT(RunAll(Buy("a"), Activate("generous"), Buy("b")),
              ElementsAre("a 10", "done", "b 60"));
  EXPECT_EQ(programs_.Current()->rules(), 2);
}

TEST_F(ExecutorTest, TwoProgramsAtOnceFollowEachOther) {
  EXPECT_THAT(RunAll(Activate("generous"), Activate("patient")), ElementsAre("done", "done"));
  EXPECT_EQ(programs_.Current()->rules(), 3);
}

// Bugs of before: what the second command reads had been loaded for the alias's
// owner, or the program, of before the first.
TEST_F(ExecutorTest, AnAliasThatMovesTakesNoStateAlong) {
  ASSERT_THAT(RunAll(Enroll("enroll-2", 2), Buy("a"), Buy("b", 2)),
              ElementsAre("done", "a 10", "b 10"));
  domain::RemoveAlias remove;
  remove.member.id = testing::MemberNumber(1);
  remove.alias = {"card", "1"};
  domain::AddAlias add;
  add.member.id = testing::MemberNumber(2);
  add.alias = {"card", "1"};
  Request by_alias = Buy("c");
  std::get<domain::RecordPurchase>(by_alias.command.action).member = {std::nullopt, {"card", "1"}};
  EXPECT_THAT(RunAll(NewRequest(storage::RequestScope::kRequest, "remove", remove),
                     NewRequest(storage::RequestScope::kRequest, "add", add), std::move(by_alias)),
              ElementsAre("done", "done", "c 20"));
  domain::MemberNeeds needs;
  needs.aliases = true;
  storage::KeySet keys;
  keys.members = {{{testing::MemberNumber(2), {}}, needs}};
  const auto loaded = (*real_store_->NewReader())->Load(keys);
  EXPECT_EQ(loaded->Find({testing::MemberNumber(2), {}})->aliases.size(), 2u);
}

TEST_F(ExecutorTest, ACapCountsForAnAliasThatWasJustAdded) {
  domain::AddAlias add;
  add.member.id = testing::MemberNumber(1);
  add.alias = {"phone", "1"};
  Request by_alias = Buy("b");
  std::get<domain::RecordPurchase>(by_alias.command.action).member = {std::nullopt, {"phone", "1"}};
  EXPECT_THAT(RunAll(Activate("capped"), Buy("a"),
                     NewRequest(storage::RequestScope::kRequest, "add", add), std::move(by_alias)),
              ElementsAre("done", "a 10", "done", "b 15"));
}

TEST_F(ExecutorTest, ABudgetIsSharedByTheMembersOfABatch) {
  ASSERT_EQ(RunOne(Activate("budgeted")), "done");
  EXPECT_THAT(RunAll(Buy("a"), Enroll("enroll-2", 2), Buy("b", 2), Buy("c"), Buy("d", 2)),
              ElementsAre("a 10", "done", "b 10", "c 15", "d 10"));
  EXPECT_EQ(RunOne(Buy("e")), "e 15");
}

// What is left of it is loaded when the first decision depends on it, and with the next batch
// before that.
TEST_F(ExecutorTest, ABudgetOfAnIncentiveIsLoadedWhereADecisionDependsOnIt) {
  ASSERT_EQ(RunOne(Activate("carded")), "done");
  EXPECT_THAT(RunAll(Enroll("enroll-2", 2), Buy("a"), Buy("b", 2)),
              ElementsAre("done", "a 110", "b 110"));
  EXPECT_THAT(RunAll(Buy("c"), Buy("d", 2)), ElementsAre("c 170", "d 120"));
  EXPECT_THAT(RunAll(Redeem("r", 1), Buy("e")), ElementsAre("spent, 169 left", "e 179"));
  const auto counters = (*real_store_->NewReader())->ReadCounters();
  EXPECT_EQ(counters->used.at("budget/incentive:carded"), 250);
}

// Whoever brought somebody is not known before that one is loaded: the batch is begun anew with
// them, and one who buys in it as well sees what they were given.
TEST_F(ExecutorTest, WhoBroughtABuyerIsToldInTheSameBatch) {
  ASSERT_EQ(RunOne(Activate("bringing")), "done");
  domain::EnrollMember enroll;
  enroll.member_id = testing::MemberNumber(2);
  enroll.referred_by.emplace().id = testing::MemberNumber(1);
  enroll.referrer = {testing::MemberNumber(1), absl::UnixEpoch(), true};
  ASSERT_EQ(RunOne(NewRequest(storage::RequestScope::kRequest, "enroll-2", enroll)), "done");
  const int before = store_.commits();
  EXPECT_THAT(RunAll(Buy("a"), Buy("b", 2), Buy("c")), ElementsAre("a 10", "b 10", "c 120"));
  EXPECT_EQ(store_.commits(), before + 1);
  EXPECT_THAT(RunAll(Buy("b", 2), Buy("d")), ElementsAre("b 10 again", "d 130"));
}

TEST_F(ExecutorTest, TimeDoesNotRunBackwards) {
  EXPECT_EQ(RunOne(Buy("a")), "a 10");
  clock_.Advance(-absl::Hours(1));
  Request now_dated = Buy("b");  // Without a time of its own.
  EXPECT_EQ(RunOne(std::move(now_dated)), "b 20");
  const auto purchase = (*real_store_->NewReader())->FindPurchase("b");
  EXPECT_EQ((*purchase)->recorded_at, testing::Utc("2026-01-15 12:00:00"));
}

TEST_F(ExecutorTest, AnAdvanceThatFindsNothingDueIsNotLogged) {
  const int before = store_.commits();
  domain::AdvanceMember advance;
  advance.member.id = testing::MemberNumber(1);
  EXPECT_EQ(RunOne(NewRequest(storage::RequestScope::kSystem, "advance", advance)), "done");
  EXPECT_EQ(store_.commits(), before);
}

}  // namespace
}  // namespace dangol::lane
