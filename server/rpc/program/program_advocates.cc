#include "server/rpc/program/program_advocates.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/domain/activity/activity_fact.h"

namespace dangol::rpc {
namespace {

constexpr int64_t kMostInfluencePoints = 1'000'000;
constexpr int kMostPointsEach = 1'000;
constexpr int kMostBasisPoints = 10'000;

int OrDefault(int said, int otherwise) { return said == 0 ? otherwise : said; }

void CheckDepartment(const std::string& department, const Place& place, ProblemList& problems) {
  problems.CheckTitle(department, place);
  problems.Check(department.size() <= limits::kMaxDepartmentBytes, place,
                 absl::StrCat("has more than ", limits::kMaxDepartmentBytes, " bytes"));
}

void CheckHasCurrency(const domain::Program& program, const Place& place, ProblemList& problems) {
  problems.Check(program.rfm.has_value(), place,
                 "needs rfm, which says over what window and in which currency money is told");
}

domain::Vvip ReadVvip(const v1::Vvip& message, const Place& place, ProblemList& problems) {
  domain::Vvip read;
  read.enter_basis_points = OrDefault(message.enter_basis_points(), 100);
  problems.CheckRange(read.enter_basis_points, 1, kMostBasisPoints,
                      place.Child("enter_basis_points"));
  read.stay_basis_points =
      OrDefault(message.stay_basis_points(),
                std::min(read.enter_basis_points + read.enter_basis_points / 2, kMostBasisPoints));
  problems.CheckRange(read.stay_basis_points, 1, kMostBasisPoints,
                      place.Child("stay_basis_points"));
  problems.Check(read.stay_basis_points >= read.enter_basis_points,
                 place.Child("stay_basis_points"), "is less than enter_basis_points");
  read.department = message.department();
  CheckDepartment(read.department, place.Child("department"), problems);
  const int hours = OrDefault(message.assign_hours(), 24);
  problems.CheckRange(hours, 1, limits::kMaxCareHours, place.Child("assign_hours"));
  read.assign_within = absl::Hours(hours);
  return read;
}

// The incentive that pays for an activity; null where none does.
const domain::Incentive* PayerOf(const std::string& kind, const domain::Program& program) {
  for (const domain::Incentive& incentive : program.incentives) {
    const auto* const engagement = std::get_if<domain::Engagement>(&incentive.kind);
    if (engagement != nullptr && engagement->activity == kind) return &incentive;
  }
  return nullptr;
}

class WordOfMouthReader {
 public:
  WordOfMouthReader(const domain::Program& program, ProblemList& problems)
      : program_(program), problems_(problems) {}

  domain::WordOfMouth Read(const v1::WordOfMouth& message, const Place& place) {
    domain::WordOfMouth read;
    read.window_days = ReadNumber(message.window_days(), read.window_days, limits::kMaxWindowDays,
                                  place.Child("window_days"));
    read.min_spent_minor = message.min_spent_minor();
    problems_.CheckRange(read.min_spent_minor, 0, limits::kMaxPointsMoved,
                         place.Child("min_spent_minor"));
    ReadActivities(message, place, read);
    read.referral_points = message.referral_points();
    problems_.CheckRange(read.referral_points, 0, kMostPointsEach, place.Child("referral_points"));
    problems_.Check(read.referral_points > 0 || !read.activities.empty(), place,
                    "counts nothing; give activities or referral_points");
    read.candidate_points = message.candidate_points();
    problems_.CheckRange(read.candidate_points, 1, kMostInfluencePoints,
                         place.Child("candidate_points"));
    read.active_points = message.active_points();
    problems_.CheckRange(read.active_points, 1, kMostInfluencePoints, place.Child("active_points"));
    problems_.Check(read.active_points >= read.candidate_points, place.Child("active_points"),
                    "is less than candidate_points");
    read.recovered_days = ReadNumber(message.recovered_days(), read.recovered_days,
                                     limits::kMaxWindowDays, place.Child("recovered_days"));
    read.drop_days = ReadNumber(message.drop_days(), read.drop_days, 365, place.Child("drop_days"));
    read.drop_percent =
        ReadNumber(message.drop_percent(), read.drop_percent, 100, place.Child("drop_percent"));
    read.department = message.department();
    CheckDepartment(read.department, place.Child("department"), problems_);
    return read;
  }

 private:
  // From 1 on; what is not said is what it is by itself.
  int ReadNumber(int said, int otherwise, int most, const Place& place) {
    const int read = OrDefault(said, otherwise);
    problems_.CheckRange(read, 1, most, place);
    return read;
  }

  void ReadActivities(const v1::WordOfMouth& message, const Place& place,
                      domain::WordOfMouth& read) {
    std::set<std::string> kinds;
    for (int i = 0; i < message.activities_size(); ++i) {
      const v1::AdvocateActivity& activity = message.activities(i);
      const Place one = place.Child("activities", i);
      const Place kind = one.Child("kind");
      problems_.Check(domain::FindActivityKind(activity.kind(), program_) != nullptr, kind,
                      "is not declared among the activities");
      problems_.Check(kinds.insert(activity.kind()).second, kind, "is named twice");
      if (const domain::Incentive* const payer = PayerOf(activity.kind(), program_)) {
        problems_.Check(false, kind,
                        absl::StrCat("is paid for by incentive ", payer->id,
                                     ": who is paid does not do it unasked"));
      }
      problems_.CheckRange(activity.points(), 1, kMostPointsEach, one.Child("points"));
      read.activities.push_back({activity.kind(), activity.points()});
    }
  }

  const domain::Program& program_;
  ProblemList& problems_;
};

}  // namespace

void ReadAdvocates(const v1::Program& message, const Place& root, ProblemList& problems,
                   domain::Program& program) {
  program.house_attribute = message.house_attribute();
  if (!program.house_attribute.empty()) {
    problems.Check(program.house_attribute.size() <= limits::kMaxAttributeKeyBytes,
                   root.Child("house_attribute"), "is too long for the key of an attribute");
  }
  if (message.has_vvip()) {
    const Place place = root.Child("vvip");
    CheckHasCurrency(program, place, problems);
    program.vvip = ReadVvip(message.vvip(), place, problems);
  }
  if (message.has_word_of_mouth()) {
    const Place place = root.Child("word_of_mouth");
    CheckHasCurrency(program, place, problems);
    program.word_of_mouth =
        WordOfMouthReader(program, problems).Read(message.word_of_mouth(), place);
  }
}

}  // namespace dangol::rpc
