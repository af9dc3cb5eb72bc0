// Random lives of a member, told to a running server through the SDK and to the naive
// model, which must agree on every answer and on every balance: of now, of moments to
// come, and of moments that are past. At the end of each life the server's audit finds
// nothing.
//
// DANGOL_SERVER_MODEL_OPERATIONS=N gives about N commands instead of the default; see
// checking.h for RC_PARAMS. A failure is shrunk, and told in words.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/model/checking.h"
#include "tests/model/server_subject.h"
#include "tests/model/story.h"

namespace dangol::model {
namespace {

constexpr int64_t kDefaultOperations = 1'000;

std::string Iso(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
}

class ServerLife {
 public:
  explicit ServerLife(const Plan& plan) : program_(ProgramOf(plan)), model_(program_) {
    told_.push_back(Show(program_));
    auto started = ServerSubject::Start(program_, now_);
    if (started.ok()) {
      server_ = *std::move(started);
    } else {
      told_.push_back(absl::StrCat("=> ", started.status().ToString()));
    }
  }

  // Whether all agree on what follows.
  bool Take(const Step& step) {
    if (server_ == nullptr) return false;
    // A lane's clock never runs backwards.
    now_ = std::max(now_, TimeOf(step, now_, model_));
    domain::Action action = ActionOf(step, now_, program_, model_);
    // No call of anybody's: what others give is no part of this life.
    if (std::holds_alternative<domain::ReceivePoints>(action)) action = domain::AdvanceMember();
    told_.push_back(absl::StrCat(Iso(now_), " ", Show(action)));
    const Answer wanted = model_.Do(action, now_);
    const Answer answer = server_->Do(action, now_);
    if (answer != wanted) return Disagree("now", Show(wanted), Show(answer));
    const absl::Time later = now_ + absl::Hours(24 * step.peek_days);
    const Wallets wanted_later = model_.At(later);
    const Wallets told_later = server_->At(later);
    if (told_later != wanted_later) {
      return Disagree("by " + Iso(later), Show(wanted_later), Show(told_later));
    }
    Wallets past = wanted.wallets;
    for (auto& [name, wallet] : past) {
      wallet = {wallet.pending, wallet.available, wallet.held};
    }
    history_[now_] = std::move(past);
    return LookBack(step);
  }

  bool End() {
    if (server_ == nullptr) return false;
    const std::string complaints = server_->Complaints();
    if (complaints.empty()) return true;
    told_.push_back(absl::StrCat("=> the audit: ", complaints));
    return false;
  }

  std::string Told() const { return absl::StrJoin(told_, "\n  "); }

 private:
  // A moment that is past stays as it was told then.
  bool LookBack(const Step& step) {
    auto moment = history_.begin();
    std::advance(moment, static_cast<size_t>(step.choice) % history_.size());
    if (moment->first == now_) return true;
    Wallets told = server_->At(moment->first);
    for (const auto& [name, wallet] : moment->second) told.try_emplace(name);
    if (told == moment->second) return true;
    return Disagree("of " + Iso(moment->first), Show(moment->second), Show(told));
  }

  bool Disagree(const std::string& when, const std::string& wanted, const std::string& answer) {
    told_.push_back(absl::StrCat("=> the model ", when, ": ", wanted));
    told_.push_back(absl::StrCat("=> the server ", when, ": ", answer));
    return false;
  }

  const domain::Program program_;
  Model model_;
  // Long ago: the deadlines of calls are real ones, and must not have passed yet.
  absl::Time now_ = absl::FromCivil(absl::CivilDay(1998, 1, 20), absl::UTCTimeZone());
  std::unique_ptr<ServerSubject> server_;
  std::map<absl::Time, Wallets> history_;  // As it was told at the end of that moment.
  std::vector<std::string> told_;
};

TEST(ServerModelTest, ServerAndModelAgree) {
  const auto tell = [](const Story& story, int64_t& operations) -> std::optional<std::string> {
    ServerLife life(story.plan);
    for (const Step& step : story.steps) {
      ++operations;
      if (!life.Take(step)) return life.Told();
    }
    return life.End() ? std::nullopt : std::optional<std::string>(life.Told());
  };
  const Checked checked =
      CheckStories(NumberOfEnvironment("DANGOL_SERVER_MODEL_OPERATIONS", kDefaultOperations), tell);
  EXPECT_EQ(checked.failure, "");
}

}  // namespace
}  // namespace dangol::model
