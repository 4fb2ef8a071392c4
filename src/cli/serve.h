// `speechcoach serve`: runs until it is told to stop.
#pragma once

#include <string>

namespace speechcoach::cli {

// WaitForStopSignal blocks until SIGTERM or SIGINT; a second signal ends the process at once. Call BlockStopSignals()
// before any thread is made, so that every thread leaves these signals to this one.
void BlockStopSignals();
void WaitForStopSignal();

// What a person reads when the server is ready.
void AnnounceReady(const std::string& url);
// The same for a server of the local network, with the address as a QR code, and the SHA-256 fingerprint of its authority.
void AnnounceReadyForLan(const std::string& local_url, const std::string& lan_url, const std::string& fingerprint);

}  // namespace speechcoach::cli
