// Three servers on one database: whatever the server, it is one program with one
// ledger. What races there are between them end as they would within one.

#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <barrier>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "dangol/v1/clock_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/random_caller.h"
#include "tests/e2e/servers.h"
#include "tests/e2e/tills.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr unsigned kSeed = 20'261'122;
constexpr int kRacers = 12;

constexpr char kEnroll[] = "/dangol.v1.MemberService/EnrollMember";
constexpr char kAddAlias[] = "/dangol.v1.MemberService/AddAlias";
constexpr char kRemoveAlias[] = "/dangol.v1.MemberService/RemoveAlias";
constexpr char kActivate[] = "/dangol.v1.ProgramService/ActivateProgram";
constexpr char kTransfer[] = "/dangol.v1.PointsService/TransferPoints";
constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.

class SeveralServersTest : public ServersTest {
 protected:
  using Act = std::function<Answer(const std::shared_ptr<grpc::Channel>&, int round, int racer)>;

  void Enroll(int members) {
    for (int i = 0; i < members; ++i) EnrollCard(MakeClient(i), absl::StrCat(i));
  }

  // A till of the server with its number that is told no excuse.
  Tills::Send SendTo(int server) {
    return [this, client = MakeImpatientClient(server)](const v1::Purchase& purchase) mutable {
      journal_.Note(purchase, client.RecordPurchase(purchase));
      return true;
    };
  }

  // Has all racers act at the same moment, round after round, through all servers.
  // The answers of each round.
  std::vector<std::vector<Answer>> Race(int rounds, const Act& act) {
    std::vector<std::vector<Answer>> answers(rounds, std::vector<Answer>(kRacers));
    std::barrier together(kRacers);
    std::vector<std::thread> racers;
    for (int racer = 0; racer < kRacers; ++racer) {
      racers.emplace_back([&, racer] {
        const auto channel = MakeChannel(racer);
        for (int round = 0; round < rounds; ++round) {
          together.arrive_and_wait();
          answers[round][racer] = act(channel, round, racer);
        }
      });
    }
    for (std::thread& racer : racers) racer.join();
    return answers;
  }

  // Expects that every server tells the same, what the journal has.
  void ExpectStored() {
    journal_.ExpectStored(MakeClient(0));
    for (int server = 1; server < kServers; ++server) {
      SCOPED_TRACE(absl::StrCat("server ", server));
      journal_.ExpectTotals(MakeClient(server));
    }
  }

  Journal journal_;
};

// Expects that one racer was served, and the others were refused for this reason.
void ExpectOneWinner(const std::vector<Answer>& answers, absl::string_view reason) {
  int winners = 0;
  for (const Answer& answer : answers) {
    if (answer.status.ok()) {
      ++winners;
    } else {
      EXPECT_TRUE(absl::IsAlreadyExists(answer.status)) << answer.status;
      EXPECT_EQ(ErrorReason(answer.status), std::string(reason)) << answer.status;
    }
  }
  EXPECT_EQ(winners, 1);
}

// Expects that all racers were told the same, and all but one that it was a replay.
void ExpectOneEffect(const std::vector<Answer>& answers) {
  std::string original;
  int replays = 0;
  for (const Answer& answer : answers) {
    ASSERT_TRUE(answer.status.ok()) << answer.status;
    if (original.empty() || answer.bytes.size() < original.size()) original = answer.bytes;
  }
  for (const Answer& answer : answers) {
    if (answer.bytes == original) continue;
    EXPECT_EQ(answer.bytes, absl::StrCat(original, kReplayed));
    ++replays;
  }
  EXPECT_EQ(replays, kRacers - 1);
}

v1::RecordPurchaseRequest RequestOf(const v1::Purchase& purchase) {
  v1::RecordPurchaseRequest request;
  *request.mutable_purchase() = purchase;
  return request;
}

v1::EnrollMemberRequest EnrollRequest(const std::string& id,
                                      const std::vector<std::string>& cards) {
  v1::EnrollMemberRequest request;
  request.set_request_id(id);
  for (const std::string& card : cards) *request.add_aliases() = MakeAlias("card", card);
  return request;
}

TEST_F(SeveralServersTest, AddUpWhereverEachPurchaseWent) {
  constexpr int kMembers = 40;
  Enroll(kMembers);
  Tills tills({.tills = 9, .members = kMembers, .seed = kSeed, .prefix = "single-"},
              [&](int till) { return SendTo(till); });
  // Batches of the same members, many of them twice in each.
  std::vector<std::thread> batches;
  for (int server = 0; server < kServers; ++server) {
    batches.emplace_back([&, server] {
      std::mt19937 random(kSeed + static_cast<unsigned>(server));
      Client client = MakeImpatientClient(server);
      for (int batch = 0; batch < 10; ++batch) {
        std::vector<v1::Purchase> purchases;
        for (int i = 0; i < 100; ++i) {
          const std::string id = absl::StrCat("batch-", server, "-", batch, "-", i);
          purchases.push_back(SmallPurchase(id, 1 + random() % 10'000));
          *purchases.back().mutable_member() = Card(absl::StrCat(random() % kMembers));
        }
        const auto response = client.BatchRecordPurchases(purchases);
        ASSERT_TRUE(response.ok()) << response.status();
        for (int i = 0; i < response->results_size(); ++i) {
          const v1::RecordPurchaseResult& result = response->results(i);
          if (result.has_response()) {
            journal_.Note(purchases[i], result.response());
          } else {
            journal_.Note(purchases[i], ToStatus(result.error()));
          }
        }
        // At any moment, not only at the end.
        EXPECT_EQ(TotalsOf(client).trial_balance(), 0);
      }
    });
  }
  for (std::thread& batch : batches) batch.join();
  tills.Stop();
  EXPECT_EQ(journal_.unanswered(), 0u) << "servers got in each other's way";
  ExpectStored();
  ExpectLedgersWithoutGaps(MakeClient(0), kMembers);
}

TEST_F(SeveralServersTest, AllSellToOneMember) {
  Enroll(1);
  Tills tills({.tills = kRacers, .members = 1, .seed = kSeed},
              [&](int till) { return SendTo(till); });
  EXPECT_TRUE(journal_.Await(1'000));
  tills.Stop();
  EXPECT_EQ(journal_.unanswered(), 0u) << "servers got in each other's way";
  ExpectStored();
  ExpectLedgersWithoutGaps(MakeClient(1), 1);
}

TEST_F(SeveralServersTest, OneOfManyEnrolmentsGetsTheAlias) {
  constexpr int kRounds = 20;
  const auto answers = Race(kRounds, [](const auto& channel, int round, int racer) {
    return Call(channel, kEnroll,
                EnrollRequest(absl::StrCat(round, "-by-", racer), {absl::StrCat(round)}));
  });
  EXPECT_THAT(answers, SizeIs(kRounds));
  for (const auto& round : answers) ExpectOneWinner(round, "ALIAS_TAKEN");
  EXPECT_EQ(TotalsOf(MakeClient(0)).members(), kRounds);
}

TEST_F(SeveralServersTest, OneOfManyEnrolmentsGetsBothAliases) {
  constexpr int kRounds = 20;
  const auto answers = Race(kRounds, [](const auto& channel, int round, int racer) {
    std::vector<std::string> cards = {absl::StrCat(round, "-a"), absl::StrCat(round, "-b")};
    // Each half comes from the other side.
    if (racer / kServers % 2 == 1) std::swap(cards[0], cards[1]);
    return Call(channel, kEnroll, EnrollRequest(absl::StrCat(round, "-by-", racer), cards));
  });
  for (const auto& round : answers) ExpectOneWinner(round, "ALIAS_TAKEN");
  EXPECT_EQ(TotalsOf(MakeClient(0)).members(), kRounds);
}

TEST_F(SeveralServersTest, OneOfManyMembersIsGivenTheAlias) {
  constexpr int kRounds = 15;
  Enroll(kRacers);
  const auto answers = Race(kRounds, [](const auto& channel, int round, int racer) {
    v1::AddAliasRequest request;
    request.set_request_id(absl::StrCat(round, "-by-", racer));
    *request.mutable_member() = Card(absl::StrCat(racer));
    *request.mutable_alias() = MakeAlias("phone", absl::StrCat("round ", round));
    return Call(channel, kAddAlias, request);
  });
  for (const auto& round : answers) ExpectOneWinner(round, "ALIAS_TAKEN");
}

TEST_F(SeveralServersTest, SameEnrolmentMakesOneMember) {
  constexpr int kRounds = 20;
  const auto answers = Race(kRounds, [](const auto& channel, int round, int) {
    return Call(channel, kEnroll, EnrollRequest(absl::StrCat(round), {absl::StrCat(round)}));
  });
  for (const auto& round : answers) ExpectOneEffect(round);
  EXPECT_EQ(TotalsOf(MakeClient(0)).members(), kRounds);
}

// Whoever comes late finds neither the alias nor an error.
TEST_F(SeveralServersTest, SameRemovalTakesTheAliasOnce) {
  constexpr int kRounds = 19;
  std::vector<std::string> cards = {"4005"};
  for (int round = 0; round < kRounds; ++round) cards.push_back(absl::StrCat(round));
  ASSERT_TRUE(MakeClient(0).EnrollMember(EnrollRequest("everybody", cards)).ok());
  const auto answers = Race(kRounds, [](const auto& channel, int round, int) {
    v1::RemoveAliasRequest request;
    request.set_request_id(absl::StrCat("remove-", round));
    *request.mutable_member() = Card("4005");
    *request.mutable_alias() = MakeAlias("card", absl::StrCat(round));
    return Call(channel, kRemoveAlias, request);
  });
  for (const auto& round : answers) ExpectOneEffect(round);
}

TEST_F(SeveralServersTest, SamePurchaseIsRecordedOnce) {
  constexpr int kRounds = 20;
  EnrollCard(MakeClient(0), "4005");
  const auto answers = Race(kRounds, [](const auto& channel, int round, int) {
    return Call(channel, kRecordPurchase,
                RequestOf(SmallPurchase(absl::StrCat("p-", round), 1'000)));
  });
  for (const auto& round : answers) ExpectOneEffect(round);
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient(1));
  EXPECT_EQ(totals.purchases(), kRounds);
  EXPECT_EQ(GrossMinor(totals, "GBP"), kRounds * 1'000);
}

// Of different members too: they are in different partitions of the log.
TEST_F(SeveralServersTest, OneOfDifferentPurchasesGetsTheId) {
  constexpr int kRounds = 20;
  Enroll(kRacers);
  const auto answers = Race(kRounds, [](const auto& channel, int round, int racer) {
    v1::Purchase purchase = SmallPurchase(absl::StrCat("p-", round), 1'000 + racer);
    *purchase.mutable_member() = Card(absl::StrCat(round % 2 == 0 ? racer : 0));
    return Call(channel, kRecordPurchase, RequestOf(purchase));
  });
  int64_t gross = 0;
  for (const auto& round : answers) {
    ExpectOneWinner(round, "REQUEST_ID_REUSED");
    for (int racer = 0; racer < kRacers; ++racer)
      gross += round[racer].status.ok() ? 1'000 + racer : 0;
  }
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient(2));
  EXPECT_EQ(totals.purchases(), kRounds);
  EXPECT_EQ(GrossMinor(totals, "GBP"), gross);
}

// A card goes from hand to hand while it is used: each purchase is somebody's.
TEST_F(SeveralServersTest, AliasMovesWhileItIsUsed) {
  constexpr int kMoves = 60;
  const std::vector<std::string> owners = {EnrollCard(MakeClient(0), "one").member_id(),
                                           EnrollCard(MakeClient(1), "other").member_id()};
  EnrollCard(MakeClient(2), "4005");
  v1::RemoveAliasRequest remove;
  *remove.mutable_member() = Card("4005");
  *remove.mutable_alias() = MakeAlias("card", "4005");
  ASSERT_TRUE(MakeClient(2).RemoveAlias(remove).ok());
  std::atomic<int> sold = 0;
  std::atomic<bool> open = true;
  std::vector<std::thread> tills;
  for (int till = 0; till < kServers; ++till) {
    tills.emplace_back([&, till] {
      Client client = MakeClient(till);
      for (int i = 0; open; ++i) {
        const auto response =
            client.RecordPurchase(SmallPurchase(absl::StrCat("t", till, "-", i), 100));
        sold += response.ok() ? 1 : 0;
        EXPECT_TRUE(response.ok() || absl::IsNotFound(response.status())) << response.status();
      }
    });
  }
  for (int move = 0; move < kMoves; ++move) {
    v1::AddAliasRequest add;
    *add.mutable_member() = MemberById(owners[move % 2]);
    *add.mutable_alias() = MakeAlias("card", "4005");
    ASSERT_TRUE(MakeClient(move).AddAlias(add).ok());
    remove.clear_request_id();
    *remove.mutable_member() = MemberById(owners[move % 2]);
    const auto removed = MakeClient(move + 1).RemoveAlias(remove);
    ASSERT_TRUE(removed.ok()) << removed.status();
  }
  open = false;
  for (std::thread& till : tills) till.join();
  int64_t recorded = 0;
  for (const std::string& owner : owners)
    recorded += MakeClient(0).GetMember(MemberById(owner)).value().purchase_count();
  EXPECT_EQ(recorded, sold);
  EXPECT_GT(sold, 0);
  EXPECT_EQ(TotalsOf(MakeClient(0)).trial_balance(), 0);
}

TEST_F(SeveralServersTest, TillsOfAKilledServerGoToTheNext) {
  constexpr int kMembers = 5;
  constexpr int kKills = 8;
  Enroll(kMembers);
  std::mt19937 random(kSeed);
  RecordProperty("seed", kSeed);
  Tills tills({.tills = 9, .members = kMembers, .seed = kSeed}, [&](int till) -> Tills::Send {
    std::vector<Client> clients;
    for (int i = 0; i < kServers; ++i) clients.push_back(MakeImpatientClient(till + i));
    return [&, clients](const v1::Purchase& purchase) mutable {
      for (int attempt = 0; attempt < 1'000; ++attempt) {
        const auto response = clients[attempt % kServers].RecordPurchase(purchase);
        journal_.Note(purchase, response);
        if (response.ok()) return true;
      }
      ADD_FAILURE() << "no server takes " << purchase.purchase_id();
      return false;
    };
  });
  for (int kill = 0; kill < kKills; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill, " of seed ", kSeed));
    const int victim = static_cast<int>(random() % kServers);
    EXPECT_TRUE(journal_.Await(journal_.answered() + 1 + random() % 150));
    servers_.Kill(victim);
    EXPECT_TRUE(journal_.Await(journal_.answered() + 50)) << "the others wait for the dead";
    ASSERT_NO_FATAL_FAILURE(servers_.Restart(victim));
  }
  tills.Stop();
  RecordProperty("sent_again", static_cast<int>(journal_.unanswered()));
  // Once more, at whichever server: the answers are the same.
  journal_.RetryUnanswered(MakeClient(0));
  ExpectStored();
  ExpectLedgersWithoutGaps(MakeClient(1), kMembers);
}

TEST_F(SeveralServersTest, StartTogetherWithOneProgram) {
  // SetUp started them on a new store, at the same moment.
  for (int server = 0; server < kServers; ++server) {
    std::vector<std::string> names;
    for (absl::StatusOr<v1::ProgramVersion>& version : MakeClient(server).ListPrograms())
      names.push_back(version.value().name());
    EXPECT_THAT(names, ElementsAre("Dangol sample"));
  }
}

TEST_F(SeveralServersTest, ActivatedProgramIsInForceEverywhereAtOnce) {
  constexpr int kVersions = 13;
  EnrollCard(MakeClient(0), "4005");
  std::atomic<int64_t> in_force = 1;
  Tills tills({.tills = kServers, .members = 1, .seed = kSeed}, [&](int till) -> Tills::Send {
    return [&, client = MakeClient(till)](v1::Purchase purchase) mutable {
      *purchase.mutable_member() = Card("4005");
      const int64_t at_least = in_force;
      EXPECT_GE(client.RecordPurchase(purchase).value().outcome().program_version(), at_least);
      return true;
    };
  });
  for (int version = 2; version <= kVersions; ++version) {
    SCOPED_TRACE(absl::StrCat("version ", version));
    v1::ActivateProgramRequest activate;
    activate.set_program_text(ProgramText(absl::StrCat("version ", version), 10 * version));
    const auto activated = MakeClient(version).ActivateProgram(activate);
    ASSERT_TRUE(activated.ok()) << activated.status();
    EXPECT_EQ(activated->version().version(), version);
    in_force = version;
    for (int server = 0; server < kServers; ++server) {
      Client client = MakeClient(version + 1 + server);
      const v1::Purchase purchase =
          SmallPurchase(absl::StrCat("v", version, "-", server), 1'000 * version);
      // Whatever comes first must know.
      if (server == 0) {
        EXPECT_EQ(client.GetProgram().value().version(), version);
      } else if (server == 1) {
        EXPECT_EQ(client.PreviewPurchase(purchase).value().program_version(), version);
      }
      const v1::PurchaseOutcome outcome = client.RecordPurchase(purchase).value().outcome();
      EXPECT_EQ(outcome.program_version(), version);
      EXPECT_EQ(outcome.earned(0).points(), 100);
    }
  }
}

// In circles, so that whoever locked members in the order of a transfer would wait for
// the others.
TEST_F(SeveralServersTest, PointsGoFromMemberToMemberThroughAllServers) {
  constexpr int kMembers = 4;
  constexpr int kRounds = 25;
  constexpr int kEach = 100;
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("transfers", 10));
  ASSERT_TRUE(MakeClient(0).ActivateProgram(activate).ok());
  Enroll(kMembers);
  for (int i = 0; i < kMembers; ++i) {
    v1::Purchase purchase = SmallPurchase(absl::StrCat("p-", i), 10 * kEach);
    *purchase.mutable_member() = Card(absl::StrCat(i));
    ASSERT_TRUE(MakeClient(i).RecordPurchase(purchase).ok());
  }
  const auto transfer = [](int round, int racer) {
    v1::TransferPointsRequest request;
    request.set_request_id(absl::StrCat(round, "-", racer));
    *request.mutable_member() = Card(absl::StrCat(racer % kMembers));
    *request.mutable_to() = Card(absl::StrCat((racer + 1 + racer / kMembers) % kMembers));
    request.set_points(1 + (round + racer) % 40);
    return request;
  };
  // Every server is asked for the same, and each transfer takes effect once.
  const auto answers = Race(kRounds, [&](const auto& channel, int round, int racer) {
    return Call(channel, kTransfer, transfer(round, racer));
  });
  for (int round = 0; round < kRounds; ++round) {
    for (int racer = 0; racer < kRacers; ++racer) {
      const Answer& answer = answers[round][racer];
      if (!answer.status.ok()) {
        EXPECT_EQ(ErrorReason(answer.status), "INSUFFICIENT_POINTS") << answer.status;
        continue;
      }
      const Answer again = Call(MakeChannel(racer + 1), kTransfer, transfer(round, racer));
      EXPECT_EQ(again.bytes, absl::StrCat(answer.bytes, kReplayed)) << again.status;
    }
  }
  for (int server = 0; server < kServers; ++server) {
    int64_t sum = 0;
    for (int i = 0; i < kMembers; ++i) {
      sum += MakeClient(server).GetBalance(Card(absl::StrCat(i))).value().wallets(0).available();
    }
    EXPECT_EQ(sum, kMembers * kEach);
    EXPECT_EQ(TotalsOf(MakeClient(server)).trial_balance(), 0);
  }
  ExpectSoundBooks(MakeClient(1));
}

// One of the servers is killed on the way; its callers try again until it is back.
TEST_F(SeveralServersTest, EverythingAtOnceThroughAllServersAddsUp) {
  constexpr int kMembers = 10;
  constexpr int kCallers = 24;
  constexpr int kCalls = 40;
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramOfRandomCallers());
  ASSERT_TRUE(MakeClient(0).ActivateProgram(activate).ok());
  std::vector<std::string> members;
  for (int i = 0; i < kMembers; ++i) {
    members.push_back(EnrollCard(MakeClient(i), absl::StrCat(i)).member_id());
  }
  std::atomic<int64_t> spent = 0;
  const auto call = [&](int number) {
    RandomCaller caller(MakeClient(number), number, kCallers, members);
    caller.Run(kCalls);
    spent += caller.spent();
  };
  std::vector<std::thread> callers;
  for (int i = 1; i < kCallers; ++i) callers.emplace_back(call, i);
  call(0);
  servers_.Kill(0);
  servers_.Restart(0);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Points(TotalsOf(MakeClient(1))).redeemed(), spent) << "what was given for points";
  ExpectSoundBooks(MakeClient(1));
}

TEST_F(SeveralServersTest, ATransferAskedOfAllServersTakesEffectOnce) {
  constexpr int kRounds = 15;
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("transfers", 10));
  ASSERT_TRUE(MakeClient(0).ActivateProgram(activate).ok());
  Enroll(2);
  v1::Purchase purchase = SmallPurchase("p", 10 * kRounds);
  *purchase.mutable_member() = Card("0");
  ASSERT_TRUE(MakeClient(0).RecordPurchase(purchase).ok());
  const auto answers = Race(kRounds, [](const auto& channel, int round, int) {
    v1::TransferPointsRequest request;
    request.set_request_id(absl::StrCat(round));
    *request.mutable_member() = Card("0");
    *request.mutable_to() = Card("1");
    request.set_points(1);
    return Call(channel, kTransfer, request);
  });
  for (const auto& round : answers) ExpectOneEffect(round);
  EXPECT_EQ(MakeClient(2).GetBalance(Card("1")).value().wallets(0).available(), kRounds);
}

TEST_F(SeveralServersTest, ProgramsActivatedTogetherFollowEachOther) {
  constexpr int kRounds = 5;
  const auto answers = Race(kRounds, [](const auto& channel, int round, int racer) {
    v1::ActivateProgramRequest request;
    request.set_request_id(absl::StrCat(round, "-by-", racer));
    request.set_program_text(ProgramText(request.request_id(), 10));
    return Call(channel, kActivate, request);
  });
  for (const auto& round : answers) {
    for (const Answer& answer : round) EXPECT_TRUE(answer.status.ok()) << answer.status;
  }
  std::string first;
  for (int server = 0; server < kServers; ++server) {
    std::string listed;
    int64_t next = 1 + kRounds * kRacers;
    absl::Time after = absl::InfiniteFuture();
    for (absl::StatusOr<v1::ProgramVersion>& version : MakeClient(server).ListPrograms()) {
      ASSERT_TRUE(version.ok()) << version.status();
      EXPECT_EQ(version->version(), next--);
      if (version->has_effective_from()) {
        EXPECT_LT(ToTime(version->effective_from()), after);
        after = ToTime(version->effective_from());
      }
      listed += BytesOf(*version);
    }
    EXPECT_EQ(next, 0);
    if (server == 0) first = listed;
    EXPECT_EQ(listed, first);
  }
}

class SeveralServersOfATestStoreTest : public ServersTest {
 protected:
  SeveralServersOfATestStoreTest() { flags_ = {"--test-clock=2026-01-01T00:00:00Z"}; }
};

TEST_F(SeveralServersOfATestStoreTest, HaveOneClock) {
  const auto advance = [&](int server, int64_t seconds) {
    v1::AdvanceClockRequest request;
    request.mutable_by()->set_seconds(seconds);
    return MakeClient(server).AdvanceClock(request).value().now().seconds();
  };
  const int64_t start = MakeClient(0).GetClock().value().now().seconds();
  EXPECT_EQ(advance(0, 60), start + 60);
  EXPECT_EQ(advance(1, 60), start + 120);
  EXPECT_EQ(MakeClient(2).GetClock().value().now().seconds(), start + 120);
  // What it does by that time follows.
  while (MakeClient(2).GetTotals().value().as_of().seconds() < start + 120) {
  }
  EXPECT_EQ(EnrollCard(MakeClient(2), "4005").enrolled_at().seconds(), start + 120);
}

}  // namespace
}  // namespace dangol::e2e
