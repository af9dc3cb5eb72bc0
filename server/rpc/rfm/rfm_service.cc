#include "server/rpc/rfm/rfm_service.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/rfm_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/standing/activity_score.h"
#include "server/domain/standing/record_norms.h"
#include "server/insight/rfm.h"
#include "server/lane/advocate_evaluation.h"
#include "server/lane/rfm_population.h"
#include "server/rpc/day.h"
#include "server/rpc/member_read.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/rfm/convert_rfm.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// How members are scored, and as of which day.
struct Basis {
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  const domain::Program* program = nullptr;
  domain::DayNumber day = 0;

  const domain::Rfm& rfm() const { return *program->rfm; }
};

template <typename Message>
absl::StatusOr<Basis> BasisOf(const Message& message, Backend& backend) {
  const absl::Time now = backend.clock.Now();
  Validator validator;
  const Path path("as_of");
  const absl::Time as_of = message.has_as_of() ? validator.Time(path, message.as_of()) : now;
  validator.Check(as_of <= now + limits::kMaxAsOfAhead, path,
                  "lies more than a hundred years ahead");
  RETURN_IF_ERROR(validator.status());
  Basis basis;
  basis.catalog = backend.programs.Current();
  const domain::ProgramVersion* const version = basis.catalog->At(std::max(as_of, now));
  if (version == nullptr) return domain::ProgramMissing();
  basis.program = version->program.get();
  if (!basis.program->rfm.has_value()) return domain::RfmNotDeclared(basis.program->name);
  const absl::TimeZone zone = basis.program->time_zone;
  basis.day = domain::NumberOf(absl::ToCivilDay(as_of, zone));
  const domain::DayNumber first =
      domain::FirstRfmDay(domain::NumberOf(absl::ToCivilDay(now, zone)));
  validator.Check(
      basis.day >= first, path,
      absl::StrCat("lies too far back; the first day that can be told is ", DayText(first)));
  RETURN_IF_ERROR(validator.status());
  return basis;
}

absl::Status GetRfm(const v1::GetRfmRequest& message, Backend& backend, storage::Reader& reader,
                    v1::GetRfmResponse& response) {
  ASSIGN_OR_RETURN(const Basis basis, BasisOf(message, backend));
  ASSIGN_OR_RETURN(const lane::Population population,
                   lane::ReadPopulation(*basis.program, basis.day, reader));
  const domain::RfmCutPoints cut_points = insight::CutPointsOf(population.values, basis.rfm());
  ToProto(*basis.program, basis.day, cut_points, *response.mutable_basis());
  response.set_members(static_cast<int64_t>(population.values.size()));
  response.set_without_purchase(population.without_purchase);
  ToProto(insight::CountRfm(population.values, cut_points, basis.rfm()), basis.rfm(), response);
  return absl::OkStatus();
}

absl::StatusOr<domain::Member> FindPerson(const domain::MemberRef& ref, Backend& backend,
                                          storage::Reader& reader) {
  ASSIGN_OR_RETURN(const Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     return reads;
                   }));
  const domain::MemberState* const person = found.loaded.FindPerson(ref);
  const domain::MemberState* const member = person != nullptr ? person : found.loaded.Find(ref);
  if (member == nullptr) return domain::MemberNotFound(ref);
  return member->member;
}

// Cut points, and the number of the norms that have them; 0: they are of none.
struct Chosen {
  domain::RfmCutPoints cut_points;
  int64_t norms = 0;
};

// Those that the request gives, or else those in force, or else those that GetRfm would tell.
absl::StatusOr<Chosen> CutPointsFor(const v1::GetMemberRfmRequest& message, const Basis& basis,
                                    storage::Reader& reader) {
  Chosen chosen;
  if (message.has_cut_points()) {
    Validator validator;
    chosen.cut_points =
        ReadCutPoints(Path("cut_points"), message.cut_points(), basis.rfm().scores, validator);
    RETURN_IF_ERROR(validator.status());
    return chosen;
  }
  const domain::RfmCutPoints* const in_force =
      domain::CutPointsOn(*basis.program, *basis.catalog, basis.day);
  if (in_force != nullptr) {
    chosen.cut_points = *in_force;
    if (!basis.rfm().thresholds.has_value()) {
      chosen.norms = basis.catalog->NormsOn(basis.day, *basis.program)->number;
    }
    return chosen;
  }
  ASSIGN_OR_RETURN(const lane::Population population,
                   lane::ReadPopulation(*basis.program, basis.day, reader));
  chosen.cut_points = insight::CutPointsOf(population.values, basis.rfm());
  return chosen;
}

absl::Status GetMemberRfm(const v1::GetMemberRfmRequest& message, Backend& backend,
                          storage::Reader& reader, v1::GetMemberRfmResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  // First, since it may learn of a new version of the program.
  ASSIGN_OR_RETURN(const domain::Member member, FindPerson(ref, backend, reader));
  ASSIGN_OR_RETURN(const Basis basis, BasisOf(message, backend));
  ASSIGN_OR_RETURN(const Chosen chosen, CutPointsFor(message, basis, reader));
  response.set_member_id(member.id.ToString());
  response.set_norms(chosen.norms);
  ToProto(*basis.program, basis.day, chosen.cut_points, *response.mutable_basis());
  if (!lane::TakesPart(member)) return absl::OkStatus();
  const domain::Scored scored = domain::ScoresOn(member.histories, *basis.program, *basis.catalog,
                                                 &chosen.cut_points, basis.day);
  ToProto(scored, basis.rfm(), response);
  return absl::OkStatus();
}

absl::Status CheckNorms(lane::Request& request, Backend& backend, storage::Reader& reader) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   backend.programs.Refresh(reader));
  const absl::Time now = backend.clock.Now();
  ASSIGN_OR_RETURN(const domain::NormsDue due, domain::NormsNow(*catalog, now));
  auto& record = std::get<domain::RecordNorms>(request.command.action);
  ASSIGN_OR_RETURN(record.norms, lane::ComputeNorms(due, *catalog, now, reader));
  if (due.advocates) {
    ASSIGN_OR_RETURN(const lane::AdvocateEvaluation evaluation,
                     lane::EvaluateAdvocates(due, *catalog, now, reader));
    record.norms.advocates = evaluation.norms;
  }
  request.action = domain::EncodeAction(request.command.action);
  return absl::OkStatus();
}

absl::Status ListNorms(const v1::ListNormsRequest& message, Backend& backend,
                       storage::Reader& reader, v1::ListNormsResponse& response) {
  constexpr char kList[] = "norms";
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(kList, message.page_token(), 1));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!position.empty()) {
    ASSIGN_OR_RETURN(before, TokenNumber(position[0]));
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   backend.programs.Refresh(reader));
  const std::vector<domain::Norms>& all = catalog->norms();
  for (auto norms = all.rbegin(); norms != all.rend(); ++norms) {
    if (norms->number >= before) continue;
    if (response.norms_size() == page_size) {
      response.set_next_page_token(EncodePageToken(kList, {absl::StrCat(norms->number + 1)}));
      break;
    }
    ToProto(*norms, *response.add_norms());
  }
  return absl::OkStatus();
}

}  // namespace

ServiceTable RfmService() {
  using enum When;
  return {
      "dangol.v1.RfmService",
      {ReadWith<v1::GetRfmRequest, v1::GetRfmResponse>(GetRfm).For(
           {.care = kAlways, .marketing = kAlways, .auditor = kAlways}),
       ReadWith<v1::GetMemberRfmRequest, v1::GetMemberRfmResponse>(GetMemberRfm)
           .For({.care = kAlways, .auditor = kAlways}),
       Mutation<v1::ComputeNormsRequest, domain::NormsOutcome, v1::ComputeNormsResponse>(
           ToRequest, ToProto, "", CheckNorms)
           .For({}),
       ReadWith<v1::ListNormsRequest, v1::ListNormsResponse>(ListNorms).For({.auditor = kAlways})}};
}

}  // namespace dangol::rpc
