// The log as others follow it.

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class LogConformance : public StorageConformance {
 protected:
  // A command of a new member, who has this number.
  void Record(uint64_t member) {
    WriteSet writes = WithMember(NewMember(member));
    writes.commands.push_back(
        NewCommand(RequestScope::kRequest, absl::StrCat("r-", member), member));
    writes.commands.back().record.news.points = {
        {.wallet = "points", .available = static_cast<int64_t>(member)}};
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

  std::vector<LoggedCommand> List(const LogPositions& after, int limit) {
    auto listed = NewReader()->ListLog(after, limit);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return *std::move(listed);
  }

  // Everything, in pages.
  std::vector<LoggedCommand> Follow(LogPositions after, int limit) {
    std::vector<LoggedCommand> all;
    while (true) {
      std::vector<LoggedCommand> page = List(after, limit);
      if (page.empty()) return all;
      for (LoggedCommand& command : page) {
        EXPECT_EQ(command.position, after[command.partition] + 1);
        after[command.partition] = command.position;
        all.push_back(std::move(command));
      }
    }
  }
};

TEST_F(LogConformance, AnEmptyStoreHasNoEvents) {
  EXPECT_THAT(List({}, 10), IsEmpty());
  const auto ends = NewReader()->LogEnds();
  ASSERT_TRUE(ends.ok()) << ends.status();
  for (const auto& [partition, end] : *ends) EXPECT_EQ(end, 0) << partition;
}

TEST_F(LogConformance, ACommandIsReadAsItWasWritten) {
  Record(7);
  const std::vector<LoggedCommand> listed = List({}, 10);
  ASSERT_THAT(listed, SizeIs(1));
  const CommandRecord written = NewCommand(RequestScope::kRequest, "r-7", 7).record;
  EXPECT_EQ(listed[0].position, 1);
  EXPECT_EQ(listed[0].key, written.key);
  EXPECT_EQ(listed[0].kind, written.kind);
  EXPECT_EQ(listed[0].member_id, written.member_id);
  EXPECT_EQ(listed[0].principal, written.principal);
  EXPECT_EQ(listed[0].recorded_at, written.recorded_at);
  ASSERT_THAT(listed[0].news.points, SizeIs(1));
  EXPECT_EQ(listed[0].news.points[0].available, 7);
}

TEST_F(LogConformance, PagesHaveEverythingOnceInOrder) {
  constexpr int kMembers = 100;
  for (int member = 1; member <= kMembers; ++member) Record(static_cast<uint64_t>(member));
  for (const int limit : {1, 7, 1'000}) {
    std::map<std::string, int> seen;
    for (const LoggedCommand& command : Follow({}, limit)) ++seen[command.key.id];
    EXPECT_THAT(seen, SizeIs(kMembers)) << limit;
    for (const auto& [id, times] : seen) EXPECT_EQ(times, 1) << id;
  }
}

TEST_F(LogConformance, GoesOnWhereSomebodyHasComeTo) {
  for (uint64_t member = 1; member <= 70; ++member) Record(member);
  const LogPositions ends = *NewReader()->LogEnds();
  EXPECT_THAT(List(ends, 10), IsEmpty());
  for (uint64_t member = 71; member <= 80; ++member) Record(member);
  EXPECT_THAT(Follow(ends, 3), SizeIs(10));
}

}  // namespace
}  // namespace dangol::storage
