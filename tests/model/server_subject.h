#ifndef DANGOL_TESTS_MODEL_SERVER_SUBJECT_H_
#define DANGOL_TESTS_MODEL_SERVER_SUBJECT_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dangol/client.h"
#include "server/domain/command.h"
#include "server/domain/program/program.h"
#include "tests/model/answer.h"
#include "tests/support/server_process.h"
#include "tests/support/shared_clock.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_store.h"

namespace dangol::model {

// A server of its own on an empty store, called through the SDK as any caller does. It
// runs by a clock that is set here.
class ServerSubject {
 public:
  static absl::StatusOr<std::unique_ptr<ServerSubject>> Start(const domain::Program& program,
                                                              absl::Time now);

  // What the call that an action stands for is answered. Time alone needs no call.
  Answer Do(const domain::Action& action, absl::Time now);

  // What GetBalance tells of a moment, past or to come.
  Wallets At(absl::Time time);

  // What the server's own audit finds, and what else is wrong with what it told; empty
  // where all is in order.
  std::string Complaints();

 private:
  class Caller;

  ServerSubject() = default;
  absl::StatusOr<v1::GetBalanceResponse> GetBalance(std::optional<absl::Time> time);

  testing::TemporaryDirectory directory_;
  testing::TestStore store_;
  std::unique_ptr<testing::SharedClock> clock_;
  std::optional<testing::ServerProcess> server_;
  std::optional<Client> client_;
  v1::MemberRef member_;  // By the card, which leads to whoever the member is by now.
  v1::MemberRef id_;      // And by the id, which also tells who they were before.
  int newcomers_ = 0;
  std::vector<std::string> merged_ids_;  // Of who the member was before, the last one last.
  int returns_ = 0;
  std::map<std::string, std::string> codes_;  // Of coupons: the model's, and the server's.
  std::string complaints_;
};

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_SERVER_SUBJECT_H_
