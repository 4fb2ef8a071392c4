#include "encoding_cache.h"

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <ggml.h>

namespace speechcoach::train {

EncodingCache::EncodingCache(const std::filesystem::path& folder) : features_(folder / "features.f16", std::ios::binary) {
  std::ifstream index(folder / "index.tsv");
  std::string line;
  std::getline(index, line);
  while (std::getline(index, line)) {
    std::istringstream stream(line);
    std::string utterance;
    Place place;
    stream >> utterance >> place.offset_s >> place.first_row >> place.rows >> place.dim;
    if (stream) places_[utterance] = place;
  }
  std::ifstream transcripts(folder / "transcripts.jsonl");
  while (std::getline(transcripts, line)) {
    boost::json::value heard = boost::json::parse(line);
    std::string utterance(heard.at("utterance").as_string());
    heard_[std::move(utterance)] = std::move(heard);
  }
}

model::EncoderFeatures EncodingCache::Features(const std::string& utterance) {
  const Place& place = places_.at(utterance);
  std::vector<ggml_fp16_t> halves(place.rows * place.dim);
  features_.seekg(static_cast<std::streamoff>(place.first_row * place.dim * sizeof(ggml_fp16_t)));
  features_.read(reinterpret_cast<char*>(halves.data()), static_cast<std::streamsize>(halves.size() * sizeof(ggml_fp16_t)));
  if (!features_) throw std::runtime_error("the cached features end early");
  model::EncoderFeatures features{place.offset_s, place.rows, place.dim, std::vector<float>(halves.size())};
  ggml_fp16_to_fp32_row(halves.data(), features.values.data(), static_cast<std::int64_t>(halves.size()));
  return features;
}

model::Transcript EncodingCache::Transcript(const std::string& utterance) const {
  const boost::json::value& heard = heard_.at(utterance);
  model::Transcript transcript;
  transcript.text = heard.at("text").as_string();
  transcript.confidence = heard.at("confidence").to_number<double>();
  for (const boost::json::value& word : heard.at("words").as_array()) {
    transcript.words.push_back({std::string(word.at("text").as_string()), word.at("start_s").to_number<double>(),
                                word.at("end_s").to_number<double>(), word.at("confidence").to_number<double>(),
                                word.at("probability").to_number<double>()});
  }
  return transcript;
}

model::TextScore EncodingCache::TextScore(const std::string& utterance) const {
  const auto token_of = [](const boost::json::value& values) {
    return model::TokenScore{values.at(0).to_number<double>(), values.at(1).to_number<double>(),
                             values.at(2).to_number<double>()};
  };
  const boost::json::value& heard = heard_.at(utterance);
  model::TextScore score;
  for (const boost::json::value& word : heard.at("reference").as_array()) {
    model::WordScore scored{std::string(word.at("text").as_string()), {}};
    for (const boost::json::value& token : word.at("tokens").as_array()) scored.tokens.push_back(token_of(token));
    score.words.push_back(std::move(scored));
  }
  if (heard.as_object().contains("end")) score.end = token_of(heard.at("end"));
  return score;
}

}  // namespace speechcoach::train
