#include "scoring/internal/final_pitch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "scoring/internal/spoken_words.h"

namespace speechcoach::scoring {
namespace {

constexpr double kWindowS = 0.45;            // about the last two syllables
constexpr double kTooFarFromEndS = 0.5;      // a voiced stretch that ends earlier is not the end of the sentence
constexpr std::size_t kFewestFrames = 12;    // 0.12 s of voice
constexpr double kOctaveErrorSemitones = 7;  // from the stretch's median

struct Point {
  double time_s;
  double semitones;
};

// The voiced frames of the last kWindowS of voice, newest last.
std::vector<Point> LastVoicedStretch(const model::ProsodyReport& prosody) {
  std::vector<Point> points;
  for (const model::PitchPoint& point : prosody.pitch.contour) {
    if (!(point.f0_hz > 0.0) || !std::isfinite(point.f0_hz) || !std::isfinite(point.time_s)) continue;
    points.push_back({point.time_s, 12.0 * std::log2(point.f0_hz)});
  }
  if (points.empty() || !(prosody.speech_end_s - points.back().time_s <= kTooFarFromEndS)) return {};
  const double from_s = points.back().time_s - kWindowS;
  std::erase_if(points, [&](const Point& point) { return point.time_s < from_s; });
  return points;
}

void DropOctaveErrors(std::vector<Point>& points) {
  std::vector<double> heights;
  for (const Point& point : points) heights.push_back(point.semitones);
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::ranges::nth_element(heights, middle);
  std::erase_if(points, [&](const Point& point) { return std::abs(point.semitones - *middle) > kOctaveErrorSemitones; });
}

bool IsOneOf(std::string_view word, std::span<const std::string_view> list) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

std::optional<double> FinalPitchMovement(const model::ProsodyReport& prosody) {
  std::vector<Point> points = LastVoicedStretch(prosody);
  if (points.size() < kFewestFrames) return std::nullopt;
  DropOctaveErrors(points);
  if (points.size() < kFewestFrames) return std::nullopt;

  double mean_time = 0.0;
  double mean_height = 0.0;
  for (const Point& point : points) {
    mean_time += point.time_s / static_cast<double>(points.size());
    mean_height += point.semitones / static_cast<double>(points.size());
  }
  double covariance = 0.0;
  double variance = 0.0;
  for (const Point& point : points) {
    covariance += (point.time_s - mean_time) * (point.semitones - mean_height);
    variance += (point.time_s - mean_time) * (point.time_s - mean_time);
  }
  if (!(variance > 0.0)) return std::nullopt;
  return covariance / variance * (points.back().time_s - points.front().time_s);
}

SentenceType TypeOfLastSentence(std::string_view text) {
  static constexpr std::array<std::string_view, 20> kAuxiliaries{"am",    "is",    "are",    "was", "were",  "do",    "does",
                                                                 "did",   "have",  "has",    "had", "can",   "could", "will",
                                                                 "would", "shall", "should", "may", "might", "must"};
  // "witch" is how ToSpoken() writes "which".
  static constexpr std::array<std::string_view, 9> kWhWords{"what",  "where", "when", "who",  "whom",
                                                            "whose", "why",   "how",  "witch"};
  static constexpr std::array<std::string_view, 12> kOpeners{"hello", "hi", "hey",  "so",  "and",    "but",
                                                             "well",  "oh", "okay", "yes", "please", "sorry"};
  while (!text.empty() && std::string_view(" \t\r\n\"'").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  if (text.empty() || std::string_view(".!?").find(text.back()) == std::string_view::npos) return SentenceType::kOther;
  const char sign = text.back();
  const std::string_view body = text.substr(0, text.find_last_not_of(".!?") + 1);
  const std::size_t before = body.find_last_of(".!?");
  const SpokenText sentence = ToSpoken(before == std::string_view::npos ? body : body.substr(before + 1));
  if (sentence.tokens.empty()) return SentenceType::kOther;
  if (sign != '?') return sign == '.' ? SentenceType::kStatement : SentenceType::kOther;

  const bool choice = std::ranges::any_of(sentence.tokens, [](const SpokenToken& token) { return token.text == "or"; });
  const auto opening = std::ranges::find_if(sentence.tokens, [](const auto& token) { return !IsOneOf(token.text, kOpeners); });
  if (opening == sentence.tokens.end()) return SentenceType::kOther;
  const std::string_view first = opening->text;
  if (IsOneOf(first, kWhWords)) return SentenceType::kWhQuestion;
  return IsOneOf(first, kAuxiliaries) && !choice ? SentenceType::kYesNoQuestion : SentenceType::kOther;
}

}  // namespace speechcoach::scoring
