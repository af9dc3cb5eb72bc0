// A file that is imported.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "cli/import/csv_purchases.h"
#include "cli/import/formats.h"
#include "cli/import/input.h"

namespace {

class MemorySource final : public dangol::cli::ByteSource {
 public:
  MemorySource(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t taken = std::min(size, size_ - position_);
    if (taken > 0) std::memcpy(buffer, data_ + position_, taken);
    position_ += taken;
    return taken;
  }
  int64_t position() const override { return static_cast<int64_t>(position_); }

 private:
  const uint8_t* const data_;
  const size_t size_;
  size_t position_ = 0;
};

void Import(const uint8_t* data, size_t size, std::unique_ptr<dangol::cli::RowParser> parser) {
  dangol::cli::Input input(
      dangol::cli::MakeUnpackingSource(std::make_unique<MemorySource>(data, size)));
  const auto source = dangol::cli::MakeCsvSource(input, std::move(parser), [](const auto&...) {});
  dangol::cli::ReadPurchase purchase;
  while (true) {
    const absl::StatusOr<bool> more = source->Next(purchase);
    if (!more.ok() || !*more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const dangol::cli::FormatOptions options;
  Import(data, size, dangol::cli::MakeDangolParser(options));
  Import(data, size, dangol::cli::MakeOnlineRetailParser(options));
  return 0;
}
