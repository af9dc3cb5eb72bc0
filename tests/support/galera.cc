#include "tests/support/galera.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/common/status_macros.h"

namespace dangol::testing {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kPollInterval = absl::Milliseconds(50);

// A node is taken for dead after 2 s instead of 5. The other times are in the
// proportions that Galera demands, and joining nodes repeat themselves often
// enough not to be suspected.
constexpr char kGroupTimes[] =
    "evs.keepalive_period=PT0.3S;evs.inactive_check_period=PT0.3S;evs.join_retrans_period=PT0.3S;"
    "evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S;evs.install_timeout=PT4S";

// What a node that rejoins has missed comes from the memory of another node
// (IST), without a copy of all data (SST); but Galera wants a script for copies
// even then, to tell the joiner that there will be none.
constexpr char kTransferScript[] = R"sh(#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --role) role=$2 ;;
    --address) address=$2 ;;
    --gtid) position=$2 ;;
    --bypass) bypass=yes ;;
  esac
  shift
done
case $role in
  joiner)
    rm -f "$address"
    mkfifo "$address" || exit 1
    echo "ready $address"
    exec timeout 60 cat "$address"
    ;;
  donor)
    [ -n "$bypass" ] || exit 95
    echo "$position" | timeout 60 tee "$address" >/dev/null
    echo "done $position"
    ;;
esac
)sh";

// The nodes begin as three copies of one database, with files that say that they
// were in the same state when they were last seen together. So they need neither
// a first node to begin with nor a transfer of state.
constexpr char kState[] = R"(# GALERA saved state
version: 2.1
uuid:    6d1f4c9e-0000-11ee-8000-0123456789ab
seqno:   0
safe_to_bootstrap: 0
)";

std::string MemberId(int i) {
  return absl::StrCat("6d1f4c9", i + 1, "-0000-11ee-8000-0123456789ab");
}

std::string LastView(int i) {
  std::string view = absl::StrCat("my_uuid: ", MemberId(i), "\n#vwbeg\nview_id: 3 ", MemberId(0),
                                  " 1\nbootstrap: 0\n");
  for (int member = 0; member < GaleraCluster::kNodes; ++member) {
    absl::StrAppend(&view, "member: ", MemberId(member), " 0\n");
  }
  return view + "#vwend\n";
}

absl::Status Write(const std::string& path, absl::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError("cannot write " + path);
}

// "3 Primary Synced", or why there is no answer.
std::string StateOf(MariaDb& node) {
  if (!node.process().IsRunning()) return "ended";
  const absl::StatusOr<std::string> state = node.QueryValue(
      "SELECT GROUP_CONCAT(variable_value ORDER BY variable_name SEPARATOR ' ')"
      " FROM information_schema.global_status WHERE variable_name IN"
      " ('wsrep_cluster_size', 'wsrep_cluster_status', 'wsrep_local_state_comment')");
  return state.ok() ? *state : std::string(state.status().message());
}

// Where a node stopped, as "UUID:NUMBER", out of what `mariadbd --wsrep-recover`
// has printed.
absl::StatusOr<std::string> PositionIn(const std::string& output) {
  const std::string kMark = "Recovered position: ";
  const size_t mark = output.rfind(kMark);
  if (mark == std::string::npos) return absl::InternalError("no position in: " + output);
  const size_t begin = mark + kMark.size();
  return output.substr(begin, output.find_first_of(" \n", begin) - begin);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GaleraCluster>> GaleraCluster::Start(const std::string& directory,
                                                                    int buffer_pool_mib) {
  std::error_code error;
  std::unique_ptr<GaleraCluster> cluster(
      new GaleraCluster(fs::absolute(directory, error).string(), buffer_pool_mib));
  if (fs::exists(cluster->NodeDirectory(0))) {
    return absl::FailedPreconditionError(directory + " has a cluster already");
  }
  RETURN_IF_ERROR(cluster->WriteTransferScript());
  for (int i = 0; i < kNodes; ++i) {
    ASSIGN_OR_RETURN(ReservedPort group_port, ReservedPort::Make());
    cluster->group_ports_.push_back(std::move(group_port));
    ASSIGN_OR_RETURN(ReservedPort transfer_port, ReservedPort::Make());
    cluster->transfer_ports_.push_back(std::move(transfer_port));
  }
  for (int i = 0; i < kNodes; ++i) RETURN_IF_ERROR(cluster->Prepare(i));
  for (auto& node : cluster->nodes_) RETURN_IF_ERROR(node->Launch({}));
  for (auto& node : cluster->nodes_) RETURN_IF_ERROR(node->WaitUntilReady());
  RETURN_IF_ERROR(cluster->WaitForSize(kNodes));
  return cluster;
}

absl::Status GaleraCluster::WriteTransferScript() const {
  const std::string folder = directory_ + "/bin";
  std::error_code error;
  fs::create_directories(folder, error);
  const std::string script = folder + "/wsrep_sst_dangol";
  RETURN_IF_ERROR(Write(script, kTransferScript));
  fs::permissions(script, fs::perms::owner_all, error);
  return error ? absl::UnavailableError("cannot make executable " + script) : absl::OkStatus();
}

absl::Status GaleraCluster::Prepare(int i) {
  const std::string data = NodeDirectory(i) + "/data";
  if (i > 0) {
    std::error_code error;
    fs::create_directories(NodeDirectory(i), error);
    fs::copy(NodeDirectory(0) + "/data", data, fs::copy_options::recursive, error);
    if (error) return absl::UnavailableError("cannot copy to " + data + ": " + error.message());
  }
  ASSIGN_OR_RETURN(
      std::unique_ptr<MariaDb> node,
      MariaDb::Prepare({.directory = NodeDirectory(i),
                        .buffer_pool_mib = buffer_pool_mib_,
                        .more = Arguments(i),
                        .environment = {absl::StrCat("PATH=", directory_,
                                                     "/bin:/usr/sbin:/usr/bin:/sbin:/bin")}}));
  nodes_.push_back(std::move(node));
  RETURN_IF_ERROR(Write(data + "/grastate.dat", kState));
  return Write(data + "/gvwstate.dat", LastView(i));
}

std::vector<std::string> GaleraCluster::Arguments(int i) const {
  const auto address = [](const ReservedPort& port) {
    return absl::StrCat("127.0.0.1:", port.number());
  };
  const std::string members = absl::StrJoin(
      group_ports_, ",",
      [&](std::string* out, const ReservedPort& port) { absl::StrAppend(out, address(port)); });
  const size_t at = static_cast<size_t>(i);
  return {"--binlog-format=ROW",
          "--innodb-autoinc-lock-mode=2",
          "--wsrep-on=ON",
          "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
          "--wsrep-cluster-name=dangol",
          "--wsrep-cluster-address=gcomm://" + members,
          "--wsrep-node-address=127.0.0.1",
          absl::StrCat("--wsrep-node-name=node", i),
          "--wsrep-sst-method=dangol",
          "--wsrep-sst-receive-address=" + NodeDirectory(i) + "/transfer",
          absl::StrCat("--wsrep-provider-options=gmcast.listen_addr=tcp://",
                       address(group_ports_[at]), ";ist.recv_addr=", address(transfer_ports_[at]),
                       ";gcache.size=32M;", kGroupTimes)};
}

std::string GaleraCluster::NodeDirectory(int i) const {
  return absl::StrCat(directory_, "/node", i);
}

std::string GaleraCluster::Url(absl::string_view database) const {
  const std::string hosts =
      absl::StrJoin(nodes_, ",", [](std::string* out, const std::unique_ptr<MariaDb>& node) {
        absl::StrAppend(out, "127.0.0.1:", node->port());
      });
  return absl::StrCat("mysql://dangol:secret@", hosts, "/", database);
}

absl::Status GaleraCluster::WaitForSize(int size) {
  const std::string wanted = absl::StrCat(size, " Primary Synced");
  const absl::Time deadline = absl::Now() + kPatience;
  while (true) {
    std::vector<std::string> states;
    for (auto& node : nodes_) states.push_back(StateOf(*node));
    if (std::count(states.begin(), states.end(), wanted) == size) return absl::OkStatus();
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("no ", size, " nodes are synced, but: ", absl::StrJoin(states, "; ")));
    }
    absl::SleepFor(kPollInterval);
  }
}

absl::Status GaleraCluster::CreateDatabase(absl::string_view name) {
  for (auto& node : nodes_) {
    if (node->process().IsRunning()) return node->CreateDatabase(name);
  }
  return absl::FailedPreconditionError("no node is running");
}

int GaleraCluster::Running() {
  return static_cast<int>(std::count_if(
      nodes_.begin(), nodes_.end(), [](const auto& node) { return node->process().IsRunning(); }));
}

absl::Status GaleraCluster::Rejoin(int i) {
  MariaDb& one = node(i);
  if (one.process().IsRunning()) return absl::FailedPreconditionError("the node is running");
  // The others have to have noticed that it was gone.
  RETURN_IF_ERROR(WaitForSize(Running()));
  const std::string output = one.File("recovery.log");
  std::error_code ignored;
  fs::remove(output, ignored);
  ASSIGN_OR_RETURN(Process recovery, Process::Start(one.Command({"--wsrep-recover"}), output));
  recovery.Wait();
  ASSIGN_OR_RETURN(const std::string position, PositionIn(recovery.Output()));
  RETURN_IF_ERROR(one.Restart({"--wsrep-start-position=" + position}));
  return WaitForSize(Running());
}

int GaleraCluster::Stop() {
  int worst = 0;
  for (auto& node : nodes_) worst = std::max(worst, node->Stop());
  return worst;
}

}  // namespace dangol::testing
