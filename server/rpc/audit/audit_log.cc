#include "server/rpc/audit/audit_log.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/common/record.h"
#include "server/common/status_macros.h"
#include "server/domain/audit/act.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"
#include "server/storage/audit_chain.h"

namespace dangol::rpc {
namespace {

constexpr char kList[] = "audit";
constexpr char kChains[] = "audit-chains";
constexpr size_t kChainBytes = 32;

absl::Status ToPart(const storage::AuditEntry& entry, v1::AuditEntry& out) {
  const storage::AuditRecord& record = entry.record;
  out.set_partition(entry.partition);
  out.set_number(entry.number);
  out.set_event_id(absl::StrCat(entry.partition, "-", entry.position));
  *out.mutable_recorded_at() = ToTimestamp(record.recorded_at);
  out.set_kind(static_cast<v1::EventKind>(record.kind));
  out.set_principal(record.principal);
  if (!record.member_id.IsNil()) out.set_member_id(record.member_id.ToString());
  out.set_request_id(record.key.id);
  out.set_reason(record.reason);
  domain::Act act;
  RETURN_IF_ERROR(DecodeRecord(record.changes, act));
  for (const domain::Change& change : act.changes) {
    v1::AuditChange& change_out = *out.add_changes();
    change_out.set_what(change.what);
    change_out.set_before(change.before);
    change_out.set_after(change.after);
  }
  return absl::OkStatus();
}

// All of a filter but whom it names.
storage::AuditFilter ToFilter(const v1::ListAuditLogRequest& message, Validator& validator) {
  storage::AuditFilter filter;
  filter.principal = message.principal();
  validator.Check(v1::EventKind_IsValid(message.kind()), Path("kind"), "is not an EventKind");
  filter.kind = static_cast<domain::ActionKind>(message.kind());
  if (message.has_recorded_from()) {
    filter.from = validator.Time(Path("recorded_from"), message.recorded_from());
  }
  if (message.has_recorded_until()) {
    filter.until = validator.Time(Path("recorded_until"), message.recorded_until());
  }
  return filter;
}

absl::StatusOr<std::optional<storage::AuditFilter::Cursor>> CursorOf(const std::string& token) {
  ASSIGN_OR_RETURN(const std::vector<std::string> parts, DecodePageToken(kList, token, 3));
  if (parts.empty()) return std::nullopt;
  storage::AuditFilter::Cursor cursor;
  ASSIGN_OR_RETURN(const int64_t micros, TokenNumber(parts[0]));
  ASSIGN_OR_RETURN(const int64_t partition, TokenNumber(parts[1]));
  ASSIGN_OR_RETURN(cursor.number, TokenNumber(parts[2]));
  cursor.recorded_at = absl::FromUnixMicros(micros);
  cursor.partition = static_cast<int>(partition);
  return cursor;
}

std::string TokenAfter(const storage::AuditEntry& entry) {
  return EncodePageToken(kList, {absl::StrCat(absl::ToUnixMicros(entry.record.recorded_at)),
                                 absl::StrCat(entry.partition), absl::StrCat(entry.number)});
}

// Where a page of a check begins.
struct Place {
  int partition = 0;
  storage::AuditEnd known = {0, storage::ChainBegin()};
};

absl::StatusOr<Place> PlaceOf(const std::string& token) {
  ASSIGN_OR_RETURN(const std::vector<std::string> parts, DecodePageToken(kChains, token, 3));
  Place place;
  if (parts.empty()) return place;
  ASSIGN_OR_RETURN(const int64_t partition, TokenNumber(parts[0]));
  ASSIGN_OR_RETURN(place.known.number, TokenNumber(parts[1]));
  place.known.chain = absl::HexStringToBytes(parts[2]);
  const bool is_right =
      partition >= 0 && partition < storage::kPartitions && place.known.chain.size() == kChainBytes;
  if (!is_right) return NotAToken();
  place.partition = static_cast<int>(partition);
  return place;
}

// The heads that a caller knows, by partition.
storage::AuditEnds ToHeads(const v1::VerifyAuditLogRequest& message, Validator& validator) {
  storage::AuditEnds heads;
  const Path list("known_heads");
  for (int i = 0; i < message.known_heads_size(); ++i) {
    const v1::AuditHead& head = message.known_heads(i);
    const Path path(list, i);
    validator.Check(head.partition() >= 0 && head.partition() < storage::kPartitions,
                    Path(path, "partition"),
                    absl::StrCat("must be 0 to ", storage::kPartitions - 1));
    validator.Check(head.number() >= 1, Path(path, "number"), "must be at least 1");
    validator.Check(head.chain().size() == kChainBytes, Path(path, "chain"), "must have 32 bytes");
    const bool is_new =
        heads.emplace(head.partition(), storage::AuditEnd{head.number(), head.chain()}).second;
    validator.Check(is_new, Path(path, "partition"), "has a head already; give one of each");
  }
  return heads;
}

// A page of a check: chain by chain, from a place on.
class ChainPage {
 public:
  ChainPage(storage::AuditEnds heads, int page_size, storage::Reader& reader,
            v1::VerifyAuditLogResponse& response)
      : heads_(std::move(heads)), left_(page_size), reader_(reader), response_(response) {}

  absl::Status Run(Place place) {
    while (place.partition < storage::kPartitions) {
      storage::ChainCheck check(place.partition, place.known);
      ASSIGN_OR_RETURN(const bool ended, Follow(place.partition, check));
      for (const auto& finding : check.findings()) {
        Tell(finding.partition, finding.number, finding.message);
      }
      if (!ended) {
        response_.set_next_page_token(EncodePageToken(
            kChains, {absl::StrCat(place.partition), absl::StrCat(check.last().number),
                      absl::BytesToHexString(check.last().chain)}));
        return absl::OkStatus();
      }
      place = {place.partition + 1};
    }
    return absl::OkStatus();
  }

 private:
  // Whether the chain ended on this page. The end is read before the acts, so that what others
  // append meanwhile is not taken for what is missing.
  absl::StatusOr<bool> Follow(int partition, storage::ChainCheck& check) {
    while (left_ > 0) {
      ASSIGN_OR_RETURN(const storage::AuditEnds ends, reader_.ReadAuditEnds());
      ASSIGN_OR_RETURN(const std::vector<storage::AuditEntry> entries,
                       reader_.ReadAudit(partition, check.last().number, left_));
      if (entries.empty()) {
        const auto end = ends.find(partition);
        check.End(end == ends.end() ? std::nullopt : std::optional(end->second));
        End(partition, check);
        return true;
      }
      for (const storage::AuditEntry& entry : entries) {
        check.Add(entry);
        CompareHead(entry);
      }
      left_ -= static_cast<int>(entries.size());
      response_.set_acts(response_.acts() + static_cast<int64_t>(entries.size()));
    }
    return false;
  }

  void CompareHead(const storage::AuditEntry& entry) {
    const auto head = heads_.find(entry.partition);
    if (head == heads_.end() || head->second.number != entry.number) return;
    if (entry.chain == head->second.chain) return;
    Tell(entry.partition, entry.number,
         "the chain does not go through the head that was known; it was computed anew");
  }

  void End(int partition, const storage::ChainCheck& check) {
    const storage::AuditEnd& last = check.last();
    const auto head = heads_.find(partition);
    if (head != heads_.end() && head->second.number > last.number) {
      Tell(partition, last.number + 1, "the chain ends before the head that was known");
    }
    if (last.number == 0) return;
    v1::AuditHead& out = *response_.add_heads();
    out.set_partition(partition);
    out.set_number(last.number);
    out.set_chain(last.chain);
  }

  void Tell(int partition, int64_t number, const std::string& message) {
    v1::AuditLogFinding& out = *response_.add_findings();
    out.set_partition(partition);
    out.set_number(number);
    out.set_message(message);
  }

  const storage::AuditEnds heads_;
  int left_;
  storage::Reader& reader_;
  v1::VerifyAuditLogResponse& response_;
};

}  // namespace

absl::Status ListAuditLog(const v1::ListAuditLogRequest& message, Backend&, storage::Reader& reader,
                          v1::ListAuditLogResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  storage::AuditFilter filter = ToFilter(message, validator);
  std::optional<domain::MemberRef> named;
  if (message.has_member()) {
    named = validator.MemberRef(Path("member"), true, message.member());
    named->resolve = domain::Resolve::kToPerson;
  }
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(filter.after, CursorOf(message.page_token()));
  if (named.has_value()) {
    ASSIGN_OR_RETURN(filter.member_id, FindMember(*named, reader));
  }
  ASSIGN_OR_RETURN(const std::vector<storage::AuditEntry> entries,
                   reader.ListAudit(filter, page_size + 1));
  for (const storage::AuditEntry& entry : entries) {
    if (response.entries_size() == page_size) {
      const auto& last = entries[static_cast<size_t>(page_size) - 1];
      response.set_next_page_token(TokenAfter(last));
      break;
    }
    RETURN_IF_ERROR(ToPart(entry, *response.add_entries()));
  }
  return absl::OkStatus();
}

absl::Status VerifyAuditLog(const v1::VerifyAuditLogRequest& message, Backend&,
                            storage::Reader& reader, v1::VerifyAuditLogResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  storage::AuditEnds heads = ToHeads(message, validator);
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Place place, PlaceOf(message.page_token()));
  return ChainPage(std::move(heads), page_size, reader, response).Run(place);
}

}  // namespace dangol::rpc
