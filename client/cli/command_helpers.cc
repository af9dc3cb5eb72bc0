#include "cli/command_helpers.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "cli/import/input.h"
#include "google/protobuf/util/json_util.h"

namespace dangol::cli {

CLI::App* AddNoun(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* noun = app.add_subcommand(name, description);
  noun->require_subcommand(1);
  return noun;
}

std::string Examples(const std::vector<std::string>& lines) {
  std::string text = "examples:\n";
  for (const std::string& line : lines) absl::StrAppend(&text, "  ", line, "\n");
  return text;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  static constexpr size_t kBytesMax = size_t{4} * 1024 * 1024;
  auto input = Input::Open(path);
  if (!input.ok()) return input.status();
  std::string text;
  for (int byte = (*input)->Get(); byte != Input::kEnd; byte = (*input)->Get()) {
    text.push_back(static_cast<char>(byte));
    if (text.size() > kBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is longer than 4 MiB"));
    }
  }
  if (!(*input)->status().ok()) return (*input)->status();
  return text;
}

absl::Status ReplaceFile(const std::string& path, const std::string& text) {
  const std::string fresh = absl::StrCat(path, ".new");
  std::ofstream file(fresh, std::ios::trunc);
  file << text;
  file.close();
  if (!file || std::rename(fresh.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("can't write ", path));
  }
  return absl::OkStatus();
}

absl::Status ReadJson(const std::string& path, const std::string& what,
                      google::protobuf::Message& message) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  const auto status = google::protobuf::util::JsonStringToMessage(*text, &message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path, " is not a ", what, " in JSON: ", std::string(status.message())));
}

absl::StatusOr<absl::Time> ParseTimeArgument(const std::string& text) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return time;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is not a time such as 2024-05-31T18:30:00Z"));
}

void DeclareMember(CLI::App& verb, std::string& member) {
  verb.add_option("MEMBER", member, "A member id, or an alias as kind:value")->required();
}

void DeclareRequestId(CLI::App& verb, std::string& request_id) {
  verb.add_option("--request-id", request_id,
                  "Makes repeating the command harmless; made up when not given");
}

void PrintBalances(Session& session,
                   const google::protobuf::RepeatedPtrField<v1::WalletPoints>& balances) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({{.title = "BALANCE AFTER"},
               {.title = "AVAILABLE", .align = kRight, .whole = true},
               {.title = "PENDING", .align = kRight, .whole = true},
               {.title = "HELD", .align = kRight, .whole = true}});
  for (const v1::WalletPoints& wallet : balances) {
    table.Add({wallet.wallet(), FormatCount(wallet.available()), FormatCount(wallet.pending()),
               FormatCount(wallet.held())});
  }
  if (!table.empty()) session.out() << "\n" << table.Render();
}

void PrintReplayed(Session& session, bool replayed) {
  if (replayed) session.out() << "It was recorded before; nothing has changed.\n\n";
}

void DeclareLimit(CLI::App& verb, ListArguments& arguments) {
  verb.add_option("--limit", arguments.limit, "How many to show at most; 0 shows all")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
}

}  // namespace dangol::cli
