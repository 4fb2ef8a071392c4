// `speechcoach serve --lan`: for phones of the local network.
#pragma once

#include "api/server.h"
#include "base/config.h"
#include "base/result.h"

namespace speechcoach::app {

// For the address that the server listens on, or where that is every one, this machine's first in a private network. The certificate and its
// authority are kept in data_dir. kBadConfig where there is no such address, it is no IPv4 address of a private network or of this machine itself, or they cannot be kept.
base::Result<api::LanAccess> MakeLanAccess(const base::Config& config);

}  // namespace speechcoach::app
