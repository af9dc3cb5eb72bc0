#include "dangol/page_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace dangol {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Range = PageRange<int>;

struct Walked {
  std::vector<int> items;
  std::vector<absl::Status> errors;
  std::vector<std::string> tokens;
};

// Walks a range over given pages; a page that is missing is an error.
Walked Walk(const std::map<std::string, Range::Page>& pages) {
  Walked walked;
  Range range([&](const std::string& token) -> absl::StatusOr<Range::Page> {
    walked.tokens.push_back(token);
    const auto page = pages.find(token);
    if (page == pages.end()) return absl::NotFoundError(token);
    return page->second;
  });
  for (absl::StatusOr<int>& item : range) {
    if (item.ok()) {
      walked.items.push_back(*item);
    } else {
      walked.errors.push_back(item.status());
    }
  }
  return walked;
}

TEST(PageRange, JoinsPages) {
  const Walked walked = Walk({{"", {{1, 2}, "a"}}, {"a", {{3}, "b"}}, {"b", {{4, 5}, ""}}});
  EXPECT_THAT(walked.items, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(walked.tokens, ElementsAre("", "a", "b"));
  EXPECT_THAT(walked.errors, IsEmpty());
}

TEST(PageRange, IsEmptyWhenThereIsNothing) { EXPECT_THAT(Walk({{"", {}}}).items, IsEmpty()); }

// A filter may leave a page empty although more follow.
TEST(PageRange, StepsOverEmptyPages) {
  EXPECT_THAT(Walk({{"", {{}, "a"}}, {"a", {{}, "b"}}, {"b", {{7}, ""}}}).items, ElementsAre(7));
}

TEST(PageRange, EndsWithTheError) {
  const Walked walked = Walk({{"", {{1}, "lost"}}});
  EXPECT_THAT(walked.items, ElementsAre(1));
  EXPECT_THAT(walked.errors, ElementsAre(absl::NotFoundError("lost")));
}

TEST(PageRange, FetchesOnlyWhatIsWalked) {
  int fetched = 0;
  Range range([&](const std::string&) -> absl::StatusOr<Range::Page> {
    ++fetched;
    return Range::Page{{1}, "more"};
  });
  auto position = range.begin();
  EXPECT_EQ(fetched, 1);
  ++position;
  EXPECT_EQ(fetched, 2);
}

}  // namespace
}  // namespace dangol
