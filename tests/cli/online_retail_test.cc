#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/import/formats.h"
#include "read_all.h"
#include "text_input.h"

namespace dangol::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr char kHeader[] =
    "\"InvoiceNo\",\"StockCode\",\"Description\",\"Quantity\",\"InvoiceDate\",\"UnitPrice\","
    "\"CustomerID\",\"Country\"\n";

ReadOut Read(const std::string& text) {
  Input input = TextInput(text);
  FormatOptions options;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/London", &options.time_zone));
  return ReadAll([&](RejectSink reject) {
    return MakeCsvSource(input, MakeOnlineRetailParser(options), std::move(reject));
  });
}

ReadOut ReadRows(const std::string& rows) { return Read(absl::StrCat(kHeader, rows)); }

TEST(OnlineRetail, GroupsConsecutiveLinesOfAnInvoice) {
  const ReadOut out = ReadRows(
      "536365,85123A,\"WHITE, HANGING\",6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
      "536365,71053,LANTERN,1,2010-12-01 08:27:00,3.395,17850,United Kingdom\n"
      "536366,22633,WARMER,2,2011-07-01 08:28:00,0,17851,United Kingdom\n");
  EXPECT_TRUE(out.status.ok());
  EXPECT_EQ(out.rows, 3);
  EXPECT_THAT(out.rejects, IsEmpty());
  ASSERT_THAT(out.purchases, SizeIs(2));

  const v1::Purchase& first = out.purchases[0].purchase;
  EXPECT_EQ(first.purchase_id(), "536365");
  EXPECT_EQ(first.member().alias().kind(), "customer");
  EXPECT_EQ(first.member().alias().value(), "17850");
  // The first line's time, although the second's is later.
  EXPECT_EQ(first.occurred_at().seconds(), 1291191960);
  EXPECT_EQ(first.channel(), "");
  ASSERT_EQ(first.lines_size(), 2);
  EXPECT_EQ(first.lines(0).sku(), "85123A");
  EXPECT_EQ(first.lines(0).category(), "");
  EXPECT_EQ(first.lines(0).quantity(), 6);
  EXPECT_EQ(first.lines(0).amount_minor(), 1530);
  EXPECT_EQ(first.lines(1).amount_minor(), 340);
  EXPECT_THAT(out.purchases[0].rows, SizeIs(2));
  EXPECT_EQ(out.purchases[0].rows[1].line, 3);

  // Free of charge is a line, too; and summer time is an hour ahead.
  const v1::Purchase& second = out.purchases[1].purchase;
  EXPECT_EQ(second.lines(0).amount_minor(), 0);
  EXPECT_EQ(second.occurred_at().seconds(), 1309505280);
}

TEST(OnlineRetail, RejectsRowsForPreciseReasons) {
  struct Case {
    std::string row;
    std::string reason;
  };
  for (const Case& given : {
           Case{"1,A,x,1,2011-01-01 10:00:00,1.00,,UK", "NO_CUSTOMER"},
           // A cancellation that names nobody counts as naming nobody.
           Case{"C1,A,x,-1,2011-01-01 10:00:00,1.00,,UK", "NO_CUSTOMER"},
           Case{"C1,A,x,1,2011-01-01 10:00:00,1.00,7,UK", "QUANTITY_NOT_NEGATIVE"},
           Case{"C1,A,x,0,2011-01-01 10:00:00,1.00,7,UK", "QUANTITY_NOT_NEGATIVE"},
           Case{"C1,A,x,-9223372036854775808,2011-01-01 10:00:00,1.00,7,UK",
                "QUANTITY_NOT_NEGATIVE"},
           Case{"C1,,x,-1,2011-01-01 10:00:00,1.00,7,UK", "NO_STOCK_CODE"},
           Case{"C1,A,x,-1,2011-01-01 10:00:00,-1.00,7,UK", "PRICE_NEGATIVE"},
           Case{"C1,A,x,-1,yesterday,1.00,7,UK", "BAD_DATE"},
           Case{",A,x,1,2011-01-01 10:00:00,1.00,7,UK", "NO_INVOICE"},
           Case{"1,A,x,0,2011-01-01 10:00:00,1.00,7,UK", "QUANTITY_NOT_POSITIVE"},
           Case{"1,A,x,-3,2011-01-01 10:00:00,1.00,7,UK", "QUANTITY_NOT_POSITIVE"},
           Case{"1,A,x,1.5,2011-01-01 10:00:00,1.00,7,UK", "BAD_QUANTITY"},
           Case{"1,A,x,,2011-01-01 10:00:00,1.00,7,UK", "BAD_QUANTITY"},
           Case{"1,A,x,1,2011-01-01 10:00:00,-1.00,7,UK", "PRICE_NEGATIVE"},
           Case{"1,A,x,1,2011-01-01 10:00:00,one,7,UK", "BAD_PRICE"},
           Case{"1,A,x,1,2011-01-01 10:00:00,,7,UK", "BAD_PRICE"},
           Case{"1,A,x,1,2011-02-30 10:00:00,1.00,7,UK", "BAD_DATE"},
           Case{"1,A,x,1,yesterday,1.00,7,UK", "BAD_DATE"},
           Case{"1,A,x,9223372036854775807,2011-01-01 10:00:00,9.99,7,UK", "AMOUNT_TOO_LARGE"},
           Case{"1,A,x,1,2011-01-01 10:00:00,1.00,7", "MALFORMED_ROW"},
           Case{"1,A,x,1,2011-01-01 10:00:00,1.00,7,UK,more", "MALFORMED_ROW"},
           Case{"1,A,\"x\"y,1,2011-01-01 10:00:00,1.00,7,UK", "MALFORMED_ROW"},
           Case{"1,A\xff,x,1,2011-01-01 10:00:00,1.00,7,UK", "NOT_UTF8"},
       }) {
    const ReadOut out = ReadRows(given.row + "\n2,B,x,1,2011-01-01 10:00:00,1.00,8,UK\n");
    EXPECT_THAT(out.rejects, ElementsAre(Pair(2, given.reason))) << given.row;
    EXPECT_THAT(out.purchases, SizeIs(1)) << given.row;
    EXPECT_EQ(out.rows, 2);
  }
}

TEST(OnlineRetail, ACancellationIsAReturn) {
  const ReadOut out = ReadRows(
      "536365,85123A,x,6,2010-12-01 08:26:00,2.55,17850,UK\n"
      "C536379,85123A,x,-2,2010-12-01 09:41:00,2.55,17850,UK\n"
      "C536379,D,Discount,-1,2010-12-01 09:41:00,27.505,17850,UK\n"
      "536366,22633,x,2,2010-12-02 08:28:00,1,17850,UK\n");
  EXPECT_THAT(out.rejects, IsEmpty());
  ASSERT_THAT(out.purchases, SizeIs(3));
  EXPECT_FALSE(out.purchases[0].is_return);
  EXPECT_TRUE(out.purchases[1].is_return);
  EXPECT_FALSE(out.purchases[2].is_return);
  const v1::Purchase& goods = out.purchases[1].purchase;
  EXPECT_EQ(goods.purchase_id(), "C536379");
  EXPECT_EQ(goods.member().alias().value(), "17850");
  EXPECT_EQ(goods.occurred_at().seconds(), 1291196460);
  ASSERT_EQ(goods.lines_size(), 2);
  EXPECT_EQ(goods.lines(0).sku(), "85123A");
  EXPECT_EQ(goods.lines(0).quantity(), 2);
  EXPECT_EQ(goods.lines(0).amount_minor(), 510);
  EXPECT_EQ(goods.lines(1).quantity(), 1);
  EXPECT_EQ(goods.lines(1).amount_minor(), 2751);
  EXPECT_THAT(out.purchases[1].rows, SizeIs(2));
}

// As the data set has it, once.
TEST(OnlineRetail, ACancellationMayStandAmongTheLinesOfAnInvoice) {
  const ReadOut out = ReadRows(
      "542806,A,x,1,2011-02-01 11:19:00,7.95,12836,UK\n"
      "C542805,B,x,-1,2011-02-01 11:19:00,0.85,14606,UK\n"
      "C542805,C,x,-1,2011-02-01 11:19:00,2.95,14606,UK\n"
      "542806,D,x,2,2011-02-01 11:20:00,7.95,12836,UK\n"
      "542812,E,x,1,2011-02-01 11:21:00,2.1,14850,UK\n"
      "C542813,E,x,-1,2011-02-01 11:22:00,2.1,14850,UK\n"
      "C542814,E,x,-1,2011-02-01 11:23:00,2.1,14850,UK\n"
      "542815,E,x,1,2011-02-01 11:24:00,2.1,14850,UK\n");
  EXPECT_THAT(out.rejects, IsEmpty());
  std::vector<std::string> read;
  for (const ReadPurchase& purchase : out.purchases) {
    read.push_back(
        absl::StrCat(purchase.purchase.purchase_id(), "/", purchase.purchase.lines_size()));
  }
  EXPECT_THAT(
      read, ElementsAre("542806/2", "C542805/2", "542812/1", "C542813/1", "C542814/1", "542815/1"));
}

TEST(OnlineRetail, RecordsAnInvoiceWithoutItsBadRows) {
  const ReadOut out = ReadRows(
      "1,A,x,1,2011-01-01 10:00:00,1.00,7,UK\n"
      "1,B,x,0,2011-01-01 10:00:00,1.00,7,UK\n"
      "1,C,x,1,2011-01-01 10:00:00,1.00,8,UK\n"
      "1,D,x,1,2011-01-01 10:00:00,1.00,7,UK\n");
  EXPECT_THAT(out.rejects,
              ElementsAre(Pair(3, "QUANTITY_NOT_POSITIVE"), Pair(4, "CUSTOMER_DIFFERS")));
  ASSERT_THAT(out.purchases, SizeIs(1));
  ASSERT_EQ(out.purchases[0].purchase.lines_size(), 2);
  EXPECT_EQ(out.purchases[0].purchase.lines(1).sku(), "D");
}

TEST(OnlineRetail, ADescriptionMayBeAnything) {
  const ReadOut out =
      ReadRows("1,A,\"caf\xe9 \"\"x\"\"\nand more\",1,2011-01-01 10:00:00,1,7,UK\n");
  EXPECT_THAT(out.rejects, IsEmpty());
  EXPECT_THAT(out.purchases, SizeIs(1));
}

TEST(OnlineRetail, RefusesAPurchaseWithTooManyLines) {
  std::string rows;
  const auto add = [&](int invoice, int lines) {
    for (int i = 0; i < lines; ++i) {
      absl::StrAppend(&rows, invoice, ",A,x,1,2011-01-01 10:00:00,1,7,UK\n");
    }
  };
  add(1, kPurchaseLinesMax);
  add(2, kPurchaseLinesMax + 2);
  add(3, 1);
  const ReadOut out = ReadRows(rows);
  ASSERT_THAT(out.purchases, SizeIs(2));
  EXPECT_EQ(out.purchases[0].purchase.lines_size(), kPurchaseLinesMax);
  EXPECT_EQ(out.purchases[1].purchase.purchase_id(), "3");
  ASSERT_THAT(out.rejects, SizeIs(kPurchaseLinesMax + 2));
  EXPECT_THAT(out.rejects, testing::Each(Pair(testing::_, "TOO_MANY_LINES")));
}

TEST(OnlineRetail, FindsColumnsByName) {
  const ReadOut out = Read(
      "\xef\xbb\xbf"
      "CustomerID,UnitPrice,InvoiceDate,Quantity,StockCode,InvoiceNo\r\n"
      "7,1.25,2011-01-01 10:00,4,A,1\r\n");
  ASSERT_THAT(out.purchases, SizeIs(1));
  EXPECT_EQ(out.purchases[0].purchase.lines(0).amount_minor(), 500);
}

TEST(OnlineRetail, RefusesAFileThatIsSomethingElse) {
  const auto error = [](const std::string& text) { return Read(text).status; };
  EXPECT_EQ(error("").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error("a,b\n1,2\n").message(), "the header lacks the column InvoiceNo");
  EXPECT_EQ(error(absl::StrCat("InvoiceNo,", kHeader)).message(),
            "the column InvoiceNo is there twice");
}

TEST(OnlineRetail, PassesReadErrorsOn) {
  Input input(
      std::make_unique<TextSource>(absl::StrCat(kHeader, "1,A,x,1,2011-01-01 10:00:00,1,7,UK\n"), 7,
                                   absl::DataLossError("bad disk")));
  const ReadOut out = ReadAll([&](RejectSink reject) {
    return MakeCsvSource(input, MakeOnlineRetailParser(FormatOptions()), std::move(reject));
  });
  EXPECT_EQ(out.status, absl::DataLossError("bad disk"));
}

}  // namespace
}  // namespace dangol::cli
