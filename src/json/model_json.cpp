#include "json/model_json.h"

#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "json/json_fields.h"
#include "json/prosody_json.h"
#include "model/user_message.h"

namespace speechcoach::json {
namespace {

namespace bj = boost::json;

model::Scores ScoresFrom(const bj::value& value) {
  return {Number(value, "overall"), Number(value, "pronunciation"), Number(value, "prosody"),
          Number(value, "emotion"), Number(value, "confidence"),    Number(value, "fluency")};
}

model::Emotion EmotionFrom(const bj::value& value) {
  model::Emotion emotion{
      Text(value, "label"), Number(value, "arousal"), Number(value, "valence"), Number(value, "certainty"), {}};
  for (const bj::value& cue : At(value, "cues").as_array()) {
    emotion.cues.push_back({Text(cue, "name"), Number(cue, "value"), Number(cue, "arousal"), Number(cue, "valence")});
  }
  return emotion;
}

model::Feedback FeedbackFrom(const bj::value& value) {
  const bj::value& detailed = At(value, "detailed");
  return {Text(value, "conversational"),
          {Texts(detailed, "strengths"), Texts(detailed, "improvements"), Text(detailed, "emotion_detected"),
           Text(detailed, "confidence_level"), Text(detailed, "prosody_notes"), EmotionFrom(At(detailed, "emotion"))},
          {}};
}

model::Analysis AnalysisFrom(const bj::value& value) {
  model::Analysis analysis;
  analysis.audio_duration_s = Number(value, "audio_duration_s");
  analysis.audio_truncated = Bool(value, "audio_truncated");
  analysis.transcript = TranscriptFromJson(At(value, "transcript"));
  analysis.prosody = ProsodyFromJson(At(value, "prosody_features"));
  analysis.miscues = MiscuesFromJson(At(value, "miscues"));
  // Analyses from before pronunciation was measured have no such field.
  if (const bj::value* pronunciation = value.as_object().if_contains("pronunciation");
      pronunciation != nullptr && !pronunciation->is_null()) {
    analysis.pronunciation = PronunciationFromJson(*pronunciation);
  }
  analysis.scores = ScoresFrom(At(value, "scores"));
  analysis.feedback = FeedbackFrom(At(value, "feedback"));
  analysis.feedback.source.provider = Text(value, "llm_provider");
  // Analyses of earlier versions do not have these.
  const bj::object& object = value.as_object();
  if (const bj::value* scores = object.if_contains("llm_scores"); scores != nullptr && !scores->is_null()) {
    analysis.feedback.source.llm_scores = ScoresFrom(*scores);
  }
  if (object.contains("feedback_phrases")) analysis.feedback.source.phrases = Texts(value, "feedback_phrases");
  analysis.degraded_mode = Bool(value, "degraded_mode");
  analysis.llm_provider = Text(value, "llm_provider");
  for (const bj::value& failure : At(value, "failures").as_array()) {
    analysis.failures.push_back({ByName<model::Stage>(Text(failure, "stage"), 5, model::Name),
                                 {base::ErrorCodeFromName(Text(failure, "code")), Text(failure, "message")}});
  }
  const bj::value& times = At(value, "stage_times");
  analysis.times = {Integer(times, "decode_ms"),  Integer(times, "stt_ms"),      Integer(times, "prosody_ms"),
                    Integer(times, "scoring_ms"), Integer(times, "feedback_ms"), Integer(times, "total_ms")};
  if (times.as_object().contains("text_ms")) analysis.times.text_ms = Integer(times, "text_ms");
  return analysis;
}

bj::value AudioJson(const model::Session& session, std::optional<double> duration_s) {
  if (session.audio_key.empty()) return nullptr;
  return {{"format", session.audio_format}, {"size_bytes", session.audio_size_bytes}, {"duration_s", OrNull(duration_s)}};
}

}  // namespace

bj::object ToJson(const model::CoachTurn& coach) {
  bj::array corrections;
  for (const model::Correction& correction : coach.corrections) {
    corrections.emplace_back(bj::object{{"kind", model::Name(correction.kind)},
                                        {"said", correction.said},
                                        {"better", correction.better},
                                        {"why_vi", correction.why_vi}});
  }
  return {{"say", coach.say}, {"help_vi", coach.help_vi}, {"corrections", std::move(corrections)}, {"is_last", coach.is_last}};
}

model::CoachTurn CoachTurnFromJson(const bj::value& value) {
  model::CoachTurn coach{Text(value, "say"), Text(value, "help_vi"), {}, At(value, "is_last").as_bool()};
  for (const bj::value& correction : At(value, "corrections").as_array()) {
    const bool is_grammar = Text(correction, "kind") == model::Name(model::Correction::Kind::kGrammar);
    coach.corrections.push_back({is_grammar ? model::Correction::Kind::kGrammar : model::Correction::Kind::kVocabulary,
                                 Text(correction, "said"), Text(correction, "better"), Text(correction, "why_vi")});
  }
  return coach;
}

bj::object ToJson(const model::Turn& turn, model::Locale locale) {
  bj::object object{{"turn", turn.number},
                    {"coach", ToJson(turn.coach)},
                    {"created_at", base::FormatRfc3339(turn.created_at_ms)},
                    {"completed_at", turn.is_over() ? bj::value(base::FormatRfc3339(turn.completed_at_ms)) : bj::value(nullptr)},
                    {"has_audio", !turn.audio_key.empty()},
                    {"error", turn.error ? bj::value(ToJson(*turn.error, locale)) : bj::value(nullptr)},
                    {"analysis", nullptr}};
  if (!turn.analysis) return object;
  const model::Analysis& analysis = *turn.analysis;
  object["analysis"] = {
      {"audio_duration_s", Finite(analysis.audio_duration_s)},
      {"transcript", analysis.transcript.text},
      {"words", ToJson(analysis.transcript.words)},
      {"scores", ToJson(analysis.scores)},
      {"feedback", ToJson(analysis.feedback)},
      {"prosody_features", ToJson(analysis.prosody)},
      {"pronunciation", analysis.pronunciation ? bj::value(ToJson(*analysis.pronunciation)) : bj::value(nullptr)},
      {"degraded_mode", analysis.degraded_mode}};
  return object;
}

std::string_view Name(model::Role role) {
  switch (role) {
    case model::Role::kLearner:
      return "learner";
    case model::Role::kTeacher:
      return "teacher";
    case model::Role::kAdmin:
      break;
  }
  return "admin";
}

bj::object ToJson(const model::Word& word) {
  return {{"text", word.text},
          {"start_s", Finite(word.start_s)},
          {"end_s", Finite(word.end_s)},
          {"confidence", Finite(word.confidence)},
          {"probability", Finite(word.probability)}};
}

bj::array ToJson(const std::vector<model::Word>& words) {
  bj::array array;
  for (const model::Word& word : words) array.emplace_back(ToJson(word));
  return array;
}

model::Transcript TranscriptFromJson(const bj::value& value) {
  model::Transcript transcript;
  transcript.text = Text(value, "text");
  transcript.confidence = Number(value, "confidence");
  transcript.model = Text(value, "model");
  transcript.language = Text(value, "language");
  transcript.used_fallback = Bool(value, "used_fallback");
  for (const bj::value& word : At(value, "words").as_array()) {
    // Where a stored transcript has no probability, its confidence was the decoder's own.
    const double confidence = Number(word, "confidence");
    const double probability = word.as_object().contains("probability") ? Number(word, "probability") : confidence;
    transcript.words.push_back({Text(word, "text"), Number(word, "start_s"), Number(word, "end_s"), confidence, probability});
  }
  return transcript;
}

bj::object ToJson(const model::Transcript& transcript) {
  return {{"text", transcript.text},         {"confidence", Finite(transcript.confidence)}, {"model", transcript.model},
          {"language", transcript.language}, {"used_fallback", transcript.used_fallback},   {"words", ToJson(transcript.words)}};
}

bj::object ToJson(const model::Scores& scores) {
  return {{"overall", Finite(scores.overall)},       {"pronunciation", Finite(scores.pronunciation)},
          {"prosody", Finite(scores.prosody)},       {"emotion", Finite(scores.emotion)},
          {"confidence", Finite(scores.confidence)}, {"fluency", Finite(scores.fluency)}};
}

bj::object ToJson(const model::Emotion& emotion) {
  bj::array cues;
  for (const model::EmotionCue& cue : emotion.cues) {
    cues.emplace_back(bj::object{
        {"name", cue.name}, {"value", Finite(cue.value)}, {"arousal", Finite(cue.arousal)}, {"valence", Finite(cue.valence)}});
  }
  return {{"label", emotion.label},
          {"certainty", Finite(emotion.certainty)},
          {"arousal", Finite(emotion.arousal)},
          {"valence", Finite(emotion.valence)},
          {"cues", std::move(cues)}};
}

bj::object ToJson(const model::DetailedFeedback& detailed) {
  return {{"strengths", ToArray(detailed.strengths)},      {"improvements", ToArray(detailed.improvements)},
          {"emotion_detected", detailed.emotion_detected}, {"confidence_level", detailed.confidence_level},
          {"prosody_notes", detailed.prosody_notes},       {"emotion", ToJson(detailed.emotion)}};
}

bj::object ToJson(const model::Feedback& feedback) {
  return {{"conversational", feedback.conversational}, {"detailed", ToJson(feedback.detailed)}};
}

bj::object ToJson(const model::StageTimes& times) {
  return {{"decode_ms", times.decode_ms},   {"stt_ms", times.stt_ms},         {"text_ms", times.text_ms},
          {"prosody_ms", times.prosody_ms}, {"scoring_ms", times.scoring_ms}, {"feedback_ms", times.feedback_ms},
          {"total_ms", times.total_ms}};
}

bj::object ToJson(const model::Sentence& sentence) {
  return {{"id", sentence.id},       {"text", sentence.text},   {"text_vi", sentence.text_vi},
          {"level", sentence.level}, {"topic", sentence.topic}, {"focus_sounds", ToArray(sentence.focus_sounds)}};
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
          {"transcript", ToJson(analysis.transcript)},
          {"prosody_features", ToJson(analysis.prosody)},
          {"miscues", ToJson(analysis.miscues)},
          {"pronunciation", analysis.pronunciation ? bj::value(ToJson(*analysis.pronunciation)) : bj::value(nullptr)},
          {"scores", ToJson(analysis.scores)},
          {"feedback", ToJson(analysis.feedback)},
          {"degraded_mode", analysis.degraded_mode},
          {"llm_provider", analysis.llm_provider},
          {"llm_scores",
           analysis.feedback.source.llm_scores ? bj::value(ToJson(*analysis.feedback.source.llm_scores)) : bj::value(nullptr)},
          {"feedback_phrases", ToArray(analysis.feedback.source.phrases)},
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

bj::object SessionHead(const model::Session& session) {
  return {{"id", session.id},
          {"mode", model::Name(session.mode)},
          {"locale", model::Name(session.locale)},
          {"status", model::Name(session.status)},
          {"sentence_id", session.sentence_id ? bj::value(*session.sentence_id) : bj::value(nullptr)},
          {"reference_text", session.reference_text},
          {"created_at", base::FormatRfc3339(session.created_at_ms)},
          {"completed_at",
           session.completed_at_ms != 0 ? bj::value(base::FormatRfc3339(session.completed_at_ms)) : bj::value(nullptr)},
          {"error", session.error ? bj::value(ToJson(*session.error, session.locale)) : bj::value(nullptr)}};
}

bj::object ToJson(const model::SessionSummary& summary) {
  const auto& analysis = summary.analysis;
  bj::object object = SessionHead(summary.session);
  object["audio"] = AudioJson(summary.session, analysis ? std::optional(analysis->audio_duration_s) : std::nullopt);
  object["transcript"] = analysis ? bj::value(analysis->transcript) : bj::value(nullptr);
  object["scores"] = analysis ? bj::value(ToJson(analysis->scores)) : bj::value(nullptr);
  object["degraded_mode"] = analysis ? bj::value(analysis->degraded_mode) : bj::value(nullptr);
  return object;
}

bj::object ToJson(const model::Session& session) {
  bj::object object = SessionHead(session);
  object["audio"] = AudioJson(session, session.analysis ? std::optional(session.analysis->audio_duration_s) : std::nullopt);
  if (!session.analysis) {
    for (const char* key : {"transcript", "transcription_confidence", "words", "prosody_features", "scores", "feedback",
                            "miscues", "pronunciation", "degraded_mode", "failures", "processing_time_ms", "stage_times"}) {
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
  object["pronunciation"] = analysis.pronunciation ? bj::value(ToJson(*analysis.pronunciation)) : bj::value(nullptr);
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
