#ifndef DANGOL_SERVER_STORAGE_SUMMING_H_
#define DANGOL_SERVER_STORAGE_SUMMING_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/points/outstanding.h"

// The statements that sum points over all members, in words that every engine has.
namespace dangol::storage {

// Balances by wallet: wallet, pending, available, held.
std::string SumAccountsSql();

// What is left of lots that have a date, or never expire: wallet, month earned,
// expires_at, points, points owed.
std::string SumLotsSql(const std::vector<absl::Time>& months);

// What is left of lots that expire by inactivity, after this period: wallet, month
// earned, piece of period.begins, points.
std::string SumIdleLotsSql(const std::vector<absl::Time>& months, const domain::IdlePeriod& period);

// What became of points: wallet, month earned, month, issued, expired, used. See
// domain::Outstanding::Flow.
std::string SumFlowsSql(const std::vector<absl::Time>& months);

// What left members with a transfer or a merge and did not arrive as it was, or arrived
// and never left: reference, wallet, points that left, points that arrived.
std::string UnevenTransfersSql(int limit);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_SUMMING_H_
