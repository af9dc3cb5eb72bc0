#include "server/domain/advocate/judge_alerts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/strikes.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/reigns.h"

namespace dangol::domain {
namespace {

// How often somebody has to have come before that it is worth saying that they come less often.
constexpr int64_t kFewestBefore = 4;

// A recommendation that falls by so many points is a sign.
constexpr int kRecommendationDrop = 2;

class Finder {
 public:
  Finder(const ProgramCatalog& catalog, absl::Time now, const Member& person)
      : catalog_(catalog),
        now_(now),
        person_(person),
        program_(*catalog.At(now)->program),
        today_(DayIn(now, program_.time_zone)) {}

  std::vector<Alert> Find() {
    const bool is_vvip = program_.vvip.has_value() && person_.advocacy.IsVvipOn(today_);
    if (is_vvip) manager_ = ManagerOf(person_, now_);
    if (is_vvip && manager_.empty()) FindUnassigned();
    if (is_vvip) FindOverdue();
    if (program_.word_of_mouth.has_value()) FindOfAdvocate(person_.advocacy.StateAt(now_));
    FindBadSurveys();
    std::erase_if(alerts_, [&](const Alert& alert) {
      return DoneAt(alert.kind, alert.item_id, alert.since, person_) <= now_;
    });
    absl::c_sort(alerts_, [](const Alert& a, const Alert& b) {
      return std::tie(a.kind, a.item_id) < std::tie(b.kind, b.item_id);
    });
    return std::move(alerts_);
  }

 private:
  void Add(WorkKind kind, std::string id, absl::Time since, absl::Time due_at,
           const std::string& department) {
    alerts_.push_back({kind, std::move(id), since, due_at, department, manager_});
  }

  void FindUnassigned() {
    const auto span = absl::c_find_if(person_.advocacy.vvip,
                                      [&](const VvipSpan& one) { return one.Contains(today_); });
    const absl::Time since = StartOfDay(DayOf(span->from), program_.time_zone);
    Add(WorkKind::kUnassignedVvip, absl::StrCat(span->from), since,
        since + program_.vvip->assign_within, program_.vvip->department);
  }

  // Calls visit(complaint) for each that has no outcome yet.
  template <typename Visit>
  void ForEachOpen(const Visit& visit) {
    for (const History& history : person_.histories) {
      for (const ComplaintMark& complaint : history.care.complaints) {
        if (complaint.opened_at <= now_ && !complaint.resolved_at.has_value()) visit(complaint);
      }
    }
  }

  void FindOverdue() {
    ForEachOpen([&](const ComplaintMark& complaint) {
      const absl::Time missed = complaint.acknowledged_at.has_value()
                                    ? complaint.resolve_by
                                    : std::min(complaint.acknowledge_by, complaint.resolve_by);
      if (missed > now_) return;
      Add(WorkKind::kOverdueVvipComplaint, complaint.complaint_id, missed, missed,
          program_.vvip->department);
    });
  }

  void FindOfAdvocate(WordOfMouthState state) {
    const std::string& department = program_.word_of_mouth->department;
    if (state == WordOfMouthState::kHostile) {
      const absl::Time since = person_.advocacy.word_of_mouth.back().at;
      Add(WorkKind::kHostileAdvocate, absl::StrCat(absl::ToUnixSeconds(since)), since, since,
          department);
    }
    if (state == WordOfMouthState::kAtRisk || state == WordOfMouthState::kHostile) {
      ForEachOpen([&](const ComplaintMark& complaint) {
        if (complaint.acknowledged_at.has_value()) return;
        Add(WorkKind::kUnansweredComplaint, complaint.complaint_id, complaint.opened_at,
            complaint.acknowledge_by, department);
      });
    }
    if (state != WordOfMouthState::kActive) return;
    FindFallingSurvey(department);
    FindFallingFrequency(department);
  }

  // Their last two answers, while neither is a bad one.
  void FindFallingSurvey(const std::string& department) {
    std::vector<const Survey*> answers;
    for (const History& history : person_.histories) {
      for (const Survey& survey : history.care.surveys) {
        if (survey.recommendation.has_value() && survey.at <= now_) answers.push_back(&survey);
      }
    }
    if (answers.size() < 2) return;
    absl::c_stable_sort(answers, [](const Survey* a, const Survey* b) { return a->at < b->at; });
    const Survey& last = *answers.back();
    const int drop = *answers[answers.size() - 2]->recommendation - *last.recommendation;
    if (drop < kRecommendationDrop || IsBad(last, catalog_)) return;
    Add(WorkKind::kFallingSurvey, last.survey_id, last.at, last.at, department);
  }

  void FindFallingFrequency(const std::string& department) {
    const WordOfMouth& terms = *program_.word_of_mouth;
    const auto count = [&](DayNumber until) {
      const Days days{until - terms.drop_days, until};
      return SumOf(person_.histories, Measure::kPurchases, "", days) -
             SumOf(person_.histories, Measure::kIdle, "", days);
    };
    const int64_t lately = count(today_);
    const int64_t before = count(today_ - terms.drop_days);
    if (before < kFewestBefore || lately * 100 > before * (100 - terms.drop_percent)) return;
    // Once found it stays the same item; who has seen to it is not asked again for a while.
    const auto known = absl::c_find_if(person_.advocacy.alerts, [](const Alert& alert) {
      return alert.kind == WorkKind::kFallingFrequency;
    });
    if (known != person_.advocacy.alerts.end()) {
      alerts_.push_back(*known);
      return;
    }
    for (const History& history : person_.histories) {
      for (const WorkDone& done : history.care.done) {
        const bool is_lately = now_ - done.at < absl::Hours(24 * terms.drop_days);
        const auto kind = static_cast<int64_t>(WorkKind::kFallingFrequency);
        if (done.kind == kind && is_lately) return;
      }
    }
    const absl::Time since = StartOfDay(DayOf(today_), program_.time_zone);
    Add(WorkKind::kFallingFrequency, absl::StrCat(today_), since, since, department);
  }

  void FindBadSurveys() {
    for (const Strike& strike : StrikesOf(catalog_, person_)) {
      if (strike.reason != WordOfMouthReason::kSurvey || now_ < strike.from) continue;
      if (strike.until <= now_) continue;
      Add(WorkKind::kBadSurvey, strike.about, strike.from, strike.hostile_from,
          SurveyTermsAt(strike.from, catalog_)->department);
    }
  }

  const ProgramCatalog& catalog_;
  const absl::Time now_;
  const Member& person_;
  const Program& program_;
  const DayNumber today_;
  std::string manager_;
  std::vector<Alert> alerts_;
};

bool HasAnything(const Member& person) {
  return !person.advocacy.IsEmpty() || absl::c_any_of(person.histories, [](const History& history) {
    return !history.care.IsEmpty();
  });
}

}  // namespace

std::vector<Alert> AlertsOf(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  if (!HasAnything(person)) return {};
  return Finder(catalog, now, person).Find();
}

std::vector<WorkItem> ItemsOf(const std::vector<Alert>& before, const std::vector<Alert>& after) {
  std::vector<WorkItem> items;
  const auto is_in = [](const Alert& alert, const std::vector<Alert>& alerts) {
    return absl::c_any_of(alerts, [&](const Alert& other) {
      return other.kind == alert.kind && other.item_id == alert.item_id;
    });
  };
  for (const Alert& alert : before) {
    if (!is_in(alert, after)) items.push_back(ItemOf(alert, WorkStatus::kDone));
  }
  for (const Alert& alert : after) {
    if (!absl::c_linear_search(before, alert)) {
      items.push_back(ItemOf(alert, WorkStatus::kOpen));
    }
  }
  return items;
}

absl::Time AdvocacyDueAt(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  absl::Time due = absl::InfiniteFuture();
  if (!HasAnything(person)) return due;
  const auto note = [&](absl::Time time) {
    if (time > now) due = std::min(due, time);
  };
  for (const Strike& strike : StrikesOf(catalog, person)) {
    if (strike.until > now) note(strike.hostile_from);
  }
  for (const History& history : person.histories) {
    for (const ComplaintMark& complaint : history.care.complaints) {
      const bool is_waiting =
          !complaint.acknowledged_at.has_value() && !complaint.resolved_at.has_value();
      if (is_waiting) note(complaint.acknowledge_by);
    }
  }
  return due;
}

}  // namespace dangol::domain
