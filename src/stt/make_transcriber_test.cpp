#include "stt/make_transcriber.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_folder.h"
#include "stt/internal/test_recording.h"

namespace speechcoach::stt {
namespace {

using testing::HasSubstr;

const std::filesystem::path kModels = SPEECHCOACH_MODEL_DIR;

base::Config ConfigFor(const TestFolder& folder) {
  base::Config config;
  config.data_dir = folder.path().string();
  config.stt.model_dir = folder.path().string();
  config.stt.time_limit_ms = 600'000;
  return config;
}

void ExpectServedBy(const base::Config& config, const std::string& model, bool is_fallback) {
  const auto transcriber = MakeTranscriber(config, "/nowhere/bin");
  ASSERT_TRUE(transcriber.ok()) << transcriber.error().message;
  const auto transcript = (*transcriber)->Transcribe(TestRecording("good.wav"), {});
  ASSERT_TRUE(transcript.ok()) << transcript.error().message;
  EXPECT_EQ(transcript->model, model);
  EXPECT_EQ(transcript->used_fallback, is_fallback);
  EXPECT_THAT(transcript->text, HasSubstr("girl was four at the time"));
}

TEST(MakeTranscriber, FindsModelsBesideTheProgram) {
  base::Config config;
  const auto transcriber = MakeTranscriber(config, kModels.parent_path() / "release");
  EXPECT_TRUE(transcriber.ok()) << transcriber.error().message;
}

TEST(MakeTranscriber, FallsBackWhereTheModelIsMissing) {
  const TestFolder folder;
  std::filesystem::create_symlink(kModels / "ggml-tiny.en.bin", folder.path() / "ggml-tiny.en.bin");
  ExpectServedBy(ConfigFor(folder), "tiny.en", true);
}

TEST(MakeTranscriber, FallsBackWhereTheModelIsDamaged) {
  const TestFolder folder;
  std::filesystem::create_symlink(kModels / "ggml-tiny.en.bin", folder.path() / "ggml-tiny.en.bin");
  std::filesystem::copy_file(kModels / "ggml-base.bin", folder.path() / "ggml-base.bin");
  std::filesystem::resize_file(folder.path() / "ggml-base.bin", 90'000'000);
  ExpectServedBy(ConfigFor(folder), "tiny.en", true);
}

TEST(MakeTranscriber, FallsBackWhereTheModelIsTooBig) {
  const TestFolder folder;
  base::Config config = ConfigFor(folder);
  config.stt.model_dir = kModels.string();
  config.stt.memory_limit_mb = 280;  // tiny.en fits, base does not
  ExpectServedBy(config, "tiny.en", true);
}

TEST(MakeTranscriber, SaysWhatToDoWhereNothingIsThere) {
  const TestFolder folder;
  for (const std::string fallback : {"tiny.en", "base", ""}) {
    base::Config config = ConfigFor(folder);
    config.stt.fallback_model = fallback;
    const auto transcriber = MakeTranscriber(config, "/nowhere/bin");
    ASSERT_FALSE(transcriber.ok());
    EXPECT_EQ(transcriber.error().code, base::ErrorCode::kModelUnavailable);
    EXPECT_THAT(transcriber.error().message, HasSubstr("speechcoach model pull"));
  }
}

}  // namespace
}  // namespace speechcoach::stt
