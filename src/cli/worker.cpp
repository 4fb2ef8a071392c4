#include "cli/worker.h"

#include <csignal>
#include <cstdio>

#include <pthread.h>

#include <fmt/format.h>

namespace speechcoach::cli {
namespace {

constexpr int kRestartSignal = SIGUSR1;

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) sigaddset(&signals, signal);
  return signals;
}

sigset_t AllSignals() {
  sigset_t signals = EndSignals();
  sigaddset(&signals, kRestartSignal);
  return signals;
}

}  // namespace

void BlockWorkerSignals() {
  const sigset_t signals = AllSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

WorkerEnd WaitForWorkerEnd() {
  const sigset_t waited_for = AllSignals();
  int received = 0;
  sigwait(&waited_for, &received);
  // From here on nobody waits for them: a second one has its usual effect. That to begin anew stays without one.
  const sigset_t ending = EndSignals();
  pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
  if (received == kRestartSignal) return WorkerEnd::kRestart;
  return received == SIGQUIT ? WorkerEnd::kCold : WorkerEnd::kWarm;
}

std::function<void()> RestartOfThisThread() {
  return [thread = pthread_self()] { pthread_kill(thread, kRestartSignal); };
}

std::function<void()> WarmEndOfThisThread() {
  return [thread = pthread_self()] { pthread_kill(thread, SIGTERM); };
}

void AnnounceWorkerReady(const std::string& kind, const std::string& hostname) {
  fmt::print("speechcoach {} {} is ready. Ctrl+C stops it.\n", kind, hostname);
  std::fflush(stdout);
}

}  // namespace speechcoach::cli
