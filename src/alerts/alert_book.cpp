#include "alerts/alert_book.h"

#include <algorithm>
#include <tuple>

#include "base/log.h"

namespace speechcoach::alerts {
namespace {

constexpr const char* kFiring = "firing";
constexpr const char* kResolved = "resolved";

void LogChange(const AlertState& state) {
  base::Log(state.is_firing ? base::LogLevel::kWarning : base::LogLevel::kInfo,
            state.is_firing ? "alert firing" : "alert resolved",
            {{"alert", state.name}, {"subject", state.subject}, {"severity", state.severity}, {"summary", state.summary}});
}

}  // namespace

bool AlertBook::HasHeld(const AlertState& state) const {
  const auto hold_ms = std::chrono::milliseconds(HoldOf(state.name)).count() * options_.hold_percent / 100;
  return state.last_true_at_ms - state.began_at_ms >= hold_ms;
}

void AlertBook::TakeDown(const std::vector<Alert>& firing, std::vector<Entry>& entries, std::int64_t now_ms) const {
  const auto name_of = [](const auto& one) { return std::tie(one.name, one.subject); };
  for (const Alert& alert : firing) {
    auto entry = std::ranges::find_if(entries, [&](const Entry& one) { return name_of(one.state) == name_of(alert); });
    if (entry == entries.end()) {
      entries.push_back({});
      entry = entries.end() - 1;
      entry->state.name = alert.name;
      entry->state.subject = alert.subject;
      entry->state.is_firing = false;
    }
    AlertState& state = entry->state;
    const bool begins = !state.is_firing;
    const bool had_held = !begins && HasHeld(state);
    state.severity = SeverityName(alert.severity);
    state.summary = alert.summary;
    state.last_true_at_ms = now_ms;
    entry->has_changed = true;
    if (begins) {
      state.is_firing = true;
      state.began_at_ms = now_ms;
      state.ended_at_ms.reset();
    } else if (options_.repeat_after.count() > 0 && state.told_at_ms &&
               now_ms - *state.told_at_ms >= std::chrono::milliseconds(options_.repeat_after).count()) {
      state.told_webhook.clear();
      state.told_mail.clear();
    }
    if (!had_held && HasHeld(state)) LogChange(state);
  }
  for (auto& [state, has_changed] : entries) {
    if (!state.is_firing || std::ranges::any_of(firing, [&](const Alert& alert) { return name_of(alert) == name_of(state); }))
      continue;
    const bool has_held = HasHeld(state);
    // What has not held yet begins anew after any break.
    if (has_held && now_ms - state.last_true_at_ms < std::chrono::milliseconds(options_.resolve_after).count()) continue;
    state.is_firing = false;
    state.ended_at_ms = now_ms;
    has_changed = true;
    if (has_held) LogChange(state);
  }
}

base::Status AlertBook::Tell(Notifier& notifier, std::string AlertState::* told, std::vector<Entry>& entries, std::int64_t now_ms,
                             const std::stop_token& stop) const {
  std::vector<Entry*> untold;
  std::vector<AlertState> notices;
  for (Entry& entry : entries) {
    if (entry.state.is_firing && !HasHeld(entry.state)) continue;
    const std::string_view status = entry.state.is_firing ? kFiring : kResolved;
    // The end of what nobody was told about is no news.
    if (entry.state.*told == status || (!entry.state.is_firing && (entry.state.*told).empty())) continue;
    untold.push_back(&entry);
    notices.push_back(entry.state);
  }
  if (untold.empty()) return {};
  if (const base::Status sent = notifier.Tell(notices, stop); !sent.ok()) return sent;
  for (Entry* entry : untold) {
    entry->state.*told = entry->state.is_firing ? kFiring : kResolved;
    entry->state.told_at_ms = now_ms;
    entry->has_changed = true;
  }
  return {};
}

base::Status AlertBook::Update(const std::vector<Alert>& firing, const std::stop_token& stop) {
  auto states = alerts_.States();
  if (!states.ok()) return states.error();
  std::vector<Entry> entries;
  for (AlertState& state : *states) entries.push_back({std::move(state), false});
  const std::int64_t now_ms = clock_.NowMs();
  TakeDown(firing, entries, now_ms);
  base::Status told;
  const auto tell = [&](Notifier* notifier, std::string AlertState::* where) {
    if (notifier == nullptr) return;
    if (const base::Status sent = Tell(*notifier, where, entries, now_ms, stop); !sent.ok()) told = sent;
  };
  tell(webhook_, &AlertState::told_webhook);
  tell(mail_, &AlertState::told_mail);
  for (const Entry& entry : entries) {
    if (!entry.has_changed) continue;
    if (const base::Status kept = alerts_.Put(entry.state); !kept.ok()) return kept;
  }
  return told;
}

}  // namespace speechcoach::alerts
