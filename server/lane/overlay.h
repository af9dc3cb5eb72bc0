#ifndef DANGOL_SERVER_LANE_OVERLAY_H_
#define DANGOL_SERVER_LANE_OVERLAY_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"
#include "server/lane/request.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// The state that a batch is decided upon: what was loaded, with the effects of
// the batch's earlier commands folded in; and what all of them together write.
// Used by one thread.
class Overlay {
 public:
  // `also`: whom decisions asked for (domain::Decision::asks_for).
  Overlay(storage::Loaded loaded, std::shared_ptr<const domain::ProgramCatalog> catalog,
          const std::vector<domain::MemberId>& also = {});

  const domain::ProgramCatalog& catalog() const { return *catalog_; }
  // Whether it rests on what is certain (storage::Loaded).
  bool is_current() const { return loaded_.is_current; }

  // Lets a member's purchases in this batch be found by the commands after them.
  void KeepPurchasesOf(const domain::MemberRef& member);

  // What a command is decided upon.
  domain::State StateFor(const domain::Command& command) const;

  // How many requests were added; each has written something.
  size_t added() const { return added_; }

  // What an earlier request with this key left, in the store or in this batch;
  // null if there was none.
  const storage::StoredReply* FindReply(const storage::RequestKey& key) const;

  // All that the log has of such a request, where it is of this batch or was kept; else null.
  const storage::CommandRecord* FindCommand(const storage::RequestKey& key) const;
  void KeepCommands(absl::flat_hash_map<storage::RequestKey, storage::CommandRecord> commands);

  // The counters of the budgets of incentives, where they were not loaded with all else; those that
  // are not there have not been used.
  void AddBudgets(const domain::SharedCounters& counters);
  bool has_budgets() const { return has_budgets_; }

  // A command as the log keeps it: it names members by ids, and not by what they are called.
  domain::Action NamedByIds(const domain::Command& command) const;

  // Folds the decision on `request` in; `encoded` is its outcome.
  void Add(const Request& request, domain::Effects effects, const std::string& encoded,
           absl::Time now);

  // Folds in what the decision on `request` brought about for another member.
  void AddConsequence(const Request& request, domain::Consequence consequence, absl::Time now);

  // Everything that was added. The overlay cannot be used afterwards.
  storage::WriteSet TakeWrites();

 private:
  // Notes what the audit log keeps of a command, before its effects are added.
  void AddAct(const domain::Command& command, const domain::Effects& effects,
              storage::CommandWrite& write) const;
  // Notes in the record what the effects depend on.
  void AddEffects(domain::Effects& effects, storage::CommandRecord& record);
  void AddMemberEffects(domain::Effects& effects);
  void AddAwards(const domain::MemberId& id, std::vector<domain::Award>& awards);
  // Tells those whose points lie in a purse what has expired there.
  void TellGone(const std::vector<domain::Sharer>& sharers, const domain::Effects& effects);
  void AddCounterUse(const domain::CounterUse& use);
  // The next of all rules.
  template <typename Rules>
  void AddRules(Rules rules);

  storage::Loaded loaded_;
  std::shared_ptr<const domain::ProgramCatalog> catalog_;
  storage::WriteSet writes_;
  size_t added_ = 0;
  bool has_budgets_ = false;
  std::vector<const domain::MemberState*> also_;  // In loaded_, whose nodes stay where they are.
  absl::flat_hash_map<domain::MemberId, size_t> member_writes_;  // Index into writes_.members.
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_OVERLAY_H_
