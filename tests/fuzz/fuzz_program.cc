// The text of a program, as an administrator writes it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/rpc/program/program_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // What is told of it and what becomes of it agree.
  const bool is_right = dangol::rpc::CheckProgram(text).empty();
  if (dangol::rpc::ParseProgram(text).ok() != is_right) std::abort();
  return 0;
}
