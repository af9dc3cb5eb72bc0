// Every method by every role, against the table that people read: nothing more and nothing less
// than it says.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dangol/error.h"
#include "dangol/v1/access.pb.h"
#include "dangol/v1/common.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "tests/e2e/access.h"

namespace dangol::e2e {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using nlohmann::json;

constexpr char kSomebody[] = "0193b2a0-5f7e-7c3d-9a41-3f0e6c2d8b17";
constexpr char kSomebodyElse[] = "0193b2a0-5f7e-7c3d-9a41-3f0e6c2d8b18";
constexpr int kAdjustLimit = 500;
constexpr int kGoodwillLimit = 2'000;

// When each role may call each method, in the words of the table.
using Table = std::map<std::string, std::map<std::string, std::string>>;

Table ReadTable() {
  std::ifstream file(DANGOL_ACCESS_GUIDE);
  std::vector<std::string> roles;
  Table table;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 9) continue;
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    if (cells[1] == "method") roles.assign(cells.begin() + 2, cells.end() - 1);
    if (!absl::StrContains(cells[1], "Service/")) continue;
    for (size_t i = 0; i < roles.size(); ++i) table[cells[1]][roles[i]] = cells[i + 2];
  }
  return table;
}

std::vector<const MethodDescriptor*> Methods() {
  // Links the API in.
  EXPECT_NE(v1::AccessPolicy::descriptor(), nullptr);
  std::vector<const MethodDescriptor*> methods;
  for (const auto& [name, roles] : ReadTable()) {
    const std::vector<std::string> parts = absl::StrSplit(name, '/');
    const auto* const service =
        DescriptorPool::generated_pool()->FindServiceByName("dangol.v1." + parts[0]);
    const auto* const method = service == nullptr ? nullptr : service->FindMethodByName(parts[1]);
    EXPECT_NE(method, nullptr) << name;
    if (method != nullptr) methods.push_back(method);
  }
  return methods;
}

std::string NameOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), "/", method.name());
}

// Puts something into the field of this name, of the message or of those in it.
bool Fill(Message& message, const std::string& name,
          const std::function<void(Message&, const FieldDescriptor&)>& put) {
  const Descriptor& type = *message.GetDescriptor();
  if (const FieldDescriptor* field = type.FindFieldByName(name)) {
    put(message, *field);
    return true;
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (field->message_type() == nullptr ||
        field->message_type()->FindFieldByName(name) == nullptr) {
      continue;
    }
    Message* const part = field->is_repeated()
                              ? message.GetReflection()->AddMessage(&message, field)
                              : message.GetReflection()->MutableMessage(&message, field);
    return Fill(*part, name, put);
  }
  return false;
}

void PutMember(Message& message, const std::string& member_id) {
  EXPECT_TRUE(Fill(message, "member", [&](Message& holder, const FieldDescriptor& field) {
    auto& ref =
        static_cast<v1::MemberRef&>(*holder.GetReflection()->MutableMessage(&holder, &field));
    ref.set_member_id(member_id);
  }));
}

void PutStore(Message& message, const std::string& store) {
  EXPECT_TRUE(Fill(message, "store_id", [&](Message& holder, const FieldDescriptor& field) {
    holder.GetReflection()->SetString(&holder, &field, store);
  }));
}

void PutPoints(Message& message, int64_t points) {
  EXPECT_TRUE(Fill(message, "points", [&](Message& holder, const FieldDescriptor& field) {
    holder.GetReflection()->SetInt64(&holder, &field, points);
  }));
}

void PutFlag(Message& message, const std::string& name) {
  EXPECT_TRUE(Fill(message, name, [&](Message& holder, const FieldDescriptor& field) {
    holder.GetReflection()->SetBool(&holder, &field, true);
  }));
}

class AccessMatrixTest : public AccessTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(
        StartWith(absl::StrCat("roles { role: ROLE_CARE adjust_points: ", kAdjustLimit,
                               " goodwill_points: ", kGoodwillLimit, " }")));
    channel_ = MakeChannel();
  }

  std::unique_ptr<Message> MakeRequest(const MethodDescriptor& method) const {
    std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                         ->GetPrototype(method.input_type())
                                         ->New());
    // A stream is to end.
    if (method.server_streaming() && !method.client_streaming()) PutFlag(*request, "until_now");
    return request;
  }

  // Why access was denied; empty where the server went on to look at what is asked for.
  std::string Denied(const MethodDescriptor& method, const Message& request,
                     const std::string& token) {
    const absl::Status status =
        Call(channel_, absl::StrCat("/dangol.v1.", NameOf(method)), request, token).status;
    // A server that fails has let nobody in.
    EXPECT_FALSE(absl::IsUnavailable(status) || absl::IsInternal(status) ||
                 absl::IsUnimplemented(status) || absl::IsUnknown(status))
        << status;
    const bool is_denied = absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status);
    return is_denied ? ErrorReason(status) : "";
  }

  // What is denied to whom acts for one member.
  void ExpectBound(const MethodDescriptor& method, const std::string& when) {
    const std::string token = issuer_.Sign(ClaimsOfMember(kSomebody));
    const auto request = MakeRequest(method);
    if (when == "backend") {
      EXPECT_EQ(Denied(method, *request, token), "MEMBER_NOT_YOURS");
      return;
    }
    EXPECT_EQ(Denied(method, *request, token), "MEMBER_NOT_YOURS") << "nobody is named";
    PutMember(*request, kSomebodyElse);
    EXPECT_EQ(Denied(method, *request, token), "MEMBER_NOT_YOURS");
    const auto own = MakeRequest(method);
    PutMember(*own, absl::AsciiStrToUpper(kSomebody));
    EXPECT_EQ(Denied(method, *own, token), "");
  }

  void ExpectStores(const MethodDescriptor& method, const std::string& token) {
    const auto request = MakeRequest(method);
    PutStore(*request, "hongdae");
    EXPECT_EQ(Denied(method, *request, token), "STORE_NOT_YOURS");
    const auto none = MakeRequest(method);
    PutStore(*none, "");
    EXPECT_EQ(Denied(method, *none, token), "STORE_NOT_YOURS");
    const auto own = MakeRequest(method);
    PutStore(*own, "gangnam");
    EXPECT_EQ(Denied(method, *own, token), "");
  }

  void ExpectLimit(const MethodDescriptor& method, const std::string& token) {
    const int limit = method.name() == "AdjustPoints" ? kAdjustLimit : kGoodwillLimit;
    for (const int sign : {1, -1}) {
      const auto above = MakeRequest(method);
      PutPoints(*above, sign * (limit + 1));
      EXPECT_EQ(Denied(method, *above, token), "ABOVE_LIMIT");
      const auto within = MakeRequest(method);
      PutPoints(*within, sign * limit);
      EXPECT_EQ(Denied(method, *within, token), "");
    }
    if (method.name() != "AdjustPoints") return;
    const auto undoing = MakeRequest(method);
    static_cast<v1::AdjustPointsRequest&>(*undoing).set_undoes("what the administrator gave");
    EXPECT_EQ(Denied(method, *undoing, token), "ABOVE_LIMIT");
  }

  void ExpectCell(const MethodDescriptor& method, const std::string& role,
                  const std::string& when) {
    const std::string token = TokenOf(role);
    const auto request = MakeRequest(method);
    if (when.empty()) {
      EXPECT_EQ(Denied(method, *request, token), "ROLE_NOT_ALLOWED");
    } else if (when == "yes") {
      EXPECT_EQ(Denied(method, *request, token), "");
    } else if (when == "own member" || when == "backend") {
      EXPECT_EQ(Denied(method, *request, token), "");
      ExpectBound(method, when);
    } else if (when == "own stores") {
      ExpectStores(method, token);
    } else if (when == "up to a limit") {
      ExpectLimit(method, token);
    } else if (when == "audience") {
      EXPECT_EQ(Denied(method, *request, token), "AUDIENCE_ONLY");
      PutFlag(*request, "for_marketing");
      EXPECT_EQ(Denied(method, *request, token), "AUDIENCE_ONLY");
      PutFlag(*request, "without_personal_data");
      EXPECT_EQ(Denied(method, *request, token), "");
    } else {
      ADD_FAILURE() << "the table says " << when;
    }
  }

  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(AccessMatrixTest, EveryMethodByEveryRole) {
  const Table table = ReadTable();
  ASSERT_GE(table.size(), 90);
  for (const MethodDescriptor* method : Methods()) {
    // Each of its messages is answered; access_test.cc tells of it.
    if (method->client_streaming()) continue;
    ASSERT_EQ(table.at(NameOf(*method)).size(), 6);
    for (const auto& [role, when] : table.at(NameOf(*method))) {
      SCOPED_TRACE(absl::StrCat(NameOf(*method), " by ", role, ": ", when));
      ExpectCell(*method, role, when);
    }
  }
}

TEST_F(AccessMatrixTest, NothingWithoutATokenThatHolds) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  json expired = ClaimsOf("admin");
  expired["exp"] = now - 60;
  json early = ClaimsOf("admin");
  early["nbf"] = now + 600;
  json elsewhere = ClaimsOf("admin");
  elsewhere["aud"] = "another";
  json powerless = ClaimsOf("admin");
  powerless["roles"] = {"emperor"};
  const testing::TokenIssuer stranger("ES256", "first");
  const std::vector<std::pair<std::string, std::string>> tokens = {
      {"", "NO_CREDENTIALS"},
      {issuer_.Sign(expired), "TOKEN_EXPIRED"},
      {issuer_.Sign(early), "TOKEN_REFUSED"},
      {issuer_.Sign(elsewhere), "TOKEN_REFUSED"},
      {issuer_.Sign(powerless), "TOKEN_REFUSED"},
      {stranger.Sign(ClaimsOf("admin")), "TOKEN_REFUSED"},
      {testing::TokenOf({{"alg", "none"}}, ClaimsOf("admin"), ""), "TOKEN_REFUSED"},
      {testing::HmacToken({{"alg", "HS256"}}, ClaimsOf("admin"), issuer_.Pem()), "TOKEN_REFUSED"},
      {std::string(7'000, 'x'), "TOKEN_REFUSED"},
  };
  for (const MethodDescriptor* method : Methods()) {
    for (const auto& [token, reason] : tokens) {
      EXPECT_EQ(Denied(*method, *MakeRequest(*method), token), reason)
          << NameOf(*method) << " with " << token.substr(0, 40);
    }
  }
}

}  // namespace
}  // namespace dangol::e2e
