#include "scoring/prosody_notes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "scoring/internal/final_pitch.h"

namespace speechcoach::scoring {
namespace {

// The weakest movement that is worth a remark; the report calls less a rise or a fall already.
constexpr double kPlainMovement_st = 2.0;
constexpr double kPlainRise_st = 3.0;
constexpr double kNoticedPause_s = 0.4;

// Without the punctuation round it.
std::string Bare(std::string_view word) {
  const auto is_sign = [](char c) { return std::string_view(" .,;:!?\"'()[]-").find(c) != std::string_view::npos; };
  while (!word.empty() && is_sign(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_sign(word.back())) word.remove_suffix(1);
  return std::string(word);
}

class NoteWriter {
 public:
  NoteWriter(const model::ProsodyReport& report, const model::Transcript& transcript, model::Locale locale)
      : report_(report), words_(transcript.words), vi_(locale == model::Locale::kVi) {}

  std::vector<std::string> Write() {
    if (words_.empty() || report_.minimal) return {};
    Endings();
    PauseInsidePhrase();
    Stress();
    Fillers();
    return std::move(notes_);
  }

 private:
  std::size_t LastContentWord(std::size_t first, std::size_t last) const {
    for (std::size_t i = last + 1; i-- > first;) {
      if (i < report_.words.size() && report_.words[i].expected) return i;
    }
    return last;
  }

  // The text of the sentence that ends with word `last`.
  std::string SentenceUpTo(std::size_t last) const {
    const auto ends = [](const std::string& word) {
      return !word.empty() && std::string_view(".?!").find(word.back()) != std::string_view::npos;
    };
    std::size_t first = last;
    while (first > 0 && !ends(words_[first - 1].text)) --first;
    std::string sentence;
    for (std::size_t i = first; i <= last; ++i) sentence += (i == first ? "" : " ") + words_[i].text;
    return sentence;
  }

  void Endings() {
    for (const model::Phrase& phrase : report_.melody.phrases) {
      if (!phrase.first_word || !phrase.last_word || *phrase.last_word >= words_.size() || !phrase.final_movement_st) continue;
      const double movement = *phrase.final_movement_st;
      const std::string word = Bare(words_[LastContentWord(*phrase.first_word, *phrase.last_word)].text);
      if (word.empty()) continue;
      switch (TypeOfLastSentence(SentenceUpTo(*phrase.last_word))) {
        case SentenceType::kYesNoQuestion:
          if (movement <= -kPlainMovement_st) {
            notes_.push_back(vi_ ? fmt::format("Giọng bạn đi xuống ở cuối câu hỏi; hãy lên giọng ở từ “{}”.", word)
                                 : fmt::format("Your voice falls at the end of the question; let it rise on “{}”.", word));
          }
          break;
        case SentenceType::kWhQuestion:
          if (movement >= kPlainRise_st) {
            notes_.push_back(
                vi_ ? fmt::format("Câu hỏi có từ để hỏi thường xuống giọng ở cuối; hãy hạ giọng ở từ “{}”.", word)
                    : fmt::format("A question with a question word usually ends low; let your voice fall on “{}”.", word));
          }
          break;
        case SentenceType::kStatement:
          if (movement >= kPlainRise_st) {
            notes_.push_back(
                vi_ ? fmt::format("Giọng bạn đi lên ở cuối câu kể, nghe như đang hỏi; hãy hạ giọng ở từ “{}”.", word)
                    : fmt::format("Your voice rises at the end of the statement, like a question; let it fall on “{}”.", word));
          }
          break;
        case SentenceType::kOther:
          break;
      }
    }
  }

  // The longest one.
  void PauseInsidePhrase() {
    const model::Pause* longest = nullptr;
    for (const model::Pause& pause : report_.pauses.positions) {
      const bool inside = pause.place == model::PausePlace::kWithinPhrase && pause.end_s - pause.start_s >= kNoticedPause_s;
      if (inside && (longest == nullptr || pause.end_s - pause.start_s > longest->end_s - longest->start_s)) longest = &pause;
    }
    if (longest == nullptr) return;
    const double middle_s = (longest->start_s + longest->end_s) / 2.0;
    const auto after =
        std::ranges::find_if(words_, [&](const model::Word& word) { return (word.start_s + word.end_s) / 2.0 > middle_s; });
    if (after == words_.begin() || after == words_.end()) return;
    const std::string left = Bare((after - 1)->text);
    const std::string right = Bare(after->text);
    if (left.empty() || right.empty()) return;
    notes_.push_back(
        vi_ ? fmt::format("Bạn ngừng giữa “{}” và “{}”; hai từ này đi liền nhau, hãy đọc liền một hơi.", left, right)
            : fmt::format("You paused between “{}” and “{}”; they belong together, so say them in one breath.", left, right));
  }

  // A stressed function word beside an unstressed content word: one of each, the plainest.
  void Stress() {
    std::optional<std::size_t> weak;
    std::optional<std::size_t> strong;
    for (std::size_t i = 0; i < std::min(words_.size(), report_.words.size()); ++i) {
      const model::WordProsody& word = report_.words[i];
      if (word.expected && Bare(words_[i].text).size() > 3 && word.prominence < -0.5 &&
          (!weak || word.prominence < report_.words[*weak].prominence)) {
        weak = i;
      }
      if (!word.expected && word.prominence > 1.0 && (!strong || word.prominence > report_.words[*strong].prominence)) strong = i;
    }
    if (!weak || !strong) return;
    const std::string lift = Bare(words_[*weak].text);
    const std::string ease = Bare(words_[*strong].text);
    if (lift.empty() || ease.empty()) return;
    notes_.push_back(vi_ ? fmt::format("Hãy nhấn vào “{}” (đọc cao hơn, dài hơn một chút) và đọc lướt “{}”.", lift, ease)
                         : fmt::format("Stress “{}” (a little higher and longer) and say “{}” lightly.", lift, ease));
  }

  void Fillers() {
    const std::size_t count = report_.rhythm.filled_pauses.size();
    if (count < 2) return;
    notes_.push_back(vi_ ? fmt::format("Bạn ậm ừ {} lần; thay vì “um”, hãy im lặng một nhịp rồi nói tiếp.", count)
                         : fmt::format("You said “um” {} times; keep silent for a beat instead, then go on.", count));
  }

  const model::ProsodyReport& report_;
  const std::vector<model::Word>& words_;
  const bool vi_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> ProsodyNotes(const model::ProsodyReport& report, const model::Transcript& transcript,
                                      model::Locale locale, std::size_t most) {
  std::vector<std::string> notes = NoteWriter(report, transcript, locale).Write();
  if (notes.size() > most) notes.resize(most);
  return notes;
}

}  // namespace speechcoach::scoring
