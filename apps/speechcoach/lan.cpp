#include "lan.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "lan/addresses.h"
#include "lan/identity.h"

namespace speechcoach::app {

base::Result<api::LanAccess> MakeLanAccess(const base::Config& config) {
  const std::string& host = config.server.host;
  const bool is_everywhere = host == "0.0.0.0" || host == "::";
  if (!is_everywhere && !lan::IsIpv4(host))
    return {base::ErrorCode::kBadConfig, fmt::format("--lan: {} is no IPv4 address", host)};
  if (!is_everywhere && !lan::IsPrivateIpv4(host) && !lan::IsLoopbackIpv4(host)) {
    return {
        base::ErrorCode::kBadConfig,
        fmt::format(
            "--lan: {} is in no private network, and devices refuse a certificate of this server's own for it; name a private "
            "address with --host, or leave --lan out and put a proxy with a public certificate before the server",
            host)};
  }
  const std::vector<std::string> addresses = is_everywhere ? lan::PrivateAddresses() : std::vector{host};
  if (addresses.empty())
    return {base::ErrorCode::kBadConfig,
            "--lan: this machine has no address in a private network; join one, or name an address with --host"};
  auto identity = lan::LoadOrMakeIdentity(config.data_dir, addresses, base::SystemClock().NowMs() / 1000);
  if (!identity.ok()) return identity.error();
  return api::LanAccess{addresses.front(), std::move(identity->certificates), std::move(identity->private_key),
                        std::move(identity->authority), std::move(identity->fingerprint)};
}

}  // namespace speechcoach::app
