#include "api/rest/json_response.h"

namespace speechcoach::api {

Response JsonResponse(int status, const boost::json::object& document) {
  Response response{.status = status, .headers = {}, .body = Body(boost::json::serialize(document))};
  response.headers.Set("Content-Type", "application/json");
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

}  // namespace speechcoach::api
