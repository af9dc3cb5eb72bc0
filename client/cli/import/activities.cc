#include "cli/import/activities.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/errors.h"
#include "cli/import/csv_purchases.h"
#include "cli/import/csv_reader.h"
#include "google/protobuf/util/json_util.h"

namespace dangol::cli {
namespace {

// How often what the server is too busy for is sent again.
constexpr int kResends = 10;
constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLastPause = absl::Seconds(5);

// It is what makes running an import again harmless.
std::optional<RowProblem> CheckId(const v1::Activity& activity) {
  if (!activity.activity_id().empty()) return std::nullopt;
  return RowProblem{"NO_ACTIVITY_ID", "the activity has no activity_id"};
}

class JsonActivities : public ActivitySource {
 public:
  JsonActivities(Input& input, RejectSink reject) : input_(input), reject_(std::move(reject)) {}

  absl::StatusOr<bool> Next(ReadActivity& read) override {
    while (true) {
      read.row.line = ++line_;
      const bool fits = ReadLine(input_, kRecordBytesMax, read.row.text);
      if (read.row.text.empty()) {
        if (input_.Peek() != Input::kEnd) continue;
        if (!input_.status().ok()) return input_.status();
        return false;
      }
      ++rows_read_;
      const std::optional<RowProblem> problem = Parse(fits, read);
      if (!problem.has_value()) return true;
      reject_(read.row, *problem);
    }
  }

  int64_t rows_read() const override { return rows_read_; }

 private:
  static std::optional<RowProblem> Parse(bool fits, ReadActivity& read) {
    if (!fits) return RowProblem{"MALFORMED_ROW", "the line is too long"};
    if (!IsUtf8(read.row.text)) return NotUtf8();
    read.activity.Clear();
    const auto status = google::protobuf::util::JsonStringToMessage(read.row.text, &read.activity);
    if (status.ok()) return CheckId(read.activity);
    return RowProblem{"MALFORMED_ROW", absl::StrCat("the line is not an activity in JSON: ",
                                                    std::string(status.message()))};
  }

  Input& input_;
  const RejectSink reject_;
  int64_t line_ = 0;
  int64_t rows_read_ = 0;
};

// Required columns first; the names are in ReadHeader, in the same order.
enum Column {
  kActivityId,
  kKind,
  kMemberId,
  kAliasKind,
  kAliasValue,
  kOccurredAt,
  kRewarded,
  kChannel,
  kReference
};

class CsvActivities : public ActivitySource {
 public:
  CsvActivities(Input& input, absl::TimeZone time_zone, RejectSink reject)
      : input_(input), reader_(input), time_zone_(time_zone), reject_(std::move(reject)) {}

  absl::StatusOr<bool> Next(ReadActivity& read) override {
    if (!header_read_) {
      if (absl::Status status = ReadHeader(); !status.ok()) return status;
    }
    CsvRecord record;
    while (reader_.Next(record)) {
      ++rows_read_;
      read.activity.Clear();
      const std::optional<RowProblem> problem = ReadRow(record, read.activity);
      read.row = {.line = record.line, .text = std::move(record.text)};
      if (!problem.has_value()) return true;
      reject_(read.row, *problem);
    }
    if (!input_.status().ok()) return input_.status();
    return false;
  }

  int64_t rows_read() const override { return rows_read_; }

 private:
  absl::Status ReadHeader() {
    header_read_ = true;
    const absl::StatusOr<CsvRecord> header = ReadHeaderRow(input_, reader_);
    if (!header.ok()) return header.status();
    auto columns = Columns::Find(header->fields, {"activity_id", "kind"},
                                 {"member_id", "alias_kind", "alias_value", "occurred_at",
                                  "rewarded", "channel", "reference"});
    if (!columns.ok()) return columns.status();
    columns_ = *std::move(columns);
    return absl::OkStatus();
  }

  std::optional<RowProblem> ReadRow(const CsvRecord& record, v1::Activity& activity) const {
    if (auto problem = CheckRecord(record, columns_.width())) return problem;
    if (!IsUtf8(record.text)) return NotUtf8();
    activity.set_activity_id(columns_.Get(record, kActivityId));
    activity.set_kind(columns_.Get(record, kKind));
    activity.set_channel(columns_.Get(record, kChannel));
    activity.set_reference(columns_.Get(record, kReference));
    if (auto problem = ReadMember(columns_.Get(record, kMemberId), columns_.Get(record, kAliasKind),
                                  columns_.Get(record, kAliasValue), *activity.mutable_member())) {
      return problem;
    }
    const std::string& occurred_at = columns_.Get(record, kOccurredAt);
    if (!occurred_at.empty()) {
      auto problem = ReadOccurredAt(occurred_at, time_zone_, *activity.mutable_occurred_at());
      if (problem.has_value()) return problem;
    }
    const std::string& rewarded = columns_.Get(record, kRewarded);
    activity.set_rewarded(rewarded == "true" || rewarded == "1");
    if (!rewarded.empty() && !activity.rewarded() && rewarded != "false" && rewarded != "0") {
      return RowProblem{
          "BAD_FLAG", absl::StrCat("rewarded: \"", rewarded, "\" is none of true, false, 1 and 0")};
    }
    return CheckId(activity);
  }

  Input& input_;
  CsvReader reader_;
  const absl::TimeZone time_zone_;
  const RejectSink reject_;
  bool header_read_ = false;
  Columns columns_;
  int64_t rows_read_ = 0;
};

// Sends one batch until each of its activities has an outcome.
class ActivitySender {
 public:
  ActivitySender(Client client, ImportReport& report)
      : client_(std::move(client)), report_(report) {}

  absl::Status Send(std::vector<ReadActivity> left) {
    absl::Duration pause = kFirstPause;
    for (int resends = 0; !left.empty(); ++resends) {
      absl::Status busy;
      absl::StatusOr<std::vector<ReadActivity>> unsettled = SendOnce(std::move(left), busy);
      if (!unsettled.ok()) return unsettled.status();
      left = *std::move(unsettled);
      if (left.empty()) break;
      if (resends == kResends) return busy;
      absl::SleepFor(std::max(pause, RetryDelay(busy).value_or(pause)));
      pause = std::min(pause * 2, kLastPause);
    }
    return absl::OkStatus();
  }

  ActivityTotals& totals() { return totals_; }

 private:
  // What the server was too busy for.
  absl::StatusOr<std::vector<ReadActivity>> SendOnce(std::vector<ReadActivity> batch,
                                                     absl::Status& busy) {
    v1::BatchRecordActivitiesRequest request;
    for (const ReadActivity& read : batch) *request.add_activities() = read.activity;
    const auto response = client_.BatchRecordActivities(std::move(request));
    if (!response.ok()) return response.status();
    if (response->results_size() != static_cast<int>(batch.size())) {
      return absl::InternalError("the server answered another number of activities than were sent");
    }
    std::vector<ReadActivity> unsettled;
    for (size_t i = 0; i < batch.size(); ++i) {
      const v1::RecordActivityResult& result = response->results(static_cast<int>(i));
      const absl::Status error =
          result.has_response() ? absl::OkStatus() : ToStatus(result.error());
      if (error.ok()) {
        Count(result.response());
      } else if (IsTransient(error)) {
        busy = error;
        unsettled.push_back(std::move(batch[i]));
      } else {
        Refuse(batch[i], error);
      }
    }
    return unsettled;
  }

  void Count(const v1::RecordActivityResponse& response) {
    ++(response.replayed() ? totals_.replayed : totals_.recorded);
    if (response.outcome().counting() != v1::COUNTING_COUNTED) ++totals_.not_counted;
  }

  void Refuse(const ReadActivity& read, const absl::Status& error) {
    ++totals_.refused;
    if (totals_.first_refusal.ok()) totals_.first_refusal = error;
    report_.Reject(read.row, ProblemOf(error));
  }

  Client client_;
  ImportReport& report_;
  ActivityTotals totals_;
};

}  // namespace

std::unique_ptr<ActivitySource> MakeActivitySource(Input& input, absl::TimeZone time_zone,
                                                   RejectSink reject) {
  input.SkipByteOrderMark();
  if (input.Peek() == '{') return std::make_unique<JsonActivities>(input, std::move(reject));
  return std::make_unique<CsvActivities>(input, time_zone, std::move(reject));
}

absl::StatusOr<ActivityTotals> ImportActivities(ActivitySource& source, Client client, int batch,
                                                ImportReport& report) {
  ActivitySender sender(std::move(client), report);
  std::vector<ReadActivity> filling;
  while (true) {
    ReadActivity read;
    const absl::StatusOr<bool> more = source.Next(read);
    if (!more.ok()) return more.status();
    if (*more) filling.push_back(std::move(read));
    if (*more && static_cast<int>(filling.size()) < batch) continue;
    if (absl::Status status = sender.Send(std::exchange(filling, {})); !status.ok()) return status;
    if (!*more) break;
  }
  if (absl::Status status = report.Close(); !status.ok()) return status;
  sender.totals().rows_read = source.rows_read();
  return sender.totals();
}

}  // namespace dangol::cli
