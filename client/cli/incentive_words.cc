#include "cli/incentive_words.h"

#include "absl/strings/str_cat.h"
#include "cli/session.h"

namespace dangol::cli {
namespace {

// What is counted, for messages.
std::string UnitOf(const v1::IncentiveProgress& progress) {
  const std::string& kind = progress.kind();
  if (kind == "punch_card") return "stamps";
  if (kind == "streak") return "in a row";
  if (kind == "win_back") return "days of silence";
  if (kind == "spend_milestone") return "spent (minor units)";
  if (kind == "category_breadth") return "categories";
  if (kind == "engagement") return "times";
  return "";
}

template <typename Message>
std::string WorthOfEither(const Message& message) {
  if (message.boost_percent() > 0) {
    return absl::StrCat(message.boost_percent(), " % more ", message.wallet());
  }
  return absl::StrCat(FormatCount(message.points()), " ", message.wallet());
}

}  // namespace

std::string WorthOf(const v1::IncentiveProgress& progress) { return WorthOfEither(progress); }
std::string WorthOf(const v1::IncentiveOffer& offer) { return WorthOfEither(offer); }

std::string HowFar(const v1::IncentiveProgress& progress) {
  std::string text;
  const bool is_date = progress.kind() == "welcome" || progress.kind() == "anniversary" ||
                       progress.kind() == "birthday";
  if (progress.kind() == "referrer") return "for each member whom they bring";
  if (is_date) return progress.until().empty() ? "" : absl::StrCat("on ", progress.until());
  if (progress.kind() == "return_within") {
    text = progress.until().empty() ? "after the next purchase" : "with the next purchase";
  } else if (progress.kind() == "referred") {
    text = progress.have() > 0 ? "given" : "with the first purchase";
  } else {
    text = absl::StrCat(FormatCount(progress.have()), " of ", FormatCount(progress.need()), " ",
                        UnitOf(progress));
  }
  if (!progress.until().empty()) absl::StrAppend(&text, ", until ", progress.until());
  return text;
}

std::string Told(const v1::IncentiveProgress& progress) {
  std::string text = absl::StrCat(progress.name(), ": ", HowFar(progress));
  const int64_t missing = progress.need() - progress.have();
  if (progress.kind() == "punch_card" && missing > 0) {
    absl::StrAppend(&text, "; ", FormatCount(missing), " more for ", WorthOf(progress));
  }
  return text;
}

std::string Told(const v1::Award& award) {
  return absl::StrCat(award.fallen() ? "taken back: " : "awarded: ", FormatCount(award.points()),
                      " ", award.wallet(), " (", award.cause(), ", of ", award.day(), ")");
}

}  // namespace dangol::cli
