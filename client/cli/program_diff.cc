#include "cli/program_diff.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/program_parts.h"

namespace dangol::cli {
namespace {

constexpr char kNotSaid[] = "not said";

const ProgramPart* Find(const std::string& name, const std::vector<ProgramPart>& parts) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const ProgramPart& part) { return part.name == name; });
  return found == parts.end() ? nullptr : &*found;
}

const Aspect* Find(const Aspect& wanted, const std::vector<Aspect>& aspects) {
  const auto found = std::find_if(aspects.begin(), aspects.end(), [&](const Aspect& aspect) {
    return aspect.name == wanted.name && aspect.key == wanted.key;
  });
  return found == aspects.end() ? nullptr : &*found;
}

std::string Words(const Aspect* aspect, const Aspect& like) {
  if (aspect != nullptr) return aspect->words;
  return like.is_flag ? "no" : kNotSaid;
}

void CompareAspects(const ProgramPart& before, const ProgramPart& after,
                    std::vector<ProgramChange>& changes) {
  for (const Aspect& aspect : before.aspects) {
    const std::string words = Words(Find(aspect, after.aspects), aspect);
    if (words != aspect.words) {
      changes.push_back({before.name, aspect.name, aspect.words, words});
    }
  }
  for (const Aspect& aspect : after.aspects) {
    if (Find(aspect, before.aspects) != nullptr) continue;
    changes.push_back({before.name, aspect.name, Words(nullptr, aspect), aspect.words});
  }
}

std::string AllOf(const ProgramPart& part) {
  return absl::StrJoin(part.aspects, ", ", [](std::string* out, const Aspect& aspect) {
    absl::StrAppend(out, aspect.name, " ", aspect.words);
  });
}

// Of what is in both, in the order of `parts`.
std::vector<std::string> Common(const std::string& list, const std::vector<ProgramPart>& parts,
                                const std::vector<ProgramPart>& others) {
  std::vector<std::string> names;
  for (const ProgramPart& part : parts) {
    if (part.list == list && Find(part.name, others) != nullptr) names.push_back(part.name);
  }
  return names;
}

}  // namespace

std::vector<ProgramChange> Compare(const v1::Program& before, const v1::Program& after) {
  const std::vector<ProgramPart> old_parts = PartsOf(before);
  const std::vector<ProgramPart> new_parts = PartsOf(after);
  std::vector<ProgramChange> changes;
  std::set<std::string> lists;
  for (const ProgramPart& part : old_parts) {
    if (!part.list.empty()) lists.insert(part.list);
    if (const ProgramPart* other = Find(part.name, new_parts); other != nullptr) {
      CompareAspects(part, *other, changes);
    } else {
      changes.push_back({part.name, "", AllOf(part), ""});
    }
  }
  for (const ProgramPart& part : new_parts) {
    if (Find(part.name, old_parts) != nullptr) continue;
    changes.push_back({part.name, "", "", AllOf(part)});
  }
  // Of equal rates the first rule wins, and multipliers may multiply what those before them made.
  for (const std::string& list : lists) {
    const std::vector<std::string> order = Common(list, old_parts, new_parts);
    const std::vector<std::string> new_order = Common(list, new_parts, old_parts);
    if (order == new_order) continue;
    changes.push_back({list, "order", absl::StrJoin(order, ", "), absl::StrJoin(new_order, ", ")});
  }
  return changes;
}

std::string InWords(const ProgramChange& change) {
  if (!change.aspect.empty()) {
    return absl::StrCat(change.part, ": ", change.aspect, " ", change.before, " -> ", change.after);
  }
  return change.after.empty() ? absl::StrCat(change.part, ": removed (", change.before, ")")
                              : absl::StrCat(change.part, ": added (", change.after, ")");
}

}  // namespace dangol::cli
