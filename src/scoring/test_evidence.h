// Recordings as the tests describe them: a few knobs -> consistent Evidence.
#pragma once

#include <cmath>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "scoring/scoring.h"

namespace speechcoach::scoring {

struct Speaker {
  std::string heard = "I usually walk to school with my sister on Mondays";
  std::string reference;  // not empty: sentence practice
  double word_confidence = 0.9;
  double syllable_s = 0.24;  // without pauses
  int syllables = 14;
  std::vector<double> pauses_s;  // spread evenly over the speech
  double f0_hz = 200.0;
  double swing_semitones = 4.0;  // of a slow sine
  double end_semitones = 0.0;    // a straight movement over the last half second
  double dynamic_range = 0.4;
  double level = 0.6;
  double pitch_stability = 0.8;
  double energy_consistency = 0.8;
  double hesitation = 0.2;
  int fillers = 0;
  double phrase_end_semitones = 0.0;  // of the whole as one phrase
  bool stresses_little_words = false;
};

inline double SpanOf(const Speaker& speaker) {
  double span_s = speaker.syllable_s * speaker.syllables;
  for (const double pause_s : speaker.pauses_s) span_s += pause_s;
  return span_s;
}

inline model::ProsodyReport ProsodyOf(const Speaker& speaker) {
  constexpr double kLeadS = 0.3;
  model::ProsodyReport report;
  const double span_s = SpanOf(speaker);
  report.speech_start_s = kLeadS;
  report.speech_end_s = kLeadS + span_s;
  const double run_s = speaker.syllable_s * speaker.syllables / static_cast<double>(speaker.pauses_s.size() + 1);
  double at_s = kLeadS;
  for (const double pause_s : speaker.pauses_s) {
    at_s += run_s;
    report.pauses.positions.push_back({at_s, at_s + pause_s});
    at_s += pause_s;
    report.pauses.avg_duration_s += pause_s / static_cast<double>(speaker.pauses_s.size());
  }
  const auto paused = [&](double time_s) {
    for (const model::Pause& pause : report.pauses.positions) {
      if (time_s >= pause.start_s && time_s <= pause.end_s) return true;
    }
    return false;
  };
  for (double time_s = 0.0; time_s <= report.speech_end_s + 0.2; time_s += 0.01) {
    const bool voiced = time_s >= report.speech_start_s && time_s <= report.speech_end_s && !paused(time_s);
    const double to_end_s = std::max(0.0, 0.5 - (report.speech_end_s - time_s));
    const double semitones = speaker.end_semitones == 0.0
                                 ? speaker.swing_semitones * std::sin(2.0 * std::numbers::pi * time_s / 1.3)
                                 : speaker.end_semitones * to_end_s / 0.5;
    report.pitch.contour.push_back({time_s, voiced ? speaker.f0_hz * std::exp2(semitones / 12.0) : 0.0});
  }
  report.pitch.mean_hz = speaker.f0_hz;
  report.pitch.std_hz = speaker.f0_hz * (std::exp2(speaker.swing_semitones * 0.7 / 12.0) - 1.0);
  report.energy = {speaker.level, speaker.dynamic_range};
  report.speaking_rate.syllables_per_second = span_s > 0.0 ? speaker.syllables / span_s : 0.0;
  report.confidence = {speaker.pitch_stability, speaker.energy_consistency, speaker.hesitation};
  report.syllables.resize(static_cast<std::size_t>(speaker.syllables));
  for (int i = 0; i < speaker.fillers; ++i) report.rhythm.filled_pauses.push_back({kLeadS + 0.1 * i, kLeadS + 0.1 * i + 0.05});
  return report;
}

inline model::Transcript TranscriptOf(const Speaker& speaker) {
  model::Transcript transcript;
  transcript.text = speaker.heard;
  std::istringstream stream(speaker.heard);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  const double step_s = SpanOf(speaker) / static_cast<double>(std::max<std::size_t>(words.size(), 1));
  double at_s = 0.3;
  for (const std::string& word : words) {
    transcript.words.push_back({word, at_s, at_s + step_s, speaker.word_confidence});
    at_s += step_s;
  }
  transcript.confidence = words.empty() ? 0.0 : speaker.word_confidence;
  return transcript;
}

// As prosody::AddTranscript() would: the words that carry the meaning are long here, and every pause splits a phrase.
inline void AddWords(const Speaker& speaker, const model::Transcript& transcript, model::ProsodyReport& report) {
  for (const model::Word& word : transcript.words) {
    const bool expected = word.text.size() > 3;
    report.words.push_back(
        {(expected == speaker.stresses_little_words) ? -1.2 : 1.2, expected != speaker.stresses_little_words, expected});
  }
  for (model::Pause& pause : report.pauses.positions) pause.place = model::PausePlace::kWithinPhrase;
  if (transcript.words.empty()) return;
  model::Phrase phrase;
  phrase.start_s = report.speech_start_s;
  phrase.end_s = report.speech_end_s;
  phrase.first_word = 0;
  phrase.last_word = transcript.words.size() - 1;
  phrase.final_movement_st = speaker.phrase_end_semitones;
  report.melody.phrases = {phrase};
}

inline Evidence EvidenceOf(const Speaker& speaker) {
  Evidence evidence;
  evidence.mode = speaker.reference.empty() ? model::Mode::kConversation : model::Mode::kSentencePractice;
  evidence.reference_text = speaker.reference;
  evidence.transcript = TranscriptOf(speaker);
  evidence.prosody = ProsodyOf(speaker);
  AddWords(speaker, *evidence.transcript, evidence.prosody);
  if (!evidence.transcript->words.empty()) {
    evidence.prosody.speaking_rate.words_per_minute =
        60.0 * static_cast<double>(evidence.transcript->words.size()) / SpanOf(speaker);
  }
  evidence.audio_duration_s = SpanOf(speaker) + 0.6;
  return evidence;
}

}  // namespace speechcoach::scoring
