#include "tests/bench/households.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "dangol/v1/member_service.pb.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/requests.h"

namespace dangol::bench {

absl::Status FormHouseholds(int port, const std::vector<std::string>& members) {
  const LoadOptions options = {
      .port = port, .path = kJoinHouseholdPath, .calls_max = HouseholdsAmong(members.size())};
  if (options.calls_max == 0) return absl::OkStatus();
  return RunCleanLoad(options,
                      [&](uint64_t number, std::string* body) {
                        const size_t head = number * kMembersPerHousehold;
                        v1::JoinHouseholdRequest request;
                        request.set_request_id(absl::StrCat("household-", number));
                        request.mutable_household()->set_member_id(members[head]);
                        request.mutable_member()->set_member_id(members[head + 1]);
                        request.AppendToString(body);
                      })
      .status();
}

}  // namespace dangol::bench
