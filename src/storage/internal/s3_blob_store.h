// Blobs in a bucket behind the S3 API (AWS Signature Version 4): AWS, MinIO, and others.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "storage/blob_store.h"

namespace speechcoach::storage {

struct S3Location {
  std::string endpoint;  // "https://s3.eu-west-1.amazonaws.com", no slash at its end
  std::string region;
  std::string bucket;
  std::string prefix;           // of every key; empty or ending in a slash
  bool virtual_hosted = false;  // https://BUCKET.HOST/KEY instead of https://HOST/BUCKET/KEY
  std::string access_key;
  std::string secret_key;
};

// s3://BUCKET[/PREFIX][?endpoint=URL&region=REGION&style=path|virtual]. Without an endpoint it is AWS's of the region, addressed the
// virtual way; with one the path way, unless `style` says otherwise. The keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
// Errors: kBadConfig.
base::Result<S3Location> ParseS3Url(std::string_view url);

// A PUT of S3 is all or nothing and durable when it is answered. Each call is tried three times where the connection or the
// server (429, 5xx) fails. Connections are kept and used again.
class S3BlobStore final : public BlobStore {
 public:
  // Asks whether the bucket is there and may be used. Errors: kStorageUnavailable.
  static base::Result<std::unique_ptr<BlobStore>> Open(S3Location location);

  explicit S3BlobStore(S3Location location) : location_(std::move(location)) {}
  ~S3BlobStore() override;

  // kBadField for a key that BlobStore does not allow.
  base::Status Put(std::string_view key, std::span<const std::uint8_t> bytes) override;
  base::Result<std::vector<std::uint8_t>> Get(std::string_view key) override;
  base::Status Delete(std::string_view key) override;

 private:
  struct Answer {
    long status = 0;
    std::vector<std::uint8_t> body;
  };
  class Handle;

  std::string UrlOf(std::string_view key) const;
  base::Result<Answer> Call(const char* method, std::string_view key, std::span<const std::uint8_t> body);
  base::Result<Answer> CallOnce(CURL* handle, const char* method, std::string_view key, std::span<const std::uint8_t> body);

  const S3Location location_;
  std::mutex mutex_;
  std::vector<CURL*> free_;
};

}  // namespace speechcoach::storage
