#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_PLACE_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_PLACE_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_text.h"

// What the readers of a program's parts share: where something stands in the text, and
// what is wrong with it.
namespace dangol::rpc {

// What limits of a program are made of.
inline constexpr int64_t kMillion = 1'000'000;

// A place in the program: where it stands in the text, and its name.
class Place {
 public:
  Place(const google::protobuf::TextFormat::ParseInfoTree* tree,
        const google::protobuf::Descriptor* type)
      : tree_(tree), type_(type) {}

  // The field of this message, or item `index` of a repeated one. A repeated
  // field as a whole has no place of its own: that of the message stands for it.
  Place Child(const std::string& field, int index = -1) const;

  ProgramProblem Problem(absl::string_view message) const {
    return {line_, column_, name_, std::string(message)};
  }

 private:
  const google::protobuf::TextFormat::ParseInfoTree* tree_;
  const google::protobuf::Descriptor* type_;
  std::string name_;
  int line_ = 0;
  int column_ = 0;
};

// What has been found wrong, up to kMaxProgramProblems.
class ProblemList {
 public:
  explicit ProblemList(std::vector<ProgramProblem>& problems) : problems_(problems) {}

  void Check(bool right, const Place& place, absl::string_view message);
  void CheckRange(int64_t value, int64_t least, int64_t most, const Place& place);
  // a-z, 0-9, "-" and "_".
  void CheckName(absl::string_view name, const Place& place);
  // What people read, 1 to 128 bytes.
  void CheckTitle(absl::string_view title, const Place& place);

 private:
  std::vector<ProgramProblem>& problems_;
};

// Its place among the wallets that a program declares; -1 where it is none of them.
int FindWallet(const std::string& id, const std::vector<domain::Wallet>& wallets);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_PLACE_H_
