// One connection to a collector.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "trace/settings.h"

namespace speechcoach::trace {

enum class Delivery {
  kTaken,
  kRefused,  // for good: the same again would be refused again
  kLater,    // not reached, or it asks for patience
};

struct Delivered {
  Delivery outcome = Delivery::kLater;
  std::string reason = {};  // where it was not taken
};

// One thread at a time.
class OtlpTransfer {
 public:
  explicit OtlpTransfer(const Settings& settings);
  ~OtlpTransfer();

  // Blocks for `timeout` at most; broken off within a second once `stop` is requested.
  Delivered Post(const std::string& json, std::chrono::milliseconds timeout, const std::stop_token& stop);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace speechcoach::trace
