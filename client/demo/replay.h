#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "client/demo/history.h"
#include "client/demo/progress.h"
#include "dangol/client.h"

namespace dangol::demo {

// The alias kind of the demo's members.
inline constexpr char kCardAlias[] = "card";

// A member as the SDK enrols one.
v1::EnrollMemberRequest MakeEnrolment(const MemberPlan& member);

// A purchase as the SDK records one. `number` makes its id.
v1::Purchase MakePurchase(const History& history, std::size_t number);

// Enrols every member. Repeating it changes nothing.
absl::Status EnrolMembers(Client client, const History& history, Progress& progress);

// Records every purchase, a member's own in their order. Repeating it changes
// nothing. The first purchase that is refused ends it.
absl::Status RecordPurchases(Client client, const History& history, Progress& progress);

}  // namespace dangol::demo
