#include "dangol/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangol/mocks/mock_connection.h"

namespace dangol {
namespace {

using testing::_;
using testing::Property;
using testing::Return;

class ClientTest : public testing::Test {
 protected:
  std::shared_ptr<dangol_mocks::MockConnection> connection_ =
      std::make_shared<testing::StrictMock<dangol_mocks::MockConnection>>();
  Client client_{connection_};
};

TEST_F(ClientTest, MakesARequestIdWhereTheCallerHasNone) {
  std::vector<std::string> ids;
  EXPECT_CALL(*connection_, EnrollMember(_)).Times(2).WillRepeatedly([&](const auto& request) {
    ids.push_back(request.request_id());
    return v1::EnrollMemberResponse();
  });
  EXPECT_TRUE(client_.EnrollMember({}).ok());
  EXPECT_TRUE(client_.EnrollMember({}).ok());
  EXPECT_EQ(ids[0].size(), 36);
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(ClientTest, KeepsTheCallersRequestId) {
  v1::AddAliasRequest add;
  add.set_request_id("mine");
  v1::RemoveAliasRequest remove;
  remove.set_request_id("mine, too");
  v1::ActivateProgramRequest activate;
  activate.set_request_id("also mine");
  EXPECT_CALL(*connection_, AddAlias(Property(&v1::AddAliasRequest::request_id, "mine")))
      .WillOnce(Return(v1::AddAliasResponse()));
  EXPECT_CALL(*connection_, RemoveAlias(Property(&v1::RemoveAliasRequest::request_id, "mine, too")))
      .WillOnce(Return(v1::RemoveAliasResponse()));
  EXPECT_CALL(*connection_,
              ActivateProgram(Property(&v1::ActivateProgramRequest::request_id, "also mine")))
      .WillOnce(Return(v1::ActivateProgramResponse()));
  EXPECT_TRUE(client_.AddAlias(add).ok());
  EXPECT_TRUE(client_.RemoveAlias(remove).ok());
  EXPECT_TRUE(client_.ActivateProgram(activate).ok());
}

TEST_F(ClientTest, NamesPurchasesThatHaveNoId) {
  EXPECT_CALL(*connection_, BatchRecordPurchases(_)).WillOnce([](const auto& request) {
    EXPECT_EQ(request.purchases_size(), 2);
    EXPECT_EQ(request.purchases(0).purchase_id(), "receipt-1");
    EXPECT_EQ(request.purchases(1).purchase_id().size(), 36);
    return v1::BatchRecordPurchasesResponse();
  });
  EXPECT_CALL(*connection_, RecordPurchase(_)).WillOnce([](const auto& request) {
    EXPECT_EQ(request.purchase().purchase_id().size(), 36);
    return v1::RecordPurchaseResponse();
  });
  const v1::Purchase named = PurchaseBuilder("receipt-1", MemberById("m")).Build();
  EXPECT_TRUE(client_.BatchRecordPurchases({named, v1::Purchase()}).ok());
  EXPECT_TRUE(client_.RecordPurchase(v1::Purchase()).ok());
}

// Calls a mutation without an id, and expects that it got one.
#define EXPECT_MAKES_ID(method, Request, Response)                        \
  EXPECT_CALL(*connection_, method(_)).WillOnce([](const auto& request) { \
    EXPECT_EQ(request.request_id().size(), 36);                           \
    return v1::Response();                                                \
  });                                                                     \
  EXPECT_TRUE(client_.method(v1::Request()).ok())

TEST_F(ClientTest, MakesAnIdForEveryMutation) {
  EXPECT_MAKES_ID(SuspendMember, SuspendMemberRequest, SuspendMemberResponse);
  EXPECT_MAKES_ID(ReinstateMember, ReinstateMemberRequest, ReinstateMemberResponse);
  EXPECT_MAKES_ID(CloseMember, CloseMemberRequest, CloseMemberResponse);
  EXPECT_MAKES_ID(MergeMembers, MergeMembersRequest, MergeMembersResponse);
  EXPECT_MAKES_ID(UnmergeMember, UnmergeMemberRequest, UnmergeMemberResponse);
  EXPECT_MAKES_ID(JoinHousehold, JoinHouseholdRequest, JoinHouseholdResponse);
  EXPECT_MAKES_ID(LeaveHousehold, LeaveHouseholdRequest, LeaveHouseholdResponse);
  EXPECT_MAKES_ID(ConfirmPurchase, ConfirmPurchaseRequest, ConfirmPurchaseResponse);
  EXPECT_MAKES_ID(ReservePoints, ReservePointsRequest, ReservePointsResponse);
  EXPECT_MAKES_ID(CapturePoints, CapturePointsRequest, CapturePointsResponse);
  EXPECT_MAKES_ID(VoidReservation, VoidReservationRequest, VoidReservationResponse);
  EXPECT_MAKES_ID(RedeemPoints, RedeemPointsRequest, RedeemPointsResponse);
  EXPECT_MAKES_ID(AdjustPoints, AdjustPointsRequest, AdjustPointsResponse);
  EXPECT_MAKES_ID(TransferPoints, TransferPointsRequest, TransferPointsResponse);
}

TEST_F(ClientTest, NamesReturnsThatHaveNoId) {
  EXPECT_CALL(*connection_, RecordReturn(_)).WillOnce([](const auto& request) {
    EXPECT_EQ(request.return_().return_id(), "return-1");
    return v1::RecordReturnResponse();
  });
  EXPECT_CALL(*connection_, AsyncRecordReturn(_, _)).WillOnce([](auto request, auto done) {
    EXPECT_EQ(request.return_().return_id().size(), 36);
    done(v1::RecordReturnResponse());
  });
  EXPECT_TRUE(client_.RecordReturn(ReturnBuilder::OfPurchase("return-1", "p").Build()).ok());
  bool ok = false;
  client_.AsyncRecordReturn(
      v1::Return(),
      [&](const absl::StatusOr<v1::RecordReturnResponse>& result) { ok = result.ok(); });
  EXPECT_TRUE(ok);
}

TEST_F(ClientTest, AsksForABalanceOfAnotherMoment) {
  EXPECT_CALL(*connection_, GetBalance(_))
      .WillOnce([](const auto& request) {
        EXPECT_FALSE(request.has_as_of());
        return v1::GetBalanceResponse();
      })
      .WillOnce([](const auto& request) {
        EXPECT_EQ(request.member().member_id(), "m");
        EXPECT_EQ(request.as_of().seconds(), 1'000);
        return v1::GetBalanceResponse();
      });
  EXPECT_TRUE(client_.GetBalance(MemberById("m")).ok());
  EXPECT_TRUE(client_.GetBalance(MemberById("m"), absl::FromUnixSeconds(1'000)).ok());
}

TEST_F(ClientTest, WalksReturns) {
  EXPECT_CALL(*connection_, ListReturns(_)).Times(2).WillRepeatedly([](const auto& request) {
    EXPECT_EQ(request.member().member_id(), "m");
    v1::ListReturnsResponse response;
    response.add_returns()->set_return_id(request.page_token() + "!");
    if (request.page_token().empty()) response.set_next_page_token("second");
    return response;
  });
  std::vector<std::string> ids;
  for (auto& goods : client_.ListReturns(MemberById("m"))) {
    ASSERT_TRUE(goods.ok());
    ids.push_back(goods->return_id());
  }
  EXPECT_THAT(ids, testing::ElementsAre("!", "second!"));
}

TEST_F(ClientTest, ReportsAsynchronously) {
  EXPECT_CALL(*connection_, AsyncRecordPurchase(_, _)).WillOnce([](auto request, auto done) {
    EXPECT_EQ(request.purchase().purchase_id(), "receipt-1");
    done(absl::NotFoundError("nobody"));
  });
  absl::Status outcome;
  client_.AsyncRecordPurchase(
      PurchaseBuilder("receipt-1", MemberById("m")).Build(),
      [&](absl::StatusOr<v1::RecordPurchaseResponse> result) { outcome = result.status(); });
  EXPECT_EQ(outcome, absl::NotFoundError("nobody"));
}

// Every RPC has an asynchronous form: a mutation with an id, a list with one page.
TEST_F(ClientTest, CallsAnythingAsynchronously) {
  EXPECT_CALL(*connection_, AsyncCloseMember(_, _)).WillOnce([](auto request, auto done) {
    EXPECT_EQ(request.request_id().size(), 36);
    done(v1::CloseMemberResponse());
  });
  EXPECT_CALL(*connection_, AsyncListMembers(_, _)).WillOnce([](auto request, auto done) {
    EXPECT_EQ(request.page_token(), "second");
    done(absl::NotFoundError("no such page"));
  });
  int closed = 0;
  client_.AsyncCloseMember({}, [&](const auto& response) { closed += response.ok() ? 1 : 0; });
  EXPECT_EQ(closed, 1);
  v1::ListMembersRequest list;
  list.set_page_token("second");
  absl::Status listed;
  client_.AsyncListMembers(list, [&](const auto& response) { listed = response.status(); });
  EXPECT_EQ(listed, absl::NotFoundError("no such page"));
}

TEST_F(ClientTest, WalksListsFromTheCallersTokenOn) {
  std::vector<std::string> tokens;
  EXPECT_CALL(*connection_, ListPurchases(_)).Times(2).WillRepeatedly([&](const auto& request) {
    tokens.push_back(request.page_token());
    EXPECT_EQ(request.member().member_id(), "m");
    EXPECT_EQ(request.page_size(), 1);
    v1::ListPurchasesResponse response;
    response.add_purchases()->set_purchase_id(request.page_token() + "!");
    if (tokens.size() == 1) response.set_next_page_token("second");
    return response;
  });
  v1::ListPurchasesRequest request;
  *request.mutable_member() = MemberById("m");
  request.set_page_size(1);
  request.set_page_token("first");
  std::vector<std::string> ids;
  for (auto& purchase : client_.ListPurchases(request)) {
    ASSERT_TRUE(purchase.ok());
    ids.push_back(purchase->purchase_id());
  }
  EXPECT_THAT(tokens, testing::ElementsAre("first", "second"));
  EXPECT_THAT(ids, testing::ElementsAre("first!", "second!"));
}

TEST_F(ClientTest, UnwrapsReplies) {
  v1::GetMemberResponse member;
  member.mutable_member()->set_member_id("m");
  EXPECT_CALL(*connection_, GetMember(_)).WillOnce(Return(member));
  EXPECT_EQ(client_.GetMember(MemberByAlias("card", "1"))->member_id(), "m");

  v1::GetProgramResponse program;
  program.mutable_version()->set_version(3);
  EXPECT_CALL(*connection_, GetProgram(Property(&v1::GetProgramRequest::version, 0)))
      .WillOnce(Return(program));
  EXPECT_EQ(client_.GetProgram()->version(), 3);

  v1::ValidateProgramResponse problems;
  problems.add_problems()->set_line(7);
  EXPECT_CALL(*connection_, ValidateProgram(_)).WillOnce(Return(problems));
  EXPECT_EQ(client_.ValidateProgram("name: 1")->at(0).line(), 7);
}

TEST_F(ClientTest, PassesErrorsOn) {
  const absl::Status error = MakeError(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND", "nobody");
  EXPECT_CALL(*connection_, LookupMember(_)).WillOnce(Return(error));
  EXPECT_CALL(*connection_, GetBalance(_)).WillOnce(Return(error));
  EXPECT_CALL(*connection_, PreviewPurchase(_)).WillOnce(Return(error));
  EXPECT_EQ(client_.LookupMember(MakeAlias("card", "1")).status(), error);
  EXPECT_EQ(client_.GetBalance(MemberById("m")).status(), error);
  EXPECT_EQ(client_.PreviewPurchase(v1::Purchase()).status(), error);
}

}  // namespace
}  // namespace dangol
