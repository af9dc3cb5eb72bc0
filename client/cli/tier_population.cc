#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/tier_words.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;
constexpr int kPageSize = 1'000;
constexpr int kBarWidth = 24;
constexpr int kExamples = 3;

// "########" as long as a part of all is large; one at least where there is any.
std::string Bar(int64_t part, int64_t most) {
  if (part == 0 || most == 0) return "";
  return std::string(static_cast<size_t>(std::max<int64_t>(part * kBarWidth / most, 1)), '#');
}

// Says how far it is, on a terminal.
void TellProgress(Session& session, int64_t members, bool done) {
  if (!session.terminal() || session.json) return;
  session.error() << "\r" << FormatCount(members) << " members" << (done ? "\n" : "") << std::flush;
}

// The sum of all pages. `add` adds one page to it.
template <typename Response, typename Request, typename Call, typename Add>
absl::Status ForEachPage(Session& session, Request request, Call call, Add add) {
  request.set_page_size(kPageSize);
  int64_t members = 0;
  do {
    const absl::StatusOr<Response> page = call(request);
    if (!page.ok()) return page.status();
    members += page->members();
    add(*page);
    request.set_page_token(page->next_page_token());
    TellProgress(session, members, request.page_token().empty());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

struct DistributionArguments {
  std::string as_of;
};

absl::Status Distribution(Session& session, const DistributionArguments& arguments) {
  v1::GetTierDistributionRequest request;
  if (!arguments.as_of.empty()) {
    const absl::StatusOr<absl::Time> as_of = ParseTimeArgument(arguments.as_of);
    if (!as_of.ok()) return as_of.status();
    *request.mutable_as_of() = ToTimestamp(*as_of);
  }
  v1::GetTierDistributionResponse sum;
  std::map<std::string, v1::TierCount*> tiers;
  const absl::Status status = ForEachPage<v1::GetTierDistributionResponse>(
      session, std::move(request),
      [&](const auto& page) { return session.client().GetTierDistribution(page); },
      [&](const v1::GetTierDistributionResponse& page) {
        sum.set_members(sum.members() + page.members());
        for (const v1::TierCount& count : page.tiers()) {
          v1::TierCount*& known = tiers[absl::StrCat(count.ladder(), "/", count.tier().id())];
          if (known == nullptr) {
            known = sum.add_tiers();
            *known->mutable_tier() = count.tier();
            known->set_ladder(count.ladder());
          }
          known->set_members(known->members() + count.members());
          known->set_at_risk(known->at_risk() + count.at_risk());
          known->set_about_to_rise(known->about_to_rise() + count.about_to_rise());
        }
      });
  if (!status.ok()) return status;
  if (session.json) {
    session.Print(ToJson(sum));
    return absl::OkStatus();
  }
  int64_t most = 0;
  for (const v1::TierCount& count : sum.tiers()) most = std::max(most, count.members());
  Table table({{.title = "LADDER"},
               {.title = "TIER"},
               {.title = "MEMBERS", .align = kRight, .whole = true},
               {.title = "", .whole = true},
               {.title = "ABOUT TO RISE", .align = kRight, .whole = true},
               {.title = "AT RISK", .align = kRight, .whole = true}});
  // The highest first, as one draws a ladder.
  for (auto count = sum.tiers().rbegin(); count != sum.tiers().rend(); ++count) {
    table.Add({count->ladder(), NameOf(count->tier()), FormatCount(count->members()),
               Bar(count->members(), most), FormatCount(count->about_to_rise()),
               FormatCount(count->at_risk())});
  }
  session.out() << (table.empty() ? "The program has no tiers.\n" : table.Render());
  return absl::OkStatus();
}

struct SimulateArguments {
  std::string file;
  std::string effective_from;
  std::string as_of;
};

void AddMoves(const v1::SimulateTiersResponse& page, v1::SimulateTiersResponse& sum,
              std::map<std::tuple<std::string, std::string, std::string>, int>& places) {
  sum.set_members(sum.members() + page.members());
  for (const v1::TierMove& move : page.moves()) {
    const auto [place, is_new] = places.try_emplace(
        std::tuple(move.ladder(), move.from().id(), move.to().id()), sum.moves_size());
    if (is_new) {
      *sum.add_moves() = move;
      continue;
    }
    v1::TierMove& known = *sum.mutable_moves(place->second);
    known.set_members(known.members() + move.members());
    for (const std::string& id : move.example_member_ids()) {
      if (known.example_member_ids_size() < kExamples) known.add_example_member_ids(id);
    }
  }
  for (const v1::GiftChange& gift : page.gifts()) {
    auto known =
        std::find_if(sum.mutable_gifts()->begin(), sum.mutable_gifts()->end(),
                     [&](const v1::GiftChange& other) { return other.wallet() == gift.wallet(); });
    if (known == sum.mutable_gifts()->end()) {
      *sum.add_gifts() = gift;
    } else {
      known->set_points(known->points() + gift.points());
    }
  }
}

absl::Status Simulate(Session& session, const SimulateArguments& arguments) {
  v1::SimulateTiersRequest request;
  absl::StatusOr<std::string> text = ReadFile(arguments.file);
  if (!text.ok()) return text.status();
  request.set_program_text(*std::move(text));
  for (const auto& [said, field] :
       {std::pair(&arguments.effective_from, request.mutable_effective_from()),
        std::pair(&arguments.as_of, request.mutable_as_of())}) {
    if (said->empty()) continue;
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(*said);
    if (!time.ok()) return time.status();
    *field = ToTimestamp(*time);
  }
  if (arguments.effective_from.empty()) request.clear_effective_from();
  if (arguments.as_of.empty()) request.clear_as_of();
  v1::SimulateTiersResponse sum;
  std::map<std::tuple<std::string, std::string, std::string>, int> places;
  const absl::Status status = ForEachPage<v1::SimulateTiersResponse>(
      session, std::move(request),
      [&](const auto& page) { return session.client().SimulateTiers(page); },
      [&](const v1::SimulateTiersResponse& page) { AddMoves(page, sum, places); });
  if (!status.ok()) return status;
  if (session.json) {
    session.Print(ToJson(sum));
    return absl::OkStatus();
  }
  Table table({{.title = "LADDER"},
               {.title = "NOW"},
               {.title = "THEN"},
               {.title = "MEMBERS", .align = kRight, .whole = true},
               {.title = "SUCH AS"}});
  for (const v1::TierMove& move : sum.moves()) {
    table.Add({move.ladder(), NameOf(move.from()),
               move.from().id() == move.to().id() ? "stays" : NameOf(move.to()),
               FormatCount(move.members()), absl::StrJoin(move.example_member_ids(), " ")});
  }
  session.out() << (table.empty() ? "Nobody is in any tier.\n" : table.Render());
  for (const v1::GiftChange& gift : sum.gifts()) {
    session.out() << "Gifts for entering a tier: " << FormatCount(gift.points())
                  << " points more in " << gift.wallet() << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddTierPopulationVerbs(CLI::App& noun, Session& session) {
  AddVerb<DistributionArguments>(
      noun, session, "distribution", "Show how many members are in each tier",
      [](CLI::App& verb, DistributionArguments& arguments) {
        verb.add_option("--as-of", arguments.as_of,
                        "As of when, if nothing more were done, as 2027-01-01T00:00:00Z");
      },
      Distribution);
  AddVerb<SimulateArguments>(
      noun, session, "simulate", "Show what a proposed program would make of everybody's tier",
      [](CLI::App& verb, SimulateArguments& arguments) {
        verb.add_option("FILE", arguments.file, "The program, - for standard input")->required();
        verb.add_option("--effective-from", arguments.effective_from,
                        "From when on it would be in force; now when not given");
        verb.add_option("--as-of", arguments.as_of,
                        "As of when, if nothing more were done, such as after the next reviews");
        verb.footer(Examples({"dangolctl tier simulate next-year.txtpb",
                              "dangolctl tier simulate next-year.txtpb --as-of "
                              "2027-01-01T00:00:00Z --output json"}));
      },
      Simulate);
}

}  // namespace dangol::cli
