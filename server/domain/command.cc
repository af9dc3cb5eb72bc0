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
  const auto* transfer = std::get_if<TransferPoints>(&command.action);
  if (transfer == nullptr) return std::nullopt;
  return transfer->to;
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
