#ifndef DANGOL_TESTS_LANE_PROXIED_FIXTURE_H_
#define DANGOL_TESTS_LANE_PROXIED_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/lane/fixture.h"
#include "tests/support/mariadb.h"
#include "tests/support/mysql_proxy.h"

namespace dangol::lane {

// The proxy outlives the store that goes through it.
class ProxyHolder {
 protected:
  std::string Via(const std::string& url) {
    const int port = testing::SharedMariaDb().port();
    proxy_ = *testing::MySqlProxy::Start(port);
    return absl::StrReplaceAll(url, {{absl::StrCat(":", port), absl::StrCat(":", proxy_->port())}});
  }

  std::unique_ptr<testing::MySqlProxy> proxy_;
};

// A lane whose database is behind a network that fails where it is told to.
class ProxiedLaneFixture : private ProxyHolder, public LaneFixture {
 protected:
  // `parameters` are added to the URL.
  explicit ProxiedLaneFixture(const std::string& parameters = "")
      : LaneFixture([&](const std::string& url) { return Via(url) + parameters; }) {}

  using ProxyHolder::proxy_;

  // Buys until a batch was decided on what was recalled, and so will be the next one.
  void RunUntilRecalled() {
    const int before = store_.recalls();
    while (store_.recalls() == before) {
      ASSERT_THAT(RunOne(Buy(absl::StrCat("before ", ++bought_))), ::testing::StartsWith("before"));
    }
  }

 private:
  int bought_ = 0;
};

}  // namespace dangol::lane

#endif  // DANGOL_TESTS_LANE_PROXIED_FIXTURE_H_
