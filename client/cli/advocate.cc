// Members who speak for the house: testifiers, and what is on record of them.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/words.h"
#include "dangol/money.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

// What the verbs take, each some of it.
struct Arguments {
  std::string member;
  std::string request_id;
  std::string at;
  std::string text;  // The reason, the evidence, where a name is used, or the campaign.
  std::vector<std::string> scopes;
  std::string from;
  std::string until;
  std::string other_id;  // The consent that is withdrawn, or the record that is undone.
  std::string amount;
  std::string currency;
};

std::string StateOf(v1::TestifierState state) {
  if (state == v1::TESTIFIER_STATE_UNSPECIFIED) return "none";
  return WordsOf(v1::TestifierState_Name(state), "TESTIFIER_STATE_");
}

std::string StateOf(v1::WordOfMouthState state) {
  if (state == v1::WORD_OF_MOUTH_STATE_UNSPECIFIED) return "none";
  return WordsOf(v1::WordOfMouthState_Name(state), "WORD_OF_MOUTH_STATE_");
}

std::string PointsOf(int64_t thousandths) {
  return absl::StrFormat("%.1f", static_cast<double>(thousandths) / 1'000);
}

std::string ReasonOf(const v1::TestifierChange& change) {
  return WordsOf(v1::TestifierReason_Name(change.reason()), "TESTIFIER_REASON_");
}

// What a record says beside its kind and its text.
std::string DetailOf(const v1::AdvocateRecord& record, const Currencies& currencies) {
  std::vector<std::string> parts;
  if (record.has_undone_at()) {
    parts.push_back(absl::StrCat("undone: ", record.undone_because()));
  } else if (record.kind() == v1::ADVOCATE_RECORD_KIND_CONSENT) {
    parts.push_back(record.holds() ? "in force" : "not in force");
  } else if (record.kind() == v1::ADVOCATE_RECORD_KIND_USE && !record.holds()) {
    parts.push_back("WITHOUT CONSENT");
  }
  if (record.scopes_size() > 0) parts.push_back(absl::StrJoin(record.scopes(), ", "));
  if (!record.from().empty()) {
    parts.push_back(record.until().empty() ? absl::StrCat("from ", record.from())
                                           : absl::StrCat(record.from(), " to ", record.until()));
  }
  if (!record.consent_id().empty()) parts.push_back(absl::StrCat("of ", record.consent_id()));
  if (!record.currency().empty()) {
    parts.push_back(currencies.Money(record.amount_minor(), record.currency()));
  }
  return absl::StrJoin(parts, "; ");
}

// How somebody came to stand as an advocate by word of mouth, and when they were a VVIP.
void PrintStanding(Session& session, const v1::Advocate& advocate) {
  Table history({{"since (UTC)", Table::Align::kLeft, true}, {"advocate"}, {"why"}, {"about"}});
  for (const v1::WordOfMouthChange& change : advocate.word_of_mouth_history()) {
    history.Add({FormatTimestamp(true, change.at()), StateOf(change.state()),
                 WordsOf(v1::WordOfMouthReason_Name(change.reason()), "WORD_OF_MOUTH_REASON_"),
                 change.about()});
  }
  if (!history.empty()) session.out() << "\n" << history.Render();
  Table spans({{"VVIP from", Table::Align::kLeft, true}, {"until"}});
  for (const v1::VvipSpan& span : advocate.vvip_history()) {
    spans.Add({span.from(), span.until()});
  }
  if (!spans.empty()) session.out() << "\n" << spans.Render();
}

void PrintAdvocate(Session& session, const v1::Advocate& advocate) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"member", advocate.member_id()},
      {"testifier", StateOf(advocate.testifier())},
      {"advocate", StateOf(advocate.word_of_mouth())},
      {"influence", PointsOf(advocate.influence_thousandths())},
      {"VVIP", advocate.vvip() ? "yes" : "no"}};
  if (!advocate.manager().empty()) facts.emplace_back("looked after by", advocate.manager());
  if (advocate.has_referrer()) {
    const v1::AdvocateReferrer& referrer = advocate.referrer();
    facts.emplace_back("brought by", absl::StrCat(referrer.member_id(),
                                                  ", advocate: ", StateOf(referrer.word_of_mouth()),
                                                  referrer.is_member() ? "" : ", who has left"));
  }
  session.out() << RenderFacts(facts);
  PrintStanding(session, advocate);
  Table history({{"since (UTC)", Table::Align::kLeft, true}, {"testifier"}, {"why"}, {"record"}});
  for (const v1::TestifierChange& change : advocate.testifier_history()) {
    history.Add({FormatTimestamp(true, change.at()), StateOf(change.state()), ReasonOf(change),
                 change.record_id()});
  }
  if (!history.empty()) session.out() << "\n" << history.Render();
  const Currencies currencies = session.LoadCurrenciesOrIso();
  Table records({{"when (UTC)", Table::Align::kLeft, true}, {"what"}, {"record"}, {"text"}, {""}});
  for (const v1::AdvocateRecord& record : advocate.records()) {
    records.Add({FormatTimestamp(true, record.occurred_at()),
                 WordsOf(v1::AdvocateRecordKind_Name(record.kind()), "ADVOCATE_RECORD_KIND_"),
                 record.record_id(), record.text(), DetailOf(record, currencies)});
  }
  if (!records.empty()) session.out() << "\n" << records.Render();
}

absl::Status Show(Session& session, const Arguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::GetAdvocateRequest request;
  *request.mutable_member() = *std::move(member);
  const auto response = session.client().GetAdvocate(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(response->advocate()));
  } else {
    PrintAdvocate(session, response->advocate());
  }
  return absl::OkStatus();
}

struct AdvocatesArguments : ListArguments {
  std::string testifier;
  std::string state;
  bool vvip = false;
};

absl::Status List(Session& session, const AdvocatesArguments& arguments) {
  v1::ListAdvocatesRequest request;
  if (!arguments.testifier.empty()) {
    v1::TestifierState state = v1::TESTIFIER_STATE_UNSPECIFIED;
    v1::TestifierState_Parse(
        absl::StrCat("TESTIFIER_STATE_", absl::AsciiStrToUpper(arguments.testifier)), &state);
    request.set_testifier(state);
  }
  if (!arguments.state.empty()) {
    v1::WordOfMouthState state = v1::WORD_OF_MOUTH_STATE_UNSPECIFIED;
    std::string name = absl::AsciiStrToUpper(arguments.state);
    absl::StrReplaceAll({{"-", "_"}}, &name);
    v1::WordOfMouthState_Parse(absl::StrCat("WORD_OF_MOUTH_STATE_", name), &state);
    request.set_word_of_mouth(state);
  }
  request.set_vvip_only(arguments.vvip);
  return PrintList<v1::Advocate>(
      session, session.client().ListAdvocates(std::move(request)), arguments, "advocates",
      Table({{"member", Table::Align::kLeft, true},
             {"testifier"},
             {"since (UTC)"},
             {"why"},
             {"advocate"},
             {"influence", Table::Align::kRight},
             {"VVIP"},
             {"looked after by"}}),
      [](Table& table, const v1::Advocate& advocate) {
        std::vector<std::string> row = {advocate.member_id(),
                                        StateOf(advocate.testifier()),
                                        "",
                                        "",
                                        StateOf(advocate.word_of_mouth()),
                                        PointsOf(advocate.influence_thousandths()),
                                        advocate.vvip() ? "yes" : "",
                                        advocate.manager()};
        if (advocate.testifier_history_size() > 0) {
          const v1::TestifierChange& last =
              advocate.testifier_history(advocate.testifier_history_size() - 1);
          row[2] = FormatTimestamp(true, last.at());
          row[3] = ReasonOf(last);
        }
        table.Add(std::move(row));
      });
}

// What every mutation says.
template <typename Request>
absl::Status Begin(const Arguments& arguments, Request& request) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  *request.mutable_member() = *std::move(member);
  request.set_request_id(arguments.request_id);
  if constexpr (requires { request.mutable_occurred_at(); }) {
    if (!arguments.at.empty()) {
      const absl::StatusOr<absl::Time> at = ParseTimeArgument(arguments.at);
      if (!at.ok()) return at.status();
      *request.mutable_occurred_at() = ToTimestamp(*at);
    }
  }
  return absl::OkStatus();
}

template <typename Request>
absl::Status AddAmount(Session& session, const Arguments& arguments, Request& request) {
  request.set_currency(arguments.currency);
  if (arguments.amount.empty()) return absl::OkStatus();
  const int digits = session.LoadCurrenciesOrIso().MinorDigits(arguments.currency);
  const absl::StatusOr<int64_t> minor = ParseMinor(arguments.amount, digits);
  if (!minor.ok()) return minor.status();
  request.set_amount_minor(*minor);
  return absl::OkStatus();
}

template <typename Response>
absl::Status Print(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response, [&] { PrintAdvocate(session, response->advocate()); });
}

absl::Status Nominate(Session& session, const Arguments& arguments) {
  v1::NominateTestifierRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_reason(arguments.text);
  return Print(session, session.client().NominateTestifier(std::move(request)));
}

absl::Status Consent(Session& session, const Arguments& arguments) {
  v1::RecordConsentRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  for (const std::string& scope : arguments.scopes) request.add_scopes(scope);
  request.set_evidence(arguments.text);
  request.set_from(arguments.from);
  request.set_until(arguments.until);
  return Print(session, session.client().RecordConsent(std::move(request)));
}

absl::Status Withdraw(Session& session, const Arguments& arguments) {
  v1::WithdrawConsentRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_consent_id(arguments.other_id);
  request.set_reason(arguments.text);
  return Print(session, session.client().WithdrawConsent(std::move(request)));
}

absl::Status Use(Session& session, const Arguments& arguments) {
  v1::RecordTestimonyUseRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_scope(arguments.scopes.front());
  request.set_used_in(arguments.text);
  return Print(session, session.client().RecordTestimonyUse(std::move(request)));
}

absl::Status Pay(Session& session, const Arguments& arguments) {
  v1::RecordCompensationRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_reason(arguments.text);
  if (absl::Status status = AddAmount(session, arguments, request); !status.ok()) return status;
  return Print(session, session.client().RecordCompensation(std::move(request)));
}

absl::Status Sponsor(Session& session, const Arguments& arguments) {
  v1::RecordSponsorshipRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_campaign(arguments.text);
  if (absl::Status status = AddAmount(session, arguments, request); !status.ok()) return status;
  return Print(session, session.client().RecordSponsorship(std::move(request)));
}

absl::Status AssignManager(Session& session, const Arguments& arguments) {
  v1::AssignManagerRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_manager(arguments.text);
  return Print(session, session.client().AssignManager(std::move(request)));
}

struct ReferredArguments : ListArguments {
  std::string member;
};

absl::Status ListReferred(Session& session, const ReferredArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListReferredMembersRequest request;
  *request.mutable_member() = *std::move(member);
  return PrintList<v1::ReferredMember>(
      session, session.client().ListReferredMembers(std::move(request)), arguments, "members",
      Table({{"member", Table::Align::kLeft, true},
             {"brought on"},
             {"has bought"},
             {"brought in turn", Table::Align::kRight}}),
      [](Table& table, const v1::ReferredMember& referred) {
        table.Add({referred.member_id(), referred.referred_on(),
                   referred.has_bought() ? "yes" : "no", FormatCount(referred.referred())});
      });
}

struct NoArguments {};

absl::Status Report(Session& session, const NoArguments&) {
  const auto report = session.client().GetAdvocateReport(v1::GetAdvocateReportRequest());
  if (!report.ok()) return report.status();
  if (session.json) {
    session.Print(ToJson(*report));
    return absl::OkStatus();
  }
  const Currencies currencies = session.LoadCurrenciesOrIso();
  const auto money = [&](int64_t minor) {
    return report->currency().empty() ? "-" : currencies.Money(minor, report->currency());
  };
  session.out() << RenderFacts({{"VVIPs", FormatCount(report->vvips())},
                                {"looked after by nobody", FormatCount(report->unassigned_vvips())},
                                {"testifiers", FormatCount(report->testifiers())}});
  Table table({{"advocates", Table::Align::kLeft, true},
               {"members", Table::Align::kRight},
               {"influence", Table::Align::kRight},
               {"brought", Table::Align::kRight},
               {"who spent", Table::Align::kRight},
               {"own spending", Table::Align::kRight}});
  for (const v1::AdvocatesInState& state : report->states()) {
    table.Add({StateOf(state.state()), FormatCount(state.members()),
               PointsOf(state.influence_thousandths()), FormatCount(state.referred()),
               money(state.referred_spent_minor()), money(state.spent_minor())});
  }
  if (!table.empty()) session.out() << "\n" << table.Render();
  return absl::OkStatus();
}

absl::Status Undo(Session& session, const Arguments& arguments) {
  v1::UndoAdvocateRecordRequest request;
  if (absl::Status status = Begin(arguments, request); !status.ok()) return status;
  request.set_record_id(arguments.other_id);
  request.set_reason(arguments.text);
  return Print(session, session.client().UndoAdvocateRecord(std::move(request)));
}

void DeclareRecord(CLI::App& verb, Arguments& arguments) {
  DeclareMember(verb, arguments.member);
  DeclareRequestId(verb, arguments.request_id);
  verb.add_option("--at", arguments.at, "When, as 2024-05-31T18:30:00Z; now by default");
}

void DeclareAmount(CLI::App& verb, Arguments& arguments) {
  auto* const currency = verb.add_option("--currency", arguments.currency, "ISO 4217 code");
  verb.add_option("--amount", arguments.amount, "How much, such as 9.50, where it was money")
      ->needs(currency);
}

void DeclareConsent(CLI::App& verb, Arguments& arguments) {
  DeclareRecord(verb, arguments);
  verb.add_option("--scope", arguments.scopes, "For what: one of the program's testimony_scopes")
      ->required();
  verb.add_option("--evidence", arguments.text, "What proves it, such as the number of a form")
      ->required();
  verb.add_option("--from", arguments.from, "The first day; that of --at when not given");
  verb.add_option("--until", arguments.until, "The last day; without end when not given");
}

void AddTestifierVerbs(CLI::App& noun, Session& session) {
  AddVerb<Arguments>(
      noun, session, "nominate", "Nominate a member to be a testifier",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareRecord(verb, arguments);
        verb.add_option("--reason", arguments.text, "Why they")->required();
      },
      Nominate);
  AddVerb<Arguments>(noun, session, "consent", "Record that a member has consented", DeclareConsent,
                     Consent);
  AddVerb<Arguments>(
      noun, session, "withdraw", "Record that a member no longer consents",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareRecord(verb, arguments);
        verb.add_option("--consent", arguments.other_id,
                        "Which consent; all that they gave when not given");
        verb.add_option("--reason", arguments.text, "What they said");
      },
      Withdraw);
  AddVerb<Arguments>(
      noun, session, "use", "Record that a testifier's name is used, where that is allowed",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareRecord(verb, arguments);
        verb.add_option("--scope", arguments.scopes, "For what")->required()->expected(1);
        verb.add_option("--in", arguments.text, "Where")->required();
      },
      Use);
}

void AddMoneyVerbs(CLI::App& noun, Session& session) {
  AddVerb<Arguments>(
      noun, session, "pay", "Record that a member was paid for what they say, which ends it",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareRecord(verb, arguments);
        verb.add_option("--reason", arguments.text, "For what")->required();
        DeclareAmount(verb, arguments);
      },
      Pay);
  AddVerb<Arguments>(
      noun, session, "sponsor", "Record that a campaign of a member's own was paid for",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareRecord(verb, arguments);
        verb.add_option("--campaign", arguments.text, "Which")->required();
        DeclareAmount(verb, arguments);
      },
      Sponsor);
}

void AddCareVerbs(CLI::App& noun, Session& session) {
  AddVerb<Arguments>(
      noun, session, "manager", "Name who looks after a member, or nobody any more",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareRecord(verb, arguments);
        verb.add_option("--name", arguments.text, "Who; nobody any more when empty")->required();
      },
      AssignManager);
  AddVerb<ReferredArguments>(
      noun, session, "referred", "List whom a member brought",
      [](CLI::App& verb, ReferredArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      ListReferred);
  AddVerb<NoArguments>(
      noun, session, "report", "Tell how many advocates there are, and what they bring",
      [](CLI::App&, NoArguments&) {}, Report);
}

}  // namespace

void AddAdvocateCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "advocate", "Members who speak for the house");
  AddVerb<Arguments>(
      *noun, session, "show", "Show how a member stands, and what is on record of them",
      [](CLI::App& verb, Arguments& arguments) { DeclareMember(verb, arguments.member); }, Show);
  AddVerb<AdvocatesArguments>(
      *noun, session, "list", "List the members of whom something is on record",
      [](CLI::App& verb, AdvocatesArguments& arguments) {
        verb.add_option("--testifier", arguments.testifier, "Only testifiers in this state")
            ->check(CLI::IsMember({"nominated", "active", "ended"}));
        verb.add_option("--state", arguments.state, "Only advocates by word of mouth in this state")
            ->check(CLI::IsMember(
                {"candidate", "active", "at-risk", "hostile", "recovered", "lapsed"}));
        verb.add_flag("--vvip", arguments.vvip, "Only VVIPs");
        DeclareLimit(verb, arguments);
      },
      List);
  AddTestifierVerbs(*noun, session);
  AddMoneyVerbs(*noun, session);
  AddCareVerbs(*noun, session);
  AddVerb<Arguments>(
      *noun, session, "undo", "Undo what was recorded by mistake",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareRequestId(verb, arguments.request_id);
        verb.add_option("RECORD", arguments.other_id, "The record's id")->required();
        verb.add_option("--reason", arguments.text, "Why")->required();
      },
      Undo);
  noun->footer(
      Examples({"dangolctl advocate nominate card:4005 --reason \"a chef whom everybody knows\"",
                "dangolctl advocate consent card:4005 --scope web --scope print --evidence form-17",
                "dangolctl advocate use card:4005 --scope print --in spring-catalogue",
                "dangolctl advocate list --state hostile", "dangolctl advocate list --vvip",
                "dangolctl advocate manager card:4005 --name mina", "dangolctl advocate report"}));
}

}  // namespace dangol::cli
