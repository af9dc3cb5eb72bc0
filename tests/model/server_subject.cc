#include "tests/model/server_subject.h"

#include <fstream>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "server/common/status_macros.h"
#include "tests/model/program_text.h"
#include "tests/support/purchase_message.h"

namespace dangol::model {
namespace {

constexpr char kCard[] = "1";
constexpr char kOtherCard[] = "2";                        // Who is given points.
constexpr char kNoCode[] = "00000000000000000000000000";  // Of no coupon.

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration out;
  out.set_seconds(absl::ToInt64Seconds(duration));
  return out;
}

void Read(const v1::PurchaseOutcome& outcome, Answer& answer) {
  for (const v1::EarnedPoints& earned : outcome.earned()) {
    answer.wallets[earned.wallet()].earned = earned.points();
    answer.wallets[earned.wallet()].qualifying_earned = earned.qualifying_points();
    for (const v1::EarnedPart& part : earned.parts()) {
      answer.was_limited |= part.capped() || part.budget_exhausted();
    }
  }
}

void Read(const v1::RecordReturnResponse& response, Answer& answer) {
  for (const v1::ReversedPoints& points : response.points()) {
    WalletAnswer& wallet = answer.wallets[points.wallet()];
    wallet.reversed = points.points();
    wallet.qualifying_reversed = points.qualifying_points();
    wallet.owed = points.owed();
    wallet.written_off = points.written_off();
    wallet.expired = points.expired();
    wallet.restored = points.restored();
  }
  answer.returned_minor = response.return_().amount_minor();
  answer.unmatched_minor = response.return_().unmatched_minor();
}

void Read(const v1::Reservation& reservation, Answer& answer) {
  answer.reservation = {reservation.points(), reservation.captured(), reservation.restored(),
                        static_cast<domain::ReservationStatus>(reservation.status()),
                        ToTime(reservation.lapses_at())};
}

void Read(const v1::Coupon& coupon, Answer& answer) {
  answer.coupon = {static_cast<domain::CouponStatus>(coupon.status()),
                   coupon.has_expires_at() ? ToTime(coupon.expires_at()) : absl::InfiniteFuture()};
}

}  // namespace

// Makes the call of an action, and fills in the answer; the balances that the reply has
// are kept.
class ServerSubject::Caller {
 public:
  using Balances = google::protobuf::RepeatedPtrField<v1::WalletPoints>;

  Caller(ServerSubject& subject, Answer& answer)
      : subject_(subject), client_(*subject.client_), answer_(answer) {}

  const std::optional<Balances>& balances() const { return balances_; }

  absl::Status operator()(const domain::AdvanceMember&) { return absl::OkStatus(); }

  absl::Status operator()(const domain::RecordPurchase& record) {
    v1::Purchase purchase = testing::MessageOf(record.purchase);
    *purchase.mutable_member() = subject_.member_;
    if (record.occurred_at.has_value()) {
      *purchase.mutable_occurred_at() = ToTimestamp(*record.occurred_at);
    }
    ASSIGN_OR_RETURN(const v1::RecordPurchaseResponse response, client_.RecordPurchase(purchase));
    Read(response.outcome(), answer_);
    balances_ = response.outcome().balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::RecordReturn& record) {
    v1::Return goods;
    goods.set_return_id(absl::StrCat("r-", ++subject_.returns_));
    goods.set_purchase_id(record.purchase_id);
    if (record.purchase_id.empty()) {
      *goods.mutable_member() = subject_.member_;
      goods.set_currency(record.currency);
    }
    if (record.occurred_at.has_value()) {
      *goods.mutable_occurred_at() = ToTimestamp(*record.occurred_at);
    }
    for (const domain::RecordReturn::Line& line : record.lines) {
      v1::ReturnLine& out = *goods.add_lines();
      out.set_line(line.line);
      out.set_sku(line.sku);
      out.set_quantity(line.quantity);
      out.set_amount_minor(line.amount_minor);
    }
    goods.set_amount_minor(record.amount_minor);
    ASSIGN_OR_RETURN(const v1::RecordReturnResponse response, client_.RecordReturn(goods));
    Read(response, answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::ConfirmPurchase& confirm) {
    v1::ConfirmPurchaseRequest request;
    request.set_purchase_id(confirm.purchase_id);
    ASSIGN_OR_RETURN(const v1::ConfirmPurchaseResponse response, client_.ConfirmPurchase(request));
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::ReservePoints& reserve) {
    if (reserve.capture) return Redeem(reserve);
    v1::ReservePointsRequest request;
    request.set_request_id(reserve.reservation_id);
    *request.mutable_member() = subject_.member_;
    request.set_wallet(reserve.wallet);
    request.set_points(reserve.points);
    *request.mutable_time_to_live() = ToDuration(reserve.time_to_live);
    ASSIGN_OR_RETURN(const v1::ReservePointsResponse response, client_.ReservePoints(request));
    Read(response.reservation(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::CapturePoints& capture) {
    v1::CapturePointsRequest request;
    request.set_reservation_id(capture.reservation_id);
    if (capture.points.has_value()) request.set_points(*capture.points);
    ASSIGN_OR_RETURN(const v1::CapturePointsResponse response, client_.CapturePoints(request));
    Read(response.reservation(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::VoidReservation& release) {
    v1::VoidReservationRequest request;
    request.set_reservation_id(release.reservation_id);
    ASSIGN_OR_RETURN(const v1::VoidReservationResponse response, client_.VoidReservation(request));
    Read(response.reservation(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::AdjustPoints& adjust) {
    v1::AdjustPointsRequest request;
    *request.mutable_member() = subject_.member_;
    request.set_wallet(adjust.wallet);
    request.set_points(adjust.points);
    request.set_reason(adjust.reason);
    ASSIGN_OR_RETURN(const v1::AdjustPointsResponse response, client_.AdjustPoints(request));
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::TransferPoints& transfer) {
    v1::TransferPointsRequest request;
    *request.mutable_member() = subject_.member_;
    *request.mutable_to() = MemberByAlias("card", kOtherCard);
    request.set_wallet(transfer.wallet);
    request.set_points(transfer.points);
    ASSIGN_OR_RETURN(const v1::TransferPointsResponse response, client_.TransferPoints(request));
    int64_t left = transfer.points;
    for (const v1::PointsDue& due : response.expiring()) {
      answer_.given[ToTime(due.at())] += due.points();
      left -= due.points();
    }
    if (left > 0) answer_.given[absl::InfiniteFuture()] += left;
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::IssueCoupon& issue) {
    v1::IssueCouponRequest request;
    request.set_request_id(issue.coupon_id);
    *request.mutable_member() = subject_.member_;
    request.set_reward_id(issue.reward_id);
    ASSIGN_OR_RETURN(const v1::IssueCouponResponse response, client_.IssueCoupon(request));
    subject_.codes_[issue.code] = response.coupon().code();
    Read(response.coupon(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::UseCoupon& use) {
    v1::UseCouponRequest request;
    request.set_code(CodeOf(use.code));
    ASSIGN_OR_RETURN(const v1::UseCouponResponse response, client_.UseCoupon(request));
    Read(response.coupon(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::CancelCoupon& cancel) {
    v1::CancelCouponRequest request;
    request.set_code(CodeOf(cancel.code));
    ASSIGN_OR_RETURN(const v1::CancelCouponResponse response, client_.CancelCoupon(request));
    Read(response.coupon(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::MergeMembers& merge) {
    const std::string card = absl::StrCat("newcomer ", ++subject_.newcomers_);
    v1::EnrollMemberRequest newcomer;
    *newcomer.add_aliases() = MakeAlias("card", card);
    RETURN_IF_ERROR(client_.EnrollMember(newcomer).status());
    const bool into_newcomer = merge.member.id.has_value();
    v1::MergeMembersRequest request;
    *request.mutable_member() = into_newcomer ? subject_.member_ : MemberByAlias("card", card);
    *request.mutable_into() = into_newcomer ? MemberByAlias("card", card) : subject_.member_;
    ASSIGN_OR_RETURN(const v1::MergeMembersResponse response, client_.MergeMembers(request));
    if (into_newcomer) subject_.merged_ids_.push_back(response.merged_member_id());
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::UnmergeMember&) {
    v1::UnmergeMemberRequest request;
    request.set_merged_member_id(subject_.merged_ids_.back());
    ASSIGN_OR_RETURN(const v1::UnmergeMemberResponse response, client_.UnmergeMember(request));
    subject_.merged_ids_.pop_back();
    balances_ = response.balances();
    return absl::OkStatus();
  }

  absl::Status operator()(const domain::ChangeStatus& change) {
    if (change.status == domain::MemberStatus::kSuspended) {
      v1::SuspendMemberRequest request;
      *request.mutable_member() = subject_.member_;
      return client_.SuspendMember(request).status();
    }
    if (change.status == domain::MemberStatus::kActive) {
      v1::ReinstateMemberRequest request;
      *request.mutable_member() = subject_.member_;
      return client_.ReinstateMember(request).status();
    }
    v1::CloseMemberRequest request;
    *request.mutable_member() = subject_.member_;
    return client_.CloseMember(request).status();
  }

  template <typename Other>
  absl::Status operator()(const Other&) {
    return absl::UnimplementedError("no call of the model's");
  }

 private:
  std::string CodeOf(const std::string& code) const {
    const auto known = subject_.codes_.find(code);
    return known == subject_.codes_.end() ? kNoCode : known->second;
  }

  absl::Status Redeem(const domain::ReservePoints& reserve) {
    v1::RedeemPointsRequest request;
    request.set_request_id(reserve.reservation_id);
    *request.mutable_member() = subject_.member_;
    request.set_wallet(reserve.wallet);
    request.set_points(reserve.points);
    ASSIGN_OR_RETURN(const v1::RedeemPointsResponse response, client_.RedeemPoints(request));
    Read(response.reservation(), answer_);
    balances_ = response.balances();
    return absl::OkStatus();
  }

  ServerSubject& subject_;
  Client& client_;
  Answer& answer_;
  std::optional<Balances> balances_;
};

absl::StatusOr<std::unique_ptr<ServerSubject>> ServerSubject::Start(const domain::Program& program,
                                                                    absl::Time now) {
  std::unique_ptr<ServerSubject> subject(new ServerSubject());
  const std::string clock = subject->directory_.File("clock");
  ASSIGN_OR_RETURN(subject->clock_, testing::SharedClock::Open(clock));
  subject->clock_->Set(now);
  const std::string file = subject->directory_.File("program.txtpb");
  std::ofstream(file) << TextOf(program);
  testing::ServerProcess::Options options;
  options.program = "clocked_dangold";
  options.store = subject->store_.url();
  options.directory = subject->directory_.File("");
  options.more = {"--program=" + file, "--clock=" + clock};
  ASSIGN_OR_RETURN(subject->server_, testing::ServerProcess::Start(options));
  Options client;
  client.endpoint = subject->server_->address();
  client.set_valid_until = false;  // The server goes by another clock.
  subject->client_.emplace(MakeConnection(client));
  for (const char* card : {kCard, kOtherCard}) {
    v1::EnrollMemberRequest newcomer;
    *newcomer.add_aliases() = MakeAlias("card", card);
    ASSIGN_OR_RETURN(const auto enrolled, subject->client_->EnrollMember(newcomer));
    if (subject->id_.member_id().empty()) subject->id_.set_member_id(enrolled.member().member_id());
  }
  subject->member_ = MemberByAlias("card", kCard);
  return subject;
}

Answer ServerSubject::Do(const domain::Action& action, absl::Time now) {
  clock_->Set(now);
  Answer answer;
  Caller caller(*this, answer);
  if (const absl::Status status = std::visit(caller, action); !status.ok()) {
    answer = Answer();
    answer.refusal = ErrorReason(status);
    if (answer.refusal.empty()) answer.refusal = status.ToString();
  }
  const absl::StatusOr<v1::GetBalanceResponse> balance = GetBalance(std::nullopt);
  if (!balance.ok()) {
    answer.refusal = balance.status().ToString();
    return answer;
  }
  for (const v1::WalletBalance& wallet : balance->wallets()) {
    WalletAnswer& out = answer.wallets[wallet.wallet()];
    out.pending = wallet.pending();
    out.available = wallet.available();
    out.held = wallet.held();
    out.qualifying = wallet.qualifying_points();
    const auto& balances = caller.balances();
    if (!balances.has_value()) continue;
    for (const v1::WalletPoints& told : *balances) {
      if (told.wallet() != wallet.wallet()) continue;
      if (told.pending() != out.pending || told.available() != out.available ||
          told.held() != out.held) {
        absl::StrAppend(&complaints_, "the reply tells another balance of ", told.wallet(), "; ");
      }
    }
  }
  return answer;
}

Wallets ServerSubject::At(absl::Time time) {
  Wallets wallets;
  const absl::StatusOr<v1::GetBalanceResponse> balance = GetBalance(time);
  if (!balance.ok()) {
    absl::StrAppend(&complaints_, balance.status().ToString(), "; ");
    return wallets;
  }
  for (const v1::WalletBalance& wallet : balance->wallets()) {
    WalletAnswer& out = wallets[wallet.wallet()];
    out.pending = wallet.pending();
    out.available = wallet.available();
    out.held = wallet.held();
    out.qualifying = wallet.qualifying_points();
  }
  return wallets;
}

std::string ServerSubject::Complaints() {
  const absl::StatusOr<v1::VerifyLedgerResponse> verified = client_->VerifyLedger({});
  if (!verified.ok()) return verified.status().ToString();
  std::string complaints = complaints_;
  for (const v1::Finding& finding : verified->findings()) {
    absl::StrAppend(&complaints, finding.message(), "; ");
  }
  return complaints;
}

absl::StatusOr<v1::GetBalanceResponse> ServerSubject::GetBalance(std::optional<absl::Time> time) {
  return time.has_value() ? client_->GetBalance(id_, *time) : client_->GetBalance(member_);
}

}  // namespace dangol::model
