#ifndef DANGOL_TESTS_MODEL_SUBJECT_H_
#define DANGOL_TESTS_MODEL_SUBJECT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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
  domain::MemberState Load(const domain::MemberNeeds& needs, absl::Time now) const;
  bool KnowsSubjectOf(const domain::Command& command) const;
  Answer AnswerOf(const domain::Outcome& outcome);
  void Take(const domain::Effects& effects);
  void CheckEntries(const std::vector<domain::LedgerEntry>& entries);
  void CheckBalances(absl::Time now);
  void CheckAnswer(const std::vector<domain::Account>& balances);
  void Complain(const std::string& what);

  domain::ProgramCatalog catalog_;
  domain::MemberState kept_;
  domain::MemberState other_;  // Who has nothing against being given points.
  domain::AliasOwners aliases_;
  domain::SharedCounters counters_;
  std::map<std::string, domain::Account> by_entries_;  // Sums over all entries, by wallet.
  std::map<int64_t, int64_t> lots_by_entries_;         // Likewise what a lot has left.
  int64_t entries_ = 0;
  std::string complaints_;
};

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_SUBJECT_H_
