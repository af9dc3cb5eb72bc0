#include "server/rpc/tier/population.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/standing/judge.h"
#include "server/domain/standing/status.h"
#include "server/domain/standing/tier_gifts.h"
#include "server/rpc/member_read.h"
#include "server/rpc/page_token.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/tier/convert_tier.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// Members named for one change, on one page.
constexpr int kExamples = 3;

// A page of all members, and the moment as of which everything is told.
struct Page {
  std::optional<domain::MemberId> after;
  absl::Time as_of;
  int size = 0;
};

template <typename Message>
absl::StatusOr<Page> PageOf(const std::string& list, const Message& message, absl::Time now) {
  Validator validator;
  Page page;
  page.size = validator.PageSize(Path("page_size"), message.page_size());
  page.as_of = now;
  if (message.has_as_of()) {
    page.as_of = validator.Time(Path("as_of"), message.as_of());
    validator.Check(page.as_of >= now - absl::Hours(24), Path("as_of"),
                    "lies in the past; tiers are told as of now or later");
    validator.Check(page.as_of <= now + limits::kMaxAsOfAhead, Path("as_of"),
                    "lies more than a hundred years ahead");
  }
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 2));
  if (position.empty()) return page;
  page.after = domain::MemberId::Parse(position[0]);
  int64_t micros = 0;
  if (!page.after.has_value() || !absl::SimpleAtoi(position[1], &micros)) return NotAToken();
  page.as_of = absl::FromUnixMicros(micros);
  return page;
}

// Hands everybody of a page who takes part to `visit`, and sets where the next page begins.
template <typename Response>
absl::Status VisitPage(const std::string& list, const Page& page, storage::Reader& reader,
                       absl::FunctionRef<void(const domain::Member&)> visit, Response& response) {
  storage::MemberFilter filter;
  filter.after = page.after;
  ASSIGN_OR_RETURN(const std::vector<domain::MemberState> members,
                   reader.ListMembers(filter, page.size));
  for (const domain::MemberState& state : members) {
    const domain::MemberStatus status = state.member.status;
    if (status != domain::MemberStatus::kActive && status != domain::MemberStatus::kSuspended) {
      continue;
    }
    response.set_members(response.members() + 1);
    visit(state.member);
  }
  if (static_cast<int>(members.size()) < page.size) return absl::OkStatus();
  response.set_next_page_token(EncodePageToken(
      list, {members.back().member.id.ToString(), absl::StrCat(absl::ToUnixMicros(page.as_of))}));
  return absl::OkStatus();
}

// How far somebody is on the way to the next tier, in parts of a hundred.
int PercentToNext(const domain::TierStatus& status) {
  int least = 100;
  int most = 0;
  for (const domain::Judged& judged : status.next_criteria) {
    const int64_t part =
        judged.threshold == 0
            ? 100
            : static_cast<int64_t>(absl::int128(std::max<int64_t>(judged.value, 0)) * 100 /
                                   judged.threshold);
    const int percent = static_cast<int>(std::min<int64_t>(part, 100));
    least = std::min(least, percent);
    most = std::max(most, percent);
  }
  return status.next_any ? most : least;
}

std::string LadderKey(const std::string& ladder, const std::string& tier) {
  return absl::StrCat(ladder, "/", tier);
}

// The program that is in force at a moment, and after it a proposed one.
std::shared_ptr<const domain::ProgramCatalog> WithProposed(
    const domain::ProgramCatalog& catalog, std::shared_ptr<const domain::Program> program,
    absl::Time effective_from) {
  auto extended = std::make_shared<domain::ProgramCatalog>(catalog);
  domain::ProgramVersion version;
  version.version = static_cast<int64_t>(catalog.versions().size()) + 1;
  version.effective_from = catalog.versions().empty() ? absl::InfinitePast() : effective_from;
  version.recorded_at = effective_from;
  version.program = std::move(program);
  extended->Add(std::move(version));
  return extended;
}

// Counts who moves from which tier to which, and what they are given for it.
class Migration {
 public:
  Migration(const domain::ProgramCatalog& current, const domain::ProgramCatalog& proposed,
            absl::Time as_of)
      : current_(current), proposed_(proposed), as_of_(as_of) {}

  void Count(const domain::Member& member) {
    domain::Member stays = member;
    domain::Member changes = member;
    domain::AdvanceTiers(current_, as_of_, stays);
    domain::AdvanceTiers(proposed_, as_of_, changes);
    const std::vector<domain::TierStatus> before = domain::StatusOf(stays, current_, as_of_);
    for (const domain::TierStatus& after : domain::StatusOf(changes, proposed_, as_of_)) {
      const auto same = std::find_if(
          before.begin(), before.end(),
          [&](const domain::TierStatus& status) { return status.ladder == after.ladder; });
      const domain::TierLabel from = same == before.end() ? domain::TierLabel() : same->tier;
      Move& move = moves_[{after.ladder, from.id, after.tier.id}];
      ++move.members;
      move.from = from;
      move.to = after.tier;
      if (move.examples.size() < kExamples) move.examples.push_back(member.id.ToString());
    }
    for (const domain::AwardDue& gift : domain::TierGiftsDue(proposed_, as_of_, changes)) {
      gifts_[gift.reward.wallet] += gift.reward.points;
    }
    for (const domain::AwardDue& gift : domain::TierGiftsDue(current_, as_of_, stays)) {
      gifts_[gift.reward.wallet] -= gift.reward.points;
    }
  }

  void Tell(v1::SimulateTiersResponse& response) const {
    for (const auto& [key, move] : moves_) {
      v1::TierMove& out = *response.add_moves();
      out.set_ladder(std::get<0>(key));
      ToProto(move.from, *out.mutable_from());
      ToProto(move.to, *out.mutable_to());
      out.set_members(move.members);
      for (const std::string& id : move.examples) out.add_example_member_ids(id);
    }
    for (const auto& [wallet, points] : gifts_) {
      if (points == 0) continue;
      v1::GiftChange& out = *response.add_gifts();
      out.set_wallet(wallet);
      out.set_points(points);
    }
  }

 private:
  struct Move {
    int64_t members = 0;
    domain::TierLabel from;
    domain::TierLabel to;
    std::vector<std::string> examples;
  };

  const domain::ProgramCatalog& current_;
  const domain::ProgramCatalog& proposed_;
  const absl::Time as_of_;
  std::map<std::tuple<std::string, std::string, std::string>, Move> moves_;
  std::map<std::string, int64_t> gifts_;
};

}  // namespace

absl::Status GetTierDistribution(const v1::GetTierDistributionRequest& message, Backend& backend,
                                 storage::Reader& reader,
                                 v1::GetTierDistributionResponse& response) {
  constexpr char kList[] = "tier-distribution";
  ASSIGN_OR_RETURN(const Page page, PageOf(kList, message, backend.clock.Now()));
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  if (catalog->At(page.as_of) == nullptr) return domain::ProgramMissing();
  std::map<std::string, v1::TierCount*> counts;
  // Also of tiers in which nobody is.
  for (const domain::Ladder& ladder : catalog->At(page.as_of)->program->ladders) {
    for (const domain::Tier& tier : ladder.tiers) {
      v1::TierCount& count = *response.add_tiers();
      count.set_ladder(ladder.id);
      ToProto(domain::TierLabel{tier.id, tier.name}, *count.mutable_tier());
      counts[LadderKey(ladder.id, tier.id)] = &count;
    }
  }
  const auto count_member = [&](const domain::Member& member) {
    domain::Member person = member;
    domain::AdvanceTiers(*catalog, page.as_of, person);
    for (const domain::TierStatus& status : domain::StatusOf(person, *catalog, page.as_of)) {
      v1::TierCount*& count = counts[LadderKey(status.ladder, status.tier.id)];
      if (count == nullptr) {
        count = response.add_tiers();
        count->set_ladder(status.ladder);
      }
      count->set_members(count->members() + 1);
      if (status.review.at_risk) count->set_at_risk(count->at_risk() + 1);
      const bool is_near = !status.next.id.empty() && PercentToNext(status) >= 80;
      if (is_near) count->set_about_to_rise(count->about_to_rise() + 1);
    }
  };
  return VisitPage(kList, page, reader, count_member, response);
}

absl::Status SimulateTiers(const v1::SimulateTiersRequest& message, Backend& backend,
                           storage::Reader& reader, v1::SimulateTiersResponse& response) {
  constexpr char kList[] = "tier-simulation";
  const absl::Time now = backend.clock.Now();
  ASSIGN_OR_RETURN(const Page page, PageOf(kList, message, now));
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::Program> program,
                   ParseProgram(message.program_text()));
  const std::shared_ptr<const domain::ProgramCatalog> current = backend.programs.Current();
  if (current->At(page.as_of) == nullptr) return domain::ProgramMissing();
  absl::Time effective_from = std::min(page.as_of, now);
  if (message.has_effective_from()) {
    Validator validator;
    effective_from = validator.Time(Path("effective_from"), message.effective_from());
    validator.Check(effective_from <= page.as_of, Path("effective_from"), "lies after as_of");
    RETURN_IF_ERROR(validator.status());
  }
  const auto proposed = WithProposed(*current, program, effective_from);
  Migration migration(*current, *proposed, page.as_of);
  RETURN_IF_ERROR(VisitPage(
      kList, page, reader, [&](const domain::Member& member) { migration.Count(member); },
      response));
  migration.Tell(response);
  return absl::OkStatus();
}

}  // namespace dangol::rpc
