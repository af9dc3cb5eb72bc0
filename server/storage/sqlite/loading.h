#ifndef DANGOL_SERVER_STORAGE_SQLITE_LOADING_H_
#define DANGOL_SERVER_STORAGE_SQLITE_LOADING_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/storage.h"

namespace dangol::storage::sqlite {

// Loads key sets over one connection. Here a query is a function call and not a
// round trip, so keys are looked up one by one.
class Loader {
 public:
  static absl::StatusOr<std::unique_ptr<Loader>> Make(Connection& connection);

  // Must run inside a transaction, to see one state.
  absl::StatusOr<Loaded> Load(const KeySet& keys);

  // Fills in what belongs to a member beside their own row.
  absl::Status LoadBelongings(const domain::MemberNeeds& needs, absl::Time now,
                              domain::MemberState& state);

 private:
  absl::Status LoadRequests(const std::vector<RequestKey>& requests, Loaded& loaded);
  absl::Status LoadCommands(const std::vector<RequestKey>& commands, Loaded& loaded);
  absl::Status LoadAlias(const domain::Alias& alias, Loaded& loaded);
  // The member that a reference names; nothing where it names none.
  absl::StatusOr<std::optional<domain::MemberId>> Resolve(const domain::MemberRef& ref,
                                                          absl::Time now, Loaded& loaded);
  absl::Status LoadPastOwner(const domain::Alias& alias, absl::Time as_of, Loaded& loaded);
  absl::Status LoadOrigin(const RequestKey& key, Loaded& loaded);
  absl::Status LoadMember(const domain::MemberId& id, const domain::MemberNeeds& needs,
                          absl::Time now, Loaded& loaded);
  absl::Status LoadLots(domain::MemberState& state);
  absl::Status LoadReservation(const std::string& reservation_id, domain::MemberState& state);
  absl::Status LoadCoupons(const domain::MemberNeeds& needs, domain::MemberState& state);
  absl::Status LoadPurchase(const std::string& purchase_id, domain::MemberState& state);
  absl::Status LoadReturn(const std::string& return_id, const domain::MemberId& member,
                          Loaded& loaded);
  absl::Status LoadActivity(const std::string& activity_id, domain::MemberState& state);
  absl::Status LoadAdjustment(const std::string& request_id, domain::MemberState& state);
  absl::Status LoadPurchases(const domain::PurchasesWithin& within, domain::MemberState& state);
  absl::Status LoadGone(domain::MemberState& state);
  absl::Status LoadGoneIn(const domain::MemberId& purse, domain::MemberState& state);
  // The reservations that the purchases name.
  absl::Status LoadPayments(const domain::MemberState& buyer, Loaded& loaded);
  absl::Status LoadCounter(const std::string& name, Loaded& loaded);
  absl::Status LoadRules(int64_t after_version, Loaded& loaded);

  Connection* connection_ = nullptr;
  Statement find_request_;
  Statement find_command_;
  Statement find_origin_;
  Statement find_alias_;
  Statement find_past_owner_;
  Statement find_member_;
  Statement list_accounts_;
  Statement list_lots_;
  Statement list_aliases_;
  Statement list_held_;
  Statement find_reservation_;
  Statement find_coupon_owner_;
  Statement list_issued_;
  Statement list_awards_;
  Statement find_coupon_;
  Statement list_coupons_of_reward_;
  Statement find_purchase_;
  Statement find_return_;
  Statement find_activity_;
  Statement find_work_item_;
  Statement list_purchases_;
  Statement sum_gone_;
  Statement find_counter_;
  Statement list_rules_;
};

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_LOADING_H_
