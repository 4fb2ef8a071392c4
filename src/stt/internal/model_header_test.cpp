#include "stt/internal/model_header.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_folder.h"

namespace speechcoach::stt {
namespace {

using testing::HasSubstr;

const std::filesystem::path kTiny = std::filesystem::path(SPEECHCOACH_MODEL_DIR) / "ggml-tiny.en.bin";

// The real model's first megabyte, header and vocabulary and more, with one number changed.
std::filesystem::path Damaged(const TestFolder& folder, std::streamoff at, std::int32_t value) {
  std::string bytes(1'000'000, '\0');
  std::ifstream(kTiny, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  auto path = folder.path() / "ggml-damaged.bin";
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.seekp(at);
  file.write(reinterpret_cast<const char*>(&value), sizeof(value));
  return path;
}

void ExpectRefused(const std::filesystem::path& path, const std::string& reason) {
  const auto header = ReadModelFile(path);
  ASSERT_FALSE(header.ok());
  EXPECT_EQ(header.error().code, base::ErrorCode::kModelUnavailable);
  EXPECT_THAT(header.error().message, HasSubstr(reason));
  EXPECT_THAT(header.error().message, HasSubstr(path.string()));
}

TEST(ModelHeader, ReadsRealModels) {
  const auto tiny = ReadModelFile(kTiny);
  ASSERT_TRUE(tiny.ok()) << tiny.error().message;
  EXPECT_EQ(tiny->n_vocab, 51864);
  EXPECT_EQ(tiny->n_audio_state, 384);
  EXPECT_EQ(tiny->n_audio_layer, 4);
  EXPECT_EQ(tiny->n_mels, 80);
  EXPECT_TRUE(ReadModelFile(kTiny.parent_path() / "ggml-base.bin").ok());
}

TEST(ModelHeader, RefusesWhatIsNotAModel) {
  const TestFolder folder;
  ExpectRefused(folder.path() / "missing.bin", "cannot be read");
  ExpectRefused(folder.path(), "not a ggml model");
  std::ofstream(folder.path() / "text.bin") << "ggml? no, a letter";
  ExpectRefused(folder.path() / "text.bin", "not a ggml model");
  std::ofstream(folder.path() / "empty.bin");
  ExpectRefused(folder.path() / "empty.bin", "not a ggml model");
}

TEST(ModelHeader, RefusesDamagedHeaders) {
  const TestFolder folder;
  for (int field = 0; field < 10; ++field) {
    ExpectRefused(Damaged(folder, 4 + 4 * field, -7), "its header is damaged");
  }
  ExpectRefused(Damaged(folder, 48, 1'000'000'000), "mel filters");
  ExpectRefused(Damaged(folder, 56 + 80 * 201 * 4, -1), "vocabulary");
  ExpectRefused(Damaged(folder, 60 + 80 * 201 * 4, 1'000'000'000), "vocabulary");
}

TEST(ModelHeader, RefusesTruncatedFilesWhereverTheyEnd) {
  const TestFolder folder;
  const auto path = folder.path() / "ggml-short.bin";
  std::filesystem::copy_file(kTiny, path);
  const std::uintmax_t whole = std::filesystem::file_size(path);
  for (const std::uintmax_t size :
       {whole - 1, whole / 2, std::uintmax_t{700'000}, std::uintmax_t{100'000}, std::uintmax_t{50}, std::uintmax_t{5}}) {
    std::filesystem::resize_file(path, size);
    EXPECT_FALSE(ReadModelFile(path).ok()) << size;
  }
}

TEST(ModelHeader, RefusesFilesThatGoOnAfterTheirEnd) {
  const TestFolder folder;
  const auto path = folder.path() / "ggml-longer.bin";
  std::filesystem::copy_file(kTiny, path);
  std::ofstream(path, std::ios::binary | std::ios::app) << "more";
  ExpectRefused(path, "ends inside a tensor");
}

TEST(ModelHeader, KnowsWhatAModelNeeds) {
  const auto tiny = ReadModelFile(kTiny);
  ASSERT_TRUE(tiny.ok());
  const auto bytes = std::filesystem::file_size(kTiny);
  const auto one = MemoryNeedBytes(*tiny, bytes, 1);
  const auto two = MemoryNeedBytes(*tiny, bytes, 2);
  EXPECT_GT(one, bytes + 100'000'000);
  EXPECT_LT(one, bytes + 250'000'000);
  EXPECT_GT(two - one, 100'000'000U);
}

}  // namespace
}  // namespace speechcoach::stt
