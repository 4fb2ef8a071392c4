#include "stt/internal/loadable.h"

#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

TEST(IsEvidenceModel, OnlyWhisperBaseItself) {
  const auto file = FindModel("base", {SPEECHCOACH_MODEL_DIR});
  ASSERT_TRUE(file.ok());
  const auto header = ReadModelFile(file->path);
  ASSERT_TRUE(header.ok());
  EXPECT_TRUE(IsEvidenceModel(*file, *header));

  ModelFile renamed = *file;
  renamed.name = "base-q5_0";
  EXPECT_FALSE(IsEvidenceModel(renamed, *header));
  ModelHeader quantised = *header;
  quantised.ftype = 2008;
  EXPECT_FALSE(IsEvidenceModel(*file, quantised)) << "whatever the file is called";
  ModelHeader english = *header;
  english.n_vocab = 51'864;
  EXPECT_FALSE(IsEvidenceModel(*file, english));
}

TEST(CheckMemory, HoldsEveryStateAgainstTheLimit) {
  const auto file = FindModel("base", {SPEECHCOACH_MODEL_DIR});
  ASSERT_TRUE(file.ok());
  const auto header = ReadModelFile(file->path);
  ASSERT_TRUE(header.ok());
  base::SttConfig config;
  config.memory_limit_mb = 600;
  EXPECT_TRUE(CheckMemory(config, *file, *header).ok());
  config.parallel = 16;
  EXPECT_EQ(CheckMemory(config, *file, *header).error().code, base::ErrorCode::kModelUnavailable);
}

}  // namespace
}  // namespace speechcoach::stt
