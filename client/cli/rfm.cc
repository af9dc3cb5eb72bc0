#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/rfm_grid.h"
#include "cli/table.h"
#include "dangol/v1/rfm_service.pb.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

struct RfmArguments {
  std::string as_of;
};

void DeclareAsOf(CLI::App& verb, std::string& as_of) {
  verb.add_option("--as-of", as_of, "As of the day that has this moment, as 2026-12-31T12:00:00Z");
}

// How long a reply may take for which the server reads every member.
constexpr absl::Duration kPatience = absl::Minutes(10);

// Sets as_of where it is said.
template <typename Request>
absl::Status SetAsOf(const std::string& said, Request& request) {
  if (said.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Time> as_of = ParseTimeArgument(said);
  if (as_of.ok()) *request.mutable_as_of() = ToTimestamp(*as_of);
  return as_of.status();
}

// Asks for everything, and prints it as JSON or by `print`.
absl::Status Ask(Session& session, const RfmArguments& arguments,
                 void (*print)(Session& session, const v1::GetRfmResponse& rfm)) {
  v1::GetRfmRequest request;
  if (absl::Status status = SetAsOf(arguments.as_of, request); !status.ok()) return status;
  session.options.deadline = kPatience;
  const absl::StatusOr<v1::GetRfmResponse> rfm = session.client().GetRfm(std::move(request));
  if (!rfm.ok()) return rfm.status();
  if (session.json) {
    session.Print(ToJson(*rfm));
  } else {
    print(session, *rfm);
  }
  return absl::OkStatus();
}

// "16", "16.8": a tenth at least where it lies above a whole number.
std::string Shown(const v1::RfmCutPoint& point) {
  if (point.numerator() == 0) return FormatCount(point.whole());
  const int tenths = std::max(10 * point.numerator() / point.denominator(), 1);
  return absl::StrCat(FormatCount(point.whole()), ".", tenths);
}

// What can be paid: the point lies at it, or less than a minor unit above.
std::string Shown(const v1::RfmCutPoint& point, const Currencies& currencies,
                  const std::string& currency) {
  return currencies.Money(point.whole(), currency);
}

// What of a member or of all was counted, and by what.
std::vector<std::pair<std::string, std::string>> FactsOf(const v1::RfmBasis& basis) {
  return {{"as of", basis.day()},
          {"window", absl::StrCat(basis.first_day(), " to ", basis.day())},
          {"scores", absl::StrCat("1 to ", basis.scores(), " by ",
                                  basis.thresholds() ? "thresholds" : "quantiles")}};
}

void PrintCutPoints(Session& session, const v1::RfmBasis& basis) {
  const Currencies currencies = session.LoadCurrenciesOrIso();
  Table table({{.title = "MORE THAN"},
               {.title = "DAYS AGO", .align = kRight, .whole = true},
               {.title = "", .whole = true},
               {.title = "PURCHASES", .align = kRight, .whole = true},
               {.title = "SPENT", .align = kRight, .whole = true},
               {.title = "", .whole = true}});
  const v1::RfmCutPoints& points = basis.cut_points();
  for (int i = 0; i < points.r_size(); ++i) {
    const std::string share = basis.thresholds()
                                  ? absl::StrCat("threshold ", i + 1)
                                  : absl::StrCat(i + 1, "/", basis.scores(), " of members");
    table.Add({share, Shown(points.r(i)), absl::StrCat("R ", basis.scores() - 1 - i),
               Shown(points.f(i)), Shown(points.m(i), currencies, basis.base_currency()),
               absl::StrCat("F, M ", i + 2)});
  }
  if (!table.empty()) session.out() << "\n" << table.Render();
}

void PrintPopulation(Session& session, const v1::GetRfmResponse& rfm) {
  std::vector<std::pair<std::string, std::string>> facts = FactsOf(rfm.basis());
  facts.emplace_back("members", FormatCount(rfm.members()));
  facts.emplace_back("without purchase", FormatCount(rfm.without_purchase()));
  session.out() << RenderFacts(facts);
  PrintCutPoints(session, rfm.basis());
}

struct ComputeArguments {
  std::string id;
};

absl::Status Compute(Session& session, const ComputeArguments& arguments) {
  v1::ComputeNormsRequest request;
  request.set_request_id(arguments.id);
  session.options.deadline = kPatience;
  const auto response = session.client().ComputeNorms(std::move(request));
  return PrintReply(session, response, [&] {
    const v1::Norms& norms = response->norms();
    std::vector<std::pair<std::string, std::string>> facts = {
        {"norms", absl::StrCat(norms.number(), ", in force from ", norms.from(), " on")}};
    for (auto& fact : FactsOf(norms.basis())) facts.push_back(std::move(fact));
    facts.emplace_back("members", FormatCount(norms.members()));
    session.out() << RenderFacts(facts);
    PrintCutPoints(session, norms.basis());
  });
}

absl::Status ListNorms(Session& session, const ListArguments& arguments) {
  Table table({{.title = "NUMBER", .align = kRight, .whole = true},
               {.title = "IN FORCE FROM", .whole = true},
               {.title = "OF", .whole = true},
               {.title = "MEMBERS", .align = kRight, .whole = true},
               {.title = "RECORDED (UTC)", .whole = true}});
  return PrintList(
      session, session.client().ListNorms(v1::ListNormsRequest()), arguments, "norms",
      std::move(table), [](Table& rows, const v1::Norms& norms) {
        rows.Add({absl::StrCat(norms.number()), norms.from(), norms.basis().day(),
                  FormatCount(norms.members()), FormatTimestamp(true, norms.recorded_at())});
      });
}

void PrintGrid(Session& session, const v1::GetRfmResponse& rfm) {
  if (rfm.members() == 0) {
    session.out() << "Nobody has bought anything.\n";
    return;
  }
  session.out() << RenderRfmGrid(rfm, session.LoadCurrenciesOrIso());
}

void PrintSegments(Session& session, const v1::GetRfmResponse& rfm) {
  const Currencies currencies = session.LoadCurrenciesOrIso();
  int64_t most = 0;
  for (const v1::RfmSegmentCount& count : rfm.segments()) most = std::max(most, count.members());
  Table table({{.title = "SEGMENT"},
               {.title = "MEMBERS", .align = kRight, .whole = true},
               {.title = "SHARE", .align = kRight, .whole = true},
               {.title = "", .whole = true},
               {.title = "AVERAGE SPENT", .align = kRight, .whole = true}});
  for (const v1::RfmSegmentCount& count : rfm.segments()) {
    const double share = rfm.members() == 0 ? 0
                                            : 100.0 * static_cast<double>(count.members()) /
                                                  static_cast<double>(rfm.members());
    table.Add({count.segment().name(), FormatCount(count.members()),
               absl::StrFormat("%.1f %%", share), RfmBar(count.members(), most, 20),
               currencies.Money(count.average_minor(), rfm.basis().base_currency())});
  }
  session.out() << table.Render() << FormatCount(rfm.members()) << " members as of "
                << rfm.basis().day() << "\n";
}

struct MemberArguments {
  std::string member;
  std::string as_of;
};

void PrintActivityScore(Session& session, const v1::GetMemberRfmResponse& rfm) {
  if (!rfm.has_activity_score()) return;
  const v1::MemberActivityScore& activity = rfm.activity_score();
  Table table({{.title = "ACTIVITY SCORE"},
               {.title = "WEIGHT", .align = kRight, .whole = true},
               {.title = "OF 100", .align = kRight, .whole = true},
               {.title = "", .whole = true}});
  for (const v1::ActivityScorePart& part : activity.parts()) {
    table.Add({part.name(), absl::StrCat(part.weight()), absl::StrCat(part.value()),
               RfmBar(part.value(), 100, 20)});
  }
  table.Add({"together", "", absl::StrCat(activity.score()), RfmBar(activity.score(), 100, 20)});
  session.out() << "\n" << table.Render();
}

void PrintMember(Session& session, const v1::GetMemberRfmResponse& rfm) {
  std::vector<std::pair<std::string, std::string>> facts = FactsOf(rfm.basis());
  facts.insert(facts.begin(), {"member", rfm.member_id()});
  if (rfm.norms() != 0) facts.emplace_back("norms", absl::StrCat(rfm.norms()));
  if (!rfm.has_scores()) {
    facts.emplace_back("segment", "none: there is no purchase to score");
    session.out() << RenderFacts(facts);
    PrintActivityScore(session, rfm);
    return;
  }
  facts.emplace_back("segment", rfm.segment().name());
  session.out() << RenderFacts(facts) << "\n";
  const Currencies currencies = session.LoadCurrenciesOrIso();
  Table table({{.title = "WHAT"},
               {.title = "VALUE", .align = kRight, .whole = true},
               {.title = "SCORE", .align = kRight, .whole = true},
               {.title = "", .whole = true}});
  const int scores = rfm.basis().scores();
  const auto add = [&](const std::string& what, const std::string& value, int score) {
    table.Add({what, value, absl::StrCat(score), RfmBar(score, scores, 2 * scores)});
  };
  add("R: days since the last purchase", FormatCount(rfm.values().recency_days()),
      rfm.scores().r());
  add("F: purchases", FormatCount(rfm.values().purchases()), rfm.scores().f());
  add("M: spent, less what came back",
      currencies.Money(rfm.values().spent_minor(), rfm.basis().base_currency()), rfm.scores().m());
  session.out() << table.Render();
  PrintActivityScore(session, rfm);
}

absl::Status MemberRfm(Session& session, const MemberArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::GetMemberRfmRequest request;
  *request.mutable_member() = *std::move(member);
  if (absl::Status status = SetAsOf(arguments.as_of, request); !status.ok()) return status;
  session.options.deadline = kPatience;
  const auto rfm = session.client().GetMemberRfm(std::move(request));
  if (!rfm.ok()) return rfm.status();
  if (session.json) {
    session.Print(ToJson(*rfm));
  } else {
    PrintMember(session, *rfm);
  }
  return absl::OkStatus();
}

}  // namespace

void AddRfmCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "rfm", "Members by recency, frequency and money");
  const auto add = [&](const char* name, const char* description,
                       void (*print)(Session & session, const v1::GetRfmResponse& rfm)) {
    AddVerb<RfmArguments>(
        *noun, session, name, description,
        [](CLI::App& verb, RfmArguments& arguments) { DeclareAsOf(verb, arguments.as_of); },
        [print](Session& asked, const RfmArguments& arguments) {
          return Ask(asked, arguments, print);
        });
  };
  AddVerb<ComputeArguments>(
      *noun, session, "compute", "Compute norms, which are in force from the next midnight on",
      [](CLI::App& verb, ComputeArguments& arguments) { DeclareRequestId(verb, arguments.id); },
      Compute);
  AddVerb<ListArguments>(
      *noun, session, "norms", "List the norms that were computed",
      [](CLI::App& verb, ListArguments& arguments) { DeclareLimit(verb, arguments); }, ListNorms);
  add("cut-points", "Show what would lie between one score and the next", PrintPopulation);
  add("grid", "Show how many members have which scores of recency and frequency", PrintGrid);
  add("segments", "Show how many members are in each segment", PrintSegments);
  AddVerb<MemberArguments>(
      *noun, session, "member", "Show a member's values, scores and segment",
      [](CLI::App& verb, MemberArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareAsOf(verb, arguments.as_of);
      },
      MemberRfm);
  noun->footer(
      Examples({"dangolctl rfm segments", "dangolctl rfm grid",
                "dangolctl rfm cut-points --as-of 2026-12-31T12:00:00Z --output json",
                "dangolctl rfm compute", "dangolctl rfm norms", "dangolctl rfm member card:4005"}));
}

}  // namespace dangol::cli
