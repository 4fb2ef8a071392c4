// Language models in the tables llm_*.
#pragma once

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/llm_repository.h"

namespace speechcoach::storage {

// llm_api_keys.disabled_reason of a key whose provider has another host now.
inline constexpr const char* kAddressChanged = "address_changed";

class SqlLlmRepository final : public LlmRepository {
 public:
  SqlLlmRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<std::vector<LlmProvider>> Providers() override;
  base::Result<LlmProvider> AddProvider(const LlmProvider& provider) override;
  base::Status UpdateProvider(const LlmProvider& provider) override;
  base::Result<std::vector<LlmModel>> Models() override;
  base::Status PutModel(const LlmModel& model) override;
  base::Status SetModelMissing(std::int64_t model_id, std::int64_t until_ms) override;
  base::Result<std::vector<LlmPrice>> Prices() override;
  base::Result<LlmPrice> AddPrice(const LlmPrice& price) override;
  base::Status DeletePrice(std::int64_t price_id) override;
  base::Result<std::vector<LlmKey>> Keys() override;
  base::Result<LlmKey> AddKey(const LlmKey& key) override;
  base::Status ChangeKey(std::int64_t key_id, const LlmKeyChange& change) override;
  base::Status SetKeyToken(std::int64_t key_id, const std::string& old_token, const std::string& token) override;
  base::Result<int> ResetKeys(std::int64_t now_ms) override;
  base::Result<LlmKeyLease> LeaseKey(std::int64_t provider_id, std::int64_t now_ms) override;
  base::Result<LlmKeyLease> LeaseThisKey(std::int64_t key_id, std::int64_t now_ms) override;
  base::Status RecordCall(const LlmCall& call) override;
  base::Result<std::vector<LlmUsage>> Usage(const LlmUsageFilter& filter, LlmGrouping grouping) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
