#pragma once

namespace dangol::cli {

// A commented program to start from: program_template.txtpb.
const char* ProgramTemplate();

}  // namespace dangol::cli
