// Errors as HTTP answers: RFC 9457 problem documents. The one table from error kinds to statuses is in problem.cpp.
#pragma once

#include <string>
#include <string_view>

#include "api/http/message.h"
#include "base/result.h"
#include "model/session.h"

namespace speechcoach::api {

struct ProblemContext {
  std::string_view request_id;
  model::Locale locale = model::Locale::kVi;
  std::string_view session_id{};  // where the problem concerns a session that exists
  std::string_view field{};       // kBadField: which one
};

int HttpStatusOf(base::ErrorCode code);

// The detail is the learner's message; the error's own message stays on the server.
Response MakeProblem(const base::Error& error, const ProblemContext& context);

// 403: a child who practises once a guardian lets them.
Response MakeGuardianProblem(const ProblemContext& context);

// For what only HTTP knows, by status: 400, 404, 405, 406, 408, 413, 415, 416, 431, 503.
Response MakeHttpProblem(int status, const ProblemContext& context);

}  // namespace speechcoach::api
