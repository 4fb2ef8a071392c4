#include "cli/worker.h"

#include <csignal>
#include <cstdio>

#include <pthread.h>

#include <fmt/format.h>

namespace speechcoach::cli {
namespace {

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

void BlockWorkerSignals() {
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

WorkerEnd WaitForWorkerEnd() {
  const sigset_t signals = EndSignals();
  int received = 0;
  sigwait(&signals, &received);
  // From here on nobody waits for them: a second one has its usual effect.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  return received == SIGQUIT ? WorkerEnd::kCold : WorkerEnd::kWarm;
}

std::function<void()> WarmEndOfThisThread() {
  return [thread = pthread_self()] { pthread_kill(thread, SIGTERM); };
}

void AnnounceWorkerReady(const std::string& kind, const std::string& hostname) {
  fmt::print("speechcoach {} {} is ready. Ctrl+C stops it.\n", kind, hostname);
  std::fflush(stdout);
}

}  // namespace speechcoach::cli
