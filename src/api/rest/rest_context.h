// What every REST handler needs: who asks, in which language, and how to say no.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "api/auth/authenticator.h"
#include "api/http/message.h"
#include "api/http/router.h"
#include "api/rest/problem.h"
#include "base/result.h"
#include "model/people.h"
#include "model/session.h"

namespace speechcoach::api {

// The first of vi and en that the request's Accept-Language names; otherwise `fallback`.
model::Locale RequestLocale(const Request& request, model::Locale fallback);

struct Call {
  std::shared_ptr<const Request> request;
  Reply reply;
  model::Locale locale = model::Locale::kVi;
  std::int64_t user_id = 0;
  std::function<void(const Response&)> keep = {};  // see Done

  // What was asked for is done, whatever becomes of the answer: a client that asks again with the same Idempotency-Key gets `answer`,
  // unless the reply is 2xx itself.
  void Done(const Response& answer) const {
    if (keep) keep(answer);
  }

  void Send(int status, const boost::json::object& document) const;
  void Fail(const base::Error& error, std::string_view session_id = {}) const;
  void FailField(std::string_view field) const;  // bad_field
  void FailHttp(int status) const;               // see MakeHttpProblem

  // The body as a JSON object; an empty body is an empty object. nullopt: it is none, and the client has been told.
  std::optional<boost::json::object> ReadJson() const;
};

using CallHandler = std::function<void(const Call&)>;

class Once;
class RequestLimit;

// Who may call a route, and how often. What is given outlives the handlers.
class Guard {
 public:
  Guard(Authenticator& authenticator, RequestLimit& limit, const Once& once, model::Locale fallback)
      : authenticator_(authenticator), limit_(limit), once_(once), fallback_(fallback) {}

  Handler Public(CallHandler handler) const;    // everyone
  Handler SignedIn(CallHandler handler) const;  // 401 for others; what they write twice is done once
  // 403 for others. The role is the one in the database now, not the one in the token.
  Handler AdminOnly(CallHandler handler) const;
  Handler TeacherOnly(CallHandler handler) const;  // and administrators

 private:
  Handler Authenticated(CallHandler handler) const;
  // The role is looked at before what was kept of an earlier call: who has lost it gets no answer of then.
  Handler ForRoles(std::initializer_list<model::Role> roles, CallHandler handler) const;

  Authenticator& authenticator_;
  RequestLimit& limit_;
  const Once& once_;
  const model::Locale fallback_;
};

// For everyone, without limit: whoever watches over the process.
Handler Unlimited(model::Locale fallback, CallHandler handler);

}  // namespace speechcoach::api
