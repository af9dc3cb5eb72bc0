#include "server/storage/stored_time.h"

#include <gtest/gtest.h>

namespace dangol::storage {
namespace {

TEST(StoredTimeTest, ComesBack) {
  for (const absl::Time time :
       {absl::InfinitePast(), absl::FromUnixMicros(-1), absl::UnixEpoch(),
        absl::FromUnixMicros(1'700'000'000'123'456), absl::InfiniteFuture()}) {
    EXPECT_EQ(FromStored(ToStored(time)), time);
  }
}

TEST(StoredTimeTest, NeverIsAfterEveryOtherTime) {
  EXPECT_GT(ToStored(absl::InfiniteFuture()), ToStored(absl::FromUnixMicros(1LL << 60)));
  EXPECT_LT(ToStored(absl::InfinitePast()), ToStored(absl::FromUnixMicros(-(1LL << 60))));
}

}  // namespace
}  // namespace dangol::storage
