// Celery's message protocol 2 in kombu's envelope for Redis.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"

namespace speechcoach::queue::celery {

// A JSON body in kombu's envelope: what tasks, events and remote control have in common.
struct Envelope {
  boost::json::value body;
  boost::json::object headers;
  std::string exchange;
  std::string routing_key;
  int priority = 0;           // 0..9; 0 is served first
  bool is_persistent = true;  // delivery_mode 2
  bool redelivered = false;
  std::string delivery_tag;  // empty: a new one is made when it is written
  std::string correlation_id;
  std::string reply_to;
};

// Errors: kBadJson (no envelope), kUnsupportedFormat (a body that is not plain JSON).
base::Result<Envelope> ParseEnvelope(std::string_view text);
std::string WriteEnvelope(const Envelope& envelope);

struct TaskMessage {
  std::string task;  // "speechcoach.stt.transcribe"
  std::string id;
  boost::json::array args;
  boost::json::object kwargs;
  std::string root_id;    // empty: the task itself
  std::string parent_id;  // empty: none
  std::string group;
  std::optional<int> group_index;
  int retries = 0;
  std::optional<std::int64_t> eta_ms;      // UTC, since the epoch
  std::optional<std::int64_t> expires_ms;  // UTC, since the epoch
  std::optional<double> soft_limit_s;
  std::optional<double> hard_limit_s;
  bool ignore_result = false;
  int deliveries = 0;  // how often it was given to a worker that did not finish it
  int waits = 0;       // how often it came back because what it needs was away
  std::string origin;
  std::string reply_to;
  std::string traceparent;  // W3C Trace Context: what its sender's work belongs to; empty: nothing
  // Signatures as Celery writes them; null where there are none.
  boost::json::value callbacks;
  boost::json::value errbacks;
  boost::json::value chain;  // the next one is the last
  boost::json::value chord;
  // How it is delivered.
  std::string exchange;
  std::string routing_key;
  int priority = 0;
  bool redelivered = false;
  std::string delivery_tag;
};

// Errors: as ParseEnvelope; kUnknownType where it is an envelope and no task of protocol 2.
base::Result<TaskMessage> ParseTask(std::string_view text);
std::string WriteTask(const TaskMessage& message);

}  // namespace speechcoach::queue::celery
