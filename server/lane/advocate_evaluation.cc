#include "server/lane/advocate_evaluation.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/vvip.h"
#include "server/domain/program/reigns.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/standing/record_norms.h"
#include "server/lane/due_members.h"
#include "server/lane/rfm_population.h"
#include "server/storage/every_member.h"

namespace dangol::lane {
namespace {

// Whether somebody stands otherwise than their row says: nothing has happened to them since.
bool IsToBeReviewed(const domain::ProgramCatalog& catalog, absl::Time now,
                    const domain::Member& member) {
  // Whom they referred somebody to is told with the next command, once a program asks for it.
  const domain::Referral* const referral = domain::ReferralOf(member);
  if (referral != nullptr && referral->told != domain::ConversionsOf(member, catalog)) return true;
  domain::Member judged = member;
  domain::JudgeAdvocacy(catalog, now, domain::kNever, member.advanced_until, judged);
  return judged.advocacy != member.advocacy;
}

}  // namespace

absl::StatusOr<AdvocateEvaluation> EvaluateAdvocates(const domain::NormsDue& due,
                                                     const domain::ProgramCatalog& catalog,
                                                     absl::Time now, storage::Reader& reader) {
  const domain::Program& program = domain::ProgramOfNorms(due, catalog, now);
  AdvocateEvaluation evaluation;
  std::vector<domain::VvipRank> ranks;
  insight::InfluenceTree tree;
  RETURN_IF_ERROR(storage::ForEachMember({}, reader, [&](const domain::Member& member) {
    if (!TakesPart(member)) return absl::OkStatus();
    const domain::VvipRank rank = domain::RankOf(member, program, due.day);
    if (rank.spent_minor > 0) ranks.push_back(rank);
    if (program.word_of_mouth.has_value()) tree.Add(member, program, due.day);
    if (IsToBeReviewed(catalog, now, member)) evaluation.reviews.push_back(member.id);
    return absl::OkStatus();
  }));
  evaluation.norms = domain::AdvocateNormsOf(ranks, program.vvip);
  evaluation.influence = tree.Changes();
  return evaluation;
}

absl::Status RecordInfluence(const std::vector<insight::InfluenceTree::Change>& changes,
                             domain::DayNumber day, Lanes& lanes) {
  return SubmitForAll(
      changes.size(),
      [&](size_t i) {
        Request request;
        const domain::MemberId& member = changes[i].member;
        request.key = {storage::RequestScope::kSystem,
                       absl::StrCat("influence/", member.ToString(), "/", day)};
        domain::RecordInfluence record;
        record.member.id = member;
        record.mark = {day, changes[i].thousandths};
        request.command = {std::move(record), domain::kSystemPrincipal};
        request.action = domain::EncodeAction(request.command.action);
        return request;
      },
      lanes);
}

}  // namespace dangol::lane
