#include "server/rpc/program/program_rfm.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/domain/activity/activity_fact.h"
#include "server/rpc/program/program_currencies.h"

namespace dangol::rpc {
namespace {

constexpr int kMostWeight = 1'000;
constexpr int64_t kMostEngagement = 1'000'000;
constexpr int64_t kMostPerRate = 1'000'000'000;
constexpr int64_t kMostCounted = std::numeric_limits<int64_t>::max();

class RfmReader {
 public:
  RfmReader(const domain::Program& read, ProblemList& problems)
      : read_(read), problems_(problems) {}

  domain::Rfm Read(const v1::Rfm& message, const Place& place) {
    if (message.window_days() != 0) rfm_.window_days = message.window_days();
    problems_.CheckRange(rfm_.window_days, 1, limits::kMaxWindowDays, place.Child("window_days"));
    ReadBaseCurrency(message, place);
    ReadRates(message, place);
    if (message.scores() != 0) rfm_.scores = message.scores();
    problems_.CheckRange(rfm_.scores, 2, limits::kMaxRfmScores, place.Child("scores"));
    if (message.has_thresholds()) {
      ReadThresholds(message.thresholds(), place.Child("thresholds"));
    }
    ReadSegments(message, place);
    ReadInterval(message, place);
    if (message.has_score()) ReadScore(message.score(), place.Child("score"));
    return std::move(rfm_);
  }

 private:
  void ReadBaseCurrency(const v1::Rfm& message, const Place& place) {
    const Place base_place = place.Child("base_currency");
    if (message.base_currency().empty()) {
      problems_.Check(read_.currencies.size() <= 1, base_place,
                      "is required: the program has several currencies");
    } else {
      rfm_.base_currency =
          ReadCurrency(message.base_currency(), read_.currencies, base_place, problems_);
    }
  }

  void ReadRates(const v1::Rfm& message, const Place& place) {
    std::set<int> rated;
    for (int i = 0; i < message.rates_size(); ++i) {
      const v1::RfmRate& rate = message.rates(i);
      const Place rate_place = place.Child("rates", i);
      const Place currency_place = rate_place.Child("currency");
      const int currency =
          ReadCurrency(rate.currency(), read_.currencies, currency_place, problems_);
      problems_.Check(currency < 0 || currency != rfm_.base_currency, currency_place,
                      "is the base currency, which needs no rate");
      problems_.Check(currency < 0 || rated.insert(currency).second, currency_place,
                      "has a rate already");
      problems_.CheckRange(rate.base_minor(), 1, kMostPerRate, rate_place.Child("base_minor"));
      problems_.CheckRange(rate.per_minor(), 1, kMostPerRate, rate_place.Child("per_minor"));
      rfm_.rates.push_back({currency, rate.base_minor(), rate.per_minor()});
    }
    // Without a base there is a problem already.
    const bool has_base = !message.base_currency().empty() && rfm_.base_currency >= 0;
    for (int i = 0; has_base && i < static_cast<int>(read_.currencies.size()); ++i) {
      problems_.Check(i == rfm_.base_currency || rated.contains(i), place,
                      absl::StrCat("has no rate for ", CodeOf(i)));
    }
  }

  const std::string& CodeOf(int currency) const {
    return read_.currencies[static_cast<size_t>(currency)].code;
  }

  void ReadThresholds(const v1::RfmThresholds& message, const Place& place) {
    domain::RfmCutPoints& read = rfm_.thresholds.emplace();
    ReadAscending(message.r(), domain::kMaxRecencyDays, place, "r", read.r);
    ReadAscending(message.f(), kMostCounted, place, "f", read.f);
    ReadAscending(message.m(), kMostCounted, place, "m", read.m);
  }

  void ReadAscending(const google::protobuf::RepeatedField<int64_t>& values, int64_t most,
                     const Place& place, const char* name, std::vector<domain::CutPoint>& read) {
    problems_.Check(values.size() == rfm_.scores - 1, place,
                    absl::StrCat("gives ", values.size(), " for ", name, "; scores from 1 to ",
                                 rfm_.scores, " take ", rfm_.scores - 1));
    for (int i = 0; i < values.size(); ++i) {
      const Place value_place = place.Child(name, i);
      problems_.CheckRange(values[i], 0, most, value_place);
      problems_.Check(read.empty() || values[i] > read.back().whole, value_place,
                      "is not more than the one before");
      read.push_back({values[i], 0, 1});
    }
  }

  void ReadSegments(const v1::Rfm& message, const Place& place) {
    if (message.segments().empty()) {
      problems_.Check(rfm_.scores == 5, place,
                      "needs segments: those that there are without any are for 5 scores");
      rfm_.segments = domain::DefaultRfmSegments();
      return;
    }
    problems_.Check(message.segments_size() <= limits::kMaxRfmSegments, place.Child("segments", 0),
                    absl::StrCat("there are more than ", limits::kMaxRfmSegments));
    std::set<std::string> ids;
    bool in_range = true;
    for (int i = 0; i < message.segments_size(); ++i) {
      const v1::RfmSegment& segment = message.segments(i);
      const Place segment_place = place.Child("segments", i);
      problems_.CheckName(segment.id(), segment_place.Child("id"));
      problems_.Check(ids.insert(segment.id()).second, segment_place.Child("id"),
                      "is declared twice");
      if (!segment.name().empty()) {
        problems_.CheckTitle(segment.name(), segment_place.Child("name"));
      }
      rfm_.segments.push_back({segment.id(), segment.name().empty() ? segment.id() : segment.name(),
                               ReadRange(segment.r(), segment_place.Child("r"), in_range),
                               ReadRange(segment.f(), segment_place.Child("f"), in_range),
                               ReadRange(segment.m(), segment_place.Child("m"), in_range)});
    }
    // What is wrong with a range is no problem of what it leaves out.
    if (in_range && rfm_.scores <= limits::kMaxRfmScores) CheckEveryoneHasOne(place);
  }

  domain::ScoreRange ReadRange(const v1::ScoreRange& message, const Place& place, bool& in_range) {
    domain::ScoreRange range{message.least() == 0 ? 1 : message.least(),
                             message.most() == 0 ? rfm_.scores : message.most()};
    const bool right = 1 <= range.least && range.least <= range.most && range.most <= rfm_.scores;
    problems_.Check(
        right, place,
        absl::StrCat("must go from 1 or more to ", rfm_.scores, " or less, and not backwards"));
    in_range = in_range && right;
    return range;
  }

  // Each combination of scores is in a segment, and each segment is the first for some.
  void CheckEveryoneHasOne(const Place& place) {
    std::vector<bool> is_first(rfm_.segments.size());
    for (int r = 1; r <= rfm_.scores; ++r) {
      for (int f = 1; f <= rfm_.scores; ++f) {
        for (int m = 1; m <= rfm_.scores; ++m) {
          const int segment = domain::FindSegment(rfm_.segments, {r, f, m});
          if (segment < 0) {
            problems_.Check(false, place,
                            absl::StrCat("has no segment for R ", r, ", F ", f, ", M ", m,
                                         "; let the last one name no scores"));
            return;
          }
          is_first[static_cast<size_t>(segment)] = true;
        }
      }
    }
    for (size_t i = 0; i < is_first.size(); ++i) {
      problems_.Check(is_first[i], place.Child("segments", static_cast<int>(i)),
                      "can have nobody: all its scores are in segments before it");
    }
  }

  void ReadInterval(const v1::Rfm& message, const Place& place) {
    const bool is_said = message.recompute() != v1::NORMS_INTERVAL_UNSPECIFIED;
    problems_.Check(!is_said || !message.has_thresholds(), place.Child("recompute"),
                    "says nothing beside thresholds");
    if (is_said) rfm_.recompute = static_cast<domain::NormsInterval>(message.recompute() - 1);
  }

  void ReadScore(const v1::ActivityScore& message, const Place& place) {
    domain::ScoreWeights& read = rfm_.score.emplace();
    const auto read_weight = [&](int weight, const char* name) {
      problems_.CheckRange(weight, 0, kMostWeight, place.Child(name));
      return weight;
    };
    read.recency = read_weight(message.recency(), "recency");
    read.frequency = read_weight(message.frequency(), "frequency");
    read.money = read_weight(message.money(), "money");
    read.engagement = read_weight(message.engagement(), "engagement");
    read.quality = read_weight(message.quality(), "quality");
    problems_.Check(
        read.recency + read.frequency + read.money + read.engagement + read.quality > 0, place,
        "has no weights; say how much recency, frequency, money, engagement and quality count");
    if (message.full_engagement() != 0) read.full_engagement = message.full_engagement();
    problems_.CheckRange(read.full_engagement, 1, kMostEngagement, place.Child("full_engagement"));
    std::set<std::string> kinds;
    for (int i = 0; i < message.engagement_kinds_size(); ++i) {
      const std::string& kind = message.engagement_kinds(i);
      const Place kind_place = place.Child("engagement_kinds", i);
      problems_.Check(domain::FindActivityKind(kind, read_) != nullptr, kind_place,
                      "is not declared among the activities");
      problems_.Check(kinds.insert(kind).second, kind_place, "is named twice");
      read.engagement_kinds.push_back(kind);
    }
    problems_.Check(read.engagement == 0 || !read_.activities.empty(), place.Child("engagement"),
                    "counts nothing: the program declares no activities");
  }

  const domain::Program& read_;
  ProblemList& problems_;
  domain::Rfm rfm_;
};

}  // namespace

std::optional<domain::Rfm> ReadRfm(const v1::Program& message, const domain::Program& read,
                                   const Place& root, ProblemList& problems) {
  if (!message.has_rfm()) return std::nullopt;
  return RfmReader(read, problems).Read(message.rfm(), root.Child("rfm"));
}

}  // namespace dangol::rpc
