#include "server/lane/norms_keeper.h"

#include <spdlog/spdlog.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "server/common/status_macros.h"
#include "server/domain/standing/record_norms.h"
#include "server/lane/advocate_evaluation.h"
#include "server/lane/due_members.h"
#include "server/lane/rfm_population.h"

namespace dangol::lane {
namespace {

// When norms are due by these rules.
absl::Time DueAt(const domain::ProgramCatalog& catalog, absl::Time now) {
  const std::optional<domain::NormsDue> due = domain::NextNorms(catalog, now);
  return due.has_value() ? due->at : absl::InfiniteFuture();
}

}  // namespace

NormsKeeper::NormsKeeper(ReadPool& reads, Lanes& lanes, ProgramLibrary& programs)
    : reads_(reads), lanes_(lanes), programs_(programs) {}

absl::StatusOr<absl::Time> NormsKeeper::KeepUp(absl::Time now) {
  std::optional<domain::Norms> computed;
  AdvocateEvaluation evaluation;
  int64_t known_rules = 0;
  RETURN_IF_ERROR(reads_.RunAndWait([&](storage::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                     programs_.Refresh(reader));
    const std::optional<domain::NormsDue> due = domain::NextNorms(*catalog, now);
    if (!due.has_value() || due->at > now) return absl::OkStatus();
    known_rules = catalog->rules();
    ASSIGN_OR_RETURN(computed, ComputeNorms(*due, *catalog, now, reader));
    if (!due->advocates) return absl::OkStatus();
    ASSIGN_OR_RETURN(evaluation, EvaluateAdvocates(*due, *catalog, now, reader));
    computed->advocates = evaluation.norms;
    return absl::OkStatus();
  }));
  // Before the norms: while those are not recorded, all of it is done again. What fails for one
  // member keeps nobody from being judged: it is done with the next norms, or with what they do.
  const absl::Status reviewed = AdvanceMembers(evaluation.reviews, now, lanes_);
  if (!reviewed.ok()) spdlog::warn("could not review all advocates: {}", reviewed.ToString());
  if (computed.has_value()) {
    const absl::Status told = RecordInfluence(evaluation.influence, computed->day, lanes_);
    if (!told.ok()) spdlog::warn("could not tell all influence: {}", told.ToString());
  }
  if (computed.has_value()) RETURN_IF_ERROR(Record(*std::move(computed), known_rules));
  return DueAt(*programs_.Current(), now);
}

absl::Status NormsKeeper::Record(domain::Norms norms, int64_t known_rules) {
  Request request;
  // Whoever computes them upon the same rules computes the same thing.
  request.key = {storage::RequestScope::kSystem, absl::StrCat("norms/", known_rules + 1)};
  domain::RecordNorms record;
  record.request_id = request.key.id;
  record.norms = std::move(norms);
  request.command = {std::move(record), domain::kSystemPrincipal};
  request.action = domain::EncodeAction(request.command.action);
  absl::Status status;
  absl::Notification done;
  request.done = [&](const absl::StatusOr<Reply>& reply) {
    status = reply.status();
    done.Notify();
  };
  lanes_.Submit(std::move(request));
  done.WaitForNotification();
  return status;
}

}  // namespace dangol::lane
