#include "json/prosody_json.h"

#include <utility>

#include "json/json_fields.h"

namespace speechcoach::json {
namespace {

std::string_view Name(model::PausePlace place) {
  switch (place) {
    case model::PausePlace::kUnknown:
      return "unknown";
    case model::PausePlace::kBoundary:
      return "boundary";
    case model::PausePlace::kWithinPhrase:
      break;
  }
  return "within_phrase";
}

std::string_view Name(model::FinalTone tone) {
  switch (tone) {
    case model::FinalTone::kUnknown:
      return "unknown";
    case model::FinalTone::kFall:
      return "fall";
    case model::FinalTone::kLevel:
      return "level";
    case model::FinalTone::kRise:
      break;
  }
  return "rise";
}

bj::value IndexOrNull(const std::optional<std::size_t>& value) { return value ? bj::value(*value) : bj::value(nullptr); }

std::optional<std::size_t> IndexFrom(const bj::value& value, std::string_view key) {
  const bj::value& item = At(value, key);
  return item.is_null() ? std::nullopt : std::optional(item.to_number<std::size_t>());
}

bj::object ToJson(const model::Pause& pause) {
  return {{"start_s", Finite(pause.start_s)}, {"end_s", Finite(pause.end_s)}, {"place", Name(pause.place)}};
}

model::Pause PauseFrom(const bj::value& value) {
  model::Pause pause{Number(value, "start_s"), Number(value, "end_s")};
  if (value.as_object().contains("place")) pause.place = ByName<model::PausePlace>(Text(value, "place"), 3, Name);
  return pause;
}

bj::object ToJson(const model::Syllable& syllable) {
  return {{"time_s", Finite(syllable.time_s)}, {"start_s", Finite(syllable.start_s)},       {"end_s", Finite(syllable.end_s)},
          {"f0_hz", Finite(syllable.f0_hz)},   {"level_dbfs", Finite(syllable.level_dbfs)}, {"f1_hz", OrNull(syllable.f1_hz)},
          {"f2_hz", OrNull(syllable.f2_hz)}};
}

model::Syllable SyllableFrom(const bj::value& value) {
  return {Number(value, "time_s"),     Number(value, "start_s"),     Number(value, "end_s"),      Number(value, "f0_hz"),
          Number(value, "level_dbfs"), NumberOrNull(value, "f1_hz"), NumberOrNull(value, "f2_hz")};
}

bj::object ToJson(const model::FilledPause& pause) {
  return {{"start_s", Finite(pause.start_s)}, {"end_s", Finite(pause.end_s)}};
}

model::FilledPause FilledPauseFrom(const bj::value& value) { return {Number(value, "start_s"), Number(value, "end_s")}; }

bj::object ToJson(const model::Phrase& phrase) {
  return {{"start_s", Finite(phrase.start_s)},
          {"end_s", Finite(phrase.end_s)},
          {"first_word", IndexOrNull(phrase.first_word)},
          {"last_word", IndexOrNull(phrase.last_word)},
          {"final_tone", Name(phrase.final_tone)},
          {"final_movement_st", OrNull(phrase.final_movement_st)},
          {"declination_st_per_s", OrNull(phrase.declination_st_per_s)}};
}

model::Phrase PhraseFrom(const bj::value& value) {
  model::Phrase phrase;
  phrase.start_s = Number(value, "start_s");
  phrase.end_s = Number(value, "end_s");
  phrase.first_word = IndexFrom(value, "first_word");
  phrase.last_word = IndexFrom(value, "last_word");
  phrase.final_tone = ByName<model::FinalTone>(Text(value, "final_tone"), 4, Name);
  phrase.final_movement_st = NumberOrNull(value, "final_movement_st");
  phrase.declination_st_per_s = NumberOrNull(value, "declination_st_per_s");
  return phrase;
}

bj::object ToJson(const model::WordProsody& word) {
  return {{"prominence", Finite(word.prominence)}, {"prominent", word.prominent}, {"expected", word.expected}};
}

model::WordProsody WordProsodyFrom(const bj::value& value) {
  return {Number(value, "prominence"), Bool(value, "prominent"), Bool(value, "expected")};
}

template <typename Item>
bj::array ToArray(const std::vector<Item>& items) {
  bj::array array;
  for (const Item& item : items) array.emplace_back(ToJson(item));
  return array;
}

// Empty where the key is missing.
template <typename Item>
std::vector<Item> ItemsFrom(const bj::value& value, std::string_view key, Item (*read)(const bj::value&)) {
  std::vector<Item> items;
  if (const bj::value* array = value.as_object().if_contains(key)) {
    for (const bj::value& item : array->as_array()) items.push_back(read(item));
  }
  return items;
}

bj::object ToJson(const model::Rhythm& rhythm) {
  return {{"articulation_rate", Finite(rhythm.articulation_rate)},
          {"phonation_ratio", Finite(rhythm.phonation_ratio)},
          {"mean_run_syllables", Finite(rhythm.mean_run_syllables)},
          {"mean_run_s", Finite(rhythm.mean_run_s)},
          {"npvi_v", OrNull(rhythm.npvi_v)},
          {"percent_v", OrNull(rhythm.percent_v)},
          {"filled_pauses", ToArray(rhythm.filled_pauses)}};
}

model::Rhythm RhythmFrom(const bj::value& value) {
  return {Number(value, "articulation_rate"),
          Number(value, "phonation_ratio"),
          Number(value, "mean_run_syllables"),
          Number(value, "mean_run_s"),
          NumberOrNull(value, "npvi_v"),
          NumberOrNull(value, "percent_v"),
          ItemsFrom(value, "filled_pauses", FilledPauseFrom)};
}

bj::object ToJson(const model::Melody& melody) {
  return {{"spread_st", OrNull(melody.spread_st)},
          {"monotony", OrNull(melody.monotony)},
          {"declination_st_per_s", OrNull(melody.declination_st_per_s)},
          {"phrases", ToArray(melody.phrases)}};
}

model::Melody MelodyFrom(const bj::value& value) {
  return {NumberOrNull(value, "spread_st"), NumberOrNull(value, "monotony"), NumberOrNull(value, "declination_st_per_s"),
          ItemsFrom(value, "phrases", PhraseFrom)};
}

}  // namespace

bj::object ToJson(const model::ProsodyReport& report) {
  bj::array contour;
  for (const model::PitchPoint& point : report.pitch.contour)
    contour.emplace_back(bj::array{Finite(point.time_s), Finite(point.f0_hz)});
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
            {"positions", ToArray(report.pauses.positions)}}},
          {"confidence",
           {{"pitch_stability", Finite(report.confidence.pitch_stability)},
            {"energy_consistency", Finite(report.confidence.energy_consistency)},
            {"hesitation_score", Finite(report.confidence.hesitation_score)}}},
          {"rhythm", ToJson(report.rhythm)},
          {"melody", ToJson(report.melody)},
          {"syllables", ToArray(report.syllables)},
          {"words", ToArray(report.words)},
          {"jitter", OrNull(report.jitter_local)},
          {"shimmer", OrNull(report.shimmer_local)},
          {"hnr", OrNull(report.hnr_db)},
          {"speech_start_s", Finite(report.speech_start_s)},
          {"speech_end_s", Finite(report.speech_end_s)},
          {"minimal", report.minimal}};
}

bj::object ToWholeJson(const model::ProsodyReport& report) {
  bj::array contour;
  for (const model::LevelPoint& point : report.energy.contour)
    contour.emplace_back(bj::array{Finite(point.time_s), Finite(point.level_dbfs)});
  bj::object whole = ToJson(report);
  whole["energy"].as_object()["contour"] = std::move(contour);
  return whole;
}

model::ProsodyReport ProsodyFromJson(const bj::value& value) {
  model::ProsodyReport report;
  const bj::value& pitch = At(value, "pitch");
  report.pitch.mean_hz = Number(pitch, "mean");
  report.pitch.std_hz = Number(pitch, "std");
  report.pitch.range_hz = Number(pitch, "range");
  for (const bj::value& point : At(pitch, "contour").as_array()) {
    report.pitch.contour.push_back({point.at(0).to_number<double>(), point.at(1).to_number<double>()});
  }
  const bj::value& energy = At(value, "energy");
  report.energy.mean = Number(energy, "mean");
  report.energy.dynamic_range = Number(energy, "dynamic_range");
  if (const bj::value* contour = energy.as_object().if_contains("contour")) {
    for (const bj::value& point : contour->as_array())
      report.energy.contour.push_back({point.at(0).to_number<double>(), point.at(1).to_number<double>()});
  }
  const bj::value& rate = At(value, "speaking_rate");
  report.speaking_rate = {Number(rate, "syllables_per_second"), NumberOrNull(rate, "words_per_minute")};
  const bj::value& pauses = At(value, "pauses");
  report.pauses = {Number(pauses, "avg_duration"), ItemsFrom(pauses, "positions", PauseFrom)};
  const bj::value& confidence = At(value, "confidence");
  report.confidence = {Number(confidence, "pitch_stability"), Number(confidence, "energy_consistency"),
                       Number(confidence, "hesitation_score")};
  if (const bj::value* rhythm = value.as_object().if_contains("rhythm")) report.rhythm = RhythmFrom(*rhythm);
  if (const bj::value* melody = value.as_object().if_contains("melody")) report.melody = MelodyFrom(*melody);
  report.syllables = ItemsFrom(value, "syllables", SyllableFrom);
  report.words = ItemsFrom(value, "words", WordProsodyFrom);
  report.jitter_local = NumberOrNull(value, "jitter");
  report.shimmer_local = NumberOrNull(value, "shimmer");
  report.hnr_db = NumberOrNull(value, "hnr");
  report.speech_start_s = Number(value, "speech_start_s");
  report.speech_end_s = Number(value, "speech_end_s");
  report.minimal = Bool(value, "minimal");
  return report;
}

}  // namespace speechcoach::json
