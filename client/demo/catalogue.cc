#include "client/demo/catalogue.h"

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dangol::demo {
namespace {

constexpr Article kCoffee[] = {
    {"coffee-americano", "coffee", 4500, 9},     {"coffee-latte", "coffee", 5000, 7},
    {"coffee-cold-brew", "coffee", 5500, 4},     {"coffee-einspanner", "coffee", 6500, 2},
    {"coffee-beans-200g", "coffee", 14000, 1.5}, {"coffee-beans-1kg", "coffee", 48000, 0.4},
};
constexpr Article kBakery[] = {
    {"bakery-salt-bread", "bakery", 3200, 8}, {"bakery-croissant", "bakery", 4200, 6},
    {"bakery-sourdough", "bakery", 7800, 3},  {"bakery-scone", "bakery", 3900, 4},
    {"bakery-soboro", "bakery", 2800, 5},     {"bakery-cream-cake", "bakery", 34000, 0.6},
};
constexpr Article kDeli[] = {
    {"deli-gimbap", "deli", 4800, 7},   {"deli-egg-sandwich", "deli", 6200, 5},
    {"deli-bibimbap", "deli", 9500, 4}, {"deli-salad", "deli", 8900, 4},
    {"deli-japchae", "deli", 8400, 2},  {"deli-party-box", "deli", 62000, 0.3},
};
constexpr Article kFresh[] = {
    {"fresh-tofu", "fresh", 2900, 6},          {"fresh-eggs-10", "fresh", 5900, 6},
    {"fresh-strawberries", "fresh", 12900, 3}, {"fresh-tangerines", "fresh", 9900, 4},
    {"fresh-lettuce", "fresh", 2500, 5},       {"fresh-hanwoo-300g", "fresh", 42000, 1},
};
constexpr Article kPantry[] = {
    {"pantry-ramyeon-5", "pantry", 4900, 6},   {"pantry-rice-4kg", "pantry", 18900, 3},
    {"pantry-sesame-oil", "pantry", 11900, 2}, {"pantry-gochujang", "pantry", 8900, 3},
    {"pantry-seaweed", "pantry", 6900, 4},     {"pantry-olive-oil", "pantry", 21900, 1},
};
constexpr Article kHome[] = {
    {"home-mug", "home", 16000, 3},      {"home-tumbler", "home", 32000, 2},
    {"home-candle", "home", 28000, 1.5}, {"home-tea-towel", "home", 12000, 2},
    {"home-dripper", "home", 24000, 1},
};
constexpr Article kGifts[] = {
    {"gifts-yakgwa-box", "gifts", 24000, 4},
    {"gifts-tea-set", "gifts", 39000, 2},
    {"gifts-fruit-basket", "gifts", 69000, 1},
    {"gifts-ginseng", "gifts", 98000, 0.5},
};

constexpr Category kCategories[] = {
    {"coffee", 30, kCoffee}, {"bakery", 24, kBakery}, {"deli", 18, kDeli},  {"fresh", 12, kFresh},
    {"pantry", 9, kPantry},  {"home", 3, kHome},      {"gifts", 4, kGifts},
};

constexpr Store kStores[] = {
    {"gangnam", "Seoul", 20}, {"hongdae", "Seoul", 17},    {"seongsu", "Seoul", 15},
    {"yeouido", "Seoul", 11}, {"jamsil", "Seoul", 11},     {"bundang", "Seongnam", 9},
    {"seomyeon", "Busan", 9}, {"dongseongno", "Daegu", 5}, {"aewol", "Jeju", 3},
};

constexpr FamilyName kFamilyNames[] = {
    {"Kim", 21},  {"Lee", 15},   {"Park", 8.5}, {"Choi", 4.7},  {"Jung", 4.3}, {"Kang", 2.4},
    {"Cho", 2.1}, {"Yoon", 2},   {"Jang", 2},   {"Lim", 1.7},   {"Han", 1.5},  {"Oh", 1.5},
    {"Seo", 1.5}, {"Shin", 1.5}, {"Kwon", 1.4}, {"Hwang", 1.3}, {"Ahn", 1.3},  {"Song", 1.3},
};

constexpr absl::string_view kGivenNames[] = {
    "Minseo",   "Jiwoo",   "Seoyeon", "Hayoon", "Jisoo",   "Eunji", "Yuna",    "Sujin",
    "Hyejin",   "Nari",    "Minjun",  "Seojun", "Doyun",   "Jiho",  "Junseo",  "Hyunwoo",
    "Donghyun", "Sungmin", "Taeyang", "Woojin", "Yejin",   "Bora",  "Chaewon", "Dahye",
    "Gaeun",    "Haneul",  "Inseo",   "Jaemin", "Kyungho", "Sohee",
};

}  // namespace

absl::Span<const Category> Categories() { return kCategories; }
absl::Span<const Store> Stores() { return kStores; }
absl::Span<const FamilyName> FamilyNames() { return kFamilyNames; }
absl::Span<const absl::string_view> GivenNames() { return kGivenNames; }

}  // namespace dangol::demo
