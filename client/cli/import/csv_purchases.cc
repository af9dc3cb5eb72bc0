#include "cli/import/csv_purchases.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/import/fields.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

class CsvSource : public PurchaseSource {
 public:
  CsvSource(Input& input, std::unique_ptr<RowParser> parser, RejectSink reject)
      : input_(input), reader_(input), parser_(std::move(parser)), reject_(std::move(reject)) {}

  absl::StatusOr<bool> Next(ReadPurchase& purchase) override {
    if (!header_read_) {
      if (absl::Status status = ReadHeader(); !status.ok()) return status;
    }
    CsvRecord record;
    while (ready_.empty() && reader_.Next(record)) {
      ++rows_read_;
      AddRow(std::move(record));
    }
    if (ready_.empty()) {
      if (!input_.status().ok()) return input_.status();
      FinishGroups();
    }
    if (ready_.empty()) return false;
    purchase = std::move(ready_.front());
    ready_.pop_front();
    return true;
  }

  int64_t rows_read() const override { return rows_read_; }

 private:
  // A purchase or return as far as it is read.
  struct Group {
    ReadPurchase content;
    // Set once the purchase as a whole is refused.
    std::optional<RowProblem> problem;
  };

  absl::Status ReadHeader() {
    header_read_ = true;
    input_.SkipByteOrderMark();
    const absl::StatusOr<CsvRecord> header = ReadHeaderRow(input_, reader_);
    return header.ok() ? parser_->ReadHeader(header->fields) : header.status();
  }

  // Adds a row to its group, or begins the next one.
  void AddRow(CsvRecord record) {
    ParsedRow row;
    std::optional<RowProblem> problem = parser_->ReadRow(record, row);
    Row kept{.line = record.line, .text = std::move(record.text)};
    if (problem.has_value()) {
      reject_(kept, *problem);
      if (parser_->whole_purchases()) RefuseAround(row.purchase.purchase_id(), kept.line);
      return;
    }
    std::optional<Group>& group = row.is_return ? return_ : purchase_;
    if (group.has_value() && group->content.purchase.purchase_id() == row.purchase.purchase_id()) {
      return Append(std::move(kept), std::move(row), *group);
    }
    // The rows of a return may stand among those of a purchase.
    if (!row.is_return || return_.has_value()) FinishGroups();
    Begin(std::move(kept), std::move(row), group.emplace());
  }

  void Begin(Row kept, ParsedRow row, Group& group) {
    group.content.purchase = std::move(row.purchase);
    *group.content.purchase.add_lines() = std::move(row.line);
    group.content.rows.push_back(std::move(kept));
    group.content.is_return = row.is_return;
    if (refused_id_.has_value() &&
        (refused_id_->empty() || *refused_id_ == group.content.purchase.purchase_id())) {
      group.problem = std::move(refused_problem_);
    }
    refused_id_.reset();
  }

  void Append(Row kept, ParsedRow row, Group& group) {
    refused_id_.reset();
    if (group.problem.has_value()) return reject_(kept, *group.problem);
    if (const auto problem = parser_->CheckNext(group.content.purchase, row.purchase)) {
      reject_(kept, *problem);
      if (parser_->whole_purchases()) Refuse(Incomplete(kept.line), group);
      return;
    }
    *group.content.purchase.add_lines() = std::move(row.line);
    group.content.rows.push_back(std::move(kept));
    if (group.content.purchase.lines_size() > kPurchaseLinesMax) {
      Refuse(
          {"TOO_MANY_LINES", absl::StrCat("a purchase has at most ", kPurchaseLinesMax, " lines")},
          group);
    }
  }

  // Rejects the rows read so far, so that a refused purchase takes no memory,
  // and with Append all that follow.
  void Refuse(RowProblem problem, Group& group) {
    for (const Row& row : group.content.rows) reject_(row, problem);
    group.content.rows.clear();
    group.content.purchase.clear_lines();
    group.problem = std::move(problem);
  }

  // A row was rejected: refuses the purchase that it belongs to, be it the one
  // being read or the next one; both when the row does not tell.
  void RefuseAround(const std::string& purchase_id, int64_t line) {
    const bool current =
        purchase_.has_value() &&
        (purchase_id.empty() || purchase_->content.purchase.purchase_id() == purchase_id);
    if (current && !purchase_->problem.has_value()) Refuse(Incomplete(line), *purchase_);
    if (current && !purchase_id.empty()) return;
    refused_id_ = purchase_id;
    refused_problem_ = Incomplete(line);
  }

  static RowProblem Incomplete(int64_t line) {
    return {"PURCHASE_INCOMPLETE",
            absl::StrCat("line ", line, " of the same purchase is rejected")};
  }

  // Where both are open, the purchase began first.
  void FinishGroups() {
    Finish(std::exchange(purchase_, std::nullopt));
    Finish(std::exchange(return_, std::nullopt));
  }

  void Finish(std::optional<Group> group) {
    if (!group.has_value()) return;
    if (!group->problem.has_value()) return ready_.push_back(std::move(group->content));
    for (const Row& row : group->content.rows) reject_(row, *group->problem);
  }

  Input& input_;
  CsvReader reader_;
  const std::unique_ptr<RowParser> parser_;
  const RejectSink reject_;
  bool header_read_ = false;
  int64_t rows_read_ = 0;
  // The purchase and the return whose rows are being read.
  std::optional<Group> purchase_;
  std::optional<Group> return_;
  // Those that are read: two at most.
  std::deque<ReadPurchase> ready_;
  // The purchase that is refused if it comes next; any when empty.
  std::optional<std::string> refused_id_;
  RowProblem refused_problem_;
};

// How many bytes follow a lead byte, and the least code point they may make.
struct Utf8Shape {
  int following;
  uint32_t least;
};

std::optional<Utf8Shape> ShapeOf(unsigned char lead) {
  if (lead < 0x80) return Utf8Shape{0, 0};
  if ((lead & 0xe0) == 0xc0) return Utf8Shape{1, 0x80};
  if ((lead & 0xf0) == 0xe0) return Utf8Shape{2, 0x800};
  if ((lead & 0xf8) == 0xf0) return Utf8Shape{3, 0x10000};
  return std::nullopt;
}

}  // namespace

std::unique_ptr<PurchaseSource> MakeCsvSource(Input& input, std::unique_ptr<RowParser> parser,
                                              RejectSink reject) {
  return std::make_unique<CsvSource>(input, std::move(parser), std::move(reject));
}

absl::StatusOr<CsvRecord> ReadHeaderRow(const Input& input, CsvReader& reader) {
  CsvRecord record;
  if (!reader.Next(record)) {
    if (!input.status().ok()) return input.status();
    return absl::InvalidArgumentError("the file is empty; a row with column names is expected");
  }
  if (!record.problem.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the header can't be read: ", record.problem));
  }
  return record;
}

absl::StatusOr<Columns> Columns::Find(const std::vector<std::string>& header,
                                      const std::vector<std::string>& required,
                                      const std::vector<std::string>& optional) {
  Columns columns;
  columns.width_ = header.size();
  const auto find = [&](const std::string& name) -> absl::Status {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) {
      columns.positions_.push_back(std::nullopt);
      return absl::OkStatus();
    }
    if (std::find(found + 1, header.end(), name) != header.end()) {
      return absl::InvalidArgumentError(absl::StrCat("the column ", name, " is there twice"));
    }
    columns.positions_.emplace_back(found - header.begin());
    return absl::OkStatus();
  };
  for (const std::string& name : required) {
    if (absl::Status status = find(name); !status.ok()) return status;
    if (!columns.positions_.back().has_value()) {
      return absl::InvalidArgumentError(absl::StrCat("the header lacks the column ", name));
    }
  }
  for (const std::string& name : optional) {
    if (absl::Status status = find(name); !status.ok()) return status;
  }
  return columns;
}

const std::string& Columns::Get(const CsvRecord& record, size_t nth) const {
  static const auto* const kAbsent = new std::string();
  const std::optional<size_t> position = positions_[nth];
  if (!position.has_value() || *position >= record.fields.size()) return *kAbsent;
  return record.fields[*position];
}

bool IsUtf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned char lead = text[i++];
    const std::optional<Utf8Shape> shape = ShapeOf(lead);
    if (!shape.has_value()) return false;
    uint32_t code_point = lead & (0x7f >> (shape->following == 0 ? 0 : shape->following + 1));
    for (int k = 0; k < shape->following; ++k, ++i) {
      if (i == text.size() || (text[i] & 0xc0) != 0x80) return false;
      code_point = (code_point << 6) | (text[i] & 0x3f);
    }
    const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    if (code_point < shape->least || code_point > 0x10ffff || surrogate) return false;
  }
  return true;
}

std::optional<RowProblem> CheckRecord(const CsvRecord& record, size_t width) {
  if (!record.problem.empty()) return RowProblem{"MALFORMED_ROW", record.problem};
  if (record.fields.size() != width) {
    return RowProblem{"MALFORMED_ROW", absl::StrCat("the row has ", record.fields.size(),
                                                    " fields where the header has ", width)};
  }
  return std::nullopt;
}

RowProblem NotUtf8() { return {"NOT_UTF8", "the row is not valid UTF-8"}; }

std::optional<RowProblem> ReadMember(const std::string& member_id, const std::string& alias_kind,
                                     const std::string& alias_value, v1::MemberRef& member) {
  const bool alias = !alias_kind.empty() && !alias_value.empty();
  if (alias_kind.empty() != alias_value.empty() || (alias && !member_id.empty())) {
    return RowProblem{"BAD_MEMBER", "give either member_id or alias_kind and alias_value"};
  }
  if (alias) member = MemberByAlias(alias_kind, alias_value);
  if (!member_id.empty()) member = MemberById(member_id);
  return std::nullopt;
}

std::optional<RowProblem> ReadOccurredAt(const std::string& text, absl::TimeZone zone,
                                         google::protobuf::Timestamp& time) {
  const std::optional<absl::Time> read = ReadTime(text, zone);
  if (!read.has_value()) {
    return RowProblem{"BAD_DATE",
                      absl::StrCat("\"", text, "\" is not a time such as 2024-05-31T18:30:00Z")};
  }
  time = ToTimestamp(*read);
  return std::nullopt;
}

}  // namespace dangol::cli
