#include "server/domain/difference.h"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/common/record.h"
#include "server/domain/field_names.h"

namespace dangol::domain {
namespace {

// A field as it can be compared with the same one of another request.
struct Flat {
  DifferentField field;
  std::string record;
};

// Visits the fields of a request, and those of its lines.
class Flattener {
 public:
  Flattener(std::vector<FieldName> names, std::string prefix, std::vector<Flat>& out)
      : names_(std::move(names)), prefix_(std::move(prefix)), out_(out) {}

  template <typename Field>
  void operator()(uint32_t number, const Field& field) {
    const FieldName name = NameOf(number);
    if (*name.name == '\0' && name.matter != Matter::kCall) return;
    const std::string path = absl::StrCat(prefix_, name.name);
    std::string record;
    record_internal::Writer writer(record);
    if constexpr (HasNamedItems<Field>) {
      writer(number, static_cast<int64_t>(field.size()));
      out_.push_back({{path, name.matter}, std::move(record)});
      for (size_t i = 0; i < field.size(); ++i) {
        Flattener items(NamesOf(field[i]), absl::StrCat(path, "[", i, "]."), out_);
        record_internal::VisitFields(field[i], items);
      }
      return;
    } else if constexpr (std::is_same_v<Field, MemberRef>) {
      // Of a return, whose purchase it is follows from another field.
      writer(number, MemberRef{field.id, field.alias});
    } else {
      writer(number, field);
    }
    out_.push_back({{path, name.matter}, std::move(record)});
  }

 private:
  template <typename Field>
  static constexpr bool HasNamedItems = requires(const Field& field) {
    NamesOf(field.front());
  };

  FieldName NameOf(uint32_t number) const {
    return number <= names_.size() ? names_[number - 1] : FieldName{};
  }

  const std::vector<FieldName> names_;
  const std::string prefix_;
  std::vector<Flat>& out_;
};

std::vector<Flat> Flatten(const Action& action) {
  std::vector<Flat> out;
  std::visit(
      [&](const auto& any) {
        if constexpr (requires { NamesOf(any); }) {
          Flattener flattener(NamesOf(any), "", out);
          record_internal::VisitFields(any, flattener);
        }
      },
      action);
  return out;
}

std::vector<DifferentField> OtherCall() { return {{"", Matter::kCall}}; }

}  // namespace

std::vector<DifferentField> DifferencesOf(const Action& recorded, const Action& sent) {
  if (recorded.index() != sent.index()) return OtherCall();
  const std::vector<Flat> before = Flatten(ContentOf(recorded));
  absl::flat_hash_map<std::string, std::string> now;
  for (Flat& flat : Flatten(ContentOf(sent))) now[flat.field.path] = std::move(flat.record);
  std::vector<DifferentField> different;
  for (const Flat& flat : before) {
    const auto same = now.find(flat.field.path);
    // The number of lines tells of those that only one of the two has.
    if (same == now.end() || same->second == flat.record) continue;
    if (flat.field.matter == Matter::kCall) return OtherCall();
    different.push_back(flat.field);
  }
  return different;
}

}  // namespace dangol::domain
