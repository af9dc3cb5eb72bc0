#ifndef DANGOL_TESTS_MODEL_SUBJECT_H_
#define DANGOL_TESTS_MODEL_SUBJECT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"
#include "tests/model/answer.h"

namespace dangol::model {

// The domain, driven as a lane and a store would: each decision sees only what ReadsOf
// asks for, and what it changes is folded into what is kept. There are two whom it is told
// of; a name leads to whoever has what they had.
class Subject {
 public:
  explicit Subject(const domain::Program& program);

  // What the first or the second commands.
  Answer Do(const domain::Action& action, absl::Time now, size_t who = 0);

  // Writes down what time has caused by then, as the scheduler of due members does.
  void AdvanceTo(absl::Time now, size_t who = 0);

  // How every wallet stands at a moment; changes nothing.
  Wallets At(absl::Time time, size_t who = 0) const;

  // What is wrong with the books, by their own measure; empty where they are in order.
  const std::string& complaints() const { return complaints_; }

 private:
  // A member, and what the entries of their ledger add up to.
  struct Person {
    domain::MemberState kept;
    std::map<std::string, domain::Account> by_entries;  // By wallet.
    // What a lot has left, by its name.
    std::map<std::pair<domain::MemberId, int64_t>, int64_t> lots_by_entries;
    int64_t entries = 0;
  };

  Person Newcomer();
  // By their place among all: who has what they had.
  size_t OwnerOf(size_t who) const;
  absl::StatusOr<domain::Outcome> DoAlone(const domain::Command& command, absl::Time now,
                                          size_t who);
  // With a newcomer, and with whoever was merged last.
  absl::StatusOr<domain::Outcome> MergeNewcomer(const domain::Command& command, bool into_newcomer,
                                                absl::Time now, size_t who);
  absl::StatusOr<domain::Outcome> UnmergeNewcomer(const domain::Command& command, absl::Time now,
                                                  size_t who);
  absl::StatusOr<domain::Outcome> DoTogether(const domain::Command& command, Person& giver,
                                             Person& taker, absl::Time now);
  bool Knows(const domain::MemberState& kept, const domain::Command& command) const;
  Answer AnswerTo(const absl::StatusOr<domain::Outcome>& outcome, absl::Time now, size_t who);
  Answer AnswerOf(const domain::Outcome& outcome, const Person& person);
  void Take(const domain::Effects& effects, Person& person);
  void CheckEntries(const std::vector<domain::LedgerEntry>& entries, Person& person);
  void CheckBalances(const Person& person);
  void CheckAnswer(const std::vector<domain::Account>& balances, const Person& person);
  void Complain(const std::string& what);

  domain::ProgramCatalog catalog_;
  std::deque<Person> people_;   // The two, and newcomers.
  std::vector<size_t> merged_;  // Who was merged into a newcomer, the last one last.
  domain::MemberState other_;   // Who has nothing against being given points.
  domain::AliasOwners aliases_;
  domain::SharedCounters counters_;
  std::string complaints_;
};

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_SUBJECT_H_
