#include "queue/celery/pidbox.h"

#include <algorithm>
#include <regex>
#include <utility>

#include <fnmatch.h>

#include "base/clock.h"
#include "base/log.h"
#include "queue/celery/json_fields.h"
#include "queue/celery/message.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

// An answer that nobody fetches does not stay.
constexpr const char* kReplyExpiresS = "60";

}  // namespace

Pidbox::Pidbox(redis::Client& client, std::string hostname, LamportClock& clock, ControlHandler handler)
    : client_(client), hostname_(std::move(hostname)), clock_(clock), handler_(std::move(handler)) {
  subscriber_ = std::make_unique<redis::Subscriber>(
      client.options(), [this](const std::string&, const std::string& text) { Handle(text); }, [](const std::string&) {});
  subscriber_->Subscribe("/" + std::to_string(client.options().database) + ".celery.pidbox");
}

bool Pidbox::IsMeant(const bj::object& request) const {
  const bj::value* destination = request.if_contains("destination");
  if (destination != nullptr && destination->is_array()) {
    const bj::array& names = destination->get_array();
    return std::ranges::find(names, bj::value(hostname_)) != names.end();
  }
  const std::string pattern = Text(request, "pattern");
  if (pattern.empty()) return true;
  if (Text(request, "matcher") == "pcre") return std::regex_search(hostname_, std::regex(pattern));
  return ::fnmatch(pattern.c_str(), hostname_.c_str(), 0) == 0;
}

void Pidbox::Handle(const std::string& text) {
  const auto envelope = ParseEnvelope(text);
  if (!envelope.ok() || !envelope->body.is_object()) return;
  if (const bj::value* clock = envelope->headers.if_contains("clock"); clock != nullptr && clock->is_int64())
    clock_.Adjust(clock->get_int64());
  const bj::value* expires = envelope->headers.if_contains("expires");
  if (expires != nullptr && expires->is_number() &&
      expires->to_number<double>() * 1000 < static_cast<double>(base::SystemClock().NowMs()))
    return;

  const bj::object& request = envelope->body.get_object();
  const std::string method = Text(request, "method");
  bj::value answer;
  try {
    if (!IsMeant(request)) return;
    const bj::value* arguments = request.if_contains("arguments");
    answer = handler_(method, arguments != nullptr && arguments->is_object() ? arguments->get_object() : bj::object());
  } catch (const std::exception& fault) {
    base::Log(base::LogLevel::kWarning, "remote control refused", {{"method", method}, {"reason", fault.what()}});
    answer = bj::object{{"error", fault.what()}};
  }
  const bj::value* reply_to = request.if_contains("reply_to");
  if (reply_to == nullptr || !reply_to->is_object()) return;
  Envelope reply;
  reply.body = bj::object{{hostname_, std::move(answer)}};
  reply.headers = {{"ticket", Text(request, "ticket")}, {"clock", clock_.Forward()}};
  reply.exchange = Text(reply_to->get_object(), "exchange");
  reply.routing_key = Text(reply_to->get_object(), "routing_key");
  const std::string list = reply.routing_key + "." + reply.exchange;
  const auto sent =
      client_.Run(std::vector<redis::Command>{{"LPUSH", list, WriteEnvelope(reply)}, {"EXPIRE", list, kReplyExpiresS}});
  if (!sent.ok())
    base::Log(base::LogLevel::kWarning, "remote control unanswered", {{"method", method}, {"reason", sent.error().message}});
}

}  // namespace speechcoach::queue::celery
