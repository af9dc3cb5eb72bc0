// The figure of members who brought each other, beside as many whom nobody brought.
#include <cmath>
#include <iostream>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "tests/bench/referral_tree.h"
#include "tests/bench/store_bench.h"
#include "tests/bench/store_check.h"

namespace dangol::bench {
namespace {

// Of each side. First purchases are there only once, so they are measured in parts.
constexpr uint64_t kFirstTurns = 5;
constexpr uint64_t kLaterTurns = 4;

// Each side always comes after the other: after itself it would find more of its pages in memory.
constexpr bool IsOfTree(uint64_t turn) { return turn % 2 == 0; }

}  // namespace

absl::Status StoreBench::MeasureTree() {
  const bool is_first = !tree_.url.has_value();
  if (is_first) {
    ASSIGN_OR_RETURN(tree_.url, engine_->NewStore());
  }
  Subject& subject = tree_.subject;
  ASSIGN_OR_RETURN(subject.server,
                   DangolServer::Start(settings_.dangold, *tree_.url, settings_.directory));
  if (is_first) {
    RETURN_IF_ERROR(GrowTree());
    RETURN_IF_ERROR(MeasureFirstPurchases());
  }
  RETURN_IF_ERROR(MeasureLaterPurchases());
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(*tree_.url));
    RETURN_IF_ERROR(CheckReferrals(*database, settings_.tree_members - 1));
  }
  RETURN_IF_ERROR(StopSubject(subject));
  // Nor shall others pay for what this leaves behind.
  return engine_->Settle(*tree_.url);
}

// The first half of all members is the tree.
absl::Status StoreBench::GrowTree() {
  const uint64_t size = settings_.tree_members;
  DangolServer& server = *tree_.subject.server;
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(std::vector<std::string> members, EnrollTree(server, size));
  ASSIGN_OR_RETURN(std::vector<std::string> plain, EnrollBesideTree(server, size));
  std::move(plain.begin(), plain.end(), std::back_inserter(members));
  tree_.subject.requests = std::make_unique<Requests>(std::move(members), absl::Now());
  Add(Probe::kTreeMembers, {.value = static_cast<double>(size)});
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  std::cerr << "enrolled a tree of " << size << " members on " << engine_->name()
            << ", and as many beside it, in "
            << absl::FormatDuration(absl::Seconds(std::round(seconds))) << "\n";
  return absl::OkStatus();
}

absl::Status StoreBench::MeasureFirstPurchases() {
  Subject& subject = tree_.subject;
  const uint64_t size = settings_.tree_members;
  const std::vector<size_t> places = ShuffledPlaces(size);
  LoadOptions options = settings_.Load(subject.server->port(), kRecordPurchasePath, kManyInFlight);
  options.duration = absl::InfiniteDuration();
  for (uint64_t turn = 0; turn < 2 * kFirstTurns; ++turn) {
    const uint64_t begin = turn / 2 * size / kFirstTurns;
    options.calls_max = (turn / 2 + 1) * size / kFirstTurns - begin;
    const uint64_t known = subject.purchases;
    const uint64_t side = IsOfTree(turn) ? 0 : size;
    ASSIGN_OR_RETURN(const LoadResult result,
                     RecordPurchases(subject, options, [&](uint64_t number) {
                       return side + places[begin + number - known];
                     }));
    Add(IsOfTree(turn) ? Probe::kTreeFirst : Probe::kPlainFirst, SampleOf(result));
  }
  return absl::OkStatus();
}

absl::Status StoreBench::MeasureLaterPurchases() {
  Subject& subject = tree_.subject;
  const LoadOptions options =
      settings_.Load(subject.server->port(), kRecordPurchasePath, kManyInFlight);
  const uint64_t size = settings_.tree_members;
  const auto buy = [&](bool in_tree) {
    return RecordPurchases(subject, options, [&, in_tree](uint64_t number) {
      return (in_tree ? 0 : size) + subject.requests->MemberOf(number) % size;
    });
  };
  // Until the server knows many of both sides.
  for (const bool in_tree : {true, false}) RETURN_IF_ERROR(buy(in_tree).status());
  RETURN_IF_ERROR(engine_->Settle(*tree_.url));
  for (uint64_t turn = 0; turn < 2 * kLaterTurns; ++turn) {
    const bool in_tree = IsOfTree(turn);
    ASSIGN_OR_RETURN(const LoadResult result, buy(in_tree));
    Add(in_tree ? Probe::kTreeLater : Probe::kPlainLater, SampleOf(result));
  }
  return absl::OkStatus();
}

}  // namespace dangol::bench
