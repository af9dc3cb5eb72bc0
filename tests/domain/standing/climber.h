#ifndef DANGOL_TESTS_DOMAIN_STANDING_CLIMBER_H_
#define DANGOL_TESTS_DOMAIN_STANDING_CLIMBER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/domain/standing/judge.h"
#include "server/domain/standing/status.h"
#include "tests/domain/scenario.h"

// Tiers for tests: bronze is everybody's; silver takes 100 EUR and gold 500 EUR.
namespace dangol::domain {

inline Criterion SpendOf(int64_t minor) { return {Indicator::kNetSpend, "EUR", minor}; }
inline Criterion BuysOf(int64_t times) { return {Indicator::kPurchases, "", times}; }

inline Tier TierOf(const std::string& id, std::vector<Criterion> reach) {
  Tier tier;
  tier.id = tier.name = id;
  tier.reach.items = reach;
  tier.keep.items = std::move(reach);
  return tier;
}

// Over the last twelve months; a tier lasts twelve months.
inline Ladder MetalLadder() {
  Ladder ladder;
  ladder.id = ladder.name = "main";
  ladder.qualification.months = 12;
  ladder.validity.policy = Validity::Policy::kAfter;
  ladder.validity.months = 12;
  ladder.tiers = {TierOf("bronze", {}), TierOf("silver", {SpendOf(10'000)}),
                  TierOf("gold", {SpendOf(50'000)})};
  return ladder;
}

// The same by calendar years; a tier lasts to the end of the next one.
inline Ladder YearLadder() {
  Ladder ladder = MetalLadder();
  ladder.qualification = {};
  ladder.qualification.window = Qualification::Window::kCalendarYear;
  ladder.validity = {};
  ladder.validity.policy = Validity::Policy::kCalendarYear;
  ladder.validity.years = 1;
  return ladder;
}

inline Program ProgramWith(Ladder ladder) {
  Program program = testing::SimpleProgram();
  program.ladders = {std::move(ladder)};
  return program;
}

// One member, and what they are told of their tier.
class Climber : public Scenario {
 public:
  using Scenario::Scenario;

  PurchaseOutcome Spend(int64_t minor, const std::string& at, const std::string& recorded = "") {
    Purchase purchase = testing::PurchaseOf({testing::Line(minor)});
    purchase.purchase_id = absl::StrCat("p-", ++purchases_);
    const absl::Time now = testing::Utc(recorded.empty() ? at : recorded);
    const auto outcome = Buy(std::move(purchase), testing::Utc(at), now);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.ok() ? *outcome : PurchaseOutcome();
  }

  absl::Status GiveBack(const std::string& purchase_id, int64_t minor, const std::string& at) {
    RecordReturn back;
    back.member = Me();
    back.return_id = absl::StrCat("r-", ++returns_);
    back.purchase_id = purchase_id;
    back.amount_minor = minor;
    return Do(back, testing::Utc(at)).status();
  }

  absl::Status Decide(const std::string& tier, const std::string& at, const std::string& until = "",
                      std::optional<TierOverride::Kind> kind = std::nullopt) {
    OverrideTier decided;
    decided.member = Me();
    decided.override_id = absl::StrCat("o-", ++decisions_);
    decided.ladder = "main";
    decided.tier = tier;
    decided.kind = kind;
    decided.reason = "a test";
    absl::CivilDay day;
    if (absl::ParseCivilTime(until, &day)) decided.until = NumberOf(day);
    return Do(decided, testing::Utc(at)).status();
  }

  // What was done before, elsewhere, up to a day.
  absl::Status Import(const std::string& source, const std::string& day,
                      std::vector<LifetimeSum> sums, const std::string& at) {
    ImportLifetimeSums import;
    import.member = Me();
    import.request_id = absl::StrCat("i-", ++imports_);
    import.source = source;
    absl::CivilDay last;
    EXPECT_TRUE(absl::ParseCivilTime(day, &last)) << day;
    import.day = NumberOf(last);
    import.sums = std::move(sums);
    return Do(import, testing::Utc(at)).status();
  }

  // As of a moment, whether time was let pass or not.
  TierStatus Status(const std::string& at) const {
    Member person = state_of().member;
    AdvanceTiers(catalog(), testing::Utc(at), person);
    return StatusOf(person, catalog(), testing::Utc(at)).front();
  }
  std::string TierAt(const std::string& at) const { return Status(at).tier.id; }

  // "2026-01-15 silver REACHED until 2027-01-15; ..."
  std::string History(const std::string& at) const {
    Member person = state_of().member;
    AdvanceTiers(catalog(), testing::Utc(at), person);
    return Tell(person);
  }
  static std::string Tell(const Member& person) {
    static constexpr const char* kReasons[] = {"",     "REACHED", "KEPT",   "GRACE",
                                               "FELL", "PROGRAM", "CARRIED"};
    std::string text;
    for (const LadderStanding& standing : person.ladders) {
      for (const TierSpan& span : standing.spans) {
        absl::StrAppend(&text, absl::FormatCivilTime(DayOf(span.day)), " ", span.tier, " ",
                        kReasons[static_cast<size_t>(span.reason)]);
        if (span.valid_until != 0) {
          absl::StrAppend(&text, " until ", absl::FormatCivilTime(DayOf(span.valid_until)));
        }
        if (span.carried != 0) absl::StrAppend(&text, " carried ", span.carried);
        absl::StrAppend(&text, "; ");
      }
    }
    return text;
  }

 private:
  const MemberState& state_of() const { return const_cast<Climber*>(this)->state(); }

  int purchases_ = 0;
  int returns_ = 0;
  int decisions_ = 0;
  int imports_ = 0;
};

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_STANDING_CLIMBER_H_
