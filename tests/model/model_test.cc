// Random lives of a member, told to the domain and to a naive model of it, which must
// agree on every answer and every balance.
//
// The domain lives twice: once with the scheduler of due members coming by at odd times,
// once without it. Neither may make a difference.
//
// DANGOL_MODEL_OPERATIONS=N runs about N commands instead of the default (a million, or
// 60,000 in a debug build). RC_PARAMS is RapidCheck's own ("seed=5 max_success=1000
// max_size=30": the seed, how many lives, how many commands in the longest) and wins.
// The seed is the same every time unless it is given, and is printed. A failure is
// shrunk, and told in words.

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/model/checking.h"
#include "tests/model/story.h"
#include "tests/model/subject.h"

namespace dangol::model {
namespace {

// A minute or two; sanitizers and debug builds take ten times as long for each.
#ifdef NDEBUG
constexpr int64_t kDefaultOperations = 1'000'000;
#else
constexpr int64_t kDefaultOperations = 60'000;
#endif

// How often what was answered, so that a generator that has gone lame is noticed.
using Seen = std::map<std::string, int64_t>;

void Note(const Answer& answer, Seen& seen) {
  ++seen[answer.refusal.empty() ? "OK" : answer.refusal];
  for (const auto& [name, wallet] : answer.wallets) {
    if (wallet.earned > 0) ++seen["earned"];
    if (wallet.reversed > 0) ++seen["reversed"];
    if (wallet.owed > 0) ++seen["owed"];
    if (wallet.written_off > 0) ++seen["written off"];
    if (wallet.expired > 0) ++seen["reversed after expiry"];
    if (wallet.restored > 0) ++seen["restored"];
    if (wallet.pending > 0) ++seen["pending"];
    if (wallet.available < 0) ++seen["in debt"];
    if (wallet.available < 0 && wallet.held > 0) ++seen["in debt with points held"];
  }
  if (answer.unmatched_minor > 0) ++seen["unmatched"];
  if (!answer.given.empty()) ++seen["given away"];
  if (answer.was_limited) ++seen["limited"];
  if (answer.coupon.has_value()) ++seen["coupon"];
}

constexpr const char* kMustBeSeen[] = {"OK",
                                       "coupon",
                                       "COUPON_NOT_FOUND",
                                       "COUPON_ENDED",
                                       "REWARD_OUT_OF_STOCK",
                                       "REWARD_LIMIT_REACHED",
                                       "REWARD_NOT_FOUND",
                                       "earned",
                                       "reversed",
                                       "owed",
                                       "written off",
                                       "reversed after expiry",
                                       "restored",
                                       "pending",
                                       "in debt",
                                       "in debt with points held",
                                       "unmatched",
                                       "given away",
                                       "limited",
                                       "merged",
                                       "unmerged",
                                       "ADJUSTMENT_TOO_LARGE",
                                       "CURRENCY_NOT_DECLARED",
                                       "INSUFFICIENT_POINTS",
                                       "INVALID_FIELDS",
                                       "MEMBER_CLOSED",
                                       "MEMBER_SUSPENDED",
                                       "PURCHASE_NOT_FOUND",
                                       "REASON_NOT_DECLARED",
                                       "RECEIVER_CLOSED",
                                       "RECEIVER_SUSPENDED",
                                       "RESERVATION_ENDED",
                                       "RESERVATION_NOT_FOUND",
                                       "RESERVATION_TOO_SMALL",
                                       "RETURN_TOO_LARGE",
                                       "TIME_IN_FUTURE",
                                       "TIME_TOO_EARLY",
                                       "WALLET_NOT_DECLARED"};

// A life, and what has gone wrong in it.
class Life {
 public:
  Life(const Plan& plan, Seen& seen)
      : program_(ProgramOf(plan)),
        model_(program_),
        watched_(program_),
        left_alone_(program_),
        seen_(seen) {
    told_.push_back(Show(program_));
  }

  // Whether all agree on what follows.
  bool Take(const Step& step) {
    const absl::Time before = time_;
    now_ = TimeOf(step, now_, model_);
    // After an advance, and after a refused command, it depends on what was due whether
    // the member's time is kept; so the clock goes back only after others.
    if (forgotten_) now_ = std::max(now_, before);
    time_ = std::max(time_, now_);
    const domain::Action action = ActionOf(step, now_, program_, model_);
    told_.push_back(absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S ", now_, absl::UTCTimeZone()),
                                 step.advance_between ? "(after an advance) " : "", Show(action)));
    if (step.advance_between) {
      watched_.AdvanceTo(before + (time_ - before) / 2);
      watched_.AdvanceTo(time_);
    }
    const Answer wanted = model_.Do(action, now_);
    Note(wanted, seen_);
    if (wanted.refusal.empty() && step.what == What::kMerge) ++seen_["merged"];
    if (std::holds_alternative<domain::UnmergeMember>(action)) ++seen_["unmerged"];
    forgotten_ = !wanted.refusal.empty() || std::holds_alternative<domain::AdvanceMember>(action);
    const absl::Time later = time_ + absl::Hours(24 * step.peek_days);
    const Wallets wanted_later = model_.At(later);
    return Compare("domain", watched_, action, wanted, later, wanted_later) &&
           Compare("domain without advances", left_alone_, action, wanted, later, wanted_later);
  }

  std::string Told() const { return absl::StrJoin(told_, "\n  "); }

 private:
  bool Compare(const char* who, Subject& subject, const domain::Action& action,
               const Answer& wanted, absl::Time later, const Wallets& wanted_later) {
    const Answer answer = subject.Do(action, now_);
    if (answer != wanted) {
      Disagree("the model", Show(wanted), who, Show(answer));
    } else if (const Wallets wallets = subject.At(later); wallets != wanted_later) {
      const std::string at = absl::FormatTime(" by %Y-%m-%d %H:%M:%S", later, absl::UTCTimeZone());
      Disagree(absl::StrCat("the model", at), Show(wanted_later), absl::StrCat(who, at),
               Show(wallets));
    } else if (!subject.complaints().empty()) {
      told_.push_back(absl::StrCat("=> ", who, ": ", subject.complaints()));
    } else {
      return true;
    }
    return false;
  }

  void Disagree(const std::string& one, const std::string& says, const std::string& other,
                const std::string& says_other) {
    told_.push_back(absl::StrCat("=> ", one, ": ", says));
    told_.push_back(absl::StrCat("=> ", other, ": ", says_other));
  }

  const domain::Program program_;
  Model model_;
  Subject watched_;
  Subject left_alone_;
  Seen& seen_;
  // Around the days on which clocks change.
  absl::Time now_ = absl::FromCivil(absl::CivilDay(2018, 1, 20), absl::UTCTimeZone());
  absl::Time time_ = now_;  // The latest that any clock has said.
  bool forgotten_ = true;   // Whether the time of the last command may not be kept.
  std::vector<std::string> told_;
};

TEST(ModelTest, DomainAndModelAgree) {
  Seen seen;
  const auto tell = [&seen](const Story& story, int64_t& operations) -> std::optional<std::string> {
    Life life(story.plan, seen);
    for (const Step& step : story.steps) {
      ++operations;
      if (!life.Take(step)) return life.Told();
    }
    return std::nullopt;
  };
  const Checked checked =
      CheckStories(NumberOfEnvironment("DANGOL_MODEL_OPERATIONS", kDefaultOperations), tell);
  ASSERT_EQ(checked.failure, "");
  for (const auto& [what, times] : seen) std::cout << what << " " << times << "; ";
  std::cout << "\n";
  if (checked.operations < kDefaultOperations / 2) return;
  for (const char* what : kMustBeSeen) EXPECT_GT(seen[what], 0) << what;
}

}  // namespace
}  // namespace dangol::model
