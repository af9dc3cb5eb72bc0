#include "server/rpc/member/member_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/member_service.grpc.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/member/convert_merge.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::ServerUnaryReactor;

template <typename Response>
absl::Status Show(const lane::MemberView& view, Response& response) {
  ToProto(view.member->member, view.member->aliases, *response.mutable_member());
  return absl::OkStatus();
}

absl::Status List(const v1::ListMembersRequest& message, storage::Reader& reader,
                  v1::ListMembersResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::MemberStatus_IsValid(message.status()), Path("status"),
                  "is not a MemberStatus");
  RETURN_IF_ERROR(validator.status());
  storage::MemberFilter filter;
  if (message.status() != v1::MEMBER_STATUS_UNSPECIFIED) {
    filter.status = static_cast<domain::MemberStatus>(message.status());
  }
  const std::string list = absl::StrCat("members/", message.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  if (!position.empty()) {
    filter.after = domain::MemberId::Parse(position[0]);
    if (!filter.after.has_value()) return NotAToken();
  }
  // One more than asked for tells whether there is a next page; one that would
  // be too large ends early.
  ASSIGN_OR_RETURN(const std::vector<domain::MemberState> members,
                   reader.ListMembers(filter, page_size + 1));
  for (const domain::MemberState& state : members) {
    if (response.members_size() == page_size || response.ByteSizeLong() > limits::kMaxPageBytes) {
      const std::string& last = response.members(response.members_size() - 1).member_id();
      response.set_next_page_token(EncodePageToken(list, {last}));
      break;
    }
    ToProto(state.member, state.aliases, *response.add_members());
  }
  return absl::OkStatus();
}

using Base = v1::MemberService::WithRawCallbackMethod_EnrollMember<
    v1::MemberService::WithRawCallbackMethod_GetMember<
        v1::MemberService::WithRawCallbackMethod_LookupMember<
            v1::MemberService::WithRawCallbackMethod_ListMembers<
                v1::MemberService::WithRawCallbackMethod_AddAlias<
                    v1::MemberService::WithRawCallbackMethod_RemoveAlias<
                        v1::MemberService::WithRawCallbackMethod_SuspendMember<
                            v1::MemberService::WithRawCallbackMethod_ReinstateMember<
                                v1::MemberService::WithRawCallbackMethod_CloseMember<
                                    v1::MemberService::WithRawCallbackMethod_MergeMembers<
                                        v1::MemberService::WithRawCallbackMethod_UnmergeMember<
                                            v1::MemberService::WithRawCallbackMethod_JoinHousehold<
                                                v1::MemberService::
                                                    WithRawCallbackMethod_LeaveHousehold<
                                                        v1::MemberService::Service>>>>>>>>>>>>>;

class Service final : public Base {
 public:
  explicit Service(const Backend& backend) : backend_(backend) {}

  ServerUnaryReactor* EnrollMember(Context* context, const ByteBuffer* in,
                                   ByteBuffer* out) override {
    return Mutate<v1::EnrollMemberRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* AddAlias(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return Mutate<v1::AddAliasRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* RemoveAlias(Context* context, const ByteBuffer* in,
                                  ByteBuffer* out) override {
    return Mutate<v1::RemoveAliasRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* SuspendMember(Context* context, const ByteBuffer* in,
                                    ByteBuffer* out) override {
    return Mutate<v1::SuspendMemberRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* ReinstateMember(Context* context, const ByteBuffer* in,
                                      ByteBuffer* out) override {
    return Mutate<v1::ReinstateMemberRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* CloseMember(Context* context, const ByteBuffer* in,
                                  ByteBuffer* out) override {
    return Mutate<v1::CloseMemberRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* MergeMembers(Context* context, const ByteBuffer* in,
                                   ByteBuffer* out) override {
    return Mutate<v1::MergeMembersRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* UnmergeMember(Context* context, const ByteBuffer* in,
                                    ByteBuffer* out) override {
    return Mutate<v1::UnmergeMemberRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* JoinHousehold(Context* context, const ByteBuffer* in,
                                    ByteBuffer* out) override {
    return Mutate<v1::JoinHouseholdRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* LeaveHousehold(Context* context, const ByteBuffer* in,
                                     ByteBuffer* out) override {
    return Mutate<v1::LeaveHouseholdRequest>(backend_, *context, *in, *out, ToRequest);
  }

  ServerUnaryReactor* GetMember(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return ReadMember<v1::GetMemberRequest, v1::GetMemberResponse>(backend_, *context, *in, *out,
                                                                   ToReads, Show);
  }

  ServerUnaryReactor* LookupMember(Context* context, const ByteBuffer* in,
                                   ByteBuffer* out) override {
    return ReadMember<v1::LookupMemberRequest, v1::LookupMemberResponse>(backend_, *context, *in,
                                                                         *out, ToReads, Show);
  }

  ServerUnaryReactor* ListMembers(Context* context, const ByteBuffer* in,
                                  ByteBuffer* out) override {
    return Query<v1::ListMembersRequest, v1::ListMembersResponse>(backend_, *context, *in, *out,
                                                                  rpc::List);
  }

 private:
  Backend backend_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeMemberService(const Backend& backend) {
  return std::make_unique<Service>(backend);
}

}  // namespace dangol::rpc
