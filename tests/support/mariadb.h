#ifndef DANGOL_TESTS_SUPPORT_MARIADB_H_
#define DANGOL_TESTS_SUPPORT_MARIADB_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/reserved_port.h"
#include "tests/support/server_process.h"
#include "tests/support/temporary_directory.h"

namespace dangol::testing {

// A private MariaDB on a port of loopback, as durable as a store needs it, with a
// user `dangol`, password `secret`, who may do everything.
//
// It ends with this object, and with this process however that ends. Start and
// Restart it on a thread that lives as long as it is needed, best the main one:
// the kernel takes the end of the thread that started it for the end of the
// process. Execute, QueryValue, CreateDatabase, Url and port may be called from
// several threads at once, the rest not.
class MariaDb {
 public:
  struct Options {
    // For its data, log and socket; made when it isn't there. Data that is there
    // is used again. The directory stays when the object goes, except when this
    // is empty, which means a temporary one.
    std::string directory;
    int buffer_pool_mib = 64;
    std::vector<std::string> more;         // More arguments of mariadbd, which win.
    std::vector<std::string> environment;  // NAME=VALUE; it inherits no variables.
  };

  // Returns once it answers. The error has the end of its log.
  static absl::StatusOr<std::unique_ptr<MariaDb>> Start(Options options);

  // Kills it. Who keeps its directory and is in no hurry calls Stop before.
  ~MariaDb() = default;
  MariaDb(const MariaDb&) = delete;
  MariaDb& operator=(const MariaDb&) = delete;

  // "mysql://dangol:secret@127.0.0.1:PORT/DATABASE".
  std::string Url(absl::string_view database) const;

  // The same for the life of this object; nobody else gets it meanwhile.
  int port() const { return port_.number(); }
  Process& process() { return process_; }

  // One statement, as root, over a connection of its own.
  absl::Status Execute(const std::string& sql);

  // The first column of the first row, "NULL" for a NULL. NOT_FOUND without rows.
  absl::StatusOr<std::string> QueryValue(const std::string& sql);

  // Makes a database that compares text byte by byte, unless it is there.
  absl::Status CreateDatabase(absl::string_view name);

  // SIGKILL; returns when it is gone.
  void Kill();

  // SIGTERM; returns when it is gone, its exit code, which is 0 when all is well.
  int Stop();

  // Starts it again after Kill or Stop, on the same directory and port, for this
  // time with more arguments. Returns once it answers.
  absl::Status Restart(const std::vector<std::string>& once = {});

 private:
  friend class GaleraCluster;

  MariaDb(Options options, std::unique_ptr<TemporaryDirectory> temporary, ReservedPort port);

  // Makes everything that is needed to Launch.
  static absl::StatusOr<std::unique_ptr<MariaDb>> Prepare(Options options);
  absl::Status Install();
  absl::Status Launch(const std::vector<std::string>& once);
  absl::Status WaitUntilReady();

  std::vector<std::string> Command(const std::vector<std::string>& once) const;
  std::string File(absl::string_view name) const;

  // The error, with what the end of the log says about it.
  absl::Status Failed(absl::string_view what) const;

  // What is declared after a directory ends before that is removed.
  std::unique_ptr<TemporaryDirectory> temporary_;
  std::unique_ptr<TemporaryDirectory> socket_directory_;
  Options options_;
  ReservedPort port_;
  std::string socket_;
  Process process_;
};

// One for the whole process: started at first use, which ends the process with a
// message when it can't, and gone at its exit. What MariaDb says of threads counts.
MariaDb& SharedMariaDb();

// The URL of a new, empty database in the shared one.
std::string NewDatabaseUrl();

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_MARIADB_H_
