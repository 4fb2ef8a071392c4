#include "cli/serve.h"

#include <csignal>
#include <cstdio>

#include <fmt/format.h>

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

}  // namespace speechcoach::cli
