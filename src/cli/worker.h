// `speechcoach worker` and `speechcoach beat`: their signals, as Celery's worker has them.
#pragma once

#include <functional>
#include <string>

namespace speechcoach::cli {

// How a worker is asked to end: kWarm (SIGTERM, SIGINT) lets running work end, kCold (SIGQUIT) gives it back at once, kRestart
// (SIGUSR1) is a warm end after which it begins anew.
enum class WorkerEnd { kWarm, kCold, kRestart };

// WaitForWorkerEnd blocks until a signal comes; a second one ends the process at once. Call BlockWorkerSignals() before any thread is made.
void BlockWorkerSignals();
WorkerEnd WaitForWorkerEnd();

// Asks the thread that calls WaitForWorkerEnd to end warmly; may be called on any thread, before or while it waits.
std::function<void()> WarmEndOfThisThread();

// The same for an end after which it begins anew. Asked after the wait it does nothing.
std::function<void()> RestartOfThisThread();

// What a person reads when the process is ready. `kind` is the command: "worker", "beat".
void AnnounceWorkerReady(const std::string& kind, const std::string& hostname);

}  // namespace speechcoach::cli
