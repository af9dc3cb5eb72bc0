#include "server/lane/date_keeper.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/incentive/dates.h"
#include "server/lane/due_members.h"

namespace dangol::lane {

DateKeeper::DateKeeper(ReadPool& reads, Lanes& lanes, ProgramLibrary& programs)
    : reads_(reads), lanes_(lanes), programs_(programs) {}

absl::StatusOr<absl::Time> DateKeeper::KeepUp(absl::Time now) {
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  RETURN_IF_ERROR(reads_.RunAndWait([&](storage::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(catalog, programs_.Refresh(reader));
    return absl::OkStatus();
  }));
  absl::Time next = absl::InfiniteFuture();
  for (const domain::ProgramVersion& version : catalog->versions()) {
    if (version.effective_from > now) next = std::min(next, version.effective_from);
  }
  const domain::ProgramVersion* const version = catalog->At(now);
  absl::MutexLock lock(&mutex_);
  if (version == nullptr || version->version == version_) return next;
  const bool has_dates = std::any_of(version->program->incentives.begin(),
                                     version->program->incentives.end(), domain::IsOfDate);
  if (has_dates) RETURN_IF_ERROR(GoThrough(*catalog, now));
  version_ = version->version;
  return next;
}

absl::Status DateKeeper::GoThrough(const domain::ProgramCatalog& catalog, absl::Time now) {
  storage::MemberFilter filter;
  filter.bare = true;
  absl::Status failure;  // Of one member, who keeps nobody back.
  while (true) {
    std::vector<domain::MemberState> page;
    RETURN_IF_ERROR(reads_.RunAndWait([&](storage::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(page, reader.ListMembers(filter, limits::kMaxPageSize));
      return absl::OkStatus();
    }));
    std::vector<domain::MemberId> late;
    for (const domain::MemberState& state : page) {
      const absl::Time due = domain::NextDateDue(catalog, now, state.member);
      if (due < state.member.next_due_at) late.push_back(state.member.id);
    }
    failure.Update(AdvanceMembers(late, now, lanes_));
    if (page.size() < static_cast<size_t>(limits::kMaxPageSize)) return failure;
    filter.after = page.back().member.id;
  }
}

}  // namespace dangol::lane
