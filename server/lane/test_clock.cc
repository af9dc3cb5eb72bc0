#include "server/lane/test_clock.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"

namespace dangol::lane {
namespace {

absl::Status NotATestStore() {
  return absl::FailedPreconditionError(
      "the store was made without a test clock and can have none: only a new store can");
}

absl::Status TestStore(absl::Time now) {
  return absl::FailedPreconditionError(
      absl::StrCat("it is a test store, whose clock is moved by hand and shows ", FormatUtc(now),
                   "; to go on with it, start with --test-clock and any time"));
}

absl::StatusOr<bool> IsNew(storage::Reader& reader) {
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load({}));
  return loaded.rules.empty();
}

}  // namespace

absl::StatusOr<std::unique_ptr<TestClock>> TestClock::Open(storage::Store& store,
                                                           absl::Time start) {
  std::unique_ptr<TestClock> clock(new TestClock(store));
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Reader> reader, store.NewReader());
  ASSIGN_OR_RETURN(const std::optional<storage::StoredClock> stored, reader->ReadClock());
  if (!stored.has_value()) {
    ASSIGN_OR_RETURN(const bool is_new, IsNew(*reader));
    if (!is_new) return NotATestStore();
    storage::StoredClock first;
    first.now = start;
    const absl::Status made = clock->Write(first);
    // Another server may have been faster.
    if (!absl::IsAborted(made)) RETURN_IF_ERROR(made);
  }
  RETURN_IF_ERROR(clock->Refresh().status());
  return clock;
}

absl::StatusOr<storage::StoredClock> TestClock::Refresh() {
  absl::MutexLock lock(&mutex_);
  if (reader_ == nullptr) {
    ASSIGN_OR_RETURN(reader_, store_.NewReader());
  }
  ASSIGN_OR_RETURN(std::optional<storage::StoredClock> stored, reader_->ReadClock());
  if (!stored.has_value()) return NotATestStore();
  Show(stored->now);
  return *std::move(stored);
}

absl::Status TestClock::Write(storage::StoredClock& clock) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Transaction> transaction, store_.Begin());
  storage::WriteSet writes;
  writes.clock = clock;
  RETURN_IF_ERROR(transaction->Write(writes));
  RETURN_IF_ERROR(transaction->Commit());
  ++clock.version;
  Show(clock.now);
  return absl::OkStatus();
}

void TestClock::Show(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t shown = micros_;
  while (shown < micros && !micros_.compare_exchange_weak(shown, micros)) {
  }
}

absl::Status CheckNoTestStore(storage::Store& store) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Reader> reader, store.NewReader());
  ASSIGN_OR_RETURN(const std::optional<storage::StoredClock> clock, reader->ReadClock());
  return clock.has_value() ? TestStore(clock->now) : absl::OkStatus();
}

}  // namespace dangol::lane
