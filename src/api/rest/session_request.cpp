#include "api/rest/session_request.h"

#include <utility>

#include <boost/json.hpp>

#include "api/base64.h"
#include "api/fields.h"
#include "api/http/multipart.h"
#include "api/http/text.h"
#include "api/rest/audio_types.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxTextBytes = 8000;
constexpr std::size_t kMaxReferenceBytes = 1000;  // as the service has it, also where no text is read out

BodyRefusal BadField(std::string field) { return {{base::ErrorCode::kBadField, "field " + field}, std::move(field)}; }

// The text fields that both kinds of body have. Answers the name of the first one that is not valid.
struct TextFields {
  std::optional<std::string> mode;
  std::optional<std::string> locale;
  std::optional<std::string> reference_text;
  std::optional<std::int64_t> sentence_id;
};

std::variant<SessionRequest, BodyRefusal> Assemble(const TextFields& fields, model::Locale fallback) {
  SessionRequest made;
  const auto mode = fields.mode ? model::ModeFromName(*fields.mode) : std::nullopt;
  if (!mode) return BadField("mode");
  made.session.mode = *mode;
  const auto locale = fields.locale ? model::LocaleFromName(*fields.locale) : fallback;
  if (!locale) return BadField("locale");
  made.session.locale = *locale;
  if (fields.sentence_id && *fields.sentence_id < 1) return BadField("sentence_id");
  made.session.sentence_id = fields.sentence_id;
  made.session.reference_text = fields.reference_text.value_or("");
  if (made.session.reference_text.size() > kMaxReferenceBytes || !pipeline::SessionService::CheckText(made.session).ok())
    return BadField("reference_text");
  return made;
}

pipeline::Recording RecordingOf(const FormPart& part) {
  // Browsers name a type by the file's ending: one that is no recording's says nothing about the content.
  return {FormatOfMediaType(part.content_type).value_or(""), {part.bytes.begin(), part.bytes.end()}};
}

std::variant<SessionRequest, BodyRefusal> FromForm(const Request& request, model::Locale fallback) {
  const auto parts = ParseMultipart(request.headers.Get("Content-Type"), request.body);
  if (!parts.ok()) return BodyRefusal{parts.error()};
  TextFields fields;
  std::optional<pipeline::Recording> recording;
  for (const FormPart& part : *parts) {
    if (part.name == "audio") {
      recording = RecordingOf(part);
      continue;
    }
    if (part.bytes.size() > kMaxTextBytes) return BadField(part.name);
    const std::string text(part.text());
    if (part.name == "mode") {
      fields.mode = text;
    } else if (part.name == "locale") {
      fields.locale = text;
    } else if (part.name == "reference_text") {
      fields.reference_text = text;
    } else if (part.name == "sentence_id" && !text.empty()) {
      fields.sentence_id = ParseNumber(text);
      if (!fields.sentence_id) return BadField("sentence_id");
    }
  }
  auto made = Assemble(fields, fallback);
  if (auto* session = std::get_if<SessionRequest>(&made)) session->recording = std::move(recording);
  return made;
}

std::variant<SessionRequest, BodyRefusal> FromJson(const Request& request, model::Locale fallback) {
  boost::system::error_code fault;
  const boost::json::value value = boost::json::parse({request.body_text().data(), request.body_text().size()}, fault);
  if (fault || !value.is_object()) return BodyRefusal{{base::ErrorCode::kBadJson, fault ? fault.message() : "not an object"}};
  const boost::json::object& object = value.get_object();
  const auto mode = TextField(object, "mode", kMaxTextBytes);
  const auto locale = TextField(object, "locale", kMaxTextBytes);
  const auto reference_text = TextField(object, "reference_text", kMaxTextBytes);
  const auto sentence_id = IntegerField(object, "sentence_id");
  const auto audio = TextField(object, "audio_base64", request.body.size());
  const auto audio_format = TextField(object, "audio_format", kMaxTextBytes);
  if (mode.is_wrong) return BadField("mode");
  if (locale.is_wrong) return BadField("locale");
  if (reference_text.is_wrong) return BadField("reference_text");
  if (sentence_id.is_wrong) return BadField("sentence_id");
  if (audio.is_wrong) return BadField("audio_base64");
  if (audio_format.is_wrong || (audio_format.value && !IsAudioFormat(*audio_format.value))) return BadField("audio_format");
  auto made = Assemble({mode.value, locale.value, reference_text.value, sentence_id.value}, fallback);
  if (auto* session = std::get_if<SessionRequest>(&made); session != nullptr && audio.value) {
    auto bytes = DecodeBase64(*audio.value);
    if (!bytes) return BadField("audio_base64");
    session->recording = pipeline::Recording{audio_format.value.value_or(""), std::move(*bytes)};
  }
  return made;
}

}  // namespace

std::variant<SessionRequest, BodyRefusal> ReadSessionRequest(const Request& request, model::Locale fallback) {
  const std::string type = MediaType(request.headers.Get("Content-Type"));
  if (type == "multipart/form-data") return FromForm(request, fallback);
  if (type == "application/json") return FromJson(request, fallback);
  return BodyRefusal{{base::ErrorCode::kUnsupportedFormat, "neither a form nor JSON"}, {}, 415};
}

std::variant<pipeline::Recording, BodyRefusal> ReadRecording(const Request& request) {
  const std::string_view content_type = request.headers.Get("Content-Type");
  if (MediaType(content_type) == "multipart/form-data") {
    const auto parts = ParseMultipart(content_type, request.body);
    if (!parts.ok()) return BodyRefusal{parts.error()};
    for (const FormPart& part : *parts) {
      if (part.name == "audio") return RecordingOf(part);
    }
    return BadField("audio");
  }
  const auto format = FormatOfMediaType(content_type);
  if (!format) return BodyRefusal{{base::ErrorCode::kUnsupportedFormat, "media type of no recording"}};
  return pipeline::Recording{*format, request.body};
}

}  // namespace speechcoach::api
