#include <cxxabi.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <string>
#include <typeinfo>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "dangol/v1/event_service.pb.h"
#include "server/domain/command.h"

namespace dangol::rpc {
namespace {

// "dangol::domain::EnrollMember" -> "EVENT_KIND_ENROLL_MEMBER".
template <typename Action>
std::string EventNameOf() {
  int status = 0;
  char* const demangled = abi::__cxa_demangle(typeid(Action).name(), nullptr, nullptr, &status);
  std::string name(demangled);
  std::free(demangled);  // NOLINT: as the demangler asks.
  name = name.substr(name.rfind(':') + 1);
  std::string event = "EVENT_KIND";
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) event += '_';
    event += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return event;
}

template <size_t I>
void ExpectName() {
  EXPECT_EQ(v1::EventKind_Name(static_cast<v1::EventKind>(I + 1)),
            (EventNameOf<std::variant_alternative_t<I, domain::Action>>()));
}

template <size_t... I>
void ExpectNames(std::index_sequence<I...>) {
  (ExpectName<I>(), ...);
}

// What a command is called in the stream of events is what it is called in the domain: its number
// follows from its place in one list, and its name is written down once more in the API.
TEST(EventKindsTest, AreTheCommands) {
  ExpectNames(std::make_index_sequence<std::variant_size_v<domain::Action>>());
}

}  // namespace
}  // namespace dangol::rpc
