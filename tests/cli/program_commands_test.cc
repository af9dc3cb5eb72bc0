// dangolctl program new, diff, and what it says of a file before it is sent.

#include <string>

#include "app_fixture.h"
#include "cli/program_diff.h"
#include "cli/program_text.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Return;

constexpr char kBefore[] = R"(
name: "Shop"
time_zone: "Asia/Seoul"
currencies { code: "KRW" }
currencies { code: "EUR" minor_digits: 2 }
wallets { id: "points" pending_days: 14 expiry { after { months: 24 } } }
earning_rules {
  id: "base" wallet: "points"
  rates { currency: "KRW" points: 1 per_minor: 100 }
  rates { currency: "EUR" points: 1 per_minor: 10 }
}
earning_rules {
  id: "tea" wallet: "points" rates { currency: "KRW" points: 3 per_minor: 100 }
  when { categories: "tea" categories: "cups" }
}
multipliers { id: "app" wallet: "points" factor { numerator: 3 denominator: 2 } }
multipliers { id: "sunday" wallet: "points" factor { numerator: 2 denominator: 1 } }
rewards { id: "latte" name: "Latte" wallet: "points" points: 400 gift { sku: "latte" } }
)";

v1::Program ProgramOf(const std::string& text) {
  const auto program = ReadProgramText(text, UnknownFields::kRefuse);
  EXPECT_TRUE(program.ok()) << program.status();
  return program.value_or(v1::Program());
}

std::vector<std::string> Changes(const std::vector<std::pair<std::string, std::string>>& replaced) {
  std::string after = kBefore;
  for (const auto& [from, to] : replaced) {
    const size_t place = after.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    after.replace(place, from.size(), to);
  }
  std::vector<std::string> words;
  for (const ProgramChange& change : Compare(ProgramOf(kBefore), ProgramOf(after))) {
    words.push_back(InWords(change));
  }
  return words;
}

TEST(ProgramDiffTest, TellsEachChangeInWords) {
  struct Case {
    std::string from;
    std::string to;
    std::string change;
  };
  const Case cases[] = {
      {"points: 1 per_minor: 100", "points: 2 per_minor: 100",
       "rule base: rate 1 per 100 KRW -> 2 per 100 KRW"},
      {"points: 1 per_minor: 10 ", "points: 1 per_minor: 25 ",
       "rule base: rate 1 per 0.10 EUR -> 1 per 0.25 EUR"},
      {"  rates { currency: \"EUR\" points: 1 per_minor: 10 }\n", "",
       "rule base: rate 1 per 0.10 EUR -> not said"},
      {"\"base\"", "\"base\" qualifying: true", "rule base: qualifying no -> yes"},
      {"\"base\"", "\"base\" budget: 1000000", "rule base: budget not said -> 1,000,000"},
      {"\"base\"", "\"base\" caps { per: CAP_PERIOD_DAY points: 500 }",
       "rule base: cap not said -> 500 per day"},
      {"\"base\"", "\"base\" rounding: ROUNDING_HALF_UP",
       "rule base: rounding not said -> half up"},
      {"categories: \"cups\"", "", "rule tea: when categories cups, tea -> tea"},
      {"categories: \"cups\"", "categories: \"cups\" min_basket { currency: \"EUR\" minor: 1050 }",
       "rule tea: when min basket not said -> 10.50 EUR"},
      {"categories: \"cups\"", "categories: \"cups\" first_purchase: true",
       "rule tea: when first purchase no -> yes"},
      {"categories: \"cups\"", "categories: \"cups\" weekdays: WEEKDAY_TUESDAY",
       "rule tea: when weekdays not said -> tuesday"},
      {"categories: \"cups\"", "categories: \"cups\" attributes { key: \"club\" value: \"gold\" }",
       "rule tea: when attributes not said -> club=gold"},
      {"categories: \"cups\"", "categories: \"cups\" dates { first: \"2027-01-01\" }",
       "rule tea: when dates not said -> 2027-01-01 to any day"},
      {"pending_days: 14", "pending_days: 7", "wallet points: pending days 14 -> 7"},
      {"expiry { after { months: 24 } }",
       "expiry { after { months: 24 round_up_to: ROUND_UP_TO_HALF_YEAR } }",
       "wallet points: expiry after 24 months -> after 24 months, to the end of the half year"},
      {"expiry { after { months: 24 } }",
       "expiry { after { months: 24 } } expiry { inactivity { months: 6 days: 1 } }",
       "wallet points: expiry not said -> after 6 months and 1 day without activity"},
      {"numerator: 3", "numerator: 5", "multiplier app: factor 3/2 -> 5/2"},
      {"numerator: 2 denominator: 1", "numerator: 4 denominator: 1",
       "multiplier sunday: factor 2 -> 4"},
      {"\"Shop\"", "\"Store\"", "program: name Shop -> Store"},
      {"\"Shop\"", "\"Shop\" stacking: STACKING_BEST", "program: stacking not said -> best"},
      {"\"Shop\"", "\"Shop\" excluded_skus: \"b\" excluded_skus: \"a\"",
       "program: excluded skus not said -> a, b"},
      {"points: 400", "points: 350", "reward latte: points 400 -> 350"},
      {"gift { sku: \"latte\" }", "gift { sku: \"mocha\" }",
       "reward latte: gift sku latte -> mocha"},
      {"multipliers { id: \"sunday\" wallet: \"points\" factor { numerator: 2 denominator: 1 } }\n",
       "", "multiplier sunday: removed (wallet points, factor 2)"},
      {"rewards {", "adjustment_reasons { code: \"goodwill\" max_points: 5000 } rewards {",
       "adjustment reason goodwill: added (max points 5,000)"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Changes({{c.from, c.to}}), ElementsAre(c.change)) << c.to;
  }
}

TEST(ProgramDiffTest, HowItIsWrittenMakesNoDifference) {
  EXPECT_THAT(
      Changes({{"name: \"Shop\"\n", "# A shop.\nname: 'Shop' "},
               {"categories: \"tea\" categories: \"cups\"", "categories: [\"cups\", \"tea\"]"}}),
      IsEmpty());
}

// Of equal rates the first wins, so that an order is a rule, too.
TEST(ProgramDiffTest, OrderIsTold) {
  EXPECT_THAT(Changes({{"\"app\"", "\"x\""},
                       {"\"sunday\"", "\"app\""},
                       {"\"x\"", "\"sunday\""},
                       {"numerator: 3 denominator: 2", "numerator: 2 denominator: 1"},
                       {"factor { numerator: 2 denominator: 1 } }\nrewards",
                        "factor { numerator: 3 denominator: 2 } }\nrewards"}}),
              ElementsAre("multipliers: order multiplier app, multiplier sunday -> "
                          "multiplier sunday, multiplier app"));
}

class ProgramCommandsTest : public AppTest {};

TEST_F(ProgramCommandsTest, NewIsWrittenToStandardOutput) {
  const Outcome outcome = Dangolctl({"program", "new"});
  EXPECT_EQ(outcome.code, ExitCode::kOk);
  EXPECT_EQ(ProgramOf(outcome.out).wallets(0).id(), "points");
  EXPECT_THAT(outcome.out, HasSubstr("# "));
  EXPECT_EQ(Dangolctl({"program", "new", "-"}).out, outcome.out);
}

TEST_F(ProgramCommandsTest, NewOverwritesNothing) {
  const std::string path = folder_ / "new.txtpb";
  const Outcome written = Dangolctl({"program", "new", path});
  EXPECT_EQ(written.code, ExitCode::kOk) << written.error;
  EXPECT_THAT(written.out, HasSubstr("dangolctl program validate " + path));
  EXPECT_THAT(Dangolctl({"program", "diff", path, path}).out, "Both say the same.\n");
  const std::string other = WriteFile("mine.txtpb", "name: 'mine'");
  const Outcome refused = Dangolctl({"program", "new", other});
  EXPECT_EQ(refused.code, ExitCode::kConflict);
  EXPECT_THAT(refused.error, HasSubstr("is there already"));
  EXPECT_THAT(Dangolctl({"program", "diff", path, other}).out,
              HasSubstr("program: name My program -> mine"));
  EXPECT_EQ(Dangolctl({"program", "new", folder_ / "nowhere" / "x"}).code, ExitCode::kOther);
}

TEST_F(ProgramCommandsTest, DiffTakesVersionsAndFiles) {
  v1::GetProgramResponse stored;
  stored.mutable_version()->set_program_text(kBefore);
  v1::GetProgramRequest asked;
  EXPECT_CALL(*server_, GetProgram(_)).WillRepeatedly(Answer(asked, stored));
  std::string changed = kBefore;
  changed.replace(changed.find("points: 1"), 9, "points: 2");
  const std::string path = WriteFile("next.txtpb", changed);
  const Outcome outcome = Dangolctl({"program", "diff", "3", path});
  EXPECT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(asked.version(), 3);
  EXPECT_EQ(outcome.out, "rule base: rate 1 per 100 KRW -> 2 per 100 KRW\n");
  EXPECT_EQ(Json::parse(Dangolctl({"program", "diff", path, "3", "--output=json"}).out),
            Json::parse(R"({"changes": [{"part": "rule base", "aspect": "rate",
                             "before": "2 per 100 KRW", "after": "1 per 100 KRW"}]})"));
  const std::string wrong = WriteFile("wrong.txtpb", "name: \"x\"\nwallet {}");
  const Outcome refused = Dangolctl({"program", "diff", "3", wrong});
  EXPECT_EQ(refused.code, ExitCode::kInvalidArgument);
  EXPECT_THAT(refused.error, HasSubstr("wrong.txtpb:2:"));
}

// Told before it is sent: the API takes UTF-8 alone.
TEST_F(ProgramCommandsTest, AFileInAnotherEncodingIsToldInOneSentence) {
  struct Case {
    std::string text;
    std::string error;
  };
  const Case cases[] = {
      {"\xef\xbb\xbfname: 'x'",
       "the text begins with a byte-order mark; save it as UTF-8 without one"},
      {std::string("\xff\xfen\0a\0", 6), "the text looks like UTF-16; save it as UTF-8"},
      {std::string("\xfe\xff\0n\0a", 6), "the text looks like UTF-16; save it as UTF-8"},
      {std::string("n\0a\0m\0e\0", 8), "the text looks like UTF-16; save it as UTF-8"},
      {"name: 'x'\n# caf\xe9\n", "the text is not valid UTF-8 in line 2; save it as UTF-8"},
  };
  EXPECT_CALL(*server_, ValidateProgram(_)).Times(0);
  EXPECT_CALL(*server_, ActivateProgram(_)).Times(0);
  for (const Case& c : cases) {
    const std::string path = WriteFile("program.txtpb", c.text);
    for (const std::string verb : {"validate", "activate"}) {
      const Outcome outcome = Dangolctl({"program", verb, path});
      EXPECT_EQ(outcome.code, ExitCode::kInvalidArgument);
      EXPECT_EQ(outcome.error, "dangolctl: " + path + ": " + c.error + "\n");
      EXPECT_EQ(outcome.out, "");
    }
  }
}

}  // namespace
}  // namespace dangol::cli
