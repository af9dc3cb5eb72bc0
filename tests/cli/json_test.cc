#include "cli/json.h"

#include <gtest/gtest.h>

#include <limits>

#include "dangol/types.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::cli {
namespace {

TEST(Json, NamesFieldsAsTheProtosDoAndKeepsNumbersNumbers) {
  v1::LedgerEntry entry;
  entry.set_member_id("m");
  entry.set_kind(v1::ENTRY_KIND_EARN);
  entry.set_points(std::numeric_limits<int64_t>::max());
  entry.set_debit(v1::LEDGER_ACCOUNT_ISSUED);
  *entry.mutable_effective_at() = ToTimestamp(absl::FromUnixMillis(1717180200500));
  const Json json = ToJson(entry);
  EXPECT_EQ(json["member_id"], "m");
  EXPECT_EQ(json["kind"], "EARN");
  EXPECT_EQ(json["debit"], "ISSUED");
  EXPECT_EQ(json["points"].dump(), "9223372036854775807");
  EXPECT_EQ(json["effective_at"], "2024-05-31T18:30:00.5Z");
  // A field that is zero is there, a message that is absent is not.
  EXPECT_EQ(json["lot"], 0);
  EXPECT_FALSE(json.contains("recorded_at"));
}

TEST(Json, WritesListsMapsAndChoices) {
  v1::Member member;
  *member.add_aliases() = MakeAlias("card", "1");
  (*member.mutable_attributes())["city"] = "Seoul";
  const Json json = ToJson(member);
  EXPECT_EQ(json["aliases"][0]["kind"], "card");
  EXPECT_EQ(json["attributes"]["city"], "Seoul");
  EXPECT_EQ(ToJson(v1::Member())["aliases"].dump(), "[]");
  EXPECT_EQ(ToJson(MemberById("m")).dump(), "{\"member_id\":\"m\"}");
}

TEST(Json, KeepsTheOrderOfTheFields) {
  v1::WalletPoints wallet;
  wallet.set_wallet("points");
  EXPECT_EQ(ToJson(wallet).dump(),
            "{\"wallet\":\"points\",\"pending\":0,\"available\":0,\"held\":0}");
}

}  // namespace
}  // namespace dangol::cli
