// The server that tests/support/with_redis.py runs for tests.
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "redis/options.h"

namespace speechcoach::redis {

inline Options TestServer(const char* variable = "SPEECHCOACH_TEST_REDIS") {
  const char* url = std::getenv(variable);
  if (url == nullptr) throw std::runtime_error(std::string(variable) + " is not set: run tests/support/with_redis.py TEST");
  return ParseUrl(url).value();
}

}  // namespace speechcoach::redis
