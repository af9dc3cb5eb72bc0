#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace dangol {

// Everything that a List method returns, fetched page by page as it is walked:
//
//   for (absl::StatusOr<v1::Member>& member : client.ListMembers()) {
//     if (!member.ok()) return member.status();
//     ...
//   }
//
// A page that can't be fetched gives its error as the last element. To be
// walked once, by one thread.
template <typename Item>
class PageRange {
  struct Walk;

 public:
  struct Page {
    std::vector<Item> items;
    // Empty on the last page.
    std::string next_page_token;
  };
  // Returns the page that a token names; the first one for an empty token.
  using Fetch = std::function<absl::StatusOr<Page>(const std::string& page_token)>;

  explicit PageRange(Fetch fetch) : walk_(std::make_shared<Walk>(std::move(fetch))) {}

  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = absl::StatusOr<Item>;
    using difference_type = std::ptrdiff_t;
    using pointer = value_type*;
    using reference = value_type&;

    iterator() = default;

    reference operator*() const { return walk_->current; }
    pointer operator->() const { return &walk_->current; }
    iterator& operator++() {
      if (!walk_->Advance()) walk_.reset();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& left, const iterator& right) {
      return left.walk_ == right.walk_;
    }

   private:
    friend class PageRange;
    explicit iterator(std::shared_ptr<Walk> walk) : walk_(std::move(walk)) {}
    std::shared_ptr<Walk> walk_;
  };

  // Fetches the first page.
  iterator begin() { return walk_->Advance() ? iterator(walk_) : iterator(); }
  iterator end() { return iterator(); }

 private:
  struct Walk {
    explicit Walk(Fetch fetch) : fetch(std::move(fetch)) {}

    // Moves to the next item or error; false at the end.
    bool Advance() {
      while (next == page.items.size()) {
        if (last_page) return false;
        absl::StatusOr<Page> fetched = fetch(page.next_page_token);
        if (!fetched.ok()) {
          page = Page();
          next = 0;
          last_page = true;
          current = fetched.status();
          return true;
        }
        page = *std::move(fetched);
        next = 0;
        last_page = page.next_page_token.empty();
      }
      current = std::move(page.items[next++]);
      return true;
    }

    Fetch fetch;
    Page page;
    size_t next = 0;
    bool last_page = false;
    absl::StatusOr<Item> current = absl::UnknownError("the range has not begun");
  };

  std::shared_ptr<Walk> walk_;
};

}  // namespace dangol
