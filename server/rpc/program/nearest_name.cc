#include "server/rpc/program/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace dangol::rpc {
namespace {

// No name of a program is longer; what is given may be.
constexpr size_t kMaxCompared = 64;

// How many letters must be added, dropped or changed to make one of the other (Levenshtein).
size_t Distance(absl::string_view from, absl::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < from.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t k = 0; k < to.size(); ++k) {
      const size_t changed = diagonal + (from[i] == to[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({row[k + 1] + 1, row[k] + 1, changed});
    }
  }
  return row.back();
}

// A beginning, such as WEEKDAY_TUE, is as near as a letter.
size_t HowFar(absl::string_view given, absl::string_view name) {
  const size_t distance = Distance(given, name);
  const bool begins = given.size() >= 2 && absl::StartsWith(name, given);
  return begins ? std::min<size_t>(distance, 1) : distance;
}

std::string Instead(const std::string& nearest, const std::vector<std::string>& names) {
  const std::string all = absl::StrJoin(names, ", ");
  if (nearest.empty()) return absl::StrCat("there are ", all);
  return absl::StrCat("did you mean ", nearest, "? There are ", all);
}

}  // namespace

std::string NearestName(absl::string_view given, const std::vector<std::string>& names,
                        absl::string_view prefix) {
  if (given.size() > kMaxCompared) return "";
  const std::string wanted = absl::AsciiStrToLower(given);
  const std::string lower_prefix = absl::AsciiStrToLower(prefix);
  std::string nearest;
  size_t least = std::numeric_limits<size_t>::max();
  for (const std::string& name : names) {
    const std::string whole = absl::AsciiStrToLower(name);
    const size_t distance = std::min(
        HowFar(wanted, whole),
        HowFar(absl::StripPrefix(wanted, lower_prefix), absl::StripPrefix(whole, lower_prefix)));
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  // Half of the letters may be wrong: what is further is another word.
  return least <= std::max<size_t>(1, wanted.size() / 2) ? nearest : "";
}

std::string FieldsInsteadOf(absl::string_view given, const google::protobuf::Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  if (names.empty()) return "it has none";
  return Instead(NearestName(given, names), names);
}

std::string ValuesInsteadOf(absl::string_view given, const google::protobuf::EnumDescriptor& type) {
  constexpr absl::string_view kUnspecified = "UNSPECIFIED";
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string& name = type.value(i)->name();
    if (!absl::EndsWith(name, kUnspecified)) names.push_back(name);
  }
  const absl::string_view prefix = absl::StripSuffix(type.value(0)->name(), kUnspecified);
  return Instead(NearestName(given, names, prefix), names);
}

}  // namespace dangol::rpc
