#include "server/domain/audit/family.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/common/status_macros.h"

namespace dangol::domain {
namespace {

bool IsHalf(const RecordedCommand& command) {
  return command.kind == kKindOf<AbsorbMember> || command.kind == kKindOf<RestoreMember>;
}

bool NeedsHalf(const RecordedCommand& command) {
  return command.kind == kKindOf<MergeMembers> || command.kind == kKindOf<UnmergeMember>;
}

// The logs of members who were merged, replayed side by side. Each is in its own order;
// a merge, or what undoes it, waits in one until the other has come to its half.
class Family {
 public:
  Family(const std::vector<StoredMember>& members, const FamilyVisitor& visitor)
      : visitor_(visitor) {
    for (const StoredMember& member : members) lives_.emplace_back(member, visitor.make());
    for (const Life& life : lives_) replays_.push_back(&life.replay);
  }

  void Run() {
    while (RunOnce()) {
    }
    for (Life& life : lives_) visitor_.end(life.stored, life.replay);
  }

 private:
  struct Life {
    Life(const StoredMember& member, Replay made) : stored(member), replay(std::move(made)) {}

    const RecordedCommand* next() const {
      return done == stored.commands.size() ? nullptr : &stored.commands[done];
    }

    const StoredMember& stored;
    Replay replay;
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
    const RecordedCommand& command = *life.next();
    for (Life& other : lives_) {
      const RecordedCommand* const half = other.next();
      if (half == nullptr || !IsHalf(*half) || half->id != command.id) continue;
      Report(life, StepWith(life, command, other, *half));
      ++life.done;
      ++other.done;
      return true;
    }
    return false;
  }

  // Its reply is not compared: the API may have learnt to say more since.
  absl::Status Step(Life& life, const RecordedCommand& record) {
    RETURN_IF_ERROR(record.action.status());
    Replay* person = nullptr;
    for (Life& other : lives_) {
      const bool acts = other.stored.state.member.id == record.inputs.person;
      if (acts) person = &other.replay;
    }
    return Refused(life.replay.Step(record, person, replays_).status());
  }

  static absl::Status StepWith(Life& life, const RecordedCommand& record, Life& other,
                               const RecordedCommand& half) {
    RETURN_IF_ERROR(record.action.status());
    RETURN_IF_ERROR(half.action.status());
    return Refused(life.replay.StepWith(other.replay, record));
  }

  static absl::Status Refused(const absl::Status& status) {
    if (status.ok()) return status;
    return absl::Status(status.code(),
                        absl::StrCat("cannot be decided again as it was: ", status.message()));
  }

  void Report(const Life& life, const absl::Status& status) const {
    if (!status.ok()) visitor_.refused(life.stored.state.member.id, life.next()->id, status);
  }

  const FamilyVisitor& visitor_;
  std::vector<Life> lives_;
  std::vector<const Replay*> replays_;  // Of all of them.
};

}  // namespace

void ReplayFamily(const std::vector<StoredMember>& family, const FamilyVisitor& visitor) {
  Family(family, visitor).Run();
}

bool IsErased(const std::vector<StoredMember>& family) {
  return std::any_of(family.begin(), family.end(), [](const StoredMember& stored) {
    return stored.state.member.status == MemberStatus::kErased;
  });
}

void VerifyFamily(const std::vector<StoredMember>& family, const ProgramCatalog& catalog,
                  const OnFindings& on_findings) {
  if (IsErased(family)) {
    for (const StoredMember& stored : family) {
      on_findings(stored.state.member.id, CheckBooks(stored));
    }
    return;
  }
  ReplayFamily(
      family, {[&] { return Replay(catalog); },
               [&](const MemberId& member, const std::string& command, const absl::Status& status) {
                 on_findings(member, {{FindingKind::kCommand,
                                       absl::StrCat("command ", command, ": ", status.message())}});
               },
               [&](const StoredMember& stored, Replay& replay) {
                 const MemberId id = stored.state.member.id;
                 on_findings(id, CheckBooks(stored));
                 on_findings(id, CheckReplay(stored, replay));
               }});
}

}  // namespace dangol::domain
