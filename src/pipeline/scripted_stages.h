// Stages that do what a test tells them, for the failures that real ones show too rarely.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "audio/wav.h"
#include "pipeline/analyse_recording.h"

namespace speechcoach::pipeline {

inline std::vector<std::uint8_t> TestBytes(const std::string& name) {
  std::ifstream file(std::filesystem::path(SPEECHCOACH_TEST_DATA) / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline model::AudioClip TestClip(const std::string& name) { return std::move(audio::DecodeWav(TestBytes(name))).value(); }

inline model::Transcript SomeTranscript() {
  return {"Always waiting for the next season.",
          {{"Always", 0.3, 0.7, 0.9},
           {"waiting", 0.7, 1.1, 0.9},
           {"for", 1.1, 1.3, 0.9},
           {"the", 1.3, 1.4, 0.9},
           {"next", 1.4, 1.9, 0.8},
           {"season.", 1.9, 2.5, 0.9}},
          0.88,
          "scripted",
          false};
}

class ScriptedTranscriber final : public stt::Transcriber {
 public:
  using Script = std::function<base::Result<model::Transcript>(const stt::TranscribeOptions&)>;
  Script script = [](const stt::TranscribeOptions&) { return SomeTranscript(); };

  base::Result<model::Transcript> Transcribe(const model::AudioClip&, const stt::TranscribeOptions& options) override {
    return script(options);
  }
};

class ScriptedAssessor final : public pronunciation::Assessor {
 public:
  using Script = std::function<base::Result<model::PronunciationReport>(const pronunciation::Recording&, const std::string&)>;
  Script script = [](const pronunciation::Recording&, const std::string&) { return model::PronunciationReport(); };

  base::Result<model::PronunciationReport> Assess(const pronunciation::Recording& recording,
                                                  const std::string& text) const override {
    return script(recording, text);
  }
};

class ScriptedEncoder final : public stt::SpeechEncoder {
 public:
  int calls = 0;
  base::Result<model::SpeechEvidence> Encode(const model::AudioClip&, const std::string&, std::stop_token) override {
    ++calls;
    model::SpeechEvidence evidence;
    evidence.features.frames = 7;
    return evidence;
  }
};

class FailingProsody final : public prosody::ProsodyExtractor {
 public:
  base::Result<model::ProsodyReport> Extract(const model::AudioClip&) override {
    return {base::ErrorCode::kProsodyFailed, "scripted failure"};
  }
};

class FailingFeedbackWriter final : public scoring::FeedbackWriter {
 public:
  base::Result<model::Feedback> Write(const scoring::Evidence&, const scoring::ScoreReport&,
                                      const scoring::FeedbackWish&) override {
    return {code, "scripted failure"};
  }

  base::ErrorCode code = base::ErrorCode::kTimeout;
};

// Writes two sentences, begins over, writes one; whom it was asked for is kept.
class StreamingFeedbackWriter final : public scoring::FeedbackWriter {
 public:
  base::Result<model::Feedback> Write(const scoring::Evidence&, const scoring::ScoreReport&,
                                      const scoring::FeedbackWish& wish) override {
    user_id = wish.user_id;
    wish.on_sentence("Một. ");
    wish.on_sentence("Hai. ");
    wish.on_start_over();
    wish.on_sentence("Ba. ");
    model::Feedback feedback;
    feedback.conversational = "Ba. ";
    return feedback;
  }

  std::int64_t user_id = 0;
};

}  // namespace speechcoach::pipeline
