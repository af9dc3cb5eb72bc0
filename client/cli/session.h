#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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

  bool terminal() const { return environment_.terminal; }
  std::ostream& out() { return environment_.out; }
  std::ostream& error() { return environment_.error; }

  void Print(const Json& value);

  // How many digits the minor unit of a currency has: by the server's program,
  // or by ISO 4217 where that can't be had.
  int MinorDigits(const std::string& currency);
  // "1,234.50 GBP".
  std::string Money(int64_t minor, const std::string& currency);
  // Whether the server's program knows the currency. INVALID_ARGUMENT names
  // those that it knows; another error when the program can't be had.
  absl::Status CheckCurrency(const std::string& currency);

 private:
  absl::Status LoadCurrencies();

  Environment environment_;
  std::optional<Client> client_;
  std::optional<std::map<std::string, int>> minor_digits_;
};

// "2011-12-09 12:50" in UTC; empty for a timestamp that is not set.
std::string FormatTimestamp(bool present, const google::protobuf::Timestamp& timestamp);

// The figure with its thousands apart.
std::string FormatCount(int64_t number);

}  // namespace dangol::cli
