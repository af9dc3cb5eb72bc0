#include "tests/bench/engine.h"

#include "absl/strings/str_cat.h"
#include "tests/bench/mysql_engine.h"
#include "tests/bench/sqlite_engine.h"

namespace dangol::bench {
namespace {

constexpr char kSqlite[] = "sqlite";
constexpr char kMysql[] = "mysql";

}  // namespace

const std::vector<std::string>& KnownEngines() {
  static const auto* names = new std::vector<std::string>{kSqlite, kMysql};
  return *names;
}

absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const std::string& name,
                                                   const EngineOptions& options) {
  if (name == kSqlite) return std::make_unique<SqliteEngine>(options);
  if (name == kMysql) return MysqlEngine::Start(options);
  return absl::InvalidArgumentError(absl::StrCat("no such engine: ", name));
}

}  // namespace dangol::bench
