#include "api/ws/connection_limits.h"

#include <arpa/inet.h>

#include <mutex>
#include <unordered_map>
#include <utility>

namespace speechcoach::api {

struct ConnectionLimits::Counts {
  std::mutex mutex;
  int taken = 0;
  std::unordered_map<std::int64_t, int> of_users;
  std::unordered_map<std::string, int> of_addresses;

  template <typename Key>
  static void GiveBack(std::unordered_map<Key, int>& counts, const Key& key) {
    const auto count = counts.find(key);
    if (--count->second == 0) counts.erase(count);
  }
};

ConnectionLimits::ConnectionLimits(int per_user, int per_address)
    : per_user_(per_user), per_address_(per_address), counts_(std::make_shared<Counts>()) {}

ConnectionLimits::~ConnectionLimits() = default;

std::shared_ptr<void> ConnectionLimits::Take(std::int64_t user_id, std::string_view address) {
  const std::string key = AddressKey(address);
  const std::lock_guard lock(counts_->mutex);
  const auto user = counts_->of_users.find(user_id);
  const auto place = counts_->of_addresses.find(key);
  if (user != counts_->of_users.end() && user->second >= per_user_) return nullptr;
  if (place != counts_->of_addresses.end() && place->second >= per_address_) return nullptr;
  ++counts_->taken;
  ++counts_->of_users[user_id];
  ++counts_->of_addresses[key];
  return std::shared_ptr<void>(counts_.get(), [counts = counts_, user_id, key](void*) {
    const std::lock_guard end_lock(counts->mutex);
    --counts->taken;
    Counts::GiveBack(counts->of_users, user_id);
    Counts::GiveBack(counts->of_addresses, key);
  });
}

int ConnectionLimits::taken() const {
  const std::lock_guard lock(counts_->mutex);
  return counts_->taken;
}

std::string AddressKey(std::string_view address) {
  in6_addr network{};
  const std::string text(address);
  if (inet_pton(AF_INET6, text.c_str(), &network) != 1) return text;
  // An IPv4 client of a socket that listens for both.
  if (IN6_IS_ADDR_V4MAPPED(&network)) return text;
  for (int i = 8; i < 16; ++i) network.s6_addr[i] = 0;
  char name[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &network, name, sizeof name);
}

}  // namespace speechcoach::api
