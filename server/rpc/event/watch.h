#ifndef DANGOL_SERVER_RPC_EVENT_WATCH_H_
#define DANGOL_SERVER_RPC_EVENT_WATCH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dangol/v1/event_service.pb.h"
#include "server/domain/member/member.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Which events somebody wants, and how far they have come. Used by one thread at a time.
class EventWatch {
 public:
  // INVALID_ARGUMENT: INVALID_FIELDS.
  static absl::StatusOr<EventWatch> Parse(const v1::WatchEventsRequest& message);

  // Finds out what the request did not say: where it begins, and who is meant. INVALID_ARGUMENT
  // where the token is not of this store, NOT_FOUND: MEMBER_NOT_FOUND.
  absl::Status Begin(storage::Reader& reader);

  // Reads on, and puts what is wanted into the response, as much as one message may have.
  absl::Status Read(storage::Reader& reader, v1::WatchEventsResponse& response);

  // Whether the last Read came to the end of the log.
  bool at_end() const { return at_end_; }
  // Events that were left out since a response was sent with the token.
  size_t skipped() const { return skipped_; }
  bool until_now() const { return until_now_; }

  // Goes on after what was read.
  std::string TakeToken();

 private:
  bool Wants(const storage::LoggedCommand& command) const;
  absl::Status CheckToken(const storage::LogPositions& ends) const;

  bool has_token_ = false;
  bool from_now_ = false;
  bool until_now_ = false;
  std::optional<domain::MemberRef> named_;
  std::optional<domain::MemberId> member_;
  std::vector<v1::EventKind> kinds_;
  storage::LogPositions after_;
  bool at_end_ = false;
  size_t skipped_ = 0;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_EVENT_WATCH_H_
