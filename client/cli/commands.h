#pragma once

#include <CLI/CLI.hpp>

#include "cli/session.h"

namespace dangol::cli {

// Each adds the subcommands of one noun. Parsing the command line then sets
// session.command to what was chosen. The session must outlive the app.
void AddMemberCommands(CLI::App& app, Session& session);
void AddPurchaseCommands(CLI::App& app, Session& session);
void AddActivityCommands(CLI::App& app, Session& session);
void AddPointsCommands(CLI::App& app, Session& session);
void AddRewardCommands(CLI::App& app, Session& session);
void AddIncentiveCommands(CLI::App& app, Session& session);
void AddAdvocateCommands(CLI::App& app, Session& session);
void AddComplaintCommands(CLI::App& app, Session& session);
void AddSurveyCommands(CLI::App& app, Session& session);
void AddWorkCommands(CLI::App& app, Session& session);
void AddEventCommands(CLI::App& app, Session& session);
void AddTierCommands(CLI::App& app, Session& session);
void AddRfmCommands(CLI::App& app, Session& session);
void AddProgramCommands(CLI::App& app, Session& session);
void AddImportCommands(CLI::App& app, Session& session);
void AddStatsCommand(CLI::App& app, Session& session);
void AddInsightCommands(CLI::App& app, Session& session);
void AddAuditCommands(CLI::App& app, Session& session);
// Those of the audit log, to the noun of the others.
void AddAuditLogCommands(CLI::App& noun, Session& session);
void AddClockCommands(CLI::App& app, Session& session);
void AddSchemaCommands(CLI::App& app, Session& session);
void AddContextCommands(CLI::App& app, Session& session);
void AddCompletionCommand(CLI::App& app, Session& session);

// Each adds further verbs to a noun: to "activity", "complaint", "member", "purchase", "points",
// "tier" and "program".
void AddActivityImportVerb(CLI::App& noun, Session& session);
void AddComplaintReportVerb(CLI::App& noun, Session& session);
void AddMemberExportVerb(CLI::App& noun, Session& session);
void AddProfileVerb(CLI::App& noun, Session& session);
void AddReturnVerbs(CLI::App& noun, Session& session);
void AddSpendingVerbs(CLI::App& noun, Session& session);
void AddTierImportVerb(CLI::App& noun, Session& session);
void AddTierPopulationVerbs(CLI::App& noun, Session& session);
void AddProgramSimulateVerb(CLI::App& noun, Session& session);
void AddProgramTextVerbs(CLI::App& noun, Session& session);

}  // namespace dangol::cli
