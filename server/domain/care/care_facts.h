#ifndef DANGOL_SERVER_DOMAIN_CARE_CARE_FACTS_H_
#define DANGOL_SERVER_DOMAIN_CARE_CARE_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

// What a person said of the house, and what was done about it: facts about them, kept with what
// they did.
namespace dangol::domain {

// One time for which a complaint was open: what other rules ask of it. A complaint that is opened
// again has another.
struct ComplaintMark {
  std::string complaint_id;
  std::string category;
  absl::Time opened_at;
  absl::Time acknowledge_by;
  absl::Time resolve_by;
  std::optional<absl::Time> acknowledged_at;  // By an answer, or by an outcome.
  std::optional<absl::Time> resolved_at;

  friend bool operator==(const ComplaintMark&, const ComplaintMark&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.complaint_id);
    v(2, row.opened_at);
    v(3, row.acknowledge_by);
    v(4, row.resolve_by);
    v(5, row.acknowledged_at);
    v(6, row.resolved_at);
    v(7, row.category);
  }
};

// Answers of a member. Satisfaction is perception less expectation (SERVQUAL: Parasuraman,
// Zeithaml and Berry, Journal of Retailing 1988).
struct Survey {
  std::string survey_id;  // The request that recorded it.
  absl::Time at;
  absl::Time recorded_at;
  std::string principal;
  std::string channel;
  std::string purchase_id;            // What it was about; may be empty.
  std::optional<int> expectation;     // 1 to 7.
  std::optional<int> perception;      // 1 to 7.
  std::optional<int> recommendation;  // 0 to 10.
  std::string text;

  friend bool operator==(const Survey&, const Survey&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.survey_id);
    v(2, row.at);
    v(3, row.recorded_at);
    v(4, row.principal);
    v(5, row.channel);
    v(6, row.purchase_id);
    v(7, row.expectation);
    v(8, row.perception);
    v(9, row.recommendation);
    v(10, row.text);
  }
};

// Somebody has seen to an alert.
struct WorkDone {
  int64_t kind = 0;  // A WorkKind.
  std::string item_id;
  absl::Time at;
  std::string request_id;
  std::string principal;
  std::string text;

  friend bool operator==(const WorkDone&, const WorkDone&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.kind);
    v(2, row.item_id);
    v(3, row.at);
    v(4, row.request_id);
    v(5, row.principal);
    v(6, row.text);
  }
};

// What those whom a person brought have brought in turn, as of the end of a day.
struct InfluenceMark {
  int32_t day = 0;
  int64_t thousandths = 0;

  friend bool operator==(const InfluenceMark&, const InfluenceMark&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.day);
    v(2, row.thousandths);
  }
};

// All of it, of one person.
struct CareFacts {
  std::vector<ComplaintMark> complaints;  // In the order in which they were opened.
  std::vector<Survey> surveys;            // In the order in which they were recorded.
  std::vector<WorkDone> done;
  std::vector<InfluenceMark> influence;

  friend bool operator==(const CareFacts&, const CareFacts&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.complaints);
    v(2, row.surveys);
    v(3, row.done);
    v(4, row.influence);
  }

  bool IsEmpty() const {
    return complaints.empty() && surveys.empty() && done.empty() && influence.empty();
  }
};

// Keeps the last ones.
template <typename Fact>
void ForgetOldest(size_t most, std::vector<Fact>& facts) {
  if (facts.size() > most) facts.erase(facts.begin(), facts.end() - static_cast<ptrdiff_t>(most));
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_CARE_FACTS_H_
