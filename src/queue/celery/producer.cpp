#include "queue/celery/producer.h"

#include <array>

#include <unistd.h>

#include <fmt/format.h>

#include "base/id.h"
#include "trace/span.h"

namespace speechcoach::queue::celery {

std::string OriginName() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return fmt::format("gen{}@{}", ::getpid(), host.data());
}

Route DefaultRoute() {
  return [](const std::string&) { return "celery"; };
}

Producer::Producer(redis::Client& client, Route route)
    : client_(client), route_(route ? std::move(route) : DefaultRoute()), broker_(client) {}

base::Status Producer::DeclareOnce(const std::string& queue) {
  {
    const std::lock_guard lock(mutex_);
    if (declared_.contains(queue)) return {};
  }
  if (const base::Status declared = broker_.Declare(queue); !declared.ok()) return declared;
  const std::lock_guard lock(mutex_);
  declared_.insert(queue);
  return {};
}

base::Result<std::string> Producer::Send(TaskMessage message, const std::string& queue) {
  if (const base::Status declared = DeclareOnce(queue); !declared.ok()) return declared.error();
  if (message.id.empty()) message.id = base::NewUuid();
  if (message.origin.empty()) message.origin = OriginName();
  message.exchange.clear();
  message.routing_key = queue;
  trace::Span span("send " + message.task, trace::SpanKind::kProducer);
  span.Set("messaging.system", "celery");
  span.Set("messaging.destination.name", queue);
  span.Set("messaging.message.id", message.id);
  message.traceparent = base::FormatTraceparent(span.context());
  if (const base::Status sent = broker_.Send(message, queue); !sent.ok()) {
    span.Fail(base::ErrorCodeName(sent.error().code));
    return sent.error();
  }
  return message.id;
}

base::Result<std::string> Producer::Apply(const boost::json::value& signature) {
  auto sending = celery::Apply(signature, {}, {.origin = OriginName()}, route_);
  if (!sending.ok()) return sending.error();
  std::vector<redis::Command> step{{"MULTI"}};
  step.insert(step.end(), sending->commands.begin(), sending->commands.end());
  step.push_back({"EXEC"});
  if (const auto sent = client_.Run(step); !sent.ok()) return sent.error();
  return sending->id;
}

}  // namespace speechcoach::queue::celery
