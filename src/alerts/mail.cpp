#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "alerts/notifier.h"
#include "alerts/transfer.h"
#include "base/clock.h"
#include "base/id.h"

namespace speechcoach::alerts {
namespace {

// RFC 5322: "Mon, 23 Nov 2026 07:30:00 +0000".
std::string MailDate(std::int64_t at_ms) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                     kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string Subject(std::span<const AlertState> alerts) {
  const auto firing = std::ranges::count_if(alerts, &AlertState::is_firing);
  if (alerts.size() == 1) return fmt::format("[speechcoach] {}: {}", firing == 1 ? "alert" : "over", alerts.front().name);
  return fmt::format("[speechcoach] {} {}, {} over", firing, firing == 1 ? "alert" : "alerts",
                     static_cast<std::ptrdiff_t>(alerts.size()) - firing);
}

// A text that is read once, piece by piece.
struct Unread {
  std::string_view text;
};

std::size_t ReadOn(char* buffer, std::size_t size, std::size_t count, void* unread_pointer) {
  std::string_view& text = static_cast<Unread*>(unread_pointer)->text;
  const std::size_t length = std::min(size * count, text.size());
  std::memcpy(buffer, text.data(), length);
  text.remove_prefix(length);
  return length;
}

class Mail final : public Notifier {
 public:
  explicit Mail(MailOptions options) : options_(std::move(options)) {}

  base::Status Tell(std::span<const AlertState> alerts, const std::stop_token& stop) override {
    Easy easy = NewTransfer(options_.server);
    if (!easy) return {base::ErrorCode::kStorageUnavailable, "mail: libcurl cannot be set up"};
    const std::string text = MailText(options_, alerts, base::SystemClock().NowMs());
    Unread unread{text};
    List recipients{nullptr, &curl_slist_free_all};
    for (const std::string& address : options_.to) recipients = Append(std::move(recipients), "<" + address + ">");
    curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy.get(), CURLOPT_USE_SSL, static_cast<long>(options_.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (!options_.user.empty()) {
      curl_easy_setopt(easy.get(), CURLOPT_USERNAME, options_.user.c_str());
      curl_easy_setopt(easy.get(), CURLOPT_PASSWORD, options_.password.c_str());
    }
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, ("<" + options_.from + ">").c_str());
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &ReadOn);
    curl_easy_setopt(easy.get(), CURLOPT_READDATA, &unread);
    return Perform(easy, "mail", stop);
  }

 private:
  const MailOptions options_;
};

}  // namespace

std::string MailText(const MailOptions& options, std::span<const AlertState> alerts, std::int64_t sent_at_ms) {
  std::string text = fmt::format(
      "Date: {}\r\nFrom: speechcoach <{}>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@speechcoach>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n",
      MailDate(sent_at_ms), options.from, fmt::join(options.to, ", "), Subject(alerts), base::NewUuid());
  for (const AlertState& alert : alerts) {
    text += fmt::format("{} ({}): {}\r\n{}since {}{}\r\nWhat to do: docs/runbooks/{}.md\r\n\r\n", alert.name, alert.severity,
                        alert.summary, alert.is_firing ? "" : "Over; ", base::FormatRfc3339(alert.began_at_ms),
                        alert.ended_at_ms ? " until " + base::FormatRfc3339(*alert.ended_at_ms) : "", alert.name);
  }
  return text;
}

std::unique_ptr<Notifier> MakeMail(MailOptions options) { return std::make_unique<Mail>(std::move(options)); }

}  // namespace speechcoach::alerts
