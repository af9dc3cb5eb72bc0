#include "server/rpc/program/program_care.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

class CareReader {
 public:
  CareReader(const domain::Program& read, ProblemList& problems)
      : read_(read), problems_(problems) {}

  domain::Care Read(const v1::Care& message, const Place& place) {
    ReadCategories(message, place);
    ReadDeadlines(message, place);
    if (message.advocates_percent() != 0) care_.advocates_percent = message.advocates_percent();
    problems_.CheckRange(care_.advocates_percent, 1, 100, place.Child("advocates_percent"));
    problems_.Check(message.escalate_to_size() <= limits::kMaxEscalations,
                    place.Child("escalate_to", 0),
                    absl::StrCat("there are more than ", limits::kMaxEscalations));
    for (int i = 0; i < message.escalate_to_size(); ++i) {
      CheckParty(message.escalate_to(i), /*required=*/true, place.Child("escalate_to", i));
      care_.escalate_to.push_back(message.escalate_to(i));
    }
    if (message.has_goodwill()) ReadGoodwill(message.goodwill(), place.Child("goodwill"));
    if (message.has_surveys()) ReadSurveys(message.surveys(), place.Child("surveys"));
    return std::move(care_);
  }

 private:
  // A department, or somebody.
  void CheckParty(const std::string& name, bool required, const Place& place) {
    if (name.empty() && !required) return;
    problems_.CheckTitle(name, place);
    problems_.Check(name.size() <= limits::kMaxDepartmentBytes, place,
                    absl::StrCat("has more than ", limits::kMaxDepartmentBytes, " bytes"));
  }

  void ReadCategories(const v1::Care& message, const Place& place) {
    const int count = message.categories_size();
    problems_.Check(count >= 1 && count <= limits::kMaxComplaintCategories,
                    count == 0 ? place.Child("categories") : place.Child("categories", 0),
                    absl::StrCat("there must be 1 to ", limits::kMaxComplaintCategories));
    std::set<std::string> ids;
    for (int i = 0; i < count; ++i) {
      const v1::ComplaintCategory& category = message.categories(i);
      const Place one = place.Child("categories", i);
      problems_.CheckName(category.id(), one.Child("id"));
      problems_.Check(ids.insert(category.id()).second, one.Child("id"), "is declared twice");
      if (!category.name().empty()) problems_.CheckTitle(category.name(), one.Child("name"));
      CheckParty(category.department(), /*required=*/true, one.Child("department"));
      CheckParty(category.owner(), /*required=*/false, one.Child("owner"));
      care_.categories.push_back({category.id(),
                                  category.name().empty() ? category.id() : category.name(),
                                  category.department(), category.owner()});
    }
  }

  void ReadDeadlines(const v1::Care& message, const Place& place) {
    std::set<int> said;
    for (int i = 0; i < message.deadlines_size(); ++i) {
      const v1::CareDeadline& deadline = message.deadlines(i);
      const Place one = place.Child("deadlines", i);
      const bool is_severity = v1::Severity_IsValid(deadline.severity()) &&
                               deadline.severity() != v1::SEVERITY_UNSPECIFIED;
      problems_.Check(is_severity, one.Child("severity"),
                      "must be SEVERITY_LOW, SEVERITY_MEDIUM or SEVERITY_HIGH");
      problems_.Check(said.insert(deadline.severity()).second, one.Child("severity"),
                      "is named twice");
      problems_.CheckRange(deadline.acknowledge_hours(), 1, limits::kMaxCareHours,
                           one.Child("acknowledge_hours"));
      problems_.CheckRange(deadline.resolve_hours(), 1, limits::kMaxCareHours,
                           one.Child("resolve_hours"));
      problems_.Check(deadline.resolve_hours() >= deadline.acknowledge_hours(),
                      one.Child("resolve_hours"), "is less than acknowledge_hours");
      if (!is_severity) continue;
      care_.deadlines[static_cast<size_t>(deadline.severity()) - 1] = {
          absl::Hours(deadline.acknowledge_hours()), absl::Hours(deadline.resolve_hours())};
    }
    problems_.Check(said.size() >= care_.deadlines.size(), place.Child("deadlines"),
                    "there must be one for each of SEVERITY_LOW, "
                    "SEVERITY_MEDIUM and SEVERITY_HIGH");
  }

  void ReadSurveys(const v1::SurveyTerms& message, const Place& place) {
    domain::SurveyTerms& read = care_.surveys.emplace();
    if (message.has_bad_recommendation()) read.bad_recommendation = message.bad_recommendation();
    problems_.CheckRange(read.bad_recommendation, 0, 10, place.Child("bad_recommendation"));
    const int hours = message.answer_hours() == 0 ? 72 : message.answer_hours();
    problems_.CheckRange(hours, 1, limits::kMaxCareHours, place.Child("answer_hours"));
    read.answer_within = absl::Hours(hours);
    CheckParty(message.department(), /*required=*/true, place.Child("department"));
    read.department = message.department();
  }

  void ReadGoodwill(const v1::Goodwill& message, const Place& place) {
    problems_.Check(FindWallet(message.wallet(), read_.wallets) >= 0, place.Child("wallet"),
                    "must be one of the program's wallets");
    const bool is_reason = std::any_of(
        read_.adjustment_reasons.begin(), read_.adjustment_reasons.end(),
        [&](const domain::AdjustmentReason& reason) { return reason.code == message.reason(); });
    problems_.Check(is_reason, place.Child("reason"),
                    "must be one of the program's adjustment_reasons");
    problems_.CheckRange(message.max_points(), 1, limits::kMaxPointsMoved,
                         place.Child("max_points"));
    care_.goodwill = {message.wallet(), message.reason(), message.max_points()};
  }

  const domain::Program& read_;
  ProblemList& problems_;
  domain::Care care_;
};

}  // namespace

std::optional<domain::Care> ReadCare(const v1::Program& message, const domain::Program& read,
                                     const Place& root, ProblemList& problems) {
  if (!message.has_care()) return std::nullopt;
  return CareReader(read, problems).Read(message.care(), root.Child("care"));
}

}  // namespace dangol::rpc
