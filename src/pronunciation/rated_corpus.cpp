#include "pronunciation/rated_corpus.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

namespace speechcoach::pronunciation {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::optional<double> Number(std::string_view text, double highest) {
  double value = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || !(value >= 0.0 && value <= highest)) return std::nullopt;
  return value;
}

// What is wrong with a line; empty where nothing is.
std::string ReadPhones(const std::string& column, RatedUtterance& utterance) {
  const std::vector<std::string> written = Words(utterance.written);
  const std::vector<std::string> groups = Split(column, '|');
  if (groups.size() != written.size()) return fmt::format("{} words but the phones of {}", written.size(), groups.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    Pronunciation pronunciation;
    for (const std::string& name : Words(groups[i])) {
      const auto sound = SoundFromName(name);
      if (!sound) return fmt::format("'{}' is no phone", name);
      pronunciation.push_back(*sound);
    }
    if (pronunciation.empty()) return fmt::format("word {} has no phones", i + 1);
    utterance.text.push_back({written[i], {std::move(pronunciation)}, i});
  }
  return {};
}

std::string ReadRatings(const std::string& column, RatedUtterance& utterance) {
  const std::vector<std::string> words = Words(column);
  if (words.size() != utterance.text.size())
    return fmt::format("{} words but ratings of {}", utterance.text.size(), words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t colon = words[i].find(':');
    const auto accuracy = colon == std::string::npos ? std::nullopt : Number(std::string_view(words[i]).substr(0, colon), 10.0);
    if (!accuracy) return fmt::format("the rating of word {} is not ACCURACY:PHONES", i + 1);
    RatedWord word{*accuracy, {}};
    for (const std::string& phone : Split(std::string_view(words[i]).substr(colon + 1), ',')) {
      const auto score = Number(phone, 2.0);
      if (!score) return fmt::format("'{}' is no phone rating from 0 to 2", phone);
      word.phones.push_back(*score);
    }
    const std::size_t phones = utterance.text[i].pronunciations.front().size();
    if (word.phones.size() != phones)
      return fmt::format("word {} has {} phones and {} ratings", i + 1, phones, word.phones.size());
    utterance.words.push_back(std::move(word));
  }
  return {};
}

std::string AudioPath(const std::filesystem::path& folder, const RatedUtterance& utterance) {
  for (const char* ending : {".flac", ".opus", ".wav", ".ogg", ".mp3"}) {
    const std::filesystem::path path = folder / "audio" / utterance.speaker / (utterance.id + ending);
    std::error_code fault;
    if (std::filesystem::exists(path, fault)) return path.string();
  }
  return {};
}

}  // namespace

base::Result<std::vector<RatedUtterance>> ReadRatedCorpus(const std::string& folder) {
  const std::string path = folder + "/labels.tsv";
  std::ifstream file(path);
  if (!file) return {base::ErrorCode::kNotFound, fmt::format("{} cannot be opened", path)};
  std::string line;
  std::getline(file, line);
  std::map<std::string, std::size_t> columns;
  if (line.ends_with('\r')) line.pop_back();
  for (const std::string& name : Split(line, '\t')) columns.emplace(name, columns.size());
  for (const char* name : {"utterance", "speaker", "text", "phones", "accuracy", "fluency", "prosodic", "total", "words"}) {
    if (!columns.contains(name))
      return {base::ErrorCode::kBadField, fmt::format("{}: the first line names no column {}", path, name)};
  }
  std::vector<RatedUtterance> corpus;
  for (int number = 2; std::getline(file, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const auto wrong = [&](std::string_view what) {
      return base::Error{base::ErrorCode::kBadField, fmt::format("{}, line {}: {}", path, number, what)};
    };
    const std::vector<std::string> cells = Split(line, '\t');
    if (cells.size() != columns.size()) return wrong(fmt::format("{} columns instead of {}", cells.size(), columns.size()));
    const auto cell = [&](const char* name) -> const std::string& { return cells[columns.at(name)]; };
    RatedUtterance utterance;
    utterance.id = cell("utterance");
    utterance.speaker = cell("speaker");
    utterance.written = cell("text");
    if (utterance.id.empty() || utterance.id.find('/') != std::string::npos || utterance.speaker.find('/') != std::string::npos) {
      return wrong("no usable utterance or speaker");
    }
    for (const auto& [name, rating] : {std::pair("accuracy", &utterance.accuracy), std::pair("fluency", &utterance.fluency),
                                       std::pair("prosodic", &utterance.prosodic), std::pair("total", &utterance.total)}) {
      const auto value = Number(cell(name), 10.0);
      if (!value) return wrong(fmt::format("{} is no number from 0 to 10", name));
      *rating = *value;
    }
    if (const std::string fault = ReadPhones(cell("phones"), utterance); !fault.empty()) return wrong(fault);
    if (const std::string fault = ReadRatings(cell("words"), utterance); !fault.empty()) return wrong(fault);
    utterance.audio_path = AudioPath(folder, utterance);
    corpus.push_back(std::move(utterance));
  }
  if (corpus.empty()) return {base::ErrorCode::kBadField, fmt::format("{} lists no recordings", path)};
  return corpus;
}

}  // namespace speechcoach::pronunciation
