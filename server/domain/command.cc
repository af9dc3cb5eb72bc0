#include "server/domain/command.h"

namespace dangol::domain {

std::optional<MemberRef> MemberOf(const Command& command) {
  struct Visitor {
    std::optional<MemberRef> operator()(const EnrollMember& enroll) const {
      return MemberRef{.id = enroll.member_id, .alias = {}};
    }
    std::optional<MemberRef> operator()(const AddAlias& add) const { return add.member; }
    std::optional<MemberRef> operator()(const RemoveAlias& remove) const { return remove.member; }
    std::optional<MemberRef> operator()(const RecordPurchase& record) const {
      return record.member;
    }
    std::optional<MemberRef> operator()(const ActivateProgram&) const { return std::nullopt; }
    std::optional<MemberRef> operator()(const AdvanceMember& advance) const {
      return advance.member;
    }
  };
  return std::visit(Visitor(), command.action);
}

}  // namespace dangol::domain
