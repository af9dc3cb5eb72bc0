#include "server/storage/json.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/common/status_macros.h"
#include "server/storage/stored_time.h"

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

void AppendEarned(const domain::LinePoints& earned, std::string& out) {
  out.append("{\"wallet\":");
  AppendString(earned.wallet, out);
  absl::StrAppend(&out, ",\"points\":", earned.points, ",\"qualifying\":", earned.qualifying, "}");
}

// What most lines do not have takes no room in them.
void AppendItem(const domain::PurchaseLine& line, std::string& out) {
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
  if (line.returned_quantity != 0)
    absl::StrAppend(&out, ",\"returned_quantity\":", line.returned_quantity);
  if (line.returned_minor != 0) absl::StrAppend(&out, ",\"returned_minor\":", line.returned_minor);
  for (size_t i = 0; i < line.earned.size(); ++i) {
    out.append(i == 0 ? ",\"earned\":[" : ",");
    AppendEarned(line.earned[i], out);
  }
  if (!line.earned.empty()) out.push_back(']');
  out.push_back('}');
}

void AppendItem(const domain::ReturnedLine& line, std::string& out) {
  out.append("{\"sku\":");
  AppendString(line.sku, out);
  absl::StrAppend(&out, ",\"quantity\":", line.quantity, ",\"amount\":", line.amount_minor);
  if (!line.purchase_id.empty()) {
    out.append(",\"purchase\":");
    AppendString(line.purchase_id, out);
  }
  if (line.line >= 0) absl::StrAppend(&out, ",\"line\":", line.line);
  if (line.value_minor != line.amount_minor) {
    absl::StrAppend(&out, ",\"value\":", line.value_minor);
  }
  out.push_back('}');
}

void AppendItem(const domain::Lot& lot, std::string& out) {
  absl::StrAppend(&out, "{\"purse\":\"", lot.purse.ToString(), "\",\"lot\":", lot.lot,
                  ",\"person\":\"", lot.person.ToString(), "\",\"wallet\":");
  AppendString(lot.wallet, out);
  absl::StrAppend(&out, ",\"points\":", lot.points, ",\"remaining\":", lot.remaining,
                  ",\"earned_at\":", ToStored(lot.earned_at),
                  ",\"available_from\":", ToStored(lot.available_from),
                  ",\"expires_at\":", ToStored(lot.expires_at), ",\"purchase_id\":");
  AppendString(lot.purchase_id, out);
  if (lot.idle_months != 0) absl::StrAppend(&out, ",\"idle_months\":", lot.idle_months);
  if (lot.idle_days != 0) absl::StrAppend(&out, ",\"idle_days\":", lot.idle_days);
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
  line.returned_quantity = object.value("returned_quantity", int64_t{0});
  line.returned_minor = object.value("returned_minor", int64_t{0});
  return line;
}

domain::ReturnedLine ReturnedLineFrom(const json& object) {
  domain::ReturnedLine line;
  line.purchase_id = object.value("purchase", "");
  line.line = object.value("line", -1);
  line.sku = object.at("sku").get<std::string>();
  line.quantity = object.at("quantity").get<int64_t>();
  line.amount_minor = object.at("amount").get<int64_t>();
  line.value_minor = object.value("value", line.amount_minor);
  return line;
}

domain::MemberId IdFrom(const json& object, const char* key) {
  return domain::MemberId::Parse(object.at(key).get<std::string>()).value();
}

domain::Lot LotFrom(const json& object) {
  domain::Lot lot;
  lot.purse = IdFrom(object, "purse");
  lot.person = IdFrom(object, "person");
  lot.lot = object.at("lot").get<int64_t>();
  lot.wallet = object.at("wallet").get<std::string>();
  lot.points = object.at("points").get<int64_t>();
  lot.remaining = object.at("remaining").get<int64_t>();
  lot.earned_at = FromStored(object.at("earned_at").get<int64_t>());
  lot.available_from = FromStored(object.at("available_from").get<int64_t>());
  lot.expires_at = FromStored(object.at("expires_at").get<int64_t>());
  lot.purchase_id = object.at("purchase_id").get<std::string>();
  lot.idle_months = object.value("idle_months", 0);
  lot.idle_days = object.value("idle_days", 0);
  return lot;
}

// `item_bytes`: how long an item is as a rule.
template <typename Item>
std::string ArrayOf(const std::vector<Item>& items, size_t item_bytes) {
  std::string out;
  out.reserve(items.size() * item_bytes + 2);
  out.push_back('[');
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out.push_back(',');
    AppendItem(items[i], out);
  }
  out.push_back(']');
  return out;
}

// Calls `read` with what the text says; it throws where it says something else.
template <typename Read>
absl::Status Parse(absl::string_view text, absl::string_view what, const Read& read) {
  try {
    read(json::parse(text.begin(), text.end()));
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return absl::DataLossError(absl::StrCat(what, " cannot be read: ", error.what()));
  }
}

template <typename Item>
absl::Status ItemsFrom(absl::string_view text, Item (*item_from)(const json&),
                       absl::string_view what, std::vector<Item>& items) {
  return Parse(text, what, [&](const json& array) {
    items.clear();
    for (const json& object : array) items.push_back(item_from(object));
  });
}

}  // namespace

std::string ToJson(const std::vector<domain::PurchaseLine>& lines) { return ArrayOf(lines, 112); }

absl::Status FromJson(absl::string_view text, std::vector<domain::PurchaseLine>& lines) {
  return ItemsFrom(text, LineFrom, "the lines of a purchase", lines);
}

std::string ToJson(const std::vector<domain::ReturnedLine>& lines) { return ArrayOf(lines, 96); }

absl::Status FromJson(absl::string_view text, std::vector<domain::ReturnedLine>& lines) {
  return ItemsFrom(text, ReturnedLineFrom, "the lines of a return", lines);
}

std::string ToJson(const std::vector<domain::Lot>& lots) { return ArrayOf(lots, 320); }

absl::Status FromJson(absl::string_view text, std::vector<domain::Lot>& lots) {
  return ItemsFrom(text, LotFrom, "the lots of a reservation or coupon", lots);
}

std::string PurseToJson(const domain::Member& member) {
  json object = json::object();
  for (const domain::Sharer& sharer : member.sharers) {
    json& row = object["sharers"].emplace_back(
        json{{"id", sharer.id.ToString()}, {"via", sharer.via.ToString()}});
    if (sharer.household) row["household"] = true;
    if (sharer.last_activity_at.has_value()) row["at"] = ToStored(*sharer.last_activity_at);
  }
  if (member.own_activity_at.has_value()) object["own_at"] = ToStored(*member.own_activity_at);
  for (const domain::MemberId& purse : member.purses) object["purses"].push_back(purse.ToString());
  for (const domain::FormerOwner& owner : member.former_owners) {
    object["owners"].push_back({{"id", owner.id.ToString()},
                                {"since", ToStored(owner.since)},
                                {"until", ToStored(owner.until)}});
  }
  return object.empty() ? "" : object.dump();
}

absl::Status PurseFromJson(absl::string_view text, domain::Member& member) {
  return Parse(text, "the purse of a member", [&](const json& object) {
    const json none = json::array();
    for (const json& row : object.value("sharers", none)) {
      domain::Sharer& sharer = member.sharers.emplace_back();
      sharer.id = IdFrom(row, "id");
      sharer.via = IdFrom(row, "via");
      sharer.household = row.value("household", false);
      if (row.contains("at")) sharer.last_activity_at = FromStored(row["at"].get<int64_t>());
    }
    if (object.contains("own_at")) {
      member.own_activity_at = FromStored(object["own_at"].get<int64_t>());
    }
    for (const json& purse : object.value("purses", none)) {
      member.purses.push_back(domain::MemberId::Parse(purse.get<std::string>()).value());
    }
    for (const json& row : object.value("owners", none)) {
      member.former_owners.push_back({IdFrom(row, "id"), FromStored(row.at("since").get<int64_t>()),
                                      FromStored(row.at("until").get<int64_t>())});
    }
  });
}

std::string ToJson(const std::optional<domain::Joined>& joined) {
  if (!joined.has_value()) return "";
  json object = {{"aliases", json::array()}};
  if (joined->household) object["household"] = true;
  if (joined->since != absl::InfinitePast()) object["since"] = ToStored(joined->since);
  for (const domain::Alias& alias : joined->aliases) {
    object["aliases"].push_back({{"kind", alias.kind}, {"value", alias.value}});
  }
  return object.dump();
}

absl::Status FromJson(absl::string_view text, std::optional<domain::Joined>& joined) {
  return Parse(text, "what undoes a merge", [&](const json& object) {
    domain::Joined& read = joined.emplace();
    read.household = object.value("household", false);
    if (const auto since = object.find("since"); since != object.end()) {
      read.since = FromStored(since->get<int64_t>());
    }
    for (const json& alias : object.at("aliases")) {
      read.aliases.push_back(
          {alias.at("kind").get<std::string>(), alias.at("value").get<std::string>()});
    }
  });
}

std::string ToJson(const domain::Inputs& inputs) {
  json object = json::object();  // The rest has columns of its own.
  if (!inputs.counters.empty()) object["counters"] = inputs.counters;
  return object.empty() ? "" : object.dump();
}

absl::Status FromJson(absl::string_view text, domain::Inputs& inputs) {
  return Parse(text, "what a command was decided upon", [&](const json& object) {
    inputs.counters = object.value("counters", inputs.counters);
  });
}

std::string ToJson(const domain::Attributes& attributes) {
  if (attributes.empty()) return "{}";
  json object = json::object();
  for (const auto& [key, value] : attributes) object[key] = value;
  return object.dump();
}

absl::Status FromJson(absl::string_view text, domain::Attributes& attributes) {
  if (text == "{}") return absl::OkStatus();
  return Parse(text, "the attributes of a member", [&](const json& object) {
    for (const auto& [key, value] : object.items()) {
      attributes.emplace_back(key, value.get<std::string>());
    }
  });
}

}  // namespace dangol::storage
