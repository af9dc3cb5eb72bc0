#include "server/domain/command.h"

namespace dangol::domain {
namespace {

struct Subject {
  std::optional<MemberRef> operator()(const EnrollMember& enroll) const {
    MemberRef ref;
    ref.id = enroll.member_id;
    return ref;
  }
  std::optional<MemberRef> operator()(const ActivateProgram&) const { return std::nullopt; }
  template <typename Other>
  std::optional<MemberRef> operator()(const Other& action) const {
    return action.member;
  }
};

}  // namespace

std::optional<MemberRef> MemberOf(const Command& command) {
  return std::visit(Subject(), command.action);
}

std::optional<MemberRef> OtherMemberOf(const Command& command) {
  if (const auto* transfer = std::get_if<TransferPoints>(&command.action)) return transfer->to;
  if (const auto* merge = std::get_if<MergeMembers>(&command.action)) return merge->into;
  if (const auto* unmerge = std::get_if<UnmergeMember>(&command.action)) {
    MemberRef merged = unmerge->member;
    merged.meaning = Meaning::kPerson;
    if (!unmerge->household) merged.meaning = Meaning::kItself;
    return merged;
  }
  return std::nullopt;
}

Inputs InputsOf(const Command& command) {
  Inputs inputs;
  if (const auto* issue = std::get_if<IssueCoupon>(&command.action); issue != nullptr) {
    inputs.coupon_code = issue->code;
    inputs.seed = issue->seed;
  }
  return inputs;
}

}  // namespace dangol::domain
