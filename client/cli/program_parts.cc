#include "cli/program_parts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "cli/currencies.h"
#include "cli/session.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dangol::cli {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Spaced(std::string name) { return absl::StrReplaceAll(name, {{"_", " "}}); }

// CAP_PERIOD_DAY is "day".
std::string WordsOf(const EnumValueDescriptor& value) {
  const absl::string_view prefix = absl::StripSuffix(value.type()->value(0)->name(), "UNSPECIFIED");
  return Spaced(absl::AsciiStrToLower(absl::StripPrefix(value.name(), prefix)));
}

template <typename Enum>
std::string WordsOfEnum(Enum value) {
  const auto* const descriptor =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(static_cast<int>(value));
  return descriptor == nullptr ? absl::StrCat(static_cast<int>(value)) : WordsOf(*descriptor);
}

// "1 day", "2 days".
std::string CountOf(int64_t number, absl::string_view what) {
  return absl::StrCat(FormatCount(number), " ", what, number == 1 ? "" : "s");
}

template <typename Period>
std::string WordsOfPeriod(const Period& period) {
  std::vector<std::string> parts;
  if (period.months() != 0) parts.push_back(CountOf(period.months(), "month"));
  if (period.days() != 0) parts.push_back(CountOf(period.days(), "day"));
  return absl::StrJoin(parts, " and ");
}

std::string WordsOf(const v1::Expiry& expiry) {
  switch (expiry.policy_case()) {
    case v1::Expiry::kNever:
      return "never";
    case v1::Expiry::kAfter: {
      const v1::ExpiresAfter& after = expiry.after();
      return absl::StrCat("after ", WordsOfPeriod(after),
                          after.round_up_to() == v1::ROUND_UP_TO_UNSPECIFIED
                              ? ""
                              : ", to the end of the " + WordsOfEnum(after.round_up_to()));
    }
    case v1::Expiry::kInactivity:
      return absl::StrCat("after ", WordsOfPeriod(expiry.inactivity()), " without activity");
    case v1::Expiry::kYearEnd:
      return absl::StrCat("at the end of year ", expiry.year_end().years());
    case v1::Expiry::POLICY_NOT_SET:
      break;
  }
  return "";
}

// Puts what the messages of a program say in words. Amounts are written as its currencies are.
class Teller {
 public:
  explicit Teller(const v1::Program& program) : currencies_(Currencies::Of(program)) {}

  // What a message says, field by field. `name` comes before the names of its fields.
  void AddAspects(const Message& message, const std::string& name,
                  std::vector<Aspect>& aspects) const {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      AddField(message, *field, absl::StrCat(name, Spaced(field->name())), aspects);
    }
  }

 private:
  void AddField(const Message& message, const FieldDescriptor& field, const std::string& name,
                std::vector<Aspect>& aspects) const {
    const Reflection& reflection = *message.GetReflection();
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field.is_map()) {
      const bool is_flag = field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
      aspects.push_back({name, WordsOfField(message, field), "", is_flag});
    } else if (!field.is_repeated()) {
      const Message& inner = reflection.GetMessage(message, &field);
      if (!AddKnown(inner, name, aspects)) AddOthers(inner, name, aspects);
    } else {
      // "rates" are one "rate" each.
      const std::string one(absl::StripSuffix(name, "s"));
      for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
        const Message& inner = reflection.GetRepeatedMessage(message, &field, i);
        if (!AddKnown(inner, one, aspects)) aspects.push_back({one, inner.ShortDebugString()});
        // The first segment that fits counts, so that its place means something.
        if (dynamic_cast<const v1::RfmSegment*>(&inner) != nullptr) {
          aspects.back().words.insert(0, absl::StrCat("number ", i + 1, ": "));
        }
        TellApart(aspects);
      }
    }
  }

  // Gives the last of the aspects a key that no other of its name has.
  static void TellApart(std::vector<Aspect>& aspects) {
    const Aspect last = aspects.back();
    const auto same = std::count_if(aspects.begin(), aspects.end() - 1, [&](const Aspect& other) {
      return other.name == last.name && absl::StartsWith(other.key, last.key);
    });
    if (same > 0) absl::StrAppend(&aspects.back().key, "/", same);
  }

  void AddOthers(const Message& inner, const std::string& name,
                 std::vector<Aspect>& aspects) const {
    const size_t before = aspects.size();
    AddAspects(inner, absl::StrCat(name, " "), aspects);
    if (aspects.size() == before) aspects.push_back({name, "yes", "", /*is_flag=*/true});
  }

  // Whether it is a message that has words of its own.
  bool AddKnown(const Message& message, const std::string& name,
                std::vector<Aspect>& aspects) const {
    std::string words;
    std::string key;
    if (const auto* rate = dynamic_cast<const v1::Rate*>(&message)) {
      words = absl::StrCat(FormatCount(rate->points()), " per ",
                           currencies_.Money(rate->per_minor(), rate->currency()));
      key = rate->currency();
    } else if (const auto* amount = dynamic_cast<const v1::MinorAmount*>(&message)) {
      words = currencies_.Money(amount->minor(), amount->currency());
      key = amount->currency();
    } else if (const auto* cap = dynamic_cast<const v1::Cap*>(&message)) {
      key = WordsOfEnum(cap->per());
      words = absl::StrCat(FormatCount(cap->points()), " per ", key);
    } else if (const auto* limit = dynamic_cast<const v1::RewardLimit*>(&message)) {
      key = WordsOfEnum(limit->per());
      words = absl::StrCat(FormatCount(limit->pieces()), " per ", key);
    } else if (const auto* factor = dynamic_cast<const v1::Factor*>(&message)) {
      words = absl::StrCat(factor->numerator());
      if (factor->denominator() != 1) absl::StrAppend(&words, "/", factor->denominator());
    } else if (const auto* value = dynamic_cast<const v1::PointValue*>(&message)) {
      words = absl::StrCat(currencies_.Money(value->minor(), value->currency()), " per ",
                           FormatCount(value->per_points()));
    } else if (const auto* hours = dynamic_cast<const v1::HourRange*>(&message)) {
      words = absl::StrCat(hours->from(), " to ", hours->until());
    } else if (const auto* dates = dynamic_cast<const v1::DateRange*>(&message)) {
      words = absl::StrCat(dates->first().empty() ? "any day" : dates->first(), " to ",
                           dates->last().empty() ? "any day" : dates->last());
    } else if (const auto* expiry = dynamic_cast<const v1::Expiry*>(&message)) {
      words = WordsOf(*expiry);
      key = absl::StrCat(expiry->policy_case());
    } else if (const auto* prize = dynamic_cast<const v1::Prize*>(&message)) {
      words = prize->ShortDebugString();
      key = prize->id();
    } else if (const auto* tier = dynamic_cast<const v1::Tier*>(&message)) {
      words = tier->ShortDebugString();
      key = tier->id();
    } else if (const auto* rate_to_base = dynamic_cast<const v1::RfmRate*>(&message)) {
      words = absl::StrCat(FormatCount(rate_to_base->base_minor()), " minor units per ",
                           currencies_.Money(rate_to_base->per_minor(), rate_to_base->currency()));
      key = rate_to_base->currency();
    } else if (const auto* segment = dynamic_cast<const v1::RfmSegment*>(&message)) {
      words = segment->ShortDebugString();
      key = segment->id();
    } else {
      return false;
    }
    aspects.push_back({name, std::move(words), std::move(key)});
    return true;
  }

  static std::string WordsOfField(const Message& message, const FieldDescriptor& field) {
    if (!field.is_repeated()) return WordsOfValue(message, field, -1);
    std::vector<std::string> values;
    for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
      values.push_back(WordsOfValue(message, field, i));
    }
    // Of a list any item counts, so that its order means nothing.
    std::sort(values.begin(), values.end());
    return absl::StrJoin(values, ", ");
  }

  // Item `index` where there are several.
  static std::string WordsOfValue(const Message& message, const FieldDescriptor& field, int index) {
    const Reflection& reflection = *message.GetReflection();
    const bool one = index < 0;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return "yes";  // What is not said is no.
      case FieldDescriptor::CPPTYPE_INT32:
        return FormatCount(one ? reflection.GetInt32(message, &field)
                               : reflection.GetRepeatedInt32(message, &field, index));
      case FieldDescriptor::CPPTYPE_INT64:
        return FormatCount(one ? reflection.GetInt64(message, &field)
                               : reflection.GetRepeatedInt64(message, &field, index));
      case FieldDescriptor::CPPTYPE_ENUM:
        return WordsOf(*(one ? reflection.GetEnum(message, &field)
                             : reflection.GetRepeatedEnum(message, &field, index)));
      case FieldDescriptor::CPPTYPE_STRING:
        return one ? reflection.GetString(message, &field)
                   : reflection.GetRepeatedString(message, &field, index);
      default: {
        // An entry of a map from texts to texts.
        const Message& entry = reflection.GetRepeatedMessage(message, &field, index);
        return absl::StrCat(WordsOfValue(entry, *entry.GetDescriptor()->map_key(), -1), "=",
                            WordsOfValue(entry, *entry.GetDescriptor()->map_value(), -1));
      }
    }
  }

  const Currencies currencies_;
};

// The lists of a program whose items are parts, and what one of them is called.
struct PartKind {
  const char* field;
  const char* list;
  const char* one;
  const char* id;  // The field that names it.
};

constexpr PartKind kKinds[] = {
    {"currencies", "currencies", "currency", "code"},
    {"wallets", "wallets", "wallet", "id"},
    {"earning_rules", "rules", "rule", "id"},
    {"multipliers", "multipliers", "multiplier", "id"},
    {"adjustment_reasons", "adjustment reasons", "adjustment reason", "code"},
    {"rewards", "rewards", "reward", "id"},
    {"ladders", "ladders", "ladder", "id"},
    {"activities", "activities", "activity", "kind"},
    {"incentives", "incentives", "incentive", "id"},
};

}  // namespace

std::vector<ProgramPart> PartsOf(const v1::Program& program) {
  const Teller teller(program);
  const Reflection& reflection = *program.GetReflection();
  std::vector<ProgramPart> parts(1);
  parts[0].name = "program";
  v1::Program itself = program;
  for (const PartKind& kind : kKinds) {
    const FieldDescriptor* field = program.GetDescriptor()->FindFieldByName(kind.field);
    reflection.ClearField(&itself, field);
    for (int i = 0; i < reflection.FieldSize(program, field); ++i) {
      const Message& message = reflection.GetRepeatedMessage(program, field, i);
      const FieldDescriptor* id = message.GetDescriptor()->FindFieldByName(kind.id);
      ProgramPart& part = parts.emplace_back();
      part.name = absl::StrCat(kind.one, " ", message.GetReflection()->GetString(message, id));
      part.list = kind.list;
      teller.AddAspects(message, "", part.aspects);
      std::erase_if(part.aspects, [&](const Aspect& aspect) { return aspect.name == kind.id; });
    }
  }
  teller.AddAspects(itself, "", parts[0].aspects);
  return parts;
}

}  // namespace dangol::cli
