#include "server/lane/overlay.h"

#include <algorithm>
#include <utility>

#include "server/common/record.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/audit/act.h"
#include "server/domain/referral/referrals.h"
#include "server/lane/program_library.h"

namespace dangol::lane {
namespace {

using domain::MemberRef;

// Nil where nobody brought them.
domain::MemberId ReferrerOf(const domain::Member& member) {
  const domain::Referral* const referral = domain::ReferralOf(member);
  return referral == nullptr ? domain::MemberId() : referral->referrer;
}

template <typename Row, typename SameKey>
void Merge(std::vector<Row>& from, std::vector<Row>& into, SameKey same_key) {
  for (Row& row : from) {
    auto known =
        std::find_if(into.begin(), into.end(), [&](const Row& r) { return same_key(r, row); });
    if (known == into.end()) {
      into.push_back(std::move(row));
    } else {
      *known = std::move(row);
    }
  }
}

// A batch may open thousands of lots for one member, with ever higher numbers:
// only an older lot needs to be looked for.
void MergeLots(std::vector<domain::Lot>& from, std::vector<domain::Lot>& into) {
  for (domain::Lot& lot : from) {
    auto place = std::lower_bound(into.begin(), into.end(), lot,
                                  [](const domain::Lot& a, const domain::Lot& b) {
                                    return std::tie(a.lot, a.purse) < std::tie(b.lot, b.purse);
                                  });
    if (place != into.end() && domain::NameOf(*place) == domain::NameOf(lot)) {
      *place = std::move(lot);
    } else {
      into.insert(place, std::move(lot));
    }
  }
}

storage::StoredRules ToStored(const domain::ProgramVersion& version) {
  storage::StoredRules stored;
  stored.version = version.version;
  stored.name = version.program->name;
  stored.effective_from = version.effective_from;
  stored.recorded_at = version.recorded_at;
  stored.text = version.text;
  return stored;
}

storage::StoredRules ToStored(const domain::Norms& norms) {
  storage::StoredRules stored;
  stored.effective_from = norms.effective_from;
  stored.recorded_at = norms.recorded_at;
  stored.norms = EncodeRecord(norms);
  return stored;
}

}  // namespace

Overlay::Overlay(storage::Loaded loaded, std::shared_ptr<const domain::ProgramCatalog> catalog,
                 const std::vector<domain::MemberId>& also)
    : loaded_(std::move(loaded)), catalog_(std::move(catalog)) {
  for (std::optional<domain::MemberId> id : also) {
    while (id.has_value()) {
      const auto state = loaded_.members.find(*std::exchange(id, std::nullopt));
      if (state == loaded_.members.end()) break;
      also_.push_back(&state->second);
      if (state->second.member.joined.has_value()) id = state->second.member.joined->into;
    }
  }
}

domain::State Overlay::StateFor(const domain::Command& command) const {
  domain::State state;
  state.aliases = &loaded_.aliases;
  state.counters = &loaded_.counters;
  state.also = also_;
  if (const auto subject = domain::MemberOf(command); subject.has_value()) {
    state.member = loaded_.Find(*subject);
    state.person = loaded_.FindPerson(*subject);
  }
  if (const auto other = domain::OtherMemberOf(command); other.has_value()) {
    state.other = loaded_.Find(*other);
    state.other_person = loaded_.FindPerson(*other);
  }
  return state;
}

void Overlay::KeepPurchasesOf(const MemberRef& member) {
  for (const domain::MemberState* state : {loaded_.Find(member), loaded_.FindPerson(member)}) {
    if (state != nullptr) loaded_.members.at(state->member.id).has_purchases = true;
  }
}

const storage::StoredReply* Overlay::FindReply(const storage::RequestKey& key) const {
  const auto reply = loaded_.requests.find(key);
  return reply == loaded_.requests.end() ? nullptr : &reply->second;
}

const storage::CommandRecord* Overlay::FindCommand(const storage::RequestKey& key) const {
  if (const auto kept = loaded_.commands.find(key); kept != loaded_.commands.end())
    return &kept->second;
  const auto added =
      std::find_if(writes_.commands.begin(), writes_.commands.end(),
                   [&](const storage::CommandWrite& write) { return write.record.key == key; });
  return added == writes_.commands.end() ? nullptr : &added->record;
}

void Overlay::KeepCommands(
    absl::flat_hash_map<storage::RequestKey, storage::CommandRecord> commands) {
  loaded_.commands = std::move(commands);
}

domain::Action Overlay::NamedByIds(const domain::Command& command) const {
  domain::Action action = command.action;
  const auto* const enroll = std::get_if<domain::EnrollMember>(&action);
  const auto* const refer = std::get_if<domain::RecordReferral>(&action);
  const domain::MemberId referrer = enroll != nullptr  ? enroll->referrer.id
                                    : refer != nullptr ? refer->referrer.id
                                                       : domain::MemberId();
  const std::optional<MemberRef> subject = domain::MemberOf(command);
  const auto owner_of = [&](const MemberRef& ref) -> std::optional<domain::MemberId> {
    // What comes late is of whoever had the alias then.
    const bool is_subject = subject.has_value() && subject->alias == ref.alias;
    if (const auto owner = loaded_.FindOwner(is_subject ? *subject : ref); owner.has_value()) {
      return owner;
    }
    return referrer.IsNil() ? std::nullopt : std::optional<domain::MemberId>(referrer);
  };
  domain::NameByIds(owner_of, action);
  return action;
}

void Overlay::Add(const Request& request, domain::Effects effects, const std::string& encoded,
                  absl::Time now) {
  ++added_;
  loaded_.requests[request.key] = {request.request_hash, encoded};
  storage::CommandWrite& write = writes_.commands.emplace_back();
  write.record.key = request.key;
  write.record.kind = domain::KindOf(request.command.action);
  write.record.principal = request.command.principal;
  write.record.recorded_at = now;
  write.record.request_hash = request.request_hash;
  write.record.action = domain::NamesByAlias(request.command.action)
                            ? domain::EncodeAction(NamedByIds(request.command))
                            : request.action;
  write.record.reply = encoded;
  if (domain::IsAct(request.command)) AddAct(request.command, effects, write);
  AddEffects(effects, write.record);
  domain::Effects& own = domain::OfPerson(effects);
  write.purchase = std::move(own.purchase);
  write.purchase_return = std::move(own.purchase_return);
  write.activity = std::move(own.activity);
  if (effects.program.has_value()) AddRules(*std::move(effects.program));
  if (effects.norms.has_value()) AddRules(*std::move(effects.norms));
}

void Overlay::AddAct(const domain::Command& command, const domain::Effects& effects,
                     storage::CommandWrite& write) const {
  const auto known = [&](const domain::Effects& some) -> const domain::MemberState* {
    if (!some.member.has_value()) return nullptr;
    const auto state = loaded_.members.find(some.member->id);
    return state == loaded_.members.end() ? nullptr : &state->second;
  };
  const domain::MemberState* const person =
      effects.of_person.empty() ? nullptr : known(effects.of_person.front());
  domain::Act act = domain::ActOf(command, known(effects), person, effects);
  storage::AuditRecord& record = write.act.emplace();
  record.recorded_at = write.record.recorded_at;
  record.key = write.record.key;
  record.kind = write.record.kind;
  if (person != nullptr) {
    record.member_id = person->member.id;
  } else if (effects.member.has_value()) {
    record.member_id = effects.member->id;
  }
  record.principal = command.principal;
  record.changes = EncodeRecord(act);
  record.reason = std::move(act.reason);
}

void Overlay::AddConsequence(const Request& request, domain::Consequence consequence,
                             absl::Time now) {
  storage::CommandRecord& record = writes_.commands.emplace_back().record;
  record.key = {storage::RequestScope::kConsequence, request.key.id};
  if (!consequence.id.empty()) record.key = {storage::RequestScope::kSystem, consequence.id};
  record.kind = domain::KindOf(consequence.action);
  record.principal = request.command.principal;
  record.recorded_at = now;
  record.action = domain::EncodeAction(consequence.action);
  AddEffects(consequence.effects, record);
}

void Overlay::AddEffects(domain::Effects& effects, storage::CommandRecord& record) {
  record.inputs.rules = catalog_->rules();
  record.news = domain::NewsOf(effects);
  for (const domain::CounterUse& use : effects.counters) {
    record.inputs.counters[use.name] = use.before;
    AddCounterUse(use);
  }
  if (effects.member.has_value()) {
    record.member_id = effects.member->id;
    AddMemberEffects(effects);
  }
  for (domain::Effects& theirs : effects.of_person) {
    record.inputs.person = theirs.member->id;
    AddMemberEffects(theirs);
  }
}

void Overlay::AddMemberEffects(domain::Effects& effects) {
  const domain::MemberId id = effects.member->id;
  domain::MemberState& state = loaded_.members[id];
  // New: all there is, is here.
  if (state.member.id.IsNil()) state.has_lots = state.has_purchases = true;
  const absl::Time next_due_at_before = state.member.next_due_at;
  const bool rare_changed = domain::IsNotable(*effects.member) != domain::IsNotable(state.member) ||
                            ReferrerOf(*effects.member) != ReferrerOf(state.member) ||
                            effects.member->joined != state.member.joined ||
                            effects.member->sharers != state.member.sharers ||
                            effects.member->own_activity_at != state.member.own_activity_at ||
                            effects.member->purses != state.member.purses ||
                            effects.member->former_owners != state.member.former_owners;
  // The state alone has the member until the writes are taken: a copy for each would cost as much
  // as deciding.
  domain::Member member = *std::exchange(effects.member, std::nullopt);
  domain::Apply(effects, state);
  state.member = std::move(member);
  TellGone(state.member.sharers, effects);
  for (const domain::AliasChange& change : effects.aliases) {
    if (change.added) {
      loaded_.aliases[change.alias] = id;
    } else {
      loaded_.aliases.erase(change.alias);
    }
    writes_.aliases.push_back(change);
  }

  const auto [place, is_new] = member_writes_.try_emplace(id, writes_.members.size());
  if (is_new) writes_.members.emplace_back().next_due_at_before = next_due_at_before;
  storage::MemberWrite& write = writes_.members[place->second];
  write.rare_changed |= rare_changed;
  Merge(effects.accounts, write.accounts,
        [](const domain::Account& a, const domain::Account& b) { return a.wallet == b.wallet; });
  MergeLots(effects.lots, write.lots);
  Merge(effects.returned_purchases, write.purchases,
        [](const domain::Purchase& a, const domain::Purchase& b) {
          return a.purchase_id == b.purchase_id;
        });
  if (effects.undone_return.has_value()) write.returns.push_back(*effects.undone_return);
  if (effects.undone_activity.has_value()) write.activities.push_back(*effects.undone_activity);
  Merge(effects.reservations, write.reservations,
        [](const domain::Reservation& a, const domain::Reservation& b) {
          return a.reservation_id == b.reservation_id;
        });
  Merge(effects.coupons, write.coupons, [](const domain::Coupon& a, const domain::Coupon& b) {
    return a.coupon_id == b.coupon_id;
  });
  Merge(effects.work_items, write.work_items,
        [](const domain::WorkItem& a, const domain::WorkItem& b) {
          return a.kind == b.kind && a.item_id == b.item_id;
        });
  AddAwards(id, effects.awards);
  std::move(effects.tier_records.begin(), effects.tier_records.end(),
            std::back_inserter(write.tier_records));
  std::move(effects.entries.begin(), effects.entries.end(), std::back_inserter(writes_.entries));
  if (effects.move.has_value()) writes_.moves.push_back(*effects.move);
  if (effects.erases) writes_.erasures.push_back({id, state.member.purses});
}

void Overlay::AddAwards(const domain::MemberId& id, std::vector<domain::Award>& awards) {
  const auto same = [](const domain::Award& a, const domain::Award& b) {
    return a.person == b.person && a.number == b.number;
  };
  // Those of a purse that is on its way to another are written where they still are.
  for (const domain::Move& move : writes_.moves) {
    if (move.to != id) continue;
    const auto moved =
        std::stable_partition(awards.begin(), awards.end(), [&](const domain::Award& award) {
          return std::find(move.purse_of.begin(), move.purse_of.end(), award.person) ==
                 move.purse_of.end();
        });
    std::vector<domain::Award> there(moved, awards.end());
    awards.erase(moved, awards.end());
    Merge(there, writes_.members[member_writes_.at(move.from)].awards, same);
  }
  Merge(awards, writes_.members[member_writes_.at(id)].awards, same);
}

void Overlay::TellGone(const std::vector<domain::Sharer>& sharers, const domain::Effects& effects) {
  for (const domain::Sharer& sharer : sharers) {
    const auto state = loaded_.members.find(sharer.id);
    if (state == loaded_.members.end()) continue;
    for (const domain::LedgerEntry& entry : effects.entries) {
      domain::AddGone(entry, state->second.gone);
    }
  }
}

void Overlay::AddBudgets(const domain::SharedCounters& counters) {
  has_budgets_ = true;
  for (const auto& [name, counter] : counters) loaded_.counters.try_emplace(name, counter);
}

void Overlay::AddCounterUse(const domain::CounterUse& use) {
  if (use.after == use.before) return;
  domain::SharedCounter& counter = loaded_.counters[use.name];
  counter.used = use.after;
  const auto written =
      std::find_if(writes_.counters.begin(), writes_.counters.end(),
                   [&](const storage::CounterWrite& write) { return write.name == use.name; });
  if (written == writes_.counters.end()) {
    writes_.counters.push_back({use.name, counter});
  } else {
    written->counter = counter;
  }
}

template <typename Rules>
void Overlay::AddRules(Rules rules) {
  writes_.rules.push_back(ToStored(rules));
  writes_.rules.back().number = catalog_->rules() + 1;
  auto extended = std::make_shared<domain::ProgramCatalog>(*catalog_);
  extended->Add(std::move(rules));
  catalog_ = std::move(extended);
}

storage::WriteSet Overlay::TakeWrites() {
  for (const auto& [id, place] : member_writes_) {
    writes_.members[place].member = std::move(loaded_.members.at(id).member);
  }
  return std::move(writes_);
}

}  // namespace dangol::lane
