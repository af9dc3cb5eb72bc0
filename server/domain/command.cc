#include "server/domain/command.h"

#include <utility>

#include "server/common/record.h"

namespace dangol::domain {
namespace {

struct Subject {
  std::optional<MemberRef> operator()(const EnrollMember& enroll) const {
    MemberRef ref;
    ref.id = enroll.member_id;
    return ref;
  }
  std::optional<MemberRef> operator()(const ActivateProgram&) const { return std::nullopt; }
  std::optional<MemberRef> operator()(const WithdrawProgram&) const { return std::nullopt; }
  std::optional<MemberRef> operator()(const RecordNorms&) const { return std::nullopt; }
  // What comes late is of whoever had the alias when it occurred.
  std::optional<MemberRef> operator()(const RecordPurchase& record) const {
    MemberRef ref = record.member;
    ref.as_of = record.occurred_at;
    return ref;
  }
  std::optional<MemberRef> operator()(const RecordReturn& record) const {
    MemberRef ref = record.member;
    ref.as_of = record.occurred_at;
    return ref;
  }
  std::optional<MemberRef> operator()(const RecordActivity& record) const {
    MemberRef ref = record.member;
    ref.as_of = record.occurred_at;
    return ref;
  }
  template <typename Other>
  std::optional<MemberRef> operator()(const Other& action) const {
    return action.member;
  }
};

bool HasAlias(const MemberRef& ref) { return !ref.alias.kind.empty(); }

// Looks at the references of an action, and passes over all else that is in it.
struct AliasFinder {
  bool found = false;

  void operator()(uint32_t, const MemberRef& ref) { found = found || HasAlias(ref); }
  void operator()(uint32_t, const std::optional<MemberRef>& ref) {
    if (ref.has_value()) found = found || HasAlias(*ref);
  }
  template <typename Other>
  void operator()(uint32_t, const Other&) {}
};

struct AliasReplacer {
  absl::FunctionRef<std::optional<MemberId>(const MemberRef&)> owner_of;

  void operator()(uint32_t, MemberRef& ref) {
    if (!HasAlias(ref)) return;
    if (!ref.id.has_value()) ref.id = owner_of(ref);
    ref.alias = Alias();
  }
  void operator()(uint32_t number, std::optional<MemberRef>& ref) {
    if (ref.has_value()) (*this)(number, *ref);
  }
  template <typename Other>
  void operator()(uint32_t, Other&) {}
};

// Of the alternative with this kind; all others are passed over.
template <size_t... kIndexes>
absl::StatusOr<Action> Decode(ActionKind kind, absl::string_view record,
                              std::index_sequence<kIndexes...>) {
  absl::StatusOr<Action> decoded = absl::DataLossError("a command of an unknown kind");
  const auto decode = [&]<size_t kIndex>() {
    if (static_cast<size_t>(kind) != kIndex + 1) return;
    std::variant_alternative_t<kIndex, Action> action;
    const absl::Status status = DecodeRecord(record, action);
    decoded = status.ok() ? absl::StatusOr<Action>(std::move(action)) : status;
  };
  (decode.template operator()<kIndexes>(), ...);
  return decoded;
}

}  // namespace

std::optional<MemberRef> MemberOf(const Command& command) {
  return std::visit(Subject(), command.action);
}

std::optional<MemberRef> OtherMemberOf(const Command& command) {
  if (const auto* transfer = std::get_if<TransferPoints>(&command.action)) return transfer->to;
  if (const auto* merge = std::get_if<MergeMembers>(&command.action)) return merge->into;
  if (const auto* unmerge = std::get_if<UnmergeMember>(&command.action)) {
    MemberRef merged = unmerge->member;
    merged.resolve = Resolve::kToPerson;
    if (!unmerge->household) merged.resolve = Resolve::kToItself;
    return merged;
  }
  return std::nullopt;
}

std::string EncodeAction(const Action& action) {
  return std::visit([](const auto& any) { return EncodeRecord(any); }, action);
}

absl::StatusOr<Action> DecodeAction(ActionKind kind, absl::string_view record) {
  return Decode(kind, record, std::make_index_sequence<std::variant_size_v<Action>>());
}

bool NamesByAlias(const Action& action) {
  AliasFinder finder;
  std::visit([&](const auto& any) { record_internal::VisitFields(any, finder); }, action);
  return finder.found;
}

void NameByIds(absl::FunctionRef<std::optional<MemberId>(const MemberRef&)> owner_of,
               Action& action) {
  AliasReplacer replacer{owner_of};
  std::visit([&](auto& any) { std::remove_cvref_t<decltype(any)>::Fields(any, replacer); }, action);
}

Action ContentOf(Action action) {
  if (auto* enroll = std::get_if<EnrollMember>(&action)) {
    enroll->member_id = MemberId();
    enroll->referrer = FoundReferrer();
  }
  if (auto* record = std::get_if<RecordReferral>(&action)) record->referrer = FoundReferrer();
  if (auto* issue = std::get_if<IssueCoupon>(&action)) {
    issue->code.clear();
    issue->seed = 0;
  }
  if (auto* record = std::get_if<RecordNorms>(&action)) record->norms = Norms();
  return action;
}

}  // namespace dangol::domain
