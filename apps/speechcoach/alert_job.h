// Looks at how the installation fares and tells whoever is to know: the schedule's job "alerts".
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "alerts/alert_book.h"
#include "alerts/notifier.h"
#include "alerts/rules.h"
#include "base/config.h"
#include "parts.h"
#include "schedule/job.h"

namespace speechcoach::app {

// `watched`: the jobs whose failures are told. `parts` outlives it. One thread at a time.
class AlertJob {
 public:
  AlertJob(const base::Config& config, SharedParts& parts, std::vector<schedule::Job> watched);

  // Errors: kStorageUnavailable (the store, or who could not be told), kCancelled (stopped meanwhile).
  base::Status Run(const std::stop_token& stop);

 private:
  base::Result<alerts::Situation> Look() const;
  bool IsOn(const std::string& job, std::int64_t now_ms) const;

  const base::Config config_;
  SharedParts& parts_;
  const std::vector<schedule::Job> watched_;
  const std::unique_ptr<alerts::Notifier> webhook_;  // null where the configuration names none
  const std::unique_ptr<alerts::Notifier> mail_;
  alerts::AlertBook book_;
};

}  // namespace speechcoach::app
