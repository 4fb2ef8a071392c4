#include "cli/score.h"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "cli/audio_file.h"
#include "cli/in_order.h"
#include "json/model_json.h"
#include "pipeline/reference_sentence.h"

namespace speechcoach::cli {
namespace {

struct Item {
  std::string file;
  std::string reference_text;
};

std::vector<Item> ReadList(std::istream& stream) {
  std::vector<Item> items;
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const std::size_t tab = line.find('\t');
    items.push_back({line.substr(0, tab), tab == std::string::npos ? std::string() : line.substr(tab + 1)});
  }
  return items;
}

base::Result<model::Analysis> Analyse(const Item& item, const base::Config& config, audio::AudioDecoder& decoder,
                                      const pipeline::Stages& stages) {
  try {
    if (!item.reference_text.empty()) {
      if (const base::Status checked = pipeline::CheckReference(item.reference_text); !checked.ok()) return checked.error();
    }
    const auto clip = ReadAudioFile(item.file, config, decoder);
    if (!clip.ok()) return clip.error();
    pipeline::AnalysisRequest request;
    request.mode = item.reference_text.empty() ? model::Mode::kConversation : model::Mode::kSentencePractice;
    request.locale = model::LocaleFromName(config.locale).value_or(model::Locale::kVi);
    request.reference_text = item.reference_text;
    return pipeline::AnalyseRecording(*clip, request, stages, {});
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fault.what()};
  }
}

void Print(const Item& item, const base::Result<model::Analysis>& analysis, bool as_json) {
  if (as_json) {
    boost::json::object line{{"file", item.file}, {"reference_text", item.reference_text}};
    if (analysis.ok()) {
      line["analysis"] = json::ToJson(*analysis);
    } else {
      line["error"] = {{"code", base::ErrorCodeName(analysis.error().code)}, {"message", analysis.error().message}};
    }
    fmt::print("{}\n", boost::json::serialize(line));
  } else if (analysis.ok()) {
    const model::Scores& s = analysis->scores;
    fmt::print("{}\toverall {:.1f}\tpronunciation {:.1f}\tprosody {:.1f}\temotion {:.1f}\tconfidence {:.1f}\tfluency {:.1f}\n",
               item.file, s.overall, s.pronunciation, s.prosody, s.emotion, s.confidence, s.fluency);
  } else {
    fmt::print("{}\t{}: {}\n", item.file, base::ErrorCodeName(analysis.error().code), analysis.error().message);
  }
}

}  // namespace

ExitCode RunScore(const ScoreCommand& command, const base::Config& config, audio::AudioDecoder& decoder,
                  const pipeline::Stages& stages) {
  std::vector<Item> items;
  if (command.list == "-") {
    items = ReadList(std::cin);
  } else {
    std::ifstream file(command.list);
    if (!file) {
      fmt::print(stderr, "speechcoach: {} cannot be opened\n", command.list);
      return ExitCode::kUsage;
    }
    items = ReadList(file);
  }
  std::size_t complete = 0;
  RunInOrder<base::Result<model::Analysis>>(
      items.size(), static_cast<std::size_t>(std::max(config.stt.parallel, 1)),
      [&](std::size_t i) { return Analyse(items[i], config, decoder, stages); },
      [&](std::size_t i, base::Result<model::Analysis> analysis) {
        complete += analysis.ok() && analysis->failures.empty() ? 1 : 0;
        Print(items[i], analysis, command.as_json);
      });
  return complete == items.size() ? ExitCode::kOk : ExitCode::kDegraded;
}

}  // namespace speechcoach::cli
