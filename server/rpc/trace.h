#ifndef DANGOL_SERVER_RPC_TRACE_H_
#define DANGOL_SERVER_RPC_TRACE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Which of a caller's traces a call belongs to, as W3C Trace Context has it
// (https://www.w3.org/TR/trace-context/).
namespace dangol::rpc {

inline constexpr char kTraceparent[] = "traceparent";
// What a server answers with (Trace Context, level 2).
inline constexpr char kTraceresponse[] = "traceresponse";

struct Trace {
  std::string trace_id;  // 32 hexadecimal digits.
  std::string flags;     // 2 hexadecimal digits.
};

// Nothing where it is none: who sends such a one has no trace.
std::optional<Trace> ParseTraceparent(absl::string_view text);

// One of our own.
Trace NewTrace();

// "00-TRACE-SPAN-FLAGS", with a span of our own.
std::string TraceresponseOf(const Trace& trace);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TRACE_H_
