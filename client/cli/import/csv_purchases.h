#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/import/csv_reader.h"
#include "cli/import/input.h"
#include "cli/import/rows.h"

namespace dangol::cli {

// What one row of a CSV file says.
struct ParsedRow {
  // The purchase without its lines. Its purchase_id is set as soon as it is
  // known, also when the row has a problem.
  v1::Purchase purchase;
  v1::PurchaseLine line;
  // Whether the goods come back; the same for all rows of a purchase_id.
  bool is_return = false;
};

// Knows the columns of one CSV format.
class RowParser {
 public:
  virtual ~RowParser() = default;
  // Reads the names of the columns. INVALID_ARGUMENT names what is missing.
  virtual absl::Status ReadHeader(const std::vector<std::string>& names) = 0;
  // Reads a row, whose CSV may be broken; nothing when all is well.
  virtual std::optional<RowProblem> ReadRow(const CsvRecord& record, ParsedRow& row) const = 0;
  // Whether a row may follow the first row of a purchase; nothing when it may.
  virtual std::optional<RowProblem> CheckNext(const v1::Purchase& first,
                                              const v1::Purchase& next) const = 0;
  // Whether a purchase is recorded only when all of its rows are good.
  virtual bool whole_purchases() const = 0;
};

// Makes purchases of a CSV file with one row for each line of a purchase.
// Consecutive rows with the same purchase_id are one purchase; a return may stand
// among them. `input` must
// outlive the source.
std::unique_ptr<PurchaseSource> MakeCsvSource(Input& input, std::unique_ptr<RowParser> parser,
                                              RejectSink reject);

// The row with the names of the columns. INVALID_ARGUMENT where there is none.
absl::StatusOr<CsvRecord> ReadHeaderRow(const Input& input, CsvReader& reader);

// Finds columns by name. INVALID_ARGUMENT when a required one is missing or one
// is there twice.
class Columns {
 public:
  static absl::StatusOr<Columns> Find(const std::vector<std::string>& header,
                                      const std::vector<std::string>& required,
                                      const std::vector<std::string>& optional);

  // The field in the Nth column asked for (required ones first); empty when the
  // file does not have it, or the record is broken before it.
  const std::string& Get(const CsvRecord& record, size_t nth) const;
  // How many fields every row has.
  size_t width() const { return width_; }

 private:
  std::vector<std::optional<size_t>> positions_;
  size_t width_ = 0;
};

// Who is meant by these columns; they may all be empty.
std::optional<RowProblem> ReadMember(const std::string& member_id, const std::string& alias_kind,
                                     const std::string& alias_value, v1::MemberRef& member);

// When something was; nothing is read of an empty text.
std::optional<RowProblem> ReadOccurredAt(const std::string& text, absl::TimeZone zone,
                                         google::protobuf::Timestamp& time);

// Whether the text is UTF-8: the API takes nothing else.
bool IsUtf8(const std::string& text);
RowProblem NotUtf8();

// What is wrong with a record as such, whatever its columns mean.
std::optional<RowProblem> CheckRecord(const CsvRecord& record, size_t width);

}  // namespace dangol::cli
