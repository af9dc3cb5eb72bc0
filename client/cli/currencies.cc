#include "cli/currencies.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dangol/money.h"
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

absl::StatusOr<Currencies> Currencies::Of(const std::string& program_text) {
  v1::Program program;
  google::protobuf::TextFormat::Parser parser;
  SilentCollector collector;
  parser.RecordErrorsTo(&collector);
  // A newer server's program may hold more than this program knows.
  parser.AllowUnknownField(true);
  if (!parser.ParseFromString(program_text, &program)) {
    return absl::InternalError("the server's program can't be read by this version of dangolctl");
  }
  Currencies currencies;
  for (const v1::Currency& currency : program.currencies()) {
    currencies.minor_digits_.emplace(currency.code(), currency.minor_digits());
  }
  return currencies;
}

int Currencies::MinorDigits(const std::string& currency) const {
  const auto found = minor_digits_.find(currency);
  return found != minor_digits_.end() ? found->second : IsoMinorDigits(currency);
}

std::string Currencies::Money(int64_t minor, const std::string& currency) const {
  return absl::StrCat(FormatMinor(minor, MinorDigits(currency)), " ", currency);
}

absl::Status Currencies::Check(const std::string& currency) const {
  if (minor_digits_.count(currency) != 0) return absl::OkStatus();
  const auto name = [](std::string* out, const auto& entry) { out->append(entry.first); };
  return absl::InvalidArgumentError(absl::StrCat("the program does not declare the currency \"",
                                                 currency, "\", only ",
                                                 absl::StrJoin(minor_digits_, ", ", name)));
}

}  // namespace dangol::cli
