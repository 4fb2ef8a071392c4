// Spans go where the environment says while the process runs a command.
#pragma once

#include <string>

#include "trace/settings.h"

namespace speechcoach::app {

// Made once signals are blocked (it starts a thread), before what is traced; its end sends what waits.
class Tracing {
 public:
  // `kind`: "server", "worker", "beat".
  Tracing(const trace::Settings& settings, const std::string& kind);
  ~Tracing();
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;
};

}  // namespace speechcoach::app
