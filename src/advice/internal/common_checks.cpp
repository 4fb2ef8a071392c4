#include "advice/internal/common_checks.h"

#include <algorithm>
#include <array>

#include "advice/internal/tokens.h"
#include "advice/internal/vietnamese.h"

namespace speechcoach::advice {
namespace {

constexpr std::size_t kLeakWords = 6;

constexpr auto kTerms =
    std::to_array<std::string_view>({"yes", "no", "wh", "ok", "okay", "video", "ed", "s", "th",  "sh",    "ch",   "z",
                                     "r",   "l",  "v",  "f",  "w",    "j",     "t",  "d", "ipa", "micrô", "micro"});
constexpr auto kNeverShown = std::to_array<std::string_view>({"http",
                                                              "www.",
                                                              "://",
                                                              ".com",
                                                              ".vn/",
                                                              ".net",
                                                              ".org",
                                                              "@",
                                                              "<",
                                                              ">",
                                                              "**",
                                                              "__",
                                                              "](",
                                                              "\\n",
                                                              "json",
                                                              "prompt",
                                                              "schema",
                                                              "begin facts",
                                                              "end facts",
                                                              "system message",
                                                              "instruction",
                                                              "chỉ thị",
                                                              "câu lệnh hệ thống",
                                                              "lời nhắc hệ thống",
                                                              "mô hình ngôn ngữ",
                                                              "language model",
                                                              "trí tuệ nhân tạo",
                                                              "openai",
                                                              "gemini",
                                                              "deepseek",
                                                              "chatgpt",
                                                              "as an ai",
                                                              "là một ai",
                                                              "to_work_on",
                                                              "went_well",
                                                              "emotion_detected",
                                                              "confidence_level",
                                                              "prosody_notes",
                                                              "api key",
                                                              "mật khẩu",
                                                              "password",
                                                              "hotline",
                                                              "zalo",
                                                              "khuyến mãi",
                                                              "giảm giá",
                                                              "chuyển khoản"});
constexpr auto kInsults = std::to_array<std::string_view>({"ngu", "ngốc", "đần", "dốt", "stupid", "idiot", "dumb"});
constexpr auto kInsultRuns =
    std::to_array<std::string_view>({"vô dụng", "vô phương", "bỏ học đi", "quá tệ", "thảm hại", "give up english", "hopeless"});
constexpr auto kEnglish = std::to_array<std::string_view>(
    {"the",    "is",   "are",  "you",      "your",     "and",   "of",  "to",    "in",    "it",   "this",  "that",
     "was",    "have", "has",  "be",       "at",       "for",   "not", "with",  "but",   "very", "good",  "great",
     "well",   "try",  "keep", "practice", "practise", "speak", "say", "sound", "voice", "word", "words", "more",
     "should", "can",  "will", "my",       "i",        "we",    "on",  "a",     "an",    "as",   "so",    "there",
     "were",   "from", "when", "again",    "time",     "next",  "did", "do"});

template <typename List>
bool Has(const List& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

}  // namespace

bool HoldsWhatIsNeverShown(std::string_view lower) {
  return std::ranges::any_of(kNeverShown, [&](std::string_view never) { return lower.find(never) != std::string_view::npos; });
}

bool IsUnkind(std::string_view lower) {
  const std::vector<std::string> words = WordsOf(lower);
  return std::ranges::any_of(kInsults, [&](std::string_view insult) { return Has(words, insult); }) ||
         std::ranges::any_of(kInsultRuns, [&](std::string_view insult) { return lower.find(insult) != std::string_view::npos; });
}

bool IsCommonEnglish(std::string_view word) { return Has(kEnglish, word); }

bool IsTerm(std::string_view word) { return Has(kTerms, word); }

std::vector<std::vector<std::string>> RunsOf(std::string_view prompt) {
  const std::vector<std::string> words = WordsOf(prompt);
  std::vector<std::vector<std::string>> runs;
  for (std::size_t i = 0; i + kLeakWords <= words.size(); ++i) {
    runs.emplace_back(words.begin() + static_cast<std::ptrdiff_t>(i),
                      words.begin() + static_cast<std::ptrdiff_t>(i + kLeakWords));
  }
  return runs;
}

bool IsVietnameseProse(const std::vector<std::string>& words) {
  std::size_t marked = 0;
  for (const std::string& word : words) {
    const Syllable syllable = Unmark(word);
    if (!IsTerm(word) && (syllable.base.empty() || !IsVietnameseShape(syllable.base))) return false;
    marked += syllable.has_marks ? 1 : 0;
  }
  return !words.empty() && static_cast<double>(marked) >= kFewestMarkedWords * static_cast<double>(words.size());
}

}  // namespace speechcoach::advice
