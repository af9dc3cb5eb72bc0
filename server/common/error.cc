#include "server/common/error.h"

#include <optional>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dangol {
namespace {

constexpr char kReasonUrl[] = "dangol/reason";
constexpr char kViolationsUrl[] = "dangol/violations";
constexpr char kRetryUrl[] = "dangol/retry_delay_us";
constexpr char kMetadataUrl[] = "dangol/metadata";

// Between the parts of a payload; validated text has no control characters.
constexpr char kFieldEnd = '\x1f';
constexpr char kItemEnd = '\x1e';

std::string Payload(const absl::Status& status, absl::string_view url) {
  auto cord = status.GetPayload(url);
  return cord.has_value() ? std::string(*cord) : std::string();
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

void SetPairs(absl::string_view url, const Pairs& pairs, absl::Status& status) {
  if (pairs.empty()) return;
  std::string text;
  for (const auto& [first, second] : pairs) {
    absl::StrAppend(&text, first, std::string(1, kFieldEnd), second, std::string(1, kItemEnd));
  }
  status.SetPayload(url, absl::Cord(text));
}

Pairs PairsOf(const absl::Status& status, absl::string_view url) {
  const std::string text = Payload(status, url);
  Pairs pairs;
  for (absl::string_view item : absl::StrSplit(text, kItemEnd, absl::SkipEmpty())) {
    pairs.push_back(absl::StrSplit(item, absl::MaxSplits(kFieldEnd, 1)));
  }
  return pairs;
}

}  // namespace

std::string FormatUtc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details) {
  absl::Status status(code, message);
  if (!details.reason.empty()) status.SetPayload(kReasonUrl, absl::Cord(details.reason));
  Pairs violations;
  for (const FieldViolation& violation : details.violations) {
    violations.emplace_back(violation.field, violation.description);
  }
  SetPairs(kViolationsUrl, violations, status);
  SetPairs(kMetadataUrl, {details.metadata.begin(), details.metadata.end()}, status);
  if (details.retry_delay > absl::ZeroDuration()) {
    status.SetPayload(kRetryUrl,
                      absl::Cord(absl::StrCat(absl::ToInt64Microseconds(details.retry_delay))));
  }
  return status;
}

absl::Status Refused(absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  return RefusedFor("", code, reason, message);
}

absl::Status RefusedFor(absl::string_view field, absl::StatusCode code, absl::string_view reason,
                        absl::string_view message) {
  ErrorDetails details;
  details.reason = std::string(reason);
  if (!field.empty()) details.violations.push_back({std::string(field), std::string(message)});
  return MakeError(code, message, details);
}

absl::Status InvalidField(absl::string_view reason, absl::string_view field,
                          absl::string_view description) {
  ErrorDetails details;
  details.reason = std::string(reason);
  details.violations.push_back({std::string(field), std::string(description)});
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat(field, ": ", description),
                   details);
}

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails details;
  details.reason = Payload(status, kReasonUrl);
  for (auto& [field, description] : PairsOf(status, kViolationsUrl)) {
    details.violations.push_back({std::move(field), std::move(description)});
  }
  for (auto& [key, value] : PairsOf(status, kMetadataUrl)) {
    details.metadata[key] = std::move(value);
  }
  int64_t retry_us = 0;
  if (absl::SimpleAtoi(Payload(status, kRetryUrl), &retry_us)) {
    details.retry_delay = absl::Microseconds(retry_us);
  }
  return details;
}

absl::Status Combine(const absl::Status& first, const absl::Status& second) {
  if (first.ok()) return second;
  ErrorDetails details = DetailsOf(first);
  const ErrorDetails more = DetailsOf(second);
  if (first.code() != second.code() || details.violations.empty()) return first;
  details.violations.insert(details.violations.end(), more.violations.begin(),
                            more.violations.end());
  return MakeError(first.code(), absl::StrCat(first.message(), "; ", second.message()), details);
}

absl::Status PrefixFields(const absl::Status& status, absl::string_view prefix) {
  ErrorDetails details = DetailsOf(status);
  if (details.violations.empty()) return status;
  for (FieldViolation& violation : details.violations) {
    violation.field = absl::StrCat(prefix, violation.field);
  }
  return MakeError(status.code(), absl::StrCat(prefix, status.message()), details);
}

}  // namespace dangol
