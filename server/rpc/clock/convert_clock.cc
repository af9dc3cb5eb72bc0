#include "server/rpc/clock/convert_clock.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// A hundred years, which is kMaxClockAdvance, of each.
constexpr int64_t kMaxMonths = 1'200;
constexpr int64_t kMaxDays = 36'525;
constexpr int64_t kMaxSeconds = kMaxDays * 86'400;

void CheckPart(const Path& by, absl::string_view name, int64_t value, int64_t most,
               Validator& validator) {
  validator.Check(value >= 0 && value <= most, Path(by, name), absl::StrCat("must be 0 to ", most));
}

domain::Period ToPeriod(const Path& path, const v1::ClockPeriod& by, Validator& validator) {
  CheckPart(path, "months", by.months(), kMaxMonths, validator);
  CheckPart(path, "days", by.days(), kMaxDays, validator);
  CheckPart(path, "seconds", by.seconds(), kMaxSeconds, validator);
  validator.Check(by.months() != 0 || by.days() != 0 || by.seconds() != 0, path,
                  "must be more than nothing");
  return {by.months(), by.days(), absl::Seconds(by.seconds())};
}

}  // namespace

absl::StatusOr<lane::ClockAdvance> ToAdvance(const v1::AdvanceClockRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  lane::ClockAdvance advance;
  advance.request_id = message.request_id();
  switch (message.until_case()) {
    case v1::AdvanceClockRequest::kTo:
      advance.to = validator.Time(Path("to"), message.to());
      break;
    case v1::AdvanceClockRequest::kBy:
      advance.by = ToPeriod(Path("by"), message.by(), validator);
      break;
    case v1::AdvanceClockRequest::UNTIL_NOT_SET:
      validator.Fail(Path("to"), "is required, or `by`");
      break;
  }
  RETURN_IF_ERROR(validator.status());
  return advance;
}

}  // namespace dangol::rpc
