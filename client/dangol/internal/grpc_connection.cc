#include "dangol/internal/grpc_connection.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <optional>
#include <thread>
#include <utility>

#include "dangol/internal/grpc_status.h"

namespace dangol::internal {
namespace {

// gRPC's own pause before it dials again grows to two minutes; ours must not
// outlast the retries of a call.
constexpr int kFirstReconnectMs = 100;
constexpr int kLastReconnectMs = 1000;
// How long one attempt to connect may take.
constexpr int kConnectMs = 5000;

class GrpcPurchaseStream : public PurchaseStream {
 public:
  explicit GrpcPurchaseStream(std::shared_ptr<v1::PurchaseService::StubInterface> stub)
      : stub_(std::move(stub)), stream_(stub_->StreamPurchases(&context_)) {}

  // gRPC insists that a stream is finished before it goes; who drops one early
  // has no use for what is still to come.
  ~GrpcPurchaseStream() override {
    if (finished_) return;
    context_.TryCancel();
    v1::StreamPurchasesResponse response;
    while (stream_->Read(&response)) {
    }
    stream_->Finish();
  }

  bool Write(const v1::Purchase& purchase) override {
    v1::StreamPurchasesRequest request;
    *request.mutable_purchase() = purchase;
    return stream_->Write(request);
  }

  void WritesDone() override { stream_->WritesDone(); }

  std::optional<v1::StreamPurchasesResponse> Read() override {
    v1::StreamPurchasesResponse response;
    if (!stream_->Read(&response)) return std::nullopt;
    return response;
  }

  absl::Status Finish() override {
    finished_ = true;
    return ToStatus(stream_->Finish());
  }

 private:
  grpc::ClientContext context_;
  const std::shared_ptr<v1::PurchaseService::StubInterface> stub_;
  const std::unique_ptr<
      grpc::ClientReaderWriterInterface<v1::StreamPurchasesRequest, v1::StreamPurchasesResponse>>
      stream_;
  bool finished_ = false;
};

}  // namespace

Stubs MakeStubs(const Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_reply_bytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLastReconnectMs);
  if (!options.user_agent.empty()) arguments.SetUserAgentPrefix(options.user_agent);
  const auto credentials =
      options.credentials != nullptr ? options.credentials : grpc::InsecureChannelCredentials();
  const auto channel = grpc::CreateCustomChannel(options.endpoint, credentials, arguments);
  return Stubs{.members = v1::MemberService::NewStub(channel),
               .purchases = v1::PurchaseService::NewStub(channel),
               .points = v1::PointsService::NewStub(channel),
               .programs = v1::ProgramService::NewStub(channel),
               .insights = v1::InsightService::NewStub(channel),
               .audit = v1::AuditService::NewStub(channel),
               .rewards = v1::RewardService::NewStub(channel)};
}

GrpcConnection::GrpcConnection(Options options, Stubs stubs,
                               std::shared_ptr<RetryEnvironment> environment)
    : core_(new Core{.options = std::move(options),
                     .stubs = std::move(stubs),
                     .environment = std::move(environment)}) {}

GrpcConnection::~GrpcConnection() {
  if (core_->running.idle()) return;
  // This may be such a call's own callback, where waiting would never end.
  std::thread([core = std::move(core_)] { core->running.WaitUntilIdle(); }).detach();
}

// One unary call with its retries.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> GrpcConnection::Call(
    Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request) {
  RetryState retry(core_->options, *core_->environment);
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(retry.deadline()));
    Response response;
    const absl::Status status = ToStatus((stub.*method)(&context, request, &response));
    if (status.ok()) return response;
    const std::optional<absl::Duration> delay = retry.AfterFailure(status);
    if (!delay.has_value()) return status;
    core_->environment->Sleep(*delay);
  }
}

// The same without a thread that waits.
template <typename Stub, typename Async, typename Request, typename Response>
void GrpcConnection::StartCall(Stub& stub,
                               void (Async::*method)(grpc::ClientContext*, const Request*,
                                                     Response*, std::function<void(grpc::Status)>),
                               Request request, Callback<Response> done) {
  auto attempt = [&stub, method](grpc::ClientContext* context, const Request* sent,
                                 Response* response, std::function<void(grpc::Status)> finished) {
    (stub.async()->*method)(context, sent, response, std::move(finished));
  };
  std::make_shared<AsyncCall<Request, Response>>(core_->options, *core_->environment,
                                                 core_->running, std::move(attempt),
                                                 std::move(request), std::move(done))
      ->Start();
}

absl::StatusOr<v1::EnrollMemberResponse> GrpcConnection::EnrollMember(
    const v1::EnrollMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::EnrollMember, request);
}

void GrpcConnection::AsyncEnrollMember(v1::EnrollMemberRequest request,
                                       Callback<v1::EnrollMemberResponse> done) {
  StartCall<v1::MemberService::StubInterface, v1::MemberService::StubInterface::async_interface,
            v1::EnrollMemberRequest, v1::EnrollMemberResponse>(
      *core_->stubs.members, &v1::MemberService::StubInterface::async_interface::EnrollMember,
      std::move(request), std::move(done));
}

absl::StatusOr<v1::GetMemberResponse> GrpcConnection::GetMember(
    const v1::GetMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::GetMember, request);
}

absl::StatusOr<v1::LookupMemberResponse> GrpcConnection::LookupMember(
    const v1::LookupMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::LookupMember, request);
}

absl::StatusOr<v1::ListMembersResponse> GrpcConnection::ListMembers(
    const v1::ListMembersRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::ListMembers, request);
}

absl::StatusOr<v1::AddAliasResponse> GrpcConnection::AddAlias(const v1::AddAliasRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::AddAlias, request);
}

absl::StatusOr<v1::RemoveAliasResponse> GrpcConnection::RemoveAlias(
    const v1::RemoveAliasRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::RemoveAlias, request);
}

absl::StatusOr<v1::SuspendMemberResponse> GrpcConnection::SuspendMember(
    const v1::SuspendMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::SuspendMember, request);
}

absl::StatusOr<v1::ReinstateMemberResponse> GrpcConnection::ReinstateMember(
    const v1::ReinstateMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::ReinstateMember, request);
}

absl::StatusOr<v1::MergeMembersResponse> GrpcConnection::MergeMembers(
    const v1::MergeMembersRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::MergeMembers, request);
}

absl::StatusOr<v1::UnmergeMemberResponse> GrpcConnection::UnmergeMember(
    const v1::UnmergeMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::UnmergeMember, request);
}

absl::StatusOr<v1::JoinHouseholdResponse> GrpcConnection::JoinHousehold(
    const v1::JoinHouseholdRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::JoinHousehold, request);
}

absl::StatusOr<v1::LeaveHouseholdResponse> GrpcConnection::LeaveHousehold(
    const v1::LeaveHouseholdRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::LeaveHousehold, request);
}

absl::StatusOr<v1::CloseMemberResponse> GrpcConnection::CloseMember(
    const v1::CloseMemberRequest& request) {
  return Call(*core_->stubs.members, &v1::MemberService::StubInterface::CloseMember, request);
}

absl::StatusOr<v1::RecordPurchaseResponse> GrpcConnection::RecordPurchase(
    const v1::RecordPurchaseRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::RecordPurchase,
              request);
}

void GrpcConnection::AsyncRecordPurchase(v1::RecordPurchaseRequest request,
                                         Callback<v1::RecordPurchaseResponse> done) {
  StartCall<v1::PurchaseService::StubInterface, v1::PurchaseService::StubInterface::async_interface,
            v1::RecordPurchaseRequest, v1::RecordPurchaseResponse>(
      *core_->stubs.purchases, &v1::PurchaseService::StubInterface::async_interface::RecordPurchase,
      std::move(request), std::move(done));
}

absl::StatusOr<v1::BatchRecordPurchasesResponse> GrpcConnection::BatchRecordPurchases(
    const v1::BatchRecordPurchasesRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::BatchRecordPurchases,
              request);
}

void GrpcConnection::AsyncBatchRecordPurchases(v1::BatchRecordPurchasesRequest request,
                                               Callback<v1::BatchRecordPurchasesResponse> done) {
  StartCall<v1::PurchaseService::StubInterface, v1::PurchaseService::StubInterface::async_interface,
            v1::BatchRecordPurchasesRequest, v1::BatchRecordPurchasesResponse>(
      *core_->stubs.purchases,
      &v1::PurchaseService::StubInterface::async_interface::BatchRecordPurchases,
      std::move(request), std::move(done));
}

std::unique_ptr<PurchaseStream> GrpcConnection::StreamPurchases() {
  return std::make_unique<GrpcPurchaseStream>(core_->stubs.purchases);
}

absl::StatusOr<v1::PreviewPurchaseResponse> GrpcConnection::PreviewPurchase(
    const v1::PreviewPurchaseRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::PreviewPurchase,
              request);
}

absl::StatusOr<v1::GetPurchaseResponse> GrpcConnection::GetPurchase(
    const v1::GetPurchaseRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::GetPurchase, request);
}

absl::StatusOr<v1::ListPurchasesResponse> GrpcConnection::ListPurchases(
    const v1::ListPurchasesRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::ListPurchases, request);
}

absl::StatusOr<v1::ConfirmPurchaseResponse> GrpcConnection::ConfirmPurchase(
    const v1::ConfirmPurchaseRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::ConfirmPurchase,
              request);
}

absl::StatusOr<v1::RecordReturnResponse> GrpcConnection::RecordReturn(
    const v1::RecordReturnRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::RecordReturn, request);
}

void GrpcConnection::AsyncRecordReturn(v1::RecordReturnRequest request,
                                       Callback<v1::RecordReturnResponse> done) {
  StartCall<v1::PurchaseService::StubInterface, v1::PurchaseService::StubInterface::async_interface,
            v1::RecordReturnRequest, v1::RecordReturnResponse>(
      *core_->stubs.purchases, &v1::PurchaseService::StubInterface::async_interface::RecordReturn,
      std::move(request), std::move(done));
}

absl::StatusOr<v1::ListReturnsResponse> GrpcConnection::ListReturns(
    const v1::ListReturnsRequest& request) {
  return Call(*core_->stubs.purchases, &v1::PurchaseService::StubInterface::ListReturns, request);
}

absl::StatusOr<v1::GetBalanceResponse> GrpcConnection::GetBalance(
    const v1::GetBalanceRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::GetBalance, request);
}

absl::StatusOr<v1::ListLedgerEntriesResponse> GrpcConnection::ListLedgerEntries(
    const v1::ListLedgerEntriesRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::ListLedgerEntries, request);
}

absl::StatusOr<v1::ReservePointsResponse> GrpcConnection::ReservePoints(
    const v1::ReservePointsRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::ReservePoints, request);
}

absl::StatusOr<v1::CapturePointsResponse> GrpcConnection::CapturePoints(
    const v1::CapturePointsRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::CapturePoints, request);
}

absl::StatusOr<v1::VoidReservationResponse> GrpcConnection::VoidReservation(
    const v1::VoidReservationRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::VoidReservation, request);
}

absl::StatusOr<v1::RedeemPointsResponse> GrpcConnection::RedeemPoints(
    const v1::RedeemPointsRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::RedeemPoints, request);
}

absl::StatusOr<v1::AdjustPointsResponse> GrpcConnection::AdjustPoints(
    const v1::AdjustPointsRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::AdjustPoints, request);
}

absl::StatusOr<v1::TransferPointsResponse> GrpcConnection::TransferPoints(
    const v1::TransferPointsRequest& request) {
  return Call(*core_->stubs.points, &v1::PointsService::StubInterface::TransferPoints, request);
}

absl::StatusOr<v1::ListRewardsResponse> GrpcConnection::ListRewards(
    const v1::ListRewardsRequest& request) {
  return Call(*core_->stubs.rewards, &v1::RewardService::StubInterface::ListRewards, request);
}

absl::StatusOr<v1::IssueCouponResponse> GrpcConnection::IssueCoupon(
    const v1::IssueCouponRequest& request) {
  return Call(*core_->stubs.rewards, &v1::RewardService::StubInterface::IssueCoupon, request);
}

absl::StatusOr<v1::GetCouponResponse> GrpcConnection::GetCoupon(
    const v1::GetCouponRequest& request) {
  return Call(*core_->stubs.rewards, &v1::RewardService::StubInterface::GetCoupon, request);
}

absl::StatusOr<v1::UseCouponResponse> GrpcConnection::UseCoupon(
    const v1::UseCouponRequest& request) {
  return Call(*core_->stubs.rewards, &v1::RewardService::StubInterface::UseCoupon, request);
}

absl::StatusOr<v1::CancelCouponResponse> GrpcConnection::CancelCoupon(
    const v1::CancelCouponRequest& request) {
  return Call(*core_->stubs.rewards, &v1::RewardService::StubInterface::CancelCoupon, request);
}

absl::StatusOr<v1::ValidateProgramResponse> GrpcConnection::ValidateProgram(
    const v1::ValidateProgramRequest& request) {
  return Call(*core_->stubs.programs, &v1::ProgramService::StubInterface::ValidateProgram, request);
}

absl::StatusOr<v1::ActivateProgramResponse> GrpcConnection::ActivateProgram(
    const v1::ActivateProgramRequest& request) {
  return Call(*core_->stubs.programs, &v1::ProgramService::StubInterface::ActivateProgram, request);
}

absl::StatusOr<v1::GetProgramResponse> GrpcConnection::GetProgram(
    const v1::GetProgramRequest& request) {
  return Call(*core_->stubs.programs, &v1::ProgramService::StubInterface::GetProgram, request);
}

absl::StatusOr<v1::ListProgramsResponse> GrpcConnection::ListPrograms(
    const v1::ListProgramsRequest& request) {
  return Call(*core_->stubs.programs, &v1::ProgramService::StubInterface::ListPrograms, request);
}

absl::StatusOr<v1::GetTotalsResponse> GrpcConnection::GetTotals(
    const v1::GetTotalsRequest& request) {
  return Call(*core_->stubs.insights, &v1::InsightService::StubInterface::GetTotals, request);
}

absl::StatusOr<v1::GetLiabilityResponse> GrpcConnection::GetLiability(
    const v1::GetLiabilityRequest& request) {
  return Call(*core_->stubs.insights, &v1::InsightService::StubInterface::GetLiability, request);
}

absl::StatusOr<v1::VerifyLedgerResponse> GrpcConnection::VerifyLedger(
    const v1::VerifyLedgerRequest& request) {
  return Call(*core_->stubs.audit, &v1::AuditService::StubInterface::VerifyLedger, request);
}

}  // namespace dangol::internal

namespace dangol {

std::shared_ptr<Connection> MakeConnection(Options options) {
  internal::Stubs stubs = internal::MakeStubs(options);
  return std::make_shared<internal::GrpcConnection>(std::move(options), std::move(stubs),
                                                    internal::SystemRetryEnvironment());
}

}  // namespace dangol
