#include "server/domain/audit/act.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dangol::domain {
namespace {

// Every kind that is an act.
template <typename... Actions>
struct ActionList {
  static bool Has(ActionKind kind) { return ((kind == kKindOf<Actions>) || ...); }
};
using Acts =
    ActionList<ActivateProgram, WithdrawProgram, RecordNorms, AddAlias, RemoveAlias, UpdateMember,
               ChangeStatus, EraseMember, MergeMembers, UnmergeMember, AdjustPoints, CancelCoupon,
               UndoReturn, UndoActivity, OverrideTier, EndTierOverride, ImportLifetimeSums,
               RecordReferral, RecordAdvocate, UndoAdvocateRecord, ChangeComplaint, CompleteWork>;

constexpr char kThere[] = "set";

std::string NameOf(MemberStatus status) {
  switch (status) {
    case MemberStatus::kActive:
      return "ACTIVE";
    case MemberStatus::kSuspended:
      return "SUSPENDED";
    case MemberStatus::kClosed:
      return "CLOSED";
    case MemberStatus::kErased:
      return "ERASED";
    case MemberStatus::kMerged:
      return "MERGED";
  }
  return "";
}

std::string NameOf(CouponStatus status) {
  switch (status) {
    case CouponStatus::kIssued:
      return "ISSUED";
    case CouponStatus::kUsed:
      return "USED";
    case CouponStatus::kExpired:
      return "EXPIRED";
    case CouponStatus::kCancelled:
      return "CANCELLED";
  }
  return "";
}

std::string NameOf(WorkStatus status) { return status == WorkStatus::kOpen ? "OPEN" : "DONE"; }

// A list of what has changed, without what has not.
class Changes {
 public:
  void Add(std::string what, std::string before, std::string after) {
    if (before == after) return;
    list_.push_back({std::move(what), std::move(before), std::move(after)});
  }
  std::vector<Change> Take() { return std::move(list_); }

 private:
  std::vector<Change> list_;
};

const std::string* Find(const Attributes& attributes, const std::string& key) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& known) { return known.first == key; });
  return found == attributes.end() ? nullptr : &found->second;
}

void AddAttributes(const Attributes& before, const Attributes& after, Changes& changes) {
  for (const auto& [key, value] : before) {
    const std::string* const kept = Find(after, key);
    const bool replaced = kept != nullptr && *kept != value;
    if (kept == nullptr) changes.Add(absl::StrCat("attribute.", key), kThere, "");
    if (replaced) changes.Add(absl::StrCat("attribute.", key), kThere, "replaced");
  }
  for (const auto& [key, value] : after) {
    if (Find(before, key) == nullptr) changes.Add(absl::StrCat("attribute.", key), "", kThere);
  }
}

std::string JoinedTo(const Member& member, bool household) {
  const bool is_so = member.joined.has_value() && member.joined->household == household;
  return is_so ? member.joined->into.ToString() : "";
}

// The tier that a person had on a day as it was known.
std::string TierOf(const Member& member, const std::string& ladder, DayNumber day) {
  std::string tier;
  for (const LadderStanding& standing : member.ladders) {
    if (standing.ladder != ladder) continue;
    for (const TierSpan& span : standing.spans) {
      if (span.day <= day) tier = span.tier;
    }
  }
  return tier;
}

void AddMember(const MemberState& before, const Member& after, Changes& changes) {
  const Member& member = before.member;
  changes.Add("status", NameOf(member.status), NameOf(after.status));
  changes.Add("merged_into", JoinedTo(member, false), JoinedTo(after, false));
  changes.Add("household", JoinedTo(member, true), JoinedTo(after, true));
  AddAttributes(member.attributes, after.attributes, changes);
}

// What a row was before, of those that are known; empty where it is new.
template <typename Row, typename Same>
std::string StatusBefore(const std::vector<Row>& known, const Same& same) {
  const auto found = std::find_if(known.begin(), known.end(), same);
  return found == known.end() ? "" : NameOf(found->status);
}

void AddOf(const MemberState& before, const Effects& effects, Changes& changes) {
  if (effects.member.has_value()) AddMember(before, *effects.member, changes);
  for (const Account& account : effects.accounts) {
    changes.Add(absl::StrCat("points.", account.wallet),
                absl::StrCat(AccountOf(before, account.wallet).available),
                absl::StrCat(account.available));
  }
  for (const TierRecord& record : effects.tier_records) {
    if (record.withdrawn || record.span.reason == TierReason::kAnnounced) continue;
    changes.Add(absl::StrCat("tier.", record.ladder),
                TierOf(before.member, record.ladder, record.span.day), record.span.tier);
  }
  for (const AliasChange& alias : effects.aliases) {
    changes.Add(absl::StrCat("alias.", alias.alias.kind), alias.added ? "" : kThere,
                alias.added ? kThere : "");
  }
  for (const Coupon& coupon : effects.coupons) {
    const auto same = [&](const Coupon& known) { return known.coupon_id == coupon.coupon_id; };
    changes.Add(absl::StrCat("coupon.", coupon.coupon_id), StatusBefore(before.coupons, same),
                NameOf(coupon.status));
  }
  for (const WorkItem& item : effects.work_items) {
    const auto same = [&](const WorkItem& known) {
      return known.kind == item.kind && known.item_id == item.item_id;
    };
    changes.Add(absl::StrCat("work.", item.item_id), StatusBefore(before.work_items, same),
                NameOf(item.status));
  }
}

std::string ReasonOf(const Command& command) {
  const std::string own = std::visit(
      [](const auto& action) -> std::string {
        if constexpr (requires { action.reason; }) return action.reason;
        return "";
      },
      command.action);
  return own.empty() ? command.reason : own;
}

}  // namespace

bool IsAct(const Command& command) {
  const ActionKind kind = KindOf(command.action);
  const bool is_by_somebody =
      command.principal != kSystemPrincipal || kind == kKindOf<ActivateProgram>;
  return is_by_somebody && Acts::Has(kind);
}

Act ActOf(const Command& command, const MemberState* before, const MemberState* person,
          const Effects& effects) {
  static const MemberState nobody;
  Changes changes;
  AddOf(before == nullptr ? nobody : *before, effects, changes);
  for (const Effects& theirs : effects.of_person) {
    AddOf(person == nullptr ? nobody : *person, theirs, changes);
  }
  if (effects.program.has_value()) {
    const int64_t version = effects.program->version;
    changes.Add("program", version > 1 ? absl::StrCat(version - 1) : "", absl::StrCat(version));
  }
  if (effects.norms.has_value()) changes.Add("norms", "", kThere);
  return {ReasonOf(command), changes.Take()};
}

}  // namespace dangol::domain
