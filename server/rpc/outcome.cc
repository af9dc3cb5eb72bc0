#include "server/rpc/outcome.h"

#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/rpc/convert_member.h"
#include "server/rpc/convert_program.h"
#include "server/rpc/convert_purchase.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

// Every reply about a member has the member as field 1: one encoding is all of
// them.
static_assert(v1::MemberServiceEnrollResponse::kMemberFieldNumber == 1);
static_assert(v1::AddAliasResponse::kMemberFieldNumber == 1);
static_assert(v1::RemoveAliasResponse::kMemberFieldNumber == 1);

// What wire.h's WithReplayed rests on.
static_assert(v1::MemberServiceEnrollResponse::kReplayedFieldNumber == 15);
static_assert(v1::AddAliasResponse::kReplayedFieldNumber == 15);
static_assert(v1::RemoveAliasResponse::kReplayedFieldNumber == 15);
static_assert(v1::RecordPurchaseResponse::kReplayedFieldNumber == 15);
static_assert(v1::ProgramServiceActivateResponse::kReplayedFieldNumber == 15);

struct Encode {
  std::string operator()(const std::monostate&) const { return ""; }

  std::string operator()(const domain::MemberOutcome& outcome) const {
    v1::MemberServiceEnrollResponse response;
    ToProto(outcome.member, outcome.aliases, *response.mutable_member());
    return Serialize(response);
  }

  std::string operator()(const domain::PurchaseOutcome& outcome) const {
    v1::RecordPurchaseResponse response;
    ToProto(outcome, *response.mutable_outcome());
    return Serialize(response);
  }

  std::string operator()(const domain::ProgramOutcome& outcome) const {
    v1::ProgramServiceActivateResponse response;
    ToProto(outcome.version, /*with_text=*/true, *response.mutable_version());
    return Serialize(response);
  }
};

}  // namespace

std::string EncodeOutcome(const domain::Outcome& outcome) { return std::visit(Encode(), outcome); }

}  // namespace dangol::rpc
