#include "tests/bench/seeder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/domain/command.h"
#include "server/storage/open_store.h"
#include "server/storage/storage.h"
#include "tests/bench/engine_fixture.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/requests.h"
#include "tests/support/histories.h"
#include "tests/support/purchase_message.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kMembers = 500;
constexpr uint64_t kPurchases = kMembers * 19 / 2;

// A store that was filled.
class SeederTest : public EngineTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EngineTest::SetUp());
    url_ = *engine_->NewStore();
    database_ = *engine_->Open(url_);
    absl::StatusOr<Seeded> seeded = Seed(MakeHistories(), *database_, kMembers);
    ASSERT_TRUE(seeded.ok()) << seeded.status();
    seeded_ = *std::move(seeded);
  }

  Histories MakeHistories() {
    const std::string url = *engine_->NewStore();
    const std::unique_ptr<DangolServer> server = StartServer(url);
    const std::vector<std::string> members = *server->Enroll(kHistories);
    EXPECT_TRUE(RecordHistories(server->port(), members, kSeldom, absl::Now()).ok());
    EXPECT_TRUE(server->Stop().ok());
    return *ReadHistories(**engine_->Open(url), members, kSeldom);
  }

  std::string url_;
  std::unique_ptr<Database> database_;
  Seeded seeded_;
};

TEST_P(SeederTest, BooksBalanceAndNobodyIsDue) {
  EXPECT_EQ(seeded_.entries, kMembers * kEntriesOfSeldom);
  EXPECT_EQ(seeded_.purchases, kPurchases);
  const storage::StoredTotals totals = BalancedTotals(url_);
  EXPECT_EQ(totals.members, static_cast<int64_t>(kMembers));
  EXPECT_EQ(totals.purchases, static_cast<int64_t>(kPurchases));
  EXPECT_EQ(totals.purchase_lines, static_cast<int64_t>(3 * kPurchases));
  ASSERT_EQ(totals.wallets.size(), 1u);
  EXPECT_GT(totals.wallets.begin()->second.available, 0);
}

TEST_P(SeederTest, MembersAreWhole) {
  const auto store = *storage::OpenStore(url_);
  const auto reader = *store->NewReader();
  const std::string last = seeded_.members.back();
  const domain::MemberId id = *domain::MemberId::Parse(last);
  storage::KeySet keys;
  keys.members = {{.ref = {.alias = {"card", EnrolledCard(kMembers - 1)}},
                   .needs = {.aliases = true, .lots = true}}};
  const storage::Loaded loaded = *reader->Load(keys);
  const domain::MemberState* state = loaded.Find(keys.members[0].ref);
  ASSERT_NE(state, nullptr);
  EXPECT_EQ(state->member.id, id);
  EXPECT_EQ(testing::PurchasesOf(state->member), 10);
  EXPECT_EQ(state->lots.size(), 10u);
  const auto entries = *reader->ListEntries({.member_id = id}, 100);
  ASSERT_EQ(entries.size(), 21u);
  EXPECT_EQ(state->member.entry_count, 21);
  EXPECT_EQ(entries[0].number, 21);
  EXPECT_EQ(entries[0].available_after, state->accounts[0].available);
  const auto purchases = *reader->ListPurchases({.member_id = id}, 100);
  ASSERT_EQ(purchases.size(), 10u);
  EXPECT_TRUE((*reader->FindPurchase(entries[0].purchase_id)).has_value());
  EXPECT_EQ(purchases[0].purchase_id, entries[0].purchase_id);
}

TEST_P(SeederTest, LogHasNoGaps) {
  const auto positions = [&](absl::string_view where) {
    return *database_->Integer(absl::StrCat("SELECT max(position) FROM command_log", where));
  };
  int64_t ends = 0;
  if (GetParam() == "sqlite") {
    ends = positions("");
  } else {
    for (int partition = 0; partition < storage::kPartitions; ++partition) {
      const int64_t end = *database_->Integer(
          absl::StrCat("SELECT last_position FROM log_partition WHERE partition_id = ", partition));
      EXPECT_EQ(positions(absl::StrCat(" WHERE partition_id = ", partition)), end);
      ends += end;
    }
  }
  EXPECT_EQ(*database_->Integer("SELECT count(*) FROM command_log"), ends);
  // Everybody's enrolment, and the program.
  EXPECT_EQ(ends, static_cast<int64_t>(kPurchases + kMembers + 1));
}

// The request of a purchase, by what the log has of it.
v1::RecordPurchaseRequest RequestOf(absl::string_view action) {
  const auto read = domain::DecodeAction(domain::kKindOf<domain::RecordPurchase>, action);
  EXPECT_TRUE(read.ok()) << read.status();
  const auto& record = std::get<domain::RecordPurchase>(*read);
  v1::RecordPurchaseRequest request;
  v1::Purchase& purchase = *request.mutable_purchase();
  purchase = testing::MessageOf(record.purchase);
  purchase.mutable_member()->set_member_id(record.member.id->ToString());
  const int64_t micros = absl::ToUnixMicros(*record.occurred_at);
  purchase.mutable_occurred_at()->set_seconds(micros / 1'000'000);
  purchase.mutable_occurred_at()->set_nanos(static_cast<int>(micros % 1'000'000) * 1'000);
  return request;
}

TEST_P(SeederTest, ServerGoesOnWhereItEnds) {
  const auto actions = *database_->Select(
      "SELECT action FROM command_log WHERE scope = 1 AND request_id ="
      " (SELECT max(purchase_id) FROM purchase)");
  const v1::RecordPurchaseRequest known = RequestOf(BytesOf(actions[0][0]));
  database_.reset();
  const std::unique_ptr<DangolServer> server = StartServer(url_);
  const LoadOptions options = {
      .port = server->port(), .path = kRecordPurchasePath, .in_flight = 16, .calls_max = 300};
  const Requests requests(seeded_.members, absl::Now());
  const auto recorded = RunCleanLoad(
      options, [&](uint64_t number, std::string* body) { requests.AppendPurchase(number, body); });
  EXPECT_TRUE(recorded.ok()) << recorded.status();
  LoadOptions once = options;
  once.calls_max = 1;
  const auto replayed = RunCleanLoad(
      once, [&](uint64_t /*number*/, std::string* body) { known.AppendToString(body); },
      [](uint64_t /*number*/, absl::string_view reply) {
        EXPECT_TRUE(absl::EndsWith(reply, "\x78\x01")) << "it was recorded again";
        return absl::OkStatus();
      });
  EXPECT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_TRUE(server->Stop().ok());
}

DANGOL_TEST_ON_EACH_ENGINE(SeederTest);

}  // namespace
}  // namespace dangol::bench
