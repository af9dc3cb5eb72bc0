#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

// Reads the alias that a command names.
absl::StatusOr<v1::Alias> ParseAlias(const std::string& text) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(text);
  if (!member.ok()) return member.status();
  if (!member->has_alias()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not an alias; write kind:value, such as card:4005"));
  }
  return member->alias();
}

std::string AliasesOf(const v1::Member& member) {
  std::string text;
  for (const v1::Alias& alias : member.aliases()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", alias.kind(), ":", alias.value());
  }
  return text;
}

std::string StatusOf(const v1::Member& member) { return ToJson(member)["status"]; }

void PrintMember(Session& session, const v1::Member& member) {
  if (session.json) return session.Print(ToJson(member));
  std::vector<std::pair<std::string, std::string>> facts = {
      {"member", member.member_id()},
      {"status", StatusOf(member)},
      {"aliases", AliasesOf(member)},
      {"enrolled (UTC)", FormatTimestamp(member.has_enrolled_at(), member.enrolled_at())},
      {"purchases", FormatCount(member.purchase_count())}};
  if (!member.first_purchase_day().empty()) {
    facts.emplace_back("first purchase", member.first_purchase_day());
    facts.emplace_back("last purchase", member.last_purchase_day());
  }
  if (!member.merged_into_member_id().empty()) {
    facts.emplace_back("merged into", member.merged_into_member_id());
  }
  if (!member.household_member_id().empty()) {
    facts.emplace_back("household of", member.household_member_id());
  }
  if (!member.referrer_id().empty()) {
    facts.emplace_back("referred by", member.referrer_id());
    facts.emplace_back("referred on", member.referred_day());
  }
  for (const auto& [key, value] : member.attributes()) {
    facts.emplace_back(absl::StrCat("attribute ", key), value);
  }
  session.out() << RenderFacts(facts);
}

// Reads name=value pairs into a request's attributes.
template <typename Request>
absl::Status AddAttributes(const std::vector<std::string>& pairs, Request& request) {
  for (const std::string& text : pairs) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\" is not an attribute; write name=value"));
    }
    (*request.mutable_attributes())[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return absl::OkStatus();
}

struct EnrollArguments {
  std::vector<std::string> aliases;
  std::vector<std::string> attributes;
  std::string referred_by;
  std::string request_id;
};

absl::Status Enroll(Session& session, const EnrollArguments& arguments) {
  v1::EnrollMemberRequest request;
  request.set_request_id(arguments.request_id);
  for (const std::string& text : arguments.aliases) {
    absl::StatusOr<v1::Alias> alias = ParseAlias(text);
    if (!alias.ok()) return alias.status();
    *request.add_aliases() = *std::move(alias);
  }
  if (absl::Status status = AddAttributes(arguments.attributes, request); !status.ok()) {
    return status;
  }
  if (!arguments.referred_by.empty()) {
    absl::StatusOr<v1::MemberRef> referrer = ParseMemberRef(arguments.referred_by);
    if (!referrer.ok()) return referrer.status();
    *request.mutable_referred_by() = *std::move(referrer);
  }
  const auto response = session.client().EnrollMember(std::move(request));
  if (!response.ok()) return response.status();
  PrintMember(session, response->member());
  return absl::OkStatus();
}

struct UpdateArguments {
  std::string member;
  std::vector<std::string> set;
  std::vector<std::string> unset;
  std::string request_id;
};

absl::Status Update(Session& session, const UpdateArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::UpdateMemberRequest request;
  request.set_request_id(arguments.request_id);
  *request.mutable_member() = *std::move(member);
  if (absl::Status status = AddAttributes(arguments.set, request); !status.ok()) return status;
  for (const auto& [key, value] : request.attributes()) {
    request.mutable_update_mask()->add_paths(absl::StrCat("attributes.", key));
  }
  for (const std::string& key : arguments.unset) {
    request.mutable_update_mask()->add_paths(absl::StrCat("attributes.", key));
  }
  const auto response = session.client().UpdateMember(std::move(request));
  if (!response.ok()) return response.status();
  PrintMember(session, response->member());
  return absl::OkStatus();
}

struct MemberArguments {
  std::string member;
};

absl::Status Get(Session& session, const MemberArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  const absl::StatusOr<v1::Member> found = session.client().GetMember(*member);
  if (!found.ok()) return found.status();
  PrintMember(session, *found);
  return absl::OkStatus();
}

absl::Status Lookup(Session& session, const MemberArguments& arguments) {
  const absl::StatusOr<v1::Alias> alias = ParseAlias(arguments.member);
  if (!alias.ok()) return alias.status();
  const absl::StatusOr<v1::Member> found = session.client().LookupMember(*alias);
  if (!found.ok()) return found.status();
  PrintMember(session, *found);
  return absl::OkStatus();
}

struct MembersArguments : ListArguments {
  bool for_marketing = false;
  bool without_personal_data = false;
};

absl::Status List(Session& session, const MembersArguments& arguments) {
  v1::ListMembersRequest request;
  request.set_for_marketing(arguments.for_marketing);
  request.set_without_personal_data(arguments.without_personal_data);
  Table table({{.title = "MEMBER", .whole = true},
               {.title = "STATUS", .whole = true},
               {.title = "PURCHASES", .align = Table::Align::kRight, .whole = true},
               {.title = "ALIASES"}});
  return PrintList(
      session, session.client().ListMembers(std::move(request)), arguments, "members",
      std::move(table), [](Table& rows, const v1::Member& member) {
        const std::string& into = member.merged_into_member_id();
        rows.Add({member.member_id(), StatusOf(member), FormatCount(member.purchase_count()),
                  into.empty() ? AliasesOf(member) : "merged into " + into});
      });
}

struct AliasArguments {
  std::string member;
  std::string alias;
  std::string request_id;
};

void DeclareAlias(CLI::App& verb, AliasArguments& arguments) {
  DeclareMember(verb, arguments.member);
  verb.add_option("ALIAS", arguments.alias, "The alias, as kind:value")->required();
  DeclareRequestId(verb, arguments.request_id);
}

// Sends a change of the member, whose other fields are filled in, and prints them as
// they are then.
template <typename Request, typename Response>
absl::Status Change(Session& session, const std::string& member, const std::string& request_id,
                    Request request, absl::StatusOr<Response> (ClientRpcs::*change)(Request)) {
  absl::StatusOr<v1::MemberRef> ref = ParseMemberRef(member);
  if (!ref.ok()) return ref.status();
  request.set_request_id(request_id);
  *request.mutable_member() = *std::move(ref);
  Client client = session.client();
  const absl::StatusOr<Response> response = (client.*change)(std::move(request));
  if (!response.ok()) return response.status();
  if (!session.json) PrintReplayed(session, response->replayed());
  PrintMember(session, response->member());
  return absl::OkStatus();
}

struct ReferArguments {
  std::string member;
  std::string by;
  std::string request_id;
};

absl::Status Refer(Session& session, const ReferArguments& arguments) {
  absl::StatusOr<v1::MemberRef> referrer = ParseMemberRef(arguments.by);
  if (!referrer.ok()) return referrer.status();
  v1::RecordReferralRequest request;
  *request.mutable_referred_by() = *std::move(referrer);
  return Change(session, arguments.member, arguments.request_id, std::move(request),
                &Client::RecordReferral);
}

template <typename Request, typename Response>
absl::Status ChangeAlias(Session& session, const AliasArguments& arguments,
                         absl::StatusOr<Response> (ClientRpcs::*change)(Request)) {
  absl::StatusOr<v1::Alias> alias = ParseAlias(arguments.alias);
  if (!alias.ok()) return alias.status();
  Request request;
  *request.mutable_alias() = *std::move(alias);
  return Change(session, arguments.member, arguments.request_id, std::move(request), change);
}

struct StatusArguments {
  std::string member;
  std::string request_id;
};

void DeclareStatus(CLI::App& verb, StatusArguments& arguments) {
  DeclareMember(verb, arguments.member);
  DeclareRequestId(verb, arguments.request_id);
}

template <typename Request, typename Response>
absl::Status ChangeStatus(Session& session, const StatusArguments& arguments,
                          absl::StatusOr<Response> (ClientRpcs::*change)(Request)) {
  return Change(session, arguments.member, arguments.request_id, Request(), change);
}

absl::Status Erase(Session& session, const StatusArguments& arguments) {
  v1::EraseMemberRequest request;
  request.set_member_id(arguments.member);
  request.set_request_id(arguments.request_id);
  const auto response = session.client().EraseMember(std::move(request));
  if (!response.ok()) return response.status();
  if (!session.json) PrintReplayed(session, response->replayed());
  PrintMember(session, response->member());
  return absl::OkStatus();
}

// A reply that tells of a member and of what they have.
template <typename Response>
void PrintWithBalances(Session& session, const Response& response) {
  if (session.json) return session.Print(ToJson(response));
  PrintReplayed(session, response.replayed());
  PrintMember(session, response.member());
  PrintBalances(session, response.balances());
}

struct MergeArguments {
  std::string member;
  std::string into;
  std::string request_id;
};

absl::Status Merge(Session& session, const MergeArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> into = ParseMemberRef(arguments.into);
  if (!into.ok()) return into.status();
  v1::MergeMembersRequest request;
  *request.mutable_into() = *into;
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  *request.mutable_member() = *std::move(member);
  request.set_request_id(arguments.request_id);
  const auto response = session.client().MergeMembers(std::move(request));
  if (!response.ok()) return response.status();
  PrintWithBalances(session, *response);
  if (session.json) return absl::OkStatus();
  session.out() << "to undo it: dangolctl member unmerge " << response->merged_member_id() << '\n';
  return absl::OkStatus();
}

absl::Status Unmerge(Session& session, const StatusArguments& arguments) {
  v1::UnmergeMemberRequest request;
  request.set_merged_member_id(arguments.member);
  request.set_request_id(arguments.request_id);
  const auto response = session.client().UnmergeMember(std::move(request));
  if (!response.ok()) return response.status();
  PrintWithBalances(session, *response);
  return absl::OkStatus();
}

struct JoinArguments {
  std::string member;
  std::string household;
  std::string request_id;
};

absl::Status Join(Session& session, const JoinArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> household = ParseMemberRef(arguments.household);
  if (!household.ok()) return household.status();
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::JoinHouseholdRequest request;
  request.set_request_id(arguments.request_id);
  *request.mutable_member() = *member;
  *request.mutable_household() = *household;
  const auto response = session.client().JoinHousehold(std::move(request));
  return PrintReply(session, response, [&] {
    session.out() << RenderFacts(
        {{"member", response->member_id()}, {"household of", response->household().member_id()}});
    PrintBalances(session, response->balances());
  });
}

absl::Status Leave(Session& session, const StatusArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::LeaveHouseholdRequest request;
  request.set_request_id(arguments.request_id);
  *request.mutable_member() = *member;
  const auto response = session.client().LeaveHousehold(std::move(request));
  if (!response.ok()) return response.status();
  PrintWithBalances(session, *response);
  return absl::OkStatus();
}

// The verbs that make a member and say what is known of them.
void AddEnrolVerbs(CLI::App& noun, Session& session) {
  AddVerb<EnrollArguments>(
      noun, session, "enroll", "Make a new member",
      [](CLI::App& verb, EnrollArguments& arguments) {
        verb.add_option("--alias", arguments.aliases, "An alias, as kind:value; may be repeated")
            ->allow_extra_args(false);
        verb.add_option("--attribute", arguments.attributes,
                        "A fact, as name=value; may be repeated")
            ->allow_extra_args(false);
        verb.add_option("--referred-by", arguments.referred_by,
                        "Who brought them: an id, or a code as kind:value");
        DeclareRequestId(verb, arguments.request_id);
      },
      Enroll);
  AddVerb<ReferArguments>(
      noun, session, "refer", "Record who brought a member, before they first buy something",
      [](CLI::App& verb, ReferArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--by", arguments.by, "Who brought them: an id, or a code as kind:value")
            ->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Refer);
  AddVerb<UpdateArguments>(
      noun, session, "update", "Change what is known of a member",
      [](CLI::App& verb, UpdateArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--set", arguments.set, "An attribute as it is to be, as name=value");
        verb.add_option("--unset", arguments.unset, "The name of an attribute to forget");
        DeclareRequestId(verb, arguments.request_id);
        verb.footer(Examples({"dangolctl member update card:4005 --set city=Seoul --unset vip"}));
      },
      Update);
}

// The verbs of members who are one person, or share their points.
void AddMergeVerbs(CLI::App& noun, Session& session) {
  AddVerb<MergeArguments>(
      noun, session, "merge", "Join a member to another, who has everything of both then",
      [](CLI::App& verb, MergeArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--into", arguments.into, "Who survives: an id, or an alias as kind:value")
            ->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Merge);
  AddVerb<StatusArguments>(
      noun, session, "unmerge", "Undo a merge",
      [](CLI::App& verb, StatusArguments& arguments) {
        verb.add_option("MEMBER_ID", arguments.member, "The id of who was merged")->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Unmerge);
  AddVerb<JoinArguments>(
      noun, session, "join", "Let a member share their points with a household",
      [](CLI::App& verb, JoinArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--household", arguments.household,
                        "Its head, or anybody in it: an id, or an alias as kind:value")
            ->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Join);
  AddVerb<StatusArguments>(noun, session, "leave", "Let a member leave their household",
                           DeclareStatus, Leave);
}

}  // namespace

void AddMemberCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "member", "Members and the aliases that find them");
  AddEnrolVerbs(*noun, session);
  AddVerb<MemberArguments>(
      *noun, session, "get", "Show a member",
      [](CLI::App& verb, MemberArguments& arguments) { DeclareMember(verb, arguments.member); },
      Get);
  AddVerb<MemberArguments>(
      *noun, session, "lookup", "Show the member that an alias belongs to",
      [](CLI::App& verb, MemberArguments& arguments) {
        verb.add_option("ALIAS", arguments.member, "The alias, as kind:value")->required();
      },
      Lookup);
  AddVerb<MembersArguments>(
      *noun, session, "list", "List members, the oldest first",
      [](CLI::App& verb, MembersArguments& arguments) {
        DeclareLimit(verb, arguments);
        verb.add_flag("--for-marketing", arguments.for_marketing,
                      "Only who may be written to: no VVIPs, nobody who is suspended or has left");
        verb.add_flag("--without-personal-data", arguments.without_personal_data,
                      "Without aliases, attributes and whom they know");
      },
      List);
  AddVerb<AliasArguments>(*noun, session, "add-alias", "Give a member one more alias", DeclareAlias,
                          [](Session& run, const AliasArguments& arguments) {
                            return ChangeAlias(run, arguments, &Client::AddAlias);
                          });
  AddVerb<AliasArguments>(*noun, session, "remove-alias", "Take an alias from a member",
                          DeclareAlias, [](Session& run, const AliasArguments& arguments) {
                            return ChangeAlias(run, arguments, &Client::RemoveAlias);
                          });
  AddVerb<StatusArguments>(*noun, session, "suspend", "Stop a member from earning and spending",
                           DeclareStatus, [](Session& run, const StatusArguments& arguments) {
                             return ChangeStatus(run, arguments, &Client::SuspendMember);
                           });
  AddVerb<StatusArguments>(*noun, session, "reinstate", "Let a suspended member earn and spend",
                           DeclareStatus, [](Session& run, const StatusArguments& arguments) {
                             return ChangeStatus(run, arguments, &Client::ReinstateMember);
                           });
  AddVerb<StatusArguments>(*noun, session, "close",
                           "End a membership for good; points that are left expire", DeclareStatus,
                           [](Session& run, const StatusArguments& arguments) {
                             return ChangeStatus(run, arguments, &Client::CloseMember);
                           });
  AddVerb<StatusArguments>(
      *noun, session, "erase", "Forget who somebody was, for good",
      [](CLI::App& verb, StatusArguments& arguments) {
        verb.add_option("MEMBER_ID", arguments.member, "The id of the member, and no alias")
            ->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Erase);
  AddMergeVerbs(*noun, session);
  AddProfileVerb(*noun, session);
  AddMemberExportVerb(*noun, session);
  noun->footer(Examples(
      {"dangolctl member enroll --alias card:4005 --attribute city=Seoul",
       "dangolctl member get card:4005", "dangolctl member add-alias card:4005 phone:+82105550100",
       "dangolctl member refer card:4008 --by referral_code:MINJI-24",
       "dangolctl member suspend card:4005", "dangolctl member reinstate card:4005",
       "dangolctl member close card:4005",
       "dangolctl member erase 01935d2e-8c00-7000-8000-000000000001",
       "dangolctl member merge card:4006 --into card:4005",
       "dangolctl member unmerge 01935d2e-8c00-7000-8000-000000000001",
       "dangolctl member join card:4007 --household card:4005", "dangolctl member leave card:4007",
       "dangolctl member profile card:4005 --from 2026-01-01 --until 2026-03-31",
       "dangolctl member list --limit 0 --output json"}));
}

}  // namespace dangol::cli
