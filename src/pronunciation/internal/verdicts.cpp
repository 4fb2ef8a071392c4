#include "pronunciation/internal/verdicts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "pronunciation/good_variants.h"

namespace speechcoach::pronunciation {
namespace {

// Phones are rated 0-2, everything shown is 0-10.
constexpr double kShownPerRated = 5.0;

// Of a log ratio between two explanations.
double Probability(double log_ratio) { return 1.0 / (1.0 + std::exp(-log_ratio)); }

bool IsFinalHiss(const Measurement& m, std::size_t i) {
  constexpr std::array<std::string_view, 6> kHisses{"S", "Z", "SH", "ZH", "CH", "JH"};
  const AlignedPhone& phone = m.alignment().phones[i];
  return i + 1 == m.end_phone(phone.word) && std::ranges::find(kHisses, PhoneName(phone.sound.phone)) != kHisses.end();
}

// Said as good speakers say it too: right, and shown as right. The ratings of the word and of the whole stay as they are.
void Accept(model::PhoneResult& phone, const SoundTime& time, double threshold) {
  phone.verdict = model::PhoneVerdict::kOk;
  phone.score = std::max(phone.score, kShownPerRated * threshold);
  phone.end_s = time.end_s;
  phone.heard.clear();
  phone.heard_ipa.clear();
}

model::PhoneResult JudgePhone(const Measurement& m, const SoundTime& time, std::size_t i, double rating, double threshold) {
  const Sound sound = m.alignment().phones[i].sound;
  const Measurement::Candidate other = m.BestSubstitute(i);
  const double deleted = m.goodness().deleted[i];
  const double against = std::max(other.log_ratio, deleted);
  model::PhoneResult result;
  result.phone = PhoneName(sound.phone);
  result.ipa = Ipa(sound.phone, sound.stress);
  result.start_s = time.start_s;
  result.end_s = time.end_s;
  const bool is_certain = against >= kCertainLogRatio || (deleted >= kCertainHissLogRatio && IsFinalHiss(m, i));
  if (is_certain) rating = std::min(rating, threshold - 0.1);
  result.score = kShownPerRated * rating;
  if (rating >= threshold) {
    result.confidence = Probability(-against);
    return result;
  }
  if (against <= 0.0) {
    result.verdict = model::PhoneVerdict::kDistorted;
    result.confidence = std::clamp(0.5 + (threshold - rating) / 2.0, 0.5, 1.0);
  } else if (deleted > other.log_ratio) {
    result.verdict = model::PhoneVerdict::kDeleted;
    result.end_s = result.start_s;
    result.confidence = Probability(against);
  } else {
    result.verdict = model::PhoneVerdict::kSubstituted;
    result.heard = PhoneName(other.phone);
    result.heard_ipa = Ipa(other.phone, sound.stress);
    result.confidence = Probability(against);
  }
  return result;
}

}  // namespace

std::vector<model::WordResult> JudgeWords(const Measurement& m, const Parameters& parameters,
                                          const Parameters::Ratings& ratings) {
  const std::vector<SoundTime> times = FindSoundTimes(m);
  std::vector<model::WordResult> words;
  for (std::size_t word = 0; word < m.word_count(); ++word) {
    const std::size_t begin = m.first_phone(word);
    const std::size_t end = m.end_phone(word);
    model::WordResult result;
    result.text = m.material().text[word].text;
    result.start_s = times[begin].start_s;
    result.end_s = times[end - 1].end_s;
    result.score = ratings.words[word];
    result.verdict = result.score < parameters.word_threshold() ? model::WordVerdict::kMispronounced : model::WordVerdict::kOk;
    result.stress = JudgeStress(m, times, word);
    for (std::size_t i = begin; i < end; ++i)
      result.phones.push_back(JudgePhone(m, times[i], i, ratings.phones[i], parameters.phone_threshold()));
    for (std::size_t i = 0; i < result.phones.size(); ++i) {
      if (IsGoodVariant(result, i)) Accept(result.phones[i], times[begin + i], parameters.phone_threshold());
    }
    // The place before the first phone is the end of the word before.
    for (std::size_t i = begin + 1; i <= end; ++i) {
      const Measurement::Candidate added = m.BestInsertion(i);
      if (added.log_ratio >= kAddedLogRatio) result.inserted.emplace_back(PhoneName(added.phone));
    }
    words.push_back(std::move(result));
  }
  return words;
}

std::optional<model::WordStress> JudgeStress(const Measurement& m, std::span<const SoundTime> times, std::size_t word) {
  // From these differences on a syllable stands out in one respect: what listeners just notice, and what no good reader does to another than
  // the stressed one (docs/pronunciation.md).
  struct Prominence {
    double semitones;
    double level_db;
    double length_ratio;
  };
  constexpr Prominence kNoticed{1.5, 2.0, 1.25};
  constexpr Prominence kPlain{2.5, 3.0, 1.5};
  std::vector<std::size_t> vowels;
  int expected = -1;
  for (std::size_t i = m.first_phone(word); i < m.end_phone(word); ++i) {
    const Sound sound = m.alignment().phones[i].sound;
    if (!IsVowel(sound.phone)) continue;
    if (sound.stress == Stress::kPrimary && expected < 0) expected = static_cast<int>(vowels.size());
    vowels.push_back(i);
  }
  if (vowels.size() < 2 || expected < 0) return std::nullopt;
  // In how many of the three respects a stands out over b by `asked`, less those in which b noticeably stands out over a.
  const auto lead = [&](std::size_t a, std::size_t b, const Prominence& asked) {
    const auto sign = [](double difference, double ahead, double behind) {
      return difference >= ahead ? 1 : difference <= -behind ? -1 : 0;
    };
    const bool both_voiced = m.voiced_share(a) > 0.0 && m.voiced_share(b) > 0.0;
    const double lengths = std::log((times[a].end_s - times[a].start_s) / (times[b].end_s - times[b].start_s));
    return (both_voiced ? sign(m.semitones(a) - m.semitones(b), asked.semitones, kNoticed.semitones) : 0) +
           sign(m.level_db(a) - m.level_db(b), asked.level_db, kNoticed.level_db) +
           sign(lengths, std::log(asked.length_ratio), std::log(kNoticed.length_ratio));
  };
  model::WordStress stress{expected, expected, model::StressVerdict::kOk};
  const std::size_t due = vowels[static_cast<std::size_t>(expected)];
  int largest_lead = 0;
  bool is_ahead_of_all = true;
  for (std::size_t i = 0; i < vowels.size(); ++i) {
    if (vowels[i] == due) continue;
    is_ahead_of_all = is_ahead_of_all && lead(vowels[i], due, kNoticed) < 0;
    if (const int against = lead(vowels[i], due, kPlain); against > largest_lead) {
      largest_lead = against;
      stress.heard = static_cast<int>(i);
    }
  }
  if (largest_lead >= 2) {
    stress.verdict = model::StressVerdict::kMisplaced;
  } else if (!is_ahead_of_all) {
    stress.verdict = model::StressVerdict::kUnclear;
    stress.heard = expected;
  }
  return stress;
}

}  // namespace speechcoach::pronunciation
