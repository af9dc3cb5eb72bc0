// Batches that are decided on what a store recalls, while another server on the same
// database changes all that can be recalled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/lane/recalling.h"
#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using ::testing::ElementsAre;

class RecallTest : public LaneFixture {
 protected:
  RecallTest()
      : other_store_(database_.Open()),
        other_programs_([](const std::string& text) {
          return std::make_shared<const domain::Program>(NamedProgram(text));
        }),
        other_(*other_store_, other_programs_, clock_) {
    // From now on at the latest this server remembers the member and the end of the log.
    EXPECT_EQ(RunOne(Buy("remembered")), "remembered 10");
    recalls_before_ = store_.recalls();
  }

  int recalls() const { return store_.recalls() - recalls_before_; }

  // What another server makes of a request.
  std::string RunElsewhere(Request request) {
    std::string answer = "no answer";
    request.done = [&answer](const absl::StatusOr<Reply>& reply) { answer = InWords(reply); };
    std::vector<Request> batch;
    batch.push_back(std::move(request));
    for (Completion& completion : other_.Execute(std::move(batch))) completion.Run();
    return answer;
  }

  // Gives the card of member 1 to `member`, or takes it from them.
  template <typename Change>
  static Request ChangeCard(const std::string& id, uint64_t member) {
    Change change;
    change.member.id = testing::MemberNumber(member);
    change.alias = {"card", "1"};
    return NewRequest(storage::RequestScope::kRequest, id, std::move(change));
  }

  // How many batches were decided on what was recalled; the embedded store has
  // everything at hand, and recalls nothing.
  static int OnMysqlOnly(int recalls) { return testing::OnMysql() ? recalls : 0; }

  std::unique_ptr<storage::Store> other_store_;
  ProgramLibrary other_programs_;
  Executor other_;
  int recalls_before_ = 0;
};

TEST_F(RecallTest, WhatNobodyElseChangesIsNotLoadedAgain) {
  EXPECT_EQ(RunOne(Buy("a")), "a 20");
  EXPECT_EQ(RunOne(Buy("b")), "b 30");
  EXPECT_EQ(recalls(), OnMysqlOnly(2));
  // Lots have to be loaded once.
  EXPECT_EQ(RunOne(Redeem("spend", 25)), "spent, 5 left");
  EXPECT_EQ(RunOne(Redeem("spend the rest", 5)), "spent, 0 left");
  EXPECT_EQ(recalls(), OnMysqlOnly(3));
}

TEST_F(RecallTest, AMemberWhomAnotherServerChangedIsLoadedAgain) {
  EXPECT_EQ(RunElsewhere(Buy("elsewhere")), "elsewhere 20");
  EXPECT_EQ(RunOne(Buy("here")), "here 30");
  EXPECT_EQ(recalls(), OnMysqlOnly(1));
  EXPECT_EQ(StoredPurchases(), 3);
}

TEST_F(RecallTest, NobodyIsRefusedForWhatIsNotSoAnyMore) {
  EXPECT_EQ(RunElsewhere(Buy("elsewhere")), "elsewhere 20");
  EXPECT_EQ(RunOne(Redeem("all", 20)), "spent, 0 left");
  EXPECT_EQ(RunElsewhere(Buy("elsewhere again")), "elsewhere again 10");
}

TEST_F(RecallTest, NothingIsGivenThatAnotherServerHasSpent) {
  EXPECT_EQ(RunElsewhere(Redeem("elsewhere", 10)), "spent, 0 left");
  EXPECT_EQ(RunOne(Redeem("here", 10)), "INSUFFICIENT_POINTS");
}

TEST_F(RecallTest, ARequestThatAnotherServerExecutedIsKnown) {
  EXPECT_EQ(RunElsewhere(Buy("elsewhere")), "elsewhere 20");
  EXPECT_EQ(RunOne(Buy("elsewhere")), "elsewhere 20 again");
  Request other_content = Buy("elsewhere");
  other_content.request_hash = "another hash";
  EXPECT_EQ(RunOne(std::move(other_content)), "REQUEST_ID_REUSED");
  EXPECT_EQ(StoredPurchases(), 2);
}

TEST_F(RecallTest, ARequestThatThisServerExecutedIsKnown) {
  EXPECT_EQ(RunOne(Buy("remembered")), "remembered 10 again");
  EXPECT_EQ(RunOne(Buy("new")), "new 20");
}

TEST_F(RecallTest, AProgramThatAnotherServerActivatedIsInForce) {
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(RunElsewhere(Activate("generous")), "done");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(RunOne(Buy("a")), "a 60");
  EXPECT_EQ(RunOne(Buy("b")), "b 110");
}

TEST_F(RecallTest, AMemberIsKnownByAnAlias) {
  EXPECT_EQ(RunOne(BuyByCard("a")), "a 20");
  EXPECT_EQ(RunOne(BuyByCard("b")), "b 30");
  EXPECT_EQ(recalls(), OnMysqlOnly(2));
}

TEST_F(RecallTest, AnAliasThatAnotherServerGaveToSomebodyElseIsTheirs) {
  EXPECT_EQ(RunOne(BuyByCard("a")), "a 20");
  EXPECT_EQ(RunElsewhere(ChangeCard<domain::RemoveAlias>("remove", 1)), "done");
  EXPECT_EQ(RunOne(BuyByCard("nobody's")), "MEMBER_NOT_FOUND");
  EXPECT_EQ(RunElsewhere(Enroll("enroll-2", 2)), "done");
  EXPECT_EQ(RunElsewhere(ChangeCard<domain::AddAlias>("add", 2)), "done");
  EXPECT_EQ(RunOne(BuyByCard("theirs")), "theirs 10");
  EXPECT_EQ(RunOne(Buy("mine")), "mine 30");
}

TEST_F(RecallTest, AnAliasThatThisServerGaveToSomebodyElseIsTheirs) {
  EXPECT_EQ(RunOne(BuyByCard("a")), "a 20");
  EXPECT_EQ(RunOne(Enroll("enroll-2", 2)), "done");
  EXPECT_EQ(RunOne(ChangeCard<domain::RemoveAlias>("remove", 1)), "done");
  EXPECT_EQ(RunOne(BuyByCard("nobody's")), "MEMBER_NOT_FOUND");
  EXPECT_EQ(RunOne(ChangeCard<domain::AddAlias>("add", 2)), "done");
  EXPECT_EQ(RunOne(BuyByCard("theirs")), "theirs 10");
  EXPECT_EQ(RunOne(BuyByCard("theirs too")), "theirs too 20");
  EXPECT_EQ(RunOne(Buy("mine")), "mine 30");
}

TEST_F(RecallTest, BothMembersOfATransferAreRecalled) {
  EXPECT_EQ(RunOne(Enroll("enroll-2", 2)), "done");
  EXPECT_EQ(RunOne(Transfer("t", 1, 2)), "given, 9 left");  // Lots have to be loaded once.
  EXPECT_EQ(RunOne(Transfer("u", 1, 2)), "given, 8 left");
  EXPECT_EQ(RunOne(Transfer("v", 1, 2)), "given, 7 left");
  EXPECT_EQ(recalls(), OnMysqlOnly(2));
  EXPECT_EQ(RunElsewhere(Redeem("r", 3, 2)), "spent, 0 left");
  // The receiver is not what is recalled of them.
  EXPECT_EQ(RunOne(Transfer("w", 1, 2)), "given, 6 left");
  EXPECT_EQ(RunElsewhere(Redeem("s", 2, 2)), "INSUFFICIENT_POINTS");
  EXPECT_EQ(RunElsewhere(Redeem("s", 1, 2)), "spent, 0 left");
}

// A transfer leaves two records, which do not make up for a command without any.
TEST_F(RecallTest, NobodyIsRefusedBesideATransferForWhatIsNotSoAnyMore) {
  EXPECT_EQ(RunOne(Enroll("enroll-2", 2)), "done");
  EXPECT_EQ(RunOne(Transfer("t", 1, 2)), "given, 9 left");
  EXPECT_EQ(RunOne(Enroll("enroll-3", 3)), "done");
  EXPECT_EQ(RunOne(Redeem("r", 1, 3)), "INSUFFICIENT_POINTS");
  EXPECT_EQ(RunElsewhere(Buy("elsewhere", 3)), "elsewhere 10");
  std::vector<Request> batch;
  batch.push_back(Transfer("u", 1, 2));
  batch.push_back(Redeem("s", 10, 3));
  EXPECT_THAT(Run(std::move(batch)), ElementsAre("given, 8 left", "spent, 0 left"));
}

// A purchase of whoever belongs to a household concerns its head too, who is found out
// only when they are loaded.
class HouseholdRecallTest : public RecallTest {
 protected:
  static constexpr uint64_t kOthers = 20;

  HouseholdRecallTest() {
    std::vector<Request> enrolments;
    for (uint64_t i = 2; i < 2 + kOthers; ++i) enrolments.push_back(Enroll(absl::StrCat(i), i));
    Run(std::move(enrolments));
    domain::MergeMembers join;
    join.member.id = testing::MemberNumber(2);
    join.into.id = testing::MemberNumber(1);
    join.merge_id = "join";
    join.household = true;
    EXPECT_EQ(RunOne(NewRequest(storage::RequestScope::kRequest, "join", join)), "done");
  }

  // A purchase of everybody: of the head and the one who has joined them, and of others.
  std::vector<std::string> EverybodyBuys(const std::string& id) {
    std::vector<Request> batch;
    for (uint64_t i = 1; i < 2 + kOthers; ++i) batch.push_back(Buy(absl::StrCat(id, i), i));
    return Run(std::move(batch));
  }
};

TEST_F(HouseholdRecallTest, TheirPurchaseKeepsNoBatchFromBeingRecalled) {
  // What was remembered of the two is not so any more: some batches are loaded (Recalling).
  for (int i = 0; i < 5; ++i) EverybodyBuys(absl::StrCat(i, "-"));
  const int loads = store_.loads();
  const int commits = store_.commits();
  EXPECT_EQ(EverybodyBuys("b-")[1], "b-2 130");
  EXPECT_EQ(RunOne(Buy("c-2", 2)), "c-2 140");
  EXPECT_EQ(store_.loads() - loads, testing::OnMysql() ? 0 : 4);
  EXPECT_EQ(store_.commits(), commits + 2);
}

// The whole batch was loaded twice, because of one who belongs to a household.
TEST_F(HouseholdRecallTest, OnlyTheyAreLoadedAgain) {
  // What is recalled is in vain.
  for (uint64_t i = 1; i < 2 + kOthers; ++i) {
    EXPECT_EQ(RunElsewhere(Buy(absl::StrCat("elsewhere-", i), i)).substr(0, 9), "elsewhere");
  }
  EverybodyBuys("a-");
  const size_t before = store_.members_loaded();
  EXPECT_EQ(EverybodyBuys("b-")[1], "b-2 70");
  // Everybody; and then the one and the head of their household, who buys as well.
  EXPECT_EQ(store_.members_loaded() - before, 1 + kOthers + 3);
}

// The end of the log is recalled too, and belongs to more members than one.
TEST_F(RecallTest, TheLogHasNoGapAndNoPlaceTwice) {
  const uint64_t neighbour = 1 + storage::kPartitions;
  EXPECT_EQ(RunOne(Enroll("enroll neighbour", neighbour)), "done");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(RunElsewhere(Buy(absl::StrCat("elsewhere ", i), neighbour)),
              absl::StrCat("elsewhere ", i, " ", 10 * (i + 1)));
    EXPECT_EQ(RunOne(Buy(absl::StrCat("here ", i))), absl::StrCat("here ", i, " ", 10 * (i + 2)));
  }
  EXPECT_EQ(StoredPurchases(), 11);
}

TEST_F(RecallTest, ADatabaseThatCannotProveItIsLoadedFrom) {
  store_.FailNext(Site::kWrite, absl::InternalError("what is this statement?"));
  EXPECT_EQ(RunOne(Buy("a")), "a 20");
  EXPECT_EQ(StoredPurchases(), 2);
}

TEST_F(RecallTest, ACommitWhoseAnswerIsLostIsNotRepeated) {
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("lost"));
  EXPECT_EQ(RunOne(Buy("a")), "a 20");
  EXPECT_EQ(RunOne(Buy("b")), "b 30");
  EXPECT_EQ(StoredPurchases(), 3);
}

TEST(RecallingTest, LoadsMoreBatchesAfterEachThatWasInVain) {
  const auto loads = [](Recalling& recalling) {
    int count = 0;
    while (!recalling.IsWorthwhile()) ++count;
    return count;
  };
  Recalling recalling;
  std::vector<int> counts;
  for (int i = 0; i < 9; ++i) {
    counts.push_back(loads(recalling));
    recalling.Note(false);
  }
  EXPECT_THAT(counts, ElementsAre(0, 4, 8, 16, 32, 64, 128, 256, 256));
  EXPECT_EQ(loads(recalling), 256);
  recalling.Note(true);
  EXPECT_EQ(loads(recalling), 0);
  recalling.Note(false);
  EXPECT_EQ(loads(recalling), 4);
}

}  // namespace
}  // namespace dangol::lane
