#include "stt/model_store.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_folder.h"

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kModels = SPEECHCOACH_MODEL_DIR;

TEST(ModelStore, LooksBesideTheProgramThenInTheDataFolder) {
  base::Config config;
  config.data_dir = "/data";
  EXPECT_THAT(ModelFolders(config, "/opt/coach/bin"),
              ElementsAre("/opt/coach/models", "/data/models", "/usr/share/speechcoach/models"));
  config.stt.model_dir = "/mine";
  EXPECT_THAT(ModelFolders(config, "/opt/coach/bin"), ElementsAre("/mine"));
}

TEST(ModelStore, FindsAModelByNameInTheFirstFolderThatHasIt) {
  const TestFolder empty;
  const auto file = FindModel("tiny.en", {empty.path(), kModels});
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->name, "tiny.en");
  EXPECT_EQ(file->path, kModels / "ggml-tiny.en.bin");
  EXPECT_EQ(file->size_bytes, std::filesystem::file_size(file->path));
}

TEST(ModelStore, TakesAPathAsItIs) {
  const auto file = FindModel((kModels / "ggml-tiny.en.bin").string(), {});
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->name, "tiny.en");
}

TEST(ModelStore, SaysWhereItLookedAndWhatToDo) {
  const auto file = FindModel("medium", {"/one", "/two"});
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, base::ErrorCode::kModelUnavailable);
  EXPECT_THAT(file.error().message, HasSubstr("'medium'"));
  EXPECT_THAT(file.error().message, HasSubstr("/one/ggml-medium.bin, /two/ggml-medium.bin"));
  EXPECT_THAT(file.error().message, HasSubstr("`speechcoach model pull medium`"));
  EXPECT_THAT(file.error().message, HasSubstr("stt.model_dir"));
  EXPECT_THAT(FindModel("/nowhere/x.bin", {kModels}).error().message, HasSubstr("/nowhere/x.bin"));
}

TEST(ModelStore, DoesNotHandOutADamagedModel) {
  const TestFolder folder;
  const auto path = folder.path() / "ggml-base.bin";
  std::filesystem::copy_file(kModels / "ggml-tiny.en.bin", path);
  std::filesystem::resize_file(path, 1'000'000);
  const auto file = FindModel("base", {folder.path(), kModels});
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, base::ErrorCode::kModelUnavailable);
}

}  // namespace
}  // namespace speechcoach::stt
