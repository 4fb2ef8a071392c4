// The program's arithmetic against the training code's, on what that wrote down (tools/train/parity.py).
#include <cmath>

#include <gtest/gtest.h>

#include "pronunciation/parameters.h"

namespace speechcoach::pronunciation {
namespace {

constexpr double kTolerance = 1e-4;

class Parity : public testing::Test {
 protected:
  void SetUp() override {
    auto file = TensorFile::Read(SPEECHCOACH_TEST_DATA "/pronunciation/parity.safetensors");
    ASSERT_TRUE(file.ok()) << file.error().message;
    file_ = std::move(*file);
    auto parameters = Parameters::Embedded();
    ASSERT_TRUE(parameters.ok()) << parameters.error().message;
    parameters_ = std::move(*parameters);
  }

  const Tensor<float>& Floats(const char* name) const { return **file_.floats(name); }
  const std::vector<std::int32_t>& Integers(const char* name) const { return (*file_.integers(name))->values; }

  // The rows of `name` that belong to the utterance.
  Rows RowsOf(const char* name, const std::vector<std::int32_t>& owners, std::int32_t utterance) const {
    const Tensor<float>& tensor = Floats(name);
    Rows rows;
    rows.width = tensor.row_size();
    for (std::size_t i = 0; i < owners.size(); ++i) {
      if (owners[i] != utterance) continue;
      ++rows.count;
      rows.values.insert(rows.values.end(), tensor.row(i).begin(), tensor.row(i).end());
    }
    return rows;
  }

  TensorFile file_;
  std::shared_ptr<const Parameters> parameters_;
};

TEST_F(Parity, OfThePhoneHead) {
  const Tensor<float>& encoding = Floats("head.encoding");
  const model::EncoderFeatures features{0.0, encoding.rows(), encoding.row_size(), encoding.values};
  const Posteriors posteriors = parameters_->head()(features);
  const Tensor<float>& expected = Floats("head.expected");
  ASSERT_EQ(posteriors.log_probability.size(), expected.values.size());
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    // Where a phone is all but impossible, its logarithm magnifies the last bit.
    EXPECT_NEAR(std::exp(posteriors.log_probability[i]), std::exp(expected.values[i]), kTolerance);
    EXPECT_NEAR(posteriors.log_probability[i], expected.values[i], 1e-3);
  }
}

TEST_F(Parity, OfTheScores) {
  const auto& phone_owners = Integers("phone.utt");
  const auto& word_owners = Integers("word.utt");
  const Tensor<float>& sentences = Floats("utt.x");
  std::size_t phone_index = 0;
  std::size_t word_index = 0;
  for (std::int32_t utterance = 0; utterance < static_cast<std::int32_t>(sentences.rows()); ++utterance) {
    const auto u = static_cast<std::size_t>(utterance);
    MeasuredRows rows;
    rows.phones = RowsOf("phone.x", phone_owners, utterance);
    rows.encodings = RowsOf("phone.emb", phone_owners, utterance);
    rows.words = RowsOf("word.x", word_owners, utterance);
    rows.sentence.assign(sentences.row(u).begin(), sentences.row(u).end());
    const auto pooled = Floats("utt.pool").row(u);
    rows.pooled.assign(pooled.begin(), pooled.end());
    for (std::size_t i = 0; i < rows.phones.count; ++i)
      rows.labels.push_back(static_cast<Phone>(Integers("phone.label")[phone_index + i] - 1));
    std::size_t begin = 0;
    for (std::size_t i = 0; i < rows.words.count; ++i) {
      const auto count = static_cast<std::size_t>(Integers("word.phones")[word_index + i]);
      rows.word_phones.emplace_back(begin, begin + count);
      begin += count;
    }
    const Parameters::Ratings ratings = parameters_->Rate(rows);
    for (const double score : ratings.phones) EXPECT_NEAR(score, Floats("phone.expected").values[phone_index++], kTolerance);
    for (const double score : ratings.words) EXPECT_NEAR(score, Floats("word.expected").values[word_index++], kTolerance);
    const auto expected = Floats("utt.expected").row(u);
    EXPECT_NEAR(ratings.accuracy, expected[0], kTolerance);
    EXPECT_NEAR(ratings.fluency, expected[1], kTolerance);
    EXPECT_NEAR(ratings.prosodic, expected[2], kTolerance);
    EXPECT_NEAR(ratings.total, expected[3], kTolerance);
  }
  EXPECT_EQ(phone_index, phone_owners.size());
  EXPECT_EQ(word_index, word_owners.size());
}

}  // namespace
}  // namespace speechcoach::pronunciation
