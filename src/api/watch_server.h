// /healthz, /readyz and /metrics of a process that serves nothing else: a worker.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "metrics/metrics.h"

namespace speechcoach::api {

struct WatchParts {
  const metrics::Metrics* metrics = nullptr;  // outlives the server
  std::string token;                          // as AddMetricsRoute has it
  std::function<base::Status()> ready;        // may block; thread-safe
};

class WatchServer {
 public:
  // `address` is HOST:PORT; an IPv6 host is in brackets. Errors: kBadConfig (address in use or not ours).
  static base::Result<std::unique_ptr<WatchServer>> Start(const std::string& address, WatchParts parts);
  virtual ~WatchServer() = default;  // stops

  virtual int port() const = 0;  // the one in use, also where the address said 0
};

}  // namespace speechcoach::api
