// Everything that is kept of one member, as whoever it is about may have it (GDPR, articles 15 and
// 20): what the API tells of them, in lines of JSON, each with what it is.

#include <string>
#include <utility>

#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

// Tells one thing after the other, up to the first that cannot be read.
class Exporter {
 public:
  explicit Exporter(Session& session) : session_(session) {}

  template <typename Message>
  void One(const char* what, const absl::StatusOr<Message>& message) {
    if (!status_.ok()) return;
    status_ = message.status();
    if (!status_.ok()) return;
    Json line = Json::object();
    line[what] = ToJson(*message);
    session_.out() << line.dump() << "\n";
  }

  template <typename Item>
  void All(const char* what, PageRange<Item> range) {
    if (!status_.ok()) return;
    for (const absl::StatusOr<Item>& item : range) One(what, item);
  }

  const absl::Status& status() const { return status_; }

 private:
  Session& session_;
  absl::Status status_;
};

struct ExportArguments {
  std::string member;
};

// By the id, whoever has the alias meanwhile.
absl::Status Export(Session& session, const ExportArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> named = ParseMemberRef(arguments.member);
  if (!named.ok()) return named.status();
  Client client = session.client();
  const absl::StatusOr<v1::Member> found = client.GetMember(*named);
  if (!found.ok()) return found.status();
  const v1::MemberRef member = MemberById(found->member_id());
  Exporter out(session);
  out.One("member", found);
  out.One("balance", client.GetBalance(member));
  out.All("purchase", client.ListPurchases(member));
  out.All("return", client.ListReturns(member));
  out.All("activity", client.ListActivities(member));
  out.All("ledger_entry", client.ListLedgerEntries(member));
  out.All("reservation", client.ListReservations(member));
  out.All("coupon", client.ListCoupons(member));
  out.All("award", client.ListAwards(member));
  out.All("tier", client.ListTierHistory(member));
  out.All("referred_member", client.ListReferredMembers(member));
  out.One("advocate", client.GetAdvocate(member));
  out.All("complaint", client.ListComplaints(member));
  out.All("survey", client.ListSurveys(member));
  return out.status();
}

}  // namespace

void AddMemberExportVerb(CLI::App& noun, Session& session) {
  AddVerb<ExportArguments>(
      noun, session, "export", "Tell everything that is kept of a member, in lines of JSON",
      [](CLI::App& verb, ExportArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.footer(Examples({"dangolctl member export card:4005 > minji.jsonl"}));
      },
      Export);
}

}  // namespace dangol::cli
