#pragma once

#include <string>

#include "dangol/v1/incentive_service.pb.h"

namespace dangol::cli {

// "2 of 10 stamps, until 2026-03-31".
std::string HowFar(const v1::IncentiveProgress& progress);

// What a purchase does to one: "Coffee card: 9 of 10 stamps; 1 more for 500 points".
std::string Told(const v1::IncentiveProgress& progress);

// Of an award that a purchase gave, or took back.
std::string Told(const v1::Award& award);

// What an award is worth: "500 points", "50 % more points".
std::string WorthOf(const v1::IncentiveProgress& progress);
std::string WorthOf(const v1::IncentiveOffer& offer);

}  // namespace dangol::cli
