// The verb "program simulate": what another program would have made of what members did.

#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/program_file.h"
#include "cli/program_sweep.h"
#include "cli/table.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;
constexpr int kPageSize = 200;

struct SimulateProgramArguments {
  std::string file;
  std::string from;
  std::string members;
  std::string sweep;
};

// What pages come to together.
class Sum {
 public:
  void Add(const v1::SimulateProgramResponse& page) {
    sum_.set_members(sum_.members() + page.members());
    sum_.set_commands(sum_.commands() + page.commands());
    sum_.set_refused(sum_.refused() + page.refused());
    for (const v1::SimulatedPoints& given : page.given()) AddGiven(given);
    for (const v1::SimulatedLiability& one : page.liabilities()) {
      v1::SimulatedLiability& sum = Find(liabilities_, one.wallet(), *sum_.mutable_liabilities());
      sum.set_wallet(one.wallet());
      sum.set_points_now(sum.points_now() + one.points_now());
      sum.set_points_then(sum.points_then() + one.points_then());
    }
    for (const v1::SimulatedMove& one : page.moves()) {
      v1::SimulatedMove& sum =
          Find(moves_, absl::StrCat(one.ladder(), "/", one.tier_now(), "/", one.tier_then()),
               *sum_.mutable_moves());
      const int64_t members = sum.members() + one.members();
      sum = one;
      sum.set_members(members);
    }
  }

  const v1::SimulateProgramResponse& sum() const { return sum_; }

  // Points given, as it is and under the draft.
  std::pair<int64_t, int64_t> Points() const {
    std::pair<int64_t, int64_t> points = {0, 0};
    for (const v1::SimulatedPoints& given : sum_.given()) {
      points.first += given.points_now();
      points.second += given.points_then();
    }
    return points;
  }

 private:
  template <typename Row>
  static Row& Find(std::map<std::string, int>& places, const std::string& key,
                   google::protobuf::RepeatedPtrField<Row>& rows) {
    const auto [place, is_new] = places.try_emplace(key, rows.size());
    return is_new ? *rows.Add() : rows[place->second];
  }

  void AddGiven(const v1::SimulatedPoints& given) {
    v1::SimulatedPoints& sum =
        Find(given_, absl::StrCat(given.rule_id(), " ", given.wallet()), *sum_.mutable_given());
    sum.set_rule_id(given.rule_id());
    sum.set_wallet(given.wallet());
    sum.set_members_now(sum.members_now() + given.members_now());
    sum.set_members_then(sum.members_then() + given.members_then());
    sum.set_times_now(sum.times_now() + given.times_now());
    sum.set_times_then(sum.times_then() + given.times_then());
    sum.set_points_now(sum.points_now() + given.points_now());
    sum.set_points_then(sum.points_then() + given.points_then());
  }

  v1::SimulateProgramResponse sum_;
  std::map<std::string, int> given_;
  std::map<std::string, int> liabilities_;
  std::map<std::string, int> moves_;
};

absl::StatusOr<Sum> Run(Session& session, v1::SimulateProgramRequest request,
                        std::ofstream* members) {
  Sum sum;
  request.set_page_size(kPageSize);
  request.set_with_members(members != nullptr);
  do {
    const absl::StatusOr<v1::SimulateProgramResponse> page =
        session.client().SimulateProgram(request);
    if (!page.ok()) return page.status();
    sum.Add(*page);
    for (const v1::SimulatedMember& member : page->differences()) {
      *members << member.member_id() << "," << member.wallet() << "," << member.points_now() << ","
               << member.points_then() << "\n";
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return sum;
}

std::string Change(int64_t now, int64_t then) {
  return absl::StrCat(then >= now ? "+" : "", FormatCount(then - now));
}

void Print(Session& session, const v1::SimulateProgramResponse& sum) {
  session.out() << FormatCount(sum.members()) << " members, " << FormatCount(sum.commands())
                << " requests, of which " << FormatCount(sum.refused()) << " would be refused.\n\n";
  Table given({{.title = "GIVEN BY"},
               {.title = "WALLET"},
               {.title = "MEMBERS", .align = kRight, .whole = true},
               {.title = "THEN", .align = kRight, .whole = true},
               {.title = "POINTS", .align = kRight, .whole = true},
               {.title = "THEN", .align = kRight, .whole = true},
               {.title = "CHANGE", .align = kRight, .whole = true}});
  for (const v1::SimulatedPoints& one : sum.given()) {
    given.Add({one.rule_id(), one.wallet(), FormatCount(one.members_now()),
               FormatCount(one.members_then()), FormatCount(one.points_now()),
               FormatCount(one.points_then()), Change(one.points_now(), one.points_then())});
  }
  session.out() << (given.empty() ? "Nothing is given.\n" : given.Render());
  Table moves({{.title = "LADDER"},
               {.title = "NOW"},
               {.title = "THEN"},
               {.title = "MEMBERS", .align = kRight, .whole = true}});
  for (const v1::SimulatedMove& move : sum.moves()) {
    moves.Add({move.ladder(), move.tier_now(),
               move.tier_now() == move.tier_then() ? "stays" : move.tier_then(),
               FormatCount(move.members())});
  }
  if (!moves.empty()) session.out() << "\n" << moves.Render();
  session.out() << "\n";
  for (const v1::SimulatedLiability& one : sum.liabilities()) {
    session.out() << "Liability in " << one.wallet() << ": " << FormatCount(one.points_now())
                  << " points, then " << FormatCount(one.points_then()) << " ("
                  << Change(one.points_now(), one.points_then()) << ")\n";
  }
}

// A row for each value.
absl::Status RunSweep(Session& session, const v1::SimulateProgramRequest& request,
                      const std::string& sweep) {
  const absl::StatusOr<std::vector<SweptProgram>> programs =
      ProgramsOf(request.program_text(), sweep);
  if (!programs.ok()) return programs.status();
  Table table({{.title = "VALUE", .align = kRight},
               {.title = "POINTS GIVEN", .align = kRight, .whole = true},
               {.title = "THEN", .align = kRight, .whole = true},
               {.title = "LIABILITY", .align = kRight, .whole = true},
               {.title = "THEN", .align = kRight, .whole = true}});
  Json rows = Json::array();
  for (const SweptProgram& program : *programs) {
    v1::SimulateProgramRequest one = request;
    one.set_program_text(program.text);
    const absl::StatusOr<Sum> sum = Run(session, one, nullptr);
    if (!sum.ok()) return sum.status();
    int64_t now = 0;
    int64_t then = 0;
    for (const v1::SimulatedLiability& wallet : sum->sum().liabilities()) {
      now += wallet.points_now();
      then += wallet.points_then();
    }
    const auto [points_now, points_then] = sum->Points();
    table.Add({program.value, FormatCount(points_now), FormatCount(points_then), FormatCount(now),
               FormatCount(then)});
    Json row = ToJson(sum->sum());
    row["value"] = program.value;
    rows.push_back(std::move(row));
  }
  if (session.json) {
    session.Print({{"values", std::move(rows)}});
  } else {
    session.out() << table.Render();
  }
  return absl::OkStatus();
}

absl::Status SimulateProgram(Session& session, const SimulateProgramArguments& arguments) {
  v1::SimulateProgramRequest request;
  absl::StatusOr<std::string> text = ReadProgramFile(arguments.file);
  if (!text.ok()) return text.status();
  request.set_program_text(*std::move(text));
  const absl::StatusOr<absl::Time> from = ParseTimeArgument(arguments.from);
  if (!from.ok()) return from.status();
  *request.mutable_from() = ToTimestamp(*from);
  if (!arguments.sweep.empty()) return RunSweep(session, request, arguments.sweep);
  std::ofstream members;
  if (!arguments.members.empty()) {
    members.open(arguments.members);
    members << "member_id,wallet,points_now,points_then\n";
  }
  const absl::StatusOr<Sum> sum =
      Run(session, std::move(request), arguments.members.empty() ? nullptr : &members);
  if (!sum.ok()) return sum.status();
  members.flush();
  if (!arguments.members.empty() && !members) {
    return absl::UnknownError(absl::StrCat(arguments.members, " can't be written"));
  }
  if (session.json) {
    session.Print(ToJson(sum->sum()));
  } else {
    Print(session, sum->sum());
  }
  return absl::OkStatus();
}

}  // namespace

void AddProgramSimulateVerb(CLI::App& noun, Session& session) {
  AddVerb<SimulateProgramArguments>(
      noun, session, "simulate", "Show what another program would have made of what members did",
      [](CLI::App& verb, SimulateProgramArguments& arguments) {
        verb.add_option("FILE", arguments.file, "The program, or - for standard input")->required();
        verb.add_option("--from", arguments.from,
                        "From when on it would have been in force, as 2026-01-01T00:00:00Z")
            ->required();
        verb.add_option("--members", arguments.members,
                        "Write the members whose points would be others to this CSV file");
        verb.add_option("--sweep", arguments.sweep,
                        "Try several values of one field, a row for each");
        verb.footer(
            Examples({"dangolctl program simulate next.txtpb --from 2026-01-01T00:00:00+09:00",
                      "dangolctl program simulate next.txtpb --from 2026-01-01T00:00:00+09:00 \\",
                      "  --sweep 'incentives[0].reward.points=300,500,800'"}));
      },
      SimulateProgram);
}

}  // namespace dangol::cli
