// Celery's remote control: commands to all workers or some, and their answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "queue/celery/lamport_clock.h"
#include "redis/client.h"
#include "redis/subscriber.h"

namespace speechcoach::queue::celery {

// Answers a command. Throws std::exception where it cannot be done: its text is the answer's `error`.
using ControlHandler = std::function<boost::json::value(const std::string& method, const boost::json::object& arguments)>;

// Commands come on a thread of their own, one at a time.
class Pidbox {
 public:
  Pidbox(redis::Client& client, std::string hostname, LamportClock& clock, ControlHandler handler);

 private:
  void Handle(const std::string& text);
  bool IsMeant(const boost::json::object& request) const;

  redis::Client& client_;
  const std::string hostname_;
  LamportClock& clock_;
  const ControlHandler handler_;
  std::unique_ptr<redis::Subscriber> subscriber_;
};

}  // namespace speechcoach::queue::celery
