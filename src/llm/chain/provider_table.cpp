#include "llm/chain/provider_table.h"

#include <algorithm>

#include "base/log.h"
#include "llm/http/http_client.h"

namespace speechcoach::llm {
namespace {

constexpr std::chrono::seconds kMaxAge{2};

}  // namespace

base::Result<std::shared_ptr<const ProviderTable>> ProviderTables::Get() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (table_ && now < read_at_ + kMaxAge) return table_;
  auto read = Read();
  if (read.ok()) {
    table_ = std::make_shared<const ProviderTable>(std::move(*read));
  } else if (!table_) {
    return read.error();
  } else {
    base::Log(base::LogLevel::kWarning, "llm providers not readable", {{"error", read.error().message}});
  }
  read_at_ = now;
  return table_;
}

void ProviderTables::Forget() {
  const std::lock_guard lock(mutex_);
  read_at_ = {};
}

base::Result<ProviderTable> ProviderTables::Read() const {
  auto providers = repository_.Providers();
  if (!providers.ok()) return providers.error();
  const auto models = repository_.Models();
  if (!models.ok()) return models.error();
  const auto keys = repository_.Keys();
  if (!keys.ok()) return keys.error();
  auto prices = repository_.Prices();
  if (!prices.ok()) return prices.error();

  ProviderTable table;
  table.prices = std::move(*prices);
  for (storage::LlmProvider& provider : *providers) {
    // A key that the program turned off still means that somebody wants this provider.
    const bool has_key = std::ranges::any_of(*keys, [&](const storage::LlmKey& key) {
      return key.provider_id == provider.id && (key.is_active || !key.disabled_reason.empty());
    });
    if (!provider.is_active || (provider.needs_key && !has_key)) continue;
    if (local_only_ && !IsOnThisMachine(provider.base_url)) continue;
    ProviderSetup setup;
    setup.format = MakeWireFormat(provider.kind);
    for (const storage::LlmModel& model : *models) {
      if (model.provider_id == provider.id && model.is_active) setup.models.push_back(model);
    }
    if (setup.models.empty() || !setup.format) continue;
    setup.provider = std::move(provider);
    table.providers.push_back(std::move(setup));
  }
  return table;
}

const storage::LlmModel* UsableModel(const ProviderSetup& setup, std::int64_t now_ms) {
  const auto found = std::ranges::find_if(setup.models, [&](const storage::LlmModel& model) {
    return (!model.shutdown_at_ms || now_ms < *model.shutdown_at_ms) &&
           (!model.missing_until_ms || now_ms >= *model.missing_until_ms);
  });
  return found == setup.models.end() ? nullptr : &*found;
}

}  // namespace speechcoach::llm
