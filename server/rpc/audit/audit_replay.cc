#include "server/rpc/audit/audit_replay.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/common/status_macros.h"
#include "server/rpc/audit/recorded_command.h"

namespace dangol::rpc {
namespace {

using storage::CommandKind;
using storage::CommandRecord;

bool IsHalf(const CommandRecord& record) {
  return record.kind == CommandKind::kAbsorb || record.kind == CommandKind::kRestore;
}

bool NeedsHalf(const CommandRecord& record) {
  return record.kind == CommandKind::kMerge || record.kind == CommandKind::kUnmerge;
}

// The logs of members who were merged, replayed side by side. Each is in its own order;
// a merge, or what undoes it, waits in one until the other has come to its half.
class Family {
 public:
  Family(const std::vector<storage::MemberRecords>& records, const domain::ProgramCatalog& catalog,
         const OnFindings& on_findings)
      : on_findings_(on_findings) {
    for (const storage::MemberRecords& member : records) lives_.emplace_back(member, catalog);
  }

  void Run() {
    while (RunOnce()) {
    }
    for (const Life& life : lives_) {
      const domain::MemberId id = life.records.stored.state.member.id;
      on_findings_(id, domain::CheckBooks(life.records.stored));
      on_findings_(id, domain::CheckReplay(life.records.stored, life.replay));
    }
  }

 private:
  struct Life {
    Life(const storage::MemberRecords& member, const domain::ProgramCatalog& catalog)
        : records(member), replay(catalog) {}

    const CommandRecord* next() const {
      return done == records.commands.size() ? nullptr : &records.commands[done];
    }

    const storage::MemberRecords& records;
    domain::Replay replay;
    size_t done = 0;  // Commands.
  };

  // Decides again whatever can be. Where all wait for halves that never come, one of them
  // is passed over. False when nothing is left.
  bool RunOnce() {
    bool ran = false;
    for (Life& life : lives_) ran |= RunAlone(life);
    for (Life& life : lives_) ran |= RunWithHalf(life);
    if (ran) return true;
    for (Life& life : lives_) {
      if (life.next() == nullptr) continue;
      Report(life, absl::DataLossError("its other half is missing or out of order"));
      ++life.done;
      return true;
    }
    return false;
  }

  // Whatever concerns nobody else.
  bool RunAlone(Life& life) {
    const size_t before = life.done;
    while (life.next() != nullptr && !IsHalf(*life.next()) && !NeedsHalf(*life.next())) {
      Report(life, Step(life, *life.next()));
      ++life.done;
    }
    return life.done != before;
  }

  bool RunWithHalf(Life& life) {
    if (life.next() == nullptr || !NeedsHalf(*life.next())) return false;
    const CommandRecord& command = *life.next();
    for (Life& other : lives_) {
      const CommandRecord* const half = other.next();
      if (half == nullptr || !IsHalf(*half) || half->key.id != command.key.id) continue;
      Report(life, StepWith(life, command, other, *half));
      ++life.done;
      ++other.done;
      return true;
    }
    return false;
  }

  // Its reply is not compared: the API may have learnt to say more since.
  absl::Status Step(Life& life, const CommandRecord& record) {
    ASSIGN_OR_RETURN(const domain::Command command, ReadCommand(record));
    domain::Replay* person = nullptr;
    for (Life& other : lives_) {
      const bool acts = other.records.stored.state.member.id == record.inputs.person;
      if (acts) person = &other.replay;
    }
    return Refused(life.replay.Step(command, record.recorded_at, record.inputs, person).status());
  }

  static absl::Status StepWith(Life& life, const CommandRecord& record, Life& other,
                               const CommandRecord& half) {
    ASSIGN_OR_RETURN(const domain::Command command, ReadCommand(record));
    RETURN_IF_ERROR(ReadCommand(half).status());
    return Refused(life.replay.StepWith(other.replay, command, record.recorded_at));
  }

  static absl::Status Refused(const absl::Status& status) {
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrCat("is refused: ", status.message()));
  }

  void Report(const Life& life, const absl::Status& status) const {
    if (status.ok()) return;
    on_findings_(life.records.stored.state.member.id,
                 {{domain::FindingKind::kCommand,
                   absl::StrCat("command ", life.next()->key.id, ": ", status.message())}});
  }

  const OnFindings& on_findings_;
  std::vector<Life> lives_;
};

}  // namespace

void VerifyFamily(const std::vector<storage::MemberRecords>& family,
                  const domain::ProgramCatalog& catalog, const OnFindings& on_findings) {
  Family(family, catalog, on_findings).Run();
}

}  // namespace dangol::rpc
