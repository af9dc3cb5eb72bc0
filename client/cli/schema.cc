#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "schema/migrations.h"
#include "server/storage/open_store.h"

// The only commands that talk to the database itself: while its schema is not the
// right one, there is no server to ask.
namespace dangol::cli {
namespace {

struct SchemaArguments {
  std::string store;
};

using Target = std::unique_ptr<schema::Target>;

void DeclareStore(CLI::App& verb, SchemaArguments& arguments) {
  verb.add_option("--store", arguments.store,
                  "The database, mysql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:PATH; the "
                  "user must be allowed to create tables")
      ->envname("DANGOL_STORE")
      ->required();
}

std::vector<schema::Migration> Pending(const schema::Target& target, int version) {
  std::vector<schema::Migration> pending;
  for (const schema::Migration& migration : target.History()) {
    if (migration.version > version) pending.push_back(migration);
  }
  return pending;
}

Json Names(const std::vector<schema::Migration>& migrations) {
  Json names = Json::array();
  for (const schema::Migration& migration : migrations) {
    names.push_back({{"version", migration.version}, {"name", std::string(migration.name)}});
  }
  return names;
}

std::string LineOf(const schema::Migration& migration) {
  return absl::StrCat(migration.version, " ", migration.name);
}

// What a person may have to do next.
std::string Advice(const schema::Target& target, int version) {
  const absl::Status status = schema::CheckCurrent(target.History(), version);
  return status.ok() ? "up to date" : std::string(status.message());
}

absl::Status ShowStatus(Session& session, const SchemaArguments& arguments) {
  const absl::StatusOr<Target> target = storage::OpenSchema(arguments.store);
  if (!target.ok()) return target.status();
  const absl::StatusOr<int> version = (*target)->Version();
  if (!version.ok()) return version.status();
  const int latest = (*target)->History().back().version;
  const std::vector<schema::Migration> pending = Pending(**target, *version);
  if (session.json) {
    session.Print({{"version", *version}, {"latest", latest}, {"pending", Names(pending)}});
    return absl::OkStatus();
  }
  session.out() << RenderFacts({{"store", storage::WithoutPassword(arguments.store)},
                                {"schema version", absl::StrCat(*version)},
                                {"latest version", absl::StrCat(latest)}})
                << Advice(**target, *version) << "\n";
  return absl::OkStatus();
}

absl::Status ShowPlan(Session& session, const SchemaArguments& arguments) {
  const absl::StatusOr<Target> target = storage::OpenSchema(arguments.store);
  if (!target.ok()) return target.status();
  const absl::StatusOr<int> version = (*target)->Version();
  if (!version.ok()) return version.status();
  const std::vector<schema::Migration> pending = Pending(**target, *version);
  if (session.json) {
    Json plan = Names(pending);
    for (size_t i = 0; i < pending.size(); ++i) plan[i]["sql"] = std::string(pending[i].sql);
    session.Print({{"pending", std::move(plan)}});
    return absl::OkStatus();
  }
  if (pending.empty()) session.out() << "nothing to apply\n";
  for (const schema::Migration& migration : pending) {
    session.out() << "-- " << LineOf(migration) << "\n" << migration.sql << "\n";
  }
  return absl::OkStatus();
}

absl::Status Migrate(Session& session, const SchemaArguments& arguments) {
  const absl::StatusOr<Target> target = storage::OpenSchema(arguments.store);
  if (!target.ok()) return target.status();
  const absl::StatusOr<int> version = (*target)->Version();
  if (!version.ok()) return version.status();
  if (absl::Status status = schema::Migrate(**target); !status.ok()) return status;
  const std::vector<schema::Migration> applied = Pending(**target, *version);
  if (session.json) {
    session.Print({{"version", (*target)->History().back().version}, {"applied", Names(applied)}});
    return absl::OkStatus();
  }
  for (const schema::Migration& migration : applied) {
    session.out() << "applied " << LineOf(migration) << "\n";
  }
  session.out() << "schema version " << (*target)->History().back().version << "\n";
  return absl::OkStatus();
}

}  // namespace

void AddSchemaCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "schema", "Looks after the tables of a database");
  AddVerb<SchemaArguments>(*noun, session, "status", "Show which version the database has",
                           DeclareStore, ShowStatus);
  AddVerb<SchemaArguments>(*noun, session, "plan", "Show the SQL that migrate would run",
                           DeclareStore, ShowPlan);
  AddVerb<SchemaArguments>(*noun, session, "migrate",
                           "Create the tables, or bring them up to date. It can be repeated after "
                           "a failure, and waits while somebody else does the same",
                           DeclareStore, Migrate);
  noun->footer(Examples({"dangolctl schema migrate --store mysql://dangol@db.example/dangol",
                         "dangolctl schema status --store sqlite:dangol.db --output json"}));
}

}  // namespace dangol::cli
