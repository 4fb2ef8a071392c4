// Recordings of every kind for property tests, the same ones for the same seed.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "scoring/test_evidence.h"

namespace speechcoach::scoring {

// A sentence and what somebody made of it, in any mode, language and state of the stages.
class RandomRecordings {
 public:
  explicit RandomRecordings(unsigned seed) : random_(seed) {}

  Evidence Next() {
    static const std::vector<std::string> kSentences{"Do you like chicken and rice?",
                                                     "What time do you get up?",
                                                     "She asked the teacher three questions about the test.",
                                                     "My sister works at a big school.",
                                                     "I don't think it's $25, do you?",
                                                     "Thank you!"};
    Speaker speaker;
    const std::string sentence = kSentences[Below(kSentences.size())];
    if (Chance(0.6)) speaker.reference = sentence;
    speaker.heard.clear();
    std::istringstream stream(sentence);
    for (std::string word; stream >> word;) {
      if (Chance(0.1)) continue;
      if (Chance(0.1)) word = word.substr(0, word.size() - 1);
      if (Chance(0.05)) word += " banana";
      speaker.heard += (speaker.heard.empty() ? "" : " ") + word;
    }
    if (Chance(0.05)) speaker.heard = "something else was said here";
    if (Chance(0.03)) speaker.heard.clear();
    speaker.word_confidence = Between(0.1, 1.0);
    speaker.syllable_s = Between(0.1, 0.5);
    speaker.syllables = 2 + static_cast<int>(Below(20));
    for (std::size_t n = Below(5); n > 0; --n) speaker.pauses_s.push_back(Between(0.15, 1.8));
    speaker.swing_semitones = Between(0.0, 7.0);
    if (Chance(0.5)) speaker.end_semitones = Between(-7.0, 7.0);
    speaker.dynamic_range = Between(0.0, 0.8);
    speaker.level = Between(0.1, 0.9);
    speaker.pitch_stability = Between(0.0, 1.0);
    speaker.energy_consistency = Between(0.0, 1.0);
    speaker.hesitation = Between(0.0, 1.0);
    if (Chance(0.3)) speaker.fillers = static_cast<int>(Below(4));
    speaker.phrase_end_semitones = Between(-6.0, 6.0);
    speaker.stresses_little_words = Chance(0.3);
    Evidence evidence = EvidenceOf(speaker);
    for (model::Word& word : evidence.transcript->words)
      word.confidence = std::min(1.0, speaker.word_confidence * Between(0.5, 1.2));
    if (Chance(0.5)) evidence.locale = model::Locale::kEn;
    if (Chance(0.05)) evidence.transcript.reset();
    if (Chance(0.05)) evidence.prosody.minimal = true;
    if (Chance(0.6)) AddSounds(evidence);
    if (Chance(0.7)) evidence.level = std::vector<std::string>{"A1", "A2", "B1", "B2", "C1"}[Below(5)];
    if (Chance(0.5)) AddHistory(evidence, speaker);
    return evidence;
  }

 private:
  static std::vector<std::string> PlainWords(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream stream(text);
    for (std::string word; stream >> word;) {
      std::erase_if(word, [](unsigned char c) { return std::isalpha(c) == 0; });
      if (!word.empty()) words.push_back(word);
    }
    return words;
  }

  void AddSounds(Evidence& evidence) {
    using enum SoundFinding::Verdict;
    static const std::vector<std::string> kPhones{"TH", "DH", "S", "Z", "T", "AE", "IH", "ER0", "AH0", "L"};
    const std::string& said = evidence.transcript ? evidence.transcript->text : evidence.reference_text;
    const std::vector<std::string> words = PlainWords(evidence.reference_text.empty() ? said : evidence.reference_text);
    if (words.empty()) return;
    for (std::size_t n = Below(5); n > 0; --n) {
      SoundFinding sound;
      sound.word = words[Below(words.size())];
      sound.verdict = std::vector{kSubstituted, kDeleted, kDistorted, kInserted}[Below(4)];
      if (sound.verdict != kInserted) sound.phone = kPhones[Below(kPhones.size())];
      if (sound.verdict == kInserted || sound.verdict == kSubstituted) sound.heard = kPhones[Below(kPhones.size())];
      if (Chance(0.5)) sound.position = SoundFinding::Position::kFinal;
      sound.confidence = Between(0.3, 1.0);
      if (Chance(0.7)) {
        sound.tip_vi = "Đặt nhẹ đầu lưỡi giữa hai hàm răng rồi thổi hơi ra.";
        sound.tip_en = "Put your tongue lightly between your teeth and blow.";
      }
      evidence.sounds.push_back(sound);
    }
  }

  double Score() { return std::round(Between(0.0, 100.0)) / 10.0; }

  void AddHistory(Evidence& evidence, const Speaker& speaker) {
    LearnerHistory history;
    history.sessions = 1 + static_cast<int>(Below(9));
    history.best_overall = Score();
    if (Chance(0.9)) history.last = model::Scores{Score(), Score(), Score(), Score(), Score(), Score()};
    for (const std::string& word : PlainWords(speaker.reference)) {
      if (Chance(0.3)) history.last_troubled.push_back(word);
    }
    evidence.history = std::move(history);
  }

  double Between(double low, double high) { return std::uniform_real_distribution(low, high)(random_); }
  bool Chance(double share) { return Between(0.0, 1.0) < share; }
  std::size_t Below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  std::mt19937 random_;
};

}  // namespace speechcoach::scoring
