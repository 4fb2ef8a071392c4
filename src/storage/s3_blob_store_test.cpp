// On the S3 server of tests/support/with_s3_server.py.

#include "storage/internal/s3_blob_store.h"

#include <atomic>
#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/database.h"

namespace speechcoach::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Bytes = std::vector<std::uint8_t>;

std::string Url() {
  const char* url = std::getenv("SPEECHCOACH_TEST_S3");
  return url == nullptr ? "" : url;
}

std::unique_ptr<BlobStore> OpenStore() { return std::move(OpenBlobStore({.url = Url()}).value()); }

TEST(S3BlobStoreTest, GivesBackWhatWasPutAlsoToALaterOpening) {
  const auto store = OpenStore();
  const Bytes bytes{0, 255, 10, 13, 0};
  ASSERT_TRUE(store->Put("sessions/2026/a-b_c.wav", bytes).ok());
  ASSERT_TRUE(store->Put("empty", {}).ok());
  EXPECT_EQ(*store->Get("sessions/2026/a-b_c.wav"), bytes);
  EXPECT_EQ(*OpenStore()->Get("sessions/2026/a-b_c.wav"), bytes);
  EXPECT_TRUE(store->Get("empty")->empty());
  Bytes large(10 * 1024 * 1024);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 2654435761U >> 24);
  ASSERT_TRUE(store->Put("sessions/2026/a-b_c.wav", large).ok());
  EXPECT_EQ(*store->Get("sessions/2026/a-b_c.wav"), large);
}

TEST(S3BlobStoreTest, DeletingIsFinalAndRepeatable) {
  const auto store = OpenStore();
  ASSERT_TRUE(store->Put("x/y", Bytes{1}).ok());
  EXPECT_TRUE(store->Delete("x/y").ok());
  EXPECT_EQ(store->Get("x/y").error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(store->Delete("x/y").ok());
  EXPECT_TRUE(store->Delete("never/there").ok());
  EXPECT_EQ(store->Get("never/there").error().code, base::ErrorCode::kNotFound);
}

TEST(S3BlobStoreTest, RefusesKeysOutsideTheAlphabet) {
  const auto store = OpenStore();
  for (const char* key : {"", "/x", "x/", "a//b", "../x", "a/.b", "A", "a b", "a?b", "ä"}) {
    EXPECT_EQ(store->Put(key, Bytes{1}).error().code, base::ErrorCode::kBadField) << key;
    EXPECT_EQ(store->Get(key).error().code, base::ErrorCode::kBadField) << key;
  }
}

TEST(S3BlobStoreTest, ServesManyThreads) {
  const auto store = OpenStore();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::uint8_t i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const std::string key = "threads/" + std::to_string(i);
      for (std::uint8_t round = 0; round < 10; ++round) {
        const Bytes bytes(1000, static_cast<std::uint8_t>(16 * i + round));
        if (!store->Put(key, bytes).ok() || *store->Get(key) != bytes) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(S3BlobStoreTest, SaysWhatIsWrongWithTheBucketOrTheKeys) {
  std::string url = Url();
  const auto missing = OpenBlobStore({.url = url.replace(url.find("recordings"), 10, "nothing-here")});
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("bucket does not exist"));

  S3Location location = *ParseS3Url(Url());
  location.secret_key = "another-secret";
  const auto denied = S3BlobStore::Open(location);
  ASSERT_FALSE(denied.ok());
  EXPECT_THAT(denied.error().message, HasSubstr("may not"));
  EXPECT_THAT(denied.error().message, Not(HasSubstr("another-secret")));

  location.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(S3BlobStore::Open(location).error().code, base::ErrorCode::kStorageUnavailable);
}

TEST(S3UrlTest, TheAddressIsReadWithItsDefaults) {
  const auto aws = ParseS3Url("s3://school-audio?region=ap-southeast-1");
  ASSERT_TRUE(aws.ok()) << aws.error().message;
  EXPECT_EQ(aws->bucket, "school-audio");
  EXPECT_EQ(aws->endpoint, "https://s3.ap-southeast-1.amazonaws.com");
  EXPECT_TRUE(aws->virtual_hosted);
  EXPECT_EQ(aws->prefix, "");
  const auto minio = ParseS3Url("s3://audio/speech/coach/?endpoint=http://minio:9000/");
  ASSERT_TRUE(minio.ok()) << minio.error().message;
  EXPECT_EQ(minio->endpoint, "http://minio:9000");
  EXPECT_EQ(minio->prefix, "speech/coach/");
  EXPECT_FALSE(minio->virtual_hosted);
}

TEST(S3UrlTest, MistakesAreNamedAndKeysInItRefused) {
  for (const char* url :
       {"s3://", "s3://b?colour=red", "s3://b?style=odd", "s3://b?endpoint=ftp://x", "s3://b/Prefix", "s3://key:secret@b"}) {
    const auto parsed = ParseS3Url(url);
    ASSERT_FALSE(parsed.ok()) << url;
    EXPECT_EQ(parsed.error().code, base::ErrorCode::kBadConfig);
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("secret@")));
  }
}

}  // namespace
}  // namespace speechcoach::storage
