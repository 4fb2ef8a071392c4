// Blobs as files under one folder.
#pragma once

#include <filesystem>

#include "storage/blob_store.h"

namespace speechcoach::storage {

// A blob is written beside its place, synced, and renamed into it, so that no reader and no crash sees half of one. Files
// have mode 0600, folders 0700. Several processes may share the folder.
class FileBlobStore final : public BlobStore {
 public:
  // Makes the folder; removes what a crash more than an hour ago left half written.
  static base::Result<std::unique_ptr<BlobStore>> Open(const std::filesystem::path& root);

  explicit FileBlobStore(std::filesystem::path root) : root_(std::move(root)) {}

  // kBadField for a key that BlobStore does not allow.
  base::Status Put(std::string_view key, std::span<const std::uint8_t> bytes) override;
  base::Result<std::vector<std::uint8_t>> Get(std::string_view key) override;
  base::Status Delete(std::string_view key) override;

 private:
  const std::filesystem::path root_;
};

// Letters a-z, digits, - _ . / only, at most 500 of them; no part that is empty or begins with a dot.
bool IsValidBlobKey(std::string_view key);
base::Error BadBlobKey();

}  // namespace speechcoach::storage
