#include "scoring/internal/prosody_findings.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scoring/internal/final_pitch.h"
#include "scoring/internal/speech_measures.h"
#include "scoring/internal/spoken_words.h"

namespace speechcoach::scoring {
namespace {

constexpr std::size_t kMost = 3;
// The weakest movements that are worth a remark; the report calls less a rise or a fall already.
constexpr double kPlainFall_st = 2.0;
constexpr double kPlainRise_st = 3.0;
constexpr double kNoticedPause_s = 0.4;
constexpr std::size_t kShortestStressed = 4;  // letters
constexpr std::size_t kFewestFillers = 2;

bool EndsSentence(std::string_view word) {
  return !word.empty() && std::string_view(".?!").find(word.back()) != std::string_view::npos;
}

class NoteFinder {
 public:
  explicit NoteFinder(const Evidence& evidence)
      : evidence_(evidence), report_(evidence.prosody), words_(evidence.transcript->words), reading_(IsReading(evidence)) {
    std::vector<std::string> written;
    for (const model::Word& word : words_) written.push_back(word.text);
    plain_ = ToSpoken(written).words;
    const std::vector<bool> may_be_named = WordsToName(evidence);
    for (std::size_t i = 0; i < plain_.size(); ++i) {
      if (!may_be_named[i]) plain_[i].clear();
    }
  }

  std::vector<Remark> Find() {
    FindEndings();
    FindPause();
    FindStress();
    const std::size_t fillers = report_.rhythm.filled_pauses.size();
    if (fillers >= kFewestFillers) notes_.push_back({Topic::kNoteFillers, 0.0, {{"n", std::to_string(fillers)}}});
    if (notes_.size() > kMost) notes_.resize(kMost);
    return std::move(notes_);
  }

 private:
  void Add(Topic topic, std::size_t word, std::optional<std::size_t> other = std::nullopt) {
    if (plain_[word].empty() || (other && plain_[*other].empty())) return;
    Remark note{topic, 0.0, {{"w", plain_[word]}}};
    if (other) note.values.emplace_back("v", plain_[*other]);
    notes_.push_back(std::move(note));
  }

  bool IsContentWord(std::size_t word) const { return word < report_.words.size() && report_.words[word].expected; }

  std::size_t LastContentWord(std::size_t first, std::size_t last) const {
    for (std::size_t i = last + 1; i-- > first;) {
      if (IsContentWord(i)) return i;
    }
    return last;
  }

  // What was to be read says how it should end; else the recogniser's sign does, which tells a question well and a statement
  // badly.
  SentenceType TypeEndingWith(std::size_t last) const {
    if (reading_) return last + 1 == words_.size() ? TypeOfLastSentence(evidence_.reference_text) : SentenceType::kOther;
    std::size_t first = last;
    while (first > 0 && !EndsSentence(words_[first - 1].text)) --first;
    std::string sentence;
    for (std::size_t i = first; i <= last; ++i) sentence += (i == first ? "" : " ") + words_[i].text;
    const SentenceType type = TypeOfLastSentence(sentence);
    return type == SentenceType::kStatement ? SentenceType::kOther : type;
  }

  void FindEndings() {
    for (const model::Phrase& phrase : report_.melody.phrases) {
      if (!phrase.first_word || !phrase.last_word || *phrase.last_word >= words_.size() || !phrase.final_movement_st) continue;
      const std::size_t word = LastContentWord(*phrase.first_word, *phrase.last_word);
      const double movement_st = *phrase.final_movement_st;
      switch (TypeEndingWith(*phrase.last_word)) {
        case SentenceType::kYesNoQuestion:
          if (movement_st <= -kPlainFall_st) Add(Topic::kNoteLiftInQuestion, word);
          break;
        case SentenceType::kWhQuestion:
          if (movement_st >= kPlainRise_st) Add(Topic::kNoteLowerInWhQuestion, word);
          break;
        case SentenceType::kStatement:
          if (movement_st >= kPlainRise_st) Add(Topic::kNoteLowerInStatement, word);
          break;
        case SentenceType::kOther:
          break;
      }
    }
  }

  // The longest one between a function word and the content word that it leans on: only there two words are sure to belong
  // together.
  void FindPause() {
    double longest_s = kNoticedPause_s;
    std::optional<std::size_t> after;
    for (const model::Pause& pause : report_.pauses.positions) {
      if (pause.place != model::PausePlace::kWithinPhrase || pause.end_s - pause.start_s < longest_s) continue;
      const double middle_s = (pause.start_s + pause.end_s) / 2.0;
      const auto next =
          std::ranges::find_if(words_, [&](const model::Word& word) { return (word.start_s + word.end_s) / 2.0 > middle_s; });
      const auto i = static_cast<std::size_t>(next - words_.begin());
      if (i == 0 || i >= std::min(words_.size(), report_.words.size()) || report_.words[i - 1].expected ||
          !report_.words[i].expected)
        continue;
      longest_s = pause.end_s - pause.start_s;
      after = i;
    }
    if (after) Add(Topic::kNoteJoin, *after - 1, *after);
  }

  // A function word that stands out and a content word that does not: one of each, the plainest.
  void FindStress() {
    std::optional<std::size_t> weak;
    std::optional<std::size_t> strong;
    const auto lower = [&](std::size_t one, const std::optional<std::size_t>& other) {
      return !other || report_.words[one].prominence < report_.words[*other].prominence;
    };
    for (std::size_t i = 0; i < std::min(words_.size(), report_.words.size()); ++i) {
      const model::WordProsody& word = report_.words[i];
      if (word.expected && plain_[i].size() >= kShortestStressed && word.prominence < -0.5 && lower(i, weak)) weak = i;
      if (!word.expected && word.prominence > 1.0 && (!strong || !lower(i, strong))) strong = i;
    }
    if (weak && strong) Add(Topic::kNoteStress, *weak, *strong);
  }

  const Evidence& evidence_;
  const model::ProsodyReport& report_;
  const std::vector<model::Word>& words_;
  const bool reading_;
  std::vector<std::string> plain_;  // empty where the word is not named
  std::vector<Remark> notes_;
};

}  // namespace

void FindProsodyNotes(const Evidence& evidence, Findings& findings) {
  if (!evidence.transcript || evidence.transcript->words.empty() || evidence.prosody.minimal) return;
  for (Remark& note : NoteFinder(evidence).Find()) findings.notes.push_back(std::move(note));
}

}  // namespace speechcoach::scoring
