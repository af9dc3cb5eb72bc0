#include "server/rpc/reward/convert_rewards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/reward/coupon_code.h"
#include "tests/support/programs.h"

namespace dangol::rpc {
namespace {

using ::testing::ElementsAre;

constexpr char kCode[] = "0123456789ABCDEFGHJKMNPQRS";

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations)
    fields.push_back(violation.field);
  return fields;
}

v1::IssueCouponRequest IssueOf() {
  v1::IssueCouponRequest message;
  message.set_request_id("c-1");
  message.mutable_member()->mutable_alias()->set_kind("card");
  message.mutable_member()->mutable_alias()->set_value("4005");
  message.set_reward_id("latte");
  return message;
}

TEST(CouponCodeTest, IsUnguessableAndReadable) {
  std::set<std::string> codes;
  std::set<char> digits;
  for (int i = 0; i < 1'000; ++i) {
    const std::string code = NewCouponCode();
    EXPECT_EQ(code.size(), 26u);
    EXPECT_EQ(ReadCouponCode(code), code);
    EXPECT_LE(code[0], '7');  // Of 130 bits two are none.
    digits.insert(code.begin(), code.end());
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 1'000u);
  EXPECT_EQ(digits.size(), 32u);
  EXPECT_NE(NewSeed(), NewSeed());
}

TEST(CouponCodeTest, IsReadAsPeopleTypeIt) {
  EXPECT_EQ(ReadCouponCode(kCode), kCode);
  EXPECT_EQ(ReadCouponCode("0123-4567-89ab-cdef ghjk mnpqrs"), kCode);
  EXPECT_EQ(ReadCouponCode("oiL3456789abcdefghjkmnpqrs"), "0113456789ABCDEFGHJKMNPQRS");
  for (const char* wrong : {"", "0123", "0123456789ABCDEFGHJKMNPQRU", "0123456789ABCDEFGHJKMNPQRS0",
                            "0123456789ABCDEFGHJKMNPQR_", "단골"}) {
    EXPECT_EQ(ReadCouponCode(wrong), std::nullopt) << wrong;
  }
}

TEST(ConvertRewardsTest, AnIssueGetsACodeAndASeed) {
  const auto request = ToRequest(IssueOf());
  ASSERT_TRUE(request.ok()) << request.status();
  const auto& issue = std::get<domain::IssueCoupon>(request->command.action);
  EXPECT_EQ(issue.coupon_id, "c-1");
  EXPECT_EQ(issue.reward_id, "latte");
  EXPECT_EQ(issue.member.alias, (domain::Alias{"card", "4005"}));
  EXPECT_EQ(ReadCouponCode(issue.code), issue.code);
  // The same request is the same, whatever was drawn for it.
  const auto again = ToRequest(IssueOf());
  EXPECT_EQ(again->request_hash, request->request_hash);
  EXPECT_NE(std::get<domain::IssueCoupon>(again->command.action).code, issue.code);
}

TEST(ConvertRewardsTest, ARecordedIssueHasWhatWasDrawn) {
  const auto request = ToRequest(IssueOf());
  ASSERT_TRUE(request.ok());
  const auto read = domain::DecodeAction(domain::kKindOf<domain::IssueCoupon>, request->action);
  ASSERT_TRUE(read.ok()) << read.status();
  const auto& drawn = std::get<domain::IssueCoupon>(request->command.action);
  const auto& recorded = std::get<domain::IssueCoupon>(*read);
  EXPECT_EQ(recorded.code, drawn.code);
  EXPECT_EQ(recorded.seed, drawn.seed);
  EXPECT_EQ(recorded.coupon_id, "c-1");
}

TEST(ConvertRewardsTest, UsesAndCancelsByCode) {
  v1::UseCouponRequest use;
  use.set_request_id("u-1");
  use.set_code("0123-4567-89ab-cdef-ghjk-mnpq-rs");
  use.set_reference("receipt 7");
  const auto used = ToRequest(use);
  ASSERT_TRUE(used.ok()) << used.status();
  const auto& action = std::get<domain::UseCoupon>(used->command.action);
  EXPECT_EQ(action.code, kCode);
  EXPECT_EQ(action.member.coupon_code, kCode);
  EXPECT_EQ(action.reference, "receipt 7");
  v1::CancelCouponRequest cancel;
  cancel.set_request_id("x-1");
  cancel.set_code(kCode);
  const auto cancelled = ToRequest(cancel);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(std::get<domain::CancelCoupon>(cancelled->command.action).member.coupon_code, kCode);
}

TEST(ConvertRewardsTest, NamesWhatIsWrong) {
  EXPECT_THAT(FieldsOf(ToRequest(v1::IssueCouponRequest()).status()),
              ElementsAre("request_id", "member", "reward_id"));
  EXPECT_THAT(FieldsOf(ToRequest(v1::UseCouponRequest()).status()),
              ElementsAre("request_id", "code"));
  EXPECT_THAT(FieldsOf(ToRequest(v1::CancelCouponRequest()).status()),
              ElementsAre("request_id", "code"));
  v1::UseCouponRequest use;
  use.set_request_id("u-1");
  use.set_code(kCode);
  use.set_reference(std::string(129, 'x'));
  EXPECT_THAT(FieldsOf(ToRequest(use).status()), ElementsAre("reference"));
}

TEST(ConvertRewardsTest, ACouponIsToldWithItsTerms) {
  domain::CouponOutcome outcome;
  outcome.member_id = testing::MemberNumber(1);
  outcome.coupon.coupon_id = "c-1";
  outcome.coupon.code = kCode;
  outcome.coupon.reward_id = "scratch";
  outcome.coupon.prize_id = "five";
  outcome.coupon.wallet = "points";
  outcome.coupon.points = 40;
  outcome.coupon.program_version = 3;
  outcome.coupon.status = domain::CouponStatus::kUsed;
  outcome.coupon.issued_at = testing::Utc("2026-01-15 12:00:00");
  outcome.coupon.ended_at = testing::Utc("2026-01-16 12:00:00");
  outcome.coupon.reference = "receipt 7";
  outcome.terms = {"Scratch", "Five euros", {domain::Benefit::Kind::kCashback, {{"EUR", 500}}}};
  outcome.balances = {{"points", 1, 2, 3}};
  v1::IssueCouponResponse response;
  ToProto(outcome, response);
  const v1::Coupon& coupon = response.coupon();
  EXPECT_EQ(coupon.coupon_id(), "c-1");
  EXPECT_EQ(coupon.code(), kCode);
  EXPECT_EQ(coupon.member_id(), outcome.member_id.ToString());
  EXPECT_EQ(coupon.reward_name(), "Scratch");
  EXPECT_EQ(coupon.prize_id(), "five");
  EXPECT_EQ(coupon.prize_name(), "Five euros");
  EXPECT_EQ(coupon.benefit().cashback().amounts(0).currency(), "EUR");
  EXPECT_EQ(coupon.benefit().cashback().amounts(0).minor(), 500);
  EXPECT_EQ(coupon.points(), 40);
  EXPECT_EQ(coupon.program_version(), 3);
  EXPECT_EQ(coupon.status(), v1::COUPON_STATUS_USED);
  EXPECT_FALSE(coupon.has_expires_at());
  EXPECT_EQ(coupon.ended_at().seconds() - coupon.issued_at().seconds(), 24 * 60 * 60);
  EXPECT_EQ(coupon.reference(), "receipt 7");
  EXPECT_EQ(response.balances(0).held(), 3);
}

constexpr char kProgram[] = R"(name: "Test"
time_zone: "Europe/London"
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" expiry { never {} } }
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 100 } }
)";

constexpr char kReward[] = "rewards { id: \"a\" name: \"A\" wallet: \"points\" points: 40 ";

TEST(ProgramRewardsTest, ReadsAndTellsEveryKind) {
  const std::string text = absl::StrCat(
      kProgram, kReward,
      "stock: 7 limits { per: CAP_PERIOD_DAY pieces: 1 } limits { per: CAP_PERIOD_EVER pieces: 9 }"
      " dates { first: \"2026-01-01\" last: \"2026-12-31\" }"
      " attributes { key: \"city\" value: \"Leeds\" } validity_days: 30"
      " amount_off { amounts { currency: \"GBP\" minor: 500 } } }\n"
      "rewards { id: \"b\" name: \"B\" wallet: \"points\" points: 1 percent_off { percent: 10 } }\n"
      "rewards { id: \"c\" name: \"C\" wallet: \"points\" points: 1 cashback { amounts {"
      " currency: \"GBP\" minor: 1 } } }\n"
      "rewards { id: \"d\" name: \"D\" wallet: \"points\" points: 1 gift { sku: \"mug\" } }\n"
      "rewards { id: \"e\" name: \"E\" wallet: \"points\" points: 1 scratch {"
      " prizes { id: \"x\" name: \"X\" odds_ppm: 999999 nothing {} }"
      " prizes { id: \"y\" name: \"Y\" odds_ppm: 1 gift { sku: \"car\" } } } }\n");
  const auto program = ParseProgram(text);
  ASSERT_TRUE(program.ok()) << program.status();
  const std::vector<domain::Reward>& rewards = (*program)->rewards;
  ASSERT_EQ(rewards.size(), 5u);
  EXPECT_EQ(rewards[0].limits[0].per, domain::CapPeriod::kDay);
  EXPECT_EQ(rewards[0].last_day, absl::CivilDay(2026, 12, 31));
  EXPECT_EQ(rewards[4].prizes[1].odds_ppm, 1);
  // What is told of a reward is what was declared.
  v1::ListRewardsResponse told;
  for (const domain::Reward& reward : rewards) {
    domain::Offer offer;
    offer.reward = &reward;
    offer.available = 10;
    offer.obstacles = {domain::Obstacle::kOver};
    offer.stock_left = 3;
    ToProto(offer, **program, *told.add_offers());
  }
  const v1::RewardOffer& first = told.offers(0);
  EXPECT_EQ(first.points_missing(), 30);
  EXPECT_EQ(first.stock_left(), 3);
  EXPECT_FALSE(first.has_member_left());
  EXPECT_THAT(first.obstacles(), ElementsAre(v1::REWARD_OBSTACLE_OVER));
  EXPECT_EQ(first.reward().stock(), 7);
  EXPECT_EQ(first.reward().limits(0).per(), v1::CAP_PERIOD_DAY);
  EXPECT_EQ(first.reward().limits(1).pieces(), 9);
  EXPECT_EQ(first.reward().dates().first(), "2026-01-01");
  EXPECT_EQ(first.reward().attributes().at("city"), "Leeds");
  EXPECT_EQ(first.reward().validity_days(), 30);
  EXPECT_EQ(first.reward().amount_off().amounts(0).minor(), 500);
  EXPECT_EQ(told.offers(1).reward().percent_off().percent(), 10);
  EXPECT_EQ(told.offers(2).reward().cashback().amounts(0).currency(), "GBP");
  EXPECT_EQ(told.offers(3).reward().gift().sku(), "mug");
  EXPECT_TRUE(told.offers(4).reward().scratch().prizes(0).has_nothing());
  EXPECT_EQ(told.offers(4).reward().scratch().prizes(1).gift().sku(), "car");
}

TEST(ProgramRewardsTest, NamesEachMistake) {
  struct Case {
    const char* from;
    const char* to;
    const char* field;
  };
  const std::string right =
      absl::StrCat(kProgram, kReward,
                   "stock: 5 limits { per: CAP_PERIOD_DAY pieces: 1 } gift { sku: \"mug\" } }\n");
  const Case kCases[] = {
      {"id: \"a\"", "id: \"A\"", "rewards[0].id"},
      {"id: \"a\"", "", "rewards[0].id"},
      {"name: \"A\"", "", "rewards[0].name"},
      {"name: \"A\"", "name: \"\\n\"", "rewards[0].name"},
      {"\"points\" points: 40", "\"miles\" points: 40", "rewards[0].wallet"},
      {"points: 40", "", "rewards[0].points"},
      {"points: 40", "points: -1", "rewards[0].points"},
      {"points: 40", "points: 1000000000000001", "rewards[0].points"},
      {"stock: 5", "stock: -1", "rewards[0].stock"},
      {"stock: 5", "validity_days: 3651", "rewards[0].validity_days"},
      {"per: CAP_PERIOD_DAY", "", "rewards[0].limits[0].per"},
      {"per: CAP_PERIOD_DAY", "per: CAP_PERIOD_PURCHASE", "rewards[0].limits[0].per"},
      {"pieces: 1", "", "rewards[0].limits[0].pieces"},
      {"stock: 5", "limits { per: CAP_PERIOD_DAY pieces: 2 }", "rewards[0].limits[1].per"},
      {"stock: 5", "dates { first: \"soon\" }", "rewards[0].dates.first"},
      {"stock: 5", "dates { first: \"2026-02-01\" last: \"2026-01-01\" }", "rewards[0].dates"},
      {"gift { sku: \"mug\" }", "", "rewards[0]"},
      {"sku: \"mug\"", "", "rewards[0].gift.sku"},
      {"gift { sku: \"mug\" }", "amount_off {}", "rewards[0].amount_off"},
      {"gift { sku: \"mug\" }", "amount_off { amounts { currency: \"EUR\" minor: 1 } }",
       "rewards[0].amount_off.amounts[0].currency"},
      {"gift { sku: \"mug\" }", "cashback { amounts { currency: \"GBP\" } }",
       "rewards[0].cashback.amounts[0].minor"},
      {"gift { sku: \"mug\" }",
       "cashback { amounts { currency: \"GBP\" minor: 1 } amounts { currency: \"GBP\" minor: 2 } }",
       "rewards[0].cashback.amounts[1].currency"},
      {"gift { sku: \"mug\" }", "percent_off { percent: 101 }", "rewards[0].percent_off.percent"},
      {"gift { sku: \"mug\" }", "scratch {}", "rewards[0].scratch"},
      {"gift { sku: \"mug\" }",
       "scratch { prizes { id: \"x\" name: \"X\" odds_ppm: 999999 nothing {} } }",
       "rewards[0].scratch"},
      {"gift { sku: \"mug\" }", "scratch { prizes { id: \"x\" name: \"X\" odds_ppm: 1000000 } }",
       "rewards[0].scratch.prizes[0]"},
      {"gift { sku: \"mug\" }",
       "scratch { prizes { id: \"x\" name: \"X\" odds_ppm: 500000 nothing {} }"
       " prizes { id: \"x\" name: \"X\" odds_ppm: 500000 nothing {} } }",
       "rewards[0].scratch.prizes[1].id"},
  };
  EXPECT_TRUE(CheckProgram(right).empty()) << CheckProgram(right)[0].message;
  for (const Case& c : kCases) {
    std::string wrong = right;
    const size_t at = wrong.rfind(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    wrong.replace(at, std::string(c.from).size(), c.to);
    std::vector<std::string> fields;
    for (const ProgramProblem& problem : CheckProgram(wrong)) {
      fields.push_back(problem.field);
      EXPECT_GT(problem.line, 0) << c.to;
    }
    EXPECT_THAT(fields, ::testing::Contains(std::string(c.field))) << c.to;
  }
  std::string many = kProgram;
  for (int i = 0; i <= 200; ++i) {
    absl::StrAppend(&many, "rewards { id: \"r", i,
                    "\" name: \"R\" wallet: \"points\" points: 1 gift { sku: \"mug\" } }\n");
  }
  ASSERT_EQ(CheckProgram(many).size(), 1u);
}

}  // namespace
}  // namespace dangol::rpc
