// Completion by the shell: a script that asks dangolctl itself, so that it knows every command that
// this one has.

#include "cli/completion.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

constexpr char kBash[] = R"(# source <(dangolctl completion bash)
_dangolctl() {
  local IFS=$'\n'
  COMPREPLY=($(dangolctl __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _dangolctl dangolctl
)";

constexpr char kZsh[] = R"(#compdef dangolctl
# source <(dangolctl completion zsh)
_dangolctl() {
  local -a found
  found=("${(@f)$(dangolctl __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then
    compadd -- "${found[@]}"
  else
    _files
  fi
}
compdef _dangolctl dangolctl
)";

constexpr char kFish[] = R"(# dangolctl completion fish | source
complete -c dangolctl -a '(dangolctl __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
)";

struct CompletionArguments {
  std::string shell;
};

absl::Status PrintScript(Session& session, const CompletionArguments& arguments) {
  session.out() << (arguments.shell == "bash" ? kBash : arguments.shell == "zsh" ? kZsh : kFish);
  return absl::OkStatus();
}

// The option of a command or of one that it belongs to.
CLI::Option* FindOption(CLI::App* command, const std::string& name) {
  for (; command != nullptr; command = command->get_parent()) {
    CLI::Option* const option = command->get_option_no_throw(name);
    if (option != nullptr) return option;
  }
  return nullptr;
}

CLI::App* FindCommand(CLI::App& command, const std::string& name) {
  for (CLI::App* const known : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (known->get_name() == name) return known;
  }
  return nullptr;
}

bool TakesValue(CLI::Option& option) { return option.get_items_expected_max() > 0; }

// The values of an option that has a list of them; CLI11 keeps it as "{a,b}".
std::vector<std::string> ValuesOf(CLI::Option& option) {
  std::string list;
  try {
    list = option.get_validator()->get_description();
  } catch (const CLI::OptionNotFound&) {
    return {};  // It takes anything.
  }
  absl::string_view values = list;
  if (!absl::ConsumePrefix(&values, "{") || !absl::ConsumeSuffix(&values, "}")) return {};
  return absl::StrSplit(values, ',', absl::SkipEmpty());
}

std::vector<std::string> NamesIn(CLI::App* command, bool options) {
  std::vector<std::string> names;
  if (!options) {
    for (CLI::App* const known : command->get_subcommands([](const CLI::App*) { return true; })) {
      if (!known->get_group().empty()) names.push_back(known->get_name());
    }
    return names;
  }
  for (; command != nullptr; command = command->get_parent()) {
    for (CLI::Option* const option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> Complete(CLI::App& app, const std::vector<std::string>& words) {
  CLI::App* command = &app;
  CLI::Option* waiting = nullptr;  // For its value.
  const std::string last = words.empty() ? "" : words.back();
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    CLI::Option* const before = std::exchange(waiting, nullptr);
    if (before != nullptr) continue;
    if (absl::StartsWith(words[i], "--")) {
      CLI::Option* const option = FindOption(command, words[i]);
      if (option != nullptr && TakesValue(*option)) waiting = option;
    } else if (CLI::App* const next = FindCommand(*command, words[i]); next != nullptr) {
      command = next;
    }
  }
  std::vector<std::string> fitting;
  const std::vector<std::string> all =
      waiting != nullptr ? ValuesOf(*waiting) : NamesIn(command, absl::StartsWith(last, "-"));
  for (const std::string& name : all) {
    if (absl::StartsWith(name, last)) fitting.push_back(name);
  }
  return fitting;
}

void AddCompletionCommand(CLI::App& app, Session& session) {
  CLI::App* const verb = AddVerb<CompletionArguments>(
      app, session, "completion", "Print the script with which a shell completes commands",
      [](CLI::App& command, CompletionArguments& arguments) {
        command.add_option("SHELL", arguments.shell, "bash, zsh or fish")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}));
      },
      PrintScript);
  verb->footer(Examples({"source <(dangolctl completion bash)",
                         "dangolctl completion fish > ~/.config/fish/completions/dangolctl.fish"}));
}

}  // namespace dangol::cli
