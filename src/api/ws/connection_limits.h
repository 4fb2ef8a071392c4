// How many WebSocket connections one user, or one address, may have at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace speechcoach::api {

// Thread-safe.
class ConnectionLimits {
 public:
  ConnectionLimits(int per_user, int per_address);
  ~ConnectionLimits();

  // A place for one more connection, given back when the answer goes away, also after these limits have gone. Null where the
  // user or the address has as many as they may.
  std::shared_ptr<void> Take(std::int64_t user_id, std::string_view address);

  int taken() const;

 private:
  struct Counts;
  const int per_user_;
  const int per_address_;
  const std::shared_ptr<Counts> counts_;
};

// What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, which one household has to itself.
std::string AddressKey(std::string_view address);

}  // namespace speechcoach::api
