#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/program_file.h"

namespace dangol::cli {
namespace {

struct ValidateArguments {
  std::string file;
};

struct ActivateArguments {
  std::string file;
  std::string effective_from;
  std::string request_id;
};

struct GetArguments {
  int64_t version = 0;
};

void DeclareFile(CLI::App& verb, std::string& file) {
  verb.add_option("FILE", file, "The program in protobuf text format; - is standard input")
      ->required();
}

absl::Status Validate(Session& session, const ValidateArguments& arguments) {
  const absl::StatusOr<std::string> text = ReadProgramFile(arguments.file);
  if (!text.ok()) return text.status();
  const auto problems = session.client().ValidateProgram(*text);
  if (!problems.ok()) return problems.status();
  if (session.json) {
    Json list = Json::array();
    for (const v1::ProgramProblem& problem : *problems) list.push_back(ToJson(problem));
    session.Print({{"problems", std::move(list)}});
  } else {
    for (const v1::ProgramProblem& problem : *problems) {
      session.out() << arguments.file << ":" << problem.line() << ":" << problem.column() << ": "
                    << (problem.field().empty() ? "" : problem.field() + ": ") << problem.message()
                    << "\n";
    }
    if (problems->empty()) session.out() << "The program is valid.\n";
  }
  if (problems->empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the program has ", problems->size(),
                                                 problems->size() == 1 ? " mistake" : " mistakes"));
}

void PrintVersion(Session& session, const v1::ProgramVersion& version) {
  if (session.json) return session.Print(ToJson(version));
  session.out() << RenderFacts(
      {{"version", absl::StrCat(version.version())},
       {"name", version.name()},
       {"effective (UTC)", version.has_effective_from()
                               ? FormatTimestamp(true, version.effective_from())
                               : "from the beginning"},
       {"recorded (UTC)", FormatTimestamp(version.has_recorded_at(), version.recorded_at())}});
}

absl::Status Activate(Session& session, const ActivateArguments& arguments) {
  const absl::StatusOr<std::string> text = ReadProgramFile(arguments.file);
  if (!text.ok()) return text.status();
  v1::ActivateProgramRequest request;
  request.set_program_text(*text);
  request.set_request_id(arguments.request_id);
  if (!arguments.effective_from.empty()) {
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(arguments.effective_from);
    if (!time.ok()) return time.status();
    *request.mutable_effective_from() = ToTimestamp(*time);
  }
  const auto response = session.client().ActivateProgram(std::move(request));
  if (!response.ok()) return response.status();
  PrintVersion(session, response->version());
  return absl::OkStatus();
}

struct WithdrawArguments {
  int64_t version = 0;
  std::string request_id;
};

absl::Status Withdraw(Session& session, const WithdrawArguments& arguments) {
  v1::WithdrawProgramRequest request;
  request.set_request_id(arguments.request_id);
  request.set_version(arguments.version);
  const auto response = session.client().WithdrawProgram(std::move(request));
  if (!response.ok()) return response.status();
  PrintVersion(session, response->version());
  return absl::OkStatus();
}

absl::Status Get(Session& session, const GetArguments& arguments) {
  const absl::StatusOr<v1::ProgramVersion> version = session.client().GetProgram(arguments.version);
  if (!version.ok()) return version.status();
  PrintVersion(session, *version);
  if (!session.json) session.out() << "\n" << version->program_text();
  return absl::OkStatus();
}

absl::Status List(Session& session, const ListArguments& arguments) {
  Table table({{.title = "VERSION", .align = Table::Align::kRight, .whole = true},
               {.title = "NAME"},
               {.title = "EFFECTIVE (UTC)", .whole = true},
               {.title = "RECORDED (UTC)", .whole = true}});
  return PrintList(
      session, session.client().ListPrograms(), arguments, "versions", std::move(table),
      [](Table& rows, const v1::ProgramVersion& version) {
        rows.Add({FormatCount(version.version()), version.name(),
                  FormatTimestamp(version.has_effective_from(), version.effective_from()),
                  FormatTimestamp(version.has_recorded_at(), version.recorded_at())});
      });
}

}  // namespace

void AddProgramCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "program", "The rules of the loyalty program");
  AddVerb<ValidateArguments>(
      *noun, session, "validate", "Check a program and show where it is wrong",
      [](CLI::App& verb, ValidateArguments& arguments) { DeclareFile(verb, arguments.file); },
      Validate);
  AddVerb<ActivateArguments>(
      *noun, session, "activate", "Make a program the current one",
      [](CLI::App& verb, ActivateArguments& arguments) {
        DeclareFile(verb, arguments.file);
        verb.add_option("--effective-from", arguments.effective_from,
                        "From when on, as 2024-05-31T18:30:00Z; now when not given");
        verb.add_option("--request-id", arguments.request_id,
                        "Makes repeating the command harmless; made up when not given");
      },
      Activate);
  AddVerb<WithdrawArguments>(
      *noun, session, "withdraw", "Withdraw a version that has not begun yet",
      [](CLI::App& verb, WithdrawArguments& arguments) {
        verb.add_option("VERSION", arguments.version, "Which one")->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Withdraw);
  AddVerb<GetArguments>(
      *noun, session, "get", "Show a version of the program",
      [](CLI::App& verb, GetArguments& arguments) {
        verb.add_option("VERSION", arguments.version, "Which one; the current one when not given")
            ->check(CLI::NonNegativeNumber);
      },
      Get);
  AddVerb<ListArguments>(*noun, session, "list", "List all versions, the latest first",
                         DeclareLimit, List);
  AddProgramTextVerbs(*noun, session);
  AddProgramSimulateVerb(*noun, session);
  noun->footer(Examples({"dangolctl program new program.textproto",
                         "dangolctl program validate program.textproto",
                         "dangolctl program diff 3 program.textproto",
                         "dangolctl program activate program.textproto "
                         "--effective-from 2024-06-01T00:00:00Z",
                         "dangolctl program get"}));
}

}  // namespace dangol::cli
