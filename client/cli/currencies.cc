#include "cli/currencies.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/program_text.h"
#include "dangol/money.h"

namespace dangol::cli {

absl::StatusOr<Currencies> Currencies::Of(const std::string& program_text) {
  const absl::StatusOr<v1::Program> program = ReadProgramText(program_text, UnknownFields::kSkip);
  // The server has taken it.
  if (!program.ok()) {
    return absl::InternalError("the server's program can't be read by this version of dangolctl");
  }
  return Of(*program);
}

Currencies Currencies::Of(const v1::Program& program) {
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
