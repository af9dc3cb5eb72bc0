#include "server/rpc/program/program_syntax.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/common.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/dangol/internal/text_encoding.h"
#include "server/common/limits.h"
#include "server/rpc/program/nearest_name.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;
using google::protobuf::internal::IsStructurallyValidUTF8;

const EnumDescriptor* FindEnumIn(const google::protobuf::FileDescriptor& file,
                                 const std::string& field) {
  for (int i = 0; i < file.message_type_count(); ++i) {
    const FieldDescriptor* found = file.message_type(i)->FindFieldByName(field);
    if (found != nullptr && found->enum_type() != nullptr) return found->enum_type();
  }
  return nullptr;
}

// The values of the fields of this name: none but the same enum's, wherever it stands, be it in a
// file that the message's imports.
const EnumDescriptor* FindEnum(const google::protobuf::FileDescriptor& file,
                               const std::string& field) {
  const EnumDescriptor* found = FindEnumIn(file, field);
  for (int i = 0; found == nullptr && i < file.dependency_count(); ++i) {
    found = FindEnumIn(*file.dependency(i), field);
  }
  return found;
}

// Says what there is in the place of a name that there is not; other complaints of the parser
// are good as they are.
std::string InOurWords(const google::protobuf::FileDescriptor& file, const std::string& message) {
  // The tokenizer stumbles over a byte of it, and the parser over the same one.
  if (absl::StartsWith(message, "Interpreting non ascii codepoint") ||
      !IsStructurallyValidUTF8(message)) {
    return "here is a character that may stand only within quotes; the quotes themselves are \"";
  }
  const std::vector<std::string> parts = absl::StrSplit(message, '"');
  if (parts.size() != 5) return message;
  if (parts[2] == " has no field named ") {
    const Descriptor* type =
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(parts[1]);
    if (type == nullptr) return message;
    return absl::StrCat(type->name(), " has no field \"", parts[3], "\"; ",
                        FieldsInsteadOf(parts[3], *type));
  }
  if (parts[0] == "Unknown enumeration value of ") {
    const EnumDescriptor* type = FindEnum(file, parts[3]);
    if (type == nullptr) return message;
    return absl::StrCat("\"", parts[1], "\" is no value of ", parts[3], "; ",
                        ValuesInsteadOf(parts[1], *type));
  }
  return message;
}

class SyntaxErrors final : public google::protobuf::io::ErrorCollector {
 public:
  SyntaxErrors(const google::protobuf::FileDescriptor& file, std::vector<ProgramProblem>& problems)
      : file_(file), problems_(problems) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (problems_.size() == limits::kMaxProgramProblems) return;
    std::string words = InOurWords(file_, message);
    const bool is_told = !problems_.empty() && problems_.back().line == line + 1 &&
                         problems_.back().message == words;
    if (!is_told) problems_.push_back({line + 1, column + 1, "", std::move(words)});
  }

 private:
  const google::protobuf::FileDescriptor& file_;
  std::vector<ProgramProblem>& problems_;
};

// What the parser lets pass: numbers that an enum does not have, and texts of which escapes
// such as "\377" make no UTF-8.
class Values {
 public:
  explicit Values(std::vector<ProgramProblem>& problems) : problems_(problems) {}

  void Check(const Message& message, const Place& place) {
    std::vector<const FieldDescriptor*> fields;
    const Reflection& reflection = *message.GetReflection();
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (!field->is_repeated()) {
        CheckValue(message, *field, -1, place.Child(field->name()));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        CheckValue(message, *field, i, place.Child(field->name(), i));
      }
    }
  }

 private:
  void CheckValue(const Message& message, const FieldDescriptor& field, int index,
                  const Place& place) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Check(index < 0 ? reflection.GetMessage(message, &field)
                        : reflection.GetRepeatedMessage(message, &field, index),
              place);
        return;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = index < 0 ? reflection.GetEnumValue(message, &field)
                                     : reflection.GetRepeatedEnumValue(message, &field, index);
        if (field.enum_type()->FindValueByNumber(number) != nullptr) return;
        problems_.Check(false, place,
                        absl::StrCat("has no value ", number, "; ",
                                     ValuesInsteadOf(absl::StrCat(number), *field.enum_type())));
        return;
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text =
            index < 0 ? reflection.GetStringReference(message, &field, &scratch)
                      : reflection.GetRepeatedStringReference(message, &field, index, &scratch);
        problems_.Check(IsStructurallyValidUTF8(text), place, "is not valid UTF-8");
        return;
      }
      default:
        return;
    }
  }

  ProblemList problems_;
};

}  // namespace

bool ParseSyntax(const std::string& text, Message& message, TextFormat::ParseInfoTree& places,
                 std::vector<ProgramProblem>& problems) {
  if (text.size() > limits::kMaxProgramBytes) {
    problems.push_back({0, 0, "",
                        absl::StrCat("the text has ", text.size(), " bytes; at most ",
                                     limits::kMaxProgramBytes, " are allowed")});
    return false;
  }
  if (std::string problem = internal::ProblemOfEncoding(text); !problem.empty()) {
    problems.push_back({0, 0, "", std::move(problem)});
    return false;
  }
  SyntaxErrors errors(*message.GetDescriptor()->file(), problems);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&places);
  if (!parser.ParseFromString(text, &message)) {
    if (problems.empty()) problems.push_back({0, 0, "", "the text is not in protobuf text format"});
    return false;
  }
  Values(problems).Check(message, Place(&places, message.GetDescriptor()));
  return problems.empty();
}

}  // namespace dangol::rpc
