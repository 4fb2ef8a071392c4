#include "cli/evaluate.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "cli/agreement.h"
#include "cli/audio_file.h"
#include "cli/in_order.h"
#include "cli/terminal.h"
#include "pronunciation/assessor.h"
#include "pronunciation/live_hints.h"
#include "pronunciation/parameters.h"
#include "pronunciation/rated_corpus.h"

namespace speechcoach::cli {
namespace {

namespace bj = boost::json;

struct ParameterSet {
  std::shared_ptr<const pronunciation::Parameters> parameters;
  std::unique_ptr<pronunciation::HintFinder> hints;
};
using ParameterSets = std::vector<ParameterSet>;

// A phone that raters gave less counts as mispronounced: nearer to "accented" than to "right".
constexpr double kMispronouncedBelow = 1.5;
// In conversation mode, for words of the sentence that the transcript does not have: nothing was measured on them.
constexpr double kUnheardPhone = 1.0;
constexpr double kUnheardWord = 5.0;
// Words that got a live hint are counted among those that all raters found right, and among those that were hard to make out.
constexpr double kRightWord = 10.0;
constexpr double kBadWord = 3.0;

// Scores beside the utterance's ratings, phone by phone and word by word.
struct Scored {
  std::vector<double> phones;  // 0-2
  std::vector<bool> is_told;   // of each phone: whether a learner would be told that it was not right
  std::vector<double> words;   // 0-10
  double accuracy = 0.0;
  double fluency = 0.0;
  double prosodic = 0.0;
  double total = 0.0;
  double phone_threshold = 0.0;
  std::vector<bool> hinted;  // of each word: whether it would have got a live hint
};

struct Outcome {
  std::vector<Scored> scored;  // one for each mode; none where there is a fault
  std::string fault;
};

struct Tables {
  Agreement phone, word, accuracy, fluency, prosodic, total;
  Detection mispronunciation;  // by the rating alone
  Detection verdicts;          // by what learners are told
  Proportion hints_on_right_words, hints_on_bad_words;

  void Add(const pronunciation::RatedUtterance& utterance, const Scored& scored) {
    std::size_t phone_index = 0;
    for (std::size_t i = 0; i < utterance.words.size(); ++i) {
      const double rated = utterance.words[i].accuracy;
      word.Add(scored.words[i], rated);
      if (rated == kRightWord) hints_on_right_words.Add(scored.hinted[i]);
      if (rated <= kBadWord) hints_on_bad_words.Add(scored.hinted[i]);
      for (const double rating : utterance.words[i].phones) {
        const double score = scored.phones[phone_index];
        phone.Add(score, rating);
        mispronunciation.Add(score < scored.phone_threshold, rating < kMispronouncedBelow);
        verdicts.Add(scored.is_told[phone_index], rating < kMispronouncedBelow);
        ++phone_index;
      }
    }
    accuracy.Add(scored.accuracy, utterance.accuracy);
    fluency.Add(scored.fluency, utterance.fluency);
    prosodic.Add(scored.prosodic, utterance.prosodic);
    total.Add(scored.total, utterance.total);
  }

  std::array<std::pair<const char*, const Agreement*>, 6> rows() const {
    return {{{"phone", &phone},
             {"word", &word},
             {"accuracy", &accuracy},
             {"fluency", &fluency},
             {"prosodic", &prosodic},
             {"total", &total}}};
  }
};

base::Result<ParameterSets> ReadParameterSets(const std::string& folds) {
  ParameterSets sets;
  const auto add = [&](base::Result<std::shared_ptr<const pronunciation::Parameters>> parameters) -> base::Status {
    if (!parameters.ok()) return parameters.error();
    auto hints = pronunciation::MakeHintFinder(*parameters);
    if (!hints.ok()) return hints.error();
    sets.push_back({std::move(*parameters), std::move(*hints)});
    return {};
  };
  if (folds.empty()) {
    if (const base::Status read = add(pronunciation::Parameters::Embedded()); !read.ok()) return read.error();
    return sets;
  }
  std::error_code fault;
  std::set<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(folds, fault)) {
    if (entry.is_directory()) folders.insert(entry.path().string());
  }
  if (folders.empty()) return {base::ErrorCode::kNotFound, fmt::format("{} holds no folders of parameters", folds)};
  for (const std::string& folder : folders) {
    if (const base::Status read = add(pronunciation::Parameters::Read(folder)); !read.ok()) return read.error();
  }
  return sets;
}

// Null where all have learnt from the speaker.
const ParameterSet* SetFor(const ParameterSets& sets, const std::string& speaker) {
  const auto found = std::ranges::find_if(sets, [&](const ParameterSet& set) { return !set.parameters->HasLearntFrom(speaker); });
  return found == sets.end() ? nullptr : &*found;
}

class Evaluation {
 public:
  Evaluation(const EvaluateCommand& command, const base::Config& config, const EvaluationParts& parts)
      : modes_(command.modes), config_(config), parts_(parts) {}

  Outcome operator()(const pronunciation::RatedUtterance& utterance, const ParameterSet& set) const {
    try {
      return Score(utterance, set);
    } catch (const std::exception& fault) {
      return {{}, fault.what()};
    }
  }

 private:
  Outcome Score(const pronunciation::RatedUtterance& utterance, const ParameterSet& set) const {
    if (utterance.audio_path.empty()) return {{}, "no recording"};
    const auto clip = ReadAudioFile(utterance.audio_path, config_, *parts_.decoder);
    if (!clip.ok()) return {{}, clip.error().message};
    std::optional<model::SpeechEvidence> evidence;
    stt::TranscribeOptions options;
    options.on_evidence = [&](model::SpeechEvidence made) { evidence = std::move(made); };
    if (std::ranges::find(modes_, model::Mode::kSentencePractice) != modes_.end()) options.reference_text = utterance.written;
    const auto transcript = parts_.transcriber->Transcribe(*clip, options);
    if (!transcript.ok()) return {{}, transcript.error().message};
    if (!evidence) {
      auto encoded = parts_.encoder->Encode(*clip, options.reference_text, {});
      if (!encoded.ok()) return {{}, encoded.error().message};
      evidence = std::move(*encoded);
    }
    const auto prosody = parts_.prosody->Extract(*clip);
    if (!prosody.ok()) return {{}, prosody.error().message};

    Outcome outcome;
    for (const model::Mode mode : modes_) {
      const bool is_conversation = mode == model::Mode::kConversation;
      // The decoder was asked about a text that a conversation does not have.
      const model::SpeechEvidence known{evidence->features, is_conversation ? model::TextScore{} : evidence->text};
      const pronunciation::ReferenceText text =
          is_conversation ? pronunciation::ToReferenceText(transcript->text) : utterance.text;
      const auto rated = pronunciation::RateText(*set.parameters, {*clip, known, *transcript, *prosody}, text);
      outcome.scored.push_back(rated.ok() ? ToScored(utterance, text, *rated, is_conversation) : Lowest(utterance));
      outcome.scored.back().phone_threshold = set.parameters->phone_threshold();
      outcome.scored.back().hinted =
          Hinted(utterance, *set.hints, evidence->features, *transcript, is_conversation ? "" : utterance.written);
    }
    return outcome;
  }

  // Nothing that could be the text.
  static Scored Lowest(const pronunciation::RatedUtterance& utterance) {
    Scored scored;
    for (const pronunciation::RatedWord& word : utterance.words)
      scored.phones.resize(scored.phones.size() + word.phones.size(), 0.0);
    scored.words.assign(utterance.words.size(), 0.0);
    scored.is_told.assign(scored.phones.size(), true);
    return scored;
  }

  static Scored ToScored(const pronunciation::RatedUtterance& utterance, const pronunciation::ReferenceText& text,
                         const pronunciation::RatedAlignment& rated, bool is_conversation) {
    Scored scored;
    scored.accuracy = rated.ratings.accuracy;
    scored.fluency = rated.ratings.fluency;
    scored.prosodic = rated.ratings.prosodic;
    scored.total = rated.ratings.total;
    const std::vector<bool> is_told = Told(rated);
    if (is_conversation) {
      CarryOver(utterance, text, rated, is_told, scored);
    } else {
      scored.phones = rated.ratings.phones;
      scored.is_told = is_told;
      scored.words = rated.ratings.words;
    }
    return scored;
  }

  static std::vector<bool> Told(const pronunciation::RatedAlignment& rated) {
    std::vector<bool> told;
    for (const model::WordResult& word : rated.words) {
      for (const model::PhoneResult& phone : word.phones) told.push_back(phone.verdict != model::PhoneVerdict::kOk);
    }
    return told;
  }

  // The transcript's words stand for those of the sentence that can sound the same; its phones for theirs, one by one.
  static void CarryOver(const pronunciation::RatedUtterance& utterance, const pronunciation::ReferenceText& transcript,
                        const pronunciation::RatedAlignment& rated, const std::vector<bool>& is_told, Scored& scored) {
    const auto matches = pronunciation::MatchWords(utterance.text, transcript);
    for (std::size_t word = 0; word < utterance.words.size(); ++word) {
      const int heard = matches[word].is_same ? matches[word].transcript_word : -1;
      scored.words.push_back(heard < 0 ? kUnheardWord : rated.ratings.words[static_cast<std::size_t>(heard)]);
      std::vector<std::size_t> phones;
      for (std::size_t i = 0; i < rated.alignment.phones.size(); ++i) {
        if (heard >= 0 && rated.alignment.phones[i].word == static_cast<std::size_t>(heard)) phones.push_back(i);
      }
      for (std::size_t i = 0; i < utterance.words[word].phones.size(); ++i) {
        const std::size_t at = phones.empty() ? 0 : phones[i * phones.size() / utterance.words[word].phones.size()];
        scored.phones.push_back(phones.empty() ? kUnheardPhone : rated.ratings.phones[at]);
        scored.is_told.push_back(phones.empty() || is_told[at]);
      }
    }
  }

  static std::vector<bool> Hinted(const pronunciation::RatedUtterance& utterance, const pronunciation::HintFinder& finder,
                                  const model::EncoderFeatures& features, const model::Transcript& transcript,
                                  const std::string& text) {
    const auto found = finder.Find({features, transcript.words, transcript.words.size(), 0}, text);
    const pronunciation::ReferenceText heard = pronunciation::ToReferenceText(transcript.text);
    const auto matches = pronunciation::MatchWords(utterance.text, heard);
    std::vector<bool> hinted;
    for (const pronunciation::HeardWord& match : matches) {
      hinted.push_back(match.transcript_word >= 0 && std::ranges::any_of(found.hints, [&](const pronunciation::LiveHint& hint) {
                         return hint.word == heard[static_cast<std::size_t>(match.transcript_word)].written_index;
                       }));
    }
    return hinted;
  }

  const std::vector<model::Mode>& modes_;
  const base::Config& config_;
  const EvaluationParts& parts_;
};

void PrintTable(const Tables& tables, std::size_t recordings, std::size_t speakers, model::Mode mode) {
  fmt::print("{} recordings of {} speakers, {}\n\n", recordings, speakers, model::Name(mode));
  fmt::print("{:<10} {:>8} {:>8} {:>8} {:>8}\n", "", "Pearson", "MSE", "MAE", "count");
  for (const auto& [name, agreement] : tables.rows()) {
    fmt::print("{:<10} {:>8.3f} {:>8.3f} {:>8.3f} {:>8}\n", name, agreement->pearson(), agreement->mse(), agreement->mae(),
               agreement->count());
  }
  fmt::print("\nmispronounced phones (rated below {}): precision {:.3f}, recall {:.3f}, F1 {:.3f}\n", kMispronouncedBelow,
             tables.mispronunciation.precision(), tables.mispronunciation.recall(), tables.mispronunciation.f1());
  fmt::print("by the verdicts that learners are shown: precision {:.3f}, recall {:.3f}, F1 {:.3f}\n", tables.verdicts.precision(),
             tables.verdicts.recall(), tables.verdicts.f1());
  fmt::print("live hints: on {:.2f} % of {} words rated {:.0f}, on {:.1f} % of {} words rated {:.0f} or less\n",
             100.0 * tables.hints_on_right_words.share(), tables.hints_on_right_words.count(), kRightWord,
             100.0 * tables.hints_on_bad_words.share(), tables.hints_on_bad_words.count(), kBadWord);
}

bj::object ToJson(const Tables& tables, std::size_t recordings, std::size_t failed, std::size_t speakers, model::Mode mode) {
  bj::object pearson;
  bj::object mse;
  bj::object mae;
  bj::object count;
  for (const auto& [name, agreement] : tables.rows()) {
    pearson[name] = agreement->pearson();
    mse[name] = agreement->mse();
    mae[name] = agreement->mae();
    count[name] = agreement->count();
  }
  return {{"recordings", recordings},
          {"failed", failed},
          {"speakers", speakers},
          {"mode", model::Name(mode)},
          {"pearson", std::move(pearson)},
          {"mse", std::move(mse)},
          {"mae", std::move(mae)},
          {"count", std::move(count)},
          {"mispronunciation",
           {{"rated_below", kMispronouncedBelow},
            {"precision", tables.mispronunciation.precision()},
            {"recall", tables.mispronunciation.recall()},
            {"f1", tables.mispronunciation.f1()}}},
          {"verdicts",
           {{"rated_below", kMispronouncedBelow},
            {"precision", tables.verdicts.precision()},
            {"recall", tables.verdicts.recall()},
            {"f1", tables.verdicts.f1()}}},
          {"hints",
           {{"share_of_words_rated_10", tables.hints_on_right_words.share()},
            {"words_rated_10", tables.hints_on_right_words.count()},
            {"share_of_words_rated_3_or_less", tables.hints_on_bad_words.share()},
            {"words_rated_3_or_less", tables.hints_on_bad_words.count()}}}};
}

ExitCode Refuse(const std::string& message) {
  fmt::print(stderr, "speechcoach: {}\n", message);
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunEvaluate(const EvaluateCommand& command, const base::Config& config, const EvaluationParts& parts) {
  const auto corpus = pronunciation::ReadRatedCorpus(command.folder);
  if (!corpus.ok()) return Refuse(corpus.error().message);
  const auto sets = ReadParameterSets(command.folds);
  if (!sets.ok()) return Refuse(sets.error().message);
  std::set<std::string> speakers;
  for (const pronunciation::RatedUtterance& utterance : *corpus) speakers.insert(utterance.speaker);
  for (const std::string& speaker : speakers) {
    if (SetFor(*sets, speaker) != nullptr) continue;
    return Refuse(
        fmt::format("speaker {} is among those that {} learnt from: the figures would flatter. Evaluate other speakers, or give "
                    "parameters that have not heard this one with --folds.",
                    speaker, command.folds.empty() ? "the parameters have" : "all parameters of --folds have"));
  }
  const Evaluation evaluate(command, config, parts);
  std::vector<Tables> tables(command.modes.size());
  std::size_t evaluated = 0;
  ProgressBar bar;
  RunInOrder<Outcome>(
      corpus->size(), static_cast<std::size_t>(std::max(config.stt.parallel, 1)),
      [&](std::size_t i) { return evaluate((*corpus)[i], *SetFor(*sets, (*corpus)[i].speaker)); },
      [&](std::size_t i, Outcome outcome) {
        bar.Show(static_cast<int>(100 * (i + 1) / corpus->size()), (*corpus)[i].id);
        if (outcome.scored.empty()) {
          fmt::print(stderr, "speechcoach: {}: {}\n", (*corpus)[i].id, outcome.fault);
          return;
        }
        for (std::size_t mode = 0; mode < tables.size(); ++mode) tables[mode].Add((*corpus)[i], outcome.scored[mode]);
        ++evaluated;
      });
  if (evaluated == 0) {
    fmt::print(stderr, "speechcoach: no recording could be scored\n");
    return ExitCode::kFailed;
  }
  bj::object all;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const model::Mode mode = command.modes[i];
    if (command.as_json) {
      all[model::Name(mode)] = ToJson(tables[i], evaluated, corpus->size() - evaluated, speakers.size(), mode);
    } else {
      if (i > 0) fmt::print("\n");
      PrintTable(tables[i], evaluated, speakers.size(), mode);
    }
  }
  if (command.as_json) fmt::print("{}\n", bj::serialize(all.size() == 1 ? all.begin()->value() : bj::value(std::move(all))));
  return evaluated == corpus->size() ? ExitCode::kOk : ExitCode::kDegraded;
}

}  // namespace speechcoach::cli
