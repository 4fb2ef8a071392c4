#include "advice/answer_validator.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "advice/internal/common_checks.h"
#include "advice/internal/numbers.h"
#include "advice/internal/tokens.h"
#include "advice/internal/vietnamese.h"

namespace speechcoach::advice {
namespace {

struct Limits {
  std::size_t fewest;  // characters, about
  std::size_t most;    // bytes
};
constexpr Limits kSay{12, 700};
constexpr Limits kItem{6, 360};

template <typename List>
bool Has(const List& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

// Where a sign of a sound that begins at `slash` ends, "/θ/"; npos where none begins there.
std::size_t SoundEnd(std::string_view text, std::size_t slash) {
  const std::size_t close = text[slash] == '/' ? text.find('/', slash + 1) : std::string_view::npos;
  const std::string_view inside =
      close == std::string_view::npos ? std::string_view() : text.substr(slash + 1, close - slash - 1);
  const bool is_sound = !inside.empty() && inside.size() <= 14 && inside.find_first_of(" 0123456789{}") == std::string_view::npos;
  return is_sound ? close : std::string_view::npos;
}

std::string WithoutSounds(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t close = SoundEnd(text, at);
    if (close != std::string_view::npos) {
      plain += ' ';
      at = close + 1;
    } else {
      plain += text[at++];
    }
  }
  return plain;
}

// Names of figures and what is left of a placeholder that is not known.
std::string WithoutFigures(std::string_view text, const scoring::FactSheet& facts, std::string& unknown) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '{' && text[at] != '}') {
      plain += text[at++];
      continue;
    }
    const std::size_t close = text.find('}', at);
    const std::string name(text.substr(at + 1, close == std::string_view::npos ? 0 : close - at - 1));
    if (text[at] == '}' || !std::ranges::any_of(facts.figures, [&](const auto& figure) { return figure.first == name; })) {
      unknown = name.empty() ? "{}" : name;
      return plain;
    }
    plain += ' ';
    at = close + 1;
  }
  return plain;
}

struct Area {
  std::string_view vi;
  std::string_view en;
  double model::Scores::* score;
};
constexpr auto kAreas = std::to_array<Area>({{"phát âm", "pronunciation", &model::Scores::pronunciation},
                                             {"trôi chảy", "fluency", &model::Scores::fluency},
                                             {"lưu loát", "fluent", &model::Scores::fluency},
                                             {"ngữ điệu", "intonation", &model::Scores::prosody},
                                             {"tự tin", "confidence", &model::Scores::confidence},
                                             {"cảm xúc", "emotion", &model::Scores::emotion},
                                             {"tổng", "overall", &model::Scores::overall}});

std::string ShownScore(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", score);
  return Canonical(text);
}

bool HasAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Parted after each of `ends`; names of figures have full stops inside braces, which end nothing.
std::vector<std::string> Sentences(std::string_view text, std::string_view ends = ".!?;") {
  std::vector<std::string> sentences(1);
  bool in_name = false;
  for (const char c : text) {
    sentences.back() += c;
    in_name = c == '{' || (in_name && c != '}');
    if (!in_name && ends.find(c) != std::string_view::npos) sentences.emplace_back();
  }
  return sentences;
}

}  // namespace

AnswerValidator::AnswerValidator(const scoring::Evidence& evidence, const scoring::ScoreReport& report, scoring::FactSheet facts,
                                 std::string_view system)
    : locale_(evidence.locale), scores_(report.scores), facts_(std::move(facts)) {
  if (evidence.transcript) sources_.push_back(WordsOf(evidence.transcript->text));
  sources_.push_back(WordsOf(evidence.reference_text));
  for (const model::Miscue& miscue : report.miscues) {
    sources_.push_back(WordsOf(miscue.expected));
    sources_.push_back(WordsOf(miscue.heard));
  }
  for (const scoring::SoundFinding& sound : evidence.sounds) {
    sources_.push_back(WordsOf(sound.word));
    for (const std::string& quoted : SplitQuotes(locale_ == model::Locale::kVi ? sound.tip_vi : sound.tip_en).quoted) {
      sources_.push_back(WordsOf(quoted));
    }
  }
  for (const auto& [name, value] : facts_.figures) numbers_.push_back(Canonical(value));
  prompt_runs_ = RunsOf(system);
}

std::string AnswerValidator::FaultOf(std::string_view text) const {
  const auto answer = ParseAnswer(text);
  if (!answer.ok()) return answer.error().message;
  const auto fault_of = [&](const std::string& part, Limits limits) -> std::string {
    if (part.size() < limits.fewest) return "A text is empty or too short.";
    if (part.size() > limits.most) return "A text is too long.";
    return FaultOfText(part);
  };
  std::string fault = fault_of(answer->say, kSay);
  return fault.empty() ? fault_of(answer->item, kItem) : fault;
}

std::string AnswerValidator::FaultOfText(std::string_view text) const {
  std::string unknown;
  const std::string named = WithoutFigures(text, facts_, unknown);
  if (!unknown.empty()) return "Braces may hold only the names of figures that the facts give.";
  const std::string lower = Lower(text);
  if (std::string fault = FaultOfLeak(Lower(named)); !fault.empty()) return fault;
  // Values stand where names stood, so that a name in another area's place is found like a wrong digit.
  const Quotes filled = SplitQuotes(FillFigures(text, facts_));
  if (std::string fault = FaultOfQuotes(filled.quoted); !fault.empty()) return fault;
  if (std::string fault = FaultOfNumbers(filled.outside); !fault.empty()) return fault;
  if (std::string fault = FaultOfSounds(text); !fault.empty()) return fault;
  if (std::string fault = FaultOfPlaces(text); !fault.empty()) return fault;
  if (std::string fault = FaultOfTone(Lower(filled.outside)); !fault.empty()) return fault;
  return FaultOfLanguage(WithoutSounds(SplitQuotes(named).outside));
}

std::string AnswerValidator::FaultOfLeak(std::string_view lower) const {
  if (HoldsWhatIsNeverShown(lower)) return "No links, no markup, no advertisement, no mention of rules, facts or programs.";
  const std::vector<std::string> words = WordsOf(lower);
  for (const std::vector<std::string>& run : prompt_runs_) {
    if (ContainsRun(words, run)) return "The answer repeats its instructions.";
  }
  return {};
}

// A figure of what went well counts no mistakes, and the other way round. Names stand for their values here.
std::string AnswerValidator::FaultOfPlaces(std::string_view text) const {
  for (const std::string& sentence : Sentences(Lower(text), ".!?;,")) {
    const bool is_wrong =
        HasAny(sentence, {"sai", "nhầm", "thiếu", "bỏ sót", "vấp", "chưa đúng", "wrong", "missed", "misread", "skipped"});
    const bool is_right = !is_wrong && HasAny(sentence, {"đọc đúng", "chính xác", "correctly", "read well"});
    for (const auto& [name, value] : facts_.figures) {
      if (name.starts_with("scores.") || sentence.find("{" + name + "}") == std::string::npos) continue;
      const bool is_praised = Has(facts_.praised, name);
      if ((is_praised && is_wrong) || (!is_praised && is_right))
        return "A figure stands for something else than what was measured.";
    }
  }
  return {};
}

// How to make a sound may be told with any other beside it; what the learner's sounded like is measured.
std::string AnswerValidator::FaultOfSounds(std::string_view text) const {
  for (const std::string& clause : Sentences(text, ".!?;,")) {
    if (!HasAny(Lower(clause), {"bạn đọc", "bạn phát âm", "bạn nói", "nghe thành", "nghe ra", "nghe như", "nghe giống",
                                "you said", "you read", "sounded", "sounds like", "came out"})) {
      continue;
    }
    for (std::size_t at = clause.find('/'); at != std::string::npos; at = clause.find('/', at + 1)) {
      const std::size_t close = SoundEnd(clause, at);
      if (close == std::string_view::npos) continue;
      if (facts_.evidence.find(clause.substr(at, close + 1 - at)) == std::string::npos)
        return "A sound between slashes is not the one that was found.";
      at = close;
    }
  }
  return {};
}

bool AnswerValidator::WasSaid(const std::vector<std::string>& words) const {
  return std::ranges::any_of(sources_, [&](const std::vector<std::string>& source) { return ContainsRun(source, words); });
}

std::string AnswerValidator::FaultOfQuotes(const std::vector<std::string>& quoted) const {
  for (const std::string& quote : quoted) {
    const std::vector<std::string> words = WordsOf(quote);
    const bool letters = words.size() == 1 && IsTerm(words[0]);
    if (!letters && !WasSaid(words)) return "Quoted words must stand in the transcript, the reference or the facts.";
  }
  return {};
}

std::string AnswerValidator::FaultOfNumbers(std::string_view outside) const {
  if (HasAny(outside, {"%", "phần trăm", "percent"})) return "No percentages.";
  for (const Number& number : NumbersIn(outside)) {
    if (!Has(numbers_, number.value)) return "A figure is not one of the facts': write the figure's name in braces instead.";
    if (!number.of_ten) continue;
    std::size_t nearest = 0;
    const Area* meant = nullptr;
    bool is_score = false;
    for (const Area& area : kAreas) {
      is_score = is_score || ShownScore(scores_.*area.score) == number.value;
      for (const std::string_view name : {area.vi, area.en}) {
        const std::size_t at = number.before.rfind(name);
        if (at == std::string::npos || (meant != nullptr && at < nearest)) continue;
        nearest = at;
        meant = &area;
      }
    }
    if (!is_score || (meant != nullptr && ShownScore(scores_.*(meant->score)) != number.value)) {
      return "A score is not the one that was measured: write the score's name in braces instead.";
    }
  }
  return {};
}

std::string AnswerValidator::FaultOfTone(std::string_view lower) const {
  if (IsUnkind(lower)) return "Be kind to the learner.";
  constexpr double kSuperlativeFrom = 7.5;
  constexpr double kPraiseFrom = 5.0;
  if (scores_.overall < kSuperlativeFrom && HasAny(lower, {"hoàn hảo", "tuyệt đối", "không có lỗi nào", "như người bản xứ",
                                                           "perfect", "flawless", "like a native speaker"})) {
    return "The praise is higher than the scores allow.";
  }
  constexpr double kFullMarks = 9.95;
  if (scores_.overall < kFullMarks && HasAny(lower, {"điểm tuyệt đối", "điểm tối đa", "trọn điểm", "trọn vẹn điểm", "full marks",
                                                     "top marks", "perfect score"})) {
    return "The praise is higher than the scores allow.";
  }
  for (const std::string& sentence : Sentences(lower)) {
    for (const Area& area : kAreas) {
      if (!HasAny(sentence, {area.vi, area.en})) continue;
      const double score = scores_.*area.score;
      if (score < kPraiseFrom && HasAny(sentence, {"rất tốt", "rất rõ", "rất chuẩn", "rất hay", "xuất sắc", "tuyệt vời",
                                                   "excellent", "very good", "very clear"})) {
        return "The praise is higher than the scores allow.";
      }
      if (score >= kSuperlativeFrom &&
          HasAny(sentence, {"rất kém", "rất yếu", "rất tệ", "kém lắm", "very poor", "very weak", "terrible"})) {
        return "The blame is harder than the scores allow.";
      }
    }
  }
  return {};
}

std::string AnswerValidator::FaultOfLanguage(std::string_view outside) const {
  std::vector<std::string> words = WordsOf(outside);
  std::erase_if(words,
                [](const std::string& word) { return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; }); });
  if (words.empty()) return {};
  double marked = 0.0;
  int english_run = 0;
  int english = 0;
  for (const std::string& word : words) {
    const Syllable syllable = Unmark(word);
    marked += syllable.has_marks ? 1.0 : 0.0;
    english += IsCommonEnglish(word) ? 1 : 0;
    if (locale_ == model::Locale::kEn) {
      if (syllable.base.empty()) return "Write in English.";
      continue;
    }
    const bool known = IsTerm(word) || WasSaid({word});
    if (!known && (syllable.base.empty() || !IsVietnameseShape(syllable.base))) {
      return "Write in Vietnamese; quote English words, and only those of the transcript, the reference or the facts.";
    }
    english_run = IsCommonEnglish(word) && !syllable.has_marks ? english_run + 1 : syllable.has_marks ? 0 : english_run;
    if (english_run >= 4) return "Write in Vietnamese, not in English.";
  }
  const double share = marked / static_cast<double>(words.size());
  if (locale_ == model::Locale::kVi && share < kFewestMarkedWords) return "Write in Vietnamese with full diacritics.";
  if (locale_ == model::Locale::kEn && words.size() >= 5 && (share > 0.2 || english == 0)) return "Write in English.";
  return {};
}

}  // namespace speechcoach::advice
