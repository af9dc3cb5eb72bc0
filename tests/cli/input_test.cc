#include "cli/import/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>
#include <string>
#include <utility>

#include "text_input.h"

namespace dangol::cli {
namespace {

std::string Gzip(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

struct Unpacked {
  std::string text;
  absl::Status status;
};

Unpacked Unpack(const std::string& bytes, size_t chunk) {
  Input input(MakeUnpackingSource(std::make_unique<TextSource>(bytes, chunk)));
  Unpacked unpacked;
  for (int byte = input.Get(); byte != Input::kEnd; byte = input.Get()) {
    unpacked.text.push_back(static_cast<char>(byte));
  }
  unpacked.status = input.status();
  return unpacked;
}

std::string LongText() {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + ",";
  return text;
}

TEST(Input, ReadsPlainAndPackedAlike) {
  for (const std::string& text : {std::string(), std::string("x"), std::string("ab"), LongText()}) {
    for (const size_t chunk : {size_t{1}, size_t{1000}, size_t{1} << 20}) {
      EXPECT_EQ(Unpack(text, chunk).text, text);
      const Unpacked packed = Unpack(Gzip(text), chunk);
      EXPECT_EQ(packed.text, text);
      EXPECT_TRUE(packed.status.ok()) << packed.status;
    }
  }
}

TEST(Input, ReadsSeveralGzipMembers) {
  const Unpacked unpacked = Unpack(Gzip("one,") + Gzip("") + Gzip("two"), 5);
  EXPECT_EQ(unpacked.text, "one,two");
  EXPECT_TRUE(unpacked.status.ok()) << unpacked.status;
}

TEST(Input, NoticesAGzipThatIsCut) {
  const std::string packed = Gzip(LongText());
  const Unpacked unpacked = Unpack(packed.substr(0, packed.size() / 2), 1000);
  EXPECT_EQ(unpacked.status.code(), absl::StatusCode::kDataLoss);
  EXPECT_LT(unpacked.text.size(), LongText().size());
}

TEST(Input, NoticesAGzipThatIsDamaged) {
  std::string packed = Gzip(LongText());
  // The checksum at the end.
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);
  EXPECT_EQ(Unpack(packed, 1000).status.code(), absl::StatusCode::kDataLoss);
}

TEST(Input, PassesReadErrorsOn) {
  Input input(std::make_unique<TextSource>("ab", 7, absl::DataLossError("bad disk")));
  EXPECT_EQ(input.Get(), 'a');
  EXPECT_EQ(input.Get(), 'b');
  EXPECT_EQ(input.Get(), Input::kEnd);
  EXPECT_EQ(input.status(), absl::DataLossError("bad disk"));
}

TEST(Input, OpensFilesAndTellsTheirSize) {
  const std::string path = testing::TempDir() + "/input_test_" +
                           std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "_" +
                           std::to_string(getpid());
  std::ofstream(path) << "hello";
  const auto input = Input::Open(path);
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_EQ((*input)->size(), 5);
  EXPECT_EQ((*input)->Get(), 'h');
  std::remove(path.c_str());

  const auto missing = Input::Open(path);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), testing::HasSubstr(path));
}

}  // namespace
}  // namespace dangol::cli
