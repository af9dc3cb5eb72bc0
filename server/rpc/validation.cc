#include "server/rpc/validation.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/rpc/currency_code.h"

namespace dangol::rpc {
namespace {

bool IsVisibleAscii(char c) { return c > 0x20 && c < 0x7f; }
bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool IsNameCharacter(char c) {
  return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
}

std::string TooLong(size_t bytes, size_t max_bytes) {
  return absl::StrCat("has ", bytes, " bytes; at most ", max_bytes, " are allowed");
}

}  // namespace

std::string Path::ToString() const {
  if (index_ >= 0) return absl::StrCat(parent_->ToString(), "[", index_, "]");
  if (parent_ == nullptr) return std::string(name_);
  return absl::StrCat(parent_->ToString(), ".", name_);
}

void Validator::Fail(const Path& path, absl::string_view description) {
  ++count_;
  if (violations_.size() < limits::kMaxViolations) {
    violations_.push_back({path.ToString(), std::string(description)});
  }
}

void Validator::RequestId(const Path& path, absl::string_view id) {
  if (id.empty()) {
    Fail(path, "is required; choose an id of 1 to 128 visible ASCII characters");
  } else if (id.size() > limits::kMaxRequestIdBytes) {
    Fail(path, TooLong(id.size(), limits::kMaxRequestIdBytes));
  } else if (!std::all_of(id.begin(), id.end(), IsVisibleAscii)) {
    Fail(path, "has a character that is not visible ASCII; use only ! to ~");
  }
}

void Validator::Currency(const Path& path, absl::string_view code) {
  const std::string problem = ProblemOfCurrencyCode(code);
  Check(problem.empty(), path, problem);
}

void Validator::Text(const Path& path, absl::string_view text, size_t max_bytes, bool required) {
  if (required && text.empty()) {
    Fail(path, "is required");
  } else if (text.size() > max_bytes) {
    Fail(path, TooLong(text.size(), max_bytes));
  } else if (std::any_of(text.begin(), text.end(), IsControl)) {
    Fail(path, "has a control character; use printable text only");
  }
}

void Validator::Name(const Path& path, absl::string_view name, size_t max_bytes) {
  if (name.empty()) {
    Fail(path, "is required");
  } else if (name.size() > max_bytes) {
    Fail(path, TooLong(name.size(), max_bytes));
  } else if (!std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    Fail(path, "has a character other than a-z, 0-9, \"-\" and \"_\"");
  }
}

domain::Alias Validator::Alias(const Path& path, const v1::Alias& alias) {
  Name(Path(path, "kind"), alias.kind(), limits::kMaxAliasKindBytes);
  const Path value(path, "value");
  Text(value, alias.value(), limits::kMaxAliasValueBytes, /*required=*/true);
  // Some databases take "4005" and "4005 " for the same, and so do people.
  Check(!absl::StartsWith(alias.value(), " ") && !absl::EndsWith(alias.value(), " "), value,
        "begins or ends with a space; leave it out");
  return {alias.kind(), alias.value()};
}

domain::MemberRef Validator::MemberRef(const Path& path, bool present, const v1::MemberRef& ref) {
  domain::MemberRef member;
  if (!present || ref.ref_case() == v1::MemberRef::REF_NOT_SET) {
    Fail(path, "is required; give a member_id or an alias");
  } else if (ref.has_alias()) {
    member.alias = Alias(Path(path, "alias"), ref.alias());
  } else {
    member.id = MemberId(Path(path, "member_id"), ref.member_id());
  }
  return member;
}

std::optional<domain::MemberId> Validator::MemberId(const Path& path, const std::string& id) {
  std::optional<domain::MemberId> member = domain::MemberId::Parse(id);
  Check(member.has_value(), path,
        "is not a member id; give the one that EnrollMember or MergeMembers returned");
  return member;
}

absl::Time Validator::Time(const Path& path, const google::protobuf::Timestamp& time) {
  constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01, as Timestamp documents.
  constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31.
  constexpr int32_t kNanosPerMicro = 1'000;
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    Fail(path, "is not a valid timestamp; years 1 to 9999, nanos 0 to 999,999,999");
    return absl::UnixEpoch();
  }
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / kNanosPerMicro);
}

absl::Duration Validator::Duration(const Path& path, const google::protobuf::Duration& duration,
                                   absl::Duration least, absl::Duration most) {
  // Times are stored in whole microseconds.
  const absl::Duration length =
      absl::Trunc(absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos()),
                  absl::Microseconds(1));
  Check(length >= least && length <= most, path,
        absl::StrCat("must be ", absl::FormatDuration(least), " to ", absl::FormatDuration(most)));
  return length;
}

int Validator::PageSize(const Path& path, int32_t page_size) {
  Check(
      page_size >= 0 && page_size <= limits::kMaxPageSize, path,
      absl::StrCat("must be 1 to ", limits::kMaxPageSize, ", or 0 for ", limits::kDefaultPageSize));
  return page_size == 0 ? limits::kDefaultPageSize : page_size;
}

absl::Status Validator::status() const {
  if (count_ == 0) return absl::OkStatus();
  ErrorDetails details;
  details.reason = "INVALID_FIELDS";
  details.violations = violations_;
  std::string message = absl::StrCat(violations_[0].field, ": ", violations_[0].description);
  if (count_ > 1) absl::StrAppend(&message, " (and ", count_ - 1, " more)");
  return MakeError(absl::StatusCode::kInvalidArgument, message, details);
}

}  // namespace dangol::rpc
