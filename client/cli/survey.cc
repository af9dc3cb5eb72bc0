// What members answer, and what they complained of, added up.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/table.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

struct SurveyArguments {
  std::string member;
  std::string request_id;
  std::optional<int> expectation;
  std::optional<int> perception;
  std::optional<int> recommendation;
  std::string channel;
  std::string purchase_id;
  std::string at;
  std::string text;
};

std::string NumberOr(bool is_there, int number) {
  return is_there ? absl::StrCat(number) : std::string("-");
}

Table EmptySurveys() {
  return Table({{"when (UTC)", Table::Align::kLeft, true},
                {"survey", Table::Align::kLeft, true},
                {"expected", Table::Align::kRight},
                {"found", Table::Align::kRight},
                {"satisfaction", Table::Align::kRight},
                {"recommends", Table::Align::kRight},
                {"text"},
                {""}});
}

void AddSurvey(Table& table, const v1::Survey& survey) {
  table.Add({FormatTimestamp(true, survey.occurred_at()), survey.survey_id(),
             NumberOr(survey.has_expectation(), survey.expectation()),
             NumberOr(survey.has_perception(), survey.perception()),
             survey.has_satisfaction() ? absl::StrFormat("%+d", survey.satisfaction()) : "-",
             NumberOr(survey.has_recommendation(), survey.recommendation()), survey.text(),
             survey.open() ? "waiting" : ""});
}

absl::Status Record(Session& session, const SurveyArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::RecordSurveyRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_request_id(arguments.request_id);
  if (!arguments.at.empty()) {
    const absl::StatusOr<absl::Time> at = ParseTimeArgument(arguments.at);
    if (!at.ok()) return at.status();
    *request.mutable_occurred_at() = ToTimestamp(*at);
  }
  request.set_channel(arguments.channel);
  request.set_purchase_id(arguments.purchase_id);
  if (arguments.expectation.has_value()) request.set_expectation(*arguments.expectation);
  if (arguments.perception.has_value()) request.set_perception(*arguments.perception);
  if (arguments.recommendation.has_value()) request.set_recommendation(*arguments.recommendation);
  request.set_text(arguments.text);
  const auto response = session.client().RecordSurvey(std::move(request));
  return PrintReply(session, response, [&] {
    Table table = EmptySurveys();
    AddSurvey(table, response->survey());
    session.out() << table.Render();
  });
}

struct OfMember : ListArguments {
  std::string member;
};

absl::Status List(Session& session, const OfMember& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListSurveysRequest request;
  *request.mutable_member() = *std::move(member);
  return PrintList<v1::Survey>(session, session.client().ListSurveys(std::move(request)), arguments,
                               "surveys", EmptySurveys(), AddSurvey);
}

struct ReportArguments {
  std::string from;
  std::string until;
  int fast_hours = 0;
};

absl::StatusOr<v1::GetCareReportResponse> Ask(Session& session, const ReportArguments& arguments) {
  v1::GetCareReportRequest request;
  if (!arguments.from.empty()) {
    const absl::StatusOr<absl::Time> from = ParseTimeArgument(arguments.from);
    if (!from.ok()) return from.status();
    *request.mutable_from() = ToTimestamp(*from);
  }
  if (!arguments.until.empty()) {
    const absl::StatusOr<absl::Time> until = ParseTimeArgument(arguments.until);
    if (!until.ok()) return until.status();
    *request.mutable_until() = ToTimestamp(*until);
  }
  request.set_fast_hours(arguments.fast_hours);
  return session.client().GetCareReport(std::move(request));
}

void PrintSurveys(Session& session, const v1::SurveySummary& surveys) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"answers", FormatCount(surveys.surveys())},
      {"promoters", FormatCount(surveys.promoters())},
      {"passives", FormatCount(surveys.passives())},
      {"detractors", FormatCount(surveys.detractors())}};
  if (surveys.has_nps()) {
    facts.emplace_back("NPS", absl::StrFormat("%.1f (%.1f to %.1f)", surveys.nps(),
                                              surveys.nps_low(), surveys.nps_high()));
  }
  if (surveys.has_satisfaction()) {
    facts.emplace_back("satisfaction", absl::StrFormat("%+.2f of %s", surveys.satisfaction(),
                                                       FormatCount(surveys.satisfaction_count())));
  }
  session.out() << RenderFacts(facts);
}

absl::Status SurveyReport(Session& session, const ReportArguments& arguments) {
  const auto response = Ask(session, arguments);
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(response->surveys()));
  } else {
    PrintSurveys(session, response->surveys());
  }
  return absl::OkStatus();
}

std::string HoursOf(const google::protobuf::Duration& duration) {
  return absl::StrFormat("%.1f h", static_cast<double>(duration.seconds()) / 3'600);
}

void PrintCategories(Session& session, const v1::GetCareReportResponse& report) {
  Table table({{"about", Table::Align::kLeft, true},
               {"complaints", Table::Align::kRight},
               {"members", Table::Align::kRight},
               {"again", Table::Align::kRight},
               {"reopened", Table::Align::kRight},
               {"overdue", Table::Align::kRight},
               {"answered in", Table::Align::kRight},
               {"p90", Table::Align::kRight},
               {"resolved in", Table::Align::kRight},
               {"p90", Table::Align::kRight}});
  for (const v1::ComplaintsOfCategory& category : report.categories()) {
    table.Add({category.category(), FormatCount(category.complaints()),
               FormatCount(category.members()), FormatCount(category.recurring_members()),
               FormatCount(category.reopened()), FormatCount(category.overdue()),
               HoursOf(category.to_acknowledge().median()),
               HoursOf(category.to_acknowledge().p90()), HoursOf(category.to_resolve().median()),
               HoursOf(category.to_resolve().p90())});
  }
  session.out() << (table.empty() ? "no complaints\n" : table.Render());
}

void PrintRepurchases(Session& session, const v1::GetCareReportResponse& report) {
  Table table({{"bought again within 90 days", Table::Align::kLeft, true},
               {"members", Table::Align::kRight},
               {"share", Table::Align::kRight},
               {"95 % between"}});
  const auto add = [&](const char* group, const v1::Share& share) {
    table.Add({group, FormatCount(share.of()),
               share.of() == 0 ? "-" : absl::StrFormat("%.1f %%", 100 * share.share()),
               absl::StrFormat("%.1f and %.1f %%", 100 * share.low(), 100 * share.high())});
  };
  add("after a fast outcome", report.repurchase_after_fast());
  add("after a slow outcome", report.repurchase_after_slow());
  add("without an outcome", report.repurchase_without_outcome());
  add("never complained", report.repurchase_without_complaint());
  session.out() << "\n" << table.Render();
}

absl::Status ComplaintReport(Session& session, const ReportArguments& arguments) {
  const auto response = Ask(session, arguments);
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  PrintCategories(session, *response);
  PrintRepurchases(session, *response);
  return absl::OkStatus();
}

void DeclareReport(CLI::App& verb, ReportArguments& arguments) {
  verb.add_option("--from", arguments.from, "From this time on, such as 2026-01-01T00:00:00Z");
  verb.add_option("--until", arguments.until, "Before this time; now when not given");
}

void DeclareSurvey(CLI::App& verb, SurveyArguments& arguments) {
  DeclareMember(verb, arguments.member);
  DeclareRequestId(verb, arguments.request_id);
  verb.add_option("--expected", arguments.expectation, "What they had expected, 1 to 7");
  verb.add_option("--found", arguments.perception, "What they found, 1 to 7");
  verb.add_option("--recommends", arguments.recommendation,
                  "How likely they would recommend the house, 0 to 10");
  verb.add_option("--channel", arguments.channel, "How it came, such as app");
  verb.add_option("--purchase", arguments.purchase_id, "The purchase that it is about");
  verb.add_option("--at", arguments.at, "When, as 2024-05-31T18:30:00Z; now by default");
  verb.add_option("--text", arguments.text, "What they said");
}

}  // namespace

void AddComplaintReportVerb(CLI::App& noun, Session& session) {
  AddVerb<ReportArguments>(
      noun, session, "report", "Tell what complaints were about, and who buys again after them",
      [](CLI::App& verb, ReportArguments& arguments) {
        DeclareReport(verb, arguments);
        verb.add_option("--fast-hours", arguments.fast_hours,
                        "Up to so many hours an outcome is a fast one; 48 by default")
            ->check(CLI::Range(1, 8'760));
      },
      ComplaintReport);
}

void AddSurveyCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "survey", "What members answer when they are asked");
  AddVerb<SurveyArguments>(*noun, session, "record", "Record what a member has answered",
                           DeclareSurvey, Record);
  AddVerb<OfMember>(
      *noun, session, "list", "List what a member has answered, the latest first",
      [](CLI::App& verb, OfMember& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      List);
  AddVerb<ReportArguments>(*noun, session, "report", "Tell the net promoter score and satisfaction",
                           DeclareReport, SurveyReport);
  noun->footer(Examples({"dangolctl survey record card:4005 --recommends 9",
                         "dangolctl survey record card:4005 --expected 5 --found 3 --channel app",
                         "dangolctl survey report --from 2026-01-01T00:00:00Z"}));
}

}  // namespace dangol::cli
