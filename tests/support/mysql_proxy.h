#ifndef DANGOL_TESTS_SUPPORT_MYSQL_PROXY_H_
#define DANGOL_TESTS_SUPPORT_MYSQL_PROXY_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace dangol::testing {

// What becomes of a statement on its way to the database, and of the packet that
// it came in with others.
class Fault {
 public:
  // Forwarded as it is.
  static Fault None() { return Fault(Kind::kNone); }

  // The server runs what stands before the statement in its packet, answers the
  // statement itself with this error and stops there. The error comes from a SIGNAL:
  // `code` is within [1, 65535], `sqlstate` not of the classes 00 to 02 and
  // `message` of at most 128 characters. The transaction stays open.
  static Fault Error(int code, const std::string& sqlstate, const std::string& message);

  // As Error(), and the server has rolled the transaction back before it answers,
  // as it does with the victim of a deadlock (code 1213).
  static Fault ErrorAfterRollback(int code, const std::string& sqlstate,
                                  const std::string& message);

  // The connection ends on both sides and nothing of the packet is forwarded.
  static Fault CutBefore() { return Fault(Kind::kCutBefore); }

  // The packet is forwarded, and once the server has run all of it and given every
  // answer, the connection ends on both sides and the client has seen no answer.
  static Fault CutAfter() { return Fault(Kind::kCutAfter); }

  // The packet is forwarded and the client's side ends at once. The server runs
  // all of the packet in its own time: perhaps when the client is back already.
  static Fault CutAtOnce() { return Fault(Kind::kCutAtOnce); }

  // Nothing passes on this connection in either direction, not even its end, up to
  // ReleaseHung(). Then the packet goes its way, though the client may have given
  // up long before. CutAll() ends the connection instead.
  static Fault Hang() { return Fault(Kind::kHang); }

  enum class Kind { kNone, kReplace, kCutBefore, kCutAfter, kCutAtOnce, kHang };

  Kind kind() const { return kind_; }

  // For kReplace: what the server gets in place of the statement.
  const std::string& replacement() const { return replacement_; }

 private:
  explicit Fault(Kind kind, std::string replacement = "")
      : kind_(kind), replacement_(std::move(replacement)) {}

  Kind kind_;
  std::string replacement_;
};

// A network between a client of MySQL's text protocol and a server on this machine
// that fails where it is told to. It does not understand TLS or compression: a
// client that asks for either is cut off. Thread-safe.
class MySqlProxy {
 public:
  struct Statement {
    int64_t number;         // 1, 2, ... over all connections since OnStatement().
    absl::string_view sql;  // Without a ";" at its end. Valid during the call.
    int64_t connection;     // 1, 2, ... since the start.
  };

  using Decide = std::function<Fault(const Statement&)>;

  // Listens on 127.0.0.1 and connects to `upstream_port` for every client.
  static absl::StatusOr<std::unique_ptr<MySqlProxy>> Start(int upstream_port);

  // Ends all connections; what hangs is never forwarded.
  ~MySqlProxy();

  MySqlProxy(const MySqlProxy&) = delete;
  MySqlProxy& operator=(const MySqlProxy&) = delete;

  int port() const { return port_; }

  // From now on `decide` is asked about every statement of every query, in the
  // order of its packet (";\n" separates); after Error() and CutBefore() not about
  // the rest of the packet. Of several cuts in a packet the first counts. Called
  // from a thread of each connection and outside of any lock, so it may wait. It
  // must not refer to what ends before this does. A new one starts the count and
  // the log of statements anew, nullptr is Fault::None().
  void OnStatement(Decide decide);

  // `fault` for the statement with this number.
  static Decide At(int64_t number, Fault fault);

  // `fault` for the first statement that starts with `prefix`, but none later.
  static Decide AtFirst(const std::string& prefix, Fault fault);

  // Ends every connection on both sides.
  void CutAll();

  // Whether new connections are closed as soon as they are made.
  void Refuse(bool refuse);

  // Waits until this many connections hang; false if that takes a minute.
  bool AwaitHung(int count) const;
  void ReleaseHung();

  // How many connections are open on either side. One that its client closes counts
  // until that is noticed.
  int connections() const;

  // How many statements came since OnStatement(), and the first 60 bytes of each
  // of the last thousand.
  int64_t statements() const;
  std::vector<std::string> Statements() const;

 private:
  class Connection;

  MySqlProxy(int listener, int port, int upstream_port);

  // Takes connections until the listener is shut down.
  void Accept();
  void Admit(int client) ABSL_LOCKS_EXCLUDED(mutex_);
  bool is_refusing() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Reap() ABSL_LOCKS_EXCLUDED(mutex_);

  // For the threads of connections.
  Fault Ask(int64_t connection, absl::string_view sql) ABSL_LOCKS_EXCLUDED(mutex_);
  void Hang(const Connection& connection) ABSL_LOCKS_EXCLUDED(mutex_);

  const int listener_;
  const int port_;
  const int upstream_port_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Decide> decide_ ABSL_GUARDED_BY(mutex_);
  int64_t statements_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::string> log_ ABSL_GUARDED_BY(mutex_);
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t last_connection_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int64_t, std::unique_ptr<Connection>> connections_ ABSL_GUARDED_BY(mutex_);
  std::set<int64_t> hung_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_MYSQL_PROXY_H_
