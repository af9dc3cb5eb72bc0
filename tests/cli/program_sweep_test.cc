#include "cli/program_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dangol::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kProgram[] =
    "name: \"x\" incentives { id: \"a\" reward { points: 1 } } "
    "incentives { id: \"b\" reward { points: 2 } }";

TEST(ProgramSweepTest, MakesAProgramOfEachValue) {
  const auto programs = ProgramsOf(kProgram, "incentives[1].reward.points=5,10");
  ASSERT_TRUE(programs.ok()) << programs.status();
  ASSERT_EQ(programs->size(), 2);
  EXPECT_EQ(programs->at(0).value, "5");
  EXPECT_THAT(programs->at(0).text, HasSubstr("points: 5"));
  EXPECT_THAT(programs->at(1).text, HasSubstr("points: 10"));
  EXPECT_THAT(programs->at(1).text, HasSubstr("points: 1\n"));
}

TEST(ProgramSweepTest, SetsTextAndNames) {
  const auto named = ProgramsOf(kProgram, "name=y");
  ASSERT_TRUE(named.ok()) << named.status();
  EXPECT_THAT(named->front().text, HasSubstr("name: \"y\""));
  const auto stacked = ProgramsOf(kProgram, "stacking=STACKING_BEST,STACKING_ADD");
  ASSERT_TRUE(stacked.ok()) << stacked.status();
  EXPECT_THAT(stacked->front().text, HasSubstr("STACKING_BEST"));
}

TEST(ProgramSweepTest, SaysWhatIsWrong) {
  EXPECT_THAT(ProgramsOf(kProgram, "incentives[2].reward.points=5").status().message(),
              HasSubstr("the program has no incentives[2]"));
  EXPECT_THAT(ProgramsOf(kProgram, "incentives[0].reward.point=5").status().message(),
              HasSubstr("has no point"));
  EXPECT_THAT(ProgramsOf(kProgram, "incentives[0].reward=5").status().message(),
              HasSubstr("has no reward"));
  EXPECT_THAT(ProgramsOf(kProgram, "incentives[0].reward.points=many").status().message(),
              HasSubstr("\"many\" is no value of it"));
  EXPECT_THAT(ProgramsOf(kProgram, "incentives[0]").status().message(), HasSubstr("say a field"));
}

}  // namespace
}  // namespace dangol::cli
