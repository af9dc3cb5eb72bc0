#ifndef DANGOL_TESTS_SUPPORT_GALERA_H_
#define DANGOL_TESTS_SUPPORT_GALERA_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/mariadb.h"
#include "tests/support/reserved_port.h"

namespace dangol::testing {

// Three MariaDB nodes on loopback, each of which can be written to, and which
// notice within some seconds that one of them is gone. What MariaDb says of
// threads counts here too.
class GaleraCluster {
 public:
  static constexpr int kNodes = 3;

  // Returns once all are synced. Data and logs are in a folder of the directory
  // for each node, none of which may be there yet.
  static absl::StatusOr<std::unique_ptr<GaleraCluster>> Start(const std::string& directory,
                                                              int buffer_pool_mib = 64);

  // Kills the nodes.
  ~GaleraCluster() = default;
  GaleraCluster(const GaleraCluster&) = delete;
  GaleraCluster& operator=(const GaleraCluster&) = delete;

  // To start it again, call Rejoin: Restart does not know how far it had got.
  MariaDb& node(int i) { return *nodes_[static_cast<size_t>(i)]; }

  // "mysql://dangol:secret@127.0.0.1:P0,127.0.0.1:P1,127.0.0.1:P2/DATABASE".
  std::string Url(absl::string_view database) const;

  // Waits until `size` nodes are synced in a primary component of that size.
  absl::Status WaitForSize(int size);

  // On all nodes; see MariaDb.
  absl::Status CreateDatabase(absl::string_view name);

  // Starts a node that was killed or stopped, and waits until it has what the
  // others have committed meanwhile, which may be some 30 MB.
  absl::Status Rejoin(int i);

  // SIGTERM to all; the worst of their exit codes.
  int Stop();

 private:
  GaleraCluster(std::string directory, int buffer_pool_mib)
      : directory_(std::move(directory)), buffer_pool_mib_(buffer_pool_mib) {}

  absl::Status WriteTransferScript() const;
  absl::Status Prepare(int i);
  std::vector<std::string> Arguments(int i) const;
  std::string NodeDirectory(int i) const;
  int Running();

  const std::string directory_;
  const int buffer_pool_mib_;
  std::vector<ReservedPort> group_ports_;
  std::vector<ReservedPort> transfer_ports_;
  std::vector<std::unique_ptr<MariaDb>> nodes_;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_GALERA_H_
