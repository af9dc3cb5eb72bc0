#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::cli {

// Limits of the API that the importer keeps to.
inline constexpr int kPurchaseLinesMax = 2000;

// A row of the file, kept for the file of rejected rows.
struct Row {
  // From 1; the header is a line, too.
  int64_t line = 0;
  std::string text;
};

// Why a row is rejected.
struct RowProblem {
  // A constant such as "NO_CUSTOMER".
  std::string reason;
  // A phrase for people.
  std::string detail;
};

// Receives rejected rows. Thread safe where several threads reject.
using RejectSink = std::function<void(const Row& row, const RowProblem& problem)>;

// A purchase and the rows that it was read from. Goods that come back are read in
// the same words, and recorded as a return without a receipt.
struct ReadPurchase {
  v1::Purchase purchase;
  std::vector<Row> rows;
  // Then the purchase_id is the return's id, and its lines are what came back.
  bool is_return = false;
};

// The purchases of a file, in its order, read as they are asked for. Rows that
// can't be used go to a RejectSink. Not thread safe.
class PurchaseSource {
 public:
  virtual ~PurchaseSource() = default;
  // The next purchase; false at the end. An error when the file as a whole
  // can't be read: an I/O error, or a header that is not understood.
  virtual absl::StatusOr<bool> Next(ReadPurchase& purchase) = 0;
  // How many rows (without the header) have been read.
  virtual int64_t rows_read() const = 0;
};

}  // namespace dangol::cli
