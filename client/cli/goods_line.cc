#include "cli/goods_line.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "dangol/money.h"

namespace dangol::cli {
namespace {

constexpr absl::string_view kNames[] = {"name", "qty", "amount", "category", "tax", "kind"};

// The parts by their names.
using Parts = std::map<std::string, std::string>;

absl::Status NotALine(const std::string& text, const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is not a line: ", why, "; write ", kGoodsLineForm,
                   "[,category=...], such as name=latte,qty=1,amount=5500"));
}

// Splits at the commas outside double quotes, which are left out; nothing where quotes are
// not closed.
std::optional<std::vector<std::string>> Split(const std::string& text) {
  std::vector<std::string> pieces(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return pieces;
}

// Whether this is "NAME=VALUE" of a part that a line can have.
bool IsNamed(const std::string& piece) {
  const std::string name = piece.substr(0, std::min(piece.find('='), piece.size()));
  return name.size() < piece.size() &&
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool IsAmount(const std::string& name) { return name == "amount" || name == "tax"; }

absl::StatusOr<Parts> ReadParts(const std::string& text) {
  const std::optional<std::vector<std::string>> pieces = Split(text);
  if (!pieces.has_value()) return NotALine(text, "a double quote is not closed");
  Parts parts;
  std::string last;
  for (const std::string& piece : *pieces) {
    if (!IsNamed(piece)) {
      // After an amount it can only be its next three digits, which are checked with it.
      if (!IsAmount(last)) return NotALine(text, absl::StrCat("\"", piece, "\" has no known name"));
      absl::StrAppend(&parts[last], ",", piece);
      continue;
    }
    std::pair<std::string, std::string> part = absl::StrSplit(piece, absl::MaxSplits('=', 1));
    last = part.first;
    if (!parts.insert(std::move(part)).second) {
      return NotALine(text, absl::StrCat(last, " is given twice"));
    }
  }
  return parts;
}

// Whether the commas of a whole number stand between thousands: "1,234,567".
bool GroupsThousands(absl::string_view number) {
  const std::vector<absl::string_view> groups = absl::StrSplit(number, ',');
  if (groups.front().empty() || groups.front().size() > 3) return false;
  return std::all_of(groups.begin() + 1, groups.end(), [](absl::string_view group) {
    return group.size() == 3 && std::all_of(group.begin(), group.end(), absl::ascii_isdigit);
  });
}

// An amount with commas between thousands, or without any.
absl::StatusOr<int64_t> ReadAmount(const std::string& text, const std::string& amount,
                                   int minor_digits) {
  const std::string whole = amount.substr(0, amount.find('.'));
  const bool has_commas = absl::StrContains(amount, ',');
  if (has_commas &&
      (!GroupsThousands(whole) || absl::StrContains(amount.substr(whole.size()), ','))) {
    return NotALine(text, absl::StrCat("\"", amount, "\" is not an amount"));
  }
  std::string digits = amount;
  digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
  return ParseMinor(digits, minor_digits);
}

}  // namespace

absl::StatusOr<v1::PurchaseLine> ParseGoodsLine(const std::string& text, int minor_digits) {
  absl::StatusOr<Parts> parts = ReadParts(text);
  if (!parts.ok()) return parts.status();
  if ((*parts)["name"].empty()) return NotALine(text, "it has no name");
  if ((*parts)["amount"].empty()) return NotALine(text, "it has no amount");
  v1::PurchaseLine line;
  line.set_sku((*parts)["name"]);
  line.set_category((*parts)["category"]);
  int64_t quantity = 1;
  if (parts->contains("qty") && !absl::SimpleAtoi(parts->at("qty"), &quantity)) {
    return NotALine(text, absl::StrCat("\"", parts->at("qty"), "\" is not a quantity"));
  }
  line.set_quantity(quantity);
  const absl::StatusOr<int64_t> amount = ReadAmount(text, parts->at("amount"), minor_digits);
  if (!amount.ok()) return amount.status();
  line.set_amount_minor(*amount);
  if (parts->contains("tax")) {
    const absl::StatusOr<int64_t> tax = ReadAmount(text, parts->at("tax"), minor_digits);
    if (!tax.ok()) return tax.status();
    line.set_tax_minor(*tax);
  }
  v1::LineKind kind = v1::LINE_KIND_GOODS;
  const std::string kind_name = absl::StrCat("LINE_KIND_", absl::AsciiStrToUpper((*parts)["kind"]));
  if (parts->contains("kind") && !parts->at("kind").empty() &&
      !v1::LineKind_Parse(kind_name, &kind)) {
    return NotALine(text, "its kind is none of goods, shipping, tax, gift_card");
  }
  line.set_kind(kind);
  return line;
}

}  // namespace dangol::cli
