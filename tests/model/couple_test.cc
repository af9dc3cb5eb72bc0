// Two members who live, are merged or share a household, live on, and part again, in any
// order; told to the domain and to a naive model of both, which must agree on every answer
// and on what either has.
//
// DANGOL_COUPLE_OPERATIONS=N runs about N commands instead of the default; for the rest see
// model_test.cc.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
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

#ifdef NDEBUG
constexpr int64_t kDefaultOperations = 300'000;
#else
constexpr int64_t kDefaultOperations = 20'000;
#endif

using Seen = std::map<std::string, int64_t>;

class Couple {
 public:
  Couple(const Plan& plan, Seen& seen)
      : program_(ProgramOf(plan)),
        models_{Model(program_, "a"), Model(program_, "b")},
        subject_(program_),
        seen_(seen) {
    told_.push_back(Show(program_));
  }

  bool Take(const Step& step) {
    const size_t who = static_cast<size_t>(step.choice / 2 % 2);
    now_ = std::max(now_, TimeOf(step, now_, ModelOf(who)));
    if (step.advance_between) subject_.AdvanceTo(now_, who);
    const bool turns =
        step.what == What::kMerge || step.what == What::kUnmerge || step.what == What::kAbsorb;
    const bool agree = turns ? Turn(step, who) : Live(step, who);
    return agree && Stand(0, step) && Stand(1, step);
  }

  std::string Told() const { return absl::StrJoin(told_, "\n  "); }

 private:
  bool IsOne() const { return joined_.has_value(); }
  // Who has what this one has.
  size_t OwnerOf(size_t who) const { return joined_ == who ? 1 - who : who; }
  Model& ModelOf(size_t who) { return models_[OwnerOf(who)]; }

  bool Live(const Step& step, size_t named) {
    // Who belongs to a household leaves it before anything else becomes of them.
    const bool is_status =
        step.what == What::kSuspend || step.what == What::kReinstate || step.what == What::kClose;
    const size_t who = is_status ? OwnerOf(named) : named;
    Model& model = ModelOf(who);
    const domain::Action action = ActionOf(step, now_, program_, model);
    Tell(who, Show(action));
    const bool for_them = joined_ == who && household_;
    const Answer wanted = for_them ? model.DoForThem(action, now_)
                                   : model.Do(action, now_, IsOne() ? nullptr : &models_[1 - who]);
    Note(wanted.refusal.empty() ? "OK" : wanted.refusal);
    return Agree(wanted, subject_.Do(action, now_, who));
  }

  // Joins the two in one way or the other, or parts them.
  bool Turn(const Step& step, size_t who) {
    if (!IsOne()) {
      const bool household = step.what == What::kAbsorb || step.pick < 5;
      Tell(who, household ? "joins the household of the other" : "is merged into the other");
      Answer wanted;
      wanted.refusal = models_[1 - who].Join(models_[who], now_);
      if (wanted.refusal.empty()) {
        joined_ = who;
        household_ = household;
        Note(household ? "joined" : "merged");
      }
      wanted.wallets = ModelOf(who).At(now_);
      return Agree(wanted, subject_.Join(who, household, now_));
    }
    const size_t joined = *joined_;
    Tell(joined, household_ ? "leaves the household" : "is unmerged");
    Answer wanted;
    wanted.refusal = models_[1 - joined].Part(models_[joined], now_);
    if (wanted.refusal.empty()) {
      joined_.reset();
      Note("parted");
    } else if (household_) {
      wanted.refusal = "HOUSEHOLD_SUSPENDED";
    }
    wanted.wallets = ModelOf(joined).At(now_);
    return Agree(wanted, subject_.Part(joined, household_, now_));
  }

  // How either stands, now and later.
  bool Stand(size_t who, const Step& step) {
    for (const absl::Time time : {now_, now_ + absl::Hours(24 * step.peek_days)}) {
      const Wallets wanted = ModelOf(who).At(time);
      const Wallets wallets = subject_.At(time, who);
      if (wallets == wanted) continue;
      const std::string at = absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
      told_.push_back(
          absl::StrCat("=> the model of ", kNames[who], " at ", at, ": ", Show(wanted)));
      told_.push_back(absl::StrCat("=> the domain: ", Show(wallets)));
      return false;
    }
    return true;
  }

  bool Agree(const Answer& wanted, const Answer& answer) {
    if (answer != wanted) {
      told_.push_back(absl::StrCat("=> the model: ", Show(wanted)));
      told_.push_back(absl::StrCat("=> the domain: ", Show(answer)));
      return false;
    }
    if (subject_.complaints().empty()) return true;
    told_.push_back(absl::StrCat("=> ", subject_.complaints()));
    return false;
  }

  void Note(const std::string& what) {
    ++seen_[what];
    if (IsOne()) ++seen_[absl::StrCat("together ", what)];
  }

  void Tell(size_t who, const std::string& what) {
    told_.push_back(absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S ", now_, absl::UTCTimeZone()),
                                 kNames[who], ": ", what));
  }

  static constexpr const char* kNames[] = {"a", "b"};

  const domain::Program program_;
  Model models_[2];
  Subject subject_;
  Seen& seen_;
  std::optional<size_t> joined_;  // Who has joined the other.
  bool household_ = false;        // And not been merged.
  absl::Time now_ = absl::FromCivil(absl::CivilDay(2018, 1, 20), absl::UTCTimeZone());
  std::vector<std::string> told_;
};

TEST(CoupleTest, DomainAndModelAgree) {
  Seen seen;
  const auto tell = [&seen](const Story& story, int64_t& operations) -> std::optional<std::string> {
    Couple couple(story.plan, seen);
    for (const Step& step : story.steps) {
      ++operations;
      if (!couple.Take(step)) return couple.Told();
    }
    return std::nullopt;
  };
  const Checked checked =
      CheckStories(NumberOfEnvironment("DANGOL_COUPLE_OPERATIONS", kDefaultOperations), tell);
  ASSERT_EQ(checked.failure, "");
  for (const auto& [what, times] : seen) std::cout << what << " " << times << "; ";
  std::cout << "\n";
  if (checked.operations < kDefaultOperations / 2) return;
  for (const char* what : {"merged", "joined", "parted", "together OK", "together MEMBER_CLOSED",
                           "together INSUFFICIENT_POINTS", "together COUPON_ENDED"}) {
    EXPECT_GT(seen[what], 0) << what;
  }
}

}  // namespace
}  // namespace dangol::model
