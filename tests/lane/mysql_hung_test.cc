// A database, or a network on the way to it, that says nothing any more, and goes on
// when nobody waits for it. These tests last as long as an answer is waited for.

#include <gtest/gtest.h>

#include <string>

#include "tests/lane/proxied_fixture.h"

namespace dangol::lane {
namespace {

using testing::Fault;
using testing::MySqlProxy;

class MysqlHungTest : public ProxiedLaneFixture {
 protected:
  MysqlHungTest() : ProxiedLaneFixture("?answer_seconds=2") {}

  void Release() {
    proxy_->OnStatement(nullptr);
    proxy_->ReleaseHung();
  }

  // How many INSERTs the database was asked for.
  static std::string Inserts() {
    return *testing::SharedMariaDb().QueryValue(
        "SELECT variable_value FROM information_schema.global_status"
        " WHERE variable_name = 'COM_INSERT'");
  }
};

// The packet has all there is, COMMIT too. When it is run at last, the same purchase was
// recorded over another connection.
TEST_F(MysqlHungTest, WhatArrivesLateChangesNothing) {
  RunUntilRecalled();
  const int64_t before = StoredPurchases();
  proxy_->OnStatement(MySqlProxy::AtFirst("INSERT INTO member", Fault::Hang()));
  EXPECT_THAT(RunOne(Buy("a")), ::testing::MatchesRegex("a [0-9]+"));
  EXPECT_TRUE(proxy_->AwaitHung(1));
  EXPECT_EQ(StoredPurchases(), before + 1);
  const std::string inserts = Inserts();
  Release();
  while (Inserts() == inserts) {
  }
  EXPECT_THAT(RunOne(Buy("a")), ::testing::MatchesRegex("a [0-9]+ again"));
  EXPECT_EQ(StoredPurchases(), before + 1);
}

TEST_F(MysqlHungTest, ALoadThatHangsIsDoneAgain) {
  proxy_->OnStatement(MySqlProxy::AtFirst("SELECT", Fault::Hang()));
  EXPECT_EQ(RunOne(BuyByCard("a")), "a 10");
  Release();
  EXPECT_EQ(RunOne(BuyByCard("a")), "a 10 again");
  EXPECT_EQ(StoredPurchases(), 1);
}

// Its locks are held for as long as the database takes the session for alive: nobody can
// tell what will become of it, and the caller is told so. Once it goes on, who asks again
// waits for its locks.
TEST_F(MysqlHungTest, AWriteThatHangsHoldingLocksIsUnknownAndTakesEffectOnce) {
  proxy_->OnStatement(MySqlProxy::AtFirst("INSERT INTO member", Fault::Hang()));
  std::vector<Request> batch;
  batch.push_back(BuyByCard("a"));
  batch.push_back(Enroll("enroll-2", 2));
  EXPECT_THAT(Run(std::move(batch)), ::testing::Each("OUTCOME_UNKNOWN"));
  Release();
  EXPECT_THAT(RunOne(BuyByCard("a")), ::testing::StartsWith("a 10"));
  EXPECT_EQ(StoredPurchases(), 1);
}

}  // namespace
}  // namespace dangol::lane
