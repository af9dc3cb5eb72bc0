#ifndef DANGOL_SERVER_RPC_ACCESS_ACCESS_H_
#define DANGOL_SERVER_RPC_ACCESS_ACCESS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/rpc/access/caller.h"

// Who may call a method. Each row of the tables of methods says it; what a row does not say is
// not allowed.
namespace dangol::rpc {

// When a role may call a method.
enum class When : uint8_t {
  kNever,
  kAlways,
  kOwnStore,       // Each store_id in the request is one of theirs.
  kOwnMember,      // `member` is theirs, by its id; who acts for members names any.
  kForMembers,     // They act for members.
  kAdjustLimit,    // `points` are not above what they may adjust, and nothing is undone.
  kGoodwillLimit,  // `points` are not above what they may give as goodwill.
  kAudience,       // The request asks for an audience without personal data.
};

// The column of a method.
struct Access {
  When pos = When::kNever;
  When app = When::kNever;
  When care = When::kNever;
  When marketing = When::kNever;
  When admin = When::kAlways;
  When auditor = When::kNever;
};

When WhenOf(const Access& access, Role role);

// Such as "own stores", for people; "" where never.
absl::string_view NameOf(When when);

// A method's column together with where in its requests is what it asks for. Thread-safe.
class Gate {
 public:
  // Dies where the request has not exactly one field that the column asks for: then the table of
  // methods is wrong.
  // `method` as people know it, such as "PointsService/GetBalance".
  Gate(std::string method, const Access& access, const google::protobuf::Descriptor& request);

  const std::string& method() const { return method_; }

  // Whether the caller has a role that may call the method at all. PERMISSION_DENIED:
  // ROLE_NOT_ALLOWED.
  absl::Status Admit(const Caller& caller) const;

  // Whether one of the caller's roles lets them ask for this. PERMISSION_DENIED: ROLE_NOT_ALLOWED,
  // STORE_NOT_YOURS, MEMBER_NOT_YOURS, ABOVE_LIMIT, AUDIENCE_ONLY, of the first role that may call
  // the method.
  absl::Status Authorize(const Caller& caller, const google::protobuf::Message& request) const;

 private:
  // From the request to a field, through messages that it consists of.
  using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

  FieldPath Find(const google::protobuf::Descriptor& request, const std::string& name,
                 bool (*is_kind)(const google::protobuf::FieldDescriptor& field)) const;
  bool Asks(When when) const;
  absl::Status RoleNotAllowed(const Caller& caller) const;
  absl::Status Check(When when, const Caller& caller,
                     const google::protobuf::Message& request) const;
  absl::Status CheckStores(const Caller& caller, const google::protobuf::Message& request) const;
  absl::Status CheckMember(const Caller& caller, const google::protobuf::Message& request) const;
  absl::Status CheckPoints(int64_t limit, const google::protobuf::Message& request) const;

  const std::string method_;
  const Access access_;
  // Of what the column asks for.
  FieldPath store_id_;
  FieldPath member_;
  FieldPath points_;
  FieldPath undoes_;
  FieldPath for_marketing_;
  FieldPath without_personal_data_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_ACCESS_H_
