#include "server/lane/lanes.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"

namespace dangol::lane {
namespace {

// Commands with the same number go to the same lane. A member who is named by an
// alias, or by what they bought, reserved or took, is not known here: that stands for them.
size_t Spread(const domain::Command& command) {
  const std::optional<domain::MemberRef> member = domain::MemberOf(command);
  if (!member.has_value()) return 0;
  if (member->id.has_value()) return static_cast<size_t>(storage::PartitionOf(*member->id));
  return absl::HashOf(member->alias, member->purchase_id, member->reservation_id,
                      member->coupon_code);
}

}  // namespace

Lanes::Lanes(const Options& options, storage::Store& store, ProgramLibrary& programs,
             const Clock& clock)
    : backlog_(options.max_queued, options.max_queued_bytes) {
  const int lanes = options.lanes > 0 ? options.lanes : store.lanes();
  for (int i = 0; i < lanes; ++i) {
    lanes_.push_back(std::make_unique<Lane>(options.max_batch, backlog_,
                                            Executor(store, programs, clock, options.observer),
                                            options.executed));
  }
}

Lanes::~Lanes() { Drain(); }

Lane& Lanes::LaneOf(const domain::Command& command) {
  return *lanes_[lanes_.size() == 1 ? 0 : Spread(command) % lanes_.size()];
}

void Lanes::Submit(Request request) {
  const absl::Status admitted = backlog_.Admit(1, request.action.size());
  if (!admitted.ok()) return request.done(admitted);
  Lane& lane = LaneOf(request.command);
  std::vector<Request> single;
  single.push_back(std::move(request));
  lane.Submit(std::move(single));
}

void Lanes::SubmitAll(std::vector<Request> requests) {
  size_t bytes = 0;
  for (const Request& request : requests) bytes += request.action.size();
  const absl::Status admitted = backlog_.Admit(requests.size(), bytes);
  if (!admitted.ok()) {
    for (Request& request : requests) request.done(admitted);
    return;
  }
  absl::flat_hash_map<Lane*, std::vector<Request>> parts;
  for (Request& request : requests) {
    Lane* const lane = &LaneOf(request.command);
    parts[lane].push_back(std::move(request));
  }
  for (auto& [lane, part] : parts) lane->Submit(std::move(part));
}

void Lanes::Drain() {
  backlog_.Close();
  for (const std::unique_ptr<Lane>& lane : lanes_) lane->Drain();
}

}  // namespace dangol::lane
