#ifndef DANGOL_TESTS_MODEL_STORY_H_
#define DANGOL_TESTS_MODEL_STORY_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "rapidcheck.h"
#include "server/domain/command.h"
#include "server/domain/program/program.h"
#include "tests/model/model.h"

// What RapidCheck makes up, and shrinks: plain numbers, which become a program and
// commands only when it is known what there is to command.
namespace dangol::model {

struct WalletPlan {
  int pending_days = 0;
  bool until_confirmed = false;
  int expiry_days = 0;  // 0: never.
  bool by_inactivity = false;
  int or_idle_days = 0;  // Beside a date; 0: not by inactivity.
  int grace_days = 0;
  int rate_points = 1;
  int rate_per_minor = 1;
};

struct Plan {
  int zone = 0;
  std::vector<WalletPlan> wallets;  // One or two.
  int multiplier = 0;               // 0: none.
  int cap_per = 0;                  // 0: none.
  int cap_points = 1;
  int budget = 0;  // Of the multiplier, or else of the rule of the first wallet.
  int policy = 0;
  int window_days = 1;
};

enum class What {
  kNothing,
  kBuy,
  kReturnLines,
  kReturnAmount,
  kReturnWithoutReceipt,
  kReserve,
  kRedeem,
  kCapture,
  kVoid,
  kConfirm,
  kAdjust,
  kGive,
  kReceive,
  kSuspend,
  kReinstate,
  kClose,
  kIssueCoupon,
  kUseCoupon,
  kCancelCoupon,
  kMerge,    // The member into a newcomer: everything they have is another's then.
  kUnmerge,  // That, where nothing was done since.
  kAbsorb,   // A newcomer into the member.
};

// How long nothing happens before a step.
enum class Wait { kNone, kSeconds, kHours, kDays, kMonths, kUntilNextMoment, kBackwards };

struct Step {
  What what = What::kNothing;
  Wait wait = Wait::kNone;
  int wait_count = 0;
  int late = 0;    // How long ago it occurred.
  int pick = 0;    // Which purchase or reservation, the newest being 0.
  int size = 0;    // How much.
  int choice = 0;  // Whatever else there is to choose.
  int wallet = 0;
  int peek_days = 0;             // How far ahead balances are looked at afterwards.
  bool advance_between = false;  // Whether the scheduler comes by while nothing happens.
  std::vector<int> lines;        // Of a purchase or return, three numbers in each.
};

struct Story {
  Plan plan;
  std::vector<Step> steps;
};

rc::Gen<Story> AnyStory();

// For RapidCheck; the life that a story makes is told in words by the test.
void showValue(const Story& story, std::ostream& stream);

domain::Program ProgramOf(const Plan& plan);

// When a step happens, after one that happened at `before`.
absl::Time TimeOf(const Step& step, absl::Time before, const Model& model);

// What it commands at that time.
domain::Action ActionOf(const Step& step, absl::Time now, const domain::Program& program,
                        const Model& model);

// In words.
std::string Show(const domain::Program& program);
std::string Show(const domain::Action& action);

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_STORY_H_
