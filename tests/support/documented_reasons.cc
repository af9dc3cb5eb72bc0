#include "tests/support/documented_reasons.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace dangol::testing {
namespace {

// The comment of a method as one line of text.
struct Method {
  std::string service;
  std::string name;
  std::string comment;
};

const std::set<std::string>& Codes() {
  static const auto* const codes = new std::set<std::string>(
      {"INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "ALREADY_EXISTS",
       "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "OUT_OF_RANGE", "UNAUTHENTICATED"});
  return *codes;
}

std::set<std::string> ReasonsIn(const std::string& text) {
  std::set<std::string> reasons = ConstantsIn(text);
  for (const std::string& code : Codes()) reasons.erase(code);
  return reasons;
}

bool IsNameCharacter(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// The name at the beginning of a text.
std::string NameAt(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && IsNameCharacter(text[size])) ++size;
  return std::string(text.substr(0, size));
}

std::vector<Method> MethodsIn(const std::filesystem::path& proto) {
  std::vector<Method> methods;
  std::string service;
  std::string comment;
  std::ifstream file(proto);
  for (std::string text; std::getline(file, text);) {
    absl::string_view line = absl::StripAsciiWhitespace(text);
    if (absl::ConsumePrefix(&line, "//")) {
      absl::StrAppend(&comment, absl::StripAsciiWhitespace(line), " ");
      continue;
    }
    if (absl::ConsumePrefix(&line, "service ")) service = NameAt(line);
    if (absl::ConsumePrefix(&line, "rpc ")) methods.push_back({service, NameAt(line), comment});
    comment.clear();
  }
  return methods;
}

// The methods to whose reasons a comment refers.
std::vector<std::string> ReferencesIn(const std::string& comment) {
  std::vector<std::string> names;
  for (const absl::string_view phrase : {"Refused as ", "reasons of "}) {
    const std::vector<absl::string_view> pieces = absl::StrSplit(comment, phrase);
    for (size_t i = 1; i < pieces.size(); ++i) names.push_back(NameAt(pieces[i]));
  }
  return names;
}

}  // namespace

std::set<std::string> ConstantsIn(const std::string& text) {
  std::set<std::string> constants;
  std::string word;
  for (const char c : text + " ") {
    if (IsNameCharacter(c)) {
      word += c;
      continue;
    }
    bool is_constant = absl::StrContains(word, '_') && !absl::StartsWith(word, "_");
    for (const char letter : word) is_constant = is_constant && !absl::ascii_islower(letter);
    if (is_constant) constants.insert(word);
    word.clear();
  }
  return constants;
}

DocumentedReasons ReadDocumentedReasons() {
  const std::filesystem::path folder = std::filesystem::path(DANGOL_PROTOS) / "dangol/v1";
  DocumentedReasons reasons;
  // The first paragraph has the list.
  std::ifstream common(folder / "common.proto");
  for (std::string line; std::getline(common, line) && line != "//";) {
    reasons.of_any.merge(ReasonsIn(line));
  }
  // Those of one word.
  reasons.of_any.insert({"INTERNAL", "OVERLOADED"});

  std::map<std::string, Method> methods;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    for (const Method& method : MethodsIn(entry.path())) methods[method.name] = method;
  }
  for (const auto& [name, method] : methods) {
    std::set<std::string>& own =
        reasons.of_method[absl::StrCat("dangol.v1.", method.service, "/", name)];
    own = ReasonsIn(method.comment);
    for (const std::string& other : ReferencesIn(method.comment)) {
      if (methods.contains(other)) own.merge(ReasonsIn(methods[other].comment));
    }
  }
  return reasons;
}

}  // namespace dangol::testing
