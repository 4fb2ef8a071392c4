// The body of POST /sessions and POST /sessions/{id}/audio -> what the service takes.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "api/http/message.h"
#include "base/result.h"
#include "model/session.h"
#include "pipeline/session_service.h"

namespace speechcoach::api {

struct SessionRequest {
  pipeline::NewSession session;  // user_id is left to the caller
  std::optional<pipeline::Recording> recording;
};

// Why a body is refused: an error and its field, or where `http_status` is not 0 a fault only HTTP knows.
struct BodyRefusal {
  base::Error error;
  std::string field{};
  int http_status = 0;
};

// multipart/form-data or application/json. `fallback` is the locale where the body names none.
std::variant<SessionRequest, BodyRefusal> ReadSessionRequest(const Request& request, model::Locale fallback);

// The file itself, or multipart/form-data with the part `audio`.
std::variant<pipeline::Recording, BodyRefusal> ReadRecording(const Request& request);

}  // namespace speechcoach::api
