#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace dangol::cli {

// What may come in place of the last of these words, the arguments of dangolctl so far; the last
// may be empty or the beginning of a word.
std::vector<std::string> Complete(CLI::App& app, const std::vector<std::string>& words);

}  // namespace dangol::cli
