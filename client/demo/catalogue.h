#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dangol::demo {

// Something that the demo's shops sell.
struct Article {
  absl::string_view sku;
  absl::string_view category;
  int64_t price_won;
  // How often it is bought, against others of its category.
  double weight;
};

struct Category {
  absl::string_view name;
  // How often a line is of this category, in the mean over all members.
  double weight;
  absl::Span<const Article> articles;
};

struct Store {
  absl::string_view id;
  absl::string_view city;
  // How many members live nearby.
  double weight;
};

absl::Span<const Category> Categories();
absl::Span<const Store> Stores();

// For people's names: the family names by how common they are.
struct FamilyName {
  absl::string_view name;
  double weight;
};
absl::Span<const FamilyName> FamilyNames();
absl::Span<const absl::string_view> GivenNames();

}  // namespace dangol::demo
