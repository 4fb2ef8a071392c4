#pragma once

#include <optional>
#include <string>

#include <boost/json.hpp>

#include "api/http/message.h"

namespace speechcoach::api {

// Answers of the API are personal and change: no cache keeps them.
Response JsonResponse(int status, const boost::json::object& document);
Response JsonResponse(int status, std::string text);

// To three decimals; null where there is none.
boost::json::value Rounded(const std::optional<double>& value);

}  // namespace speechcoach::api
