#include "lan/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace speechcoach::lan {
namespace {

struct Block {
  std::uint32_t first;
  int prefix_bits;
};
constexpr std::array kPrivate{Block{0x0A000000, 8}, Block{0xAC100000, 12}, Block{0xC0A80000, 16}, Block{0x64400000, 10}};
constexpr Block kLoopback{0x7F000000, 8};
constexpr std::array<std::string_view, 6> kVirtual{"docker", "br-", "veth", "virbr", "vbox", "vmnet"};

bool IsIn(const Block& block, std::uint32_t address) { return (address ^ block.first) >> (32 - block.prefix_bits) == 0; }

bool IsPrivate(std::uint32_t address) {
  return std::ranges::any_of(kPrivate, [&](const Block& block) { return IsIn(block, address); });
}

std::optional<std::uint32_t> Parsed(std::string_view address) {
  in_addr parsed{};
  return inet_pton(AF_INET, std::string(address).c_str(), &parsed) == 1 ? std::optional(ntohl(parsed.s_addr)) : std::nullopt;
}

bool IsVirtual(std::string_view interface_name) {
  return std::ranges::any_of(kVirtual, [&](std::string_view prefix) { return interface_name.starts_with(prefix); });
}

}  // namespace

bool IsIpv4(std::string_view address) { return Parsed(address).has_value(); }

bool IsPrivateIpv4(std::string_view address) {
  const auto parsed = Parsed(address);
  return parsed && IsPrivate(*parsed);
}

bool IsLoopbackIpv4(std::string_view address) {
  const auto parsed = Parsed(address);
  return parsed && IsIn(kLoopback, *parsed);
}

std::vector<std::string> PrivateAddresses() {
  ifaddrs* listed = nullptr;
  if (getifaddrs(&listed) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(listed, &freeifaddrs);
  std::vector<std::pair<bool, std::string>> found;
  for (const ifaddrs* entry = all.get(); entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET || (entry->ifa_flags & IFF_UP) == 0) continue;
    const in_addr address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr;
    char text[INET_ADDRSTRLEN];
    if (!IsPrivate(ntohl(address.s_addr)) || inet_ntop(AF_INET, &address, text, sizeof text) == nullptr) continue;
    found.emplace_back(IsVirtual(entry->ifa_name), text);
  }
  std::ranges::stable_sort(found, {}, [](const auto& entry) { return entry.first; });
  std::vector<std::string> addresses;
  for (auto& [is_virtual, text] : found) addresses.push_back(std::move(text));
  return addresses;
}

}  // namespace speechcoach::lan
