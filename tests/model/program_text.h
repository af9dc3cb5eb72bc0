#ifndef DANGOL_TESTS_MODEL_PROGRAM_TEXT_H_
#define DANGOL_TESTS_MODEL_PROGRAM_TEXT_H_

#include <string>

#include "server/domain/program/program.h"

namespace dangol::model {

// A program that ProgramOf made, as the file that a server reads.
std::string TextOf(const domain::Program& program);

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_PROGRAM_TEXT_H_
