#include "api/rest/json_response.h"

#include <cmath>
#include <utility>

namespace speechcoach::api {

Response JsonResponse(int status, const boost::json::object& document) {
  return JsonResponse(status, boost::json::serialize(document));
}

Response JsonResponse(int status, std::string text) {
  Response response{.status = status, .headers = {}, .body = Body(std::move(text))};
  response.headers.Set("Content-Type", "application/json");
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

boost::json::value Rounded(const std::optional<double>& value) {
  return value ? boost::json::value(std::round(*value * 1000.0) / 1000.0) : boost::json::value(nullptr);
}

}  // namespace speechcoach::api
