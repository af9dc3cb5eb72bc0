#include "server/rpc/activity/activity_reads.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/program/calendar.h"
#include "server/domain/standing/profile.h"
#include "server/rpc/activity/convert_activity.h"
#include "server/rpc/activity/convert_profile.h"
#include "server/rpc/dated_page.h"
#include "server/rpc/member_read.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using domain::DayNumber;

// The member as they are now, with what is needed to judge them.
absl::StatusOr<Found> LoadPerson(const domain::MemberRef& ref, const Backend& backend,
                                 storage::Reader& reader) {
  ASSIGN_OR_RETURN(Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     return reads;
                   }));
  if (found.loaded.Find(ref) == nullptr) return domain::MemberNotFound(ref);
  if (found.catalog->At(found.now) == nullptr) return domain::ProgramMissing();
  return found;
}

// Tells the builder all that may belong to its window.
absl::Status AddAll(const domain::MemberId& member, storage::Reader& reader,
                    domain::ProfileBuilder& builder) {
  const auto add = [&](const auto& item) {
    builder.Add(item);
    return true;
  };
  storage::PurchaseFilter purchases{member, builder.from(), builder.until(), {}};
  RETURN_IF_ERROR(ForEachOf<domain::Purchase>(purchases, reader, &storage::Reader::ListPurchases,
                                              CursorOf, add));
  storage::ReturnFilter returns;
  returns.member_id = member;
  returns.before = storage::PurchaseCursor{builder.until(), ""};
  returns.occurred_from = builder.from();
  RETURN_IF_ERROR(
      ForEachOf<domain::Return>(returns, reader, &storage::Reader::ListReturns, CursorOf, add));
  storage::ActivityFilter activities;
  activities.member_id = member;
  activities.occurred_from = builder.from();
  activities.occurred_until = builder.until();
  return ForEachOf<domain::Activity>(activities, reader, &storage::Reader::ListActivities, CursorOf,
                                     add);
}

}  // namespace

absl::Status ListActivities(const v1::ListActivitiesRequest& message, Backend&,
                            storage::Reader& reader, v1::ListActivitiesResponse& response) {
  Validator validator;
  domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  ref.resolve = domain::Resolve::kToPerson;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  storage::ActivityFilter filter;
  filter.kind = message.kind();
  if (!filter.kind.empty()) validator.Name(Path("kind"), filter.kind, limits::kMaxNameBytes);
  if (message.has_occurred_from()) {
    filter.occurred_from = validator.Time(Path("occurred_from"), message.occurred_from());
  }
  if (message.has_occurred_until()) {
    filter.occurred_until = validator.Time(Path("occurred_until"), message.occurred_until());
  }
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(filter.member_id, FindMember(ref, reader));

  const std::string list = absl::StrCat("activities/", filter.member_id.ToString(), "/",
                                        filter.kind, "/", absl::ToUnixMicros(filter.occurred_from),
                                        "/", absl::ToUnixMicros(filter.occurred_until));
  ASSIGN_OR_RETURN(filter.before, CursorOf(list, message.page_token()));
  return FillDatedPage(list, page_size, filter, reader, &storage::Reader::ListActivities, CursorOf,
                       ToProto, *response.mutable_activities(), response);
}

absl::Status GetProfile(const v1::GetProfileRequest& message, Backend& backend,
                        storage::Reader& reader, v1::GetProfileResponse& response) {
  ASSIGN_OR_RETURN(const ProfileQuery query, ToQuery(message));
  // Pages are read one after the other: what is recorded in between would be seen in part.
  for (int attempt = 0; attempt < limits::kMaxProfileAttempts; ++attempt) {
    ASSIGN_OR_RETURN(const Found found, LoadPerson(query.member, backend, reader));
    const domain::Member& member = found.loaded.Find(query.member)->member;
    const absl::TimeZone zone = found.catalog->At(found.now)->program->time_zone;
    const DayNumber today = domain::NumberOf(absl::ToCivilDay(found.now, zone));
    domain::ProfileBuilder builder(WindowOf(query, today), today, *found.catalog);
    RETURN_IF_ERROR(AddAll(member.id, reader, builder));
    ASSIGN_OR_RETURN(const Found after, LoadPerson(query.member, backend, reader));
    const domain::Member& now = after.loaded.Find(query.member)->member;
    if (now.id != member.id || now.version != member.version) continue;
    response.set_member_id(member.id.ToString());
    ToProto(builder.Finish(query.favourites), response);
    return absl::OkStatus();
  }
  return domain::MemberBusy();
}

}  // namespace dangol::rpc
