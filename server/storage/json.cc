#include "server/storage/json.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dangol::storage {
namespace {

using nlohmann::json;

void AppendString(absl::string_view text, std::string& out) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void AppendLine(const domain::PurchaseLine& line, std::string& out) {
  out.append("{\"sku\":");
  AppendString(line.sku, out);
  if (!line.category.empty()) {
    out.append(",\"category\":");
    AppendString(line.category, out);
  }
  absl::StrAppend(&out, ",\"quantity\":", line.quantity, ",\"amount\":", line.amount_minor);
  if (line.tax_minor != 0) absl::StrAppend(&out, ",\"tax\":", line.tax_minor);
  if (line.kind != domain::LineKind::kGoods)
    absl::StrAppend(&out, ",\"kind\":", static_cast<int>(line.kind));
  for (size_t i = 0; i < line.earned.size(); ++i) {
    const domain::LinePoints& earned = line.earned[i];
    out.append(i == 0 ? ",\"earned\":[{\"wallet\":" : ",{\"wallet\":");
    AppendString(earned.wallet, out);
    absl::StrAppend(&out, ",\"points\":", earned.points, ",\"qualifying\":", earned.qualifying,
                    "}");
  }
  if (!line.earned.empty()) out.push_back(']');
  out.push_back('}');
}

domain::PurchaseLine LineFrom(const json& object) {
  domain::PurchaseLine line;
  line.sku = object.at("sku").get<std::string>();
  line.category = object.value("category", "");
  line.quantity = object.at("quantity").get<int64_t>();
  line.amount_minor = object.at("amount").get<int64_t>();
  line.tax_minor = object.value("tax", int64_t{0});
  line.kind = static_cast<domain::LineKind>(object.value("kind", 1));
  if (const auto earned = object.find("earned"); earned != object.end()) {
    for (const json& share : *earned) {
      line.earned.push_back({share.at("wallet").get<std::string>(),
                             share.at("points").get<int64_t>(),
                             share.at("qualifying").get<int64_t>()});
    }
  }
  return line;
}

}  // namespace

std::string LinesToJson(const std::vector<domain::PurchaseLine>& lines) {
  std::string out;
  out.reserve(lines.size() * 112 + 2);
  out.push_back('[');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out.push_back(',');
    AppendLine(lines[i], out);
  }
  out.push_back(']');
  return out;
}

absl::StatusOr<std::vector<domain::PurchaseLine>> LinesFromJson(absl::string_view text) {
  try {
    std::vector<domain::PurchaseLine> lines;
    const json array = json::parse(text.begin(), text.end());
    for (const json& object : array) lines.push_back(LineFrom(object));
    return lines;
  } catch (const json::exception& error) {
    return absl::DataLossError(
        absl::StrCat("the lines of a purchase cannot be read: ", error.what()));
  }
}

std::string AttributesToJson(const domain::Attributes& attributes) {
  if (attributes.empty()) return "{}";
  json object = json::object();
  for (const auto& [key, value] : attributes) object[key] = value;
  return object.dump();
}

absl::StatusOr<domain::Attributes> AttributesFromJson(absl::string_view text) {
  if (text == "{}") return domain::Attributes();
  try {
    domain::Attributes attributes;
    const json object = json::parse(text.begin(), text.end());
    for (const auto& [key, value] : object.items()) {
      attributes.emplace_back(key, value.get<std::string>());
    }
    return attributes;
  } catch (const json::exception& error) {
    return absl::DataLossError(
        absl::StrCat("the attributes of a member cannot be read: ", error.what()));
  }
}

}  // namespace dangol::storage
