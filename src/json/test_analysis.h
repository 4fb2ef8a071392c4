// For tests: an analysis in which nothing is left out.
#pragma once

#include "model/session.h"

namespace speechcoach::json {

inline model::Analysis FullAnalysis() {
  model::Analysis analysis;
  analysis.audio_duration_s = 3.25;
  analysis.audio_truncated = true;
  analysis.transcript = {"Hello there.", {{"Hello", 0.1, 0.4, 0.9}, {"there.", 0.5, 0.9, 0.8}}, 0.85, "tiny.en", true};
  analysis.prosody.pitch = {180.5, 25.25, 120.0, {{0.01, 0.0}, {0.02, 181.0}}};
  analysis.prosody.energy.mean = 0.65;
  analysis.prosody.energy.dynamic_range = 0.4;
  analysis.prosody.speaking_rate = {4.25, 140.0};
  analysis.prosody.pauses = {0.5, {{1.0, 1.5, model::PausePlace::kWithinPhrase}}};
  analysis.prosody.rhythm = {4.5, 0.75, 6.5, 1.5, 48.5, 52.25, {{2.0, 2.5}}};
  analysis.prosody.melody = {2.5, 0.5, -1.5, {{0.25, 3.0, 0, 1, model::FinalTone::kRise, 3.5, -2.0}, {0.0, 0.5}}};
  analysis.prosody.syllables = {{0.25, 0.125, 0.5, 181.0, -20.5, 500.0, 1500.0}, {0.75, 0.5, 1.0, 0.0, -30.0}};
  analysis.prosody.words = {{1.25, true, true}, {-1.25, false, false}};
  analysis.prosody.confidence = {0.85, 0.75, 0.25};
  analysis.prosody.jitter_local = 0.0125;
  analysis.prosody.speech_end_s = 3.0;
  analysis.miscues = {{model::MiscueKind::kReplaced, "their", "there"}, {model::MiscueKind::kOmitted, "is", ""}};
  model::PhoneResult phone{"TH", "θ", 0.125, 0.25, 3.5, model::PhoneVerdict::kSubstituted, "T", "t", 0.75};
  model::WordResult word{
      "there", 0.125, 0.5, 6.25, model::WordVerdict::kMispronounced, model::WordStress{0, 1, model::StressVerdict::kMisplaced},
      {phone}, {"AH"}};
  analysis.pronunciation = model::PronunciationReport{
      {word, {"is", 0.5, 0.75, 10.0, model::WordVerdict::kOk, std::nullopt, {}, {}}},
      {{model::MiscueKind::kRepeated, "is", "is"}},
      {7.5, 8.25, 6.5, 7.0},
      0.875,
      {{model::ScoreAspect::kFluency, model::ReasonKind::kLongPause, 0, "there", "", "", 1.0, 1.5, 0.5}},
      {{"TH>T", 2, 1, {"there"}, "Đặt lưỡi", "Put your tongue", {"three/tree"}, "θ", {"t"}}}};
  analysis.scores = {8.5, 9.0, 7.5, 8.0, 7.0, 9.25};
  analysis.feedback = {"Tốt lắm!",
                       {{"Rõ ràng"}, {"Chậm lại"}, "neutral", "moderate", "Giọng đều"},
                       {"openai", model::Scores{8.0, 9.0, 7.0, 8.0, 7.0, 9.0}, {"fluent/said/1"}}};
  analysis.llm_provider = "openai";
  analysis.degraded_mode = true;
  analysis.failures = {{model::Stage::kTranscribing, {base::ErrorCode::kSttFailed, "out of memory"}}};
  analysis.times = {1, 2, 3, 4, 5, 15, 1};
  return analysis;
}

}  // namespace speechcoach::json
