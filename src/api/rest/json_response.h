#pragma once

#include <string>

#include <boost/json.hpp>

#include "api/http/message.h"

namespace speechcoach::api {

// Answers of the API are personal and change: no cache keeps them.
Response JsonResponse(int status, const boost::json::object& document);
Response JsonResponse(int status, std::string text);

}  // namespace speechcoach::api
