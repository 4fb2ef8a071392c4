#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "alerts/notifier.h"
#include "alerts/transfer.h"
#include "base/clock.h"

namespace speechcoach::alerts {
namespace {

namespace bj = boost::json;

const char* StatusOf(const AlertState& alert) { return alert.is_firing ? "firing" : "resolved"; }

bj::object AlertJson(const AlertState& alert) {
  bj::object labels{{"alertname", alert.name}, {"severity", alert.severity}};
  if (!alert.subject.empty()) labels["subject"] = alert.subject;
  return {{"status", StatusOf(alert)},
          {"labels", std::move(labels)},
          {"annotations", {{"summary", alert.summary}, {"runbook", "docs/runbooks/" + alert.name + ".md"}}},
          {"startsAt", base::FormatRfc3339(alert.began_at_ms)},
          // As Alertmanager says that there is no end yet.
          {"endsAt", alert.ended_at_ms ? base::FormatRfc3339(*alert.ended_at_ms) : "0001-01-01T00:00:00Z"},
          {"fingerprint", alert.name + "/" + alert.subject}};
}

class Webhook final : public Notifier {
 public:
  explicit Webhook(WebhookOptions options) : options_(std::move(options)) {}

  base::Status Tell(std::span<const AlertState> alerts, const std::stop_token& stop) override {
    Easy easy = NewTransfer(options_.url);
    if (!easy) return {base::ErrorCode::kStorageUnavailable, "webhook: libcurl cannot be set up"};
    const std::string body = WebhookBody(alerts);
    List headers = Append({nullptr, &curl_slist_free_all}, "Content-Type: application/json");
    if (!options_.token.empty()) headers = Append(std::move(headers), "Authorization: Bearer " + options_.token);
    curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.c_str());
    if (const base::Status sent = Perform(easy, "webhook", stop); !sent.ok()) return sent;
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2) return {};
    return {base::ErrorCode::kStorageUnavailable, fmt::format("webhook: answered {}", status)};
  }

 private:
  const WebhookOptions options_;
};

}  // namespace

std::string WebhookBody(std::span<const AlertState> alerts) {
  bj::array list;
  for (const AlertState& alert : alerts) list.push_back(AlertJson(alert));
  const bool any_fires = std::ranges::any_of(alerts, &AlertState::is_firing);
  return bj::serialize(bj::object{{"version", "4"},
                                  {"groupKey", "speechcoach"},
                                  {"truncatedAlerts", 0},
                                  {"status", any_fires ? "firing" : "resolved"},
                                  {"receiver", "speechcoach"},
                                  {"groupLabels", bj::object()},
                                  {"commonLabels", bj::object()},
                                  {"commonAnnotations", bj::object()},
                                  {"externalURL", ""},
                                  {"alerts", std::move(list)}});
}

std::unique_ptr<Notifier> MakeWebhook(WebhookOptions options) { return std::make_unique<Webhook>(std::move(options)); }

}  // namespace speechcoach::alerts
