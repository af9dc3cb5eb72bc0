#include "server/lane/reused_id.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/difference.h"
#include "server/lane/program_library.h"

namespace dangol::lane {
namespace {

using domain::DifferentField;
using domain::Matter;

const char* FieldOf(storage::RequestScope scope) {
  if (scope == storage::RequestScope::kPurchase) return "purchase_id";
  const bool is_return =
      scope == storage::RequestScope::kReturn || scope == storage::RequestScope::kUndoReturn;
  if (is_return) return "return_id";
  const bool is_activity =
      scope == storage::RequestScope::kActivity || scope == storage::RequestScope::kUndoActivity;
  if (is_activity) return "activity_id";
  return "request_id";
}

// Whether the request is about the member of the first one, whatever names it uses.
bool IsOfSameMember(const storage::CommandRecord& first, const domain::State& state) {
  if (state.member == nullptr || state.member->member.id != first.member_id) return false;
  const domain::MemberId person =
      state.person == nullptr ? domain::MemberId() : state.person->member.id;
  return person == first.inputs.person;
}

// What differs: money first, so that what is left out of a long list is not that.
std::vector<DifferentField> Differences(const storage::CommandRecord& first, const Request& request,
                                        const Overlay& overlay) {
  const absl::StatusOr<domain::Action> recorded = domain::DecodeAction(first.kind, first.action);
  if (!recorded.ok()) return {};
  std::vector<DifferentField> fields =
      domain::DifferencesOf(*recorded, overlay.NamedByIds(request.command));
  // What is left is how a member is called, which the log does not say.
  if (fields.empty()) fields.push_back({"member", Matter::kMember});
  const bool same = IsOfSameMember(first, overlay.StateFor(request.command));
  for (DifferentField& field : fields) {
    if (field.matter == Matter::kMember) field.matter = same ? Matter::kDetail : Matter::kMoney;
  }
  std::stable_partition(fields.begin(), fields.end(),
                        [](const DifferentField& field) { return field.matter == Matter::kMoney; });
  return fields;
}

std::string ListOf(const std::vector<DifferentField>& fields) {
  const size_t told = std::min(fields.size(), limits::kMaxViolations);
  std::string list = absl::StrJoin(
      fields.begin(), fields.begin() + static_cast<ptrdiff_t>(told), ", ",
      [](std::string* out, const DifferentField& field) { absl::StrAppend(out, field.path); });
  if (told < fields.size()) absl::StrAppend(&list, " and ", fields.size() - told, " more");
  return list;
}

// Nothing where none is known.
void TellDifferences(const std::vector<DifferentField>& fields, ErrorDetails& details,
                     std::string& message) {
  if (fields.empty()) return;
  const bool money_differs = fields.front().matter != Matter::kDetail;
  details.metadata["money_differs"] = money_differs ? "true" : "false";
  if (fields.front().matter == Matter::kCall) {
    absl::StrAppend(&message, ", for another call");
    return;
  }
  const std::string list = details.metadata["fields"] = ListOf(fields);
  absl::StrAppend(&message, ", for other content: ", list,
                  fields.size() == 1 ? " differs" : " differ");
}

}  // namespace

absl::Status LoadReused(storage::Transaction& transaction, absl::Span<const Request> batch,
                        Overlay& overlay) {
  storage::KeySet keys;
  keys.more = true;
  keys.known_rules = overlay.catalog().rules();
  for (const Request& request : batch) {
    const storage::StoredReply* const known = overlay.FindReply(request.key);
    if (known != nullptr && known->request_hash != request.request_hash)
      keys.commands.push_back(request.key);
  }
  if (keys.commands.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(storage::Loaded loaded, transaction.Load(keys));
  overlay.KeepCommands(std::move(loaded.commands));
  return absl::OkStatus();
}

absl::Status RequestIdReused(const Request& request, const Overlay& overlay) {
  const char* const id_field = FieldOf(request.key.scope);
  ErrorDetails details;
  details.reason = "REQUEST_ID_REUSED";
  details.violations.push_back({id_field, "was used before, for other content"});
  std::string message = absl::StrCat(id_field, " ", request.key.id, " was used before");
  if (const storage::CommandRecord* first = overlay.FindCommand(request.key); first != nullptr) {
    details.metadata["recorded_at"] = FormatUtc(first->recorded_at);
    absl::StrAppend(&message, " and recorded at ", details.metadata["recorded_at"]);
    if (first->request_hash.empty()) {
      absl::StrAppend(&message,
                      ", for somebody who has been erased since: what it was is forgotten");
      return MakeError(absl::StatusCode::kAlreadyExists, message, details);
    }
    TellDifferences(Differences(*first, request, overlay), details, message);
  }
  return MakeError(absl::StatusCode::kAlreadyExists, message, details);
}

}  // namespace dangol::lane
