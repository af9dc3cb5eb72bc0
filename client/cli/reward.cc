#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

std::string Amounts(const google::protobuf::RepeatedPtrField<v1::MinorAmount>& amounts) {
  return absl::StrJoin(amounts, " or ", [](std::string* out, const v1::MinorAmount& amount) {
    absl::StrAppend(out, amount.minor(), " ", amount.currency(), " (minor units)");
  });
}

// What a reward, a prize or a coupon is worth, in words; empty where that is none of these.
template <typename Message>
std::string Worth(const Message& message) {
  if (message.has_amount_off())
    return absl::StrCat(Amounts(message.amount_off().amounts()), " off");
  if (message.has_percent_off()) return absl::StrCat(message.percent_off().percent(), " % off");
  if (message.has_cashback()) return absl::StrCat(Amounts(message.cashback().amounts()), " back");
  if (message.has_gift()) return absl::StrCat("a ", message.gift().sku());
  return "";
}

std::string WorthOf(const v1::Reward& reward) {
  if (!reward.has_scratch()) return Worth(reward);
  return absl::StrCat("one of ", reward.scratch().prizes_size(), " prizes");
}

// "OUT_OF_STOCK" and the like, in words.
std::string Obstacles(const v1::RewardOffer& offer) {
  std::vector<std::string> words;
  for (int i = 0; i < offer.obstacles_size(); ++i) {
    std::string word = WordsOf(v1::RewardObstacle_Name(offer.obstacles(i)), "REWARD_OBSTACLE_");
    if (offer.obstacles(i) == v1::REWARD_OBSTACLE_INSUFFICIENT_POINTS)
      word = absl::StrCat(FormatCount(offer.points_missing()), " points short");
    words.push_back(std::move(word));
  }
  return words.empty() ? "yes" : absl::StrJoin(words, ", ");
}

struct ListRewardsArguments {
  std::string member;
};

absl::Status ListRewards(Session& session, const ListRewardsArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  const auto response = session.client().ListRewards(*member);
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  Table table({{.title = "REWARD"},
               {.title = "NAME"},
               {.title = "POINTS", .align = kRight, .whole = true},
               {.title = "WORTH"},
               {.title = "LEFT", .align = kRight, .whole = true},
               {.title = "CAN TAKE IT"}});
  for (const v1::RewardOffer& offer : response->offers()) {
    table.Add({offer.reward().id(), offer.reward().name(), FormatCount(offer.reward().points()),
               WorthOf(offer.reward()),
               offer.has_stock_left() ? FormatCount(offer.stock_left()) : "", Obstacles(offer)});
  }
  session.out() << (table.empty() ? "none\n" : table.Render());
  return absl::OkStatus();
}

void PrintCoupon(Session& session, const v1::Coupon& coupon) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"code", coupon.code()},
      {"coupon", coupon.coupon_id()},
      {"member", coupon.member_id()},
      {"reward", absl::StrCat(coupon.reward_id(), " (", coupon.reward_name(), ")")}};
  if (!coupon.prize_id().empty())
    facts.emplace_back("prize", absl::StrCat(coupon.prize_id(), " (", coupon.prize_name(), ")"));
  const std::string worth = Worth(coupon.benefit());
  facts.emplace_back("worth", worth.empty() ? "nothing" : worth);
  facts.emplace_back("status", ToJson(coupon)["status"]);
  facts.emplace_back("points", FormatCount(coupon.points()));
  facts.emplace_back("expires (UTC)", coupon.has_expires_at()
                                          ? FormatTimestamp(true, coupon.expires_at())
                                          : "never");
  if (coupon.has_ended_at())
    facts.emplace_back("ended (UTC)", FormatTimestamp(true, coupon.ended_at()));
  if (!coupon.reference().empty()) facts.emplace_back("used for", coupon.reference());
  session.out() << RenderFacts(facts);
}

struct CouponsArguments : ListArguments {
  std::string member;
};

absl::Status ListAllCoupons(Session& session, const CouponsArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListCouponsRequest request;
  *request.mutable_member() = *std::move(member);
  Table table({{.title = "CODE"},
               {.title = "REWARD"},
               {.title = "STATUS", .whole = true},
               {.title = "POINTS", .align = Table::Align::kRight, .whole = true},
               {.title = "EXPIRES (UTC)", .whole = true}});
  return PrintList(
      session, session.client().ListCoupons(std::move(request)), arguments, "coupons",
      std::move(table), [](Table& rows, const v1::Coupon& coupon) {
        rows.Add({coupon.code(), coupon.reward_id(), ToJson(coupon)["status"],
                  FormatCount(coupon.points()),
                  coupon.has_expires_at() ? FormatTimestamp(true, coupon.expires_at()) : "never"});
      });
}

// Prints what a call made of a coupon, whatever call it was.
template <typename Response>
absl::Status PrintChange(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response, [&] {
    PrintCoupon(session, response->coupon());
    PrintBalances(session, response->balances());
  });
}

struct IssueArguments {
  std::string member;
  std::string reward;
  std::string id;
};

absl::Status Issue(Session& session, const IssueArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::IssueCouponRequest request;
  request.set_request_id(arguments.id);
  *request.mutable_member() = *std::move(member);
  request.set_reward_id(arguments.reward);
  return PrintChange(session, session.client().IssueCoupon(std::move(request)));
}

struct CouponArguments {
  std::string code;
  std::string reference;
  std::string request_id;
};

void DeclareCode(CLI::App& verb, CouponArguments& arguments) {
  verb.add_option("CODE", arguments.code, "The coupon's code")->required();
}

void DeclareChange(CLI::App& verb, CouponArguments& arguments) {
  DeclareCode(verb, arguments);
  DeclareRequestId(verb, arguments.request_id);
}

absl::Status Show(Session& session, const CouponArguments& arguments) {
  const auto coupon = session.client().GetCoupon(arguments.code);
  if (!coupon.ok()) return coupon.status();
  if (session.json) {
    session.Print(ToJson(*coupon));
  } else {
    PrintCoupon(session, *coupon);
  }
  return absl::OkStatus();
}

absl::Status Use(Session& session, const CouponArguments& arguments) {
  v1::UseCouponRequest request;
  request.set_request_id(arguments.request_id);
  request.set_code(arguments.code);
  request.set_reference(arguments.reference);
  return PrintChange(session, session.client().UseCoupon(std::move(request)));
}

absl::Status Cancel(Session& session, const CouponArguments& arguments) {
  v1::CancelCouponRequest request;
  request.set_request_id(arguments.request_id);
  request.set_code(arguments.code);
  return PrintChange(session, session.client().CancelCoupon(std::move(request)));
}

}  // namespace

void AddRewardCommands(CLI::App& app, Session& session) {
  CLI::App* reward = AddNoun(app, "reward", "What members can take for points");
  AddVerb<ListRewardsArguments>(
      *reward, session, "list", "Show the catalogue as a member sees it",
      [](CLI::App& verb, ListRewardsArguments& arguments) {
        DeclareMember(verb, arguments.member);
      },
      ListRewards);

  CLI::App* coupon = AddNoun(app, "coupon", "What members have taken");
  AddVerb<IssueArguments>(
      *coupon, session, "issue", "Take a reward for a member's points",
      [](CLI::App& verb, IssueArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("REWARD", arguments.reward, "The reward's id")->required();
        verb.add_option("--id", arguments.id,
                        "The coupon's id, which makes repeating harmless; made up when not given");
        verb.footer(Examples({"dangolctl coupon issue card:4005 free-latte"}));
      },
      Issue);
  AddVerb<CouponArguments>(*coupon, session, "show", "Show a coupon", DeclareCode, Show);
  AddVerb<CouponsArguments>(
      *coupon, session, "list", "List a member's coupons",
      [](CLI::App& verb, CouponsArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      ListAllCoupons);
  AddVerb<CouponArguments>(
      *coupon, session, "use", "Use a coupon, for good",
      [](CLI::App& verb, CouponArguments& arguments) {
        DeclareChange(verb, arguments);
        verb.add_option("--for", arguments.reference,
                        "What it is used for, such as the number of the receipt");
      },
      Use);
  AddVerb<CouponArguments>(*coupon, session, "cancel",
                           "Take a coupon back, and give the points back", DeclareChange, Cancel);
}

}  // namespace dangol::cli
