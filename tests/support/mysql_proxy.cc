#include "tests/support/mysql_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "tests/support/mysql_packets.h"

namespace dangol::testing {
namespace {

constexpr size_t kLogged = 1000;
constexpr size_t kLoggedBytes = 60;
constexpr absl::Duration kPatience = absl::Minutes(1);

std::string Signal(int code, const std::string& sqlstate, const std::string& message) {
  return absl::StrCat("SIGNAL SQLSTATE '", sqlstate, "' SET MYSQL_ERRNO = ", code,
                      ", MESSAGE_TEXT = '",
                      absl::StrReplaceAll(message, {{"\\", "\\\\"}, {"'", "''"}}), "'");
}

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

absl::Status SocketError(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, ": ", std::strerror(errno)));
}

// -1 if there is nobody.
int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  close(fd);
  return -1;
}

// What is there, after waiting for some of it; empty at the end or after a cut.
absl::string_view Receive(int fd, std::array<char, 1 << 16>& buffer) {
  ssize_t size = 0;
  do {
    size = recv(fd, buffer.data(), buffer.size(), 0);
  } while (size < 0 && errno == EINTR);
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(size, 0))};
}

bool Send(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

}  // namespace

// A client, its connection to the server, and the thread between them. The sockets
// stay open as long as this object, so that others can shut them down at any time.
class MySqlProxy::Connection {
 public:
  Connection(MySqlProxy& proxy, int64_t number, int client, int server)
      : proxy_(proxy), number_(number), client_(client), server_(server) {
    const int yes = 1;
    setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    setsockopt(server_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    thread_ = std::thread([this] { Run(); });
  }

  ~Connection() {
    Cut();
    thread_.join();
    close(client_);
    close(server_);
  }

  int64_t number() const { return number_; }
  bool is_cut() const { return is_cut_; }

  // Whether the thread is done.
  bool has_ended() const { return has_ended_; }

  // Ends both sides. Whatever the thread waits for in a socket ends too.
  void Cut() {
    is_cut_ = true;
    shutdown(client_, SHUT_RDWR);
    shutdown(server_, SHUT_RDWR);
  }

 private:
  // What to forward of a packet, and how the connection goes on.
  struct Verdict {
    MySqlPacket packet;
    Fault::Kind cut = Fault::Kind::kNone;
  };

  void Run();
  bool ForwardAnswers();
  bool ForwardCommands();
  bool Forward(MySqlPacket packet);
  Verdict Judge(MySqlPacket packet);
  void AwaitAnswer();

  MySqlProxy& proxy_;
  const int64_t number_;
  const int client_;
  const int server_;
  std::atomic<bool> is_cut_ = false;
  std::atomic<bool> has_ended_ = false;
  MySqlPacketReader commands_;
  std::array<char, 1 << 16> buffer_;
  std::thread thread_;
};

void MySqlProxy::Connection::Run() {
  bool goes_on = true;
  while (goes_on) {
    std::array<pollfd, 2> ends = {pollfd{.fd = server_, .events = POLLIN},
                                  pollfd{.fd = client_, .events = POLLIN}};
    if (poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) break;
    if (ends[0].revents != 0) goes_on = ForwardAnswers();
    if (goes_on && ends[1].revents != 0) goes_on = ForwardCommands();
  }
  Cut();
  has_ended_ = true;
}

bool MySqlProxy::Connection::ForwardAnswers() {
  const absl::string_view bytes = Receive(server_, buffer_);
  return !bytes.empty() && Send(client_, bytes);
}

bool MySqlProxy::Connection::ForwardCommands() {
  const absl::string_view bytes = Receive(client_, buffer_);
  if (bytes.empty()) return false;
  commands_.Append(bytes);
  while (std::optional<MySqlPacket> packet = commands_.Next()) {
    if (!Forward(*std::move(packet))) return false;
  }
  return true;
}

bool MySqlProxy::Connection::Forward(MySqlPacket packet) {
  if (packet.HidesTheRest()) {
    std::fputs("MySqlProxy: a client asks for TLS or compression; it is cut off\n", stderr);
    return false;
  }
  if (!packet.IsQuery()) return Send(server_, Encode(packet));
  const Verdict verdict = Judge(std::move(packet));
  if (verdict.cut == Fault::Kind::kCutBefore) return false;
  if (!Send(server_, Encode(verdict.packet))) return false;
  if (verdict.cut == Fault::Kind::kNone) return true;
  if (verdict.cut == Fault::Kind::kCutAtOnce) shutdown(client_, SHUT_RDWR);
  AwaitAnswer();
  return false;
}

MySqlProxy::Connection::Verdict MySqlProxy::Connection::Judge(MySqlPacket packet) {
  using Kind = Fault::Kind;
  Kind cut = Kind::kNone;
  std::vector<absl::string_view> passed;
  for (const absl::string_view sql : SplitStatements(packet.sql())) {
    const Fault fault = proxy_.Ask(number_, sql);
    if (fault.kind() == Kind::kHang) proxy_.Hang(*this);
    if (fault.kind() == Kind::kCutBefore) return {.packet = {}, .cut = Kind::kCutBefore};
    if (fault.kind() == Kind::kCutAfter || fault.kind() == Kind::kCutAtOnce) {
      if (cut == Kind::kNone) cut = fault.kind();
    }
    if (fault.kind() == Kind::kReplace) {
      passed.push_back(fault.replacement());
      return {.packet = QueryPacket(absl::StrJoin(passed, ";\n")), .cut = cut};
    }
    passed.push_back(sql);
  }
  return {.packet = std::move(packet), .cut = cut};
}

// The server reads the command to quit when it is done with all before it, and
// then closes the connection: no answer needs to be understood to know its end.
void MySqlProxy::Connection::AwaitAnswer() {
  if (!Send(server_, Encode(QuitPacket()))) return;
  while (!Receive(server_, buffer_).empty()) {
  }
}

Fault Fault::Error(int code, const std::string& sqlstate, const std::string& message) {
  return Fault(Kind::kReplace, Signal(code, sqlstate, message));
}

Fault Fault::ErrorAfterRollback(int code, const std::string& sqlstate, const std::string& message) {
  return Fault(Kind::kReplace, absl::StrCat("BEGIN NOT ATOMIC ROLLBACK; ",
                                            Signal(code, sqlstate, message), "; END"));
}

absl::StatusOr<std::unique_ptr<MySqlProxy>> MySqlProxy::Start(int upstream_port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    const absl::Status error = SocketError("listen on 127.0.0.1");
    close(listener);
    return error;
  }
  return std::unique_ptr<MySqlProxy>(
      new MySqlProxy(listener, ntohs(address.sin_port), upstream_port));
}

MySqlProxy::MySqlProxy(int listener, int port, int upstream_port)
    : listener_(listener), port_(port), upstream_port_(upstream_port) {
  acceptor_ = std::thread([this] { Accept(); });
}

MySqlProxy::~MySqlProxy() {
  Refuse(true);
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  CutAll();
  std::map<int64_t, std::unique_ptr<Connection>> connections;
  {
    absl::MutexLock lock(&mutex_);
    connections.swap(connections_);
  }
}

void MySqlProxy::OnStatement(Decide decide) {
  absl::MutexLock lock(&mutex_);
  decide_ = decide == nullptr ? nullptr : std::make_shared<const Decide>(std::move(decide));
  statements_ = 0;
  log_.clear();
}

MySqlProxy::Decide MySqlProxy::At(int64_t number, Fault fault) {
  return [number, fault = std::move(fault)](const Statement& statement) {
    return statement.number == number ? fault : Fault::None();
  };
}

MySqlProxy::Decide MySqlProxy::AtFirst(const std::string& prefix, Fault fault) {
  const auto is_over = std::make_shared<std::atomic<bool>>(false);
  return [prefix, is_over, fault = std::move(fault)](const Statement& statement) {
    return absl::StartsWith(statement.sql, prefix) && !is_over->exchange(true) ? fault
                                                                               : Fault::None();
  };
}

void MySqlProxy::CutAll() {
  absl::MutexLock lock(&mutex_);
  for (const auto& [number, connection] : connections_) connection->Cut();
  hung_.clear();
}

void MySqlProxy::Refuse(bool refuse) {
  absl::MutexLock lock(&mutex_);
  refusing_ = refuse;
}

bool MySqlProxy::is_refusing() const {
  absl::MutexLock lock(&mutex_);
  return refusing_;
}

bool MySqlProxy::AwaitHung(int count) const {
  absl::MutexLock lock(&mutex_);
  const auto hang = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return hung_.size() >= static_cast<size_t>(count);
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&hang), kPatience);
}

void MySqlProxy::ReleaseHung() {
  absl::MutexLock lock(&mutex_);
  hung_.clear();
}

int MySqlProxy::connections() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(std::count_if(connections_.begin(), connections_.end(),
                                        [](const auto& entry) { return !entry.second->is_cut(); }));
}

int64_t MySqlProxy::statements() const {
  absl::MutexLock lock(&mutex_);
  return statements_;
}

std::vector<std::string> MySqlProxy::Statements() const {
  absl::MutexLock lock(&mutex_);
  return {log_.begin(), log_.end()};
}

void MySqlProxy::Accept() {
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (client < 0) return;
    Reap();
    Admit(client);
  }
}

void MySqlProxy::Admit(int client) {
  // A server that is left without a login too often blocks the host.
  const int server = is_refusing() ? -1 : Connect(upstream_port_);
  absl::MutexLock lock(&mutex_);
  if (server < 0 || refusing_) {
    close(client);
    if (server >= 0) close(server);
    return;
  }
  const int64_t number = ++last_connection_;
  connections_[number] = std::make_unique<Connection>(*this, number, client, server);
}

// Joins the threads of connections that have ended.
void MySqlProxy::Reap() {
  absl::MutexLock lock(&mutex_);
  std::erase_if(connections_, [](const auto& entry) { return entry.second->has_ended(); });
}

Fault MySqlProxy::Ask(int64_t connection, absl::string_view sql) {
  std::shared_ptr<const Decide> decide;
  Statement statement = {.number = 0, .sql = sql, .connection = connection};
  {
    absl::MutexLock lock(&mutex_);
    decide = decide_;
    statement.number = ++statements_;
    if (log_.size() == kLogged) log_.pop_front();
    log_.emplace_back(sql.substr(0, kLoggedBytes));
  }
  return decide == nullptr ? Fault::None() : (*decide)(statement);
}

void MySqlProxy::Hang(const Connection& connection) {
  absl::MutexLock lock(&mutex_);
  // A cut that came before would let nobody go any more.
  if (connection.is_cut()) return;
  hung_.insert(connection.number());
  const auto goes_on = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !hung_.contains(connection.number());
  };
  mutex_.Await(absl::Condition(&goes_on));
}

}  // namespace dangol::testing
