#pragma once

#include <cstdint>
#include <string>

#include "cli/currencies.h"
#include "dangol/v1/rfm_service.pb.h"

namespace dangol::cli {

// "####" as long as a part of the most is large, one at least where there is any.
std::string RfmBar(int64_t part, int64_t most, int width);

// The members by recency, downwards, and frequency, to the right: each cell with how many they
// are, a bar for that, and what one of them spent on the average, where there is room for it.
std::string RenderRfmGrid(const v1::GetRfmResponse& rfm, const Currencies& currencies);

}  // namespace dangol::cli
