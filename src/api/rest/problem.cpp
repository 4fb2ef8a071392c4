#include "api/rest/problem.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "api/rest/json_response.h"
#include "model/user_message.h"

namespace speechcoach::api {
namespace {

using enum base::ErrorCode;

struct ErrorRow {
  base::ErrorCode code;
  int status;
  int retry_after_s;  // 0: no Retry-After
  std::string_view title;
};

constexpr std::array kErrors{
    ErrorRow{kBadJson, 400, 0, "The body is not valid JSON"},
    ErrorRow{kUnknownType, 400, 0, "Unknown message type"},
    ErrorRow{kBadField, 400, 0, "A field is missing or not valid"},
    ErrorRow{kWrongState, 409, 0, "Not possible in the session's state"},
    ErrorRow{kUnsupportedFormat, 415, 0, "Audio format not supported"},
    ErrorRow{kFormatMismatch, 415, 0, "The audio is not of the declared format"},
    ErrorRow{kAudioTooLong, 422, 0, "The recording is too long"},
    ErrorRow{kAudioTooLarge, 413, 0, "The recording is too large"},
    ErrorRow{kAudioUnreadable, 422, 0, "The recording cannot be read"},
    ErrorRow{kNoSpeech, 422, 0, "No speech in the recording"},
    ErrorRow{kRateLimited, 429, 30, "Too many requests"},
    ErrorRow{kSessionQuota, 429, 300, "Too many practice sessions this hour"},
    ErrorRow{kSessionNotFound, 404, 0, "No such session"},
    ErrorRow{kSessionExpired, 410, 0, "The session has expired"},
    ErrorRow{kBusy, 503, 3, "Too busy at the moment"},
    ErrorRow{kSttFailed, 500, 0, "Speech recognition failed"},
    ErrorRow{kProsodyFailed, 500, 0, "Prosody analysis failed"},
    ErrorRow{kFeedbackDegraded, 500, 0, "Feedback is not complete"},
    ErrorRow{kStorageUnavailable, 503, 5, "Storage is not available"},
    ErrorRow{kInternal, 500, 0, "Internal error"},
    ErrorRow{kNotFound, 404, 0, "Nothing there"},
    ErrorRow{kUnauthenticated, 401, 0, "Not signed in"},
    ErrorRow{kForbidden, 403, 0, "Not allowed"},
    ErrorRow{kConflict, 409, 0, "Conflict"},
    ErrorRow{kCancelled, 503, 3, "Cancelled"},
    ErrorRow{kTimeout, 503, 3, "It took too long"},
    ErrorRow{kBadConfig, 500, 0, "Wrong configuration"},
    ErrorRow{kModelUnavailable, 503, 30, "The speech model is not available"},
    ErrorRow{kEmailTaken, 409, 0, "The e-mail has an account already"},
    ErrorRow{kWrongCredentials, 401, 0, "E-mail or password is wrong"},
};

const ErrorRow& RowOf(base::ErrorCode code) {
  const auto row = std::ranges::find(kErrors, code, &ErrorRow::code);
  return row != kErrors.end() ? *row : RowOf(kInternal);
}

struct HttpRow {
  int status;
  std::string_view code;
  std::string_view title;
  base::ErrorCode nearest;  // whose message the learner reads
};

constexpr std::array kHttpProblems{
    HttpRow{400, "bad_request", "The request cannot be read", kBadField},
    HttpRow{404, "not_found", "Nothing there", kNotFound},
    HttpRow{405, "method_not_allowed", "This method is not allowed here", kBadField},
    HttpRow{408, "request_timeout", "The request came too slowly", kTimeout},
    HttpRow{413, "content_too_large", "The body is too large", kBadField},
    HttpRow{415, "unsupported_media_type", "This media type is not understood", kBadField},
    HttpRow{416, "range_not_satisfiable", "The range begins behind the end", kBadField},
    HttpRow{426, "upgrade_required", "Another version of the WebSocket protocol is spoken here", kBadField},
    HttpRow{431, "header_too_large", "The request's header is too large", kBadField},
    HttpRow{503, "busy", "Too busy at the moment", kBusy},
};

// `said`: what the learner reads, unless there are words for it alone, and whether and when to try again.
Response Problem(int status, std::string_view code, std::string_view title, base::ErrorCode said, const ProblemContext& context,
                 std::string_view words = {}) {
  boost::json::object document{{"type", fmt::format("urn:speechcoach:problem:{}", code)},
                               {"title", title},
                               {"status", status},
                               {"detail", words.empty() ? model::UserMessage(said, context.locale, context.field) : words},
                               {"code", code},
                               {"retryable", base::IsRetryable(said)},
                               {"instance", fmt::format("urn:speechcoach:request:{}", context.request_id)}};
  if (!context.session_id.empty()) document["session_id"] = context.session_id;
  if (!context.field.empty()) document["field"] = context.field;
  Response response = JsonResponse(status, document);
  response.headers.Set("Content-Type", "application/problem+json");
  const int retry_after_s = RowOf(said).retry_after_s;
  if (retry_after_s > 0) response.headers.Set("Retry-After", std::to_string(retry_after_s));
  response.error = said;
  if (status == 401) response.headers.Set("WWW-Authenticate", R"(Bearer realm="speechcoach")");
  return response;
}

}  // namespace

int HttpStatusOf(base::ErrorCode code) { return RowOf(code).status; }

Response MakeProblem(const base::Error& error, const ProblemContext& context) {
  const ErrorRow& row = RowOf(error.code);
  return Problem(row.status, base::ErrorCodeName(row.code), row.title, row.code, context);
}

Response MakeGuardianProblem(const ProblemContext& context) {
  const std::string_view words =
      context.locale == model::Locale::kVi
          ? "Bạn cần được cha mẹ hoặc người giám hộ đồng ý trước khi luyện nói. Bạn hãy gửi cho họ đường dẫn của mình, hoặc nhờ "
            "thầy cô giúp nhé."
          : "A parent or guardian has to agree before you practise. Please send them your link, or ask your teacher.";
  return Problem(403, "guardian_consent_needed", "A guardian's consent is needed", kForbidden, context, words);
}

Response MakeHttpProblem(int status, const ProblemContext& context) {
  const auto row = std::ranges::find(kHttpProblems, status, &HttpRow::status);
  if (row == kHttpProblems.end()) return MakeProblem({kInternal, ""}, context);
  return Problem(row->status, row->code, row->title, row->nearest, context);
}

}  // namespace speechcoach::api
