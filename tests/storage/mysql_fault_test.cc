#include <gtest/gtest.h>

#include "server/storage/mysql/fault.h"

namespace dangol::storage::mysql {
namespace {

// What each error means, once for a statement and once for COMMIT.
TEST(MysqlFaultTest, IsClassifiedOnce) {
  const struct {
    int code;
    const char* state;
    absl::StatusCode status;
    bool lost;
    bool rolled_back;
  } kCases[] = {
      {1213, "40001", absl::StatusCode::kAborted, false, true},
      {3101, "40001", absl::StatusCode::kAborted, false, true},  // Group Replication.
      {8022, "HY000", absl::StatusCode::kAborted, false, true},
      {8028, "HY000", absl::StatusCode::kAborted, false, true},
      {9007, "HY000", absl::StatusCode::kAborted, false, true},
      {1205, "HY000", absl::StatusCode::kAborted, false, false},
      {1062, "23000", absl::StatusCode::kAborted, false, false},
      {1048, "23000", absl::StatusCode::kAborted, false, false},
      {2006, "HY000", absl::StatusCode::kAborted, true, false},
      {2013, "HY000", absl::StatusCode::kAborted, true, false},
      {1047, "08S01", absl::StatusCode::kAborted, true, false},
      {1290, "HY000", absl::StatusCode::kAborted, true, false},
      {2002, "HY000", absl::StatusCode::kUnavailable, true, false},
      {1040, "08004", absl::StatusCode::kUnavailable, true, false},
      {9005, "HY000", absl::StatusCode::kUnavailable, true, false},
      {1021, "HY000", absl::StatusCode::kResourceExhausted, false, false},
      {1114, "HY000", absl::StatusCode::kResourceExhausted, false, false},
      {1045, "28000", absl::StatusCode::kFailedPrecondition, false, false},
      {1146, "42S02", absl::StatusCode::kFailedPrecondition, false, false},
      {1406, "22001", absl::StatusCode::kInternal, false, false},
      {1064, "42000", absl::StatusCode::kInternal, false, false},
  };
  for (const auto& test : kCases) {
    const Fault fault = Classify(test.code, test.state, "message");
    EXPECT_EQ(fault.status.code(), test.status) << test.code;
    EXPECT_EQ(fault.lost, test.lost) << test.code;
    EXPECT_EQ(fault.rolled_back, test.rolled_back) << test.code;
    EXPECT_EQ(fault.answered, test.code / 1'000 != 2) << test.code;
    EXPECT_EQ(fault.code, test.code);
  }
}

// TiDB has one number for many things.
TEST(MysqlFaultTest, ALockThatTidbGaveUpOnIsAConflict) {
  const Fault lock = Classify(1105, "HY000", "pessimistic lock retry limit reached");
  EXPECT_TRUE(absl::IsAborted(lock.status));
  EXPECT_TRUE(lock.rolled_back);
  EXPECT_FALSE(lock.lost);
  EXPECT_TRUE(absl::IsInternal(Classify(1105, "HY000", "no such function").status));
}

}  // namespace
}  // namespace dangol::storage::mysql
