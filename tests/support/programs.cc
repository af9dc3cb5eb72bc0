#include "tests/support/programs.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace dangol::testing {

domain::Program SimpleProgram() {
  domain::Program program;
  program.name = "test";
  program.time_zone = absl::UTCTimeZone();
  program.currencies = {{"EUR", 2}, {"KRW", 0}};
  program.wallets = {{"points", 0, {}}};
  program.earning_rules = {BaseRule("base", 1, 100)};
  return program;
}

domain::EarningRule BaseRule(const std::string& id, int64_t points, int64_t per_minor) {
  domain::EarningRule rule;
  rule.id = id;
  rule.rates = {{0, points, per_minor}};
  rule.qualifying = true;
  return rule;
}

domain::Multiplier MultiplierRule(const std::string& id, int64_t numerator, int64_t denominator) {
  domain::Multiplier multiplier;
  multiplier.id = id;
  multiplier.numerator = numerator;
  multiplier.denominator = denominator;
  return multiplier;
}

domain::ProgramCatalog CatalogOf(domain::Program program) {
  domain::ProgramVersion version;
  version.version = 1;
  version.effective_from = absl::InfinitePast();
  version.program = std::make_shared<const domain::Program>(std::move(program));
  domain::ProgramCatalog catalog;
  catalog.Add(std::move(version));
  return catalog;
}

absl::Time Utc(absl::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M:%S", text, &time, &error)) std::abort();
  return time;
}

domain::PurchaseLine Line(int64_t amount_minor, const std::string& category) {
  domain::PurchaseLine line;
  line.sku = absl::StrCat("sku-", amount_minor);
  line.category = category;
  line.quantity = 1;
  line.amount_minor = amount_minor;
  return line;
}

domain::Purchase PurchaseOf(std::vector<domain::PurchaseLine> lines) {
  domain::Purchase purchase;
  purchase.purchase_id = "p-1";
  purchase.currency = "EUR";
  purchase.occurred_at = Utc("2026-01-15 12:00:00");
  purchase.lines = std::move(lines);
  return purchase;
}

domain::MemberId MemberNumber(uint64_t number) {
  return domain::MemberId::Make(Utc("2026-01-01 00:00:00"), number, number << 2);
}

}  // namespace dangol::testing
