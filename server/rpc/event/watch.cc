#include "server/rpc/event/watch.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/event/convert_event.h"
#include "server/rpc/handling.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

constexpr char kToken[] = "events";

absl::Status NotAResumeToken() {
  return InvalidField("INVALID_FIELDS", "resume_token",
                      "is not a token of this store's events; pass one on unchanged, or leave it "
                      "out to begin with the first event");
}

// "partition:position" of each that was read from.
std::string EncodeToken(const storage::LogPositions& after) {
  std::vector<std::string> parts;
  for (const auto& [partition, position] : after) {
    parts.push_back(absl::StrCat(partition, ":", position));
  }
  return EncodePageToken(kToken, {absl::StrJoin(parts, ",")});
}

absl::StatusOr<storage::LogPositions> DecodeToken(const std::string& token) {
  const auto parts = DecodePageToken(kToken, token, 1);
  if (!parts.ok()) return NotAResumeToken();
  storage::LogPositions after;
  for (const absl::string_view part : absl::StrSplit(parts->front(), ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> place = absl::StrSplit(part, ':');
    const auto partition = TokenNumber(place.first);
    const auto position = TokenNumber(place.second);
    const bool is_right = partition.ok() && *partition >= 0 && *partition < storage::kPartitions &&
                          position.ok() && *position >= 0;
    if (!is_right) return NotAResumeToken();
    after[static_cast<int>(*partition)] = *position;
  }
  return after;
}

}  // namespace

absl::StatusOr<EventWatch> EventWatch::Parse(const v1::WatchEventsRequest& message) {
  EventWatch watch;
  Validator validator;
  if (message.has_member()) {
    watch.named_ = validator.MemberRef(Path("member"), true, message.member());
    watch.named_->resolve = domain::Resolve::kToPerson;
  }
  const Path kinds("kinds");
  for (int i = 0; i < message.kinds_size(); ++i) {
    const auto kind = static_cast<v1::EventKind>(message.kinds(i));
    validator.Check(v1::EventKind_IsValid(kind), Path(kinds, i), "is not an EventKind");
    if (kind != v1::EVENT_KIND_UNSPECIFIED) watch.kinds_.push_back(kind);
  }
  if (message.from_now() && !message.resume_token().empty()) {
    validator.Fail(Path("from_now"), "says where to begin, and so does resume_token; give one");
  }
  RETURN_IF_ERROR(validator.status());
  watch.has_token_ = !message.resume_token().empty();
  if (watch.has_token_) {
    ASSIGN_OR_RETURN(watch.after_, DecodeToken(message.resume_token()));
  }
  watch.from_now_ = message.from_now();
  watch.until_now_ = message.until_now();
  return watch;
}

absl::Status EventWatch::Begin(storage::Reader& reader) {
  if (has_token_ || from_now_) {
    ASSIGN_OR_RETURN(storage::LogPositions ends, reader.LogEnds());
    if (has_token_) RETURN_IF_ERROR(CheckToken(ends));
    if (from_now_) after_ = std::move(ends);
  }
  if (named_.has_value()) {
    ASSIGN_OR_RETURN(member_, FindMember(*named_, reader));
  }
  return absl::OkStatus();
}

absl::Status EventWatch::CheckToken(const storage::LogPositions& ends) const {
  for (const auto& [partition, position] : after_) {
    const auto end = ends.find(partition);
    if (end == ends.end() || end->second < position) return NotAResumeToken();
  }
  return absl::OkStatus();
}

bool EventWatch::Wants(const storage::LoggedCommand& command) const {
  if (member_.has_value() && command.member_id != *member_ && command.person != *member_) {
    return false;
  }
  return kinds_.empty() || absl::c_linear_search(kinds_, static_cast<v1::EventKind>(command.kind));
}

absl::Status EventWatch::Read(storage::Reader& reader, v1::WatchEventsResponse& response) {
  ASSIGN_OR_RETURN(const std::vector<storage::LoggedCommand> commands,
                   reader.ListLog(after_, limits::kMaxLogPage));
  at_end_ = commands.empty();
  size_t bytes = 0;
  for (const storage::LoggedCommand& command : commands) {
    if (bytes > limits::kMaxPageBytes) return absl::OkStatus();
    if (Wants(command)) {
      v1::Event& event = *response.add_events();
      ToProto(command, event);
      bytes += event.ByteSizeLong();
    } else {
      ++skipped_;
    }
    after_[command.partition] = command.position;
  }
  return absl::OkStatus();
}

std::string EventWatch::TakeToken() {
  skipped_ = 0;
  return EncodeToken(after_);
}

}  // namespace dangol::rpc
