// Recordings with human ratings, in the form of the speechocean762 folder: labels.tsv, and audio/SPEAKER/UTTERANCE.flac or .opus.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "pronunciation/reference_text.h"

namespace speechcoach::pronunciation {

struct RatedWord {
  double accuracy = 0.0;       // 0-10
  std::vector<double> phones;  // 0-2, one for each phone of the text's only pronunciation
};

struct RatedUtterance {
  std::string id;
  std::string speaker;
  std::string written;  // the sentence
  ReferenceText text;   // each word with the one pronunciation that was rated
  std::vector<RatedWord> words;
  double accuracy = 0.0;  // 0-10, as the others
  double fluency = 0.0;
  double prosodic = 0.0;
  double total = 0.0;
  std::string audio_path;  // empty where the folder has no such recording
};

// In the order of labels.tsv. Errors: kNotFound (no labels.tsv), kBadField (a line that cannot be read, by its number and fault).
base::Result<std::vector<RatedUtterance>> ReadRatedCorpus(const std::string& folder);

}  // namespace speechcoach::pronunciation
