// Every list of members that the API has is known here: it is an audience and leaves out VVIPs, or
// it is told to those who look after members, and says so.

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>

#include <set>
#include <string>

#include "dangol/v1/activity_service.pb.h"
#include "dangol/v1/advocate_service.pb.h"
#include "dangol/v1/audit_service.pb.h"
#include "dangol/v1/care_service.pb.h"
#include "dangol/v1/incentive_service.pb.h"
#include "dangol/v1/insight_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "dangol/v1/reward_service.pb.h"
#include "dangol/v1/rfm_service.pb.h"
#include "dangol/v1/tier_service.pb.h"

namespace dangol::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using ::testing::UnorderedElementsAre;

bool NamesMembers(const Descriptor& message) {
  return message.FindFieldByName("member_id") != nullptr;
}

// Whether a method answers with members whom its caller has not named.
bool ListsMembers(const MethodDescriptor& method) {
  const Descriptor& request = *method.input_type();
  if (request.FindFieldByName("member") != nullptr) return false;
  // Whoever names what is to be recorded knows whose it is.
  if (request.FindFieldByName("request_id") != nullptr || method.client_streaming()) return false;
  const Descriptor& response = *method.output_type();
  for (int i = 0; i < response.field_count(); ++i) {
    const FieldDescriptor& field = *response.field(i);
    const bool is_list =
        field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (is_list && NamesMembers(*field.message_type())) return true;
  }
  return false;
}

TEST(AudiencesTest, EveryListOfMembersIsKnown) {
  std::set<std::string> lists;
  for (const google::protobuf::FileDescriptor* file :
       {v1::ActivityOutcome::descriptor()->file(), v1::Advocate::descriptor()->file(),
        v1::VerifyLedgerRequest::descriptor()->file(), v1::Complaint::descriptor()->file(),
        v1::ListOffersRequest::descriptor()->file(), v1::GetTotalsRequest::descriptor()->file(),
        v1::ListMembersRequest::descriptor()->file(), v1::GetBalanceRequest::descriptor()->file(),
        v1::RecordPurchaseRequest::descriptor()->file(),
        v1::ListRewardsRequest::descriptor()->file(), v1::GetRfmRequest::descriptor()->file(),
        v1::GetTierStatusRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      const ServiceDescriptor& service = *file->service(i);
      for (int k = 0; k < service.method_count(); ++k) {
        if (ListsMembers(*service.method(k))) lists.insert(service.method(k)->name());
      }
    }
  }
  // ListMembers has for_marketing, which tests/e2e/vvip_test.cc tries. The others are for whoever
  // looks after members or books, and select nobody by what could be sold to them.
  EXPECT_NE(v1::ListMembersRequest::descriptor()->FindFieldByName("for_marketing"), nullptr);
  EXPECT_THAT(lists, UnorderedElementsAre("ListMembers", "ListAdvocates", "ListWorkItems",
                                          "ListGivenAwayPoints", "VerifyLedger"));
}

}  // namespace
}  // namespace dangol::rpc
