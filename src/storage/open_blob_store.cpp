#include <string_view>

#include "storage/database.h"
#include "storage/internal/file_blob_store.h"
#include "storage/internal/s3_blob_store.h"

namespace speechcoach::storage {

base::Result<std::unique_ptr<BlobStore>> OpenBlobStore(const base::AudioConfig& config) {
  constexpr std::string_view kS3Scheme = "s3://";
  constexpr std::string_view kFileScheme = "file:";
  const std::string_view url = config.url;
  if (url.starts_with(kS3Scheme)) {
    base::Result<S3Location> location = ParseS3Url(url);
    if (!location.ok()) return location.error();
    return S3BlobStore::Open(std::move(*location));
  }
  if (!url.starts_with(kFileScheme) || url.size() == kFileScheme.size()) {
    return {base::ErrorCode::kBadConfig, "audio.url: must be file:DIRECTORY or s3://BUCKET/PREFIX"};
  }
  return FileBlobStore::Open(url.substr(kFileScheme.size()));
}

}  // namespace speechcoach::storage
