#include "server/rpc/program/program_expiry.h"

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

using domain::Expiry;

template <typename Message>
void ReadPeriod(const Message& message, const Place& place, ProblemList& problems, Expiry& out) {
  out.months = message.months();
  out.days = message.days();
  problems.Check(out.months >= 0 && out.months <= 1'200, place.Child("months"),
                 "must be 0 to 1,200");
  problems.Check(out.days >= 0 && out.days <= 36'500, place.Child("days"), "must be 0 to 36,500");
  problems.Check(out.months > 0 || out.days > 0, place, "give months, days or both");
}

Expiry ReadOne(const v1::Expiry& message, const Place& place, ProblemList& problems) {
  Expiry out;
  switch (message.policy_case()) {
    case v1::Expiry::kNever:
      break;
    case v1::Expiry::kAfter:
      out.policy = Expiry::Policy::kAfter;
      out.round_up_to = static_cast<Expiry::RoundUpTo>(message.after().round_up_to());
      ReadPeriod(message.after(), place.Child("after"), problems, out);
      break;
    case v1::Expiry::kInactivity:
      out.policy = Expiry::Policy::kInactivity;
      ReadPeriod(message.inactivity(), place.Child("inactivity"), problems, out);
      break;
    case v1::Expiry::kYearEnd:
      out.policy = Expiry::Policy::kYearEnd;
      out.years = message.year_end().years();
      problems.CheckRange(out.years, 1, 100, place.Child("year_end").Child("years"));
      break;
    case v1::Expiry::POLICY_NOT_SET:
      problems.Check(false, place,
                     "is required; say never {}, after {}, year_end {} or inactivity {}");
      break;
  }
  return out;
}

}  // namespace

void ReadExpiry(const v1::Wallet& message, const Place& place, ProblemList& problems,
                domain::Wallet& wallet) {
  const int count = message.expiry_size();
  problems.Check(count > 0, place.Child("expiry"),
                 "is required; say never {}, after {}, year_end {} or inactivity {}");
  problems.Check(count <= limits::kMaxExpiriesPerWallet, place.Child("expiry"),
                 absl::StrCat("is given ", count, " times; at most ", limits::kMaxExpiriesPerWallet,
                              " are allowed"));
  for (int i = 0; i < count; ++i) {
    const Place expiry_place = place.Child("expiry", i);
    const Expiry expiry = ReadOne(message.expiry(i), expiry_place, problems);
    problems.Check(count == 1 || message.expiry(i).policy_case() != v1::Expiry::kNever,
                   expiry_place.Child("never"), "says nothing beside another expiry");
    problems.Check(
        expiry.policy != Expiry::Policy::kInactivity || domain::FindInactivity(wallet) == nullptr,
        expiry_place.Child("inactivity"), "is given twice; give the shorter one");
    if (i == 0) {
      wallet.expiry = expiry;
    } else {
      wallet.or_earlier.push_back(expiry);
    }
  }
}

}  // namespace dangol::rpc
