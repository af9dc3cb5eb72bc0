#include "server/rpc/program/program_rewards.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/rpc/program/program_conditions.h"
#include "server/rpc/program/program_currencies.h"
#include "server/rpc/program/program_tiers.h"

namespace dangol::rpc {
namespace {

using domain::Benefit;

using Amounts = google::protobuf::RepeatedPtrField<v1::MinorAmount>;

class RewardReader {
 public:
  RewardReader(const domain::Program& read, ProblemList& problems)
      : read_(read), problems_(problems) {}

  domain::Reward Read(const v1::Reward& message, const Place& place) {
    domain::Reward reward;
    reward.id = message.id();
    problems_.CheckName(reward.id, place.Child("id"));
    problems_.Check(ids_.insert(reward.id).second, place.Child("id"), "is declared twice");
    reward.name = message.name();
    problems_.CheckTitle(reward.name, place.Child("name"));
    reward.wallet = FindWallet(message.wallet(), read_.wallets);
    problems_.Check(reward.wallet >= 0, place.Child("wallet"), "is not a declared wallet");
    reward.points = message.points();
    problems_.Check(message.has_points(), place.Child("points"),
                    "is required; say 0 for what costs nothing");
    problems_.CheckRange(reward.points, 0, limits::kMaxPointsMoved, place.Child("points"));
    reward.stock = message.stock();
    problems_.CheckRange(reward.stock, 0, kMillion * kMillion, place.Child("stock"));
    reward.validity_days = message.validity_days();
    problems_.CheckRange(reward.validity_days, 0, 3'650, place.Child("validity_days"));
    ReadLimits(message, place, reward);
    ReadAudience(message, place, reward);
    ReadKind(message, place, reward);
    reward.for_advocates = message.for_advocates();
    problems_.Check(!reward.for_advocates || reward.points == 0, place.Child("for_advocates"),
                    "says nothing of what is paid for with points");
    return reward;
  }

 private:
  void ReadLimits(const v1::Reward& message, const Place& place, domain::Reward& reward) {
    std::set<v1::CapPeriod> periods;
    for (int i = 0; i < message.limits_size(); ++i) {
      const v1::RewardLimit& limit = message.limits(i);
      const Place limit_place = place.Child("limits", i);
      problems_.Check(
          limit.per() != v1::CAP_PERIOD_UNSPECIFIED && limit.per() != v1::CAP_PERIOD_PURCHASE,
          limit_place.Child("per"), "must be CAP_PERIOD_DAY, CAP_PERIOD_MONTH or CAP_PERIOD_EVER");
      problems_.Check(periods.insert(limit.per()).second, limit_place.Child("per"),
                      "has a limit already");
      problems_.CheckRange(limit.pieces(), 1, kMillion, limit_place.Child("pieces"));
      reward.limits.push_back({static_cast<domain::CapPeriod>(limit.per() - 1), limit.pieces()});
    }
  }

  void ReadAudience(const v1::Reward& message, const Place& place, domain::Reward& reward) {
    const DayRange dates = ReadDates(message.dates(), place.Child("dates"), problems_);
    reward.first_day = dates.first;
    reward.last_day = dates.last;
    reward.attributes.assign(message.attributes().begin(), message.attributes().end());
    std::sort(reward.attributes.begin(), reward.attributes.end());
    reward.tiers = ReadTierCondition(message.has_tier(), message.tier(), read_.ladders,
                                     place.Child("tier"), problems_);
  }

  void ReadKind(const v1::Reward& message, const Place& place, domain::Reward& reward) {
    switch (message.kind_case()) {
      case v1::Reward::kScratch:
        reward.prizes = ReadPrizes(message.scratch(), place.Child("scratch"));
        return;
      case v1::Reward::KIND_NOT_SET:
        problems_.Check(false, place,
                        "is of no kind; say amount_off, percent_off, cashback, gift or scratch");
        return;
      default:
        reward.benefit = ReadBenefit(message, place);
    }
  }

  std::vector<domain::Prize> ReadPrizes(const v1::Scratch& message, const Place& place) {
    std::vector<domain::Prize> prizes;
    std::set<std::string> ids;
    int64_t sum_ppm = 0;
    for (int i = 0; i < message.prizes_size(); ++i) {
      const v1::Prize& prize = message.prizes(i);
      const Place prize_place = place.Child("prizes", i);
      problems_.CheckName(prize.id(), prize_place.Child("id"));
      problems_.Check(ids.insert(prize.id()).second, prize_place.Child("id"), "is declared twice");
      problems_.CheckTitle(prize.name(), prize_place.Child("name"));
      problems_.CheckRange(prize.odds_ppm(), 1, kMillion, prize_place.Child("odds_ppm"));
      problems_.Check(prize.kind_case() != v1::Prize::KIND_NOT_SET, prize_place,
                      "is of no kind; say nothing, amount_off, percent_off, cashback or gift");
      // What is out of range must not run over.
      sum_ppm += std::clamp<int64_t>(prize.odds_ppm(), 0, 2 * kMillion);
      prizes.push_back(
          {prize.id(), prize.name(), prize.odds_ppm(), ReadBenefit(prize, prize_place)});
    }
    problems_.Check(sum_ppm == kMillion, place,
                    absl::StrCat("the odds_ppm of its prizes add up to ", sum_ppm,
                                 "; they must add up to ", kMillion));
    problems_.Check(prizes.size() <= limits::kMaxPrizesPerReward, place,
                    absl::StrCat("has more than ", limits::kMaxPrizesPerReward, " prizes"));
    return prizes;
  }

  // Of a reward or of a prize.
  template <typename Message>
  Benefit ReadBenefit(const Message& message, const Place& place) {
    Benefit benefit;
    if (message.has_amount_off()) {
      benefit.kind = Benefit::Kind::kAmountOff;
      benefit.amounts = ReadAmounts(message.amount_off().amounts(), place.Child("amount_off"));
    } else if (message.has_percent_off()) {
      benefit.kind = Benefit::Kind::kPercentOff;
      benefit.percent = message.percent_off().percent();
      problems_.CheckRange(benefit.percent, 1, 100, place.Child("percent_off").Child("percent"));
    } else if (message.has_cashback()) {
      benefit.kind = Benefit::Kind::kCashback;
      benefit.amounts = ReadAmounts(message.cashback().amounts(), place.Child("cashback"));
    } else if (message.has_gift()) {
      benefit.kind = Benefit::Kind::kGift;
      benefit.sku = message.gift().sku();
      problems_.Check(!benefit.sku.empty() && benefit.sku.size() <= limits::kMaxSkuBytes,
                      place.Child("gift").Child("sku"), "must be 1 to 64 bytes");
    }
    return benefit;
  }

  std::vector<domain::Money> ReadAmounts(const Amounts& amounts, const Place& place) {
    problems_.Check(!amounts.empty(), place, "give an amount in at least one currency");
    std::vector<domain::Money> out;
    std::set<std::string> currencies;
    for (int i = 0; i < amounts.size(); ++i) {
      const v1::MinorAmount& amount = amounts[i];
      const Place amount_place = place.Child("amounts", i);
      ReadCurrency(amount.currency(), read_.currencies, amount_place.Child("currency"), problems_);
      problems_.Check(currencies.insert(amount.currency()).second, amount_place.Child("currency"),
                      "has an amount already");
      problems_.CheckRange(amount.minor(), 1, limits::kMaxAmountMinor, amount_place.Child("minor"));
      out.push_back({amount.currency(), amount.minor()});
    }
    return out;
  }

  const domain::Program& read_;
  ProblemList& problems_;
  std::set<std::string> ids_;
};

}  // namespace

std::vector<domain::Reward> ReadRewards(const v1::Program& message, const domain::Program& read,
                                        const Place& root, ProblemList& problems) {
  problems.Check(message.rewards_size() <= limits::kMaxRewards, root,
                 absl::StrCat("the program has more than ", limits::kMaxRewards, " rewards"));
  RewardReader reader(read, problems);
  std::vector<domain::Reward> rewards;
  for (int i = 0; i < message.rewards_size(); ++i) {
    rewards.push_back(reader.Read(message.rewards(i), root.Child("rewards", i)));
  }
  return rewards;
}

}  // namespace dangol::rpc
