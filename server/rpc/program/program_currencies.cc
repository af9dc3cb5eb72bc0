#include "server/rpc/program/program_currencies.h"

#include <cstddef>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/dangol/internal/iso_4217.h"
#include "server/rpc/currency_code.h"

namespace dangol::rpc {
namespace {

constexpr absl::string_view kIfMeant = "; say unlike_iso_4217: true if that is meant";

int Find(const std::string& code, const std::vector<domain::Currency>& declared) {
  for (size_t i = 0; i < declared.size(); ++i) {
    if (declared[i].code == code) return static_cast<int>(i);
  }
  return -1;
}

// Digits that are wrong show and import every amount a hundred times too large or too small.
void CheckAgainstIso(const v1::Currency& currency, const Place& place, ProblemList& problems) {
  const std::optional<int> digits = Iso4217Digits(currency.code());
  if (currency.unlike_iso_4217()) {
    problems.Check(digits != currency.minor_digits(), place.Child("unlike_iso_4217"),
                   absl::StrCat("is said, but ", currency.code(), " with minor_digits: ",
                                currency.minor_digits(), " is like ISO 4217"));
    return;
  }
  problems.Check(digits.has_value(), place.Child("code"),
                 absl::StrCat("is not a code of ISO 4217", kIfMeant));
  problems.Check(!digits.has_value() || digits == currency.minor_digits(),
                 place.Child("minor_digits"),
                 absl::StrCat("must be ", digits.value_or(0), " for ", currency.code(),
                              " by ISO 4217", kIfMeant));
}

}  // namespace

std::vector<domain::Currency> ReadCurrencies(const v1::Program& message, const Place& root,
                                             ProblemList& problems) {
  problems.Check(!message.currencies().empty(), root.Child("currencies"), "declare at least one");
  std::vector<domain::Currency> read;
  for (int i = 0; i < message.currencies_size(); ++i) {
    const v1::Currency& currency = message.currencies(i);
    const Place place = root.Child("currencies", i);
    const std::string problem = ProblemOfCurrencyCode(currency.code());
    problems.Check(problem.empty(), place.Child("code"), problem);
    problems.Check(Find(currency.code(), read) < 0, place.Child("code"), "is declared twice");
    const bool in_range = currency.minor_digits() >= 0 && currency.minor_digits() <= 4;
    problems.Check(in_range, place.Child("minor_digits"), "must be 0 to 4");
    if (problem.empty() && in_range) CheckAgainstIso(currency, place, problems);
    read.push_back({currency.code(), currency.minor_digits()});
  }
  return read;
}

int ReadCurrency(const std::string& code, const std::vector<domain::Currency>& declared,
                 const Place& place, ProblemList& problems) {
  const int index = Find(code, declared);
  const std::string problem = ProblemOfCurrencyCode(code);
  problems.Check(index >= 0, place, problem.empty() ? "is not a declared currency" : problem);
  return index;
}

}  // namespace dangol::rpc
