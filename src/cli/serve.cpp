#include "cli/serve.h"

#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "cli/qr_code.h"
#include "cli/terminal.h"

namespace speechcoach::cli {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void BlockStopSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void WaitForStopSignal() {
  const sigset_t signals = StopSignals();
  int received = 0;
  sigwait(&signals, &received);
  // From here on nobody waits for them: a second one has its usual effect.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void AnnounceReady(const std::string& url) {
  fmt::print("speechcoach is ready: open {} in a browser. Ctrl+C stops it.\n", url);
  std::fflush(stdout);
}

void AnnounceReadyForLan(const std::string& local_url, const std::string& lan_url, const std::string& fingerprint) {
  AnnounceReady(local_url);
  fmt::print(
      "Phones in the same network open {}, or read this code:\n\n{}\n"
      "Their browser warns once, since no outside authority vouches for this address: compare the root\n"
      "certificate's SHA-256 fingerprint, and go on only where it is {}.\n"
      "For good: install {}/api/v1/lan/authority.\n"
      "A class's own code and QR code are on its page.\n",
      lan_url, QrCodeForTerminal(lan_url, HasColours(stdout)), fingerprint, lan_url);
  std::fflush(stdout);
}

}  // namespace speechcoach::cli
