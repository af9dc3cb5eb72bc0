// Servers by name.

#include "cli/context.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"

namespace dangol::cli {
namespace {

// The options that a context keeps, and which of them name files.
constexpr const char* kKept[] = {"server",          "tls",       "tls-ca", "tls-cert", "tls-key",
                                 "tls-server-name", "token-file"};
bool IsFile(const std::string& option) {
  return option == "tls-ca" || option == "tls-cert" || option == "tls-key" ||
         option == "token-file";
}

CLI::Option& OptionOf(CLI::App& app, const std::string& name) {
  return *app.get_option("--" + name);
}

absl::Status NoSuchContext(const std::string& name, const Contexts& contexts) {
  std::vector<std::string> names;
  for (const auto& [known, values] : contexts.by_name) names.push_back(known);
  return absl::NotFoundError(
      absl::StrCat("there is no context \"", name, "\"; ",
                   names.empty() ? "make one with \"dangolctl context set NAME --server HOST:PORT\""
                                 : absl::StrCat("there are ", absl::StrJoin(names, ", "))));
}

Contexts FromJson(const Json& json) {
  Contexts contexts;
  contexts.current = json.value("current", "");
  for (const auto& [name, values] : json.at("contexts").items()) {
    contexts.by_name[name] = values.get<Contexts::Values>();
  }
  return contexts;
}

absl::Status SaveContexts(const std::string& path, const Contexts& contexts) {
  if (path.empty()) {
    return absl::FailedPreconditionError("there is no place for contexts; set DANGOL_CONFIG");
  }
  Json all = Json::object();
  for (const auto& [name, values] : contexts.by_name) all[name] = Json(values);
  std::error_code ignored;  // Writing tells.
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const Json json = {{"current", contexts.current}, {"contexts", std::move(all)}};
  return ReplaceFile(path, json.dump(2) + "\n");
}

// What the command line and the environment have said.
Contexts::Values ValuesOf(CLI::App& app) {
  Contexts::Values values;
  for (const std::string name : kKept) {
    const CLI::Option& option = OptionOf(app, name);
    if (option.count() == 0) continue;
    std::string value = option.results().back();
    // Whatever folder dangolctl is run in later.
    if (IsFile(name)) value = std::filesystem::absolute(value).lexically_normal().string();
    values[name] = std::move(value);
  }
  return values;
}

struct NamedArguments {
  std::string name;
};

void DeclareName(CLI::App& verb, NamedArguments& arguments) {
  verb.add_option("NAME", arguments.name, "What the context is called")->required();
}

absl::Status Set(const std::string& path, const std::string& name, CLI::App& app) {
  absl::StatusOr<Contexts> contexts = LoadContexts(path);
  if (!contexts.ok()) return contexts.status();
  contexts->by_name[name] = ValuesOf(app);
  if (contexts->current.empty()) contexts->current = name;
  return SaveContexts(path, *contexts);
}

absl::Status Use(const std::string& path, const std::string& name) {
  absl::StatusOr<Contexts> contexts = LoadContexts(path);
  if (!contexts.ok()) return contexts.status();
  if (!contexts->by_name.contains(name)) return NoSuchContext(name, *contexts);
  contexts->current = name;
  return SaveContexts(path, *contexts);
}

absl::Status Remove(const std::string& path, const std::string& name) {
  absl::StatusOr<Contexts> contexts = LoadContexts(path);
  if (!contexts.ok()) return contexts.status();
  if (contexts->by_name.erase(name) == 0) return NoSuchContext(name, *contexts);
  if (contexts->current == name) contexts->current.clear();
  return SaveContexts(path, *contexts);
}

absl::Status ListContexts(Session& session) {
  const absl::StatusOr<Contexts> contexts = LoadContexts(session.context_file());
  if (!contexts.ok()) return contexts.status();
  Json all = Json::array();
  Table table({{.title = ""}, {.title = "NAME", .whole = true}, {.title = "OPTIONS"}});
  for (const auto& [name, values] : contexts->by_name) {
    const bool is_current = name == contexts->current;
    all.push_back({{"name", name}, {"current", is_current}, {"options", values}});
    table.Add({is_current ? "*" : "", name, absl::StrJoin(values, " ", absl::PairFormatter("="))});
  }
  if (session.json) {
    session.Print({{"contexts", all}});
  } else {
    session.out() << (table.empty() ? "none\n" : table.Render());
  }
  return absl::OkStatus();
}

}  // namespace

std::string DefaultContextFile() {
  const auto variable = [](const char* name) -> std::string {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (std::string file = variable("DANGOL_CONFIG"); !file.empty()) return file;
  if (const std::string folder = variable("XDG_CONFIG_HOME"); !folder.empty()) {
    return folder + "/dangol/config.json";
  }
  const std::string home = variable("HOME");
  return home.empty() ? "" : home + "/.config/dangol/config.json";
}

absl::StatusOr<Contexts> LoadContexts(const std::string& path) {
  if (path.empty() || !std::filesystem::exists(path)) return Contexts();
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  try {
    return FromJson(Json::parse(*text));
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " has no contexts that can be read: ", error.what()));
  }
}

absl::Status ApplyContext(const std::string& path, const std::string& name, CLI::App& app) {
  const absl::StatusOr<Contexts> contexts = LoadContexts(path);
  if (!contexts.ok()) return contexts.status();
  const std::string& chosen = name.empty() ? contexts->current : name;
  const bool names_server = OptionOf(app, "server").count() > 0;
  if (chosen.empty() || (name.empty() && names_server)) return absl::OkStatus();
  const auto context = contexts->by_name.find(chosen);
  if (context == contexts->by_name.end()) return NoSuchContext(chosen, *contexts);
  for (const auto& [option_name, value] : context->second) {
    CLI::Option* const option = app.get_option_no_throw("--" + option_name);
    if (option == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": context \"", chosen, "\" sets \"",
                                                     option_name, "\", which is no option"));
    }
    if (option->count() > 0) continue;
    try {
      option->add_result(value);
      option->run_callback();
    } catch (const CLI::Error& error) {
      return absl::InvalidArgumentError(
          absl::StrCat("context \"", chosen, "\" of ", path, ": ", error.what()));
    }
  }
  return absl::OkStatus();
}

void AddContextCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "context", "Servers by name, with what it takes to call them");
  CLI::App* const set = AddVerb<NamedArguments>(
      *noun, session, "set",
      "Keep the server and the credentials of this command line, or of the environment, under a "
      "name; the first is the current one",
      DeclareName, [&app](Session& run, const NamedArguments& arguments) {
        return Set(run.context_file(), arguments.name, app);
      });
  set->footer(Examples({"dangolctl context set shop --server dns:///dangol.shop:7420 \\",
                        "    --tls-ca ca.pem --token-file token.jwt", "dangolctl context use shop",
                        "dangolctl --context shop stats"}));
  AddVerb<NamedArguments>(*noun, session, "use", "Call this one where nothing else is said",
                          DeclareName, [](Session& run, const NamedArguments& arguments) {
                            return Use(run.context_file(), arguments.name);
                          });
  AddVerb<NamedArguments>(*noun, session, "remove", "Forget one", DeclareName,
                          [](Session& run, const NamedArguments& arguments) {
                            return Remove(run.context_file(), arguments.name);
                          });
  CLI::App* const list = noun->add_subcommand("list", "All of them");
  list->callback([&session] { session.command = [&session] { return ListContexts(session); }; });
}

}  // namespace dangol::cli
