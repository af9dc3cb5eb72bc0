#include "cli/import/csv_reader.h"

namespace dangol::cli {

bool CsvReader::Next(CsvRecord& record) {
  while (input_.Peek() != Input::kEnd) {
    if (AtLineEnd()) {
      TakeLineEnd();
      continue;
    }
    record.line = line_;
    record.text.clear();
    record.fields.clear();
    record.problem.clear();
    ReadRecord(record);
    return true;
  }
  return false;
}

void CsvReader::ReadRecord(CsvRecord& record) {
  while (true) {
    std::string field;
    const bool readable =
        input_.Peek() == '"' ? ReadQuoted(record, field) : ReadPlain(record, field);
    if (!readable) return SkipLine(record);
    record.fields.push_back(std::move(field));
    if (AtLineEnd()) return TakeLineEnd();
    Take(record);  // The comma.
  }
}

bool CsvReader::ReadQuoted(CsvRecord& record, std::string& field) {
  Take(record);
  while (true) {
    const int byte = input_.Peek();
    if (byte == Input::kEnd) {
      record.problem = "a quoted field is not closed";
      return false;
    }
    if (record.text.size() >= kRecordBytesMax) {
      record.problem = "the record is too long; is a quote not closed?";
      return false;
    }
    Take(record);
    if (byte == '"') {
      if (input_.Peek() != '"') break;
      Take(record);
    }
    field.push_back(static_cast<char>(byte));
  }
  if (input_.Peek() == ',' || AtLineEnd()) return true;
  record.problem = "text follows a closing quote";
  return false;
}

bool CsvReader::ReadPlain(CsvRecord& record, std::string& field) {
  while (!AtLineEnd() && input_.Peek() != ',') {
    if (input_.Peek() == '"') {
      record.problem = "a quote stands inside an unquoted field";
      return false;
    }
    if (record.text.size() >= kRecordBytesMax) {
      record.problem = "the record is too long";
      return false;
    }
    field.push_back(static_cast<char>(Take(record)));
  }
  return true;
}

int CsvReader::Take(CsvRecord& record) {
  const int byte = input_.Get();
  record.text.push_back(static_cast<char>(byte));
  // Only a quoted field gets here with a line end; a CRLF counts at its LF.
  if (byte == '\n' || (byte == '\r' && input_.Peek() != '\n')) ++line_;
  return byte;
}

bool CsvReader::AtLineEnd() {
  const int byte = input_.Peek();
  return byte == '\n' || byte == '\r' || byte == Input::kEnd;
}

void CsvReader::SkipLine(CsvRecord& record) {
  while (!AtLineEnd()) {
    const int byte = input_.Get();
    if (record.text.size() < kRecordBytesMax) record.text.push_back(static_cast<char>(byte));
  }
  TakeLineEnd();
}

void CsvReader::TakeLineEnd() {
  if (input_.Get() == '\r' && input_.Peek() == '\n') input_.Get();
  ++line_;
}

}  // namespace dangol::cli
