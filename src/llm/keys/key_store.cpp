#include "llm/keys/key_store.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace speechcoach::llm {
namespace {

constexpr std::size_t kMaxNameBytes = 100;
constexpr std::size_t kMinSecretBytes = 8;
constexpr std::size_t kMaxSecretBytes = 500;
constexpr std::size_t kShownBytes = 4;

bool CanBeSecret(std::string_view secret) {
  return secret.size() >= kMinSecretBytes && secret.size() <= kMaxSecretBytes &&
         std::ranges::all_of(secret, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

base::Result<std::unique_ptr<KeyStore>> KeyStore::Open(const base::Config& config, storage::LlmRepository& repository,
                                                       const base::Clock& clock) {
  std::string keys = config.llm.master_key;
  std::optional<MasterKeyFile> file;
  if (keys.empty()) {
    file.emplace(std::filesystem::path(config.data_dir) / "llm_master_key");
    auto read = file->Read();
    if (!read.ok()) return read.error();
    keys = std::move(*read);
  }
  auto fernet = Fernet::FromKeys(keys);
  if (!fernet.ok()) return fernet.error();
  return std::unique_ptr<KeyStore>(new KeyStore(repository, clock, std::move(keys), std::move(*fernet), std::move(file)));
}

base::Result<storage::LlmKey> KeyStore::Add(const NewKey& key) {
  if (key.name.empty() || key.name.size() > kMaxNameBytes) return {base::ErrorCode::kBadField, "name: 1 to 100 bytes"};
  if (!CanBeSecret(key.secret)) return {base::ErrorCode::kBadField, "key: 8 to 500 printable characters without spaces"};
  const auto providers = repository_.Providers();
  if (!providers.ok()) return providers.error();
  const auto provider = std::ranges::find(*providers, key.provider, &storage::LlmProvider::name);
  if (provider == providers->end()) return {base::ErrorCode::kNotFound, "no such provider"};
  storage::LlmKey row;
  row.provider_id = provider->id;
  row.name = key.name;
  row.last4 = key.secret.substr(key.secret.size() - kShownBytes);
  row.daily_request_limit = key.daily_request_limit;
  row.monthly_budget_usd = key.monthly_budget_usd;
  row.created_at_ms = clock_.NowMs();
  {
    const std::lock_guard lock(mutex_);
    if (file_) {
      // Another process may have rotated since.
      const auto keys = file_->Read();
      if (!keys.ok()) return keys.error();
      if (const base::Status used = Use(*keys); !used.ok()) return used.error();
    }
    row.token = fernet_.Encrypt(key.secret, row.created_at_ms / 1000);
  }
  return repository_.AddKey(row);
}

base::Result<std::string> KeyStore::Decrypt(std::string_view token) {
  const std::lock_guard lock(mutex_);
  auto secret = fernet_.Decrypt(token);
  if (secret.ok() || !file_) return secret;
  const auto keys = file_->Read();
  if (!keys.ok() || *keys == keys_ || !Use(*keys).ok()) return secret;
  return fernet_.Decrypt(token);
}

base::Result<int> KeyStore::Rotate() {
  const std::lock_guard lock(mutex_);
  std::string rotated_keys = keys_;
  std::optional<MasterKeyFile::Lock> file_lock;
  if (file_) {
    auto acquired = file_->Acquire();
    if (!acquired.ok()) return acquired.error();
    file_lock.emplace(std::move(*acquired));
    const auto current = file_->Read();
    if (!current.ok()) return current.error();
    if (const base::Status used = Use(*current); !used.ok()) return used.error();
    rotated_keys = Fernet::NewKey() + "," + *current;
  }
  const auto rows = repository_.Keys();
  if (!rows.ok()) return rows.error();
  const auto all = Fernet::FromKeys(rotated_keys);
  if (!all.ok()) return all.error();
  std::vector<std::string> tokens;
  for (const storage::LlmKey& row : *rows) {
    auto token = all->Rotate(row.token);
    if (!token.ok()) return token.error();
    tokens.push_back(std::move(*token));
  }
  // The file knows the new master key before the first key is encrypted under it.
  if (file_) {
    if (const base::Status written = file_->Write(rotated_keys); !written.ok()) return written.error();
    if (const base::Status used = Use(rotated_keys); !used.ok()) return used.error();
  }
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (const base::Status set = repository_.SetKeyToken((*rows)[i].id, (*rows)[i].token, tokens[i]); !set.ok())
      return set.error();
  }
  if (file_) {
    const std::size_t newest = rotated_keys.find(',');
    const std::string kept = rotated_keys.substr(0, rotated_keys.find(',', newest + 1));
    if (const base::Status written = file_->Write(kept); !written.ok()) return written.error();
    if (const base::Status used = Use(kept); !used.ok()) return used.error();
  }
  return static_cast<int>(rows->size());
}

base::Status KeyStore::Use(const std::string& keys) {
  if (keys == keys_) return {};
  auto fernet = Fernet::FromKeys(keys);
  if (!fernet.ok()) return fernet.error();
  keys_ = keys;
  fernet_ = std::move(*fernet);
  return {};
}

}  // namespace speechcoach::llm
