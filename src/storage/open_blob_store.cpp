#include <string_view>

#include "storage/database.h"
#include "storage/internal/file_blob_store.h"

namespace speechcoach::storage {

base::Result<std::unique_ptr<BlobStore>> OpenBlobStore(const base::AudioConfig& config) {
  constexpr std::string_view kFileScheme = "file:";
  const std::string_view url = config.url;
  if (!url.starts_with(kFileScheme) || url.size() == kFileScheme.size()) {
    return {base::ErrorCode::kBadConfig, "audio.url: must be file:DIRECTORY"};
  }
  return FileBlobStore::Open(url.substr(kFileScheme.size()));
}

}  // namespace speechcoach::storage
