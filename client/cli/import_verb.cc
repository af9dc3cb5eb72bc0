#include "cli/import_verb.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/errors.h"

namespace dangol::cli {

void BePatient(Session& session) {
  session.options.deadline = absl::Seconds(60);
  session.options.max_attempts = 16;
}

absl::Status OpenRejects(const std::string& path, ImportReport& report) {
  return path.empty() ? absl::OkStatus() : report.OpenRejects(path);
}

Table ImportedTable(int64_t rows_read, const ImportTotals& rejected) {
  Table table({{.title = "IMPORTED"}, {.title = "", .align = Table::Align::kRight, .whole = true}});
  table.Add({"rows read", FormatCount(rows_read)});
  table.Add({"rows rejected", FormatCount(rejected.rows_rejected())});
  for (const auto& [reason, rows] : rejected.rejected) {
    table.Add({absl::StrCat("  ", reason), FormatCount(rows)});
  }
  return table;
}

absl::Status RefusedOf(int64_t refused, const absl::Status& first) {
  if (refused == 0) return absl::OkStatus();
  return absl::Status(first.code(), absl::StrCat("the server refused ", refused,
                                                 " of them, the first: ", Describe(first)));
}

}  // namespace dangol::cli
