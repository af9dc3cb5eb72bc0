#include "cli/session.h"

#include <utility>

namespace dangol::cli {
Session::Session(Environment environment) : environment_(std::move(environment)) {
  options.user_agent = "dangolctl";
  // Someone waits at the terminal: a server that is not there is soon told.
  options.max_attempts = 4;
}

Client Session::client() {
  if (!client_.has_value()) client_.emplace(environment_.connect(options));
  return *client_;
}

void Session::Print(const Json& value) {
  // Aliases come from outside; what is not UTF-8 must not end the program.
  out() << value.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

const absl::StatusOr<Currencies>& Session::LoadCurrencies() {
  if (!currencies_.has_value()) {
    const absl::StatusOr<v1::ProgramVersion> version = client().GetProgram();
    currencies_ = version.ok() ? Currencies::Of(version->program_text())
                               : absl::StatusOr<Currencies>(version.status());
  }
  return *currencies_;
}

Currencies Session::LoadCurrenciesOrIso() { return LoadCurrencies().value_or(Currencies()); }

std::string FormatTimestamp(bool present, const google::protobuf::Timestamp& timestamp) {
  if (!present) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", ToTime(timestamp), absl::UTCTimeZone());
}

std::string FormatCount(int64_t number) { return FormatMinor(number, 0); }

}  // namespace dangol::cli
