#include "server/rpc/insight/insight_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/insight_service.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/decide.h"
#include "server/domain/errors.h"
#include "server/insight/givers.h"
#include "server/insight/liability.h"
#include "server/rpc/insight/convert_liability.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

void Tell(const insight::Giver& giver, v1::GivenAwayPoints& out) {
  out.set_member_id(giver.member_id.ToString());
  out.set_wallet(giver.wallet);
  out.set_points(giver.points);
  out.set_purchases(giver.purchases);
}

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

// The last that a page token has; nothing for the first page.
absl::StatusOr<std::optional<insight::Giver>> LastGiver(const std::string& list,
                                                        const std::string& page_token) {
  ASSIGN_OR_RETURN(const std::vector<std::string> position, DecodePageToken(list, page_token, 3));
  if (position.empty()) return std::nullopt;
  insight::Giver last;
  ASSIGN_OR_RETURN(last.points, TokenNumber(position[0]));
  const std::optional<domain::MemberId> member = domain::MemberId::Parse(position[1]);
  if (!member.has_value()) return NotAToken();
  last.member_id = *member;
  last.wallet = position[2];
  return last;
}

absl::Status ListGivenAway(const v1::ListGivenAwayPointsRequest& message, Backend&,
                           storage::Reader& reader, v1::ListGivenAwayPointsResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  if (message.has_occurred_from()) {
    from = validator.Time(Path("occurred_from"), message.occurred_from());
  }
  if (message.has_occurred_until()) {
    until = validator.Time(Path("occurred_until"), message.occurred_until());
  }
  RETURN_IF_ERROR(validator.status());
  const std::string list =
      absl::StrCat("given/", absl::ToUnixMicros(from), "/", absl::ToUnixMicros(until));
  ASSIGN_OR_RETURN(const std::optional<insight::Giver> last, LastGiver(list, message.page_token()));
  ASSIGN_OR_RETURN(const std::vector<domain::GivenAway> given, reader.ListGivenAway(from, until));
  for (const insight::Giver& giver : insight::RankGivers(given)) {
    if (last.has_value() && !insight::ComesBefore(*last, giver)) continue;
    if (response.given_away_size() == page_size) {
      const v1::GivenAwayPoints& shown = response.given_away(page_size - 1);
      response.set_next_page_token(
          EncodePageToken(list, {absl::StrCat(shown.points()), shown.member_id(), shown.wallet()}));
      return absl::OkStatus();
    }
    Tell(giver, *response.add_given_away());
  }
  return absl::OkStatus();
}

}  // namespace

ServiceTable InsightService() {
  using enum When;
  return {"dangol.v1.InsightService",
          {ReadWith<v1::GetTotalsRequest, v1::GetTotalsResponse>(GetTotals).For(
               {.marketing = kAlways, .auditor = kAlways}),
           ReadWith<v1::GetLiabilityRequest, v1::GetLiabilityResponse>(GetLiability)
               .For({.marketing = kAlways, .auditor = kAlways}),
           ReadWith<v1::ListGivenAwayPointsRequest, v1::ListGivenAwayPointsResponse>(ListGivenAway)
               .For({.care = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
