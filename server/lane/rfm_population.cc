#include "server/lane/rfm_population.h"

#include <optional>

#include "server/common/status_macros.h"
#include "server/domain/standing/record_norms.h"
#include "server/insight/rfm.h"
#include "server/storage/every_member.h"

namespace dangol::lane {

bool TakesPart(const domain::Member& member) {
  return member.status == domain::MemberStatus::kActive ||
         member.status == domain::MemberStatus::kSuspended;
}

absl::StatusOr<Population> ReadPopulation(const domain::Program& program, domain::DayNumber day,
                                          storage::Reader& reader) {
  Population population;
  RETURN_IF_ERROR(storage::ForEachMember({}, reader, [&](const domain::Member& member) {
    if (!TakesPart(member)) return absl::OkStatus();
    const std::optional<domain::RfmValues> values =
        domain::RfmValuesOf(member.histories, program, day);
    if (values.has_value()) {
      population.values.push_back(*values);
    } else {
      ++population.without_purchase;
    }
    return absl::OkStatus();
  }));
  return population;
}

absl::StatusOr<domain::Norms> ComputeNorms(const domain::NormsDue& due,
                                           const domain::ProgramCatalog& catalog, absl::Time now,
                                           storage::Reader& reader) {
  const domain::Program& program = domain::ProgramOfNorms(due, catalog, now);
  domain::Norms norms;
  norms.from = due.from;
  norms.day = due.day;
  norms.basis = domain::BasisOf(program);
  norms.only_advocates = !due.scores;
  if (!due.scores) return norms;
  ASSIGN_OR_RETURN(const Population population, ReadPopulation(program, due.day, reader));
  norms.members = static_cast<int64_t>(population.values.size());
  norms.cut_points = insight::CutPointsOf(population.values, *program.rfm);
  return norms;
}

}  // namespace dangol::lane
