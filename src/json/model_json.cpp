#include "json/model_json.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "model/user_message.h"

namespace speechcoach::json {
namespace {

namespace bj = boost::json;

bj::value OrNull(const std::optional<double>& value) { return value ? bj::value(*value) : bj::value(nullptr); }

// JSON has no NaN and no infinity, and a client that meets one cannot read the rest.
double Finite(double value) { return std::isfinite(value) ? value : 0.0; }

// Readers throw std::exception on a missing key or a wrong type; AnalysisFromJson turns that into an Error.
const bj::value& At(const bj::value& value, std::string_view key) { return value.as_object().at(key); }
double Number(const bj::value& value, std::string_view key) { return At(value, key).to_number<double>(); }
int Integer(const bj::value& value, std::string_view key) { return At(value, key).to_number<int>(); }
bool Bool(const bj::value& value, std::string_view key) { return At(value, key).as_bool(); }
std::string Text(const bj::value& value, std::string_view key) { return std::string(At(value, key).as_string()); }

std::optional<double> NumberOrNull(const bj::value& value, std::string_view key) {
  const bj::value& item = At(value, key);
  return item.is_null() ? std::nullopt : std::optional(item.to_number<double>());
}

std::vector<std::string> Texts(const bj::value& value, std::string_view key) {
  std::vector<std::string> texts;
  for (const bj::value& item : At(value, key).as_array()) texts.emplace_back(item.as_string());
  return texts;
}

bj::array ToArray(const std::vector<std::string>& texts) {
  bj::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

template <typename Enum>
Enum ByName(std::string_view name, int count, std::string_view (*name_of)(Enum)) {
  for (int i = 0; i < count; ++i) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  throw std::invalid_argument(fmt::format("unknown name '{}'", name));
}

model::Transcript TranscriptFrom(const bj::value& value) {
  model::Transcript transcript;
  transcript.text = Text(value, "text");
  transcript.confidence = Number(value, "confidence");
  transcript.model = Text(value, "model");
  transcript.used_fallback = Bool(value, "used_fallback");
  for (const bj::value& word : At(value, "words").as_array()) {
    transcript.words.push_back({Text(word, "text"), Number(word, "start_s"), Number(word, "end_s"), Number(word, "confidence")});
  }
  return transcript;
}

model::ProsodyReport ProsodyFrom(const bj::value& value) {
  model::ProsodyReport report;
  const bj::value& pitch = At(value, "pitch");
  report.pitch.mean_hz = Number(pitch, "mean");
  report.pitch.std_hz = Number(pitch, "std");
  report.pitch.range_hz = Number(pitch, "range");
  for (const bj::value& point : At(pitch, "contour").as_array()) {
    report.pitch.contour.push_back({point.at(0).to_number<double>(), point.at(1).to_number<double>()});
  }
  const bj::value& energy = At(value, "energy");
  report.energy = {Number(energy, "mean"), Number(energy, "dynamic_range")};
  const bj::value& rate = At(value, "speaking_rate");
  report.speaking_rate = {Number(rate, "syllables_per_second"), NumberOrNull(rate, "words_per_minute")};
  const bj::value& pauses = At(value, "pauses");
  report.pauses.avg_duration_s = Number(pauses, "avg_duration");
  for (const bj::value& pause : At(pauses, "positions").as_array()) {
    report.pauses.positions.push_back({Number(pause, "start_s"), Number(pause, "end_s")});
  }
  const bj::value& confidence = At(value, "confidence");
  report.confidence = {Number(confidence, "pitch_stability"), Number(confidence, "energy_consistency"),
                       Number(confidence, "hesitation_score")};
  report.jitter_local = NumberOrNull(value, "jitter");
  report.shimmer_local = NumberOrNull(value, "shimmer");
  report.hnr_db = NumberOrNull(value, "hnr");
  report.speech_start_s = Number(value, "speech_start_s");
  report.speech_end_s = Number(value, "speech_end_s");
  report.minimal = Bool(value, "minimal");
  return report;
}

model::Feedback FeedbackFrom(const bj::value& value) {
  const bj::value& detailed = At(value, "detailed");
  return {Text(value, "conversational"),
          {Texts(detailed, "strengths"), Texts(detailed, "improvements"), Text(detailed, "emotion_detected"),
           Text(detailed, "confidence_level"), Text(detailed, "prosody_notes")}};
}

model::Analysis AnalysisFrom(const bj::value& value) {
  model::Analysis analysis;
  analysis.audio_duration_s = Number(value, "audio_duration_s");
  analysis.audio_truncated = Bool(value, "audio_truncated");
  analysis.transcript = TranscriptFrom(At(value, "transcript"));
  analysis.prosody = ProsodyFrom(At(value, "prosody_features"));
  for (const bj::value& miscue : At(value, "miscues").as_array()) {
    analysis.miscues.push_back(
        {ByName<model::MiscueKind>(Text(miscue, "kind"), 3, Name), Text(miscue, "expected"), Text(miscue, "heard")});
  }
  const bj::value& scores = At(value, "scores");
  analysis.scores = {Number(scores, "overall"), Number(scores, "pronunciation"), Number(scores, "prosody"),
                     Number(scores, "emotion"), Number(scores, "confidence"),    Number(scores, "fluency")};
  analysis.feedback = FeedbackFrom(At(value, "feedback"));
  analysis.degraded_mode = Bool(value, "degraded_mode");
  analysis.llm_provider = Text(value, "llm_provider");
  for (const bj::value& failure : At(value, "failures").as_array()) {
    analysis.failures.push_back({ByName<model::Stage>(Text(failure, "stage"), 5, model::Name),
                                 {base::ErrorCodeFromName(Text(failure, "code")), Text(failure, "message")}});
  }
  const bj::value& times = At(value, "stage_times");
  analysis.times = {Integer(times, "decode_ms"),  Integer(times, "stt_ms"),      Integer(times, "prosody_ms"),
                    Integer(times, "scoring_ms"), Integer(times, "feedback_ms"), Integer(times, "total_ms")};
  return analysis;
}

}  // namespace

std::string_view Name(model::MiscueKind kind) {
  switch (kind) {
    case model::MiscueKind::kOmitted: return "omitted";
    case model::MiscueKind::kInserted: return "inserted";
    case model::MiscueKind::kReplaced: break;
  }
  return "replaced";
}

std::string_view Name(model::Role role) {
  switch (role) {
    case model::Role::kLearner: return "learner";
    case model::Role::kTeacher: return "teacher";
    case model::Role::kAdmin: break;
  }
  return "admin";
}

bj::object ToJson(const model::Word& word) {
  return {{"text", word.text}, {"start_s", Finite(word.start_s)}, {"end_s", Finite(word.end_s)}, {"confidence", Finite(word.confidence)}};
}

bj::array ToJson(const std::vector<model::Word>& words) {
  bj::array array;
  for (const model::Word& word : words) array.emplace_back(ToJson(word));
  return array;
}

bj::object ToJson(const model::Scores& scores) {
  return {{"overall", Finite(scores.overall)}, {"pronunciation", Finite(scores.pronunciation)},
          {"prosody", Finite(scores.prosody)}, {"emotion", Finite(scores.emotion)},
          {"confidence", Finite(scores.confidence)}, {"fluency", Finite(scores.fluency)}};
}

bj::object ToJson(const model::DetailedFeedback& detailed) {
  return {{"strengths", ToArray(detailed.strengths)},
          {"improvements", ToArray(detailed.improvements)},
          {"emotion_detected", detailed.emotion_detected},
          {"confidence_level", detailed.confidence_level},
          {"prosody_notes", detailed.prosody_notes}};
}

bj::object ToJson(const model::Feedback& feedback) {
  return {{"conversational", feedback.conversational}, {"detailed", ToJson(feedback.detailed)}};
}

bj::object ToJson(const model::ProsodyReport& report) {
  bj::array contour;
  for (const model::PitchPoint& point : report.pitch.contour) contour.emplace_back(bj::array{Finite(point.time_s), Finite(point.f0_hz)});
  bj::array pauses;
  for (const model::Pause& pause : report.pauses.positions) {
    pauses.emplace_back(bj::object{{"start_s", Finite(pause.start_s)}, {"end_s", Finite(pause.end_s)}});
  }
  return {{"pitch",
           {{"mean", Finite(report.pitch.mean_hz)},
            {"std", Finite(report.pitch.std_hz)},
            {"range", Finite(report.pitch.range_hz)},
            {"contour", std::move(contour)}}},
          {"energy", {{"mean", Finite(report.energy.mean)}, {"dynamic_range", Finite(report.energy.dynamic_range)}}},
          {"speaking_rate",
           {{"syllables_per_second", Finite(report.speaking_rate.syllables_per_second)},
            {"words_per_minute", OrNull(report.speaking_rate.words_per_minute)}}},
          {"pauses",
           {{"count", report.pauses.positions.size()},
            {"avg_duration", Finite(report.pauses.avg_duration_s)},
            {"positions", std::move(pauses)}}},
          {"confidence",
           {{"pitch_stability", Finite(report.confidence.pitch_stability)},
            {"energy_consistency", Finite(report.confidence.energy_consistency)},
            {"hesitation_score", Finite(report.confidence.hesitation_score)}}},
          {"jitter", OrNull(report.jitter_local)},
          {"shimmer", OrNull(report.shimmer_local)},
          {"hnr", OrNull(report.hnr_db)},
          {"speech_start_s", Finite(report.speech_start_s)},
          {"speech_end_s", Finite(report.speech_end_s)},
          {"minimal", report.minimal}};
}

bj::object ToJson(const model::StageTimes& times) {
  return {{"decode_ms", times.decode_ms},   {"stt_ms", times.stt_ms},           {"prosody_ms", times.prosody_ms},
          {"scoring_ms", times.scoring_ms}, {"feedback_ms", times.feedback_ms}, {"total_ms", times.total_ms}};
}

bj::object ToJson(const model::Sentence& sentence) {
  return {{"id", sentence.id},       {"text", sentence.text},   {"text_vi", sentence.text_vi},
          {"level", sentence.level}, {"topic", sentence.topic}, {"focus_sounds", ToArray(sentence.focus_sounds)}};
}

bj::array ToJson(const std::vector<model::Miscue>& miscues) {
  bj::array array;
  for (const model::Miscue& miscue : miscues) {
    array.emplace_back(bj::object{{"kind", Name(miscue.kind)}, {"expected", miscue.expected}, {"heard", miscue.heard}});
  }
  return array;
}

bj::array ToJson(const std::vector<model::StageFailure>& failures) {
  bj::array array;
  for (const model::StageFailure& failure : failures) {
    array.emplace_back(bj::object{{"stage", model::Name(failure.stage)},
                                  {"code", base::ErrorCodeName(failure.error.code)},
                                  {"message", failure.error.message}});
  }
  return array;
}

bj::object ToJson(const base::Error& error, model::Locale locale) {
  return {{"code", base::ErrorCodeName(error.code)},
          {"message", model::UserMessage(error.code, locale)},
          {"retryable", base::IsRetryable(error.code)}};
}

bj::object ToJson(const model::Analysis& analysis) {
  return {{"audio_duration_s", Finite(analysis.audio_duration_s)},
          {"audio_truncated", analysis.audio_truncated},
          {"transcript",
           {{"text", analysis.transcript.text},
            {"confidence", Finite(analysis.transcript.confidence)},
            {"model", analysis.transcript.model},
            {"used_fallback", analysis.transcript.used_fallback},
            {"words", ToJson(analysis.transcript.words)}}},
          {"prosody_features", ToJson(analysis.prosody)},
          {"miscues", ToJson(analysis.miscues)},
          {"scores", ToJson(analysis.scores)},
          {"feedback", ToJson(analysis.feedback)},
          {"degraded_mode", analysis.degraded_mode},
          {"llm_provider", analysis.llm_provider},
          {"failures", ToJson(analysis.failures)},
          {"stage_times", ToJson(analysis.times)}};
}

base::Result<model::Analysis> AnalysisFromJson(const bj::value& value) {
  try {
    return AnalysisFrom(value);
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fmt::format("the stored analysis is not readable: {}", fault.what())};
  }
}

bj::object ToJson(const model::Session& session) {
  bj::object object{{"id", session.id},
                    {"mode", model::Name(session.mode)},
                    {"locale", model::Name(session.locale)},
                    {"status", model::Name(session.status)},
                    {"sentence_id", session.sentence_id ? bj::value(*session.sentence_id) : bj::value(nullptr)},
                    {"reference_text", session.reference_text},
                    {"created_at", base::FormatRfc3339(session.created_at_ms)},
                    {"completed_at", session.completed_at_ms != 0 ? bj::value(base::FormatRfc3339(session.completed_at_ms)) : bj::value(nullptr)},
                    {"audio", nullptr},
                    {"error", session.error ? bj::value(ToJson(*session.error, session.locale)) : bj::value(nullptr)}};
  if (!session.audio_key.empty()) {
    object["audio"] = {{"format", session.audio_format},
                       {"size_bytes", session.audio_size_bytes},
                       {"duration_s", session.analysis ? bj::value(Finite(session.analysis->audio_duration_s)) : bj::value(nullptr)}};
  }
  if (!session.analysis) {
    for (const char* key : {"transcript", "transcription_confidence", "words", "prosody_features", "scores", "feedback", "miscues",
                            "degraded_mode", "failures", "processing_time_ms", "stage_times"}) {
      object[key] = nullptr;
    }
    return object;
  }
  const model::Analysis& analysis = *session.analysis;
  object["transcript"] = analysis.transcript.text;
  object["transcription_confidence"] = Finite(analysis.transcript.confidence);
  object["words"] = ToJson(analysis.transcript.words);
  object["prosody_features"] = ToJson(analysis.prosody);
  object["scores"] = ToJson(analysis.scores);
  object["feedback"] = ToJson(analysis.feedback);
  object["miscues"] = ToJson(analysis.miscues);
  object["degraded_mode"] = analysis.degraded_mode;
  // An operator's message may name files and hosts; clients get the code and the stage.
  bj::array failures;
  for (const model::StageFailure& failure : analysis.failures) {
    failures.emplace_back(bj::object{{"stage", model::Name(failure.stage)}, {"code", base::ErrorCodeName(failure.error.code)}});
  }
  object["failures"] = std::move(failures);
  object["processing_time_ms"] = analysis.times.total_ms;
  object["stage_times"] = ToJson(analysis.times);
  return object;
}

}  // namespace speechcoach::json
