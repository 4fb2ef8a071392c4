#include "pronunciation/assessor.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "pronunciation/internal/miscues.h"
#include "pronunciation/internal/reasons.h"
#include "pronunciation/internal/verdicts.h"
#include "pronunciation/vietnamese_profile.h"

namespace speechcoach::pronunciation {
namespace {

// Everything up to the measurement; `material` outlives it. Null where the text has no words, or cannot fit the recording.
base::Result<std::unique_ptr<Measurement>> Measure(const Parameters& parameters, const Material& material) {
  if (material.encoder.frames > 0 && material.encoder.dim != parameters.head().input_dim()) {
    return {base::ErrorCode::kInternal, fmt::format("the encoder's output has {} numbers a frame, the phone head takes {}",
                                                    material.encoder.dim, parameters.head().input_dim())};
  }
  Posteriors posteriors = parameters.head()(material.encoder);
  auto alignment = Align(posteriors, material.text);
  if (!alignment) return std::unique_ptr<Measurement>();
  return std::make_unique<Measurement>(material, std::move(posteriors), std::move(*alignment));
}

base::Error NothingToMeasure() {
  return {base::ErrorCode::kNoSpeech, "the recording is too short for the text, or the text has no words"};
}

model::WordResult Omitted(const ReferenceWord& word) {
  model::WordResult result;
  result.text = word.text;
  result.verdict = model::WordVerdict::kOmitted;
  for (const Sound& sound : word.pronunciations.front()) {
    model::PhoneResult phone;
    phone.phone = PhoneName(sound.phone);
    phone.ipa = Ipa(sound.phone, sound.stress);
    phone.verdict = model::PhoneVerdict::kDeleted;
    phone.confidence = 1.0;
    result.phones.push_back(std::move(phone));
  }
  return result;
}

// Nobody says so many sounds in so short a time: whatever was said, it was not this text, nor what the recogniser made of it.
model::PronunciationReport NotSaid(const ReferenceText& text, const model::Transcript& transcript, bool is_reading) {
  model::PronunciationReport report;
  for (const ReferenceWord& word : text) {
    report.words.push_back(Omitted(word));
    if (is_reading) report.miscues.push_back({model::MiscueKind::kOmitted, word.text, ""});
  }
  report.reasons.push_back(WhyCut(MatchWords(text, ToReferenceText(transcript.text)), transcript, is_reading));
  return report;
}

// What was said is not these words: none of them, nor a sound, was said well.
void CutScores(std::vector<model::WordResult>& words) {
  for (model::WordResult& word : words) {
    word.score = std::min(word.score, model::kMostWithoutMatch);
    if (word.verdict == model::WordVerdict::kOk) word.verdict = model::WordVerdict::kMispronounced;
    for (model::PhoneResult& phone : word.phones) phone.score = std::min(phone.score, model::kMostWithoutMatch);
  }
}

class TrainedAssessor final : public Assessor {
 public:
  explicit TrainedAssessor(std::shared_ptr<const Parameters> parameters) : parameters_(std::move(parameters)) {}

  base::Result<model::PronunciationReport> Assess(const Recording& recording, const std::string& text) const override {
    const bool is_reading = !text.empty();
    const ReferenceText reference = ToReferenceText(is_reading ? text : recording.transcript.text);
    // The decoder's scores are of the text that was asked about.
    static const model::TextScore kNotScored;
    const Material material{recording.clip,       recording.evidence.features, is_reading ? recording.evidence.text : kNotScored,
                            recording.transcript, recording.prosody,           reference};
    const auto measured = Measure(*parameters_, material);
    if (!measured.ok()) return measured.error();
    if (!*measured) {
      if (reference.empty() || material.encoder.frames == 0) return NothingToMeasure();
      return NotSaid(reference, recording.transcript, is_reading);
    }
    const Measurement& measurement = **measured;
    const Parameters::Ratings ratings = parameters_->Rate(measurement);
    model::PronunciationReport report;
    report.words = JudgeWords(measurement, *parameters_, ratings);
    report.text_match = TextMatch(measurement, is_reading);
    const bool is_of_text = report.text_match >= model::kLeastTextMatch;
    if (is_reading) report.miscues = MarkMiscues(measurement, report.words, is_of_text);
    report.ratings = {ratings.accuracy, ratings.fluency, ratings.prosodic, ratings.total};
    if (is_of_text) {
      report.patterns = FindAccentPatterns(report.words);
    } else {
      CutScores(report.words);
    }
    report.reasons = FindReasons(measurement, report, is_reading);
    return report;
  }

 private:
  const std::shared_ptr<const Parameters> parameters_;
};

}  // namespace

base::Result<std::unique_ptr<Assessor>> MakeAssessor() {
  auto parameters = Parameters::Embedded();
  if (!parameters.ok()) return parameters.error();
  return MakeAssessor(std::move(*parameters));
}

base::Result<std::unique_ptr<Assessor>> MakeAssessor(std::shared_ptr<const Parameters> parameters) {
  if (!parameters->has_scorers()) return {base::ErrorCode::kModelUnavailable, "the pronunciation parameters hold no scorers"};
  return std::unique_ptr<Assessor>(std::make_unique<TrainedAssessor>(std::move(parameters)));
}

base::Result<RatedAlignment> RateText(const Parameters& parameters, const Recording& recording, const ReferenceText& text) {
  const Material material{recording.clip,       recording.evidence.features, recording.evidence.text,
                          recording.transcript, recording.prosody,           text};
  const auto measured = Measure(parameters, material);
  if (!measured.ok()) return measured.error();
  if (!*measured) return NothingToMeasure();
  const Parameters::Ratings ratings = parameters.Rate(**measured);
  return RatedAlignment{ratings, (*measured)->alignment(), JudgeWords(**measured, parameters, ratings)};
}

}  // namespace speechcoach::pronunciation
