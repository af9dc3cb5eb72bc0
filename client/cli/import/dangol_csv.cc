#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/import/fields.h"
#include "cli/import/formats.h"
#include "google/protobuf/util/message_differencer.h"

namespace dangol::cli {
namespace {

// Required columns first; the names are in ReadHeader, in the same order.
enum Column {
  kPurchaseId,
  kSku,
  kQuantity,
  kAmount,
  kMemberId,
  kAliasKind,
  kAliasValue,
  kOccurredAt,
  kCurrency,
  kChannel,
  kStoreId,
  kPaidWithPoints,
  kCategory,
  kTax,
  kKind
};

// Reads a whole number that may be left out.
std::optional<RowProblem> ReadOptional(const std::string& name, const std::string& text,
                                       int64_t& number) {
  if (text.empty()) return std::nullopt;
  const std::optional<int64_t> read = ReadInteger(text);
  if (!read.has_value()) {
    return RowProblem{"BAD_NUMBER", absl::StrCat(name, ": \"", text, "\" is not a whole number")};
  }
  number = *read;
  return std::nullopt;
}

class DangolParser : public RowParser {
 public:
  explicit DangolParser(const FormatOptions& options) : options_(options) {}

  absl::Status ReadHeader(const std::vector<std::string>& names) override {
    auto columns = Columns::Find(
        names, {"purchase_id", "sku", "quantity", "amount_minor"},
        {"member_id", "alias_kind", "alias_value", "occurred_at", "currency", "channel", "store_id",
         "paid_with_points_minor", "category", "tax_minor", "kind"});
    if (!columns.ok()) return columns.status();
    columns_ = *std::move(columns);
    return absl::OkStatus();
  }

  std::optional<RowProblem> ReadRow(const CsvRecord& record, ParsedRow& row) const override {
    const std::string& purchase_id = columns_.Get(record, kPurchaseId);
    if (IsUtf8(purchase_id)) row.purchase.set_purchase_id(purchase_id);
    if (auto problem = CheckRecord(record, columns_.width())) return problem;
    if (!IsUtf8(record.text)) return NotUtf8();
    if (purchase_id.empty()) return RowProblem{"NO_PURCHASE_ID", "the row has no purchase_id"};
    if (auto problem = ReadBuyer(record, row.purchase)) return problem;
    if (auto problem = ReadPurchase(record, row.purchase)) return problem;
    return ReadLine(record, row.line);
  }

  // What the first row of a purchase says holds for all of its rows; the others
  // may leave it out, but not say something else.
  std::optional<RowProblem> CheckNext(const v1::Purchase& first,
                                      const v1::Purchase& next) const override {
    v1::Purchase merged = first;
    merged.clear_lines();
    const v1::Purchase expected = merged;
    merged.MergeFrom(next);
    if (google::protobuf::util::MessageDifferencer::Equals(merged, expected)) return std::nullopt;
    return RowProblem{"PURCHASE_DIFFERS", "the row contradicts the first row of the purchase"};
  }

  bool whole_purchases() const override { return true; }

 private:
  std::optional<RowProblem> ReadBuyer(const CsvRecord& record, v1::Purchase& purchase) const {
    v1::MemberRef member;
    auto problem = ReadMember(columns_.Get(record, kMemberId), columns_.Get(record, kAliasKind),
                              columns_.Get(record, kAliasValue), member);
    if (!problem.has_value() && member.ByteSizeLong() > 0) *purchase.mutable_member() = member;
    return problem;
  }

  std::optional<RowProblem> ReadPurchase(const CsvRecord& record, v1::Purchase& purchase) const {
    const std::string& occurred_at = columns_.Get(record, kOccurredAt);
    if (!occurred_at.empty()) {
      if (auto problem =
              ReadOccurredAt(occurred_at, options_.time_zone, *purchase.mutable_occurred_at())) {
        return problem;
      }
    }
    purchase.set_currency(columns_.Get(record, kCurrency));
    purchase.set_channel(columns_.Get(record, kChannel));
    purchase.set_store_id(columns_.Get(record, kStoreId));
    int64_t paid_with_points = 0;
    auto problem = ReadOptional("paid_with_points_minor", columns_.Get(record, kPaidWithPoints),
                                paid_with_points);
    purchase.set_paid_with_points_minor(paid_with_points);
    return problem;
  }

  std::optional<RowProblem> ReadLine(const CsvRecord& record, v1::PurchaseLine& line) const {
    line.set_sku(columns_.Get(record, kSku));
    line.set_category(columns_.Get(record, kCategory));
    int64_t quantity = 1;
    int64_t amount = 0;
    int64_t tax = 0;
    if (auto problem = ReadOptional("quantity", columns_.Get(record, kQuantity), quantity)) {
      return problem;
    }
    if (columns_.Get(record, kAmount).empty()) {
      return RowProblem{"BAD_NUMBER", "amount_minor is empty"};
    }
    if (auto problem = ReadOptional("amount_minor", columns_.Get(record, kAmount), amount)) {
      return problem;
    }
    if (auto problem = ReadOptional("tax_minor", columns_.Get(record, kTax), tax)) return problem;
    line.set_quantity(quantity);
    line.set_amount_minor(amount);
    line.set_tax_minor(tax);
    return ReadKind(columns_.Get(record, kKind), line);
  }

  static std::optional<RowProblem> ReadKind(const std::string& text, v1::PurchaseLine& line) {
    v1::LineKind kind = v1::LINE_KIND_GOODS;
    const std::string name = absl::StrCat("LINE_KIND_", absl::AsciiStrToUpper(text));
    if (!text.empty() && !v1::LineKind_Parse(name, &kind)) {
      return RowProblem{"BAD_KIND",
                        absl::StrCat("\"", text, "\" is none of goods, shipping, tax, gift_card")};
    }
    line.set_kind(kind);
    return std::nullopt;
  }

  const FormatOptions options_;
  Columns columns_;
};

}  // namespace

std::unique_ptr<RowParser> MakeDangolParser(const FormatOptions& options) {
  return std::make_unique<DangolParser>(options);
}

}  // namespace dangol::cli
