#include "server/rpc/advocate/advocate_reads.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/advocate/vvip.h"
#include "server/domain/errors.h"
#include "server/domain/program/reigns.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/standing/rfm_values.h"
#include "server/lane/rfm_population.h"
#include "server/rpc/day.h"
#include "server/rpc/page_token.h"
#include "server/rpc/tier/person.h"
#include "server/rpc/validation.h"
#include "server/storage/every_member.h"

namespace dangol::rpc {
namespace {

// The member, and those who were merged into them: each is named as who brought somebody.
std::vector<domain::MemberId> PersonsOf(const domain::Member& member) {
  std::vector<domain::MemberId> persons = {member.id};
  for (const domain::History& history : member.histories) {
    if (!history.person.IsNil()) persons.push_back(history.person);
  }
  std::sort(persons.begin(), persons.end());
  return persons;
}

int64_t ReferredBy(const domain::Member& member) {
  return TotalOf(member.histories, domain::Measure::kReferrals, domain::kUnpaidReferrals);
}

// Whether somebody's referral that counts is by this person, of whom a store lists them.
bool IsReferredBy(const domain::MemberId& person, const domain::Member& member) {
  const domain::Referral* const referral = domain::ReferralOf(member);
  return referral != nullptr && referral->referrer == person;
}

void Tell(const domain::Member& member, v1::ReferredMember& out) {
  out.set_member_id(member.id.ToString());
  out.set_referred_on(DayText(domain::ReferralOf(member)->day));
  out.set_has_bought(TotalOf(member.histories, domain::Measure::kPurchases) > 0);
  out.set_referred(ReferredBy(member));
}

// Calls visit(member) for each whom these persons brought and who is here.
absl::Status ForEachReferred(const std::vector<domain::MemberId>& persons, storage::Reader& reader,
                             absl::FunctionRef<void(const domain::Member&)> visit) {
  for (const domain::MemberId& person : persons) {
    storage::MemberFilter filter;
    filter.referrer = person;
    RETURN_IF_ERROR(storage::ForEachMember(filter, reader, [&](const domain::Member& member) {
      if (lane::TakesPart(member) && IsReferredBy(person, member)) visit(member);
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

// Adds up advocates, state by state.
class Report {
 public:
  Report(const domain::ProgramCatalog& catalog, const domain::Program& program, absl::Time now)
      : catalog_(catalog),
        program_(program),
        now_(now),
        yesterday_(domain::DayIn(now, program.time_zone) - 1) {}

  absl::Status Add(const domain::Member& member, storage::Reader& reader) {
    const domain::AdvocateStanding standing = domain::StandingOf(member, catalog_, now_);
    if (standing.is_vvip) ++vvips_;
    if (standing.is_vvip && standing.manager.empty()) ++unassigned_vvips_;
    const domain::TestifierState testifier =
        domain::TestifierAt(domain::AdvocateRecordsOf(member), program_.time_zone, now_);
    if (testifier == domain::TestifierState::kActive) ++testifiers_;
    if (standing.word_of_mouth() == domain::WordOfMouthState::kNone) return absl::OkStatus();
    v1::AdvocatesInState& sums = states_[standing.word_of_mouth()];
    sums.set_members(sums.members() + 1);
    sums.set_influence_thousandths(sums.influence_thousandths() + standing.influence);
    sums.set_referred(sums.referred() + ReferredBy(member));
    sums.set_spent_minor(sums.spent_minor() + SpentBy(member));
    return ForEachReferred(PersonsOf(member), reader, [&](const domain::Member& referred) {
      sums.set_referred_spent_minor(sums.referred_spent_minor() + SpentBy(referred));
    });
  }

  void Finish(v1::GetAdvocateReportResponse& out) {
    for (auto& [state, sums] : states_) {
      sums.set_state(static_cast<v1::WordOfMouthState>(state));
      *out.add_states() = sums;
    }
    out.set_vvips(vvips_);
    out.set_unassigned_vvips(unassigned_vvips_);
    out.set_testifiers(testifiers_);
    if (program_.rfm.has_value()) out.set_currency(domain::BasisOf(program_).base_currency);
  }

 private:
  int64_t SpentBy(const domain::Member& member) const {
    if (!program_.rfm.has_value()) return 0;
    return InBaseCurrency(member.histories, domain::Measure::kNetSpend,
                          domain::RfmWindow(*program_.rfm, yesterday_), program_);
  }

  const domain::ProgramCatalog& catalog_;
  const domain::Program& program_;
  const absl::Time now_;
  const domain::DayNumber yesterday_;
  std::map<domain::WordOfMouthState, v1::AdvocatesInState> states_;
  int64_t vvips_ = 0;
  int64_t unassigned_vvips_ = 0;
  int64_t testifiers_ = 0;
};

}  // namespace

absl::Status ListReferredMembers(const v1::ListReferredMembersRequest& message, Backend& backend,
                                 storage::Reader& reader,
                                 v1::ListReferredMembersResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  const std::string list = absl::StrCat("referred/", person.member.id.ToString());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  domain::MemberId after;
  if (!position.empty()) {
    const auto parsed = domain::MemberId::Parse(position[0]);
    if (!parsed.has_value()) return NotAToken();
    after = *parsed;
  }
  // One more of each person than the page may have: the first of them all are the page.
  std::vector<domain::Member> found;
  for (const domain::MemberId& referrer : PersonsOf(person.member)) {
    storage::MemberFilter filter;
    filter.bare = true;
    filter.referrer = referrer;
    filter.after = after;
    ASSIGN_OR_RETURN(std::vector<domain::MemberState> some,
                     reader.ListMembers(filter, page_size + 1));
    for (domain::MemberState& state : some) found.push_back(std::move(state.member));
  }
  std::sort(found.begin(), found.end(),
            [](const domain::Member& a, const domain::Member& b) { return a.id < b.id; });
  const std::vector<domain::MemberId> persons = PersonsOf(person.member);
  for (size_t i = 0; i < found.size() && i < static_cast<size_t>(page_size); ++i) {
    const domain::Member& member = found[i];
    const domain::Referral* const referral = domain::ReferralOf(member);
    const bool is_theirs = referral != nullptr &&
                           std::binary_search(persons.begin(), persons.end(), referral->referrer);
    if (lane::TakesPart(member) && is_theirs) Tell(member, *response.add_members());
  }
  if (found.size() > static_cast<size_t>(page_size)) {
    const domain::Member& last = found[static_cast<size_t>(page_size) - 1];
    response.set_next_page_token(EncodePageToken(list, {last.id.ToString()}));
  }
  return absl::OkStatus();
}

absl::Status GetAdvocateReport(const v1::GetAdvocateReportRequest&, Backend& backend,
                               storage::Reader& reader, v1::GetAdvocateReportResponse& response) {
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const domain::ProgramVersion* const version = catalog->At(now);
  if (version == nullptr) return domain::ProgramMissing();
  Report report(*catalog, *version->program, now);
  storage::MemberFilter filter;
  filter.advocates = true;
  RETURN_IF_ERROR(storage::ForEachMember(filter, reader, [&](const domain::Member& member) {
    return lane::TakesPart(member) ? report.Add(member, reader) : absl::OkStatus();
  }));
  report.Finish(response);
  return absl::OkStatus();
}

}  // namespace dangol::rpc
