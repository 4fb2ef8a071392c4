// The trained parameters: the phone head and the scorers, with the speakers that they have learnt from.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "pronunciation/features.h"
#include "pronunciation/phone_head.h"
#include "pronunciation/phone_net.h"
#include "pronunciation/scorer.h"
#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {

// One recording as the scorers take it: the features of PhoneFeatures, WordFeatures and SentenceFeatures.
struct MeasuredRows {
  std::vector<Phone> labels;
  Rows phones;
  Rows encodings;                                                // Measurement::PhoneEmbedding
  std::vector<std::pair<std::size_t, std::size_t>> word_phones;  // [begin, end)
  Rows words;
  std::vector<float> sentence;
  std::vector<float> pooled;  // Measurement::PooledEmbedding
};

MeasuredRows ToRows(const Measurement& measurement);

// Immutable; thread-safe.
class Parameters {
 public:
  // The pair that is part of the program.
  static base::Result<std::shared_ptr<const Parameters>> Embedded();
  // head.safetensors and scorers.safetensors of a folder. Errors: kModelUnavailable.
  static base::Result<std::shared_ptr<const Parameters>> Read(const std::string& folder);
  // Without scorers, features can be made but nothing scored.
  static base::Result<std::shared_ptr<const Parameters>> Make(const TensorFile& head, const TensorFile* scorers);

  const PhoneHead& head() const { return head_; }
  bool has_scorers() const { return !scorers_.empty(); }
  // Neither the head nor the scorers may be judged by recordings of these. Parameters that do not say whom they learnt from may have from anybody.
  bool HasLearntFrom(const std::string& speaker) const;

  // Below these a phone (0-2) or a word (0-10) counts as mispronounced.
  double phone_threshold() const { return phone_threshold_; }
  double word_threshold() const { return word_threshold_; }

  struct Ratings {
    std::vector<double> phones;  // 0-2
    std::vector<double> words;   // 0-10
    double accuracy = 0.0;       // 0-10, as the others
    double fluency = 0.0;
    double prosodic = 0.0;
    double total = 0.0;
    // Of the trees alone, on which the features of words and of the whole are made.
    std::vector<double> stage_phones;
    std::vector<double> stage_words;
  };
  // Both need scorers.
  Ratings Rate(const Measurement& measurement) const;
  Ratings Rate(const MeasuredRows& rows) const;

 private:
  // The phone's features and its encoding's projection.
  std::vector<float> PhoneRow(const MeasuredRows& rows, std::size_t phone) const;

  PhoneHead head_;
  std::vector<std::vector<std::string>> training_speakers_;  // of the head, and of the scorers where there are any; sorted
  std::vector<float> embedding_mean_;
  Tensor<float> embedding_matrix_;
  struct Pool {
    std::vector<float> weight;
    double bias = 0.0;
  };
  std::vector<Pool> pools_;      // of word, accuracy, fluency, prosodic, total; an empty weight gives 0
  std::vector<Scorer> scorers_;  // phone, then as pools_
  std::vector<PhoneNet> net_;    // none or one
  double phone_threshold_ = 1.5;
  double word_threshold_ = 6.0;
};

}  // namespace speechcoach::pronunciation
