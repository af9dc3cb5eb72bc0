#include "tests/support/galera.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/temporary_directory.h"

namespace dangol::testing {
namespace {

// Waits for what other nodes have committed before.
std::string CountSales(MariaDb& node) {
  const auto count =
      node.QueryValue("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT COUNT(*) FROM shop.sales");
  return count.ok() ? *count : count.status().ToString();
}

TEST(GaleraCluster, GoesOnWithoutANodeThatCatchesUpLater) {
  const TemporaryDirectory directory;
  auto started = GaleraCluster::Start(directory.path());
  ASSERT_TRUE(started.ok()) << started.status();
  GaleraCluster& cluster = **started;
  EXPECT_EQ(cluster.Url("shop"),
            absl::StrCat("mysql://dangol:secret@127.0.0.1:", cluster.node(0).port(), ",127.0.0.1:",
                         cluster.node(1).port(), ",127.0.0.1:", cluster.node(2).port(), "/shop"));
  ASSERT_TRUE(cluster.CreateDatabase("shop").ok());
  ASSERT_TRUE(cluster.node(0).Execute("CREATE TABLE shop.sales (id INT PRIMARY KEY)").ok());
  ASSERT_TRUE(cluster.node(0).Execute("INSERT INTO shop.sales VALUES (1), (2)").ok());
  EXPECT_EQ(CountSales(cluster.node(1)), "2");
  EXPECT_EQ(CountSales(cluster.node(2)), "2");

  cluster.node(2).Kill();
  absl::Status status = cluster.WaitForSize(2);
  ASSERT_TRUE(status.ok()) << status;
  status = cluster.node(1).Execute("INSERT INTO shop.sales VALUES (3)");
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(CountSales(cluster.node(0)), "3");

  status = cluster.Rejoin(2);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(CountSales(cluster.node(2)), "3");
  ASSERT_TRUE(cluster.node(2).Execute("INSERT INTO shop.sales VALUES (4)").ok());
  EXPECT_EQ(CountSales(cluster.node(0)), "4");
  EXPECT_EQ(cluster.Stop(), 0);
}

}  // namespace
}  // namespace dangol::testing
