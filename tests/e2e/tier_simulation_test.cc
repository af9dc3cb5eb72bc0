// What a proposed program would make of everybody's tiers, against what it makes of them once it
// is in force: a whole year of a shop, member by member.

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {
namespace {

// The day after the last one of the real history.
constexpr char kNow[] = "2011-12-10T12:00:00+00:00";

std::string ShopProgram(const std::string& tiers) {
  return absl::StrReplaceAll(ProgramText("shop", 10), {{"\"UTC\"", "\"Europe/London\""}}) +
         "ladders { id: \"main\" qualification { rolling { months: 12 } }"
         " validity { after { months: 6 } } tiers { id: \"base\" } " +
         tiers + " }\n";
}

const std::string& Present() {
  static const auto* const program = new std::string(
      ShopProgram("tiers { id: \"silver\" reach { net_spend: \"GBP\" at_least: 50000 } }"
                  "tiers { id: \"gold\" reach { net_spend: \"GBP\" at_least: 250000 } }"));
  return *program;
}

// Silver by purchases, gold is given up for platinum, and everybody is judged at once.
const std::string& Proposed() {
  static const auto* const program = new std::string(ShopProgram(
      "tiers { id: \"silver\" reach { purchases {} at_least: 3 } }"
      "tiers { id: \"platinum\" takes_over: \"gold\""
      " reach { net_spend: \"GBP\" at_least: 400000 } reach { active_months {} at_least: 6 } }"
      " on_change: TIER_ON_CHANGE_REJUDGE"));
  return *program;
}

// The tier before and after.
struct Moved {
  std::string from;
  std::string to;
};

class TierSimulationTest : public DangoldTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << Present();
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"), absl::StrCat("--test-clock=", kNow)}));
    const auto path = HistoryPath(GetParam(), File(""), 600);
    ASSERT_TRUE(path.ok()) << path.status();
    const Ended ended = RunToEnd(ImportCommand(address(), *path), File("import"));
    ASSERT_EQ(ended.code, 0) << ended.output;
  }

  // Of each member, by a page for each.
  std::map<std::string, Moved> Simulate() {
    std::map<std::string, Moved> moved;
    v1::SimulateTiersRequest request;
    request.set_program_text(Proposed());
    request.set_page_size(1);
    Client client = MakeClient();
    do {
      const auto page = client.SimulateTiers(request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return moved;
      for (const v1::TierMove& move : page->moves()) {
        moved[move.example_member_ids(0)] = {move.from().id(), move.to().id()};
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return moved;
  }

  std::string TierOf(Client& client, const std::string& member) {
    v1::MemberRef ref;
    ref.set_member_id(member);
    const auto status = client.GetTierStatus(ref);
    EXPECT_TRUE(status.ok()) << status.status();
    return status.ok() ? status->ladders(0).tier().id() : "";
  }
};

INSTANTIATE_TEST_SUITE_P(, TierSimulationTest, ::testing::ValuesIn(Histories()), NameOf);

TEST_P(TierSimulationTest, IsWhatActivationMakesOfEverybody) {
  const std::map<std::string, Moved> simulated = Simulate();
  ASSERT_EQ(static_cast<int64_t>(simulated.size()), TotalsOf(MakeClient()).members());
  Client client = MakeClient();
  std::map<std::string, int64_t> moves;
  for (const auto& [member, moved] : simulated) {
    ASSERT_EQ(TierOf(client, member), moved.from) << member;
    ++moves[absl::StrCat(moved.from, " to ", moved.to)];
  }
  EXPECT_GT(moves["base to silver"], 0);
  EXPECT_GT(moves["gold to silver"] + moves["gold to platinum"], 0);

  v1::ActivateProgramRequest activate;
  activate.set_request_id("next");
  activate.set_program_text(Proposed());
  ASSERT_TRUE(client.ActivateProgram(activate).ok());
  for (const auto& [member, moved] : simulated) {
    ASSERT_EQ(TierOf(client, member), moved.to) << member;
  }
}

}  // namespace
}  // namespace dangol::e2e
