#include "cli/import/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "text_input.h"

namespace dangol::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Fields = std::vector<std::string>;

std::vector<CsvRecord> ReadAll(const std::string& text) {
  Input input = TextInput(text);
  input.SkipByteOrderMark();
  CsvReader reader(input);
  std::vector<CsvRecord> records;
  for (CsvRecord record; reader.Next(record);) records.push_back(record);
  return records;
}

TEST(CsvReader, ReadsWhatRfc4180Allows) {
  struct Case {
    std::string text;
    std::vector<Fields> records;
  };
  for (const Case& given : {
           Case{"", {}},
           Case{"a", {{"a"}}},
           Case{"a,b\n", {{"a", "b"}}},
           Case{"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
           Case{"a\rb\r", {{"a"}, {"b"}}},
           Case{"a,\n", {{"a", ""}}},
           Case{",\n", {{"", ""}}},
           Case{"\"\",x\n", {{"", "x"}}},
           Case{"\"a,b\",c\n", {{"a,b", "c"}}},
           Case{"\"say \"\"hi\"\"\"\n", {{"say \"hi\""}}},
           Case{"\"\"\"\"\n", {{"\""}}},
           Case{"\"two\nlines\",x\n", {{"two\nlines", "x"}}},
           Case{"\"two\r\nlines\"\r\nnext\r\n", {{"two\r\nlines"}, {"next"}}},
           Case{" a , b \n", {{" a ", " b "}}},
           Case{"\n\na\n\n\nb\n\n", {{"a"}, {"b"}}},
           Case{"\xef\xbb\xbf"
                "a,b\n",
                {{"a", "b"}}},
           Case{"단골,é\n", {{"단골", "é"}}},
           Case{std::string("a\0b,c\n", 6), {{std::string("a\0b", 3), "c"}}},
       }) {
    std::vector<Fields> records;
    for (const CsvRecord& record : ReadAll(given.text)) {
      EXPECT_EQ(record.problem, "") << given.text;
      records.push_back(record.fields);
    }
    EXPECT_EQ(records, given.records) << given.text;
  }
}

TEST(CsvReader, GoesOnAfterABrokenRecord) {
  struct Case {
    std::string text;
    std::string problem;
    Fields before;
  };
  for (const Case& given :
       {Case{"id,ab\"c,d\nnext\n", "a quote stands inside an unquoted field", {"id"}},
        Case{"id,\"ab\"c,d\nnext\n", "text follows a closing quote", {"id"}},
        Case{"\"ab\" ,d\r\nnext\n", "text follows a closing quote", {}}}) {
    const std::vector<CsvRecord> records = ReadAll(given.text);
    ASSERT_EQ(records.size(), 2) << given.text;
    EXPECT_EQ(records[0].problem, given.problem);
    EXPECT_EQ(records[0].fields, given.before);
    EXPECT_EQ(records[0].text, given.text.substr(0, given.text.find_first_of("\r\n")));
    EXPECT_EQ(records[1].problem, "");
    EXPECT_THAT(records[1].fields, ElementsAre("next"));
    EXPECT_EQ(records[1].line, 2);
  }
}

TEST(CsvReader, ReportsAQuoteThatIsNeverClosed) {
  const std::vector<CsvRecord> records = ReadAll("a,\"b\nc\nd\n");
  ASSERT_EQ(records.size(), 1);
  EXPECT_EQ(records[0].problem, "a quoted field is not closed");
}

TEST(CsvReader, AnUnclosedQuoteDoesNotSwallowALongFile) {
  std::string text = "a,\"b\n";
  while (text.size() < 2 * kRecordBytesMax) text += "1234567,1234567\n";
  text += "\"last\",row\n";
  const std::vector<CsvRecord> records = ReadAll(text);
  ASSERT_GT(records.size(), 1000);
  EXPECT_EQ(records[0].problem, "the record is too long; is a quote not closed?");
  EXPECT_LE(records[0].text.size(), kRecordBytesMax + 16);
  EXPECT_THAT(records.back().fields, ElementsAre("last", "row"));
}

TEST(CsvReader, CountsLinesOfTheFile) {
  const std::vector<CsvRecord> records =
      ReadAll("header\r\n\"a\nb\nc\"\n\nafter empty\r\n\"d\r\ne\"\rlast");
  std::vector<int64_t> lines;
  for (const CsvRecord& record : records) lines.push_back(record.line);
  EXPECT_THAT(lines, ElementsAre(1, 2, 6, 7, 9));
}

TEST(CsvReader, KeepsTheRecordAsItStands) {
  const std::string text = "\"a \"\"x\"\"\",b,\"c\nd\"";
  EXPECT_EQ(ReadAll(text + "\nnext\n")[0].text, text);
}

// Whatever fields are written, the same are read.
TEST(CsvReader, ReadsBackWhatIsWritten) {
  std::mt19937 random(20240531);
  const std::string letters = "ab\",\r\n 가";
  for (int round = 0; round < 500; ++round) {
    std::vector<Fields> written;
    std::string text;
    for (size_t row = 0; row < 1 + random() % 4; ++row) {
      Fields fields;
      for (size_t column = 0; column < 1 + random() % 4; ++column) {
        std::string field;
        for (size_t i = random() % 6; i > 0; --i) field += letters[random() % letters.size()];
        text += column == 0 ? "\"" : ",\"";
        for (const char letter : field) text += letter == '"' ? "\"\"" : std::string(1, letter);
        text += '"';
        fields.push_back(field);
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
      written.push_back(fields);
    }
    std::vector<Fields> read;
    for (const CsvRecord& record : ReadAll(text)) read.push_back(record.fields);
    ASSERT_EQ(read, written) << text;
  }
}

// Hostile bytes: it ends, and every byte of input is in some record.
TEST(CsvReader, SurvivesNoise) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string noise;
    for (size_t i = random() % 60; i > 0; --i) {
      noise += std::string("\"\",\r\n\xff\x00x", 8)[random() % 8];
    }
    size_t kept = 0;
    for (const CsvRecord& record : ReadAll(noise)) {
      EXPECT_TRUE(record.problem.empty() ? !record.fields.empty() : true);
      kept += record.text.size();
    }
    EXPECT_LE(kept, noise.size());
    size_t content = 0;
    for (const char byte : noise) content += byte != '\r' && byte != '\n' ? 1 : 0;
    EXPECT_GE(kept, content);
  }
}

}  // namespace
}  // namespace dangol::cli
