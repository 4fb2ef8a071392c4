// Alerts in the table alerts; figures from the log of calls and from sessions.
#pragma once

#include "storage/alert_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlAlertRepository final : public AlertRepository {
 public:
  SqlAlertRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<std::vector<AlertState>> States() override;
  base::Status Put(const AlertState& state) override;
  base::Result<std::vector<ProviderOutcomes>> Providers(std::int64_t from_ms) override;
  base::Result<SessionOutcomes> Sessions(std::int64_t from_ms) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
