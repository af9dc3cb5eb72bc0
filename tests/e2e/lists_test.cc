// Lists, page by page: everything once, in the documented order, by filters.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/points_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

constexpr char kListPurchases[] = "/dangol.v1.PurchaseService/ListPurchases";
constexpr char kListEntries[] = "/dangol.v1.PointsService/ListLedgerEntries";
constexpr char kListMembers[] = "/dangol.v1.MemberService/ListMembers";

constexpr int kPurchases = 25;

absl::Time DayNumber(int day) {
  return absl::FromCivil(absl::CivilDay(2025, 1, 1) + day, absl::UTCTimeZone());
}

class ListsTest : public DangoldTest {
 protected:
  // Purchases p-00 to p-24 on consecutive days, recorded in another order; the
  // last two at the same moment. And one of somebody else.
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
    Enroll("other");
    Client client = MakeClient();
    for (int i = 0; i < kPurchases; ++i) {
      const int number = i * 7 % kPurchases;
      v1::Purchase purchase = SmallPurchase(Id(number), 1'000 + number);
      *purchase.mutable_occurred_at() = ToTimestamp(DayNumber(std::min(number, kPurchases - 2)));
      ASSERT_TRUE(client.RecordPurchase(purchase).ok());
    }
    v1::Purchase purchase = SmallPurchase("of-other", 1'000);
    *purchase.mutable_member() = Card("other");
    ASSERT_TRUE(client.RecordPurchase(purchase).ok());
  }

  static std::string Id(int number) { return absl::StrCat("p-", number < 10 ? "0" : "", number); }

  // The pages of a list, as far as they go.
  template <typename Response, typename Request>
  std::vector<Response> PagesOf(const std::string& method, Request request) {
    const auto channel = MakeChannel();
    std::vector<Response> pages;
    do {
      const Answer answer = Call(channel, method, request);
      EXPECT_TRUE(answer.status.ok()) << answer.status;
      pages.emplace_back().ParseFromString(answer.bytes);
      request.set_page_token(pages.back().next_page_token());
    } while (!request.page_token().empty() && pages.size() < 100);
    return pages;
  }
};

TEST_F(ListsTest, PurchasesComeLatestFirstOnPagesOfAnySize) {
  std::vector<std::string> expected;
  for (int i = kPurchases - 1; i >= 0; --i) expected.push_back(Id(i));
  for (const int page_size : {0, 1, 7, 24, 25, 26, 1'000}) {
    SCOPED_TRACE(page_size);
    v1::ListPurchasesRequest request;
    *request.mutable_member() = Card("4005");
    request.set_page_size(page_size);
    std::vector<std::string> ids;
    const auto pages = PagesOf<v1::ListPurchasesResponse>(kListPurchases, request);
    for (const auto& page : pages) {
      const int size = page_size == 0 ? 50 : page_size;
      if (&page != &pages.back()) {
        EXPECT_EQ(page.purchases_size(), size);
      }
      EXPECT_GT(page.purchases_size(), 0) << "an empty page";
      for (const auto& purchase : page.purchases()) ids.push_back(purchase.purchase_id());
    }
    EXPECT_EQ(ids, expected);
  }
}

TEST_F(ListsTest, PurchasesOfAPeriod) {
  v1::ListPurchasesRequest request;
  *request.mutable_member() = Card("4005");
  request.set_page_size(2);
  *request.mutable_occurred_from() = ToTimestamp(DayNumber(3));
  *request.mutable_occurred_until() = ToTimestamp(DayNumber(6));
  std::vector<std::string> ids;
  for (const auto& page : PagesOf<v1::ListPurchasesResponse>(kListPurchases, request)) {
    for (const auto& purchase : page.purchases()) ids.push_back(purchase.purchase_id());
  }
  EXPECT_THAT(ids, ElementsAre("p-05", "p-04", "p-03"));
}

TEST_F(ListsTest, LedgerHasEveryEntryOnceLastFirst) {
  for (const int page_size : {1, 4, 0}) {
    SCOPED_TRACE(page_size);
    v1::ListLedgerEntriesRequest request;
    *request.mutable_member() = Card("4005");
    request.set_page_size(page_size);
    std::vector<v1::LedgerEntry> entries;
    for (const auto& page : PagesOf<v1::ListLedgerEntriesResponse>(kListEntries, request))
      entries.insert(entries.end(), page.entries().begin(), page.entries().end());
    // An EARN and a MATURE for each purchase, and the BONUS of the first.
    ASSERT_GE(entries.size(), 2u * kPurchases + 1);
    std::reverse(entries.begin(), entries.end());
    int64_t balance = 0;
    for (size_t i = 0; i < entries.size(); ++i) {
      const v1::LedgerEntry& entry = entries[i];
      EXPECT_EQ(entry.number(), static_cast<int64_t>(i) + 1);
      EXPECT_GT(entry.points(), 0);
      if (entry.debit() == v1::LEDGER_ACCOUNT_ISSUED) balance += entry.points();
      if (entry.credit() == v1::LEDGER_ACCOUNT_EXPIRED) balance -= entry.points();
      EXPECT_EQ(entry.pending_after() + entry.available_after() + entry.held_after(), balance)
          << entry.ShortDebugString();
    }
  }
}

TEST_F(ListsTest, LedgerByKindAndWallet) {
  v1::ListLedgerEntriesRequest request;
  *request.mutable_member() = Card("4005");
  request.set_page_size(10);
  request.set_kind(v1::ENTRY_KIND_EARN);
  request.set_wallet("points");
  int earns = 0;
  for (const auto& page : PagesOf<v1::ListLedgerEntriesResponse>(kListEntries, request)) {
    for (const auto& entry : page.entries()) {
      EXPECT_EQ(entry.kind(), v1::ENTRY_KIND_EARN);
      EXPECT_EQ(entry.rule_id(), "base");
      ++earns;
    }
  }
  EXPECT_EQ(earns, kPurchases);
  request.set_wallet("miles");
  EXPECT_EQ(PagesOf<v1::ListLedgerEntriesResponse>(kListEntries, request)[0].entries_size(), 0);
}

TEST_F(ListsTest, MembersComeInTheOrderInWhichTheyWereMade) {
  std::vector<std::string> made = {
      MakeClient().LookupMember(MakeAlias("card", "4005"))->member_id(),
      MakeClient().LookupMember(MakeAlias("card", "other"))->member_id()};
  for (int i = 0; i < 5; ++i) made.push_back(Enroll(absl::StrCat("m-", i)).member_id());
  v1::ListMembersRequest request;
  request.set_page_size(3);
  request.set_status(v1::MEMBER_STATUS_ACTIVE);
  std::vector<std::string> listed;
  for (const auto& page : PagesOf<v1::ListMembersResponse>(kListMembers, request)) {
    for (const auto& member : page.members()) listed.push_back(member.member_id());
  }
  std::sort(made.begin(), made.end());  // Within a millisecond ids are in any order.
  EXPECT_EQ(listed, made);
  request.set_status(v1::MEMBER_STATUS_CLOSED);
  EXPECT_EQ(PagesOf<v1::ListMembersResponse>(kListMembers, request)[0].members_size(), 0);
}

TEST_F(ListsTest, SdkWalksAllPages) {
  v1::ListPurchasesRequest request;
  *request.mutable_member() = Card("4005");
  request.set_page_size(4);
  int count = 0;
  for (absl::StatusOr<v1::RecordedPurchase>& purchase : MakeClient().ListPurchases(request)) {
    ASSERT_TRUE(purchase.ok()) << purchase.status();
    EXPECT_EQ(purchase->purchase_id(), Id(kPurchases - 1 - count++));
  }
  EXPECT_EQ(count, kPurchases);
}

// A token is good for the list that gave it, with the same filters.
TEST_F(ListsTest, TokensOfOtherListsAreRefused) {
  const auto channel = MakeChannel();
  v1::ListPurchasesRequest purchases;
  *purchases.mutable_member() = Card("4005");
  purchases.set_page_size(3);
  v1::ListPurchasesResponse page;
  ASSERT_TRUE(page.ParseFromString(Call(channel, kListPurchases, purchases).bytes));
  ASSERT_NE(page.next_page_token(), "");

  const auto expect_refused = [&](const std::string& method, const auto& request) {
    SCOPED_TRACE(method);
    ExpectRefused(Call(channel, method, request).status, absl::StatusCode::kInvalidArgument,
                  {"page_token"});
  };
  v1::ListPurchasesRequest of_other = purchases;
  *of_other.mutable_member() = Card("other");
  of_other.set_page_token(page.next_page_token());
  expect_refused(kListPurchases, of_other);
  v1::ListPurchasesRequest of_period = purchases;
  *of_period.mutable_occurred_from() = ToTimestamp(DayNumber(1));
  of_period.set_page_token(page.next_page_token());
  expect_refused(kListPurchases, of_period);
  v1::ListLedgerEntriesRequest entries;
  *entries.mutable_member() = Card("4005");
  entries.set_page_token(page.next_page_token());
  expect_refused(kListEntries, entries);
  v1::ListMembersRequest members;
  members.set_page_token(page.next_page_token());
  expect_refused(kListMembers, members);
}

}  // namespace
}  // namespace dangol::e2e
