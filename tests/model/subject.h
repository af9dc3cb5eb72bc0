#ifndef DANGOL_TESTS_MODEL_SUBJECT_H_
#define DANGOL_TESTS_MODEL_SUBJECT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"
#include "tests/model/answer.h"

namespace dangol::model {

// The domain, driven as a lane and a store would: each decision sees only what ReadsOf
// asks for, and what it changes is folded into what is kept.
class Subject {
 public:
  explicit Subject(const domain::Program& program);

  Answer Do(const domain::Action& action, absl::Time now);

  // Writes down what time has caused by then, as the scheduler of due members does.
  void AdvanceTo(absl::Time now);

  // How every wallet stands at a moment; changes nothing.
  Wallets At(absl::Time time) const;

  // What is wrong with the books, by their own measure; empty where they are in order.
  const std::string& complaints() const { return complaints_; }

 private:
  // A member, and what the entries of their ledger add up to.
  struct Person {
    domain::MemberState kept;
    std::map<std::string, domain::Account> by_entries;  // By wallet.
    std::map<int64_t, int64_t> lots_by_entries;         // What a lot has left.
    int64_t entries = 0;
  };

  Person Newcomer();
  absl::StatusOr<domain::Outcome> Do(const domain::Command& command, absl::Time now);
  // With a newcomer, and with whoever was merged last.
  absl::StatusOr<domain::Outcome> Merge(const domain::Command& command, bool into_newcomer,
                                        absl::Time now);
  absl::StatusOr<domain::Outcome> Unmerge(const domain::Command& command, absl::Time now);
  absl::StatusOr<domain::Outcome> DoTogether(const domain::Command& command, Person& giver,
                                             Person& taker, absl::Time now);
  bool KnowsSubjectOf(const domain::Command& command) const;
  Answer AnswerOf(const domain::Outcome& outcome);
  void Take(const domain::Effects& effects, Person& person);
  void CheckEntries(const std::vector<domain::LedgerEntry>& entries, Person& person);
  void CheckBalances(const Person& person);
  void CheckAnswer(const std::vector<domain::Account>& balances);
  void Complain(const std::string& what);

  domain::ProgramCatalog catalog_;
  int newcomers_ = 0;
  Person me_;
  std::vector<Person> former_;  // Who I was before I was merged into somebody, the last one last.
  domain::MemberState other_;   // Who has nothing against being given points.
  domain::AliasOwners aliases_;
  domain::SharedCounters counters_;
  std::string complaints_;
};

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_SUBJECT_H_
