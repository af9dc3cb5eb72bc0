// The verbs of "program" that help to write one: new and diff.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/program_diff.h"
#include "cli/program_file.h"
#include "cli/program_template.h"
#include "cli/program_text.h"

namespace dangol::cli {
namespace {

struct NewArguments {
  std::string file;
};

struct DiffArguments {
  std::string before;
  std::string after;
};

// Writes a file that must not be there yet.
absl::Status WriteNew(const std::string& path, absl::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(absl::StrCat(path, " is there already; choose another name"));
  }
  bool written = file >= 0;
  while (written && !text.empty()) {
    const ssize_t bytes = write(file, text.data(), text.size());
    written = bytes > 0;
    if (written) text.remove_prefix(static_cast<size_t>(bytes));
  }
  const std::string error = strerror(errno);
  if (file >= 0 && close(file) != 0) written = false;
  return written ? absl::OkStatus()
                 : absl::UnknownError(absl::StrCat(path, " can't be written: ", error));
}

absl::Status New(Session& session, const NewArguments& arguments) {
  const std::string text = ProgramTemplate();
  if (arguments.file.empty() || arguments.file == "-") {
    session.out() << text;
    return absl::OkStatus();
  }
  if (absl::Status status = WriteNew(arguments.file, text); !status.ok()) return status;
  if (session.json) {
    session.Print({{"file", arguments.file}});
  } else {
    session.out() << "Wrote " << arguments.file << ". Change it, and check it with\n"
                  << "dangolctl program validate " << arguments.file << "\n";
  }
  return absl::OkStatus();
}

// The program of a version, where it is a number, or of a file.
absl::StatusOr<v1::Program> Load(Session& session, const std::string& which) {
  std::string text;
  int64_t version = 0;
  if (absl::SimpleAtoi(which, &version)) {
    const absl::StatusOr<v1::ProgramVersion> stored = session.client().GetProgram(version);
    if (!stored.ok()) return stored.status();
    text = stored->program_text();
  } else {
    absl::StatusOr<std::string> read = ReadProgramFile(which);
    if (!read.ok()) return read.status();
    text = *std::move(read);
  }
  absl::StatusOr<v1::Program> program = ReadProgramText(text, UnknownFields::kRefuse);
  if (program.ok()) return program;
  return absl::InvalidArgumentError(absl::StrCat(which, ":", program.status().message()));
}

absl::Status Diff(Session& session, const DiffArguments& arguments) {
  const absl::StatusOr<v1::Program> before = Load(session, arguments.before);
  if (!before.ok()) return before.status();
  const absl::StatusOr<v1::Program> after = Load(session, arguments.after);
  if (!after.ok()) return after.status();
  const std::vector<ProgramChange> changes = Compare(*before, *after);
  if (session.json) {
    Json list = Json::array();
    for (const ProgramChange& change : changes) {
      list.push_back({{"part", change.part},
                      {"aspect", change.aspect},
                      {"before", change.before},
                      {"after", change.after}});
    }
    session.Print({{"changes", std::move(list)}});
    return absl::OkStatus();
  }
  for (const ProgramChange& change : changes) session.out() << InWords(change) << "\n";
  if (changes.empty()) session.out() << "Both say the same.\n";
  return absl::OkStatus();
}

}  // namespace

void AddProgramTextVerbs(CLI::App& noun, Session& session) {
  AddVerb<NewArguments>(
      noun, session, "new", "Write a commented program to start from",
      [](CLI::App& verb, NewArguments& arguments) {
        verb.add_option("FILE", arguments.file,
                        "Where to; never one that is there. Standard output when not given");
      },
      New);
  AddVerb<DiffArguments>(
      noun, session, "diff", "Tell in words what changes from one program to another",
      [](CLI::App& verb, DiffArguments& arguments) {
        verb.add_option("A", arguments.before, "A version's number, or a file")->required();
        verb.add_option("B", arguments.after, "The same")->required();
      },
      Diff);
}

}  // namespace dangol::cli
