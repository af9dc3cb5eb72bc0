#include "tests/bench/figures.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_format.h"

namespace dangol::bench {
namespace {

constexpr double kOfEchoAndRaw = 0.85;
constexpr double kBatchesOfRawLoop = 0.80;
constexpr double kRichOfPlain = 0.75;
constexpr double kLaneOfOneByOne = 8;
constexpr double kAloneOfFsyncAndRpcMax = 2.5;
constexpr double kAloneOfFsyncAndRpcMaxMysql = 5;
constexpr double kOpenLoopOfAloneMax = 8;
constexpr double kSeededOfEmpty = 0.70;
constexpr double kOneMemberOfUniform = 1.0;
constexpr double kOneMemberP99OfUniformMax = 2;
constexpr double kReplaysOfFirst = 1.5;
constexpr double kBalancesOfEcho = 0.50;
constexpr double kDecideMicrosecondsMax = 10;
constexpr double kReviewsOfRawLoop = 0.70;
constexpr double kYearMembers = 100'000;
constexpr double kYearSecondsMax = 10;  // With so many; with others in proportion.
constexpr double kScoringMillisecondsMax = 2'000;
constexpr double kMemoryMibMax = 200;
constexpr double kTreeOfPlain = 0.95;
constexpr double kGuardedOfPlain = 0.95;
constexpr double kMeteredOfPlain = 0.98;

struct Figure {
  const char* name;
  std::set<Probe> probes;
};

// The one list of figures. Those with the rich program have the names of those of which they
// are a variant.
constexpr int kRichPurchases = 21;
constexpr int kRichBatches = 22;
constexpr int kTestClock = 23;
constexpr int kReferralTree = 24;
constexpr int kGuarded = 25;
constexpr int kMetered = 26;

const std::map<int, Figure>& Figures() {
  static const auto* figures = new std::map<int, Figure>{
      {1, {"1", {Probe::kPurchases, Probe::kEchoPurchases, Probe::kRawLoop}}},
      {2, {"2", {Probe::kBatches, Probe::kPurchases, Probe::kRawLoop}}},
      {3, {"3", {Probe::kSixtyFour, Probe::kOneByOne}}},
      {4, {"4", {Probe::kAlone, Probe::kFsync, Probe::kEmptyRpc}}},
      {5, {"5", {Probe::kOpenLoop, Probe::kPurchases, Probe::kAlone}}},
      {6, {"6", {Probe::kOneMember, Probe::kPurchases}}},
      {7, {"7", {Probe::kReplays, Probe::kPurchases}}},
      {8, {"8", {Probe::kBalances, Probe::kPurchases, Probe::kEchoBalances}}},
      {9, {"9", {Probe::kSeeded, Probe::kPurchases}}},
      {10, {"10", {Probe::kDecide}}},
      {11, {"11", {Probe::kMemory, Probe::kPurchases}}},
      {12, {"12", {Probe::kReviews, Probe::kRawReviews}}},
      {13, {"13", {Probe::kScoring}}},
      {15, {"15", {Probe::kSpending, Probe::kPurchases}}},
      {16, {"16", {Probe::kReturns, Probe::kPurchases}}},
      {kRichPurchases, {"1r", {Probe::kRichPurchases, Probe::kPurchases}}},
      {kRichBatches, {"2r", {Probe::kRichBatches, Probe::kBatches}}},
      {kTestClock, {"13c", {Probe::kYear}}},
      {kReferralTree, {"1t", {Probe::kTreeLater}}},
      {kGuarded, {"1a", {Probe::kGuarded, Probe::kPurchases}}},
      {kMetered, {"1m", {Probe::kMetered, Probe::kPurchases}}},
  };
  return *figures;
}

// One number of each sample.
template <typename Get>
std::vector<double> Each(const std::vector<Sample>& samples, Get get) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(get(sample));
  return values;
}

std::vector<double> Values(const std::vector<Sample>& samples) {
  return Each(samples, [](const Sample& sample) { return sample.value; });
}

std::vector<double> P50s(const std::vector<Sample>& samples) {
  return Each(samples, [](const Sample& sample) { return sample.p50_ms.value_or(0); });
}

std::vector<double> P99s(const std::vector<Sample>& samples) {
  return Each(samples, [](const Sample& sample) { return sample.p99_ms.value_or(0); });
}

std::vector<double> Ratios(const std::vector<double>& values,
                           const std::vector<double>& denominators) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(values.size(), denominators.size()); ++i) {
    ratios.push_back(denominators[i] > 0 ? values[i] / denominators[i] : 0);
  }
  return ratios;
}

ReportRow Row(int figure, std::string name, std::string unit, const std::vector<Sample>& samples) {
  ReportRow row = {.figure = figure, .name = std::move(name), .unit = std::move(unit)};
  row.value = SpreadOf(Values(samples));
  if (samples[0].p50_ms) row.p50_ms = SpreadOf(P50s(samples)).median;
  if (samples[0].p99_ms) row.p99_ms = SpreadOf(P99s(samples)).median;
  return row;
}

// A rate in relation to another; without a bar where `at_least` is absent.
ReportRow RateRow(int figure, std::string name, const std::vector<Sample>& samples,
                  std::string denominator, const std::vector<Sample>& denominators,
                  std::optional<double> at_least) {
  ReportRow row = Row(figure, std::move(name), "1/s", samples);
  row.denominator = std::move(denominator);
  row.ratio = SpreadOf(Ratios(Values(samples), Values(denominators)));
  if (at_least) {
    row.bar = absl::StrFormat(">= %.2f", *at_least);
    row.reached = row.ratio->median >= *at_least;
  }
  return row;
}

// A quantity, one for each round, in relation to another that it must not exceed by more.
ReportRow AtMostRow(ReportRow row, const std::vector<double>& values, std::string denominator,
                    const std::vector<double>& denominators, double at_most) {
  row.value = SpreadOf(values);
  row.denominator = std::move(denominator);
  row.ratio = SpreadOf(Ratios(values, denominators));
  row.bar = absl::StrFormat("<= %.2f", at_most);
  row.reached = row.ratio->median <= at_most;
  return row;
}

// What the machine could do if a purchase cost one empty call and one raw write, and no more.
std::vector<Sample> EchoAndRaw(const std::vector<Sample>& echo, const std::vector<Sample>& raw) {
  std::vector<Sample> both;
  for (size_t i = 0; i < std::min(echo.size(), raw.size()); ++i) {
    both.push_back({.value = 1 / (1 / echo[i].value + 1 / raw[i].value)});
  }
  return both;
}

std::vector<ReportRow> JudgePurchases(const Samples& samples) {
  const std::vector<Sample>& purchases = samples.at(Probe::kPurchases);
  const std::vector<Sample>& echo = samples.at(Probe::kEchoPurchases);
  const std::vector<Sample>& raw = samples.at(Probe::kRawLoop);
  const std::string name = "RecordPurchase x128";
  // Only the first is to be reached; the others are shown.
  return {RateRow(1, name, purchases, "echo + raw", EchoAndRaw(echo, raw), kOfEchoAndRaw),
          RateRow(1, name, purchases, "echo", echo, std::nullopt),
          RateRow(1, name, purchases, "raw loop", raw, std::nullopt),
          Row(1, "echo x128", "1/s", echo), Row(1, "raw loop", "1/s", raw)};
}

std::vector<ReportRow> JudgeBatches(const Samples& samples) {
  const std::vector<Sample>& raw = samples.at(Probe::kRawLoop);
  return {RateRow(2, "BatchRecordPurchases 100", samples.at(Probe::kBatches), "raw loop", raw,
                  kBatchesOfRawLoop)};
}

std::vector<ReportRow> JudgeSixtyFour(const Samples& samples, bool is_mysql) {
  const std::vector<Sample>& one_by_one = samples.at(Probe::kOneByOne);
  // The bar is MariaDB's: SQLite's commits are too cheap for so much.
  return {RateRow(3, "RecordPurchase x64", samples.at(Probe::kSixtyFour), "one by one", one_by_one,
                  is_mysql ? std::optional(kLaneOfOneByOne) : std::nullopt),
          Row(3, "one by one x64", "1/s", one_by_one)};
}

std::vector<ReportRow> JudgeAlone(const Samples& samples, bool is_mysql) {
  const std::vector<Sample>& alone = samples.at(Probe::kAlone);
  const std::vector<Sample>& fsync = samples.at(Probe::kFsync);
  const std::vector<Sample>& empty = samples.at(Probe::kEmptyRpc);
  std::vector<double> fsync_and_rpc;
  for (size_t i = 0; i < alone.size(); ++i) {
    fsync_and_rpc.push_back(fsync[i].p50_ms.value_or(0) + empty[i].p50_ms.value_or(0));
  }
  ReportRow fsync_row = Row(4, "fsync of 16 KiB, p50", "ms", fsync);
  fsync_row.value = SpreadOf(P50s(fsync));
  ReportRow empty_row = Row(4, "empty RPC x1, p50", "ms", empty);
  empty_row.value = SpreadOf(P50s(empty));
  return {AtMostRow(Row(4, "RecordPurchase x1, p50", "ms", alone), P50s(alone), "fsync+RPC",
                    fsync_and_rpc, is_mysql ? kAloneOfFsyncAndRpcMaxMysql : kAloneOfFsyncAndRpcMax),
          fsync_row, empty_row};
}

std::vector<ReportRow> JudgeOpenLoop(const Samples& samples) {
  const std::vector<Sample>& open_loop = samples.at(Probe::kOpenLoop);
  const std::vector<Sample>& alone = samples.at(Probe::kAlone);
  ReportRow alone_row = Row(5, "RecordPurchase x1, p50", "ms", alone);
  alone_row.value = SpreadOf(P50s(alone));
  return {AtMostRow(Row(5, "open loop at 70 %, p99", "ms", open_loop), P99s(open_loop), "x1, p50",
                    P50s(alone), kOpenLoopOfAloneMax),
          Row(5, "RecordPurchase, open loop at 70 %", "1/s", open_loop), alone_row};
}

std::vector<ReportRow> JudgeOneMember(const Samples& samples) {
  const std::vector<Sample>& one_member = samples.at(Probe::kOneMember);
  const std::vector<Sample>& uniform = samples.at(Probe::kPurchases);
  return {RateRow(6, "all to one member x128", one_member, "uniform", uniform, kOneMemberOfUniform),
          AtMostRow(Row(6, "all to one member, p99", "ms", one_member), P99s(one_member), "uniform",
                    P99s(uniform), kOneMemberP99OfUniformMax)};
}

std::vector<ReportRow> JudgeReplays(const Samples& samples) {
  return {RateRow(7, "replays x128", samples.at(Probe::kReplays), "first writes",
                  samples.at(Probe::kPurchases), kReplaysOfFirst)};
}

std::vector<ReportRow> JudgeBalances(const Samples& samples) {
  const std::vector<Sample>& echo = samples.at(Probe::kEchoBalances);
  return {
      RateRow(8, "GetBalance x128", samples.at(Probe::kBalances), "echo", echo, kBalancesOfEcho),
      Row(8, "echo of GetBalance x128", "1/s", echo)};
}

std::vector<ReportRow> JudgeSeeded(const Samples& samples) {
  const std::vector<Sample>& empty = samples.at(Probe::kPurchases);
  std::vector<ReportRow> rows = {
      RateRow(9, "RecordPurchase x128, full store", samples.at(Probe::kSeeded), "empty", empty,
              kSeededOfEmpty),
      Row(9, "RecordPurchase x128, empty store", "1/s", empty),
      Row(9, "filling, ledger entries", "1/s", samples.at(Probe::kSeedRate)),
      Row(9, "size of the full store", "GiB", samples.at(Probe::kSeedGib))};
  const auto pool = samples.find(Probe::kBufferPool);
  if (pool != samples.end()) rows.push_back(Row(9, "buffer pool", "MiB", pool->second));
  return rows;
}

// 12,345.
std::string Count(const std::vector<Sample>& samples) {
  std::string digits = absl::StrFormat("%.0f", samples[0].value);
  for (size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

std::vector<ReportRow> JudgeReviews(const Samples& samples) {
  const std::vector<Sample>& raw = samples.at(Probe::kRawReviews);
  const std::string members = Count(samples.at(Probe::kReviewedMembers));
  return {RateRow(12, "midnight of " + members, samples.at(Probe::kReviews), "raw loop", raw,
                  kReviewsOfRawLoop),
          Row(12, "raw loop of reviews", "1/s", raw)};
}

std::vector<ReportRow> JudgeYear(const Samples& samples) {
  const std::vector<Sample>& members = samples.at(Probe::kYearMembers);
  const double at_most = kYearSecondsMax * members[0].value / kYearMembers;
  ReportRow row = Row(kTestClock, "a year over " + Count(members), "s", samples.at(Probe::kYear));
  row.bar = absl::StrFormat("<= %.4g", at_most);
  row.reached = row.value.median <= at_most;
  return {row, Row(kTestClock, "members advanced in it", "1/s", samples.at(Probe::kYearMoves))};
}

// Only what they buy later is to be as fast as ever: with the first purchase somebody else is told.
std::vector<ReportRow> JudgeTree(const Samples& samples) {
  const std::vector<Sample>& later = samples.at(Probe::kPlainLater);
  const std::vector<Sample>& first = samples.at(Probe::kPlainFirst);
  const std::string tree = "purchases, tree of " + Count(samples.at(Probe::kTreeMembers));
  return {RateRow(kReferralTree, tree, samples.at(Probe::kTreeLater), "plain", later, kTreeOfPlain),
          Row(kReferralTree, "purchases, plain", "1/s", later),
          RateRow(kReferralTree, "first purchases, tree", samples.at(Probe::kTreeFirst), "plain",
                  first, std::nullopt),
          Row(kReferralTree, "first purchases, plain", "1/s", first)};
}

// A quantity that must not be greater than so much; without a bar where `at_most`
// is absent.
std::vector<ReportRow> JudgeQuantity(int figure, std::string name, std::string unit,
                                     const std::vector<Sample>& samples,
                                     std::optional<double> at_most) {
  ReportRow row = Row(figure, std::move(name), std::move(unit), samples);
  if (!at_most) return {row};
  row.bar = absl::StrFormat("<= %.0f", *at_most);
  row.reached = row.value.median <= *at_most;
  return {row};
}

// Other writes in relation to purchases, without a bar.
std::vector<ReportRow> JudgeOfPurchases(int figure, std::string name,
                                        const std::vector<Sample>& writes, const Samples& samples) {
  const std::vector<Sample>& purchases = samples.at(Probe::kPurchases);
  return {RateRow(figure, std::move(name), writes, "RecordPurchase", purchases, std::nullopt),
          Row(figure, "RecordPurchase x128", "1/s", purchases)};
}

// A load with the rich program in relation to the same with the sample program; without a bar
// where `at_least` is absent.
std::vector<ReportRow> JudgeRich(int figure, const std::string& name, Probe rich, Probe plain,
                                 const Samples& samples, std::optional<double> at_least) {
  return {RateRow(figure, name + ", rich", samples.at(rich), "plain", samples.at(plain), at_least),
          Row(figure, name + ", plain", "1/s", samples.at(plain))};
}

std::vector<ReportRow> JudgeOne(int figure, const Samples& samples, bool is_mysql) {
  switch (figure) {
    case 1:
      return JudgePurchases(samples);
    case 2:
      return JudgeBatches(samples);
    case 3:
      return JudgeSixtyFour(samples, is_mysql);
    case 4:
      return JudgeAlone(samples, is_mysql);
    case 5:
      return JudgeOpenLoop(samples);
    case 6:
      return JudgeOneMember(samples);
    case 7:
      return JudgeReplays(samples);
    case 8:
      return JudgeBalances(samples);
    case 9:
      return JudgeSeeded(samples);
    case 10:
      return JudgeQuantity(10, "Decide, 20 rules, 10 multipliers, 3 tiers", "us",
                           samples.at(Probe::kDecide), kDecideMicrosecondsMax);
    case 11:
      return JudgeQuantity(11, "peak memory under full load", "MiB", samples.at(Probe::kMemory),
                           is_mysql ? std::nullopt : std::optional(kMemoryMibMax));
    case 12:
      return JudgeReviews(samples);
    case kTestClock:
      return JudgeYear(samples);
    case kReferralTree:
      return JudgeTree(samples);
    case kGuarded:
      return {RateRow(figure, "RecordPurchase x128, with a token", samples.at(Probe::kGuarded),
                      "without", samples.at(Probe::kPurchases), kGuardedOfPlain)};
    case kMetered:
      return {RateRow(figure, "RecordPurchase x128, with metrics", samples.at(Probe::kMetered),
                      "without", samples.at(Probe::kPurchases), kMeteredOfPlain)};
    case 13:
      return JudgeQuantity(13, "RFM of a million members", "ms", samples.at(Probe::kScoring),
                           kScoringMillisecondsMax);
    case 15:
      return JudgeOfPurchases(15, "Reserve + Capture x128", samples.at(Probe::kSpending), samples);
    case 16:
      return JudgeOfPurchases(16, "RecordReturn x128", samples.at(Probe::kReturns), samples);
    case kRichPurchases:
      return JudgeRich(figure, "RecordPurchase x128", Probe::kRichPurchases, Probe::kPurchases,
                       samples, kRichOfPlain);
    case kRichBatches:
      return JudgeRich(figure, "BatchRecordPurchases", Probe::kRichBatches, Probe::kBatches,
                       samples, std::nullopt);
    default:
      return {};
  }
}

}  // namespace

const std::set<int>& KnownFigures() {
  static const auto* figures = [] {
    auto* known = new std::set<int>;
    for (const auto& [figure, what] : Figures()) known->insert(figure);
    return known;
  }();
  return *figures;
}

const std::set<int>& DefaultFigures() {
  static const auto* figures = [] {
    auto* usual = new std::set<int>(KnownFigures());
    usual->erase(9);
    usual->erase(kReferralTree);
    return usual;
  }();
  return *figures;
}

std::string FigureName(int figure) { return Figures().at(figure).name; }

std::vector<std::string> FigureNames(const std::set<int>& figures) {
  std::vector<std::string> names;
  for (const int figure : figures) names.push_back(FigureName(figure));
  return names;
}

std::set<int> FiguresNamed(const std::vector<std::string>& names) {
  std::set<int> figures;
  for (const auto& [figure, what] : Figures()) {
    if (absl::c_linear_search(names, what.name)) figures.insert(figure);
  }
  return figures;
}

std::set<Probe> ProbesOf(const std::set<int>& figures) {
  std::set<Probe> wanted;
  for (const int figure : figures) {
    const std::set<Probe>& probes = Figures().at(figure).probes;
    wanted.insert(probes.begin(), probes.end());
  }
  return wanted;
}

std::vector<ReportRow> Judge(const std::set<int>& figures, const Samples& samples,
                             absl::string_view engine) {
  const bool is_mysql = engine == "mysql";
  std::vector<ReportRow> rows;
  for (const int figure : figures) {
    for (ReportRow& row : JudgeOne(figure, samples, is_mysql)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace dangol::bench
