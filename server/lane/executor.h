#ifndef DANGOL_SERVER_LANE_EXECUTOR_H_
#define DANGOL_SERVER_LANE_EXECUTOR_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/common/clock.h"
#include "server/lane/observer.h"
#include "server/lane/overlay.h"
#include "server/lane/program_library.h"
#include "server/lane/recalling.h"
#include "server/lane/request.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// Decides a batch of requests and commits their effects together: loads what
// they may read, decides each over the effects of those before it, writes once.
//
// One bad command never fails its neighbours: a refused one has no effects, and
// where the store won't take a batch as a whole, its requests are tried one by
// one. What a command reads is loaded before the batch is decided, so a command
// that changes what later ones would read (who is one with whom, the program) ends its
// batch, and one that names a member by an alias which the batch changes begins the next
// one. A batch that lost against another server, or whose answer to COMMIT was
// lost, is loaded anew: the request keys tell what has taken effect.
//
// While nobody interferes, what a batch reads is recalled and not loaded: the write
// finds out whether all of it was true, and where it was not, the batch is loaded
// (docs/decisions/0013).
// Used by one thread.
class Executor {
 public:
  // `observer` may be null.
  Executor(storage::Store& store, ProgramLibrary& programs, const Clock& clock,
           Observer* observer = nullptr);

  // Executes the batch and returns a completion for each of its requests, in no
  // particular order.
  std::vector<Completion> Execute(std::vector<Request> batch);

 private:
  using Answers = std::vector<absl::StatusOr<Reply>>;

  // Executes requests that may share a batch.
  std::vector<Completion> ExecuteTogether(std::vector<Request> batch);
  // Executes requests one by one.
  std::vector<Completion> ExecuteEach(std::vector<Request> batch);
  // Runs the batch until it is committed or cannot be.
  absl::StatusOr<Answers> Run(absl::Span<Request> batch);
  // One transaction. `recovering`: the answer to an earlier COMMIT was lost. Where decisions ask
  // for members who are not among `also`, they are added, and it is ABORTED.
  absl::StatusOr<Answers> Attempt(absl::Span<Request> batch, bool recovering, bool may_recall,
                                  std::vector<domain::MemberId>& also);
  // Sets `now` to the time that what was loaded is to be decided at.
  absl::StatusOr<Overlay> Load(storage::Transaction& transaction, absl::Span<const Request> batch,
                               const std::vector<domain::MemberId>& also, bool may_recall,
                               absl::Time& now);
  // The same with what was foreseen of all requests, which is used up; nothing where that is not
  // enough.
  absl::StatusOr<std::optional<Overlay>> LoadForeseen(storage::Transaction& transaction,
                                                      absl::Span<Request> batch, absl::Time& now);
  // What a decision needs that is not loaded.
  struct Asked {
    std::vector<domain::MemberId> members;
    bool budgets = false;  // Of incentives.
  };
  absl::StatusOr<Reply> DecideOne(const Request& request, Overlay& overlay, absl::Time now,
                                  bool recovering, Asked& asked);
  // All of them, into the overlay.
  absl::Status LoadBudgets(storage::Transaction& transaction, absl::Time now, Overlay& overlay);
  // When the steps of a batch ended.
  struct Steps {
    absl::Time begun = absl::Now();
    absl::Time loaded;
    absl::Time decided;
  };
  // Writes and commits, and learns new versions of the program.
  absl::Status Commit(storage::Transaction& transaction, const storage::WriteSet& writes,
                      bool is_recalled, const Steps& steps);
  absl::Time Now();

  storage::Store& store_;
  ProgramLibrary& programs_;
  const Clock& clock_;
  Observer* const observer_;
  Recalling recalling_;
  // Whether a decision of the last batch depended on budgets of incentives: those of the next one
  // are likely to.
  bool expects_budgets_ = false;
  std::shared_ptr<const void> rest_;  // Of the batch that was committed last.
  absl::Time last_now_ = absl::InfinitePast();
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_EXECUTOR_H_
