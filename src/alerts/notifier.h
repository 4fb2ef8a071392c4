// Tells people outside of the program about alerts.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/alert_repository.h"

namespace speechcoach::alerts {

using storage::AlertState;

// Tells all of them in one message, or none. Blocks for at most kNoticeTimeout, and for a second where it is stopped. One thread at a time.
// Errors: kStorageUnavailable where the other side does not take it, or it was stopped; the message holds no secret.
class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual base::Status Tell(std::span<const AlertState> alerts, const std::stop_token& stop) = 0;
};

inline constexpr std::chrono::seconds kNoticeTimeout{10};

struct WebhookOptions {
  std::string url;    // http:// or https://
  std::string token;  // sent as `Authorization: Bearer`; empty: none
};

// Posts JSON in the form of Prometheus Alertmanager's webhook, version 4.
std::unique_ptr<Notifier> MakeWebhook(WebhookOptions options);

struct MailOptions {
  std::string server;  // smtp://HOST:PORT, with STARTTLS where the server has it and always before a password; smtps://HOST:PORT
  std::string user;    // empty: no sign-in
  std::string password;
  std::string from;
  std::vector<std::string> to;
};

std::unique_ptr<Notifier> MakeMail(MailOptions options);

// The bodies, as they are sent. `sent_at_ms` is UTC.
std::string WebhookBody(std::span<const AlertState> alerts);
std::string MailText(const MailOptions& options, std::span<const AlertState> alerts, std::int64_t sent_at_ms);

}  // namespace speechcoach::alerts
