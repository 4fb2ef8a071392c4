#include "alerts/notifier.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace speechcoach::alerts {
namespace {

using ::testing::HasSubstr;

const std::vector<AlertState> kAlerts{
    {.name = "QueueBacklog", .severity = "medium", .summary = "120 recordings wait", .began_at_ms = 1'795'435'200'000},
    {.name = "NoUsableKey",
     .subject = "gemini",
     .severity = "high",
     .is_firing = false,
     .summary = "Every key of gemini is off or rests",
     .began_at_ms = 1'795'435'200'000,
     .ended_at_ms = 1'795'435'260'000}};

TEST(Webhook, SpeaksAsAlertmanagerDoes) {
  const boost::json::value body = boost::json::parse(WebhookBody(kAlerts));
  EXPECT_EQ(body.at("version"), "4");
  EXPECT_EQ(body.at("status"), "firing");
  const boost::json::value& first = body.at("alerts").at(0);
  EXPECT_EQ(first.at("status"), "firing");
  EXPECT_EQ(first.at("labels"), (boost::json::object{{"alertname", "QueueBacklog"}, {"severity", "medium"}}));
  EXPECT_EQ(first.at("annotations").at("runbook"), "docs/runbooks/QueueBacklog.md");
  EXPECT_EQ(first.at("startsAt"), "2026-11-23T12:00:00.000Z");
  const boost::json::value& second = body.at("alerts").at(1);
  EXPECT_EQ(second.at("status"), "resolved");
  EXPECT_EQ(second.at("labels").at("subject"), "gemini");
  EXPECT_EQ(second.at("endsAt"), "2026-11-23T12:01:00.000Z");
  EXPECT_EQ(boost::json::parse(WebhookBody(std::span(kAlerts).subspan(1))).at("status"), "resolved");
}

TEST(Mail, IsAMessageOfTheInternet) {
  const std::string text =
      MailText({.from = "coach@school.example", .to = {"an@school.example", "binh@school.example"}}, kAlerts, 1'795'435'261'000);
  EXPECT_THAT(text, HasSubstr("Date: Mon, 23 Nov 2026 12:01:01 +0000\r\n"));
  EXPECT_THAT(text, HasSubstr("From: speechcoach <coach@school.example>\r\n"));
  EXPECT_THAT(text, HasSubstr("To: an@school.example, binh@school.example\r\n"));
  EXPECT_THAT(text, HasSubstr("Subject: [speechcoach] 1 alert, 1 over\r\n"));
  EXPECT_THAT(text, HasSubstr("QueueBacklog (medium): 120 recordings wait\r\n"));
  EXPECT_THAT(text, HasSubstr("until 2026-11-23T12:01:00.000Z\r\n"));
  EXPECT_THAT(MailText({}, std::span(kAlerts).first(1), 0), HasSubstr("Subject: [speechcoach] alert: QueueBacklog\r\n"));
}

TEST(Notifiers, WhoCannotBeReachedIsAnError) {
  // Nothing listens on port 1.
  EXPECT_FALSE(MakeWebhook({.url = "http://127.0.0.1:1/hook"})->Tell(kAlerts, {}).ok());
  EXPECT_FALSE(MakeMail({.server = "smtp://127.0.0.1:1", .from = "a@b.example", .to = {"c@d.example"}})->Tell(kAlerts, {}).ok());
}

TEST(Notifiers, WhoIsStoppedDoesNotWaitForTheOtherSide) {
  // It takes connections, and never says a word.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof(address);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string at = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_THAT(MakeWebhook({.url = "http://" + at})->Tell(kAlerts, stopped.get_token()).error().message, HasSubstr("abort"));
  EXPECT_THAT(MakeMail({.server = "smtp://" + at, .from = "a@b.example", .to = {"c@d.example"}})
                  ->Tell(kAlerts, stopped.get_token())
                  .error()
                  .message,
              HasSubstr("abort"));
  ::close(listener);
}

}  // namespace
}  // namespace speechcoach::alerts
