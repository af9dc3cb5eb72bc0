#include "cli/import/report.h"

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/errors.h"
#include "dangol/error.h"

namespace dangol::cli {
namespace {

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace

int64_t ImportTotals::rows_rejected() const {
  int64_t sum = 0;
  for (const auto& [reason, rows] : rejected) sum += rows;
  return sum;
}

RowProblem ProblemOf(const absl::Status& error) {
  const std::string reason = ErrorReason(error);
  return {.reason = reason.empty() ? absl::StatusCodeToString(error.code()) : reason,
          .detail = Describe(error)};
}

absl::Status ImportReport::OpenRejects(const std::string& path) {
  const absl::MutexLock lock(&mutex_);
  rejects_.open(path, std::ios::binary | std::ios::trunc);
  if (!rejects_) return absl::ErrnoToStatus(errno, absl::StrCat("can't write ", path));
  rejects_ << "line,reason,row,detail\n";
  return absl::OkStatus();
}

void ImportReport::Reject(const Row& row, const RowProblem& problem) {
  const absl::MutexLock lock(&mutex_);
  WriteReject(row, problem);
}

void ImportReport::Refuse(const ReadPurchase& purchase, const absl::Status& error) {
  RowProblem problem = ProblemOf(error);
  const absl::MutexLock lock(&mutex_);
  if (!MoneyDiffers(error).value_or(true)) {
    problem.reason = "OTHER_DETAILS";
    ++(purchase.is_return ? totals_.returns_with_other_details
                          : totals_.purchases_with_other_details);
    for (const Row& row : purchase.rows) WriteNote(row, problem);
    return;
  }
  ++(purchase.is_return ? totals_.returns_refused : totals_.purchases_refused);
  if (totals_.first_refusal.ok()) totals_.first_refusal = error;
  for (const Row& row : purchase.rows) WriteReject(row, problem);
}

void ImportReport::Record(const ReadPurchase& purchase, bool replayed) {
  int64_t amount = 0;
  for (const v1::PurchaseLine& line : purchase.purchase.lines()) amount += line.amount_minor();
  const absl::MutexLock lock(&mutex_);
  ++(replayed ? totals_.purchases_replayed : totals_.purchases_recorded);
  totals_.purchase_lines += purchase.purchase.lines_size();
  totals_.amount_minor[purchase.purchase.currency()] += amount;
}

void ImportReport::RecordReturn(const ReadPurchase& goods,
                                const v1::RecordReturnResponse& response) {
  const v1::RecordedReturn& recorded = response.return_();
  const absl::MutexLock lock(&mutex_);
  ++(response.replayed() ? totals_.returns_replayed : totals_.returns_recorded);
  totals_.returned_lines += goods.purchase.lines_size();
  for (const v1::ReturnedLine& line : recorded.lines()) {
    const bool matched = !line.purchase_id().empty();
    (matched ? totals_.matched_quantity : totals_.unmatched_quantity) += line.quantity();
  }
  totals_.returned_minor[recorded.currency()] += recorded.amount_minor();
}

void ImportReport::Enroll() {
  const absl::MutexLock lock(&mutex_);
  ++totals_.members_enrolled;
}

absl::Status ImportReport::Close() {
  const absl::MutexLock lock(&mutex_);
  if (!rejects_.is_open()) return absl::OkStatus();
  rejects_.close();
  if (rejects_.good()) return absl::OkStatus();
  return absl::DataLossError("the file of rejected rows could not be written");
}

ImportTotals ImportReport::totals() const {
  const absl::MutexLock lock(&mutex_);
  return totals_;
}

void ImportReport::WriteReject(const Row& row, const RowProblem& problem) {
  ++totals_.rejected[problem.reason];
  WriteNote(row, problem);
}

void ImportReport::WriteNote(const Row& row, const RowProblem& problem) {
  if (!rejects_.is_open()) return;
  rejects_ << row.line << ',' << problem.reason << ',' << Quoted(row.text) << ','
           << Quoted(problem.detail) << '\n';
}

}  // namespace dangol::cli
