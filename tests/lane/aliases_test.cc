// Commands that change whose an alias is, in one batch with those that name members by it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

class AliasesTest : public LaneFixture {
 protected:
  AliasesTest()
      : single_store_(single_database_.Open()),
        single_programs_([](const std::string& text) {
          return std::make_shared<const domain::Program>(NamedProgram(text));
        }),
        one_by_one_(*single_store_, single_programs_, clock_) {
    StoreProgramSingly();
    EXPECT_EQ(RunSingly(Enroll("enroll-1", 1)), "done");
    EXPECT_EQ(RunBoth(Batch(Enroll("enroll-2", 2), Enroll("enroll-3", 3))), 1);
  }

  void StoreProgramSingly() {
    storage::WriteSet writes;
    writes.rules = {{1, 1, "simple", absl::InfinitePast(), clock_.Now(), "simple", ""}};
    auto transaction = single_store_->Begin();
    EXPECT_TRUE((*transaction)->Write(writes).ok());
    EXPECT_TRUE((*transaction)->Commit().ok());
  }

  template <typename... Requests>
  static std::vector<Request> Batch(Requests... requests) {
    std::vector<Request> batch;
    (batch.push_back(std::move(requests)), ...);
    return batch;
  }

  // A request is run once.
  static Request Copy(const Request& request) {
    Request copy;
    copy.key = request.key;
    copy.command = request.command;
    copy.action = request.action;
    copy.request_hash = request.request_hash;
    copy.encode = request.encode;
    return copy;
  }

  template <typename Change>
  static Request ChangeAlias(const std::string& id, domain::MemberRef member, domain::Alias alias) {
    Change change;
    change.member = std::move(member);
    change.alias = std::move(alias);
    return NewRequest(storage::RequestScope::kRequest, id, std::move(change));
  }
  static Request Add(const std::string& id, uint64_t member, domain::Alias alias) {
    return ChangeAlias<domain::AddAlias>(id, {testing::MemberNumber(member), {}}, std::move(alias));
  }
  static Request Remove(const std::string& id, uint64_t member, domain::Alias alias) {
    return ChangeAlias<domain::RemoveAlias>(id, {testing::MemberNumber(member), {}},
                                            std::move(alias));
  }
  Request BuyBy(const std::string& id, domain::Alias alias) const {
    Request request = Buy(id);
    std::get<domain::RecordPurchase>(request.command.action).member = {std::nullopt,
                                                                       std::move(alias)};
    return request;
  }

  // What a store of its own answers where nothing shares a transaction.
  std::string RunSingly(Request request) {
    std::string answer = "no answer";
    request.done = [&answer](const absl::StatusOr<Reply>& reply) { answer = InWords(reply); };
    for (Completion& completion : one_by_one_.Execute(Batch(std::move(request)))) completion.Run();
    return answer;
  }

  // Runs the requests together here, and one by one there; expects the same answers, which
  // are kept. How many transactions it took here.
  int RunBoth(std::vector<Request> batch) {
    std::vector<std::string> singly;
    for (const Request& request : batch) singly.push_back(RunSingly(Copy(request)));
    const int before = store_.commits();
    answers_ = Run(std::move(batch));
    EXPECT_EQ(answers_, singly);
    return store_.commits() - before;
  }

  static std::vector<domain::Alias> AliasesOf(storage::Store& store, uint64_t member) {
    storage::KeySet keys;
    keys.members.push_back({{testing::MemberNumber(member), {}}, {.aliases = true}});
    const auto loaded = (*store.NewReader())->Load(keys);
    return loaded->Find(keys.members[0].ref)->aliases;
  }

  const testing::TestStore single_database_;
  std::unique_ptr<storage::Store> single_store_;
  ProgramLibrary single_programs_;
  Executor one_by_one_;
  std::vector<std::string> answers_;
};

const domain::Alias kPhone = {"phone", "1"};

// Each was a transaction of its own.
TEST_F(AliasesTest, ManyChangesAreOneTransaction) {
  constexpr uint64_t kMembers = 256;
  std::vector<Request> enrolments;
  std::vector<Request> additions;
  std::vector<Request> removals;
  for (uint64_t i = 1; i <= kMembers; ++i) {
    const std::string number = absl::StrCat(i);
    if (i > 3) enrolments.push_back(Enroll("enroll-" + number, i));
    domain::MemberRef by_card{std::nullopt, {"card", number}};
    additions.push_back(ChangeAlias<domain::AddAlias>("add-" + number, by_card, {"phone", number}));
    removals.push_back(
        ChangeAlias<domain::RemoveAlias>("remove-" + number, by_card, {"phone", number}));
  }
  Run(std::move(enrolments));
  for (std::vector<Request>* const batch : {&additions, &removals}) {
    const int before = store_.commits();
    EXPECT_THAT(Run(std::move(*batch)), Each("done"));
    EXPECT_EQ(store_.commits(), before + 1);
    EXPECT_EQ(AliasesOf(*real_store_, kMembers).size(), batch == &additions ? 2u : 1u);
  }
}

TEST_F(AliasesTest, AnAliasThatWasAddedFindsItsMember) {
  EXPECT_EQ(RunBoth(Batch(Buy("a", 2), Add("add", 2, kPhone), Buy("b", 2), BuyBy("c", kPhone),
                          BuyBy("d", kPhone))),
            2);
  EXPECT_THAT(answers_, ElementsAre("a 10", "done", "b 20", "c 30", "d 40"));
}

TEST_F(AliasesTest, AnAliasThatWasRemovedFindsNobody) {
  EXPECT_EQ(RunBoth(Batch(BuyByCard("a"), Remove("remove", 1, {"card", "1"}), BuyByCard("b"),
                          Buy("c"), Remove("again", 1, {"card", "1"}))),
            2);
  EXPECT_THAT(answers_, ElementsAre("a 10", "done", "MEMBER_NOT_FOUND", "c 20", "ALIAS_NOT_FOUND"));
}

TEST_F(AliasesTest, AnAliasThatMovesFindsItsNewOwner) {
  EXPECT_EQ(RunBoth(Batch(Buy("a"), Buy("b", 2), Add("taken", 2, {"card", "1"}),
                          Remove("remove", 1, {"card", "1"}), Add("add", 2, {"card", "1"}),
                          BuyByCard("c"), Buy("d"))),
            2);
  EXPECT_THAT(answers_, ElementsAre("a 10", "b 10", "ALIAS_TAKEN", "done", "done", "c 20", "d 20"));
  EXPECT_THAT(AliasesOf(*real_store_, 1), ElementsAre());
  EXPECT_THAT(AliasesOf(*real_store_, 2),
              ElementsAre(domain::Alias{"card", "1"}, domain::Alias{"card", "2"}));
}

TEST_F(AliasesTest, ATransferGoesToWhoHasTheAliasNow) {
  EXPECT_EQ(RunBoth(Batch(Buy("a"), Remove("remove", 2, {"card", "2"}),
                          Add("add", 3, {"card", "2"}), Transfer("t", 4, 2), Redeem("r", 4, 3))),
            2);
  EXPECT_THAT(answers_, ElementsAre("a 10", "done", "done", "given, 6 left", "spent, 0 left"));
}

TEST_F(AliasesTest, WhoWasJustEnrolledIsFoundByTheirAlias) {
  EXPECT_EQ(RunBoth(Batch(Enroll("enroll-4", 4), BuyByCard("a", 4), Add("add", 4, kPhone),
                          BuyByCard("b", 4), ReturnWithoutReceipt("back", 4),
                          Remove("remove", 4, {"card", "4"}), Enroll("enroll-5", 5))),
            1);
}

TEST_F(AliasesTest, ABatchIsAnsweredLikeItsCommandsOneByOne) {
  std::mt19937_64 random(20260115);
  const auto up_to = [&](uint64_t last) { return random() % (last + 1); };
  const std::vector<domain::Alias> aliases = {
      {"card", "1"}, {"card", "2"}, {"card", "3"}, {"phone", "1"}, {"phone", "2"}};
  int transactions = 0;
  constexpr int kBatches = 60;
  for (int i = 0; i < kBatches && !HasFailure(); ++i) {
    std::vector<Request> batch;
    for (int k = 0; k < 12; ++k) {
      const std::string id = absl::StrCat(i, "-", k);
      const uint64_t member = 1 + up_to(2);
      const domain::Alias& alias = aliases[up_to(aliases.size() - 1)];
      domain::MemberRef ref{testing::MemberNumber(member), {}};
      if (up_to(3) == 0) ref = {std::nullopt, aliases[up_to(aliases.size() - 1)]};
      switch (up_to(6)) {
        case 0:
        case 1:
          batch.push_back(ChangeAlias<domain::AddAlias>("add " + id, ref, alias));
          break;
        case 2:
        case 3:
          batch.push_back(ChangeAlias<domain::RemoveAlias>("remove " + id, ref, alias));
          break;
        case 4:
          batch.push_back(BuyBy("by alias " + id, alias));
          break;
        case 5:
          batch.push_back(Buy("by id " + id, member));
          break;
        default:
          batch.push_back(Transfer("give " + id, 3, member));
      }
    }
    transactions += RunBoth(std::move(batch));
  }
  EXPECT_LT(transactions, 6 * kBatches);
  for (uint64_t member = 1; member <= 3; ++member) {
    EXPECT_EQ(AliasesOf(*real_store_, member), AliasesOf(*single_store_, member)) << member;
  }
}

}  // namespace
}  // namespace dangol::lane
