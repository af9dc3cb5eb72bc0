#include "server/rpc/rfm/rfm_service.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/rfm_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/insight/rfm.h"
#include "server/insight/rfm_values.h"
#include "server/rpc/member_read.h"
#include "server/rpc/method.h"
#include "server/rpc/rfm/convert_rfm.h"
#include "server/rpc/tier/convert_tier.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// How members are scored, and as of which day.
struct Basis {
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  const domain::Program* program = nullptr;
  domain::DayNumber day = 0;

  const domain::Rfm& rfm() const { return *program->rfm; }

  // Nothing where they are not scored.
  std::optional<insight::RfmValues> ValuesOf(const domain::Member& member) const {
    return insight::RfmValuesOf(member.histories, rfm(), program->currencies, day);
  }
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
      insight::FirstRfmDay(domain::NumberOf(absl::ToCivilDay(now, zone)));
  validator.Check(
      basis.day >= first, path,
      absl::StrCat("lies too far back; the first day that can be told is ", DayText(first)));
  RETURN_IF_ERROR(validator.status());
  return basis;
}

// Whether somebody belongs to the population, if they have bought something.
bool TakesPart(const domain::Member& member) {
  return member.status == domain::MemberStatus::kActive ||
         member.status == domain::MemberStatus::kSuspended;
}

// What is scored, of everybody who is: 24 bytes for each of them.
struct Population {
  std::vector<insight::RfmValues> values;
  int64_t without_purchase = 0;
};

absl::StatusOr<Population> ReadPopulation(const Basis& basis, storage::Reader& reader) {
  Population population;
  storage::MemberFilter filter;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<domain::MemberState> page,
                     reader.ListMembers(filter, limits::kMaxPageSize));
    for (const domain::MemberState& state : page) {
      if (!TakesPart(state.member)) continue;
      const std::optional<insight::RfmValues> values = basis.ValuesOf(state.member);
      if (values.has_value()) {
        population.values.push_back(*values);
      } else {
        ++population.without_purchase;
      }
    }
    if (page.size() < static_cast<size_t>(limits::kMaxPageSize)) return population;
    filter.after = page.back().member.id;
  }
}

void Tell(const Basis& basis, const insight::RfmCutPoints& cut_points, v1::RfmBasis& out) {
  const domain::Rfm& rfm = basis.rfm();
  out.set_day(DayText(basis.day));
  out.set_first_day(DayText(insight::RfmWindow(rfm, basis.day).from));
  out.set_scores(rfm.scores);
  out.set_base_currency(basis.program->currencies[static_cast<size_t>(rfm.base_currency)].code);
  out.set_thresholds(rfm.thresholds.has_value());
  ToProto(cut_points, *out.mutable_cut_points());
}

absl::Status GetRfm(const v1::GetRfmRequest& message, Backend& backend, storage::Reader& reader,
                    v1::GetRfmResponse& response) {
  ASSIGN_OR_RETURN(const Basis basis, BasisOf(message, backend));
  ASSIGN_OR_RETURN(const Population population, ReadPopulation(basis, reader));
  const insight::RfmCutPoints cut_points = CutPointsOf(population.values, basis.rfm());
  Tell(basis, cut_points, *response.mutable_basis());
  response.set_members(static_cast<int64_t>(population.values.size()));
  response.set_without_purchase(population.without_purchase);
  ToProto(CountRfm(population.values, cut_points, basis.rfm()), basis.rfm(), response);
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

// Those that the request gives, or else those that GetRfm would tell.
absl::StatusOr<insight::RfmCutPoints> CutPointsFor(const v1::GetMemberRfmRequest& message,
                                                   const Basis& basis, storage::Reader& reader) {
  if (message.has_cut_points()) {
    Validator validator;
    insight::RfmCutPoints cut_points =
        ReadCutPoints(Path("cut_points"), message.cut_points(), basis.rfm().scores, validator);
    RETURN_IF_ERROR(validator.status());
    return cut_points;
  }
  if (basis.rfm().thresholds.has_value()) return insight::CutPointsOf({}, basis.rfm());
  ASSIGN_OR_RETURN(const Population population, ReadPopulation(basis, reader));
  return insight::CutPointsOf(population.values, basis.rfm());
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
  ASSIGN_OR_RETURN(const insight::RfmCutPoints cut_points, CutPointsFor(message, basis, reader));
  response.set_member_id(member.id.ToString());
  Tell(basis, cut_points, *response.mutable_basis());
  const std::optional<insight::RfmValues> values = basis.ValuesOf(member);
  if (!values.has_value() || !TakesPart(member)) return absl::OkStatus();
  const domain::RfmScores scores = ScoresOf(*values, cut_points, basis.rfm().scores);
  ToProto(*values, *response.mutable_values());
  ToProto(scores, *response.mutable_scores());
  const std::vector<domain::RfmSegment>& segments = basis.rfm().segments;
  const int segment = domain::FindSegment(segments, scores);
  if (segment >= 0) {
    ToProto(segments[static_cast<size_t>(segment)], *response.mutable_segment());
  }
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<grpc::Service> MakeRfmService(const Backend& backend) {
  return MakeService(backend, "dangol.v1.RfmService",
                     {ReadWith<v1::GetRfmRequest, v1::GetRfmResponse>(GetRfm),
                      ReadWith<v1::GetMemberRfmRequest, v1::GetMemberRfmResponse>(GetMemberRfm)});
}

}  // namespace dangol::rpc
