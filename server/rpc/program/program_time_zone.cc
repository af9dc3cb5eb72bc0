#include "server/rpc/program/program_time_zone.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace dangol::rpc {
namespace {

// Some of them are files of the zone database all the same, and traps: EST has no summer time.
constexpr std::pair<absl::string_view, absl::string_view> kAbbreviations[] = {
    {"ACST", "Australia/Adelaide"}, {"AEDT", "Australia/Sydney"},
    {"AEST", "Australia/Sydney"},   {"AWST", "Australia/Perth"},
    {"BRT", "America/Sao_Paulo"},   {"BST", "Europe/London"},
    {"CDT", "America/Chicago"},     {"CEST", "Europe/Paris"},
    {"CET", "Europe/Paris"},        {"CST", "America/Chicago or Asia/Shanghai"},
    {"EDT", "America/New_York"},    {"EEST", "Europe/Athens"},
    {"EET", "Europe/Athens"},       {"EST", "America/New_York"},
    {"GST", "Asia/Dubai"},          {"HKT", "Asia/Hong_Kong"},
    {"HST", "Pacific/Honolulu"},    {"ICT", "Asia/Bangkok"},
    {"IST", "Asia/Kolkata"},        {"JST", "Asia/Tokyo"},
    {"KST", "Asia/Seoul"},          {"MDT", "America/Denver"},
    {"MET", "Europe/Paris"},        {"MSK", "Europe/Moscow"},
    {"MST", "America/Denver"},      {"NZDT", "Pacific/Auckland"},
    {"NZST", "Pacific/Auckland"},   {"PDT", "America/Los_Angeles"},
    {"PHT", "Asia/Manila"},         {"PST", "America/Los_Angeles"},
    {"SGT", "Asia/Singapore"},      {"WEST", "Europe/Lisbon"},
    {"WET", "Europe/Lisbon"},       {"WIB", "Asia/Jakarta"},
};

// A place for a difference to UTC that people write in its stead.
constexpr std::pair<int, absl::string_view> kPlaces[] = {
    {-8, "America/Los_Angeles"}, {-7, "America/Denver"},    {-6, "America/Chicago"},
    {-5, "America/New_York"},    {-3, "America/Sao_Paulo"}, {1, "Europe/Paris"},
    {2, "Europe/Athens"},        {3, "Europe/Moscow"},      {4, "Asia/Dubai"},
    {7, "Asia/Bangkok"},         {8, "Asia/Singapore"},     {9, "Asia/Seoul"},
    {10, "Australia/Sydney"},    {12, "Pacific/Auckland"},
};

// The hours of "GMT+9", "UTC-08:00" or "+9".
std::optional<int> HoursOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "GMT")) absl::ConsumePrefix(&name, "UTC");
  if (name.empty() || (name[0] != '+' && name[0] != '-')) return std::nullopt;
  const int sign = name[0] == '-' ? -1 : 1;
  name.remove_prefix(1);
  int hours = 0;
  if (!absl::SimpleAtoi(name.substr(0, name.find(':')), &hours)) return std::nullopt;
  return sign * hours;
}

template <typename Key, size_t size, typename Wanted>
absl::string_view Find(const std::pair<Key, absl::string_view> (&table)[size],
                       const Wanted& wanted) {
  for (const auto& [key, place] : table) {
    if (key == wanted) return place;
  }
  return "";
}

}  // namespace

std::string FindTimeZone(const std::string& name, absl::TimeZone& zone) {
  constexpr absl::string_view kGiveOne = "give an IANA name such as \"Europe/London\"";
  if (name.empty()) return absl::StrCat("is required; ", kGiveOne);
  if (const absl::string_view place = Find(kAbbreviations, name); !place.empty()) {
    return absl::StrCat("is not an IANA zone but an abbreviation; give the name of a place: ",
                        place);
  }
  if (const std::optional<int> hours = HoursOf(name); hours.has_value()) {
    const absl::string_view place = Find(kPlaces, *hours);
    return absl::StrCat(
        "is not an IANA zone but a difference to UTC; give the name of a place such as ",
        place.empty() ? "Asia/Seoul" : place);
  }
  // The zone of the computer is not that of the program, and another one's differs.
  if (name == "localtime" || !absl::LoadTimeZone(name, &zone)) {
    return absl::StrCat("is not an IANA zone; ", kGiveOne);
  }
  return "";
}

}  // namespace dangol::rpc
