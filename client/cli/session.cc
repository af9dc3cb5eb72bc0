#include "cli/session.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dangol/v1/program.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace dangol::cli {
namespace {

// A program that can't be read here is the server's business, not a reason to
// write to the terminal.
class SilentCollector : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
};

}  // namespace

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

int Session::MinorDigits(const std::string& currency) {
  if (LoadCurrencies().ok()) {
    const auto found = minor_digits_->find(currency);
    if (found != minor_digits_->end()) return found->second;
  }
  return IsoMinorDigits(currency);
}

std::string Session::Money(int64_t minor, const std::string& currency) {
  return absl::StrCat(FormatMinor(minor, MinorDigits(currency)), " ", currency);
}

absl::Status Session::CheckCurrency(const std::string& currency) {
  if (absl::Status status = LoadCurrencies(); !status.ok()) return status;
  if (minor_digits_->count(currency) != 0) return absl::OkStatus();
  const auto name = [](std::string* out, const auto& entry) { out->append(entry.first); };
  return absl::InvalidArgumentError(absl::StrCat("the program does not declare the currency \"",
                                                 currency, "\", only ",
                                                 absl::StrJoin(*minor_digits_, ", ", name)));
}

absl::Status Session::LoadCurrencies() {
  if (minor_digits_.has_value()) return absl::OkStatus();
  const absl::StatusOr<v1::ProgramVersion> version = client().GetProgram();
  if (!version.ok()) return version.status();
  v1::Program program;
  google::protobuf::TextFormat::Parser parser;
  SilentCollector collector;
  parser.RecordErrorsTo(&collector);
  // A newer server's program may hold more than this program knows.
  parser.AllowUnknownField(true);
  if (!parser.ParseFromString(version->program_text(), &program)) {
    return absl::InternalError("the server's program can't be read by this version of dangolctl");
  }
  minor_digits_.emplace();
  for (const v1::Currency& currency : program.currencies()) {
    minor_digits_->emplace(currency.code(), currency.minor_digits());
  }
  return absl::OkStatus();
}

std::string FormatTimestamp(bool present, const google::protobuf::Timestamp& timestamp) {
  if (!present) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", ToTime(timestamp), absl::UTCTimeZone());
}

std::string FormatCount(int64_t number) { return FormatMinor(number, 0); }

}  // namespace dangol::cli
