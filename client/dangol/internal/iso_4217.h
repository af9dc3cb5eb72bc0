#pragma once

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

// The one table of currencies, for the SDK and for the server: it needs no library of ours.
namespace dangol {

// How many digits the minor unit of a currency has by ISO 4217: 0 for KRW, 2 for GBP, 3 for
// KWD; nothing for a code that the standard does not have. Currencies that were withdrawn
// lately (ANG, BGN, CUC, HRK, SLL, ZWL) are there for the sake of history.
inline std::optional<int> Iso4217Digits(absl::string_view code) {
  static constexpr std::pair<int, absl::string_view> kCodes[] = {
      {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
      {2,
       "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP "
       "BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR "
       "FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR "
       "KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR "
       "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
       "SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN "
       "UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL"},
      {3, "BHD IQD JOD KWD LYD OMR TND"},
      {4, "CLF UYW"},
  };
  if (code.size() != 3) return std::nullopt;
  for (const char letter : code) {
    if (!absl::ascii_isupper(static_cast<unsigned char>(letter))) return std::nullopt;
  }
  for (const auto& [digits, codes] : kCodes) {
    if (codes.find(code) != absl::string_view::npos) return digits;
  }
  return std::nullopt;
}

}  // namespace dangol
