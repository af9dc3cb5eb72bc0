#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

struct ProfileArguments {
  std::string member;
  std::string first_day;
  std::string last_day;
  int favourites = 5;
};

// Millionths as a percentage with one digit.
std::string Percent(int64_t ppm) {
  return absl::StrFormat("%d.%d%%", ppm / 10'000, ppm / 1'000 % 10);
}

void PrintFavourites(Session& session, const Currencies& currencies, const v1::Spend& spend,
                     const char* title,
                     const google::protobuf::RepeatedPtrField<v1::Favourite>& favourites) {
  Table table({{.title = title},
               {.title = "NET", .align = kRight, .whole = true},
               {.title = "SHARE", .align = kRight, .whole = true}});
  for (const v1::Favourite& favourite : favourites) {
    table.Add({favourite.name().empty() ? "(none)" : favourite.name(),
               currencies.Money(favourite.net_minor(), spend.currency()),
               Percent(favourite.share_ppm())});
  }
  if (!table.empty()) session.out() << "\n" << table.Render();
}

void PrintSpend(Session& session, const Currencies& currencies, const v1::Spend& spend) {
  const auto money = [&](int64_t minor) { return currencies.Money(minor, spend.currency()); };
  session.out() << "\n"
                << RenderFacts({{"purchases", FormatCount(spend.purchase_count())},
                                {"bought", money(spend.gross_minor())},
                                {"came back", money(spend.returned_minor())},
                                {"of no purchase", money(spend.unmatched_minor())},
                                {"net", money(spend.net_minor())},
                                {"mean basket", money(spend.mean_basket_minor())}});
  PrintFavourites(session, currencies, spend, "CATEGORY", spend.categories());
  PrintFavourites(session, currencies, spend, "CHANNEL", spend.channels());
}

void PrintEngagement(Session& session, const v1::GetProfileResponse& profile) {
  Table table({{.title = "ACTIVITY"},
               {.title = "SPONTANEOUS", .align = kRight, .whole = true},
               {.title = "REWARDED", .align = kRight, .whole = true},
               {.title = "OVER THE CAP", .align = kRight, .whole = true}});
  for (const v1::Engagement& engagement : profile.engagement()) {
    const v1::ActivityCount& counted = engagement.counted();
    const v1::ActivityCount& recorded = engagement.recorded();
    table.Add({engagement.kind(), FormatCount(counted.spontaneous()),
               FormatCount(counted.rewarded()),
               FormatCount(recorded.spontaneous() + recorded.rewarded() - counted.spontaneous() -
                           counted.rewarded())});
  }
  if (!table.empty()) session.out() << "\n" << table.Render();
}

void PrintQuality(Session& session, const Currencies& currencies, const v1::Quality& quality) {
  if (quality.cancellations() + quality.returns() == 0) return;
  session.out() << "\n"
                << RenderFacts(
                       {{"cancellations", FormatCount(quality.cancellations())},
                        {"returns", FormatCount(quality.returns())},
                        {"  of these exchanges", FormatCount(quality.exchanges())},
                        {"  without a purchase", FormatCount(quality.unmatched_returns())}});
  for (const v1::ReturnedAmount& amount : quality.amounts()) {
    session.out() << RenderFacts(
        {{"cancelled", currencies.Money(amount.cancelled_minor(), amount.currency())},
         {"returned", currencies.Money(amount.returned_minor(), amount.currency())}});
  }
}

absl::Status Profile(Session& session, const ProfileArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::GetProfileRequest request;
  *request.mutable_member() = *member;
  request.set_first_day(arguments.first_day);
  request.set_last_day(arguments.last_day);
  request.set_favourites(arguments.favourites);
  const auto profile = session.client().GetProfile(std::move(request));
  if (!profile.ok()) return profile.status();
  if (session.json) {
    session.Print(ToJson(*profile));
    return absl::OkStatus();
  }
  const std::string last = profile->last_purchase_day();
  session.out() << RenderFacts(
      {{"member", profile->member_id()},
       {"window", absl::StrCat(profile->first_day(), " to ", profile->last_day())},
       {"last purchase",
        last.empty() ? "none" : absl::StrCat(last, ", ", profile->recency_days(), " days before")},
       {"purchases", FormatCount(profile->purchase_count())},
       {"pieces", FormatCount(profile->quantity())},
       {"visits", absl::StrCat(profile->visits(), " on ", profile->visit_days(), " days")},
       {"days between visits",
        absl::StrFormat("%d.%d", profile->mean_visit_interval_millidays() / 1'000,
                        profile->mean_visit_interval_millidays() / 100 % 10)}});
  const Currencies currencies = session.LoadCurrenciesOrIso();
  for (const v1::Spend& spend : profile->spend()) PrintSpend(session, currencies, spend);
  PrintEngagement(session, *profile);
  PrintQuality(session, currencies, profile->quality());
  return absl::OkStatus();
}

}  // namespace

void AddProfileVerb(CLI::App& noun, Session& session) {
  AddVerb<ProfileArguments>(
      noun, session, "profile", "Tell what a member did in a window of days",
      [](CLI::App& verb, ProfileArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--from", arguments.first_day,
                        "The first day, as 2026-01-01; for 365 days when not given");
        verb.add_option("--until", arguments.last_day,
                        "The last day, which belongs to it; today when not given");
        verb.add_option("--top", arguments.favourites, "How many favourites to show")
            ->capture_default_str()
            ->check(CLI::Range(1, 100));
      },
      Profile);
}

}  // namespace dangol::cli
