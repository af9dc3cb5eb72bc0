#ifndef DANGOL_SERVER_RPC_VALIDATION_H_
#define DANGOL_SERVER_RPC_VALIDATION_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dangol/v1/common.pb.h"
#include "server/common/error.h"
#include "server/domain/member/member.h"

namespace dangol::rpc {

// Where a field is, linked through the stack, so that nothing is built for
// requests that are right.
class Path {
 public:
  explicit Path(absl::string_view name) : name_(name) {}
  Path(const Path& parent, absl::string_view name) : parent_(&parent), name_(name) {}
  // Item `index` of a repeated field.
  Path(const Path& list, int index) : parent_(&list), index_(index) {}

  // Such as "purchase.lines[2].sku".
  std::string ToString() const;

 private:
  const Path* parent_ = nullptr;
  absl::string_view name_;
  int index_ = -1;
};

// Collects everything that is wrong with a request. Each check notes what it
// finds and goes on.
class Validator {
 public:
  // Notes that a field is wrong, and what to do.
  void Fail(const Path& path, absl::string_view description);

  // Notes it unless `right`.
  void Check(bool right, const Path& path, absl::string_view description) {
    if (!right) Fail(path, description);
  }

  // A required id: visible ASCII, not too long.
  void RequestId(const Path& path, absl::string_view id);

  // The code of a currency; required.
  void Currency(const Path& path, absl::string_view code);

  // Printable text of at most `max_bytes`; may be empty unless `required`.
  void Text(const Path& path, absl::string_view text, size_t max_bytes, bool required = false);

  // a-z, 0-9, "-" and "_"; required.
  void Name(const Path& path, absl::string_view name, size_t max_bytes);

  domain::Alias Alias(const Path& path, const v1::Alias& alias);
  domain::MemberRef MemberRef(const Path& path, bool present, const v1::MemberRef& ref);
  // Nothing where it is none.
  std::optional<domain::MemberId> MemberId(const Path& path, const std::string& id);

  // A time in whole microseconds.
  absl::Time Time(const Path& path, const google::protobuf::Timestamp& time);

  // A length of time within these limits, in whole microseconds.
  absl::Duration Duration(const Path& path, const google::protobuf::Duration& duration,
                          absl::Duration least, absl::Duration most);

  // The page size to use.
  int PageSize(const Path& path, int32_t page_size);

  // INVALID_ARGUMENT with every violation; OK if there is none.
  absl::Status status() const;

 private:
  std::vector<FieldViolation> violations_;
  size_t count_ = 0;  // Also of those that are too many to list.
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_VALIDATION_H_
