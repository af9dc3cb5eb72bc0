#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/json.h"
#include "cli/session.h"
#include "dangol/page_range.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::cli {

// Adds a noun such as "member", which needs one of its verbs.
CLI::App* AddNoun(CLI::App& app, const std::string& name, const std::string& description);

// Adds a verb whose command line is parsed into `Arguments` and then run as
// `run(session, arguments)`.
template <typename Arguments, typename Declare, typename Run>
CLI::App* AddVerb(CLI::App& noun, Session& session, const std::string& name,
                  const std::string& description, Declare declare, Run run) {
  CLI::App* verb = noun.add_subcommand(name, description);
  auto arguments = std::make_shared<Arguments>();
  declare(*verb, *arguments);
  verb->callback([&session, arguments, run] {
    session.command = [&session, arguments, run] { return run(session, *arguments); };
  });
  return verb;
}

// "examples:" and the lines, for the end of a --help page.
std::string Examples(const std::vector<std::string>& lines);

// A whole file, or standard input for "-"; larger ones than 4 MiB are refused.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Writes a file in place of the one before, which is there until the new one is whole. UNAVAILABLE
// where it can't.
absl::Status ReplaceFile(const std::string& path, const std::string& text);

// Reads a message from a file in protobuf's JSON form; `what` names it in the error.
absl::Status ReadJson(const std::string& path, const std::string& what,
                      google::protobuf::Message& message);

// Reads a time of a command line. INVALID_ARGUMENT when it is not RFC 3339.
absl::StatusOr<absl::Time> ParseTimeArgument(const std::string& text);

// MEMBER, required.
void DeclareMember(CLI::App& verb, std::string& member);
// --request-id, for a mutation that names nothing.
void DeclareRequestId(CLI::App& verb, std::string& request_id);

// Prints the wallets of a member after something; nothing where there are none.
void PrintBalances(Session& session,
                   const google::protobuf::RepeatedPtrField<v1::WalletPoints>& balances);

// Says so where an answer is that to an earlier call.
void PrintReplayed(Session& session, bool replayed);

// Prints the reply of a mutation: as JSON, or by `print`, with whether it is a replay.
template <typename Response, typename Print>
absl::Status PrintReply(Session& session, const absl::StatusOr<Response>& response, Print print) {
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  PrintReplayed(session, response->replayed());
  print();
  return absl::OkStatus();
}

// How many items of a list to show.
struct ListArguments {
  int64_t limit = 50;
};
void DeclareLimit(CLI::App& verb, ListArguments& arguments);

// Prints the first items of a list: as {"NAME": [...]} or as a table.
// `add_row(table, item)` adds the item's row.
template <typename Item, typename AddRow>
absl::Status PrintList(Session& session, PageRange<Item> range, const ListArguments& arguments,
                       const std::string& name, Table table, AddRow add_row) {
  Json items = Json::array();
  bool more = false;
  int64_t shown = 0;
  for (absl::StatusOr<Item>& item : range) {
    if (!item.ok()) return item.status();
    if (arguments.limit > 0 && shown == arguments.limit) {
      more = true;
      break;
    }
    ++shown;
    if (session.json) {
      items.push_back(ToJson(*item));
    } else {
      add_row(table, *item);
    }
  }
  if (session.json) {
    Json object = Json::object();
    object[name] = std::move(items);
    session.Print(object);
    return absl::OkStatus();
  }
  session.out() << (table.empty() ? "none\n" : table.Render());
  if (more) session.out() << "There are more; see --limit.\n";
  return absl::OkStatus();
}

}  // namespace dangol::cli
