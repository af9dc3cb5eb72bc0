#include "client/demo/voices.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "dangol/types.h"

namespace dangol::demo {
namespace {

constexpr char kComplaint[] = "demo-complaint";
// Longer than the program gives for a serious complaint.
constexpr absl::Duration kUnresolved = absl::Hours(30);
constexpr int kRecommendations = 4;

// Plays the steps one after the other, until one fails.
class Scene {
 public:
  explicit Scene(Client client) : client_(std::move(client)) {}

  void Speak(const std::string& card) {
    who_ = card;
    v1::NominateTestifierRequest nominate = Begin<v1::NominateTestifierRequest>("nominate");
    nominate.set_reason("everybody in town knows them");
    Note("nominated as a testifier", client_.NominateTestifier(nominate));
    Use("web");
    v1::RecordConsentRequest consent = Begin<v1::RecordConsentRequest>("consent");
    consent.add_scopes("web");
    consent.set_evidence("signed form 17");
    Note("agrees to be named on the web", client_.RecordConsent(consent));
    Use("web");
    Use("print");
    Note("withdraws that", client_.WithdrawConsent(Begin<v1::WithdrawConsentRequest>("withdraw")));
    Use("web");
  }

  // What makes somebody an advocate, told by the shop's people a week later.
  void Recommend(const std::string& card) {
    who_ = card;
    for (int i = 0; i < kRecommendations; ++i) {
      v1::RecordActivityRequest request;
      v1::Activity& activity = *request.mutable_activity();
      activity.set_activity_id(absl::StrCat("demo-recommendation-", i));
      *activity.mutable_member() = MemberByAlias("card", who_);
      activity.set_kind("recommendation");
      *activity.mutable_occurred_at() = ToTimestamp(absl::Now() - absl::Hours(24 * 7 + i));
      const auto recorded = client_.RecordActivity(std::move(request));
      if (!recorded.ok()) status_ = recorded.status();
    }
    Look(absl::StrCat("has recommended the shop ", kRecommendations, " times, unasked"));
  }

  void Complain(const std::string& card) {
    who_ = card;
    v1::FileComplaintRequest file = Begin<v1::FileComplaintRequest>("complaint");
    file.set_request_id(kComplaint);
    file.set_category("delivery");
    file.set_severity(v1::SEVERITY_HIGH);
    file.set_text("it was cold, and nobody answers");
    *file.mutable_occurred_at() = ToTimestamp(absl::Now() - kUnresolved);
    Note("complains, thirty hours ago", client_.FileComplaint(file));
    Look("has heard nothing since");
    auto acknowledge = Change<v1::AcknowledgeComplaintRequest>("acknowledge");
    Note("is called back", client_.AcknowledgeComplaint(acknowledge));
    auto goodwill = Change<v1::GrantGoodwillRequest>("goodwill");
    goodwill.set_points(1'000);
    Note("is given 1,000 points", client_.GrantGoodwill(goodwill));
    auto resolve = Change<v1::ResolveComplaintRequest>("resolve");
    resolve.set_outcome("sent anew");
    Note("has it sent anew", client_.ResolveComplaint(resolve));
    Look("speaks of the shop again");
    auto verdict = Change<v1::RecordVerdictRequest>("verdict");
    verdict.set_satisfied(true);
    Note("is content", client_.RecordVerdict(verdict));
  }

  absl::StatusOr<std::vector<VoiceStep>> Take() && {
    if (!status_.ok()) return status_;
    return std::move(steps_);
  }

 private:
  template <typename Request>
  Request Begin(const std::string& id) const {
    Request request;
    request.set_request_id("demo-" + id);
    *request.mutable_member() = MemberByAlias("card", who_);
    return request;
  }

  template <typename Request>
  static Request Change(const std::string& id) {
    Request request;
    request.set_request_id("demo-" + id);
    request.set_complaint_id(kComplaint);
    return request;
  }

  void Use(const std::string& scope) {
    auto use = Begin<v1::RecordTestimonyUseRequest>(absl::StrCat("use-", steps_.size()));
    use.set_scope(scope);
    use.set_used_in("the spring campaign");
    const auto used = client_.RecordTestimonyUse(use);
    if (used.ok() || ErrorReason(used.status()).empty()) {
      return Note(absl::StrCat("is named: ", scope), used);
    }
    steps_.push_back({who_, absl::StrCat("is named: ", scope),
                      absl::StrCat("refused, ", ErrorReason(used.status()))});
  }

  // How they stand as an advocate.
  void Look(const std::string& what) {
    v1::GetAdvocateRequest request;
    *request.mutable_member() = MemberByAlias("card", who_);
    const auto response = client_.GetAdvocate(std::move(request));
    if (!response.ok()) status_ = response.status();
    if (!status_.ok()) return;
    std::string state = v1::WordOfMouthState_Name(response->advocate().word_of_mouth());
    state = absl::AsciiStrToLower(state.substr(sizeof("WORD_OF_MOUTH_STATE_") - 1));
    steps_.push_back(
        {who_, what, absl::StrCat("advocate: ", absl::StrReplaceAll(state, {{"_", " "}}))});
  }

  template <typename Response>
  void Note(const std::string& what, const absl::StatusOr<Response>& response) {
    if (!status_.ok()) return;
    status_ = response.status();
    if (!status_.ok()) return;
    steps_.push_back({who_, what, StateOf(*response)});
  }

  template <typename Response>
  static std::string StateOf(const Response& response) {
    if constexpr (requires { response.complaint(); }) {
      const v1::Complaint& complaint = response.complaint();
      const std::string state = v1::ComplaintState_Name(complaint.state());
      const std::string late = complaint.escalated_to().empty()
                                   ? ""
                                   : absl::StrCat(", escalated to ", complaint.escalated_to());
      return absl::AsciiStrToLower(state.substr(sizeof("COMPLAINT_STATE_") - 1)) + late;
    } else {
      const std::string state = v1::TestifierState_Name(response.advocate().testifier());
      return absl::AsciiStrToLower(state.substr(sizeof("TESTIFIER_STATE_") - 1));
    }
  }

  Client client_;
  std::string who_;
  absl::Status status_;
  std::vector<VoiceStep> steps_;
};

}  // namespace

absl::StatusOr<std::vector<VoiceStep>> HearVoices(Client client, const std::string& speaker,
                                                  const std::string& complainer) {
  Scene scene(std::move(client));
  scene.Speak(speaker);
  scene.Recommend(complainer);
  scene.Complain(complainer);
  return std::move(scene).Take();
}

}  // namespace dangol::demo
