#include "tests/model/checking.h"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "rapidcheck.h"
#include "rapidcheck/detail/TestListenerAdapter.h"

namespace dangol::model {
namespace {

constexpr uint64_t kSeed = 20261126;
constexpr int kMaxSteps = 100;

rc::detail::TestParams Parameters(int64_t operations) {
  rc::detail::Configuration configuration;
  configuration.testParams.seed = kSeed;
  configuration.testParams.maxSize = kMaxSteps;
  // Sizes go from 0 to the greatest, and a list has half of its size on average.
  configuration.testParams.maxSuccess = static_cast<int>(operations * 4 / kMaxSteps);
  if (const char* said = std::getenv("RC_PARAMS"); said != nullptr) {
    configuration = rc::detail::configFromString(said, configuration);
  }
  const rc::detail::TestParams& parameters = configuration.testParams;
  std::cout << "RC_PARAMS='seed=" << parameters.seed << " max_success=" << parameters.maxSuccess
            << " max_size=" << parameters.maxSize << "'\n";
  return parameters;
}

}  // namespace

Checked CheckStories(int64_t operations, const Teller& tell) {
  Checked checked;
  const auto property = rc::detail::toProperty([&] {
    const Story story = *AnyStory();
    const std::optional<std::string> failure = tell(story, checked.operations);
    if (failure.has_value()) RC_FAIL(*failure);
  });
  const absl::Time begun = absl::Now();
  rc::detail::TestListenerAdapter silence;
  const rc::detail::TestResult result =
      rc::detail::checkProperty(property, {}, Parameters(operations), silence, {});
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  std::cout << checked.operations << " operations, "
            << static_cast<int64_t>(static_cast<double>(checked.operations) / seconds)
            << " a second\n";
  if (!result.is<rc::detail::SuccessResult>()) {
    std::ostringstream message;
    rc::detail::printResultMessage(result, message);
    checked.failure = message.str();
  }
  return checked;
}

int64_t NumberOfEnvironment(const char* name, int64_t fallback) {
  const char* const said = std::getenv(name);
  if (said == nullptr) return fallback;
  int64_t number = 0;
  if (!absl::SimpleAtoi(said, &number)) std::abort();
  return number;
}

}  // namespace dangol::model
