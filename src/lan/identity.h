// A certificate for a server of the local network, of an authority of its own: no other vouches for private addresses.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace speechcoach::lan {

// All PEM. The private key is nobody else's to read, and not to be logged.
struct Identity {
  std::string certificates;  // the server's, then the authority's
  std::string private_key;
  std::string authority;    // for devices that are to trust it for good
  std::string fingerprint;  // of the authority, not PEM: its SHA-256 as browsers show it, "AB:0C:..."
};

// The identity for `addresses` (IPv4) and localhost. The authority is made once and kept in `folder` with its key (mode 0600),
// for ten years, and may vouch for private addresses, this machine itself and names under .local only (RFC 5280, 4.2.1.10). The
// server's certificate is kept beside it and made anew where an address is not in it or it ends within a month; it holds for 397
// days, more than which browsers refuse. `now_s`: UTC, since the epoch. Errors: kBadConfig where the authority's file is there but
// cannot be read or is broken (it is left as it is: devices trust it), or a file cannot be written; kInternal.
base::Result<Identity> LoadOrMakeIdentity(const std::filesystem::path& folder, const std::vector<std::string>& addresses,
                                          std::int64_t now_s);

}  // namespace speechcoach::lan
