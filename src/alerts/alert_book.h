// Which alerts fire, and who was told: each is told once when it has lasted, once when it is over, and again after a day.
#pragma once

#include <chrono>
#include <stop_token>
#include <vector>

#include "alerts/notifier.h"
#include "alerts/rules.h"
#include "base/clock.h"
#include "base/result.h"
#include "storage/alert_repository.h"

namespace speechcoach::alerts {

struct AlertBookOptions {
  std::chrono::seconds resolve_after{300};  // so long it must not have been true to be over
  std::chrono::hours repeat_after{24};      // one that still fires is told again; 0: never
  int hold_percent = 100;                   // of the time that each must last before it is told
};

// One thread at a time, in one process at a time; a second one beside it may tell an alert twice. What it is made of outlives it; `webhook` and
// `mail` may be null.
class AlertBook {
 public:
  AlertBook(AlertBookOptions options, storage::AlertRepository& alerts, Notifier* webhook, Notifier* mail,
            const base::Clock& clock)
      : options_(options), alerts_(alerts), webhook_(webhook), mail_(mail), clock_(clock) {}

  // Takes down what is true now and tells what has changed. What could not be told is told the next time. Errors: kStorageUnavailable (the
  // store, or who could not be told).
  base::Status Update(const std::vector<Alert>& firing, const std::stop_token& stop);

 private:
  struct Entry {
    AlertState state;
    bool has_changed = false;
  };
  bool HasHeld(const AlertState& state) const;  // long enough to be told
  void TakeDown(const std::vector<Alert>& firing, std::vector<Entry>& entries, std::int64_t now_ms) const;
  base::Status Tell(Notifier& notifier, std::string AlertState::* told, std::vector<Entry>& entries, std::int64_t now_ms,
                    const std::stop_token& stop) const;

  const AlertBookOptions options_;
  storage::AlertRepository& alerts_;
  Notifier* const webhook_;
  Notifier* const mail_;
  const base::Clock& clock_;
};

}  // namespace speechcoach::alerts
