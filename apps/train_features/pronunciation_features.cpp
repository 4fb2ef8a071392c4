// speechcoach-pronunciation-features: the features that pronunciation scores are learnt from, as the program itself computes them.
//
// Reads what speechcoach-train-features wrote, the rated corpus and a phone head; writes one file in the safetensors layout:
//   utt.x [U, F], utt.pool [U, 2 dim], word.utt, word.first_phone, word.phones, word.x, phone.utt, phone.label (1-39), phone.first_frame,
//   phone.last_frame, phone.x, phone.emb [N, dim], phone.m [N, 40] (substitutions, deletion)
// and in the metadata utterances, utt_names, word_names, phone_names. With scorers also phone.score, word.score, utt.score [U, 4]
// (accuracy, fluency, prosodic, total).
#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "audio/recording_decoder.h"
#include "base/config.h"
#include "base/log.h"
#include "encoding_cache.h"
#include "pronunciation/parameters.h"
#include "pronunciation/rated_corpus.h"
#include "prosody/prosody_extractor.h"

namespace speechcoach::train {
namespace {

using pronunciation::Tensor;

struct Arguments {
  std::string cache;
  std::string corpus;
  std::string head;
  std::string scorers;
  std::string speakers;
  std::string out;
};

// Rows of equal length, one after another.
struct Matrix {
  std::vector<float> values;
  std::size_t columns = 0;
  std::vector<std::string_view> names;

  void Add(const std::vector<float>& row) {
    columns = row.size();
    values.insert(values.end(), row.begin(), row.end());
  }
  void Add(const pronunciation::FeatureRow& row) {
    names = row.names();
    Add(row.values());
  }
  Tensor<float> ToTensor() const { return {{columns == 0 ? 0 : values.size() / columns, columns}, values}; }
};

Tensor<std::int32_t> ToTensor(const std::vector<std::int32_t>& values) { return {{values.size()}, values}; }

class Table {
 public:
  explicit Table(const pronunciation::Parameters& parameters) : parameters_(parameters) {}

  void Add(const std::string& utterance, const pronunciation::Measurement& m) {
    pronunciation::Parameters::Ratings ratings;
    if (parameters_.has_scorers()) ratings = parameters_.Rate(m);
    const auto number = static_cast<std::int32_t>(utterances_.size());
    const auto first_phone = static_cast<std::int32_t>(phone_utterance_.size());
    for (std::size_t i = 0; i < m.phone_count(); ++i) {
      const pronunciation::AlignedPhone& phone = m.alignment().phones[i];
      phone_utterance_.push_back(number);
      phone_label_.push_back(phone.sound.phone + 1);
      first_frame_.push_back(static_cast<std::int32_t>(phone.first_frame));
      last_frame_.push_back(static_cast<std::int32_t>(phone.last_frame));
      phones_.Add(PhoneFeatures(m, i));
      embeddings_.Add(m.PhoneEmbedding(i));
      std::vector<float> ratios(m.goodness().substituted[i].begin(), m.goodness().substituted[i].end());
      ratios.push_back(static_cast<float>(m.goodness().deleted[i]));
      ratios_.Add(ratios);
    }
    for (std::size_t word = 0; word < m.word_count(); ++word) {
      word_utterance_.push_back(number);
      word_first_phone_.push_back(first_phone + static_cast<std::int32_t>(m.first_phone(word)));
      word_phones_.push_back(static_cast<std::int32_t>(m.end_phone(word) - m.first_phone(word)));
      words_.Add(WordFeatures(m, word));
    }
    sentences_.Add(SentenceFeatures(m));
    pools_.Add(m.PooledEmbedding());
    phone_scores_.insert(phone_scores_.end(), ratings.phones.begin(), ratings.phones.end());
    word_scores_.insert(word_scores_.end(), ratings.words.begin(), ratings.words.end());
    for (const double rating : {ratings.accuracy, ratings.fluency, ratings.prosodic, ratings.total})
      sentence_scores_.push_back(static_cast<float>(rating));
    utterances_.push_back(utterance);
  }

  std::size_t size() const { return utterances_.size(); }

  std::string Serialize() const {
    pronunciation::TensorFile file;
    file.Set("utt.x", sentences_.ToTensor());
    file.Set("utt.pool", pools_.ToTensor());
    file.Set("word.utt", ToTensor(word_utterance_));
    file.Set("word.first_phone", ToTensor(word_first_phone_));
    file.Set("word.phones", ToTensor(word_phones_));
    file.Set("word.x", words_.ToTensor());
    file.Set("phone.utt", ToTensor(phone_utterance_));
    file.Set("phone.label", ToTensor(phone_label_));
    file.Set("phone.first_frame", ToTensor(first_frame_));
    file.Set("phone.last_frame", ToTensor(last_frame_));
    file.Set("phone.x", phones_.ToTensor());
    file.Set("phone.emb", embeddings_.ToTensor());
    file.Set("phone.m", ratios_.ToTensor());
    if (parameters_.has_scorers()) {
      file.Set("phone.score", Tensor<float>{{phone_scores_.size()}, phone_scores_});
      file.Set("word.score", Tensor<float>{{word_scores_.size()}, word_scores_});
      file.Set("utt.score", Tensor<float>{{utterances_.size(), 4}, sentence_scores_});
    }
    file.SetMetadata("utterances", fmt::format("{}", fmt::join(utterances_, " ")));
    file.SetMetadata("utt_names", fmt::format("{}", fmt::join(sentences_.names, " ")));
    file.SetMetadata("word_names", fmt::format("{}", fmt::join(words_.names, " ")));
    file.SetMetadata("phone_names", fmt::format("{}", fmt::join(phones_.names, " ")));
    return file.Serialize();
  }

 private:
  const pronunciation::Parameters& parameters_;
  std::vector<std::string> utterances_;
  Matrix sentences_, pools_, words_, phones_, embeddings_, ratios_;
  std::vector<std::int32_t> word_utterance_, word_first_phone_, word_phones_, phone_utterance_, phone_label_, first_frame_,
      last_frame_;
  std::vector<float> phone_scores_, word_scores_, sentence_scores_;
};

std::vector<std::uint8_t> ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int Complain(const base::Error& error) {
  fmt::print(stderr, "speechcoach-pronunciation-features: {}\n", error.message);
  return 1;
}

base::Result<std::shared_ptr<const pronunciation::Parameters>> ReadParameters(const Arguments& arguments) {
  const auto head = pronunciation::TensorFile::Read(arguments.head);
  if (!head.ok()) return head.error();
  if (arguments.scorers.empty()) return pronunciation::Parameters::Make(*head, nullptr);
  const auto scorers = pronunciation::TensorFile::Read(arguments.scorers);
  if (!scorers.ok()) return scorers.error();
  return pronunciation::Parameters::Make(*head, &*scorers);
}

int Run(const Arguments& arguments) {
  base::SetUpLogging({"warning", "text"});
  const auto config = base::LoadConfig({{}, base::EnvironmentVariables(), {}});
  if (!config.ok()) return Complain(config.error());
  const auto decoder = audio::MakeRecordingDecoder(
      config->audio, std::filesystem::read_symlink("/proc/self/exe").parent_path() / "speechcoach-decode");
  const auto parameters = ReadParameters(arguments);
  if (!parameters.ok()) return Complain(parameters.error());
  const auto corpus = pronunciation::ReadRatedCorpus(arguments.corpus);
  if (!corpus.ok()) return Complain(corpus.error());
  std::set<std::string> wanted;
  if (!arguments.speakers.empty()) {
    std::ifstream file(arguments.speakers);
    for (std::string speaker; file >> speaker;) wanted.insert(speaker);
  }
  EncodingCache cache(arguments.cache);
  prosody::SoundProsodyExtractor prosody;
  Table table(**parameters);
  std::size_t left_out = 0;
  for (const pronunciation::RatedUtterance& utterance : *corpus) {
    if (!wanted.empty() && !wanted.contains(utterance.speaker)) continue;
    if (!cache.Has(utterance.id) || utterance.audio_path.empty()) {
      ++left_out;
      continue;
    }
    const auto clip = decoder->Decode(ReadBytes(utterance.audio_path), "");
    if (!clip.ok()) return Complain(clip.error());
    const auto report = prosody.Extract(*clip);
    if (!report.ok()) return Complain(report.error());
    const model::EncoderFeatures features = cache.Features(utterance.id);
    const model::Transcript transcript = cache.Transcript(utterance.id);
    const model::TextScore text_score = cache.TextScore(utterance.id);
    const pronunciation::Material material{*clip, features, text_score, transcript, *report, utterance.text};
    pronunciation::Posteriors posteriors = (*parameters)->head()(features);
    auto alignment = Align(posteriors, utterance.text);
    if (!alignment) {
      ++left_out;
      continue;
    }
    table.Add(utterance.id, pronunciation::Measurement(material, std::move(posteriors), std::move(*alignment)));
    if (table.size() % 500 == 0) fmt::print(stderr, "{} recordings\n", table.size());
  }
  std::ofstream out(arguments.out, std::ios::binary);
  out << table.Serialize();
  fmt::print(stderr, "{} recordings, {} left out (not in the cache, or too short for their text)\n", table.size(), left_out);
  return out.flush() && table.size() > 0 ? 0 : 1;
}

}  // namespace
}  // namespace speechcoach::train

int main(int argc, char** argv) {
  speechcoach::train::Arguments arguments;
  CLI::App app("Writes the features of pronunciation scores, for training");
  app.add_option("--cache", arguments.cache, "folder that speechcoach-train-features wrote")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--corpus", arguments.corpus, "folder with labels.tsv and audio/")->required()->check(CLI::ExistingDirectory);
  app.add_option("--head", arguments.head, "the phone head")->required()->check(CLI::ExistingFile);
  app.add_option("--scorers", arguments.scorers, "the scorers; then scores are written too")->check(CLI::ExistingFile);
  app.add_option("--speakers", arguments.speakers, "file with the speakers to look at; all where absent")
      ->check(CLI::ExistingFile);
  app.add_option("--out", arguments.out, "the file to write")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return speechcoach::train::Run(arguments);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach-pronunciation-features: {}\n", fault.what());
    return 1;
  }
}
