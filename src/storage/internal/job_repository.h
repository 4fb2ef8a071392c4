// Work to be done, in the table jobs.
#pragma once

#include "base/clock.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlJobRepository final : public JobRepository {
 public:
  SqlJobRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Status Add(const JobRecord& job) override;
  base::Result<std::vector<JobRecord>> Pending() override;
  base::Result<int> CountAttempt(const JobRecord& job) override;
  base::Status ForgetAttempts(const JobRecord& job) override;
  base::Status Remove(const JobRecord& job) override;

 private:
  ConnectionPool& pool_;
  const base::SystemClock clock_;
  const std::string add_text_;
};

}  // namespace speechcoach::storage
