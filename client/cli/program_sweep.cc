#include "cli/program_sweep.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/program_text.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

namespace dangol::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status NoField(absl::string_view path, absl::string_view part) {
  return absl::InvalidArgumentError(
      absl::StrCat("--sweep ", path, ": the program has no ", part,
                   "; say a field of it as \"incentives[0].reward.points=300,500\""));
}

// A field, and which item of a repeated one: "incentives[0]".
struct Step {
  std::string field;
  int index = -1;
};

Step StepOf(absl::string_view part) {
  Step step;
  const std::pair<absl::string_view, absl::string_view> halves = absl::StrSplit(part, '[');
  step.field = std::string(halves.first);
  if (!absl::SimpleAtoi(absl::StripSuffix(halves.second, "]"), &step.index)) step.index = -1;
  return step;
}

absl::Status Set(const std::vector<std::string>& parts, absl::string_view path,
                 const std::string& value, Message& program) {
  Message* message = &program;
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    const Step step = StepOf(parts[i]);
    const FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(step.field);
    if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      return NoField(path, parts[i]);
    }
    if (field->is_repeated()) {
      const int size = message->GetReflection()->FieldSize(*message, field);
      if (step.index < 0 || step.index >= size) return NoField(path, parts[i]);
      message = message->GetReflection()->MutableRepeatedMessage(message, field, step.index);
    } else {
      message = message->GetReflection()->MutableMessage(message, field);
    }
  }
  const FieldDescriptor* const last = message->GetDescriptor()->FindFieldByName(parts.back());
  const bool is_one = last != nullptr && !last->is_repeated() &&
                      last->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
  if (!is_one) return NoField(path, parts.back());
  message->GetReflection()->ClearField(message, last);
  // As the text of a program would say it, whatever type it is.
  const std::string quote = last->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? "\"" : "";
  google::protobuf::TextFormat::Parser parser;
  if (!parser.ParseFieldValueFromString(absl::StrCat(quote, value, quote), last, message)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--sweep ", path, ": \"", value, "\" is no value of it"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<SweptProgram>> ProgramsOf(const std::string& program_text,
                                                     absl::string_view sweep) {
  const std::pair<std::string, std::string> said = absl::StrSplit(sweep, absl::MaxSplits('=', 1));
  if (said.first.empty() || said.second.empty()) {
    return absl::InvalidArgumentError(
        "--sweep: say a field and its values, as \"incentives[0].reward.points=300,500\"");
  }
  const absl::StatusOr<v1::Program> program = ReadProgramText(program_text, UnknownFields::kRefuse);
  if (!program.ok()) return program.status();
  const std::vector<std::string> parts = absl::StrSplit(said.first, '.');
  std::vector<SweptProgram> programs;
  for (const std::string& value : std::vector<std::string>(absl::StrSplit(said.second, ','))) {
    v1::Program changed = *program;
    if (absl::Status status = Set(parts, said.first, value, changed); !status.ok()) return status;
    SweptProgram& swept = programs.emplace_back();
    swept.value = value;
    google::protobuf::TextFormat::PrintToString(changed, &swept.text);
  }
  return programs;
}

}  // namespace dangol::cli
