#include "cli/rfm_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dangol::cli {
namespace {

v1::GetRfmResponse TwoByTwo(int64_t best_minor) {
  v1::GetRfmResponse rfm;
  rfm.mutable_basis()->set_scores(2);
  rfm.mutable_basis()->set_day("2026-12-31");
  rfm.mutable_basis()->set_base_currency("GBP");
  rfm.set_members(1'250);
  const auto add = [&](int r, int f, int64_t members, int64_t average_minor) {
    v1::RfmCell& cell = *rfm.add_grid();
    cell.set_r(r);
    cell.set_f(f);
    cell.set_members(members);
    cell.set_average_minor(average_minor);
  };
  add(1, 1, 1'000, 250);
  add(1, 2, 0, 0);
  add(2, 1, 1, 1'999);
  add(2, 2, 249, best_minor);
  return rfm;
}

// The lines of a text, each without the spaces between its pieces.
std::string Squeezed(const std::string& text) {
  std::string squeezed;
  for (const char c : text) {
    const bool again = c == ' ' && !squeezed.empty() && squeezed.back() == ' ';
    if (!again) squeezed += c;
  }
  return squeezed;
}

TEST(RfmGridTest, ACellShowsHowManyAndHowMuch) {
  const std::string grid = RenderRfmGrid(TwoByTwo(123'456), Currencies());
  const std::string rule(78, '-');
  EXPECT_EQ(Squeezed(grid),
            " | F 1 | F 2\n" + rule + "\n" +
                " R 2 | 1 | 249\n"
                " | # | ########\n"
                " | 19.99 | 1,234.56\n" +
                rule + "\n" +
                " R 1 | 1,000 |\n"
                " | " +
                std::string(34, '#') +
                " |\n"
                " | 2.50 |\n"
                "\n"
                "1,250 members as of 2026-12-31, by recency (R) and frequency (F).\n"
                "Below, what one spent on the average, in GBP.\n");
  size_t width = 0;
  for (size_t at = 0; at < grid.find("\n\n"); at = grid.find('\n', at) + 1) {
    width = std::max(width, grid.find('\n', at) - at);
  }
  EXPECT_LE(width, 80u);
}

TEST(RfmGridTest, ABarIsAsLongAsThePartIsLarge) {
  EXPECT_EQ(RfmBar(0, 10, 20), "");
  EXPECT_EQ(RfmBar(1, 1'000, 20), "#");
  EXPECT_EQ(RfmBar(500, 1'000, 20), "##########");
  EXPECT_EQ(RfmBar(1'000, 1'000, 20), std::string(20, '#'));
}

}  // namespace
}  // namespace dangol::cli
