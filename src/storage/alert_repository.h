// Which alerts fire and who was told, and the figures that they are judged by. Every call blocks and is thread-safe. Errors everywhere:
// kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace speechcoach::storage {

// Times are milliseconds since the epoch, UTC.
struct AlertState {
  std::string name = {};      // "ProviderFailing"
  std::string subject = {};   // what it is about where there are several: a provider, a job; otherwise empty
  std::string severity = {};  // critical, high, medium, low
  bool is_firing = true;
  std::string summary = {};
  std::int64_t began_at_ms = 0;
  std::int64_t last_true_at_ms = 0;
  std::optional<std::int64_t> ended_at_ms = {};
  // "firing" or "resolved", as it was last told there; empty: nothing.
  std::string told_webhook = {};
  std::string told_mail = {};
  std::optional<std::int64_t> told_at_ms = {};
};

// Calls to one provider; those that were withdrawn, or that it declined to answer, are not among them.
struct ProviderOutcomes {
  std::string provider = {};
  std::int64_t calls = 0;
  std::int64_t successes = 0;
  std::int64_t fallbacks = 0;  // successes in place of a provider that comes first
};

// Sessions that came to an end.
struct SessionOutcomes {
  std::int64_t ended = 0;
  std::int64_t degraded = 0;
  std::int64_t failed_by_us = 0;  // by a fault of the installation, not of the recording
};

class AlertRepository {
 public:
  virtual ~AlertRepository() = default;

  virtual base::Result<std::vector<AlertState>> States() = 0;  // by name and subject
  virtual base::Status Put(const AlertState& state) = 0;       // by name and subject

  virtual base::Result<std::vector<ProviderOutcomes>> Providers(std::int64_t from_ms) = 0;  // by name
  virtual base::Result<SessionOutcomes> Sessions(std::int64_t from_ms) = 0;
};

}  // namespace speechcoach::storage
