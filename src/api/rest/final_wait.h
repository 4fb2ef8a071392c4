// Answers a request when a session's analysis is over, without holding a thread meanwhile.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "api/http/work_pool.h"
#include "api/rest/rest_context.h"
#include "model/session.h"
#include "pipeline/session_events.h"
#include "pipeline/session_service.h"

namespace speechcoach::api {

// Not owned; all outlive the waits.
struct WaitParts {
  pipeline::SessionService* service = nullptr;
  pipeline::SessionEvents* events = nullptr;
  WorkPool* pool = nullptr;
  std::function<void(std::chrono::milliseconds, std::function<void()>)> after;  // HttpServer::After
};

using SessionAnswer = std::function<void(const Call&, const model::Session&)>;

// Calls `answer` once, on the pool: as soon as the session is final, or with its state when `timeout` has passed. A fault on
// the way is answered as a problem. May block.
void AnswerWhenFinal(const WaitParts& parts, Call call, std::string session_id, std::chrono::milliseconds timeout,
                     SessionAnswer answer);

}  // namespace speechcoach::api
