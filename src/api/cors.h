// Pages of other origins that the configuration allows may call the API with a bearer token.
#pragma once

#include <string>
#include <vector>

#include "api/http/message.h"

namespace speechcoach::api {

// Lets the browser show `response` to the page, where its origin is one of the list.
void AddCorsHeaders(const Request& request, const std::vector<std::string>& allowed_origins, Response& response);

// The answer to OPTIONS on a known path.
Response AnswerOptions(const Request& request, const std::vector<Method>& allowed_methods);

std::string AllowField(const std::vector<Method>& methods);

}  // namespace speechcoach::api
