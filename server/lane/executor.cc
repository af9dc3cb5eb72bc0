#include "server/lane/executor.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/incentive/status.h"
#include "server/lane/fault.h"
#include "server/lane/reused_id.h"

namespace dangol::lane {
namespace {

// Whether commands after this one may read other rows because of it.
bool EndsBatch(const domain::Action& action) {
  // What an undone adjustment leaves behind is found by the ledger alone.
  const auto* const adjust = std::get_if<domain::AdjustPoints>(&action);
  if (adjust != nullptr && !adjust->undoes.empty()) return true;
  return std::holds_alternative<domain::MergeMembers>(action) ||
         std::holds_alternative<domain::UnmergeMember>(action) ||
         std::holds_alternative<domain::EraseMember>(action) ||
         std::holds_alternative<domain::WithdrawProgram>(action) ||
         std::holds_alternative<domain::RecordNorms>(action) ||
         std::holds_alternative<domain::ActivateProgram>(action);
}

// The alias whose owner a command changes among members who are there; null where it
// changes none. (Who is enrolled is new: all there is of them is in the batch.)
const domain::Alias* ChangedAlias(const domain::Action& action) {
  if (const auto* add = std::get_if<domain::AddAlias>(&action)) return &add->alias;
  if (const auto* remove = std::get_if<domain::RemoveAlias>(&action)) return &remove->alias;
  return nullptr;
}

using Aliases = absl::flat_hash_set<domain::Alias>;

// Whether a command names a member by one of these aliases.
bool NamesByAnyOf(const Aliases& aliases, const domain::Command& command) {
  if (aliases.empty()) return false;
  for (const auto& ref : {domain::MemberOf(command), domain::OtherMemberOf(command)}) {
    // A reference that names otherwise has no alias.
    if (ref.has_value() && aliases.contains(ref->alias)) return true;
  }
  return false;
}

// Where the first of the requests is that cannot share a transaction with all before it:
// what they read is loaded for whom they name at the beginning.
std::vector<Request>::iterator EndOfBatch(std::vector<Request>::iterator begin,
                                          std::vector<Request>::iterator end) {
  Aliases changed;
  for (auto request = begin; request != end; ++request) {
    if (NamesByAnyOf(changed, request->command)) return request;
    const domain::Action& action = request->command.action;
    if (EndsBatch(action)) return request + 1;
    if (const domain::Alias* alias = ChangedAlias(action)) changed.insert(*alias);
  }
  return end;
}

void MoveAll(std::vector<Completion> from, std::vector<Completion>& to) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

void Backoff(int attempt) { absl::SleepFor(absl::Milliseconds(1 << attempt)); }

}  // namespace

Executor::Executor(storage::Store& store, ProgramLibrary& programs, const Clock& clock,
                   Observer* observer)
    : store_(store), programs_(programs), clock_(clock), observer_(observer) {}

std::vector<Completion> Executor::Execute(std::vector<Request> batch) {
  std::vector<Completion> completions;
  auto begin = batch.begin();
  while (begin != batch.end()) {
    const auto end = EndOfBatch(begin, batch.end());
    std::vector<Request> together(std::make_move_iterator(begin), std::make_move_iterator(end));
    MoveAll(ExecuteTogether(std::move(together)), completions);
    begin = end;
  }
  return completions;
}

std::vector<Completion> Executor::ExecuteTogether(std::vector<Request> batch) {
  std::vector<Completion> completions;
  completions.reserve(batch.size());
  const absl::Time now = clock_.RealNow();
  const auto late = std::stable_partition(
      batch.begin(), batch.end(), [&](const Request& request) { return request.deadline > now; });
  for (auto request = late; request != batch.end(); ++request) {
    completions.push_back({std::move(request->done), DeadlinePassed()});
  }
  batch.erase(late, batch.end());
  if (batch.empty()) return completions;

  absl::StatusOr<Answers> answers = Run(absl::MakeSpan(batch));
  // A race that is lost again and again is no race but a key that cannot be new.
  const bool is_poisoned = absl::IsAborted(answers.status()) || !IsOutage(answers.status());
  if (!answers.ok() && batch.size() > 1 && is_poisoned) {
    spdlog::warn("trying {} commands one by one: {}", batch.size(), answers.status().ToString());
    MoveAll(ExecuteEach(std::move(batch)), completions);
    return completions;
  }
  if (!answers.ok()) {
    spdlog::error("could not commit {} commands: {}", batch.size(), answers.status().ToString());
    answers = Answers(batch.size(), ExplainFault(answers.status()));
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    completions.push_back({std::move(batch[i].done), std::move((*answers)[i])});
  }
  completions.back().rest = std::exchange(rest_, nullptr);
  return completions;
}

std::vector<Completion> Executor::ExecuteEach(std::vector<Request> batch) {
  std::vector<Completion> completions;
  for (Request& request : batch) {
    std::vector<Request> single;
    single.push_back(std::move(request));
    MoveAll(ExecuteTogether(std::move(single)), completions);
  }
  return completions;
}

absl::StatusOr<Executor::Answers> Executor::Run(absl::Span<Request> batch) {
  bool recovering = false;
  bool may_recall = recalling_.IsWorthwhile();
  std::vector<domain::MemberId> also;
  for (int attempt = 1;; ++attempt) {
    const size_t known = also.size();
    absl::StatusOr<Answers> answers = Attempt(batch, recovering, may_recall, also);
    if (also.size() > known) {
      // Begun anew, so that all are locked in their order.
      may_recall = false;
      --attempt;
      continue;
    }
    if (may_recall) recalling_.Note(answers.ok());
    if (answers.ok()) return answers;
    if (observer_ != nullptr) observer_->OnFault(answers.status());
    // A later attempt that fails for certain does not make the first certain.
    if (absl::IsUnknown(answers.status())) {
      spdlog::warn("looking up what became of {} commands: {}", batch.size(),
                   answers.status().ToString());
      recovering = true;
    }
    // A database may not even take the statement that proves what was recalled.
    const bool is_worth_another =
        IsTransient(answers.status()) || (may_recall && !IsOutage(answers.status()));
    if (attempt == limits::kMaxCommitAttempts || !is_worth_another) {
      return recovering ? absl::UnknownError(answers.status().message()) : answers.status();
    }
    // What was recalled was out of date: there is nothing to wait for.
    if (!std::exchange(may_recall, false)) Backoff(attempt);
  }
}

absl::StatusOr<Executor::Answers> Executor::Attempt(absl::Span<Request> batch, bool recovering,
                                                    bool may_recall,
                                                    std::vector<domain::MemberId>& also) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Transaction> transaction, store_.Begin());
  for (;; may_recall = false) {
    Steps steps;
    absl::Time now;
    std::optional<Overlay> foreseen;
    if (may_recall) {
      ASSIGN_OR_RETURN(foreseen, LoadForeseen(*transaction, batch, now));
    }
    if (!foreseen.has_value()) {
      ASSIGN_OR_RETURN(foreseen, Load(*transaction, batch, also, may_recall, now));
    }
    // Clearing away what was read and written takes a tenth of the time of a batch.
    struct Rest {
      Overlay overlay;
      storage::WriteSet writes;
    };
    const auto rest = std::make_shared<Rest>(Rest{*std::move(foreseen), {}});
    Overlay& overlay = rest->overlay;
    RETURN_IF_ERROR(LoadReused(*transaction, batch, overlay));
    steps.loaded = absl::Now();
    Answers answers;
    answers.reserve(batch.size());
    Asked asked;
    for (const Request& request : batch) {
      answers.push_back(DecideOne(request, overlay, now, recovering, asked));
      if (!asked.budgets || overlay.has_budgets()) continue;
      RETURN_IF_ERROR(LoadBudgets(*transaction, now, overlay));
      answers.back() = DecideOne(request, overlay, now, recovering, asked);
    }
    expects_budgets_ = asked.budgets;
    if (!asked.members.empty()) {
      absl::c_copy_if(asked.members, std::back_inserter(also),
                      [&](const domain::MemberId& id) { return !absl::c_linear_search(also, id); });
      return absl::AbortedError("more members are to be loaded");
    }

    steps.decided = absl::Now();
    const storage::WriteSet& writes = rest->writes = overlay.TakeWrites();
    // An answer that no write proves may follow from something that is not so any more.
    const bool is_proved = overlay.is_current() || overlay.added() == batch.size();
    if (!is_proved) continue;
    if (!writes.commands.empty()) {
      RETURN_IF_ERROR(Commit(*transaction, writes, !overlay.is_current(), steps));
    }
    rest_ = rest;
    return answers;
  }
}

absl::StatusOr<std::optional<Overlay>> Executor::LoadForeseen(storage::Transaction& transaction,
                                                              absl::Span<Request> batch,
                                                              absl::Time& now) {
  now = Now();
  const absl::Time oldest = absl::Now() - limits::kMaxForeseenAge;
  for (const Request& request : batch) {
    if (request.foreseen == nullptr || request.foreseen_at < oldest) return std::nullopt;
    const domain::MemberState& state = *request.foreseen;
    // Something may be due by now that was not when it was read.
    if (!state.has_lots && domain::NeedsLots(state.member, state.accounts, now)) {
      return std::nullopt;
    }
  }
  const std::shared_ptr<const domain::ProgramCatalog> catalog = programs_.Current();
  // What is granted on a date draws on budgets, and asks what was granted before.
  if (catalog->HasDates()) return std::nullopt;
  storage::KeySet keys;
  keys.now = now;
  keys.known_rules = catalog->rules();
  keys.may_recall = true;
  keys.foreseen.reserve(batch.size());
  for (const Request& request : batch) keys.foreseen.push_back(request.foreseen.get());
  ASSIGN_OR_RETURN(storage::Loaded loaded, transaction.Load(keys));
  if (!loaded.rules.empty()) return std::nullopt;
  loaded.is_current = false;
  for (Request& request : batch) {
    const domain::MemberId id = request.foreseen->member.id;
    loaded.members.try_emplace(id, std::move(*request.foreseen));
    request.foreseen.reset();
  }
  return Overlay(std::move(loaded), catalog);
}

absl::Status Executor::Commit(storage::Transaction& transaction, const storage::WriteSet& writes,
                              bool is_recalled, const Steps& steps) {
  RETURN_IF_ERROR(transaction.Write(writes));
  const absl::Time written = absl::Now();
  RETURN_IF_ERROR(transaction.Commit());
  if (observer_ != nullptr) {
    observer_->OnCommitted({.writes = writes,
                            .is_recalled = is_recalled,
                            .load = steps.loaded - steps.begun,
                            .decide = steps.decided - steps.loaded,
                            .write = written - steps.decided,
                            .commit = absl::Now() - written});
  }
  // It was parsed before it was decided upon; should this fail all the same, the
  // next load asks for it again.
  if (const absl::Status learned = programs_.Learn(writes.rules); !learned.ok()) {
    spdlog::error("{}", learned.ToString());
  }
  return absl::OkStatus();
}

absl::StatusOr<Overlay> Executor::Load(storage::Transaction& transaction,
                                       absl::Span<const Request> batch,
                                       const std::vector<domain::MemberId>& also, bool may_recall,
                                       absl::Time& now) {
  while (true) {
    // Anew after a wait for another server, whose program may be of this moment.
    now = Now();
    const std::shared_ptr<const domain::ProgramCatalog> catalog = programs_.Current();
    storage::KeySet keys;
    keys.now = now;
    keys.known_rules = catalog->rules();
    keys.may_recall = may_recall;
    for (const Request& request : batch) {
      keys.requests.push_back(request.key);
      domain::Reads reads = domain::ReadsOf(request.command, *catalog, now);
      if (reads.member.has_value()) {
        keys.members.push_back({*std::move(reads.member), std::move(reads.needs), /*acts=*/true});
      } else {
        keys.requests_without_member = true;
      }
      if (reads.other.has_value())
        keys.members.push_back({*std::move(reads.other), std::move(reads.other_needs)});
      std::move(reads.aliases.begin(), reads.aliases.end(), std::back_inserter(keys.aliases));
      std::move(reads.counters.begin(), reads.counters.end(), std::back_inserter(keys.counters));
    }
    for (const domain::MemberId& id : also) {
      keys.members.push_back({{.id = id, .alias = {}}, {.lots = true}});
    }
    const bool with_budgets = expects_budgets_ || !also.empty();
    if (with_budgets) {
      std::vector<std::string> budgets = domain::IncentiveBudgets(*catalog);
      std::move(budgets.begin(), budgets.end(), std::back_inserter(keys.counters));
    }
    ASSIGN_OR_RETURN(storage::Loaded loaded, storage::LoadFollowing(transaction, keys));
    if (loaded.rules.empty()) {
      Overlay overlay(std::move(loaded), catalog, also);
      if (with_budgets) overlay.AddBudgets({});
      for (const storage::MemberQuery& query : keys.members) {
        if (query.needs.purchases_within.has_value()) overlay.KeepPurchasesOf(query.ref);
      }
      return overlay;
    }
    // What a command reads may depend on the program: ask again with the new one.
    RETURN_IF_ERROR(programs_.Learn(loaded.rules));
  }
}

absl::Status Executor::LoadBudgets(storage::Transaction& transaction, absl::Time now,
                                   Overlay& overlay) {
  storage::KeySet keys;
  keys.more = true;
  keys.now = now;
  keys.known_rules = overlay.catalog().rules();
  keys.counters = domain::IncentiveBudgets(overlay.catalog());
  ASSIGN_OR_RETURN(const storage::Loaded loaded, transaction.Load(keys));
  if (!loaded.rules.empty()) return absl::AbortedError("another server has changed the rules");
  overlay.AddBudgets(loaded.counters);
  return absl::OkStatus();
}

absl::StatusOr<Reply> Executor::DecideOne(const Request& request, Overlay& overlay, absl::Time now,
                                          bool recovering, Asked& asked) {
  if (const storage::StoredReply* known = overlay.FindReply(request.key); known != nullptr) {
    if (known->request_hash != request.request_hash) return RequestIdReused(request, overlay);
    return Reply{known->reply, !recovering};
  }
  // Not before: what took effect in time is still answered.
  const absl::Time real_now = clock_.RealNow();
  if (request.valid_until < real_now) {
    return domain::RequestExpired(request.valid_until, real_now);
  }
  absl::StatusOr<domain::Decision> decided =
      domain::Decide(request.command, overlay.StateFor(request.command), overlay.catalog(), now);
  if (absl::IsInternal(decided.status())) {
    spdlog::error("command {} fails and changes nothing: {}", request.key.id,
                  decided.status().ToString());
  }
  ASSIGN_OR_RETURN(domain::Decision decision, std::move(decided));
  if (!decision.asks_for.empty()) {
    for (const domain::MemberId& id : decision.asks_for) {
      if (!absl::c_linear_search(asked.members, id)) asked.members.push_back(id);
    }
    return absl::AbortedError("asks for more members");
  }
  if (domain::UsesIncentiveBudgets(decision)) {
    asked.budgets = true;
    if (!overlay.has_budgets()) return absl::AbortedError("asks for budgets");
  }
  Reply reply;
  if (request.encode) reply.encoded = request.encode(decision.outcome);
  // Only what took effect is remembered.
  if (!domain::IsEffective(decision.effects)) return reply;
  overlay.Add(request, std::move(decision.effects), reply.encoded, now);
  for (domain::Consequence& consequence : decision.consequences) {
    overlay.AddConsequence(request, std::move(consequence), now);
  }
  return reply;
}

absl::Time Executor::Now() {
  last_now_ = std::max(last_now_, clock_.Now());
  return last_now_;
}

}  // namespace dangol::lane
