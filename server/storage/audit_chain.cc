#include "server/storage/audit_chain.h"

#include <openssl/sha.h>

#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/storage/tables.h"

namespace dangol::storage {
namespace {

std::string Sha256(absl::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// Values one after the other, so that no two lists of them look alike: each with its length.
void Append(absl::string_view bytes, std::string& out) {
  absl::StrAppend(&out, bytes.size(), ":", bytes);
}
void Append(int64_t value, std::string& out) { Append(absl::StrCat(value), out); }
void Append(absl::Time value, std::string& out) { Append(absl::ToUnixMicros(value), out); }
void Append(const Bytes& value, std::string& out) { Append(value.view, out); }
void Append(const std::optional<domain::MemberId>& value, std::string& out) {
  if (!value.has_value()) return absl::StrAppend(&out, "-");
  const auto bytes = value->ToBytes();
  Append(absl::string_view(bytes.data(), bytes.size()), out);
}
template <typename Enum>
requires std::is_enum_v<Enum>
void Append(Enum value, std::string& out) { Append(static_cast<int64_t>(value), out); }

}  // namespace

std::string DigestOf(int partition, int64_t position, const AuditRecord& record) {
  std::string values;
  Append(int64_t{partition}, values);
  Append(position, values);
  VisitStored(record, {}, IsInserted,
              [&](absl::string_view, const auto& value) { Append(value, values); });
  return Sha256(values);
}

std::string NextInChain(absl::string_view before, absl::string_view digest) {
  return Sha256(absl::StrCat(before, digest));
}

void ChainCheck::Add(const AuditEntry& entry) {
  const int64_t expected = last_.number + 1;
  const bool follows = entry.number == expected;
  if (entry.number > expected) {
    Tell(expected, entry.number == expected + 1
                       ? "the act is missing"
                       : absl::StrCat("the acts from here to ", entry.number - 1, " are missing"));
  }
  const std::string digest = DigestOf(entry.partition, entry.position, entry.record);
  if (follows && entry.chain != NextInChain(last_.chain, digest)) {
    Tell(entry.number,
         "the act is not what was recorded, or it does not follow on the one before it");
  }
  // From what is stored on: one act that was altered is told once.
  last_ = {entry.number, entry.chain};
}

void ChainCheck::End(const std::optional<AuditEnd>& end) {
  if (!end.has_value()) {
    if (last_.number > 0) Tell(last_.number, "the end of the partition's chain is missing");
    return;
  }
  if (end->number > last_.number) {
    Tell(last_.number + 1,
         absl::StrCat("the acts from here to ", end->number, ", the last one, ", "are missing"));
  } else if (end->number < last_.number) {
    Tell(end->number + 1, "the acts from here on were added to the chain from outside");
  } else if (end->chain != last_.chain) {
    Tell(last_.number, "the last act, or the end of the chain, is not what was recorded");
  }
}

void ChainCheck::Tell(int64_t number, std::string message) {
  findings_.push_back({partition_, number, std::move(message)});
}

}  // namespace dangol::storage
