// The program over restarts: a file is activated once, and takes nothing back.

#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

class ProgramRestartTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("first", 100);
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    Enroll("4005");
  }

  void Restart() {
    ASSERT_EQ(Terminate(), 0);
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
  }

  // The names of all versions, the latest first.
  std::vector<std::string> Versions() {
    std::vector<std::string> names;
    for (absl::StatusOr<v1::ProgramVersion>& version : MakeClient().ListPrograms())
      names.push_back(version.value().name());
    return names;
  }

  int64_t PointsFor(const std::string& id) {
    return MakeClient()
        .RecordPurchase(SmallPurchase(id, 1'000))
        .value()
        .outcome()
        .earned(0)
        .points();
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

TEST_F(ProgramRestartTest, SameFileIsActivatedOnce) {
  EXPECT_EQ(Versions(), std::vector<std::string>({"first"}));
  EXPECT_EQ(MakeClient().GetProgram().value().program_text(), ProgramText("first", 100));
  ASSERT_NO_FATAL_FAILURE(Restart());
  EXPECT_EQ(Versions(), std::vector<std::string>({"first"}));
}

TEST_F(ProgramRestartTest, ChangedFileIsANewVersion) {
  EXPECT_EQ(PointsFor("p-1"), 10);
  std::ofstream(File("program.txtpb")) << ProgramText("second", 10);
  ASSERT_NO_FATAL_FAILURE(Restart());
  EXPECT_EQ(Versions(), std::vector<std::string>({"second", "first"}));
  EXPECT_EQ(PointsFor("p-2"), 100);
}

TEST_F(ProgramRestartTest, OldFileTakesNothingBack) {
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("newer", 10));
  EXPECT_EQ(MakeClient().ActivateProgram(activate).value().version().version(), 2);
  ASSERT_NO_FATAL_FAILURE(Restart());
  EXPECT_EQ(Versions(), std::vector<std::string>({"newer", "first"}));
  EXPECT_EQ(MakeClient().GetProgram().value().name(), "newer");
  EXPECT_EQ(PointsFor("p-1"), 100);
}

TEST_F(ProgramRestartTest, LatePurchaseIsJudgedByTheVersionOfItsTime) {
  v1::Purchase early = SmallPurchase("early", 1'000);
  *early.mutable_occurred_at() = MakeClient().GetTotals().value().as_of();
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("newer", 10));
  ASSERT_TRUE(MakeClient().ActivateProgram(activate).ok());
  ASSERT_NO_FATAL_FAILURE(Restart());
  const v1::PurchaseOutcome outcome = MakeClient().RecordPurchase(early).value().outcome();
  EXPECT_EQ(outcome.program_version(), 1);
  EXPECT_EQ(outcome.earned(0).points(), 10);
}

}  // namespace
}  // namespace dangol::e2e
