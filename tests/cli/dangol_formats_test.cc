#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "cli/import/formats.h"
#include "read_all.h"
#include "text_input.h"

namespace dangol::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

ReadOut Read(const std::string& text) {
  Input input = TextInput(text);
  FormatOptions options;
  EXPECT_TRUE(absl::LoadTimeZone("Asia/Seoul", &options.time_zone));
  return ReadAll(
      [&](RejectSink reject) { return MakeDangolSource(input, options, std::move(reject)); });
}

constexpr char kHeader[] =
    "purchase_id,alias_kind,alias_value,occurred_at,currency,channel,store_id,"
    "paid_with_points_minor,sku,category,quantity,amount_minor,tax_minor,kind\n";

ReadOut ReadRows(const std::string& rows) { return Read(kHeader + rows); }

TEST(DangolCsv, ReadsEveryField) {
  const ReadOut out = ReadRows(
      "r-1,card,4005,2024-05-31 18:30:00,KRW,store,gangnam,500,latte,coffee,2,9000,818,goods\n"
      "r-1,,,,,,,,delivery,,,3000,,shipping\n"
      "r-2,card,4006,2024-05-31T18:30:00Z,,,,,tea,,1,0,,\n");
  EXPECT_THAT(out.rejects, IsEmpty());
  ASSERT_THAT(out.purchases, SizeIs(2));
  const v1::Purchase& first = out.purchases[0].purchase;
  EXPECT_EQ(first.purchase_id(), "r-1");
  EXPECT_EQ(first.member().alias().value(), "4005");
  EXPECT_EQ(first.occurred_at().seconds(), 1717147800);
  EXPECT_EQ(first.currency(), "KRW");
  EXPECT_EQ(first.channel(), "store");
  EXPECT_EQ(first.store_id(), "gangnam");
  EXPECT_EQ(first.paid_with_points_minor(), 500);
  ASSERT_EQ(first.lines_size(), 2);
  EXPECT_EQ(first.lines(0).category(), "coffee");
  EXPECT_EQ(first.lines(0).quantity(), 2);
  EXPECT_EQ(first.lines(0).amount_minor(), 9000);
  EXPECT_EQ(first.lines(0).tax_minor(), 818);
  EXPECT_EQ(first.lines(0).kind(), v1::LINE_KIND_GOODS);
  EXPECT_EQ(first.lines(1).quantity(), 1);
  EXPECT_EQ(first.lines(1).kind(), v1::LINE_KIND_SHIPPING);
  const v1::Purchase& second = out.purchases[1].purchase;
  EXPECT_EQ(second.currency(), "");
  EXPECT_EQ(second.occurred_at().seconds(), 1717180200);
  EXPECT_EQ(second.lines(0).kind(), v1::LINE_KIND_GOODS);
}

TEST(DangolCsv, NamesMembersByIdToo) {
  const ReadOut out = Read("purchase_id,member_id,sku,quantity,amount_minor\nr-1,m-1,tea,1,900\n");
  ASSERT_THAT(out.purchases, SizeIs(1));
  EXPECT_EQ(out.purchases[0].purchase.member().member_id(), "m-1");
}

TEST(DangolCsv, RejectsRowsForPreciseReasons) {
  struct Case {
    std::string row;
    std::string reason;
  };
  for (const Case& given : {
           Case{"r,card,,,,,,,tea,,1,900,,", "BAD_MEMBER"},
           Case{"r,card,1,31.5.2024,,,,,tea,,1,900,,", "BAD_DATE"},
           Case{"r,card,1,,,,,x,tea,,1,900,,", "BAD_NUMBER"},
           Case{"r,card,1,,,,,,tea,,one,900,,", "BAD_NUMBER"},
           Case{"r,card,1,,,,,,tea,,1,9.00,,", "BAD_NUMBER"},
           Case{"r,card,1,,,,,,tea,,1,,,", "BAD_NUMBER"},
           Case{"r,card,1,,,,,,tea,,1,900,x,", "BAD_NUMBER"},
           Case{"r,card,1,,,,,,tea,,1,900,,gift", "BAD_KIND"},
           Case{"r,card,1,,,,,,tea,,1", "MALFORMED_ROW"},
           Case{"r,card,\xff,,,,,,tea,,1,900,,", "NOT_UTF8"},
       }) {
    const ReadOut out = ReadRows(given.row + "\nother,card,2,,,,,,tea,,1,900,,\n");
    EXPECT_THAT(out.rejects, ElementsAre(Pair(2, given.reason))) << given.row;
    EXPECT_THAT(out.purchases, SizeIs(1)) << given.row;
  }
}

// Half a purchase would earn half its points, and could not be completed later.
TEST(DangolCsv, RejectsAPurchaseAsAWhole) {
  const std::string good_a = "a,card,1,,,,,,tea,,1,900,,\n";
  const std::string bad_a = "a,card,1,,,,,,tea,,x,900,,\n";
  const std::string good_b = "b,card,2,,,,,,tea,,1,900,,\n";
  struct Case {
    std::string rows;
    std::vector<std::pair<int64_t, std::string>> rejects;
    std::vector<std::string> purchases;
  };
  for (const Case& given : {
           Case{bad_a + good_a + good_b, {{2, "BAD_NUMBER"}, {3, "PURCHASE_INCOMPLETE"}}, {"b"}},
           Case{good_a + bad_a + good_a + good_b,
                {{3, "BAD_NUMBER"}, {2, "PURCHASE_INCOMPLETE"}, {4, "PURCHASE_INCOMPLETE"}},
                {"b"}},
           Case{good_b + bad_a + good_a, {{3, "BAD_NUMBER"}, {4, "PURCHASE_INCOMPLETE"}}, {"b"}},
           Case{good_a + good_a + bad_a + good_b,
                {{4, "BAD_NUMBER"}, {2, "PURCHASE_INCOMPLETE"}, {3, "PURCHASE_INCOMPLETE"}},
                {"b"}},
           // A row that does not tell whose it is spoils both of its neighbours...
           Case{good_a + ",card,1,,,,,,tea,,1,900,,\n" + good_b,
                {{3, "NO_PURCHASE_ID"}, {2, "PURCHASE_INCOMPLETE"}, {4, "PURCHASE_INCOMPLETE"}},
                {}},
           Case{good_a + "x\"\n" + good_b,
                {{3, "MALFORMED_ROW"}, {2, "PURCHASE_INCOMPLETE"}, {4, "PURCHASE_INCOMPLETE"}},
                {}},
           // ... unless they are the same.
           Case{good_a + "x\"\n" + good_a + good_b,
                {{3, "MALFORMED_ROW"}, {2, "PURCHASE_INCOMPLETE"}, {4, "PURCHASE_INCOMPLETE"}},
                {"b"}},
       }) {
    const ReadOut out = ReadRows(given.rows);
    EXPECT_EQ(out.rejects, given.rejects) << given.rows;
    std::vector<std::string> ids;
    for (const ReadPurchase& purchase : out.purchases) {
      ids.push_back(purchase.purchase.purchase_id());
    }
    EXPECT_EQ(ids, given.purchases) << given.rows;
  }
}

TEST(DangolCsv, RejectsAPurchaseThatContradictsItself) {
  const ReadOut out = ReadRows(
      "a,card,1,,KRW,,,,tea,,1,900,,\n"
      "a,,,,USD,,,,tea,,1,900,,\n"
      "b,card,1,,KRW,,,,tea,,1,900,,\n"
      "b,card,2,,,,,,tea,,1,900,,\n");
  EXPECT_THAT(out.purchases, IsEmpty());
  EXPECT_THAT(out.rejects,
              ElementsAre(Pair(3, "PURCHASE_DIFFERS"), Pair(2, "PURCHASE_INCOMPLETE"),
                          Pair(5, "PURCHASE_DIFFERS"), Pair(4, "PURCHASE_INCOMPLETE")));
}

TEST(DangolJson, ReadsAPurchaseALine) {
  const ReadOut out = Read(
      "{\"purchase_id\": \"r-1\", \"member\": {\"alias\": {\"kind\": \"card\", \"value\": \"1\"}}, "
      "\"occurred_at\": \"2024-05-31T18:30:00Z\", \"currency\": \"KRW\", "
      "\"lines\": [{\"sku\": \"tea\", \"quantity\": 2, \"amount_minor\": \"900\", "
      "\"kind\": \"LINE_KIND_GOODS\"}]}\r\n"
      "\n"
      "{\"purchaseId\": \"r-2\", \"member\": {\"memberId\": \"m\"}}");
  EXPECT_THAT(out.rejects, IsEmpty());
  EXPECT_EQ(out.rows, 2);
  ASSERT_THAT(out.purchases, SizeIs(2));
  const v1::Purchase& first = out.purchases[0].purchase;
  EXPECT_EQ(first.purchase_id(), "r-1");
  EXPECT_EQ(first.occurred_at().seconds(), 1717180200);
  EXPECT_EQ(first.lines(0).amount_minor(), 900);
  // Nothing of the line before may be left.
  const v1::Purchase& second = out.purchases[1].purchase;
  EXPECT_EQ(second.purchase_id(), "r-2");
  EXPECT_EQ(second.member().member_id(), "m");
  EXPECT_EQ(second.lines_size(), 0);
  EXPECT_EQ(out.purchases[1].rows[0].line, 3);
}

TEST(DangolJson, RejectsLinesForPreciseReasons) {
  const ReadOut out = Read(
      "{\"purchase_id\": \"r-1\"\n"
      "{\"purchase_id\": 7, \"no_such_field\": 1}\n"
      "{}\n"
      "{\"purchase_id\": \"\xff\"}\n"
      "[]\n"
      "{\"purchase_id\": \"good\"}\n");
  EXPECT_THAT(out.rejects, ElementsAre(Pair(1, "MALFORMED_ROW"), Pair(2, "MALFORMED_ROW"),
                                       Pair(3, "NO_PURCHASE_ID"), Pair(4, "NOT_UTF8"),
                                       Pair(5, "MALFORMED_ROW")));
  ASSERT_THAT(out.purchases, SizeIs(1));
  EXPECT_EQ(out.purchases[0].purchase.purchase_id(), "good");
}

TEST(DangolJson, DoesNotReadALineOfAnyLength) {
  const ReadOut out = Read("{\"purchase_id\": \"" + std::string(kRecordBytesMax, 'x') +
                           "\"}\n{\"purchase_id\": \"good\"}\n");
  EXPECT_THAT(out.rejects, ElementsAre(Pair(1, "MALFORMED_ROW")));
  EXPECT_THAT(out.purchases, SizeIs(1));
}

}  // namespace
}  // namespace dangol::cli
