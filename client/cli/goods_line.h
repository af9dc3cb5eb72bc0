#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::cli {

// What --line says of goods, for its help: each part has a name, so that no part can be taken
// for another.
inline constexpr char kGoodsLineForm[] = "name=SKU,qty=QUANTITY,amount=AMOUNT";

// Reads such a line: "name=latte,qty=2,amount=9000", with category, tax and kind besides, in
// any order. qty is 1 when left out. Amounts are in major units and may have commas between
// thousands ("5,500"). A value in double quotes may have any commas. INVALID_ARGUMENT for
// everything else, also where it could be read in two ways; it shows how to write it.
absl::StatusOr<v1::PurchaseLine> ParseGoodsLine(const std::string& text, int minor_digits);

}  // namespace dangol::cli
