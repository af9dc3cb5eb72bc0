#ifndef DANGOL_SERVER_RPC_POINTS_CONVERT_POINTS_H_
#define DANGOL_SERVER_RPC_POINTS_CONVERT_POINTS_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dangol/v1/insight_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"
#include "server/lane/read_pool.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Points by the moment at which time changes them.
using Schedule = std::map<absl::Time, int64_t>;

// The nearest moments, at most limits::kMaxPointsDue.
void ToProto(const Schedule& schedule, google::protobuf::RepeatedPtrField<v1::PointsDue>& out);

absl::StatusOr<domain::Reads> ToReads(const v1::GetBalanceRequest& message);

// The member's wallets, with what time has made of them up to view.now.
absl::Status ToProto(const lane::MemberView& view, v1::GetBalanceResponse& response);

// What the member's wallets held at a moment that is past.
void ToProto(const domain::MemberId& member, const std::vector<domain::Account>& accounts,
             const domain::ProgramCatalog& catalog, absl::Time as_of,
             v1::GetBalanceResponse& response);

void ToProto(const domain::LedgerEntry& entry, v1::LedgerEntry& out);

void ToProto(const std::vector<domain::Account>& accounts,
             google::protobuf::RepeatedPtrField<v1::WalletPoints>& out);

// Adds what has happened to a member since their row was written.
void AddToTotals(const domain::MemberState& before, const domain::Effects& effects,
                 storage::StoredTotals& totals);

void ToProto(const storage::StoredTotals& totals, v1::GetTotalsResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_CONVERT_POINTS_H_
