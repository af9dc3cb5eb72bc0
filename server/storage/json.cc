#include "server/storage/json.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/common/status_macros.h"
#include "server/domain/member/origin.h"
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
  absl::StrAppend(&out, ",\"points\":", earned.points, ",\"qualifying\":", earned.qualifying);
  if (earned.reversed != 0) absl::StrAppend(&out, ",\"reversed\":", earned.reversed);
  if (earned.qualifying_reversed != 0)
    absl::StrAppend(&out, ",\"qualifying_reversed\":", earned.qualifying_reversed);
  if (earned.expired != 0) absl::StrAppend(&out, ",\"expired\":", earned.expired);
  out.push_back('}');
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
  out.push_back('}');
}

void AppendItem(const domain::Lot& lot, std::string& out) {
  absl::StrAppend(&out, "{\"lot\":", lot.lot, ",\"wallet\":");
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
      line.earned.push_back(
          {share.at("wallet").get<std::string>(), share.at("points").get<int64_t>(),
           share.at("qualifying").get<int64_t>(), share.value("reversed", int64_t{0}),
           share.value("qualifying_reversed", int64_t{0}), share.value("expired", int64_t{0})});
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
  return line;
}

domain::Lot LotFrom(const json& object) {
  domain::Lot lot;
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

template <typename Item>
absl::StatusOr<std::vector<Item>> ItemsFrom(absl::string_view text, Item (*item_from)(const json&),
                                            absl::string_view what) {
  try {
    std::vector<Item> items;
    const json array = json::parse(text.begin(), text.end());
    for (const json& object : array) items.push_back(item_from(object));
    return items;
  } catch (const json::exception& error) {
    return absl::DataLossError(absl::StrCat(what, " cannot be read: ", error.what()));
  }
}

}  // namespace

std::string LinesToJson(const std::vector<domain::PurchaseLine>& lines) {
  return ArrayOf(lines, 112);
}

absl::StatusOr<std::vector<domain::PurchaseLine>> LinesFromJson(absl::string_view text) {
  return ItemsFrom(text, LineFrom, "the lines of a purchase");
}

std::string ReturnedLinesToJson(const std::vector<domain::ReturnedLine>& lines) {
  return ArrayOf(lines, 96);
}

absl::StatusOr<std::vector<domain::ReturnedLine>> ReturnedLinesFromJson(absl::string_view text) {
  return ItemsFrom(text, ReturnedLineFrom, "the lines of a return");
}

std::string LotsToJson(const std::vector<domain::Lot>& lots, int origin) {
  if (origin == 0) return ArrayOf(lots, 224);
  std::vector<domain::Lot> stored = lots;
  for (domain::Lot& lot : stored) lot.lot = domain::ShiftLot(lot.lot, -origin);
  return ArrayOf(stored, 224);
}

absl::StatusOr<std::vector<domain::Lot>> LotsFromJson(absl::string_view text, int origin) {
  ASSIGN_OR_RETURN(std::vector<domain::Lot> lots,
                   ItemsFrom(text, LotFrom, "the lots of a reservation or coupon"));
  for (domain::Lot& lot : lots) lot.lot = domain::ShiftLot(lot.lot, origin);
  return lots;
}

std::string OriginsToJson(const domain::Member& member) {
  const domain::Origins& origins = member.origins;
  json object = json::object();
  if (origins.kept != 0) object["kept"] = origins.kept;
  if (origins.lots_ahead != 0) object["lots_ahead"] = origins.lots_ahead;
  for (const domain::Activity& activity : origins.activities) {
    json& row = object["activities"].emplace_back(json{{"origin", activity.origin}});
    if (activity.at.has_value()) row["at"] = ToStored(*activity.at);
  }
  for (const domain::Repayment& repayment : origins.repayments) {
    const std::vector<domain::Lot> lots = {repayment.credit, repayment.debt};
    json& row = object["repayments"].emplace_back(json{{"lots", json::parse(ArrayOf(lots, 224))}});
    if (repayment.write_off) row["write_off"] = true;
  }
  for (const domain::FormerOwner& owner : member.former_owners) {
    object["owners"].push_back({{"id", owner.id.ToString()},
                                {"since", ToStored(owner.since)},
                                {"until", ToStored(owner.until)}});
  }
  return object.empty() ? "" : object.dump();
}

absl::Status OriginsFromJson(absl::string_view text, domain::Member& member) {
  if (text.empty()) return absl::OkStatus();
  try {
    const json object = json::parse(text.begin(), text.end());
    const json none = json::array();
    domain::Origins& origins = member.origins;
    origins.kept = object.value("kept", 0);
    origins.lots_ahead = object.value("lots_ahead", int64_t{0});
    for (const json& row : object.value("activities", none)) {
      domain::Activity& activity = origins.activities.emplace_back();
      activity.origin = row.at("origin").get<int>();
      if (row.contains("at")) activity.at = FromStored(row["at"].get<int64_t>());
    }
    for (const json& row : object.value("repayments", none)) {
      ASSIGN_OR_RETURN(std::vector<domain::Lot> lots, LotsFromJson(row.at("lots").dump(), 0));
      origins.repayments.push_back(
          {std::move(lots.at(0)), std::move(lots.at(1)), row.value("write_off", false)});
    }
    for (const json& row : object.value("owners", none)) {
      const auto id = domain::MemberId::Parse(row.at("id").get<std::string>());
      if (!id.has_value()) return absl::DataLossError("a former owner has no member id");
      member.former_owners.push_back({*id, FromStored(row.at("since").get<int64_t>()),
                                      FromStored(row.at("until").get<int64_t>())});
    }
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return absl::DataLossError(
        absl::StrCat("the origins of a member cannot be read: ", error.what()));
  }
}

std::string MergedToJson(const domain::Merged& merged) {
  json object = {
      {"origin", merged.origin}, {"last_origin", merged.last_origin}, {"aliases", json::array()}};
  if (merged.household) object["household"] = true;
  if (merged.since != absl::InfinitePast()) object["since"] = ToStored(merged.since);
  for (const domain::Alias& alias : merged.aliases) {
    object["aliases"].push_back({{"kind", alias.kind}, {"value", alias.value}});
  }
  return object.dump();
}

absl::StatusOr<domain::Merged> MergedFromJson(absl::string_view text) {
  try {
    const json object = json::parse(text.begin(), text.end());
    domain::Merged merged;
    merged.origin = object.at("origin").get<int>();
    merged.last_origin = object.value("last_origin", merged.origin);
    merged.household = object.value("household", false);
    if (const auto since = object.find("since"); since != object.end()) {
      merged.since = FromStored(since->get<int64_t>());
    }
    for (const json& alias : object.at("aliases")) {
      merged.aliases.push_back(
          {alias.at("kind").get<std::string>(), alias.at("value").get<std::string>()});
    }
    return merged;
  } catch (const json::exception& error) {
    return absl::DataLossError(absl::StrCat("what undoes a merge cannot be read: ", error.what()));
  }
}

std::string InputsToJson(const domain::Inputs& inputs) {
  if (inputs == domain::Inputs()) return "";
  json object = json::object();
  if (!inputs.counters.empty()) object["counters"] = inputs.counters;
  if (!inputs.coupon_code.empty()) object["coupon_code"] = inputs.coupon_code;
  if (inputs.seed != 0) object["seed"] = inputs.seed;
  if (inputs.origin != 0) object["origin"] = inputs.origin;
  return object.dump();
}

absl::StatusOr<domain::Inputs> InputsFromJson(absl::string_view text) {
  domain::Inputs inputs;
  if (text.empty()) return inputs;
  try {
    const json object = json::parse(text.begin(), text.end());
    inputs.counters = object.value("counters", inputs.counters);
    inputs.coupon_code = object.value("coupon_code", "");
    inputs.seed = object.value("seed", uint64_t{0});
    inputs.origin = object.value("origin", 0);
    return inputs;
  } catch (const json::exception& error) {
    return absl::DataLossError(
        absl::StrCat("what a command was decided upon cannot be read: ", error.what()));
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
