// When jobs were run, in the table scheduled_jobs.
#pragma once

#include <string>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/schedule_repository.h"

namespace speechcoach::storage {

class SqlScheduleRepository final : public ScheduleRepository {
 public:
  SqlScheduleRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Result<std::vector<ScheduledRun>> Runs() override;
  base::Result<bool> Begin(const RunClaim& claim) override;
  base::Status End(const RunClaim& claim, std::int64_t now_ms, RunEnd end) override;

 private:
  ConnectionPool& pool_;
  const std::string runs_text_;
  const std::string begin_text_;
  const std::string end_text_;
  const std::string interrupt_text_;
};

}  // namespace speechcoach::storage
