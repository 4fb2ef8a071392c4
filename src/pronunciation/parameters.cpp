#include "pronunciation/parameters.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "pronunciation/internal/embedded_data.h"
#include "pronunciation/internal/statistics.h"

namespace speechcoach::pronunciation {
namespace {

enum Model { kPhone, kWord, kAccuracy, kFluency, kProsodic, kTotal };
constexpr std::array<const char*, 6> kModelNames{"phone", "word", "accuracy", "fluency", "prosodic", "total"};
constexpr Scorer::Range kPhoneRange{0.0, 2.0};
constexpr Scorer::Range kTenRange{0.0, 10.0};

// The columns of every kind of row, taken from the rows themselves: a tiny recording of one word.
struct KnownFeatures {
  std::vector<std::string> phone;
  std::vector<std::string> word;
  std::vector<std::string> sentence;
  std::vector<std::string> whole;  // of the sentence, before anything is scored

  KnownFeatures() {
    const model::AudioClip clip{std::vector<float>(1600, 0.0f)};
    const model::EncoderFeatures encoder{0.0, 3, 1, {0.0f, 0.0f, 0.0f}};
    const model::TextScore text_score;
    const model::Transcript transcript;
    const model::ProsodyReport prosody;
    const ReferenceText text{{"a", {{*SoundFromName("AH0")}}, 0}};
    const Material material{clip, encoder, text_score, transcript, prosody, text};
    Posteriors posteriors{3, std::vector<float>(3 * kClassCount, -3.7f)};
    auto alignment = Align(posteriors, text);
    const Measurement measurement(material, std::move(posteriors), std::move(*alignment));
    const std::array scores{1.0};
    const auto copy = [](const FeatureRow& row) { return std::vector<std::string>(row.names().begin(), row.names().end()); };
    const auto append = [](std::vector<std::string>& names, const FeatureRow& row) {
      names.insert(names.end(), row.names().begin(), row.names().end());
    };
    phone = copy(PhoneFeatures(measurement, 0));
    word = copy(WordFeatures(measurement, 0));
    append(word, WordScoreFeatures(std::array<Phone, 1>{}, scores, 1.0));
    whole = copy(SentenceFeatures(measurement));
    sentence = whole;
    append(sentence, SentenceScoreFeatures(scores, scores));
  }
};

double Dot(const std::vector<float>& weight, const std::vector<float>& values) {
  double sum = 0.0;
  for (std::size_t i = 0; i < weight.size(); ++i) sum += static_cast<double>(weight[i]) * values[i];
  return sum;
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(", "), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

base::Result<std::shared_ptr<const Parameters>> Parameters::Make(const TensorFile& head_file, const TensorFile* scorer_file) {
  auto head = PhoneHead::Load(head_file);
  if (!head.ok()) return head.error();
  auto parameters = std::make_shared<Parameters>();
  parameters->head_ = std::move(*head);
  parameters->training_speakers_.push_back(SplitAtCommas(head_file.metadata("training_speakers")));
  if (scorer_file != nullptr) {
    parameters->training_speakers_.push_back(SplitAtCommas(scorer_file->metadata("training_speakers")));

    static const KnownFeatures known;
    std::vector<std::string> phone_features = known.phone;
    if (scorer_file->has("emb.matrix")) {
      const auto mean = scorer_file->floats("emb.mean");
      const auto matrix = scorer_file->floats("emb.matrix");
      if (!mean.ok()) return mean.error();
      if (!matrix.ok()) return matrix.error();
      if ((*matrix)->row_size() != (*mean)->values.size() || (*mean)->values.size() != parameters->head_.input_dim()) {
        return {base::ErrorCode::kModelUnavailable, "the projection of the encoder's output does not fit it"};
      }
      parameters->embedding_mean_ = (*mean)->values;
      parameters->embedding_matrix_ = **matrix;
      for (std::size_t i = 0; i < (*matrix)->rows(); ++i) phone_features.push_back(fmt::format("emb{}", i));
    }
    std::vector<std::string> word_features = known.word;
    word_features.emplace_back("pool_score");
    std::vector<std::string> sentence_features = known.sentence;
    sentence_features.emplace_back("pool_score");
    for (std::size_t model = 0; model < kModelNames.size(); ++model) {
      const std::string name = kModelNames[model];
      const auto& features = model == kPhone ? phone_features : model == kWord ? word_features : sentence_features;
      auto scorer = Scorer::Load(*scorer_file, name, features, model == kPhone ? kPhoneRange : kTenRange);
      if (!scorer.ok()) return scorer.error();
      parameters->scorers_.push_back(std::move(*scorer));
      if (model == kPhone) continue;
      Pool pool;
      if (scorer_file->has(name + ".pool.weight")) {
        const auto weight = scorer_file->floats(name + ".pool.weight");
        const auto bias = scorer_file->floats(name + ".pool.bias");
        if (!weight.ok()) return weight.error();
        if (!bias.ok()) return bias.error();
        if ((*weight)->values.size() != 2 * parameters->head_.input_dim() || (*bias)->values.size() != 1) {
          return {base::ErrorCode::kModelUnavailable,
                  fmt::format("the pooled model of {} does not fit the encoder's output", name)};
        }
        pool = {(*weight)->values, (*bias)->values[0]};
      }
      parameters->pools_.push_back(std::move(pool));
    }
    if (scorer_file->has("net0.input.weight")) {
      auto net = PhoneNet::Load(*scorer_file, known.phone, known.whole);
      if (!net.ok()) return net.error();
      parameters->net_.push_back(std::move(*net));
    }
    for (const auto& [name, threshold] : {std::pair("phone.threshold", &parameters->phone_threshold_),
                                          std::pair("word.threshold", &parameters->word_threshold_)}) {
      if (!scorer_file->has(name)) continue;
      const auto value = scorer_file->floats(name);
      if (!value.ok()) return value.error();
      if ((*value)->values.size() == 1) *threshold = (*value)->values[0];
    }
  }
  for (std::vector<std::string>& speakers : parameters->training_speakers_) std::ranges::sort(speakers);
  return std::shared_ptr<const Parameters>(std::move(parameters));
}

base::Result<std::shared_ptr<const Parameters>> Parameters::Embedded() {
  const auto head = TensorFile::Parse(HeadBytes());
  if (!head.ok()) return head.error();
  const auto scorers = TensorFile::Parse(ScorerBytes());
  if (!scorers.ok()) return scorers.error();
  return Make(*head, &*scorers);
}

base::Result<std::shared_ptr<const Parameters>> Parameters::Read(const std::string& folder) {
  const auto head = TensorFile::Read(folder + "/head.safetensors");
  if (!head.ok()) return head.error();
  const auto scorers = TensorFile::Read(folder + "/scorers.safetensors");
  if (!scorers.ok()) return scorers.error();
  return Make(*head, &*scorers);
}

bool Parameters::HasLearntFrom(const std::string& speaker) const {
  return std::ranges::any_of(training_speakers_, [&](const std::vector<std::string>& speakers) {
    return speakers.empty() || std::ranges::binary_search(speakers, speaker);
  });
}

MeasuredRows ToRows(const Measurement& m) {
  MeasuredRows rows;
  const auto add = [](Rows& to, const std::vector<float>& row) {
    to.width = row.size();
    ++to.count;
    to.values.insert(to.values.end(), row.begin(), row.end());
  };
  for (std::size_t i = 0; i < m.phone_count(); ++i) {
    rows.labels.push_back(m.alignment().phones[i].sound.phone);
    add(rows.phones, PhoneFeatures(m, i).values());
    add(rows.encodings, m.PhoneEmbedding(i));
  }
  for (std::size_t word = 0; word < m.word_count(); ++word) {
    rows.word_phones.emplace_back(m.first_phone(word), m.end_phone(word));
    add(rows.words, WordFeatures(m, word).values());
  }
  rows.sentence = SentenceFeatures(m).values();
  rows.pooled = m.PooledEmbedding();
  return rows;
}

std::vector<float> Parameters::PhoneRow(const MeasuredRows& rows, std::size_t phone) const {
  std::vector<float> row(rows.phones.row(phone), rows.phones.row(phone) + rows.phones.width);
  const float* encoding = rows.encodings.row(phone);
  for (std::size_t k = 0; k < embedding_matrix_.rows() && !embedding_mean_.empty(); ++k) {
    const std::span<const float> axis = embedding_matrix_.row(k);
    double sum = 0.0;
    for (std::size_t d = 0; d < axis.size(); ++d) sum += static_cast<double>(axis[d]) * (encoding[d] - embedding_mean_[d]);
    row.push_back(static_cast<float>(sum));
  }
  return row;
}

Parameters::Ratings Parameters::Rate(const Measurement& measurement) const { return Rate(ToRows(measurement)); }

Parameters::Ratings Parameters::Rate(const MeasuredRows& rows) const {
  const auto append = [](std::vector<float>& to, const FeatureRow& more) {
    to.insert(to.end(), more.values().begin(), more.values().end());
  };
  NetScores net;
  net.phones.assign(rows.phones.count, 0.0);
  net.words.assign(rows.words.count, 0.0);
  if (!net_.empty()) net = net_.front()(rows.phones, rows.encodings, rows.sentence, rows.word_phones);

  Ratings ratings;
  for (std::size_t i = 0; i < rows.phones.count; ++i) {
    const std::vector<float> row = PhoneRow(rows, i);
    ratings.stage_phones.push_back(scorers_[kPhone].Stage(row));
    ratings.phones.push_back(scorers_[kPhone](row, ratings.stage_phones[i], net.phones[i]));
  }
  const auto pool_score = [&](Model model) {
    const Pool& pool = pools_[model - 1];
    return static_cast<float>(Dot(pool.weight, rows.pooled) + pool.bias);
  };
  const std::span<const double> stage_phones(ratings.stage_phones);
  const double mean = Mean(ratings.stage_phones);
  for (std::size_t word = 0; word < rows.words.count; ++word) {
    const auto [begin, end] = rows.word_phones[word];
    std::vector<float> row(rows.words.row(word), rows.words.row(word) + rows.words.width);
    append(row,
           WordScoreFeatures(std::span(rows.labels).subspan(begin, end - begin), stage_phones.subspan(begin, end - begin), mean));
    row.push_back(pool_score(kWord));
    ratings.stage_words.push_back(scorers_[kWord].Stage(row));
    ratings.words.push_back(scorers_[kWord](row, ratings.stage_words.back(), net.words[word]));
  }
  std::vector<float> row = rows.sentence;
  append(row, SentenceScoreFeatures(ratings.stage_phones, ratings.stage_words));
  row.push_back(0.0f);
  const std::array<double*, 4> aspects{&ratings.accuracy, &ratings.fluency, &ratings.prosodic, &ratings.total};
  for (std::size_t aspect = 0; aspect < aspects.size(); ++aspect) {
    const auto model = static_cast<Model>(kAccuracy + aspect);
    row.back() = pool_score(model);
    *aspects[aspect] = scorers_[model](row, scorers_[model].Stage(row), net.aspects[aspect]);
  }
  return ratings;
}

}  // namespace speechcoach::pronunciation
