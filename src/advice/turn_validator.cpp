#include "advice/turn_validator.h"

#include <algorithm>
#include <array>
#include <exception>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

#include "advice/internal/common_checks.h"
#include "advice/internal/tokens.h"
#include "advice/internal/vietnamese.h"

namespace speechcoach::advice {
namespace {

namespace bj = boost::json;

constexpr std::size_t kLongestAnswer = 8'192;  // bytes
constexpr std::size_t kLongestVietnamese = 360;
constexpr std::size_t kMostWordsOfACorrection = 30;
constexpr std::size_t kMostCorrections = 2;

// Half as many again as the prompt asks for: a turn a little long is better than none.
constexpr auto kMostWords =
    std::to_array<std::pair<std::string_view, std::size_t>>({{"A1", 21}, {"A2", 30}, {"B1", 42}, {"B2", 54}, {"C1", 66}});

bool IsVietnameseWord(const std::string& word) { return Unmark(word).has_marks; }

bool IsPlainEnglish(const std::vector<std::string>& words) {
  return std::ranges::none_of(words, IsVietnameseWord) && std::ranges::all_of(words, [](const std::string& word) {
           return std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
         });
}

dialogue::Correction CorrectionFrom(const bj::object& object) {
  if (object.size() != 4) throw std::invalid_argument("a correction has four members");
  const bj::string& kind = object.at("kind").as_string();
  if (kind != "grammar" && kind != "vocabulary") throw std::invalid_argument("no such kind");
  const auto text = [&](const char* name) { return std::string(object.at(name).as_string()); };
  return {kind == "grammar" ? dialogue::Correction::Kind::kGrammar : dialogue::Correction::Kind::kVocabulary, text("said"),
          text("better"), text("why_vi")};
}

}  // namespace

base::Result<dialogue::CoachTurn> ParseTurn(std::string_view answer) {
  if (answer.size() > kLongestAnswer) return {base::ErrorCode::kBadJson, "The answer is far too long."};
  try {
    const bj::value root = bj::parse(answer);
    const bj::object& object = root.as_object();
    if (object.size() != 3) throw std::invalid_argument("a turn has three members");
    dialogue::CoachTurn turn;
    turn.say = object.at("say").as_string();
    turn.help_vi = object.at("help_vi").as_string();
    for (const bj::value& row : object.at("corrections").as_array()) {
      dialogue::Correction correction = CorrectionFrom(row.as_object());
      if (WordsOf(correction.said) != WordsOf(correction.better)) turn.corrections.push_back(std::move(correction));
    }
    return turn;
  } catch (const std::exception&) {
    return {base::ErrorCode::kBadJson, "The answer is not one JSON document of exactly the form that was asked for."};
  }
}

TurnValidator::TurnValidator(std::string_view heard, std::string_view level, std::string_view system)
    : heard_(WordsOf(heard)), most_words_(kMostWords.front().second), prompt_runs_(RunsOf(system)) {
  for (const auto& [from, words] : kMostWords) {
    if (from <= level) most_words_ = words;
  }
}

std::string TurnValidator::FaultOf(std::string_view answer) const {
  const auto turn = ParseTurn(answer);
  if (!turn.ok()) return turn.error().message;
  if (std::string fault = FaultOfSay(turn->say); !fault.empty()) return fault;
  if (std::string fault = FaultOfVietnamese(turn->help_vi, {}); !fault.empty()) return fault;
  if (turn->corrections.size() > kMostCorrections) return "At most two corrections.";
  for (const dialogue::Correction& correction : turn->corrections) {
    if (std::string fault = FaultOfCorrection(correction); !fault.empty()) return fault;
  }
  return {};
}

std::string TurnValidator::FaultOfSay(const std::string& say) const {
  const std::string lower = Lower(say);
  const std::vector<std::string> words = WordsOf(say);
  if (words.size() < 2) return "\"say\" is empty or too short.";
  if (words.size() > most_words_) return "\"say\" is too long for the learner's level.";
  if (!IsPlainEnglish(words) || std::ranges::none_of(words, IsCommonEnglish)) return "\"say\" must be plain English.";
  if (HoldsWhatIsNeverShown(lower) || lower.find_first_of("{}[]*#\n") != std::string::npos) {
    return "No links, no markup, no mention of rules or programs.";
  }
  if (IsUnkind(lower)) return "Be kind to the learner.";
  for (const std::vector<std::string>& run : prompt_runs_) {
    if (ContainsRun(words, run)) return "The answer repeats its instructions.";
  }
  return {};
}

std::string TurnValidator::FaultOfVietnamese(const std::string& text,
                                             const std::vector<std::vector<std::string>>& sources) const {
  const std::string lower = Lower(text);
  if (text.size() > kLongestVietnamese) return "A Vietnamese text is too long.";
  if (HoldsWhatIsNeverShown(lower) || IsUnkind(lower)) return "No links, no markup, no mention of rules or programs; be kind.";
  const Quotes quotes = SplitQuotes(text);
  for (const std::string& quote : quotes.quoted) {
    const std::vector<std::string> words = WordsOf(quote);
    const bool is_term = words.size() == 1 && IsTerm(words[0]);
    if (!is_term &&
        std::ranges::none_of(sources, [&](const std::vector<std::string>& source) { return ContainsRun(source, words); })) {
      return "Quoted words must stand in \"said\", \"better\" or the learner's turn.";
    }
  }
  if (!IsVietnameseProse(WordsOf(quotes.outside))) return "\"help_vi\" and \"why_vi\" must be Vietnamese with full diacritics.";
  return {};
}

std::string TurnValidator::FaultOfCorrection(const dialogue::Correction& correction) const {
  const std::vector<std::string> said = WordsOf(correction.said);
  const std::vector<std::string> better = WordsOf(correction.better);
  if (said.empty() || !ContainsRun(heard_, said)) return "\"said\" must be words of the learner's last turn, exactly.";
  if (better.empty() || better.size() > kMostWordsOfACorrection || !IsPlainEnglish(better) ||
      HoldsWhatIsNeverShown(Lower(correction.better))) {
    return "\"better\" must be a short piece of plain English.";
  }
  const std::string why = Lower(correction.why_vi);
  if (why.find("phát âm") != std::string::npos || why.find("ngữ điệu") != std::string::npos ||
      why.find("trọng âm") != std::string::npos) {
    return "Corrections are of grammar and vocabulary alone.";
  }
  return FaultOfVietnamese(correction.why_vi, {said, better, heard_});
}

}  // namespace speechcoach::advice
