#include "api/rest/rest_context.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/http/text.h"
#include "api/rest/json_response.h"
#include "api/rest/once.h"
#include "api/rest/request_limit.h"
#include "base/log.h"

namespace speechcoach::api {
namespace {

// What tells of somebody who tries doors.
bool IsOfAccess(base::ErrorCode code) {
  using enum base::ErrorCode;
  return code == kUnauthenticated || code == kWrongCredentials || code == kForbidden || code == kRateLimited;
}

}  // namespace

model::Locale RequestLocale(const Request& request, model::Locale fallback) {
  for (const std::string_view item : SplitList(request.headers.Get("Accept-Language"))) {
    const std::string_view language = item.substr(0, std::min(item.find_first_of("-;"), item.size()));
    for (const model::Locale locale : {model::Locale::kVi, model::Locale::kEn}) {
      if (EqualIgnoringCase(language, model::Name(locale))) return locale;
    }
  }
  return fallback;
}

void Call::Send(int status, const boost::json::object& document) const { reply(JsonResponse(status, document)); }

void Call::Fail(const base::Error& error, std::string_view session_id) const {
  const bool is_of_access = IsOfAccess(error.code);
  base::LogLevel level = is_of_access ? base::LogLevel::kInfo : base::LogLevel::kDebug;
  if (HttpStatusOf(error.code) >= 500) level = base::LogLevel::kWarning;
  base::Log(level, is_of_access ? "access refused" : "request refused",
            {{"request_id", request->id}, {"code", base::ErrorCodeName(error.code)}, {"reason", error.message}});
  reply(MakeProblem(error, {request->id, locale, session_id}));
}

void Call::FailField(std::string_view field) const {
  reply(MakeProblem({base::ErrorCode::kBadField, ""}, {request->id, locale, {}, field}));
}

void Call::FailHttp(int status) const { reply(MakeHttpProblem(status, {request->id, locale})); }

std::optional<boost::json::object> Call::ReadJson() const {
  if (request->body.empty()) return boost::json::object();
  if (MediaType(request->headers.Get("Content-Type")) != "application/json") {
    FailHttp(415);
    return std::nullopt;
  }
  boost::system::error_code fault;
  boost::json::value value = boost::json::parse({request->body_text().data(), request->body_text().size()}, fault);
  if (fault || !value.is_object()) {
    Fail({base::ErrorCode::kBadJson, fault ? fault.message() : "not an object"});
    return std::nullopt;
  }
  return std::move(value.get_object());
}

Handler Unlimited(model::Locale fallback, CallHandler handler) {
  return [fallback, handler = std::move(handler)](const std::shared_ptr<const Request>& request, const Reply& reply) {
    handler({request, reply, RequestLocale(*request, fallback), 0});
  };
}

Handler Guard::Public(CallHandler handler) const {
  return [this_ = *this, handler = std::move(handler)](const std::shared_ptr<const Request>& request, const Reply& reply) {
    Call call{request, reply, RequestLocale(*request, this_.fallback_), 0};
    if (this_.limit_.Admit(request->remote_address, call)) handler(call);
  };
}

Handler Guard::Authenticated(CallHandler handler) const {
  return [this_ = *this, handler = std::move(handler)](const std::shared_ptr<const Request>& request, const Reply& reply) {
    Call call{request, reply, RequestLocale(*request, this_.fallback_), 0};
    const auto claims = this_.authenticator_.CheckHeader(request->headers.Get("Authorization"));
    if (!claims.ok()) {
      if (this_.limit_.Admit(request->remote_address, call)) call.Fail(claims.error());
      return;
    }
    call.user_id = claims->user_id;
    if (this_.limit_.Admit("user " + std::to_string(call.user_id), call)) handler(call);
  };
}

Handler Guard::SignedIn(CallHandler handler) const {
  return Authenticated([&once = once_, handler = std::move(handler)](const Call& call) { once.Do(call, handler); });
}

Handler Guard::ForRoles(std::initializer_list<model::Role> roles, CallHandler handler) const {
  return Authenticated([&authenticator = authenticator_, &once = once_, allowed = std::vector(roles),
                        handler = std::move(handler)](const Call& call) {
    const auto user = authenticator.GetUser(call.user_id);
    if (!user.ok()) return call.Fail(user.error());
    if (std::ranges::find(allowed, user->role) == allowed.end())
      return call.Fail({base::ErrorCode::kForbidden, "not for this role"});
    once.Do(call, handler);
  });
}

Handler Guard::AdminOnly(CallHandler handler) const { return ForRoles({model::Role::kAdmin}, std::move(handler)); }

Handler Guard::TeacherOnly(CallHandler handler) const {
  return ForRoles({model::Role::kTeacher, model::Role::kAdmin}, std::move(handler));
}

}  // namespace speechcoach::api
