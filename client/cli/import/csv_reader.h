#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/import/input.h"

namespace dangol::cli {

// Longest record or JSON line that is read; what is longer is a record with a
// problem, so that an unclosed quote does not swallow the file and the memory.
inline constexpr size_t kRecordBytesMax = size_t{4} * 1024 * 1024;

// One record of a CSV file.
struct CsvRecord {
  // The line of the file on which it begins, from 1.
  int64_t line = 0;
  // The record as it stands in the file, without the line end.
  std::string text;
  // Its fields, unquoted; with a problem, those before it.
  std::vector<std::string> fields;
  // What makes it unreadable; empty when it is fine.
  std::string problem;
};

// Reads CSV by RFC 4180: fields in quotes may hold commas, line ends and
// doubled quotes; lines end with LF, CRLF or CR. Empty lines are skipped. After
// a record that can't be read it goes on with the next line. Not thread safe.
class CsvReader {
 public:
  // `input` must outlive this and stand before the first record.
  explicit CsvReader(Input& input) : input_(input) {}

  // Reads the next record; false at the end (or at an error of the input).
  bool Next(CsvRecord& record);

 private:
  void ReadRecord(CsvRecord& record);
  // Each reads one field up to its end; false when the record is broken.
  bool ReadQuoted(CsvRecord& record, std::string& field);
  bool ReadPlain(CsvRecord& record, std::string& field);
  int Take(CsvRecord& record);
  bool AtLineEnd();
  void SkipLine(CsvRecord& record);
  void TakeLineEnd();

  Input& input_;
  int64_t line_ = 1;
};

}  // namespace dangol::cli
