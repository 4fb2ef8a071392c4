#include "api/rest/model_speech_routes.h"

#include <string>
#include <vector>

#include "api/rest/json_response.h"
#include "pipeline/melody_comparison.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

// A few sentences: the voice takes about a tenth of the speech's length, one caller at a time.
constexpr std::size_t kMostTextBytes = 500;

struct Asked {
  std::string text;
  std::string speed = "normal";
  std::string format = "wav";
  std::string session_id;
};

bj::value Semitones(bool is_voiced, double st) { return is_voiced ? bj::value(st) : bj::value(nullptr); }

// [time_s, the model's semitones or null, the learner's or null]; empty where the session's words are not the model's.
bj::array MelodyOf(const pipeline::ModelSpeech& said, const model::Analysis& analysis) {
  std::vector<pipeline::WordSpan> model_words;
  for (const auto& word : said.speech.words) model_words.push_back({word.start_s, word.end_s});
  std::vector<pipeline::WordSpan> learner_words;
  if (analysis.pronunciation) {
    for (const model::WordResult& word : analysis.pronunciation->words) learner_words.push_back({word.start_s, word.end_s});
  }
  bj::array melody;
  for (const pipeline::MelodyPoint& point :
       pipeline::CompareMelodies({model_words, said.contour}, {learner_words, analysis.prosody.pitch.contour})) {
    melody.emplace_back(bj::array{point.time_s, Semitones(point.is_model_voiced, point.model_st),
                                  Semitones(point.is_learner_voiced, point.learner_st)});
  }
  return melody;
}

bj::object ToJson(const pipeline::ModelSpeech& said) {
  bj::array words;
  for (const auto& word : said.speech.words)
    words.emplace_back(bj::object{{"text", word.text}, {"start_s", word.start_s}, {"end_s", word.end_s}});
  bj::array phones;
  for (const auto& phone : said.speech.phones) {
    phones.emplace_back(
        bj::object{{"phone", phone.phone}, {"word", phone.word}, {"start_s", phone.start_s}, {"end_s", phone.end_s}});
  }
  bj::array contour;
  for (const model::PitchPoint& point : said.contour) contour.emplace_back(bj::array{point.time_s, point.f0_hz});
  return {{"duration_s", said.speech.duration_s()},
          {"words", std::move(words)},
          {"phones", std::move(phones)},
          {"contour", std::move(contour)}};
}

void Say(const pipeline::ModelSpeaker& speaker, pipeline::SessionService& service, const Call& call) {
  Asked asked;
  for (const auto& [name, value] : call.request->query) {
    if (name == "text") asked.text = value;
    if (name == "speed") asked.speed = value;
    if (name == "format") asked.format = value;
    if (name == "session_id") asked.session_id = value;
  }
  if (asked.speed != "normal" && asked.speed != "slow") return call.FailField("speed");
  if (asked.format != "wav" && asked.format != "json") return call.FailField("format");
  if (asked.text.size() > kMostTextBytes) return call.FailField("text");
  const auto said = speaker.Say(asked.text, asked.speed == "slow" ? voice::Speed::kSlow : voice::Speed::kNormal);
  if (!said.ok()) return said.error().code == base::ErrorCode::kBadField ? call.FailField("text") : call.Fail(said.error());
  if (asked.format == "wav") {
    Response response;
    response.headers.Set("Content-Type", "audio/wav");
    response.headers.Set("Cache-Control", "private, max-age=86400");
    response.body = Body(voice::ToWav(said->speech));
    return call.reply(std::move(response));
  }
  bj::object answer = ToJson(*said);
  if (!asked.session_id.empty()) {
    const auto session = service.Get(call.user_id, asked.session_id);
    if (!session.ok()) return call.Fail(session.error());
    if (session->analysis) answer["melody"] = MelodyOf(*said, *session->analysis);
  }
  call.reply(JsonResponse(200, answer));
}

}  // namespace

void AddModelSpeechRoutes(Router& router, const Guard& guard, const pipeline::ModelSpeaker& speaker,
                          pipeline::SessionService& service) {
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/model-speech",
              .handler = guard.SignedIn([&speaker, &service](const Call& call) { Say(speaker, service, call); })});
}

}  // namespace speechcoach::api
