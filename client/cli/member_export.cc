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
  const absl::StatusOr<v1::GetTierStatusResponse> tiers = client.GetTierStatus(member);
  out.One("tiers", tiers);
  for (int i = 0; tiers.ok() && i < tiers->ladders_size(); ++i) {
    v1::ListTierHistoryRequest history;
    *history.mutable_member() = member;
    history.set_ladder(tiers->ladders(i).ladder());
    out.All("tier", client.ListTierHistory(std::move(history)));
  }
  out.All("referred_member", client.ListReferredMembers(member));
  out.One("advocate", client.GetAdvocate(member));
  // The list does not say what happened to each.
  for (const absl::StatusOr<v1::Complaint>& listed : client.ListComplaints(member)) {
    if (!listed.ok()) return listed.status();
    v1::GetComplaintRequest whole;
    whole.set_complaint_id(listed->complaint_id());
    const absl::StatusOr<v1::GetComplaintResponse> told = client.GetComplaint(std::move(whole));
    if (!told.ok()) return told.status();
    out.One("complaint", absl::StatusOr<v1::Complaint>(told->complaint()));
  }
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
