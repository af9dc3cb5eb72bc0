#ifndef DANGOL_SERVER_STORAGE_SQLITE_READER_H_
#define DANGOL_SERVER_STORAGE_SQLITE_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/loading.h"
#include "server/storage/storage.h"

namespace dangol::storage::sqlite {

// Reads over a connection of its own; WAL lets it read while others write.
class SqliteReader final : public Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Make(const std::string& path);

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
  class Snapshot;

  SqliteReader(std::unique_ptr<Connection> connection, std::unique_ptr<Loader> loader)
      : connection_(std::move(connection)), loader_(std::move(loader)) {}

  absl::Status PrepareAll();
  absl::Status PrepareLog();
  absl::Status ReadDue(absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due);

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Loader> loader_;
  Statement begin_;
  Statement end_;
  Statement list_members_;
  Statement list_advocates_;
  Statement list_referred_;
  Statement list_open_work_;
  Statement list_work_of_;
  Statement find_purchase_;
  Statement find_return_;
  Statement list_reservations_;
  Statement list_coupons_;
  Statement list_tier_records_;
  Statement list_purchases_;
  Statement list_activities_;
  Statement list_returns_;
  Statement list_entries_;
  Statement sum_entries_;
  Statement list_due_;
  Statement find_next_due_;
  Statement find_clock_;
  Statement list_log_;
  Statement find_log_end_;
};

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_READER_H_
