// The providers as the database has them, read again when they are older than two seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "llm/wire/wire_format.h"
#include "storage/llm_repository.h"

namespace speechcoach::llm {

struct ProviderSetup {
  storage::LlmProvider provider;
  std::vector<storage::LlmModel> models;  // active ones, in order of use
  std::shared_ptr<const WireFormat> format;
};

struct ProviderTable {
  std::vector<ProviderSetup>
      providers;  // those that could answer, as they are asked: active, with a model, with a key where one is needed
  std::vector<storage::LlmPrice> prices;
};

// Thread-safe.
class ProviderTables {
 public:
  // `repository` outlives it. With `local_only` providers outside this machine do not exist.
  ProviderTables(storage::LlmRepository& repository, bool local_only) : repository_(repository), local_only_(local_only) {}

  // While the database cannot be read, the last table holds.
  base::Result<std::shared_ptr<const ProviderTable>> Get();
  void Forget();  // the next Get reads again

  base::Result<ProviderTable> Read() const;

 private:
  storage::LlmRepository& repository_;
  const bool local_only_;
  std::mutex mutex_;
  std::shared_ptr<const ProviderTable> table_;
  std::chrono::steady_clock::time_point read_at_{};
};

// The first model that is neither shut down nor unknown to its provider at that time; null where there is none.
const storage::LlmModel* UsableModel(const ProviderSetup& setup, std::int64_t now_ms);

}  // namespace speechcoach::llm
