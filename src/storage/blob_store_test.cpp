#include "storage/blob_store.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "storage/file_size_limit.h"
#include "storage/internal/file_blob_store.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

class FileBlobStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<BlobStore> OpenStore() { return std::move(OpenBlobStore({.url = "file:" + root_.string()}).value()); }

  int CountUnfinished() const {
    return static_cast<int>(std::distance(fs::directory_iterator(root_ / ".unfinished"), fs::directory_iterator()));
  }

  const TemporaryFolder folder_;
  const fs::path root_ = folder_.path() / "audio";
  const std::unique_ptr<BlobStore> store_ = OpenStore();
};

TEST_F(FileBlobStoreTest, GivesBackWhatWasPutAlsoToALaterOpening) {
  const Bytes bytes{0, 255, 10, 13, 0};
  ASSERT_TRUE(store_->Put("sessions/2026/a-b_c.wav", bytes).ok());
  ASSERT_TRUE(store_->Put("empty", {}).ok());
  EXPECT_EQ(*store_->Get("sessions/2026/a-b_c.wav"), bytes);
  EXPECT_EQ(*OpenStore()->Get("sessions/2026/a-b_c.wav"), bytes);
  EXPECT_TRUE(store_->Get("empty")->empty());
  const Bytes large(10 * 1024 * 1024, 7);
  ASSERT_TRUE(store_->Put("sessions/2026/a-b_c.wav", large).ok());
  EXPECT_EQ(*store_->Get("sessions/2026/a-b_c.wav"), large);
  EXPECT_EQ(CountUnfinished(), 0);
}

TEST_F(FileBlobStoreTest, DeletingIsFinalAndRepeatable) {
  ASSERT_TRUE(store_->Put("x/y", Bytes{1}).ok());
  EXPECT_TRUE(store_->Delete("x/y").ok());
  EXPECT_EQ(store_->Get("x/y").error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(store_->Delete("x/y").ok());
  EXPECT_TRUE(store_->Delete("never/there").ok());
  EXPECT_EQ(store_->Get("never/there").error().code, base::ErrorCode::kNotFound);
}

TEST_F(FileBlobStoreTest, RefusesKeysThatCouldLeaveItsFolder) {
  for (const std::string& key :
       {std::string(), std::string("/etc/passwd"), std::string("../x"), std::string("a/../../x"), std::string("a//b"),
        std::string("a/"), std::string("."), std::string(".unfinished/x"), std::string("a/.hidden"), std::string("Upper"),
        std::string("sp ace"), std::string("nul\0byte", 8), std::string("tệp"), std::string(501, 'a')}) {
    EXPECT_EQ(store_->Put(key, Bytes{1}).error().code, base::ErrorCode::kBadField) << key;
    EXPECT_EQ(store_->Get(key).error().code, base::ErrorCode::kBadField) << key;
    EXPECT_EQ(store_->Delete(key).error().code, base::ErrorCode::kBadField) << key;
  }
}

RC_GTEST_PROP(BlobKeyTest, AValidKeyStaysInside, ()) {
  const std::string key = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1-_./")));
  if (!IsValidBlobKey(key)) return;
  const fs::path place = (fs::path("/folder/of/all") / key).lexically_normal();
  RC_ASSERT(place.string() == "/folder/of/all/" + key);
}

TEST_F(FileBlobStoreTest, OthersCannotReadARecording) {
  ASSERT_TRUE(store_->Put("a/b", Bytes{1}).ok());
  const auto mode = [](const fs::path& path) {
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
  };
  EXPECT_EQ(mode(root_), 0700u);
  EXPECT_EQ(mode(root_ / "a"), 0700u);
  EXPECT_EQ(mode(root_ / "a" / "b"), 0600u);
}

TEST_F(FileBlobStoreTest, AFullDiskLeavesTheOldRecordingAndNoRest) {
  const Bytes old(1'000, 1);
  ASSERT_TRUE(store_->Put("a/b", old).ok());
  {
    const FileSizeLimit limit(100'000);
    EXPECT_EQ(store_->Put("a/b", Bytes(200'000, 2)).error().code, base::ErrorCode::kStorageUnavailable);
  }
  EXPECT_EQ(*store_->Get("a/b"), old);
  EXPECT_EQ(CountUnfinished(), 0);
}

TEST_F(FileBlobStoreTest, AFolderInTheWayIsAnError) {
  ASSERT_TRUE(store_->Put("a/b", Bytes{1}).ok());
  EXPECT_EQ(store_->Put("a", Bytes{1}).error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(store_->Put("a/b/c", Bytes{1}).error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(store_->Get("a").error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(*store_->Get("a/b"), Bytes{1});
  EXPECT_EQ(CountUnfinished(), 0);
}

TEST_F(FileBlobStoreTest, OpeningRefusesWhatIsNoFolder) {
  std::ofstream(folder_.path() / "file") << "x";
  EXPECT_EQ(OpenBlobStore({.url = "file:" + (folder_.path() / "file").string()}).error().code,
            base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(OpenBlobStore({.url = "file:"}).error().code, base::ErrorCode::kBadConfig);
  EXPECT_EQ(OpenBlobStore({.url = "ftp://x"}).error().code, base::ErrorCode::kBadConfig);
}

TEST_F(FileBlobStoreTest, OpeningRemovesWhatAnOldCrashLeftAndNothingOfToday) {
  const fs::path unfinished = root_ / ".unfinished";
  std::ofstream(unfinished / "old") << "x";
  std::ofstream(unfinished / "young") << "x";
  fs::last_write_time(unfinished / "old", fs::file_time_type::clock::now() - std::chrono::hours(2));
  OpenStore();
  EXPECT_FALSE(fs::exists(unfinished / "old"));
  EXPECT_TRUE(fs::exists(unfinished / "young"));
}

TEST_F(FileBlobStoreTest, NobodySeesHalfARecording) {
  constexpr int kRounds = 100;
  ASSERT_TRUE(store_->Put("a", Bytes(1'000, 0)).ok());
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::thread reader([&] {
    while (!done) {
      const auto bytes = store_->Get("a");
      if (!bytes.ok() || bytes->size() != 1'000u * (bytes->front() + 1u) || bytes->back() != bytes->front()) ++torn;
    }
  });
  std::vector<std::thread> writers;
  for (int w = 0; w < 2; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        const auto value = static_cast<std::uint8_t>(i);
        EXPECT_TRUE(store_->Put("a", Bytes(1'000u * (value + 1u), value)).ok());
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  reader.join();
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace speechcoach::storage
