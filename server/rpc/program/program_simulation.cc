#include "server/rpc/program/program_simulation.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/common/status_macros.h"
#include "server/domain/audit/simulation.h"
#include "server/rpc/page_token.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

constexpr char kList[] = "simulation";

// Where the next page goes on: after this member, with so much used of counters, which the token
// carries along.
struct Position {
  std::optional<domain::MemberId> after;
  domain::SharedCounters counters;
};

absl::StatusOr<Position> PositionOf(const std::string& token) {
  Position position;
  if (token.empty()) return position;
  ASSIGN_OR_RETURN(const std::vector<std::string> parts, DecodePageToken(kList, token, 2));
  position.after = domain::MemberId::Parse(parts[0]);
  if (!position.after.has_value()) return NotAToken();
  for (const absl::string_view counter : absl::StrSplit(parts[1], ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> used = absl::StrSplit(counter, '=');
    ASSIGN_OR_RETURN(position.counters[std::string(used.first)].used, TokenNumber(used.second));
  }
  return position;
}

std::string TokenOf(const Position& position) {
  std::string counters;
  for (const auto& [name, counter] : position.counters) {
    absl::StrAppend(&counters, name, "=", counter.used, ",");
  }
  return EncodePageToken(kList, {position.after->ToString(), counters});
}

void Tell(const domain::Simulated& sums, bool with_members, v1::SimulateProgramResponse& response) {
  response.set_members(sums.members);
  response.set_commands(sums.commands);
  response.set_refused(sums.refused);
  for (const auto& [key, given] : sums.given) {
    v1::SimulatedPoints& out = *response.add_given();
    out.set_rule_id(key.first);
    out.set_wallet(key.second);
    out.set_members_now(given.is.members);
    out.set_members_then(given.would.members);
    out.set_times_now(given.is.times);
    out.set_times_then(given.would.times);
    out.set_points_now(given.is.points);
    out.set_points_then(given.would.points);
  }
  for (const auto& [wallet, points] : sums.liabilities) {
    v1::SimulatedLiability& out = *response.add_liabilities();
    out.set_wallet(wallet);
    out.set_points_now(points.is);
    out.set_points_then(points.would);
  }
  for (const auto& [key, members] : sums.moves) {
    v1::SimulatedMove& out = *response.add_moves();
    out.set_ladder(std::get<0>(key));
    out.set_tier_now(std::get<1>(key));
    out.set_tier_then(std::get<2>(key));
    out.set_members(members);
  }
  if (!with_members) return;
  for (const domain::MemberDifference& difference : sums.differences) {
    v1::SimulatedMember& out = *response.add_differences();
    out.set_member_id(difference.member.ToString());
    out.set_wallet(difference.wallet);
    out.set_points_now(difference.points.is);
    out.set_points_then(difference.points.would);
  }
}

}  // namespace

absl::Status SimulateProgram(const v1::SimulateProgramRequest& message, Backend& backend,
                             storage::Reader& reader, v1::SimulateProgramResponse& response) {
  Validator validator;
  validator.Check(message.has_from(), Path("from"), "is required");
  const absl::Time from = validator.Time(Path("from"), message.from());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::Program> draft,
                   ParseProgram(message.program_text()));
  ASSIGN_OR_RETURN(Position position, PositionOf(message.page_token()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> current,
                   backend.programs.Refresh(reader));
  if (current->versions().empty()) return domain::ProgramMissing();
  const std::shared_ptr<const domain::ProgramCatalog> proposed =
      domain::WithDraft(*current, draft, from);
  domain::Simulated sums;
  bool is_last = false;
  for (int i = 0; i < page_size && !is_last; ++i) {
    ASSIGN_OR_RETURN(const storage::FamilyRecords records, reader.ReadRecords(position.after));
    is_last = !records.first.has_value();
    if (is_last) break;
    position.after = records.first;
    domain::SimulateFamily(records.family, *current, *proposed, from, backend.clock.Now(),
                           position.counters, sums);
  }
  Tell(sums, message.with_members(), response);
  if (!is_last) response.set_next_page_token(TokenOf(position));
  return absl::OkStatus();
}

}  // namespace dangol::rpc
