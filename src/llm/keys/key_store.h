// The providers' keys in and out of the database, encrypted on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "llm/keys/fernet.h"
#include "llm/keys/master_key.h"
#include "storage/llm_repository.h"

namespace speechcoach::llm {

struct NewKey {
  std::string provider;  // its name
  std::string name;      // 1..100 bytes
  std::string secret;    // the key itself: 8..500 printable ASCII characters, no spaces
  std::optional<int> daily_request_limit = {};
  std::optional<double> monthly_budget_usd = {};
};

// Thread-safe.
class KeyStore {
 public:
  // The master keys of llm.master_key, or of the file llm_master_key in data_dir. `repository` and `clock` outlive it.
  // kBadConfig.
  static base::Result<std::unique_ptr<KeyStore>> Open(const base::Config& config, storage::LlmRepository& repository,
                                                      const base::Clock& clock);

  // kNotFound: no such provider; kBadField: the name or the secret cannot be one; kConflict: the name is taken.
  base::Result<storage::LlmKey> Add(const NewKey& key);

  // The key in a token; the file is read again where no master key opens it, since another process may have rotated.
  // kForbidden.
  base::Result<std::string> Decrypt(std::string_view token);

  // Encrypts all keys anew under the first master key; where the master keys are in the file, under a new one, and the file
  // keeps that and the one before it. Answers how many keys there were. kForbidden: no master key opens one of them; then
  // none is changed.
  base::Result<int> Rotate();

 private:
  KeyStore(storage::LlmRepository& repository, const base::Clock& clock, std::string keys, Fernet fernet,
           std::optional<MasterKeyFile> file)
      : repository_(repository), clock_(clock), file_(std::move(file)), keys_(std::move(keys)), fernet_(std::move(fernet)) {}

  base::Status Use(const std::string& keys);  // with mutex_ held

  storage::LlmRepository& repository_;
  const base::Clock& clock_;
  const std::optional<MasterKeyFile> file_;
  std::mutex mutex_;
  std::string keys_;  // comma-separated
  Fernet fernet_;
};

}  // namespace speechcoach::llm
