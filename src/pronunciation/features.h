// What the scores are made from: named numbers about each phone, each word and the whole recording. Training and serving both get them
// from here.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "model/audio_clip.h"
#include "model/encoder_features.h"
#include "model/prosody_report.h"
#include "model/transcript.h"
#include "pronunciation/alignment.h"
#include "pronunciation/goodness.h"
#include "pronunciation/phone_head.h"
#include "pronunciation/reference_text.h"

namespace speechcoach::pronunciation {

// Log ratios beyond this say no more.
inline constexpr double kLargestLogRatio = 30.0;

// All that is known about one recording and its text. Everything referred to outlives it.
struct Material {
  const model::AudioClip& clip;
  const model::EncoderFeatures& encoder;
  const model::TextScore& text_score;  // a word for each white-space separated piece of the text, or none
  const model::Transcript& transcript;
  const model::ProsodyReport& prosody;
  const ReferenceText& text;
};

// One of the text's words in what was heard.
struct HeardWord {
  int transcript_word = -1;  // index into the transcript's words as ToReferenceText gives them; -1: nothing stands for it
  bool is_same = false;      // it can be pronounced the same
};

// Named values in a fixed order.
class FeatureRow {
 public:
  void Add(std::string_view name, double value) {  // `name` is a literal
    names_.push_back(name);
    values_.push_back(static_cast<float>(value));
  }
  const std::vector<std::string_view>& names() const { return names_; }
  const std::vector<float>& values() const { return values_; }

 private:
  std::vector<std::string_view> names_;
  std::vector<float> values_;
};

// How the phone's own frames and those around them look.
struct Segment {
  double own_mean = 0.0;        // mean log probability of the phone in its frames
  double own_max = 0.0;         // highest, with the frames around
  double best_minus_own = 0.0;  // highest of any phone there minus that
  double own_lse = 0.0;         // log of the summed probability there
  double frames = 0.0;          // its own
  double slot = 0.0;            // between its neighbours' frames
  double entropy = 0.0;         // mean, of its frames' distributions
  double blank_share = 0.0;     // mean probability of the blank there
};

// The measurements that the features, the verdicts and the reasons share. Immutable.
class Measurement {
 public:
  // `alignment` is of `posteriors` and material.text; both are kept.
  Measurement(const Material& material, Posteriors posteriors, Alignment alignment);
  Measurement(const Measurement&) = delete;

  const Material& material() const { return material_; }
  const Posteriors& posteriors() const { return posteriors_; }
  const Alignment& alignment() const { return alignment_; }
  const SequenceLikelihoods& likelihoods() const { return likelihoods_; }
  const Goodness& goodness() const { return goodness_; }  // each ratio within +-kLargestLogRatio
  const ReferenceText& transcript_text() const { return transcript_text_; }
  const std::vector<HeardWord>& heard() const { return heard_; }  // one for each word of the text

  std::size_t phone_count() const { return alignment_.phones.size(); }
  std::size_t word_count() const { return material_.text.size(); }
  // Phones of a word: [begin, end).
  std::size_t first_phone(std::size_t word) const { return first_phone_[word]; }
  std::size_t end_phone(std::size_t word) const { return first_phone_[word + 1]; }

  double FrameStart(std::size_t frame) const {
    return material_.encoder.offset_s + static_cast<double>(frame) * model::kEncoderFrameS;
  }
  // From the phone's first frame to the next phone's, at most kLongestPhoneS: head outputs are spikes, sounds are not.
  double PhoneStart(std::size_t phone) const { return FrameStart(alignment_.phones[phone].first_frame); }
  double PhoneEnd(std::size_t phone) const;
  double SilenceAfter(
      std::size_t phone) const;  // seconds between its last frame and the next phone's first; 0 after the last phone

  const Segment& segment(std::size_t phone) const { return segments_[phone]; }
  const std::vector<double>& gop() const { return gop_; }            // of each phone: minus the best substitute's log ratio
  const std::vector<double>& own_mean() const { return own_mean_; }  // of each phone's segment
  double log_likelihood_a_phone() const { return likelihoods_.log_likelihood() / static_cast<double>(phone_count()); }

  // The likeliest phone instead of phone i, and how much likelier; the best insertion before phone i (or after the last).
  struct Candidate {
    Phone phone = 0;
    double log_ratio = 0.0;
  };
  Candidate BestSubstitute(std::size_t i) const;
  Candidate BestInsertion(std::size_t i) const;

  // Level over the phone's span in dB, relative to the mean over all phones; F0 in semitones relative to the speaker's mean, 0 where unvoiced.
  double level_db(std::size_t phone) const { return level_db_[phone]; }
  double semitones(std::size_t phone) const { return semitones_[phone]; }
  double voiced_share(std::size_t phone) const { return voiced_share_[phone]; }

  // Mean encoder output over the phone's frames; mean, then standard deviation, from the first to the last phone.
  std::vector<float> PhoneEmbedding(std::size_t phone) const;
  std::vector<float> PooledEmbedding() const;

 private:
  const Material& material_;
  const Posteriors posteriors_;
  const Alignment alignment_;
  const ReferenceText transcript_text_;
  const SequenceLikelihoods likelihoods_;
  Goodness goodness_;
  std::vector<std::size_t> first_phone_;
  std::vector<HeardWord> heard_;
  std::vector<Segment> segments_;
  std::vector<double> gop_;
  std::vector<double> own_mean_;
  std::vector<double> level_db_;
  std::vector<double> semitones_;
  std::vector<double> voiced_share_;
};

// How alike two texts sound: which words of `text` were heard, by an alignment of words that can be pronounced the same.
std::vector<HeardWord> MatchWords(const ReferenceText& text, const ReferenceText& heard);

FeatureRow PhoneFeatures(const Measurement& measurement, std::size_t phone);
FeatureRow WordFeatures(const Measurement& measurement, std::size_t word);
FeatureRow SentenceFeatures(const Measurement& measurement);

// What scores of the smaller say about the larger. `phones` and `scores` are the word's own (0-2).
FeatureRow WordScoreFeatures(std::span<const Phone> phones, std::span<const double> scores, double mean_of_recording);
// Of all phones (0-2) and all words (0-10) of the recording.
FeatureRow SentenceScoreFeatures(std::span<const double> phone_scores, std::span<const double> word_scores);

}  // namespace speechcoach::pronunciation
