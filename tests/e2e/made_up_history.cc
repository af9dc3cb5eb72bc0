#include "tests/e2e/made_up_history.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace dangol::e2e {
namespace {

struct Article {
  const char* code;
  const char* description;  // As CSV.
  const char* price;
};

constexpr Article kArticles[] = {
    {"10101", "\"PAPER LANTERN, SMALL\"", "1.25"},
    {"10102B", "BLUE TEA TOWEL", "2.95"},
    {"10203", "\"TIN OF \"\"GOOD LUCK\"\" BUTTONS\"", "0.85"},
    {"10307", "\"SET OF 6 SPOONS, WOODEN\"", "3.75"},
    {"10410R", "RED RIBBON REEL", "0.42"},
    {"10511", "CANDLE IN A JAR", "4.95"},
    {"10612", "PAPER CHAIN KIT", "0.085"},
    {"10713", "CAKE STAND OF THREE TIERS", "12.75"},
    {"10814", "WALL CLOCK", "18.995"},
    {"10915", "POSTCARD", "0.121"},
    {"11016", "", "0.19"},
    {"GIFT", "A FREE SAMPLE", "0"},
    {"POST", "POSTAGE", "15"},
};

constexpr const char* kCountries[] = {"United Kingdom", "France", "Ireland"};

struct Row {
  const Article* article;
  int64_t quantity;
};

// What somebody bought, for bringing it back later.
struct Bought {
  int customer;
  Row row;
};

class Writer {
 public:
  explicit Writer(int invoices) : invoices_(invoices) {}

  std::string Write() {
    text_ =
        "\"InvoiceNo\",\"StockCode\",\"Description\",\"Quantity\",\"InvoiceDate\",\"UnitPrice\","
        "\"CustomerID\",\"Country\"\n";
    for (int i = 0; i < invoices_; ++i) {
      // From 1 December 2010 on, all over a year.
      const int64_t minute = 340L * 24 * 60 * i / invoices_;
      now_ = absl::CivilMinute(2010, 12, 1, 8, 26) + minute;
      const int kind = Any(20);
      if (kind < 3) {
        Cancel(kind == 0);
      } else {
        Buy(/*named=*/kind < 18);
      }
    }
    // Debts that were written off, and one customer who only brings something back.
    for (int i = 0; i < 2; ++i) {
      absl::StrAppend(&text_, "\"A", number_++, "\",\"B\",\"Adjust bad debt\",1,\"", Now(),
                      "\",-11062.06,,\"United Kingdom\"\n");
    }
    AddRow(absl::StrCat("C", number_++), {&kArticles[0], -3}, kCustomers + 1);
    return std::move(text_);
  }

 private:
  static constexpr int kCustomers = 40;

  // The standard says what this engine gives, but not what its distributions do.
  int Any(int count) { return static_cast<int>(random_() % static_cast<uint32_t>(count)); }

  std::string Now() const {
    return absl::StrFormat("%04d-%02d-%02d %02d:%02d:00", now_.year(), now_.month(), now_.day(),
                           now_.hour(), now_.minute());
  }

  // Customer 0 has no name.
  void AddRow(const std::string& invoice, const Row& row, int customer) {
    absl::StrAppend(&text_, "\"", invoice, "\",\"", row.article->code, "\",",
                    row.article->description, ",", row.quantity, ",\"", Now(), "\",",
                    row.article->price, ",", customer == 0 ? "" : absl::StrCat(20'000 + customer),
                    ",\"", kCountries[customer % std::size(kCountries)], "\"\n");
  }

  void Buy(bool named) {
    // Few buy much: the lower of two numbers.
    const int customer = named ? 1 + std::min(Any(kCustomers), Any(kCustomers)) : 0;
    const std::string invoice = absl::StrCat(number_++);
    const int rows = 1 + Any(6);
    for (int i = 0; i < rows; ++i) {
      const Row row{&kArticles[Any(std::size(kArticles))],
                    Any(10) == 0 ? 100 + Any(500) : 1 + Any(24)};
      AddRow(invoice, row, customer);
      if (named) bought_.push_back({customer, row});
      // Rows of an invoice need not be of the same minute.
      if (Any(15) == 0) ++now_;
    }
  }

  // Something that was bought lately, or of anybody at any time.
  void Cancel(bool any) {
    const std::string invoice = absl::StrCat("C", number_++);
    if (bought_.empty() || Any(8) == 0) {
      AddRow(invoice, {&kArticles[Any(std::size(kArticles))], -1 - Any(3)}, any ? 0 : 1 + Any(9));
      return;
    }
    const size_t among = any ? bought_.size() : std::min<size_t>(bought_.size(), 30);
    const size_t first = bought_.size() - 1 - static_cast<size_t>(Any(static_cast<int>(among)));
    const int customer = bought_[first].customer;
    // Also what the same customer bought next to it.
    for (size_t i = first; i < std::min(first + 3, bought_.size()); ++i) {
      if (bought_[i].customer != customer) break;
      Row row = bought_[i].row;
      // A part, all of it, or more than there was.
      row.quantity = -(1 + Any(static_cast<int>(row.quantity) + 1));
      AddRow(invoice, row, customer);
    }
  }

  const int invoices_;
  std::mt19937 random_{7420};
  int64_t number_ = 700'001;
  absl::CivilMinute now_;
  std::vector<Bought> bought_;
  std::string text_;
};

}  // namespace

absl::Status MakeUpHistory(const std::string& path, int invoices) {
  const std::string text = Writer(invoices).Write();
  const gzFile file = gzopen(path.c_str(), "wb");
  if (file == nullptr) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  const auto size = static_cast<unsigned>(text.size());
  const bool whole = gzwrite(file, text.data(), size) == static_cast<int>(size);
  if (gzclose(file) != Z_OK || !whole) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path, " to its end"));
  }
  return absl::OkStatus();
}

}  // namespace dangol::e2e
