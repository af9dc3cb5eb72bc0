#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SYNTAX_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SYNTAX_H_

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <string>
#include <vector>

#include "server/rpc/program/program_text.h"

namespace dangol::rpc {

// Reads the text as a message (v1::Program, v1::AccessPolicy), and where each of its fields stands,
// before anybody looks at what they mean. Adds what is wrong; whether nothing is. Writes no log.
bool ParseSyntax(const std::string& text, google::protobuf::Message& message,
                 google::protobuf::TextFormat::ParseInfoTree& places,
                 std::vector<ProgramProblem>& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SYNTAX_H_
