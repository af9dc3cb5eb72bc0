#ifndef DANGOL_SERVER_STORAGE_AUDIT_CHAIN_H_
#define DANGOL_SERVER_STORAGE_AUDIT_CHAIN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/storage/storage.h"

// The audit log is a hash chain in each partition, so that nobody can remove, alter, swap or add
// an act that is not the last one without every later link showing it:
//
//   chain of an act = SHA-256(chain before || digest of the act), from 32 zeros on
//
// The last link of each partition stands in a table of its own (audit_end), which shows what is
// missing at the end. Whoever may write to the database could compute all of it anew; against that
// helps to keep what VerifyAuditLog answered where they cannot write.
namespace dangol::storage {

// Where a chain begins.
inline const std::string& ChainBegin() {
  static const auto* const zeros = new std::string(32, '\0');
  return *zeros;
}

// SHA-256 over every stored value of an act, each with its length, and over its place.
std::string DigestOf(int partition, int64_t position, const AuditRecord& record);

std::string NextInChain(absl::string_view before, absl::string_view digest);

// Follows the chain of one partition, act by act, and names what is wrong.
class ChainCheck {
 public:
  // What is wrong at an act, or at acts that are not there.
  struct Finding {
    int partition = 0;
    int64_t number = 0;
    std::string message;  // A sentence.
  };

  // After an act that is known to be right; by default from the beginning.
  explicit ChainCheck(int partition, AuditEnd known = {0, ChainBegin()})
      : partition_(partition), last_(std::move(known)) {}

  // The next act there is.
  void Add(const AuditEntry& entry);
  // There is none more, and the chain should have ended so. Nothing: it is not known to have begun.
  void End(const std::optional<AuditEnd>& end);

  // Where it has come to.
  const AuditEnd& last() const { return last_; }
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void Tell(int64_t number, std::string message);

  const int partition_;
  AuditEnd last_;
  std::vector<Finding> findings_;
};

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_AUDIT_CHAIN_H_
