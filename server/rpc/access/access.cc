#include "server/rpc/access/access.h"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dangol/v1/common.pb.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/domain/member/member_id.h"

namespace dangol::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Fields = std::vector<const FieldDescriptor*>;

// Of a name that is not ours.
constexpr size_t kShownBytes = 64;

absl::Status Denied(absl::string_view reason, absl::string_view field, absl::string_view message) {
  return RefusedFor(field, absl::StatusCode::kPermissionDenied, reason, message);
}

// Calls `visit` with each message that has the last field of the path; ends with its first error.
// A message that is not there is an empty one.
absl::Status ForEach(const Message& message, const Fields& path, size_t at,
                     absl::FunctionRef<absl::Status(const Message& holder)> visit) {
  if (at + 1 == path.size()) return visit(message);
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* const field = path[at];
  if (!field->is_repeated()) {
    return ForEach(reflection.GetMessage(message, field), path, at + 1, visit);
  }
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    RETURN_IF_ERROR(ForEach(reflection.GetRepeatedMessage(message, field, i), path, at + 1, visit));
  }
  return absl::OkStatus();
}

// Every field of this name, in the request itself and in what it has one or several of.
std::vector<Fields> FindAll(const Descriptor& type, const std::string& name) {
  std::vector<Fields> found;
  if (const FieldDescriptor* const here = type.FindFieldByName(name)) found.push_back({here});
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const part = type.field(i);
    if (part->message_type() == nullptr) continue;
    const FieldDescriptor* const there = part->message_type()->FindFieldByName(name);
    if (there != nullptr) found.push_back({part, there});
  }
  return found;
}

bool IsOneText(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING && !field.is_repeated();
}
bool IsOneNumber(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 && !field.is_repeated();
}
bool IsOneFlag(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_BOOL && !field.is_repeated();
}
bool IsOneMember(const FieldDescriptor& field) {
  return field.message_type() == v1::MemberRef::descriptor() && !field.is_repeated();
}

std::string Named(const Fields& path) {
  return absl::StrJoin(path, ".", [](std::string* out, const FieldDescriptor* field) {
    absl::StrAppend(out, field->name());
  });
}

bool FlagOf(const Message& request, const Fields& path) {
  return request.GetReflection()->GetBool(request, path.back());
}

}  // namespace

When WhenOf(const Access& access, Role role) {
  switch (role) {
    case Role::kPos:
      return access.pos;
    case Role::kApp:
      return access.app;
    case Role::kCare:
      return access.care;
    case Role::kMarketing:
      return access.marketing;
    case Role::kAdmin:
      return access.admin;
    case Role::kAuditor:
      return access.auditor;
  }
  return When::kNever;
}

absl::string_view NameOf(When when) {
  switch (when) {
    case When::kNever:
      return "";
    case When::kAlways:
      return "yes";
    case When::kOwnStore:
      return "own stores";
    case When::kOwnMember:
      return "own member";
    case When::kForMembers:
      return "backend";
    case When::kAdjustLimit:
    case When::kGoodwillLimit:
      return "up to a limit";
    case When::kAudience:
      return "audience";
  }
  return "";
}

Gate::Gate(std::string method, const Access& access, const Descriptor& request)
    : method_(std::move(method)), access_(access) {
  if (Asks(When::kOwnStore)) store_id_ = Find(request, "store_id", IsOneText);
  if (Asks(When::kOwnMember)) member_ = Find(request, "member", IsOneMember);
  if (Asks(When::kAdjustLimit) || Asks(When::kGoodwillLimit))
    points_ = Find(request, "points", IsOneNumber);
  if (Asks(When::kAdjustLimit)) undoes_ = Find(request, "undoes", IsOneText);
  if (Asks(When::kAudience)) {
    for_marketing_ = Find(request, "for_marketing", IsOneFlag);
    without_personal_data_ = Find(request, "without_personal_data", IsOneFlag);
  }
}

bool Gate::Asks(When when) const {
  for (const Role role : kRoles) {
    if (WhenOf(access_, role) == when) return true;
  }
  return false;
}

// There has to be one: of several another might be used than is asked about here.
Gate::FieldPath Gate::Find(const Descriptor& request, const std::string& name,
                           bool (*is_kind)(const FieldDescriptor& field)) const {
  std::vector<FieldPath> paths = FindAll(request, name);
  if (paths.size() == 1 && is_kind(*paths.front().back())) return std::move(paths.front());
  spdlog::critical("who may call {} hangs on a field {}, of which {} has {}, or of another type",
                   method_, name, request.name(), paths.size());
  std::abort();
}

absl::Status Gate::RoleNotAllowed(const Caller& caller) const {
  const auto named = [](std::string* out, Role role) { absl::StrAppend(out, NameOf(role)); };
  std::vector<Role> allowed;
  for (const Role role : kRoles) {
    if (WhenOf(access_, role) != When::kNever) allowed.push_back(role);
  }
  return Denied("ROLE_NOT_ALLOWED", "",
                absl::StrCat(caller.principal, ", who is ",
                             absl::StrJoin(caller.roles, " and ", named), ", may not call ",
                             method_, "; that is for ", absl::StrJoin(allowed, ", ", named)));
}

absl::Status Gate::Admit(const Caller& caller) const {
  for (const Role role : caller.roles) {
    if (WhenOf(access_, role) != When::kNever) return absl::OkStatus();
  }
  return RoleNotAllowed(caller);
}

absl::Status Gate::Authorize(const Caller& caller, const Message& request) const {
  absl::Status first = absl::OkStatus();
  for (const Role role : caller.roles) {
    const When when = WhenOf(access_, role);
    if (when == When::kNever) continue;
    absl::Status checked = Check(when, caller, request);
    if (checked.ok()) return checked;
    if (first.ok()) first = std::move(checked);
  }
  return first.ok() ? RoleNotAllowed(caller) : first;
}

absl::Status Gate::Check(When when, const Caller& caller, const Message& request) const {
  switch (when) {
    case When::kNever:
      return RoleNotAllowed(caller);
    case When::kAlways:
      return absl::OkStatus();
    case When::kOwnStore:
      return CheckStores(caller, request);
    case When::kOwnMember:
      return CheckMember(caller, request);
    case When::kForMembers:
      if (caller.acts_for_members) return absl::OkStatus();
      return Denied("MEMBER_NOT_YOURS", "",
                    absl::StrCat(method_, " is for who acts for members, and ", caller.principal,
                                 " acts for one"));
    case When::kAdjustLimit:
      if (!request.GetReflection()->GetString(request, undoes_.back()).empty()) {
        return Denied("ABOVE_LIMIT", "undoes",
                      absl::StrCat(caller.principal, " may not undo what others have given"));
      }
      return CheckPoints(caller.adjust_points, request);
    case When::kGoodwillLimit:
      return CheckPoints(caller.goodwill_points, request);
    case When::kAudience:
      if (FlagOf(request, for_marketing_) && FlagOf(request, without_personal_data_)) {
        return absl::OkStatus();
      }
      return Denied("AUDIENCE_ONLY", "for_marketing",
                    absl::StrCat(caller.principal,
                                 " may list members with for_marketing and "
                                 "without_personal_data only; set both"));
  }
  return RoleNotAllowed(caller);
}

absl::Status Gate::CheckStores(const Caller& caller, const Message& request) const {
  return ForEach(request, store_id_, 0, [&](const Message& holder) -> absl::Status {
    std::string scratch;
    const std::string& store =
        holder.GetReflection()->GetStringReference(holder, store_id_.back(), &scratch);
    if (caller.store_ids.contains(store)) return absl::OkStatus();
    // Nobody has looked at the text yet.
    return Denied("STORE_NOT_YOURS", Named(store_id_),
                  store.empty() ? absl::StrCat("is needed of ", caller.principal)
                                : absl::StrCat("\"", absl::CHexEscape(store.substr(0, kShownBytes)),
                                               "\" is no store of ", caller.principal));
  });
}

absl::Status Gate::CheckMember(const Caller& caller, const Message& request) const {
  if (caller.acts_for_members) return absl::OkStatus();
  return ForEach(request, member_, 0, [&](const Message& holder) -> absl::Status {
    const Message& ref = holder.GetReflection()->GetMessage(holder, member_.back());
    const auto asked = domain::MemberId::Parse(static_cast<const v1::MemberRef&>(ref).member_id());
    if (asked.has_value() && asked == domain::MemberId::Parse(caller.member_id)) {
      return absl::OkStatus();
    }
    return Denied("MEMBER_NOT_YOURS", Named(member_),
                  absl::StrCat(caller.principal, " acts for member ", caller.member_id,
                               " only, and names them by this id"));
  });
}

absl::Status Gate::CheckPoints(int64_t limit, const Message& request) const {
  const int64_t points = request.GetReflection()->GetInt64(request, points_.back());
  if (points <= limit && points >= -limit) return absl::OkStatus();
  return Denied("ABOVE_LIMIT", "points",
                absl::StrCat("at most ", limit, " in one call are allowed to you"));
}

}  // namespace dangol::rpc
