#include "server/rpc/insight/insight_service.h"

#include "dangol/v1/insight_service.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/decide.h"
#include "server/domain/errors.h"
#include "server/insight/liability.h"
#include "server/rpc/insight/convert_liability.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"
#include "server/rpc/points/convert_points.h"

namespace dangol::rpc {
namespace {

absl::Status GetTotals(const v1::GetTotalsRequest&, Backend& backend, storage::Reader& reader,
                       v1::GetTotalsResponse& response) {
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> known = backend.programs.Current();
  const domain::ProgramCatalog& catalog = *known;
  storage::StoredTotals since;
  ASSIGN_OR_RETURN(storage::StoredTotals totals,
                   reader.Totals(now, [&](const domain::MemberState& state) {
                     AddToTotals(state, domain::Advance(state, catalog, now), since);
                   }));
  for (const auto& [name, wallet] : since.wallets) {
    storage::StoredTotals::Wallet& total = totals.wallets[name];
    total.pending += wallet.pending;
    total.available += wallet.available;
    total.held += wallet.held;
    for (const auto& [account, points] : wallet.ledger) total.ledger[account] += points;
  }
  // Wallets that nothing was earned in yet are shown, too.
  if (const domain::ProgramVersion* version = catalog.At(now); version != nullptr) {
    for (const domain::Wallet& wallet : version->program->wallets)
      totals.wallets.try_emplace(wallet.id);
  }
  *response.mutable_as_of() = ToTimestamp(now);
  ToProto(totals, response);
  return absl::OkStatus();
}

absl::Status GetLiability(const v1::GetLiabilityRequest&, Backend& backend, storage::Reader& reader,
                          v1::GetLiabilityResponse& response) {
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> known = backend.programs.Current();
  const domain::ProgramCatalog& catalog = *known;
  const domain::ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return domain::ProgramMissing();
  const domain::OutstandingPieces pieces = insight::PiecesAt(now, catalog);
  domain::Outstanding since;
  const auto add_held = [&](const domain::Reservation& reservation,
                            const std::optional<absl::Time>& last_activity_at) {
    domain::AddHeld(reservation, last_activity_at, catalog, pieces.months, since);
  };
  const auto replace_due = [&](const domain::MemberState& state) {
    domain::Replace(state, domain::Advance(state, catalog, now), catalog, pieces.months, since);
  };
  ASSIGN_OR_RETURN(domain::Outstanding outstanding,
                   reader.SumOutstanding(pieces, now, add_held, replace_due));
  domain::Add(since, outstanding);
  *response.mutable_as_of() = ToTimestamp(now);
  ToProto(insight::Assess(outstanding, *version->program, pieces.months, now), response);
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<grpc::Service> MakeInsightService(const Backend& backend) {
  return MakeService(backend, "dangol.v1.InsightService",
                     {ReadWith<v1::GetTotalsRequest, v1::GetTotalsResponse>(GetTotals),
                      ReadWith<v1::GetLiabilityRequest, v1::GetLiabilityResponse>(GetLiability)});
}

}  // namespace dangol::rpc
