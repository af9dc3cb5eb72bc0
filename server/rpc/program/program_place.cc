#include "server/rpc/program/program_place.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"

namespace dangol::rpc {

using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;

Place Place::Child(const std::string& field, int index) const {
  const FieldDescriptor* descriptor = type_->FindFieldByName(field);
  Place child(nullptr, descriptor->message_type());
  child.name_ = absl::StrCat(name_, name_.empty() ? "" : ".", field);
  if (index >= 0) absl::StrAppend(&child.name_, "[", index, "]");
  child.line_ = line_;
  child.column_ = column_;
  if (tree_ == nullptr || descriptor->is_repeated() != (index >= 0)) return child;
  const TextFormat::ParseLocation location = tree_->GetLocation(descriptor, index);
  if (location.line >= 0) {
    child.line_ = location.line + 1;
    child.column_ = location.column + 1;
  }
  if (descriptor->message_type() != nullptr)
    child.tree_ = tree_->GetTreeForNested(descriptor, index);
  return child;
}

void ProblemList::Check(bool right, const Place& place, absl::string_view message) {
  if (!right && problems_.size() < limits::kMaxProgramProblems)
    problems_.push_back(place.Problem(message));
}

void ProblemList::CheckRange(int64_t value, int64_t least, int64_t most, const Place& place) {
  Check(value >= least && value <= most, place, absl::StrCat("must be ", least, " to ", most));
}

void ProblemList::CheckName(absl::string_view name, const Place& place) {
  const bool right =
      !name.empty() && name.size() <= limits::kMaxNameBytes &&
      std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
      });
  Check(right, place, "must be 1 to 64 characters of a-z, 0-9, \"-\" and \"_\"");
}

void ProblemList::CheckTitle(absl::string_view title, const Place& place) {
  Check(!title.empty() && title.size() <= limits::kMaxProgramNameBytes &&
            std::none_of(title.begin(), title.end(), absl::ascii_iscntrl),
        place, "must be 1 to 128 bytes of printable text");
}

int FindWallet(const std::string& id, const std::vector<domain::Wallet>& wallets) {
  for (size_t i = 0; i < wallets.size(); ++i) {
    if (wallets[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace dangol::rpc
