#ifndef DANGOL_SERVER_STORAGE_MYSQL_READER_H_
#define DANGOL_SERVER_STORAGE_MYSQL_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/storage/mysql/pool.h"
#include "server/storage/mysql/sql_text.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// Reads over connections of a pool: takes one for each call, so that an outage is
// over with the next call.
class MysqlReader final : public Reader {
 public:
  // `reports` is for what takes long.
  MysqlReader(Pool& pool, Pool& reports) : pool_(pool), reports_(reports) {}

  absl::StatusOr<Loaded> Load(const KeySet& keys) override;
  absl::StatusOr<std::vector<domain::MemberState>> ListMembers(const MemberFilter& filter,
                                                               int limit) override;
  absl::StatusOr<std::optional<domain::Purchase>> FindPurchase(
      const std::string& purchase_id) override;
  absl::StatusOr<std::vector<domain::Purchase>> ListPurchases(const PurchaseFilter& filter,
                                                              int limit) override;
  absl::StatusOr<std::optional<domain::Return>> FindReturn(const std::string& return_id) override;
  absl::StatusOr<std::vector<domain::Reservation>> ListReservations(const domain::MemberId& member,
                                                                    const std::string& after,
                                                                    int limit) override;
  absl::StatusOr<std::vector<domain::Coupon>> ListCoupons(const domain::MemberId& member,
                                                          const std::string& after,
                                                          int limit) override;
  absl::StatusOr<std::vector<domain::TierRecord>> ListTierRecords(const domain::MemberId& member,
                                                                  int64_t after,
                                                                  int limit) override;
  absl::StatusOr<std::vector<domain::Return>> ListReturns(const ReturnFilter& filter,
                                                          int limit) override;
  absl::StatusOr<std::vector<FoundWork>> ListOpenWork(const WorkCursor& after, int limit) override;
  absl::StatusOr<std::vector<domain::WorkItem>> ListWorkOf(const domain::MemberId& member,
                                                           domain::WorkKind kind,
                                                           const std::string& after,
                                                           int limit) override;
  absl::StatusOr<std::vector<domain::Activity>> ListActivities(const ActivityFilter& filter,
                                                               int limit) override;
  absl::StatusOr<std::vector<domain::LedgerEntry>> ListEntries(const EntryFilter& filter,
                                                               int limit) override;
  absl::StatusOr<std::vector<domain::Account>> BalancesAt(
      const domain::MemberId& member, absl::Time time, std::optional<absl::Time> known_at) override;
  absl::StatusOr<FamilyRecords> ReadRecords(const std::optional<domain::MemberId>& after) override;
  absl::StatusOr<MembersByRequest> FindBoth(const std::vector<std::string>& request_ids) override;
  absl::StatusOr<domain::StoredCounters> ReadCounters() override;
  absl::StatusOr<std::vector<domain::UnevenTransfer>> FindUnevenTransfers(int limit) override;
  absl::StatusOr<std::vector<DueMember>> DueMembers(absl::Time now, int limit,
                                                    const DueMember& after) override;
  absl::StatusOr<std::vector<domain::GivenAway>> ListGivenAway(absl::Time occurred_from,
                                                               absl::Time occurred_until) override;
  absl::StatusOr<std::vector<domain::InUse>> ListInUse(
      domain::PartKind kind, absl::Time now,
      absl::FunctionRef<void(const domain::MemberState&)> due) override;
  absl::StatusOr<absl::Time> NextDueAt() override;
  absl::StatusOr<std::vector<LoggedCommand>> ListLog(const LogPositions& after, int limit) override;
  absl::StatusOr<LogPositions> LogEnds() override;
  absl::StatusOr<std::vector<AuditEntry>> ListAudit(const AuditFilter& filter, int limit) override;
  absl::StatusOr<std::vector<AuditEntry>> ReadAudit(int partition, int64_t after,
                                                    int limit) override;
  absl::StatusOr<AuditEnds> ReadAuditEnds() override;
  absl::StatusOr<std::optional<StoredClock>> ReadClock() override;
  absl::StatusOr<StoredTotals> Totals(
      absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due) override;
  absl::StatusOr<domain::Outstanding> SumOutstanding(
      const domain::OutstandingPieces& pieces, absl::Time now, HeldVisitor held,
      absl::FunctionRef<void(const domain::MemberState&)> due) override;

 private:
  // Runs `read` with a connection; once more with a new one where the first, which
  // may have been idle for hours, turns out to be lost.
  static absl::Status WithConnection(Pool& pool,
                                     absl::FunctionRef<absl::Status(Pool::Lease&)> read);
  // The rows of a statement; for rows.h to read.
  template <typename Stored>
  absl::StatusOr<std::vector<Stored>> List(const SqlText& sql);

  Pool& pool_;
  Pool& reports_;
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_READER_H_
