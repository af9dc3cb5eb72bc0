// What comes beside a request: a trace, the name of a certificate, and the tokens of pages.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "server/rpc/access/principal.h"
#include "server/rpc/page_token.h"
#include "server/rpc/trace.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto trace = dangol::rpc::ParseTraceparent(text); trace.has_value()) {
    // What is answered is a trace again.
    if (!dangol::rpc::ParseTraceparent(dangol::rpc::TraceresponseOf(*trace))) std::abort();
  }
  (void)dangol::rpc::ProblemOfName(text);
  for (const size_t parts : {1, 2, 3}) (void)dangol::rpc::DecodePageToken("list", text, parts);
  // Whatever a page ends with is read back: ids and names, which have no control characters.
  if (std::any_of(data, data + size, [](uint8_t byte) { return byte < 0x20; })) return 0;
  const std::vector<std::string> position = {text, "7"};
  const auto decoded =
      dangol::rpc::DecodePageToken("list", dangol::rpc::EncodePageToken("list", position), 2);
  if (!decoded.ok() || *decoded != position) std::abort();
  return 0;
}
