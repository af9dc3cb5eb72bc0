#include "cli/import/lifetime_sums.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/blocking_counter.h"
#include "cli/errors.h"
#include "cli/import/batch.h"
#include "cli/import/fields.h"
#include "dangol/error.h"

namespace dangol::cli {
namespace {

// Those that are the same for all rows may be left out; the names are in ReadHeader, in the same
// order, and columns with sums follow.
enum Column { kMemberId, kAliasKind, kAliasValue, kSource, kDay, kFirstSum };

const std::vector<std::string>& NamesOfColumns() {
  static const auto* const kNames =
      new std::vector<std::string>({"member_id", "alias_kind", "alias_value", "source", "day"});
  return *kNames;
}

// The same for the same row, however its file is written.
std::string RequestIdOf(const v1::ImportLifetimeSumsRequest& request,
                        const std::vector<std::string>& sums, const std::string& run) {
  const v1::MemberRef& member = request.member();
  std::string text =
      absl::StrCat("lifetime\n", run, "\n", member.member_id(), "\n", member.alias().kind(), "\n",
                   member.alias().value(), "\n", request.source(), "\n", request.day());
  for (const std::string& sum : sums) absl::StrAppend(&text, "\n", sum);
  return ContentId(text);
}

bool IsOfRow(const absl::Status& error) {
  const ExitCode code = ExitCodeOf(error);
  return code == ExitCode::kInvalidArgument || code == ExitCode::kNotFound ||
         code == ExitCode::kConflict;
}

bool Removes(const v1::ImportLifetimeSumsRequest& request) {
  return std::all_of(request.sums().begin(), request.sums().end(),
                     [](const v1::LifetimeSum& sum) { return sum.amount() == 0; });
}

// Whether what a request brought is what the member has of its source.
bool IsInForce(const v1::ImportLifetimeSumsRequest& request,
               const v1::GetTierStatusResponse& status) {
  const auto is_there = [&](auto matches) {
    return std::any_of(status.imports().begin(), status.imports().end(), matches);
  };
  if (Removes(request)) {
    return !is_there(
        [&](const v1::LifetimeImport& import) { return import.source() == request.source(); });
  }
  return is_there([&](const v1::LifetimeImport& import) {
    return import.request_id() == request.request_id();
  });
}

// Sends what can be under way at the same time.
class LifetimeSender {
 public:
  LifetimeSender(Client client, ImportReport& report)
      : client_(std::move(client)), report_(report) {}

  absl::Status Send(const std::vector<ReadLifetime>& wave) {
    using Answer = absl::StatusOr<v1::ImportLifetimeSumsResponse>;
    std::vector<Answer> answers(wave.size(), Answer(absl::UnknownError("not answered")));
    absl::BlockingCounter open(static_cast<int>(wave.size()));
    for (size_t i = 0; i < wave.size(); ++i) {
      client_.AsyncImportLifetimeSums(wave[i].request, [&, i](const Answer& answer) {
        answers[i] = answer;
        open.DecrementCount();
      });
    }
    open.Wait();
    std::vector<const ReadLifetime*> replayed;
    for (size_t i = 0; i < wave.size(); ++i) {
      if (answers[i].ok()) {
        if (answers[i]->replayed()) replayed.push_back(&wave[i]);
        if (!answers[i]->replayed()) ++totals_.imported;
      } else if (IsOfRow(answers[i].status())) {
        Refuse(wave[i], answers[i].status(), ProblemOf(answers[i].status()));
      } else {
        return answers[i].status();
      }
    }
    return LookUp(replayed);
  }

  LifetimeTotals& totals() { return totals_; }

 private:
  // An answer to what was imported before is as of then. Other sums may have come since: then the
  // row has no effect, and that must not look like success.
  absl::Status LookUp(const std::vector<const ReadLifetime*>& replayed) {
    using Answer = absl::StatusOr<v1::GetTierStatusResponse>;
    std::vector<Answer> answers(replayed.size(), Answer(absl::UnknownError("not answered")));
    absl::BlockingCounter open(static_cast<int>(replayed.size()));
    for (size_t i = 0; i < replayed.size(); ++i) {
      v1::GetTierStatusRequest request;
      *request.mutable_member() = replayed[i]->request.member();
      client_.AsyncGetTierStatus(std::move(request), [&, i](const Answer& answer) {
        answers[i] = answer;
        open.DecrementCount();
      });
    }
    open.Wait();
    for (size_t i = 0; i < replayed.size(); ++i) {
      if (!answers[i].ok()) return answers[i].status();
      if (IsInForce(replayed[i]->request, *answers[i])) {
        ++totals_.replayed;
        continue;
      }
      const absl::Status error = MakeError(
          absl::StatusCode::kFailedPrecondition, "REPLACED_SINCE",
          "was imported before, and the same source has said something else since; with another "
          "--run it is imported again");
      Refuse(*replayed[i], error, ProblemOf(error));
    }
    return absl::OkStatus();
  }

  void Refuse(const ReadLifetime& read, const absl::Status& error, const RowProblem& problem) {
    ++totals_.refused;
    if (totals_.first_refusal.ok()) totals_.first_refusal = error;
    report_.Reject(read.row, problem);
  }

  Client client_;
  ImportReport& report_;
  LifetimeTotals totals_;
};

}  // namespace

absl::StatusOr<v1::TierCriterion> ParseCounted(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  const std::string of = parts.size() == 2 ? parts[1] : "";
  v1::TierCriterion counted;
  if (text == "purchases") {
    counted.mutable_purchases();
  } else if (text == "visits") {
    counted.mutable_visits();
  } else if (parts[0] == "net_spend" && !of.empty()) {
    counted.set_net_spend(of);
  } else if (parts[0] == "qualifying_points" && !of.empty()) {
    counted.set_qualifying_points(of);
  } else if (parts[0] == "activities" && !of.empty()) {
    counted.set_activities(of);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text,
                     "\" is none of purchases, visits, net_spend:CURRENCY, "
                     "qualifying_points:WALLET and activities:KIND"));
  }
  return counted;
}

absl::StatusOr<v1::LifetimeSum> ParseLifetimeSum(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '=');
  const std::optional<int64_t> amount =
      parts.size() == 2 ? ReadInteger(parts[1]) : std::optional<int64_t>();
  if (!amount.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a sum such as net_spend:EUR=120000"));
  }
  absl::StatusOr<v1::TierCriterion> counted = ParseCounted(parts[0]);
  if (!counted.ok()) return counted.status();
  v1::LifetimeSum sum;
  *sum.mutable_counted() = *std::move(counted);
  sum.set_amount(*amount);
  return sum;
}

LifetimeSource::LifetimeSource(Input& input, LifetimeDefaults defaults, RejectSink reject)
    : input_(input), reader_(input), defaults_(std::move(defaults)), reject_(std::move(reject)) {
  input.SkipByteOrderMark();
}

absl::StatusOr<bool> LifetimeSource::Next(ReadLifetime& read) {
  if (!header_read_) {
    if (absl::Status status = ReadHeader(); !status.ok()) return status;
  }
  CsvRecord record;
  while (reader_.Next(record)) {
    ++rows_read_;
    read.request.Clear();
    const std::optional<RowProblem> problem = ReadRow(record, read.request);
    read.row = {.line = record.line, .text = std::move(record.text)};
    if (!problem.has_value()) return true;
    reject_(read.row, *problem);
  }
  if (!input_.status().ok()) return input_.status();
  return false;
}

absl::Status LifetimeSource::ReadHeader() {
  header_read_ = true;
  const absl::StatusOr<CsvRecord> header = ReadHeaderRow(input_, reader_);
  if (!header.ok()) return header.status();
  std::vector<std::string> names = NamesOfColumns();
  for (const std::string& name : header->fields) {
    if (std::find(names.begin(), names.begin() + kFirstSum, name) != names.begin() + kFirstSum) {
      continue;
    }
    // What is misspelt would be lost in silence.
    if (const auto counted = ParseCounted(name); !counted.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the column ", std::string(counted.status().message()), ", and no other that is known (",
          absl::StrJoin(NamesOfColumns(), ", "), ")"));
    }
    names.push_back(name);
  }
  absl::StatusOr<Columns> columns = Columns::Find(header->fields, {}, names);
  if (!columns.ok()) return columns.status();
  columns_ = *std::move(columns);
  sums_ = {names.begin() + kFirstSum, names.end()};
  if (!sums_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("the header has no column with sums, such as net_spend:EUR");
}

std::optional<RowProblem> LifetimeSource::ReadRow(const CsvRecord& record,
                                                  v1::ImportLifetimeSumsRequest& request) const {
  if (auto problem = CheckRecord(record, columns_.width())) return problem;
  if (!IsUtf8(record.text)) return NotUtf8();
  if (auto problem = ReadMember(columns_.Get(record, kMemberId), columns_.Get(record, kAliasKind),
                                columns_.Get(record, kAliasValue), *request.mutable_member())) {
    return problem;
  }
  const std::string& source = columns_.Get(record, kSource);
  const std::string& day = columns_.Get(record, kDay);
  request.set_source(source.empty() ? defaults_.source : source);
  request.set_day(day.empty() ? defaults_.day : day);
  std::vector<std::string> said;
  for (size_t i = 0; i < sums_.size(); ++i) {
    const std::string& amount = columns_.Get(record, kFirstSum + i);
    if (amount.empty()) continue;
    said.push_back(absl::StrCat(sums_[i], "=", amount));
    const absl::StatusOr<v1::LifetimeSum> sum = ParseLifetimeSum(said.back());
    if (!sum.ok()) return RowProblem{"BAD_NUMBER", std::string(sum.status().message())};
    *request.add_sums() = *sum;
  }
  // A row without any would remove what is there: that takes a 0.
  if (said.empty()) return RowProblem{"NO_SUMS", "the row has no sums; 0 removes what is there"};
  request.set_request_id(RequestIdOf(request, said, defaults_.run));
  return std::nullopt;
}

absl::StatusOr<LifetimeTotals> ImportLifetimes(LifetimeSource& source, Client client, int calls,
                                               ImportReport& report) {
  LifetimeSender sender(std::move(client), report);
  std::vector<ReadLifetime> wave;
  std::set<std::pair<std::string, std::string>> of_wave;  // By member and source.
  for (bool more = true; more;) {
    ReadLifetime read;
    const absl::StatusOr<bool> next = source.Next(read);
    if (!next.ok()) return next.status();
    more = *next;
    const std::pair key(read.request.member().SerializeAsString(), read.request.source());
    const bool is_full = static_cast<int>(wave.size()) == calls || of_wave.count(key) != 0;
    if ((is_full || !more) && !wave.empty()) {
      if (absl::Status status = sender.Send(wave); !status.ok()) return status;
      wave.clear();
      of_wave.clear();
    }
    if (!more) break;
    of_wave.insert(key);
    wave.push_back(std::move(read));
  }
  if (absl::Status status = report.Close(); !status.ok()) return status;
  sender.totals().rows_read = source.rows_read();
  return sender.totals();
}

}  // namespace dangol::cli
