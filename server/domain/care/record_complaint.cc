#include "server/domain/care/record_complaint.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/care/care_errors.h"
#include "server/domain/care/complaint.h"
#include "server/domain/care/work_item.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/adjustment.h"
#include "server/domain/points/spend.h"
#include "server/domain/program/reigns.h"
#include "server/domain/purchase/record_purchase.h"

namespace dangol::domain {
namespace {

using Kind = ComplaintEventKind;

const ComplaintCategory* FindCategory(const std::string& id, const Care& care) {
  const auto found = std::find_if(care.categories.begin(), care.categories.end(),
                                  [&](const ComplaintCategory& one) { return one.id == id; });
  return found == care.categories.end() ? nullptr : &*found;
}

// The deadlines of a complaint that is open from `at` on: shorter for VVIPs, and for who speaks for
// the house.
void SetDeadlines(const Program& program, Severity severity, const Member& person, absl::Time at,
                  ComplaintEvent& event) {
  const bool is_sooner =
      SpeaksForTheHouse(person, program.time_zone, at) ||
      (program.vvip.has_value() && person.advocacy.IsVvipOn(DayIn(at, program.time_zone)));
  const int percent = is_sooner ? program.care->advocates_percent : 100;
  const CareDeadlines& deadlines = DeadlinesOf(*program.care, severity);
  event.acknowledge_by = at + absl::Trunc(deadlines.acknowledge * percent / 100, absl::Seconds(1));
  event.resolve_by = at + absl::Trunc(deadlines.resolve * percent / 100, absl::Seconds(1));
}

// Keeps with the person what other rules ask of the complaint.
void Remember(const Complaint& complaint, const MemberId& person, Draft& draft) {
  std::vector<ComplaintMark>& marks = HistoryOf(person, draft.person()).care.complaints;
  std::erase_if(marks, [&](const ComplaintMark& mark) {
    return mark.complaint_id == complaint.complaint_id;
  });
  for (ComplaintMark& mark : MarksOf(complaint)) marks.push_back(std::move(mark));
  std::stable_sort(marks.begin(), marks.end(), [](const ComplaintMark& a, const ComplaintMark& b) {
    return std::tie(a.opened_at, a.complaint_id) < std::tie(b.opened_at, b.complaint_id);
  });
  ForgetOldest(limits::kMaxComplaintMarks, marks);
  draft.NoteFactsAt(complaint.events.front().at);
}

Decision Conclude(const Complaint& complaint, const MemberId& person, const Care& care,
                  Draft& draft) {
  Remember(complaint, person, draft);
  Decision decision;
  const int missed = StatusAt(complaint, draft.now()).missed;
  decision.outcome = ComplaintOutcome{complaint, draft.person().id, EscalatedTo(care, missed),
                                      draft.now(), draft.book().Accounts()};
  decision.effects = draft.Finish();
  OfPerson(decision.effects).work_items.push_back(ItemOf(complaint, person));
  return decision;
}

const WorkItem* FindItem(absl::string_view id, const MemberState& member) {
  const auto found =
      std::find_if(member.work_items.begin(), member.work_items.end(), [&](const WorkItem& item) {
        return item.kind == WorkKind::kComplaint && item.item_id == id;
      });
  return found == member.work_items.end() ? nullptr : &*found;
}

// Gives points for a complaint.
absl::Status GiveGoodwill(const ProgramCatalog& catalog, absl::Time now, const Complaint& complaint,
                          ComplaintEvent& event, Draft& draft) {
  const ProgramVersion& version = *catalog.At(now);
  const Program& program = *version.program;
  const GoodwillTerms& terms = program.care->goodwill;
  if (terms.wallet.empty()) return GoodwillNotDeclared(program.name);
  const int64_t given = StatusAt(complaint, draft.now()).goodwill;
  if (given + event.points > terms.max_points) return GoodwillTooLarge(given, terms.max_points);
  ASSIGN_OR_RETURN(const Wallet* const wallet, FindWallet(terms.wallet, catalog, now));
  event.wallet = terms.wallet;
  const Cause cause{event.principal, event.request_id, terms.reason};
  return GiveByHand(version, now, *wallet, event.points, cause, draft);
}

}  // namespace

absl::StatusOr<Decision> DecideFileComplaint(const FileComplaint& command,
                                             absl::string_view principal, const State& state,
                                             const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  if (!program.care.has_value()) return CareNotDeclared(program.name);
  const ComplaintCategory* const category = FindCategory(command.category, *program.care);
  if (category == nullptr) return CategoryNotDeclared(command.category, *program.care);
  const absl::Time at = command.occurred_at.value_or(now);
  RETURN_IF_ERROR(CheckOccurred("occurred_at", at, program, now));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  Complaint complaint;
  complaint.complaint_id = command.complaint_id;
  complaint.category = command.category;
  complaint.severity = command.severity;
  complaint.channel = command.channel;
  complaint.purchase_id = command.purchase_id;
  ComplaintEvent& filed = complaint.events.emplace_back();
  filed.at = std::min(at, now);  // Two clocks differ.
  filed.request_id = command.complaint_id;
  filed.principal = std::string(principal);
  filed.text = command.text;
  filed.department = category->department;
  filed.owner = category->owner;
  SetDeadlines(program, command.severity, draft.person(), filed.at, filed);
  return Conclude(complaint, draft.person().id, *program.care, draft);
}

absl::StatusOr<Decision> DecideChangeComplaint(const ChangeComplaint& command,
                                               absl::string_view principal, const State& state,
                                               const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  if (!program.care.has_value()) return CareNotDeclared(program.name);
  const WorkItem* const item =
      state.member == nullptr ? nullptr : FindItem(command.complaint_id, *PersonOf(state));
  if (item == nullptr) return ComplaintNotFound(command.complaint_id);
  ASSIGN_OR_RETURN(Complaint complaint, ComplaintOf(*item));
  const ComplaintState stands = StatusAt(complaint, now).state;
  if (!CanHappen(command.kind, stands)) return ComplaintNotReady(command.kind, stands);
  if (complaint.events.size() >= limits::kMaxComplaintEvents) return TooManyComplaintEvents();
  Draft draft(state, catalog, now);
  draft.Advance();
  ComplaintEvent event;
  event.kind = command.kind;
  event.at = std::max(draft.now(), complaint.events.back().at);
  event.request_id = command.request_id;
  event.principal = std::string(principal);
  event.text = command.text;
  event.department = command.department;
  event.owner = command.owner;
  event.points = command.points;
  if (event.kind == Kind::kGoodwill) {
    RETURN_IF_ERROR(CheckNotClosed(state));
    RETURN_IF_ERROR(GiveGoodwill(catalog, now, complaint, event, draft));
  }
  if (event.kind == Kind::kUnsatisfied || event.kind == Kind::kReopened) {
    SetDeadlines(program, complaint.severity, draft.person(), event.at, event);
  }
  complaint.events.push_back(std::move(event));
  return Conclude(complaint, item->person, *program.care, draft);
}

}  // namespace dangol::domain
