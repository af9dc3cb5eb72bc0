#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/import/fields.h"
#include "cli/import/formats.h"
#include "dangol/money.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

enum Column { kInvoice, kStockCode, kQuantity, kInvoiceDate, kUnitPrice, kCustomer };

class OnlineRetailParser : public RowParser {
 public:
  explicit OnlineRetailParser(const FormatOptions& options) : options_(options) {}

  absl::Status ReadHeader(const std::vector<std::string>& names) override {
    auto columns = Columns::Find(
        names, {"InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"},
        {});
    if (!columns.ok()) return columns.status();
    columns_ = *std::move(columns);
    return absl::OkStatus();
  }

  std::optional<RowProblem> ReadRow(const CsvRecord& record, ParsedRow& row) const override {
    if (auto problem = CheckRecord(record, columns_.width())) return problem;
    if (auto problem = ReadPurchase(record, row.purchase)) return problem;
    row.is_return = absl::StartsWith(row.purchase.purchase_id(), "C");
    if (auto problem = ReadArticle(record, row.is_return, row.line)) return problem;
    return ReadAmount(record, row.line);
  }

  std::optional<RowProblem> CheckNext(const v1::Purchase& first,
                                      const v1::Purchase& next) const override {
    const std::string& customer = first.member().alias().value();
    if (next.member().alias().value() == customer) return std::nullopt;
    return RowProblem{"CUSTOMER_DIFFERS",
                      absl::StrCat("the invoice began with customer ", customer)};
  }

  // An invoice is recorded without its bad rows.
  bool whole_purchases() const override { return false; }

 private:
  std::optional<RowProblem> ReadPurchase(const CsvRecord& record, v1::Purchase& purchase) const {
    const std::string& invoice = columns_.Get(record, kInvoice);
    const std::string& customer = columns_.Get(record, kCustomer);
    if (customer.empty()) return RowProblem{"NO_CUSTOMER", "the row names no customer"};
    if (invoice.empty()) return RowProblem{"NO_INVOICE", "the row names no invoice"};
    if (!IsUtf8(invoice) || !IsUtf8(customer)) return NotUtf8();

    const std::string& date = columns_.Get(record, kInvoiceDate);
    const std::optional<absl::Time> occurred_at = ReadCivilTime(date, options_.time_zone);
    if (!occurred_at.has_value()) {
      return RowProblem{"BAD_DATE", absl::StrCat("\"", date, "\" is not YYYY-MM-DD HH:MM:SS")};
    }
    purchase.set_purchase_id(invoice);
    *purchase.mutable_member() = MemberByAlias("customer", customer);
    *purchase.mutable_occurred_at() = ToTimestamp(*occurred_at);
    return std::nullopt;
  }

  // The article and how many; a cancellation counts them below 0.
  std::optional<RowProblem> ReadArticle(const CsvRecord& record, bool is_return,
                                        v1::PurchaseLine& line) const {
    const std::string& stock_code = columns_.Get(record, kStockCode);
    if (!IsUtf8(stock_code)) return NotUtf8();
    if (is_return && stock_code.empty()) {
      return RowProblem{"NO_STOCK_CODE", "the row does not say what comes back"};
    }
    const std::string& quantity_text = columns_.Get(record, kQuantity);
    const std::optional<int64_t> quantity = ReadInteger(quantity_text);
    if (!quantity.has_value()) {
      return RowProblem{"BAD_QUANTITY", absl::StrCat("\"", quantity_text, "\" is not a number")};
    }
    if (!is_return && *quantity <= 0) {
      return RowProblem{"QUANTITY_NOT_POSITIVE", absl::StrCat("the quantity is ", *quantity)};
    }
    // The least number there is has no opposite.
    if (is_return && (*quantity >= 0 || *quantity == std::numeric_limits<int64_t>::min())) {
      return RowProblem{"QUANTITY_NOT_NEGATIVE",
                        absl::StrCat("the quantity of a cancellation is ", *quantity)};
    }
    line.set_sku(stock_code);
    line.set_quantity(is_return ? -*quantity : *quantity);
    line.set_kind(v1::LINE_KIND_GOODS);
    return std::nullopt;
  }

  std::optional<RowProblem> ReadAmount(const CsvRecord& record, v1::PurchaseLine& line) const {
    const std::string& price_text = columns_.Get(record, kUnitPrice);
    if (absl::StartsWith(price_text, "-") && ParseDecimal(price_text.substr(1)).ok()) {
      return RowProblem{"PRICE_NEGATIVE", absl::StrCat("the price is ", price_text)};
    }
    const absl::StatusOr<Decimal> price = ParseDecimal(price_text);
    if (!price.ok()) return RowProblem{"BAD_PRICE", std::string(price.status().message())};
    const absl::StatusOr<int64_t> amount =
        MultiplyToMinor(line.quantity(), *price, options_.minor_digits);
    if (!amount.ok()) return RowProblem{"AMOUNT_TOO_LARGE", std::string(amount.status().message())};
    line.set_amount_minor(*amount);
    return std::nullopt;
  }

  const FormatOptions options_;
  Columns columns_;
};

}  // namespace

std::unique_ptr<RowParser> MakeOnlineRetailParser(const FormatOptions& options) {
  return std::make_unique<OnlineRetailParser>(options);
}

}  // namespace dangol::cli
