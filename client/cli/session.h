#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/currencies.h"
#include "cli/json.h"
#include "cli/table.h"
#include "dangol/client.h"

namespace dangol::cli {

// The world around dangolctl; tests bring their own.
struct Environment {
  std::ostream& out;
  std::ostream& error;
  std::function<std::shared_ptr<Connection>(Options)> connect;
  // Whether `error` is a terminal, on which progress may be shown.
  bool terminal = false;
  // Where contexts are kept; empty where there is no place for them.
  std::string context_file;
};

// One run of dangolctl: what was asked for on the command line, and what all
// commands need. Not thread safe.
class Session {
 public:
  explicit Session(Environment environment);

  // Filled in from the command line before the first call of client().
  Options options;
  bool json = false;
  // The command that was chosen.
  std::function<absl::Status()> command;

  // A client of the server, made when first asked for.
  Client client();
  // Whether it was asked for: whether the server was meant to be called.
  bool has_client() const { return client_.has_value(); }

  const std::string& context_file() const { return environment_.context_file; }
  bool terminal() const { return environment_.terminal; }
  std::ostream& out() { return environment_.out; }
  std::ostream& error() { return environment_.error; }

  void Print(const Json& value);

  // The currencies of the server's program, which it is asked for the first time. Commands
  // call this and hand on what they get, so that what formats an amount is pure.
  const absl::StatusOr<Currencies>& LoadCurrencies();
  // The same, by ISO 4217 alone where the program can't be had.
  Currencies LoadCurrenciesOrIso();

 private:
  Environment environment_;
  std::optional<Client> client_;
  std::optional<absl::StatusOr<Currencies>> currencies_;
};

// "2011-12-09 12:50" in UTC; empty for a timestamp that is not set.
std::string FormatTimestamp(bool present, const google::protobuf::Timestamp& timestamp);

// The figure with its thousands apart.
std::string FormatCount(int64_t number);

}  // namespace dangol::cli
