// What speechcoach-train-features left of each recording: the encoder's output, the transcript, the decoder's view of the reference.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <boost/json.hpp>

#include "model/encoder_features.h"
#include "model/transcript.h"

namespace speechcoach::train {

// Not thread-safe. Throws std::exception where the files are not as they were written.
class EncodingCache {
 public:
  explicit EncodingCache(const std::filesystem::path& folder);

  bool Has(const std::string& utterance) const { return places_.contains(utterance) && heard_.contains(utterance); }
  model::EncoderFeatures Features(const std::string& utterance);
  model::Transcript Transcript(const std::string& utterance) const;
  model::TextScore TextScore(const std::string& utterance) const;

 private:
  struct Place {
    double offset_s = 0.0;
    std::size_t first_row = 0;
    std::size_t rows = 0;
    std::size_t dim = 0;
  };

  std::ifstream features_;
  std::map<std::string, Place> places_;
  std::map<std::string, boost::json::value> heard_;
};

}  // namespace speechcoach::train
