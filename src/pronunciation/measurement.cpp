#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "pronunciation/features.h"
#include "pronunciation/internal/statistics.h"

namespace speechcoach::pronunciation {
namespace {

constexpr double kLongestPhoneS = 0.3;
constexpr double kQuietestDb = -90.0;
// The head's outputs are spikes: their surroundings count too.
constexpr std::size_t kReachFrames = 3;
constexpr std::size_t kEdgeFrames = 6;

std::vector<Phone> PhonesOf(const Alignment& alignment) {
  std::vector<Phone> phones;
  phones.reserve(alignment.phones.size());
  for (const AlignedPhone& phone : alignment.phones) phones.push_back(phone.sound.phone);
  return phones;
}

void Clamp(double& ratio) { ratio = std::clamp(ratio, -kLargestLogRatio, kLargestLogRatio); }

Goodness Clamped(Goodness goodness) {
  for (auto& row : goodness.substituted) std::ranges::for_each(row, Clamp);
  std::ranges::for_each(goodness.deleted, Clamp);
  for (auto& row : goodness.inserted) std::ranges::for_each(row, Clamp);
  return goodness;
}

double LevelDb(const model::AudioClip& clip, double start_s, double end_s) {
  const auto at = [&](double time_s) {
    return std::min(static_cast<std::size_t>(std::max(time_s, 0.0) * model::kSampleRateHz), clip.samples.size());
  };
  double energy = 0.0;
  for (std::size_t i = at(start_s); i < at(end_s); ++i) energy += static_cast<double>(clip.samples[i]) * clip.samples[i];
  const std::size_t count = at(end_s) - std::min(at(start_s), at(end_s));
  if (count == 0 || energy <= 0.0) return kQuietestDb;
  return std::max(10.0 * std::log10(energy / static_cast<double>(count)), kQuietestDb);
}

double LogSumExp(const std::vector<double>& values) {
  const double highest = Highest(values);
  double sum = 0.0;
  for (const double value : values) sum += std::exp(value - highest);
  return values.empty() ? 0.0 : highest + std::log(sum);
}

Segment SegmentOf(const Posteriors& posteriors, const std::vector<AlignedPhone>& phones, std::size_t i) {
  const std::size_t own = phones[i].sound.phone + 1u;
  const std::size_t first = phones[i].first_frame;
  const std::size_t end = phones[i].last_frame + 1;
  const std::size_t slot_begin = i > 0 ? phones[i - 1].last_frame + 1 : first - std::min(first, kEdgeFrames);
  const std::size_t slot_end = i + 1 < phones.size() ? phones[i + 1].first_frame : std::min(posteriors.frames, end + kEdgeFrames);
  Segment segment;
  segment.frames = static_cast<double>(end - first);
  segment.slot = static_cast<double>(slot_end - slot_begin);
  for (std::size_t t = first; t < end; ++t) {
    const auto frame = posteriors.frame(t);
    segment.own_mean += frame[own] / segment.frames;
    for (const float value : frame) segment.entropy -= std::exp(value) * value / segment.frames;
  }
  std::array<double, kPhoneCount> highest{};
  highest.fill(-1e9);
  std::vector<double> own_values;
  double blanks = 0.0;
  for (std::size_t t = std::max(slot_begin, first - std::min(first, kReachFrames)); t < std::min(slot_end, end + kReachFrames);
       ++t) {
    const auto frame = posteriors.frame(t);
    for (std::size_t q = 0; q < kPhoneCount; ++q) highest[q] = std::max(highest[q], static_cast<double>(frame[q + 1]));
    own_values.push_back(frame[own]);
    blanks += std::exp(frame[kBlank]);
  }
  segment.own_max = highest[own - 1];
  segment.best_minus_own = *std::ranges::max_element(highest) - segment.own_max;
  segment.own_lse = LogSumExp(own_values);
  segment.blank_share = blanks / static_cast<double>(std::max<std::size_t>(own_values.size(), 1));
  return segment;
}

bool CanSoundAlike(const ReferenceWord& a, const ReferenceWord& b) {
  for (const Pronunciation& one : a.pronunciations) {
    for (const Pronunciation& other : b.pronunciations) {
      if (std::ranges::equal(one, other, {}, &Sound::phone, &Sound::phone)) return true;
    }
  }
  return false;
}

}  // namespace

// Needleman and Wunsch 1970: a word heard is worth most, another in its place a little more than one missing and one too many.
std::vector<HeardWord> MatchWords(const ReferenceText& text, const ReferenceText& heard) {
  constexpr double kSame = 2.0;
  constexpr double kOther = 0.1;
  const std::size_t rows = text.size() + 1;
  const std::size_t columns = heard.size() + 1;
  std::vector<double> worth(rows * columns, 0.0);
  std::vector<bool> same(rows * columns, false);
  for (std::size_t i = 1; i < rows; ++i) {
    for (std::size_t j = 1; j < columns; ++j) {
      same[i * columns + j] = CanSoundAlike(text[i - 1], heard[j - 1]);
      worth[i * columns + j] = std::max({worth[(i - 1) * columns + j - 1] + (same[i * columns + j] ? kSame : kOther),
                                         worth[(i - 1) * columns + j], worth[i * columns + j - 1]});
    }
  }
  std::vector<HeardWord> matches(text.size());
  std::size_t i = text.size();
  std::size_t j = heard.size();
  while (i > 0 && j > 0) {
    const double here = worth[i * columns + j];
    const bool is_same = same[i * columns + j];
    if (here == worth[(i - 1) * columns + j - 1] + (is_same ? kSame : kOther)) {
      matches[i - 1] = {static_cast<int>(j - 1), is_same};
      --i;
      --j;
    } else if (here == worth[(i - 1) * columns + j]) {
      --i;
    } else {
      --j;
    }
  }
  return matches;
}

Measurement::Measurement(const Material& material, Posteriors posteriors, Alignment alignment)
    : material_(material),
      posteriors_(std::move(posteriors)),
      alignment_(std::move(alignment)),
      transcript_text_(ToReferenceText(material.transcript.text)),
      likelihoods_(posteriors_, PhonesOf(alignment_)),
      goodness_(Clamped(likelihoods_.MeasureGoodness())),
      heard_(MatchWords(material.text, transcript_text_)) {
  first_phone_.assign(word_count() + 1, phone_count());
  for (std::size_t i = phone_count(); i-- > 0;) first_phone_[alignment_.phones[i].word] = i;

  for (std::size_t i = 0; i < phone_count(); ++i) {
    segments_.push_back(SegmentOf(posteriors_, alignment_.phones, i));
    gop_.push_back(-BestSubstitute(i).log_ratio);
    own_mean_.push_back(segments_.back().own_mean);
  }

  std::vector<double> all_semitones;
  for (const model::PitchPoint& point : material_.prosody.pitch.contour) {
    if (point.f0_hz > 0.0) all_semitones.push_back(12.0 * std::log2(point.f0_hz));
  }
  const double usual_semitones = Mean(all_semitones);
  for (std::size_t i = 0; i < phone_count(); ++i) {
    const double start_s = PhoneStart(i);
    const double end_s = PhoneEnd(i);
    level_db_.push_back(LevelDb(material_.clip, start_s, end_s));
    std::vector<double> voiced;
    std::size_t points = 0;
    const auto& contour = material_.prosody.pitch.contour;
    for (auto point = std::ranges::lower_bound(contour, start_s, {}, &model::PitchPoint::time_s);
         point != contour.end() && point->time_s < end_s; ++point) {
      ++points;
      if (point->f0_hz > 0.0) voiced.push_back(12.0 * std::log2(point->f0_hz));
    }
    semitones_.push_back(voiced.empty() ? 0.0 : Mean(voiced) - usual_semitones);
    voiced_share_.push_back(points == 0 ? 0.0 : static_cast<double>(voiced.size()) / static_cast<double>(points));
  }
  const double mean_level_db = Mean(level_db_);
  for (double& level : level_db_) level -= mean_level_db;
}

double Measurement::PhoneEnd(std::size_t phone) const {
  const double own_end_s = FrameStart(alignment_.phones[phone].last_frame + 1);
  const double longest_s = std::max(own_end_s, PhoneStart(phone) + kLongestPhoneS);
  return phone + 1 < phone_count() ? std::min(PhoneStart(phone + 1), longest_s)
                                   : std::min(FrameStart(posteriors_.frames), longest_s);
}

double Measurement::SilenceAfter(std::size_t phone) const {
  if (phone + 1 >= phone_count()) return 0.0;
  return static_cast<double>(alignment_.phones[phone + 1].first_frame - alignment_.phones[phone].last_frame) *
         model::kEncoderFrameS;
}

Measurement::Candidate Measurement::BestSubstitute(std::size_t i) const {
  const Phone own = alignment_.phones[i].sound.phone;
  Candidate best{0, -std::numeric_limits<double>::infinity()};
  for (Phone q = 0; q < kPhoneCount; ++q) {
    if (q != own && goodness_.substituted[i][q] > best.log_ratio) best = {q, goodness_.substituted[i][q]};
  }
  return best;
}

Measurement::Candidate Measurement::BestInsertion(std::size_t i) const {
  const auto& row = goodness_.inserted[i];
  const auto best = std::ranges::max_element(row);
  return {static_cast<Phone>(best - row.begin()), *best};
}

std::vector<float> Measurement::PhoneEmbedding(std::size_t phone) const {
  const AlignedPhone& aligned = alignment_.phones[phone];
  std::vector<float> mean(material_.encoder.dim, 0.0f);
  for (std::size_t t = aligned.first_frame; t <= aligned.last_frame; ++t) {
    const std::span<const float> frame = material_.encoder.frame(t);
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += frame[d];
  }
  const auto frames = static_cast<float>(aligned.last_frame - aligned.first_frame + 1);
  for (float& value : mean) value /= frames;
  return mean;
}

std::vector<float> Measurement::PooledEmbedding() const {
  const std::size_t dim = material_.encoder.dim;
  const std::size_t first = alignment_.phones.front().first_frame;
  const std::size_t end = alignment_.phones.back().last_frame + 1;
  const auto frames = static_cast<double>(end - first);
  std::vector<double> sum(dim, 0.0);
  std::vector<double> squares(dim, 0.0);
  for (std::size_t t = first; t < end; ++t) {
    const std::span<const float> frame = material_.encoder.frame(t);
    for (std::size_t d = 0; d < dim; ++d) {
      sum[d] += frame[d];
      squares[d] += static_cast<double>(frame[d]) * frame[d];
    }
  }
  std::vector<float> pooled(2 * dim);
  for (std::size_t d = 0; d < dim; ++d) {
    const double mean = sum[d] / frames;
    pooled[d] = static_cast<float>(mean);
    pooled[dim + d] = static_cast<float>(std::sqrt(std::max(squares[d] / frames - mean * mean, 0.0)));
  }
  return pooled;
}

}  // namespace speechcoach::pronunciation
