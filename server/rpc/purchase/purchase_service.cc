#include "server/rpc/purchase/purchase_service.h"

#include <string>
#include <utility>

#include "dangol/v1/purchase_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/batch.h"
#include "server/rpc/method.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/purchase/convert_return.h"
#include "server/rpc/purchase/purchase_lists.h"
#include "server/rpc/purchase/purchase_stream.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::ServerUnaryReactor;

ServerUnaryReactor* Preview(Backend& backend, const Call& call, const ByteBuffer& in,
                            ByteBuffer& out) {
  v1::PreviewPurchaseRequest message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  absl::StatusOr<domain::Command> command = ToCommand(message);
  if (!command.ok()) return Answer(call, command.status());
  ServerUnaryReactor* const reactor = backend.calls.Open();
  if (reactor == nullptr) return Answer(call, lane::ShuttingDown());
  // What is read and what is decided must be about the same day.
  auto& record = std::get<domain::RecordPurchase>(command->action);
  record.occurred_at = record.occurred_at.value_or(backend.clock.Now());
  const auto shared = std::make_shared<const domain::Command>(*std::move(command));
  lane::ReadPool::MakeReads make_reads = [shared](const domain::ProgramCatalog& catalog,
                                                  absl::Time now) {
    domain::Reads reads = domain::ReadsOf(*shared, catalog, now);
    for (std::string& budget : domain::IncentiveBudgets(catalog)) {
      reads.counters.push_back(std::move(budget));
    }
    return reads;
  };
  backend.reads.ReadMember(std::move(make_reads), [reactor, &out,
                                                   shared](absl::StatusOr<lane::MemberView> view) {
    absl::Status status = view.status();
    if (status.ok()) {
      domain::State state;
      state.member = view->member;
      state.person = view->person;
      state.aliases = view->aliases;
      state.counters = view->counters;
      const absl::StatusOr<domain::Decision> decision =
          domain::Decide(*shared, state, *view->catalog, view->now);
      status = PrefixFields(decision.status(), "purchase.");
      if (status.ok()) {
        v1::PreviewPurchaseResponse response;
        ToProto(std::get<domain::PurchaseOutcome>(decision->outcome), *response.mutable_outcome());
        out = ToByteBuffer(response.SerializeAsString());
      }
    }
    reactor->Finish(ToGrpcStatus(status));
  });
  return reactor;
}

absl::Status Get(const v1::GetPurchaseRequest& message, Backend&, storage::Reader& reader,
                 v1::GetPurchaseResponse& response) {
  Validator validator;
  validator.RequestId(Path("purchase_id"), message.purchase_id());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::optional<domain::Purchase> purchase,
                   reader.FindPurchase(message.purchase_id()));
  if (!purchase.has_value()) return domain::PurchaseNotFound(message.purchase_id());
  ToProto(*purchase, *response.mutable_purchase());
  return absl::OkStatus();
}

absl::Status GetReturn(const v1::GetReturnRequest& message, Backend&, storage::Reader& reader,
                       v1::GetReturnResponse& response) {
  Validator validator;
  validator.RequestId(Path("return_id"), message.return_id());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::optional<domain::Return> back,
                   reader.FindReturn(message.return_id()));
  if (!back.has_value()) return domain::ReturnNotFound(message.return_id());
  ToProto(*back, *response.mutable_return_());
  return absl::OkStatus();
}

}  // namespace

ServiceTable PurchaseService() {
  using enum When;
  return {
      "dangol.v1.PurchaseService",
      {Mutation<v1::RecordPurchaseRequest, domain::PurchaseOutcome, v1::RecordPurchaseResponse>(
           ToRequest, ToProto, "purchase.")
           .For({.pos = kOwnStore, .app = kForMembers}),
       BatchMutation<v1::BatchRecordPurchasesRequest, v1::BatchRecordPurchasesResponse,
                     v1::Purchase>(
           {"purchases", "purchase", &v1::BatchRecordPurchasesRequest::purchases,
            limits::kMaxPurchasesPerBatch},
           ToRequest)
           .For({.pos = kOwnStore, .app = kForMembers}),
       Method{NameOf<v1::StreamPurchasesRequest>(), Bidi(MakePurchaseStream)}.For(
           {.pos = kOwnStore, .app = kForMembers}),
       Method{NameOf<v1::PreviewPurchaseRequest>(), Unary(Preview)}.For(
           {.pos = kOwnStore, .app = kOwnMember}),
       ReadWith<v1::GetPurchaseRequest, v1::GetPurchaseResponse>(Get).For(
           {.pos = kAlways, .app = kForMembers, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListPurchasesRequest, v1::ListPurchasesResponse>(ListPurchases)
           .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       Mutation<v1::ConfirmPurchaseRequest, domain::BalanceOutcome, v1::ConfirmPurchaseResponse>(
           ToRequest, ToProto)
           .For({.app = kForMembers, .care = kAlways}),
       Mutation<v1::RecordReturnRequest, domain::ReturnOutcome, v1::RecordReturnResponse>(
           ToRequest, ToProto, "return.")
           .For({.pos = kAlways, .app = kForMembers, .care = kAlways}),
       Mutation<v1::UndoReturnRequest, domain::ReturnOutcome, v1::UndoReturnResponse>(ToRequest,
                                                                                      ToProto)
           .For({.app = kForMembers, .care = kAlways}),
       ReadWith<v1::GetReturnRequest, v1::GetReturnResponse>(GetReturn).For(
           {.pos = kAlways, .app = kForMembers, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListReturnsRequest, v1::ListReturnsResponse>(ListReturns)
           .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
