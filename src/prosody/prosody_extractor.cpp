#include "prosody/prosody_extractor.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "prosody/melody.h"
#include "prosody/prosody_analysis.h"
#include "prosody/rhythm.h"
#include "prosody/transcript_prosody.h"

namespace speechcoach::prosody {

base::Result<model::ProsodyReport> SoundProsodyExtractor::Extract(const model::AudioClip& clip) {
  if (clip.samples.empty()) return {base::ErrorCode::kProsodyFailed, "no samples"};
  const bool finite = std::all_of(clip.samples.begin(), clip.samples.end(), [](float sample) { return std::isfinite(sample); });
  if (!finite) return {base::ErrorCode::kProsodyFailed, "samples that are not finite"};
  ProsodyAnalysis analysis;
  analysis.Add(clip.samples);
  return analysis.Finish();
}

model::ProsodyReport ExtractMinimal(const model::AudioClip& clip) {
  ProsodyAnalysis analysis;
  analysis.Add(clip.samples);
  return analysis.FinishMinimal();
}

void AddTranscript(model::ProsodyReport& report, const model::Transcript& transcript) {
  report.speaking_rate.words_per_minute.reset();
  report.words.clear();
  const auto timed = [](const model::Word& word) { return std::isfinite(word.start_s) && std::isfinite(word.end_s); };
  if (transcript.words.empty() || !std::ranges::all_of(transcript.words, timed)) return;
  PlacePauses(report, transcript.words);
  JoinFilledPauses(report, transcript.words);
  MeasureRhythm(report);
  MeasureMelody(report, PhrasesOfWords(report, transcript.words));
  report.words = MeasureWords(report, transcript.words);
  const double spoken_s = transcript.words.back().end_s - transcript.words.front().start_s;
  // Shorter than any word: the times are not to be trusted.
  constexpr double kShortestWord_s = 0.05;
  if (!(spoken_s >= kShortestWord_s)) return;
  report.speaking_rate.words_per_minute = 60.0 * static_cast<double>(transcript.words.size()) / spoken_s;
}

}  // namespace speechcoach::prosody
