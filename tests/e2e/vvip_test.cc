// VVIPs told through the API: of a whole year against what follows from its rows by definition, and
// that no audience has them.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"
#include "tests/e2e/rfm_by_definition.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The day after the last one of the real history.
const absl::CivilDay kDay(2011, 12, 10);

class VvipYearTest : public DangoldTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << absl::StrReplaceAll(ProgramText("shop", 10), {{"\"UTC\"", "\"Europe/London\""}})
        << "rfm {} vvip { department: \"concierge\" }\n";
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"), "--test-clock=2011-12-10T12:00:00+00:00"}));
  }

  void GoTo(const std::string& moment) {
    v1::AdvanceClockRequest request;
    absl::Time to;
    std::string error;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", moment, &to, &error)) << error;
    *request.mutable_to() = ToTimestamp(to);
    const auto moved = MakeClient().AdvanceClock(request);
    ASSERT_TRUE(moved.ok()) << moved.status();
  }

  std::string IdOf(const std::string& customer) {
    v1::LookupMemberRequest request;
    *request.mutable_alias() = MemberByAlias("customer", customer).alias();
    return MakeClient().LookupMember(request).value().member().member_id();
  }

  // So many in ten thousand of those who contributed anything, rounded up.
  std::set<std::string> First(size_t basis_points, const RfmByDefinition& definition) {
    struct Place {
      int64_t pence;
      int64_t purchases;
      std::string customer;
    };
    std::vector<Place> places;
    for (const auto& [name, customer] : definition.customers()) {
      if (customer.pence > 0) places.push_back({customer.pence, customer.purchases, name});
    }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
      return std::tie(b.pence, b.purchases) < std::tie(a.pence, a.purchases);
    });
    contributors_ = places.size();
    const size_t count = (places.size() * basis_points + 9'999) / 10'000;
    // Who comes first of equals is decided by what the rows do not say.
    EXPECT_FALSE(places[count - 1].pence == places[count].pence &&
                 places[count - 1].purchases == places[count].purchases);
    std::set<std::string> customers;
    for (size_t i = 0; i < count; ++i) customers.insert(places[i].customer);
    return customers;
  }

  // Who is among the first hundredth, or was the day before and is among the first one and a half.
  std::set<std::string> ByDefinition(const std::vector<HistoryRow>& rows) {
    const std::set<std::string> before = First(100, RfmByDefinition(rows, kDay - 1));
    const RfmByDefinition today(rows, kDay);
    std::set<std::string> customers = First(100, today);
    for (const std::string& customer : First(150, today)) {
      if (before.contains(customer)) customers.insert(customer);
    }
    std::set<std::string> ids;
    for (const std::string& customer : customers) ids.insert(IdOf(customer));
    return ids;
  }

  std::set<std::string> Vvips() {
    v1::ListAdvocatesRequest request;
    request.set_vvip_only(true);
    request.set_page_size(7);
    std::set<std::string> ids;
    for (const auto& advocate : MakeClient().ListAdvocates(request)) {
      EXPECT_TRUE(advocate->vvip());
      ids.insert(advocate->member_id());
    }
    return ids;
  }

  std::set<std::string> Unassigned() {
    v1::ListWorkItemsRequest request;
    request.set_kind(v1::WORK_KIND_UNASSIGNED_VVIP);
    std::set<std::string> ids;
    for (const auto& item : MakeClient().ListWorkItems(request)) {
      EXPECT_EQ(item->department(), "concierge");
      ids.insert(item->member_id());
    }
    return ids;
  }

  std::set<std::string> Members(bool for_marketing) {
    v1::ListMembersRequest request;
    request.set_for_marketing(for_marketing);
    request.set_page_size(100);
    std::set<std::string> ids;
    for (const auto& member : MakeClient().ListMembers(request)) ids.insert(member->member_id());
    return ids;
  }

  // A page that lacks somebody, or a token that names them, would tell who is left out.
  void ExpectFullPages() {
    constexpr int kPage = 20;
    v1::ListMembersRequest request;
    request.set_for_marketing(true);
    request.set_page_size(kPage);
    const std::shared_ptr<grpc::Channel> channel = MakeChannel();
    while (true) {
      v1::ListMembersResponse page;
      ASSERT_TRUE(page.ParseFromString(
          Call(channel, "/dangol.v1.MemberService/ListMembers", request).bytes));
      if (page.next_page_token().empty()) return;
      ASSERT_EQ(page.members_size(), kPage);
      std::string token;
      ASSERT_TRUE(absl::WebSafeBase64Unescape(page.next_page_token(), &token));
      EXPECT_THAT(token, HasSubstr(page.members(kPage - 1).member_id()));
      request.set_page_token(page.next_page_token());
    }
  }

  std::string Ctl(std::vector<std::string> words) {
    words.insert(words.begin(), {testing::ProgramPath("dangolctl"), "--server=" + address()});
    const Ended ended = RunToEnd(words, File("output"));
    EXPECT_EQ(ended.code, 0) << ended.output;
    return ended.output;
  }

  size_t contributors_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, VvipYearTest, ::testing::ValuesIn(Histories()), NameOf);

TEST_P(VvipYearTest, TheyAreWhoContributedMostAndInNoAudience) {
  const auto path = HistoryPath(GetParam(), File(""), 600);
  ASSERT_TRUE(path.ok()) << path.status();
  const auto rows = ReadHistoryRows(*path);
  ASSERT_TRUE(rows.ok()) << rows.status();
  const Ended imported = RunToEnd(ImportCommand(address(), *path), File("import"));
  ASSERT_EQ(imported.code, 0) << imported.output;
  // Norms of what was done by the end of the 9th are in force on the 11th, of the 10th on the 12th.
  GoTo("2011-12-12 12:00:00");
  const std::set<std::string> expected = ByDefinition(*rows);
  EXPECT_EQ(Vvips(), expected);
  EXPECT_EQ(Unassigned(), expected);

  bool is_told = false;
  for (const auto& one : MakeClient().ListNorms(v1::ListNormsRequest())) {
    if (one->from() != "2011-12-12") continue;
    is_told = true;
    EXPECT_EQ(one->vvip().contributors(), static_cast<int64_t>(contributors_));
    EXPECT_TRUE(expected.contains(one->vvip().enter().member_id()));
  }
  EXPECT_TRUE(is_told);

  std::set<std::string> audience = Members(/*for_marketing=*/true);
  for (const std::string& id : expected) EXPECT_FALSE(audience.contains(id));
  audience.insert(expected.begin(), expected.end());
  EXPECT_EQ(audience, Members(/*for_marketing=*/false));
  ExpectFullPages();
  const std::string somebody = *expected.begin();
  EXPECT_THAT(Ctl({"member", "list", "--for-marketing", "--limit", "0"}), Not(HasSubstr(somebody)));
  EXPECT_THAT(Ctl({"advocate", "list", "--vvip"}), HasSubstr(somebody));

  v1::AssignManagerRequest assign;
  assign.set_request_id("m-1");
  assign.mutable_member()->set_member_id(somebody);
  assign.set_manager("jun");
  const auto assigned = MakeClient().AssignManager(assign);
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  EXPECT_EQ(assigned->advocate().manager(), "jun");
  std::set<std::string> rest = expected;
  rest.erase(somebody);
  EXPECT_EQ(Unassigned(), rest);
  ExpectSoundBooks(MakeClient());
}

// However late the server is: after a year without purchases nobody is one.
TEST_P(VvipYearTest, NobodyStaysWhoseYearIsOver) {
  const auto path = HistoryPath(GetParam(), File(""), 600);
  ASSERT_TRUE(path.ok()) << path.status();
  ASSERT_EQ(RunToEnd(ImportCommand(address(), *path), File("import")).code, 0);
  if (GetParam() == History::kReal) GTEST_SKIP() << "a year of days over all of them takes minutes";
  GoTo("2011-12-12 12:00:00");
  EXPECT_THAT(Vvips(), Not(IsEmpty()));
  GoTo("2012-12-20 12:00:00");
  EXPECT_THAT(Vvips(), IsEmpty());
  EXPECT_THAT(Unassigned(), IsEmpty());
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
