#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/import/formats.h"
#include "google/protobuf/util/json_util.h"

namespace dangol::cli {
namespace {

class JsonSource : public PurchaseSource {
 public:
  JsonSource(Input& input, RejectSink reject) : input_(input), reject_(std::move(reject)) {}

  absl::StatusOr<bool> Next(ReadPurchase& purchase) override {
    while (true) {
      Row row{.line = ++line_};
      const bool fits = ReadLine(input_, kRecordBytesMax, row.text);
      if (row.text.empty()) {
        if (input_.Peek() != Input::kEnd) continue;
        if (!input_.status().ok()) return input_.status();
        return false;
      }
      ++rows_read_;
      if (const std::optional<RowProblem> problem = Parse(row, fits, purchase.purchase)) {
        reject_(row, *problem);
        continue;
      }
      purchase.rows.clear();
      purchase.rows.push_back(std::move(row));
      return true;
    }
  }

  int64_t rows_read() const override { return rows_read_; }

 private:
  std::optional<RowProblem> Parse(const Row& row, bool fits, v1::Purchase& purchase) const {
    if (!fits) return RowProblem{"MALFORMED_ROW", "the line is too long"};
    if (!IsUtf8(row.text)) return NotUtf8();
    purchase.Clear();
    const auto status = google::protobuf::util::JsonStringToMessage(row.text, &purchase);
    if (!status.ok()) {
      return RowProblem{"MALFORMED_ROW", absl::StrCat("the line is not a purchase in JSON: ",
                                                      std::string(status.message()))};
    }
    // It is what makes running an import again harmless.
    if (purchase.purchase_id().empty()) {
      return RowProblem{"NO_PURCHASE_ID", "the purchase has no purchase_id"};
    }
    if (purchase.lines_size() > kPurchaseLinesMax) {
      return RowProblem{"TOO_MANY_LINES",
                        absl::StrCat("a purchase has at most ", kPurchaseLinesMax, " lines")};
    }
    return std::nullopt;
  }

  Input& input_;
  const RejectSink reject_;
  int64_t line_ = 0;
  int64_t rows_read_ = 0;
};

}  // namespace

std::unique_ptr<PurchaseSource> MakeJsonSource(Input& input, RejectSink reject) {
  return std::make_unique<JsonSource>(input, std::move(reject));
}

std::unique_ptr<PurchaseSource> MakeDangolSource(Input& input, const FormatOptions& options,
                                                 RejectSink reject) {
  input.SkipByteOrderMark();
  if (input.Peek() == '{') return MakeJsonSource(input, std::move(reject));
  return MakeCsvSource(input, MakeDangolParser(options), std::move(reject));
}

}  // namespace dangol::cli
