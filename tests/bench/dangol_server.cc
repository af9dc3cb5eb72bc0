#include "tests/bench/dangol_server.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "dangol/v1/member_service.pb.h"
#include "server/common/status_macros.h"

namespace dangol::bench {
namespace {

constexpr absl::Duration kStopPatience = absl::Seconds(30);
constexpr int kEnrollConnections = 4;

}  // namespace

absl::StatusOr<std::unique_ptr<DangolServer>> DangolServer::Start(
    const std::string& program, const std::string& store, const std::string& directory,
    const std::vector<std::string>& flags) {
  ASSIGN_OR_RETURN(const int port, FreePort());
  std::vector<std::string> command = {program, absl::StrCat("--listen=127.0.0.1:", port),
                                      absl::StrCat("--store=", store)};
  command.insert(command.end(), flags.begin(), flags.end());
  ASSIGN_OR_RETURN(std::unique_ptr<ChildProcess> process,
                   ChildProcess::Start(command, absl::StrCat(directory, "/dangold.log")));
  RETURN_IF_ERROR(WaitUntilListening(port, *process));
  return std::unique_ptr<DangolServer>(new DangolServer(std::move(process), port, store));
}

absl::StatusOr<std::vector<std::string>> DangolServer::Enroll(uint64_t members,
                                                              const WriteRequest& write_request,
                                                              int in_flight,
                                                              const std::string& token) {
  std::vector<std::string> ids(members);
  const CheckReply keep_id = [&ids](uint64_t number, absl::string_view message) {
    v1::EnrollMemberResponse reply;
    if (!reply.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
      return absl::DataLossError("EnrollMember answered with something else");
    }
    ids[number] = reply.member().member_id();
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const LoadResult result,
                   RunLoad({.port = port_,
                            .path = kEnrollPath,
                            .token = token,
                            .connections = std::min(in_flight, kEnrollConnections),
                            .in_flight = in_flight,
                            .calls_max = members},
                           write_request, keep_id));
  if (result.ok() != members) return absl::InternalError(result.first_error);
  return ids;
}

absl::StatusOr<double> DangolServer::Stop() {
  ASSIGN_OR_RETURN(const double memory_mib, PeakMemoryMib(process_->pid()));
  RETURN_IF_ERROR(process_->Stop(kStopPatience));
  return memory_mib;
}

absl::StatusOr<std::unique_ptr<EchoServer>> EchoServer::Start(const std::string& directory,
                                                              const std::string& purchase_reply,
                                                              const std::string& balance_reply) {
  ASSIGN_OR_RETURN(const int port, FreePort());
  ASSIGN_OR_RETURN(std::unique_ptr<ChildProcess> process,
                   ChildProcess::Start(
                       {"/proc/self/exe", "echo-server", absl::StrCat("--port=", port),
                        "--purchase-reply=" + purchase_reply, "--balance-reply=" + balance_reply},
                       absl::StrCat(directory, "/echo-server.log")));
  RETURN_IF_ERROR(WaitUntilListening(port, *process));
  return std::unique_ptr<EchoServer>(new EchoServer(std::move(process), port));
}

absl::Status EchoServer::Stop() { return process_->Stop(kStopPatience); }

}  // namespace dangol::bench
