#ifndef DANGOL_TESTS_E2E_RANDOM_CALLER_H_
#define DANGOL_TESTS_E2E_RANDOM_CALLER_H_

#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dangol/client.h"

namespace dangol::e2e {

// What the calls below need: a point for ten pence, the reason "goodwill", the reward
// "mug".
std::string ProgramOfRandomCallers();

// One client who does everything that can be done with members and points, at random;
// most of it is refused for one reason or another. Several of them get into each other's
// way: they capture, return and merge what others have begun. Used by one thread.
class RandomCaller {
 public:
  // Acts upon the members card:0, card:1 and so on, who have these ids. Callers have
  // numbers from 0 to callers - 1.
  RandomCaller(Client client, int number, int callers, std::vector<std::string> members);

  // Makes so many calls, and expects that each is obeyed or refused for good reason.
  void Run(int calls);

  // How many points were taken for goods and coupons, less what was given back for them, by
  // what this caller was told.
  int64_t spent() const { return spent_; }

 private:
  absl::Status Call(const std::string& id, int call);
  // Some purchases name what somebody has set aside.
  absl::Status Buy(const std::string& id, const std::string& reservation_id);
  absl::Status Return(const std::string& id, const std::string& purchase_id);
  absl::Status Reserve(const std::string& id);
  absl::Status Redeem(const std::string& id);
  absl::Status Confirm(const std::string& id, const std::string& purchase_id);
  absl::Status Capture(const std::string& id, const std::string& reservation_id);
  absl::Status Void(const std::string& id, const std::string& reservation_id);
  // Undoes one of those that it has recorded, each once.
  absl::Status Bring(const std::string& id);
  absl::Status Refer(const std::string& id);
  absl::Status Describe(const std::string& id);
  absl::Status UndoReturn(const std::string& id);
  // Undoes an earlier one, where there is one.
  absl::Status Adjust(const std::string& id);
  absl::Status Transfer(const std::string& id);
  absl::Status Issue(const std::string& id);
  // Uses or cancels one of those that it has taken, which may have ended already.
  absl::Status EndCoupon(const std::string& id);
  absl::Status SuspendOrReinstate(const std::string& id);
  absl::Status Unite(const std::string& id);
  absl::Status Part(const std::string& id);

  int UpTo(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  const std::string& Id() { return members_[static_cast<size_t>(UpTo(count()))]; }
  // By card or by id.
  v1::MemberRef Member();
  int count() const { return static_cast<int>(members_.size()); }

  Client client_;
  const int number_;
  const int callers_;
  const std::vector<std::string> members_;
  std::mt19937 random_;
  std::vector<std::string> codes_;
  std::vector<std::string> returns_;
  std::vector<std::string> adjustments_;
  int64_t spent_ = 0;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_RANDOM_CALLER_H_
