// What would be asked of a language model after readings of the built-in sentences. Readings are drawn, not recorded: their voices, pauses,
// scores, wrong words and wrong sounds are those of real recordings, put onto another sentence. For the benchmark of the cache.
//
//   speechcoach-reading-driver ANALYSES < READINGS
//
// ANALYSES: what `speechcoach score --batch LIST --json` printed. A reading, one JSON object a line: {"text": the sentence, "" in
// conversation, "said": conversation's words, "level", "skill": 0 to 1, "learner": number, "seed": number}. Answers: {"points": [{"evidence": every word, sound
// and finding that the point's answer may name, "key": what equal questions go by}]}.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "advice/prompt.h"
#include "json/model_json.h"
#include "pipeline/sound_findings.h"
#include "pronunciation/reference_text.h"
#include "scoring/fact_sheet.h"
#include "scoring/scoring.h"
#include "scoring/text_alignment.h"

namespace {

namespace bj = boost::json;
using namespace speechcoach;
using Random = std::mt19937_64;

constexpr std::size_t kBands = 3;

double Between(Random& random, double low, double high) { return std::uniform_real_distribution(low, high)(random); }
bool Chance(Random& random, double share) { return Between(random, 0.0, 1.0) < share; }
template <typename List>
const auto& OneOf(Random& random, const List& list) {
  return list[std::uniform_int_distribution<std::size_t>(0, list.size() - 1)(random)];
}

using SoundKey = std::pair<std::string, int>;  // phone, position

struct Recording {
  model::Analysis analysis;
  double quality = 0.0;
};

// How often what goes wrong, for learners of one band of quality.
struct Habits {
  std::map<SoundKey, int> due;
  std::map<SoundKey, std::vector<scoring::SoundFinding>> wrong;
  double words = 0.0;
  double omitted = 0.0;
  std::vector<std::string> replacements;
  std::vector<std::string> insertions;
};

scoring::SoundFinding::Position PositionOf(std::size_t at, std::size_t size) {
  using Position = scoring::SoundFinding::Position;
  return at == 0 ? Position::kInitial : at + 1 == size ? Position::kFinal : Position::kMedial;
}

class Readings {
 public:
  explicit Readings(const std::string& file) : habits_(kBands) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
      const auto analysis = json::AnalysisFromJson(bj::parse(line).at("analysis"));
      if (!analysis.ok() || !analysis->pronunciation) continue;
      recordings_.push_back({*analysis, analysis->pronunciation->ratings.total});
    }
    if (recordings_.size() < 20) throw std::runtime_error("too few analyses");
    std::ranges::sort(recordings_, {}, &Recording::quality);
    for (std::size_t i = 0; i < recordings_.size(); ++i) Learn(*recordings_[i].analysis.pronunciation, habits_[i * kBands / recordings_.size()]);
  }

  bj::object Take(const bj::object& line) {
    Random random(line.at("seed").to_number<std::uint64_t>());
    const std::size_t place = PlaceOf(line.at("skill").to_number<double>(), random);
    const model::Analysis& base = recordings_[place].analysis;
    const Habits& habits = habits_[place * kBands / recordings_.size()];
    scoring::Evidence evidence;
    evidence.level = std::string(line.at("level").as_string());
    evidence.reference_text = std::string(line.at("text").as_string());
    evidence.mode = evidence.reference_text.empty() ? model::Mode::kConversation : model::Mode::kSentencePractice;
    evidence.audio_duration_s = base.audio_duration_s;
    evidence.prosody = VoiceLike(base.prosody, random);
    evidence.pronunciation = *base.pronunciation;
    for (double* rating : {&evidence.pronunciation->ratings.accuracy, &evidence.pronunciation->ratings.fluency, &evidence.pronunciation->ratings.prosodic}) {
      *rating = std::clamp(*rating + std::normal_distribution(0.0, 4.0)(random), 0.0, 100.0);
    }
    const std::string text = evidence.reference_text.empty() ? std::string(line.at("said").as_string()) : evidence.reference_text;
    evidence.sounds = SoundsOf(text, habits, random);
    evidence.transcript = TranscriptOf(HeardOf(text, evidence.reference_text.empty(), habits, random), base, evidence.prosody, random);
    if (!evidence.reference_text.empty()) {
      std::vector<std::string> heard;
      for (const model::Word& word : evidence.transcript->words) heard.push_back(word.text);
      evidence.pronunciation->miscues = scoring::CompareReading(evidence.reference_text, heard).miscues;
    }
    scoring::LearnerHistory& history = histories_[line.at("learner").to_number<std::int64_t>()];
    if (history.sessions > 0) evidence.history = history;
    const scoring::ScoreReport report = scoring::ComputeScores(evidence);
    Remember(report, history);
    const scoring::FactSheet sheet = scoring::Facts(evidence, report);
    bj::array points;
    for (const scoring::FactPoint& point : sheet.points) {
      points.push_back(bj::object{{"evidence", point.json}, {"key", advice::BuildPrompt(sheet, point, evidence.locale).cache_key}});
    }
    return {{"points", std::move(points)}};
  }

 private:
  static void Learn(const model::PronunciationReport& report, Habits& habits) {
    for (const model::WordResult& word : report.words) {
      habits.words += 1.0;
      for (std::size_t i = 0; i < word.phones.size(); ++i) ++habits.due[{word.phones[i].phone, static_cast<int>(PositionOf(i, word.phones.size()))}];
    }
    for (const scoring::SoundFinding& sound : pipeline::SoundFindings(report)) {
      habits.wrong[{sound.phone, static_cast<int>(sound.position)}].push_back(sound);
    }
    for (const model::Miscue& miscue : report.miscues) {
      if (miscue.kind == model::MiscueKind::kOmitted) habits.omitted += 1.0;
      if (miscue.kind == model::MiscueKind::kReplaced) habits.replacements.push_back(miscue.heard);
      if (miscue.kind == model::MiscueKind::kInserted) habits.insertions.push_back(miscue.heard);
    }
  }

  std::size_t PlaceOf(double skill, Random& random) const {
    const auto size = static_cast<double>(recordings_.size());
    const double place = skill * size + std::normal_distribution(0.0, 0.1)(random) * size;
    return static_cast<std::size_t>(std::clamp(place, 0.0, size - 1.0));
  }

  // The same voice, a little otherwise: nobody speaks twice alike.
  static model::ProsodyReport VoiceLike(model::ProsodyReport voice, Random& random) {
    for (model::Pause& pause : voice.pauses.positions) pause.end_s = pause.start_s + (pause.end_s - pause.start_s) * Between(random, 0.8, 1.2);
    const double swing = Between(random, 0.85, 1.15);
    for (model::PitchPoint& point : voice.pitch.contour) {
      if (point.f0_hz > 0.0 && voice.pitch.mean_hz > 0.0) point.f0_hz = voice.pitch.mean_hz * std::pow(point.f0_hz / voice.pitch.mean_hz, swing);
    }
    if (voice.melody.spread_st) *voice.melody.spread_st *= swing;
    voice.energy.mean = std::clamp(voice.energy.mean + Between(random, -0.03, 0.03), 0.0, 1.0);
    voice.energy.dynamic_range *= Between(random, 0.9, 1.1);
    const double pace = Between(random, 0.93, 1.07);
    voice.speaking_rate.syllables_per_second *= pace;
    if (voice.speaking_rate.words_per_minute) *voice.speaking_rate.words_per_minute *= pace;
    return voice;
  }

  static std::vector<scoring::SoundFinding> SoundsOf(const std::string& text, const Habits& habits, Random& random) {
    std::vector<scoring::SoundFinding> sounds;
    for (const pronunciation::ReferenceWord& word : pronunciation::ToReferenceText(text)) {
      const auto& phones = word.pronunciations.front();
      for (std::size_t i = 0; i < phones.size(); ++i) {
        const auto position = PositionOf(i, phones.size());
        const SoundKey key{std::string(pronunciation::PhoneName(phones[i].phone)), static_cast<int>(position)};
        const auto wrong = habits.wrong.find(key);
        if (wrong == habits.wrong.end()) continue;
        const double rate = static_cast<double>(wrong->second.size()) / std::max(habits.due.at(key), 1);
        if (!Chance(random, rate)) continue;
        scoring::SoundFinding sound = OneOf(random, wrong->second);
        sound.word = word.text;
        sounds.push_back(std::move(sound));
      }
    }
    return sounds;
  }

  // What the recogniser makes of it. A word is mistaken for one of few others half of the time, else for anything.
  static std::vector<std::string> HeardOf(const std::string& text, bool is_talk, const Habits& habits, Random& random) {
    std::vector<std::string> heard;
    std::istringstream stream(text);
    for (std::string word; stream >> word;) {
      if (is_talk) {
        heard.push_back(word);
      } else if (Chance(random, habits.omitted / habits.words)) {
        continue;
      } else if (!habits.replacements.empty() && Chance(random, static_cast<double>(habits.replacements.size()) / habits.words)) {
        const bool is_usual = Chance(random, 0.5) && word.size() > 2;
        heard.push_back(is_usual ? word.substr(0, word.size() - 1 - random() % 2) : OneOf(random, habits.replacements));
      } else {
        heard.push_back(word);
      }
      if (!is_talk && !habits.insertions.empty() && Chance(random, static_cast<double>(habits.insertions.size()) / habits.words)) {
        heard.push_back(OneOf(random, habits.insertions));
      }
    }
    return heard;
  }

  static model::Transcript TranscriptOf(const std::vector<std::string>& heard, const model::Analysis& base, const model::ProsodyReport& voice,
                                        Random& random) {
    model::Transcript transcript;
    const double step_s = (voice.speech_end_s - voice.speech_start_s) / static_cast<double>(std::max<std::size_t>(heard.size(), 1));
    double at_s = voice.speech_start_s;
    for (const std::string& word : heard) {
      const double confidence = base.transcript.words.empty() ? 0.8 : OneOf(random, base.transcript.words).confidence;
      transcript.words.push_back({word, at_s, at_s + step_s, confidence});
      transcript.text += (transcript.text.empty() ? "" : " ") + word;
      at_s += step_s;
    }
    transcript.confidence = base.transcript.confidence;
    return transcript;
  }

  static void Remember(const scoring::ScoreReport& report, scoring::LearnerHistory& history) {
    ++history.sessions;
    history.best_overall = std::max(history.best_overall, report.scores.overall);
    history.last = report.scores;
    history.last_troubled.clear();
    for (const model::Miscue& miscue : report.miscues) {
      if (!miscue.expected.empty()) history.last_troubled.push_back(miscue.expected);
    }
  }

  std::vector<Recording> recordings_;  // the weakest first
  std::vector<Habits> habits_;
  std::map<std::int64_t, scoring::LearnerHistory> histories_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("expects the file of analyses");
    Readings readings(argv[1]);
    for (std::string line; std::getline(std::cin, line);) std::cout << bj::serialize(readings.Take(bj::parse(line).as_object())) << '\n';
    return 0;
  } catch (const std::exception& fault) {
    std::cerr << "speechcoach-reading-driver: " << fault.what() << '\n';
    return 1;
  }
}
