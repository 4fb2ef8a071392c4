#include "scoring/internal/findings.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "scoring/internal/final_pitch.h"
#include "scoring/internal/history_findings.h"
#include "scoring/internal/prosody_findings.h"
#include "scoring/internal/sound_findings.h"
#include "scoring/internal/sound_tips.h"
#include "scoring/internal/spoken_words.h"
#include "scoring/text_alignment.h"

namespace speechcoach::scoring {
namespace {

constexpr double kWeakBelow = 6.0;           // a score worth advice even where nothing else explains it
constexpr double kUnclearBelow = 0.5;        // word confidence
constexpr double kGuessworkBelow = 0.35;     // confidence of a whole transcript
constexpr double kOtherSentenceBelow = 0.4;  // share of the words that match
constexpr double kSlowBelowWpm = 85.0;
constexpr double kGoodPaceFromWpm = 95.0;
constexpr double kBeginnersPaceWpm = 20.0;  // so much slower is as good for A1 and A2
constexpr double kGoodPaceToWpm = 170.0;
constexpr double kFastAboveWpm = 200.0;
constexpr double kFastAboveSyllables = 5.8;      // a second, without pauses: short words alone make many words a minute
constexpr double kQuietBelow = 0.3;              // -42 dBFS
constexpr double kLittleStressBelow = 0.12;      // 7 dB between loud and soft
constexpr double kEndMovesSemitones = 2.0;       // less is not heard as a rise or a fall
constexpr double kStatementRiseSemitones = 3.5;  // rises inside a list or before more to come are natural
constexpr double kConfusedFrom = 0.3;            // likeness of the letters
constexpr int kShortAnswerWords = 5;
constexpr std::size_t kListedWords = 4;
constexpr std::size_t kShortestUnclear = 4;  // letters: a, the, of and their like are said lightly by everybody

std::string Whole(double value) { return std::to_string(static_cast<long>(std::lround(value))); }

std::string Quoted(const std::vector<std::string>& words) {
  std::string list;
  for (std::size_t i = 0; i < std::min(words.size(), kListedWords); ++i) list += (i == 0 ? "“" : ", “") + words[i] + "”";
  return words.size() > kListedWords ? list + "…" : list;
}

// A recogniser begins sentences where it likes: “Open” in the place of “opened” is “open”.
std::string AsIn(const std::string& expected, std::string heard) {
  const auto is_capital = [](const std::string& word) { return !word.empty() && word[0] >= 'A' && word[0] <= 'Z'; };
  const bool is_i = heard == "I" || heard.starts_with("I'");
  if (is_capital(heard) && !is_capital(expected) && !is_i) heard[0] = static_cast<char>(heard[0] - 'A' + 'a');
  return heard;
}

class RemarkFinder {
 public:
  RemarkFinder(const Evidence& evidence, const ScoreReport& report, const SpeechMeasures& speech)
      : evidence_(evidence), report_(report), scores_(report.scores), speech_(speech) {
    if (evidence_.transcript) {
      for (const model::Word& word : evidence_.transcript->words) heard_.push_back(word.text);
    }
    reading_ = IsReading(evidence_);
    if (reading_) comparison_ = CompareReading(evidence_.reference_text, heard_);
  }

  Findings Find() {
    if (!speech_.spoke()) {
      Praise(Topic::kShowedUp, 0.0);
      Advise(Topic::kNothingHeard, 0.0);
      Note(Topic::kNoteSilent);
      return std::move(findings_);
    }
    FindUnknowns();
    FindWords();
    FindFlow();
    FindVoice();
    FindEnding();
    FindProgress(evidence_, report_, findings_);
    AddNotes();
    if (findings_.praises.empty()) Praise(Topic::kSpokeUp, 0.0);
    if (findings_.advice.empty()) AdviseOnWeakest();
    std::ranges::stable_sort(findings_.praises, std::greater{}, &Remark::weight);
    std::ranges::stable_sort(findings_.advice, std::greater{}, &Remark::weight);
    return std::move(findings_);
  }

 private:
  void Praise(Topic topic, double weight, PhraseValues values = {}) {
    findings_.praises.push_back({topic, weight, std::move(values)});
  }
  void Advise(Topic topic, double weight, PhraseValues values = {}) {
    findings_.advice.push_back({topic, weight, std::move(values)});
  }
  void AdviseWord(Topic topic, double weight, const std::string& word, const std::string& heard = {}) {
    // What was judged by ear needs no guess from the spelling.
    const auto tip = IsSoundFound(evidence_.sounds, word) ? std::nullopt : SoundTip(word, heard);
    findings_.advice.push_back({topic, weight, {{"w", word}, {"h", heard}}, tip});
  }
  void Note(Topic topic, PhraseValues values = {}) { findings_.notes.push_back({topic, 0.0, std::move(values)}); }
  std::string Decimal(double value) const { return OneDecimal(value, evidence_.locale); }
  PhraseValues Score(double score) const { return {{"score", Decimal(score)}}; }

  void FindUnknowns() {
    if (!evidence_.transcript) findings_.unknowns.push_back({Topic::kWordsUnknown, 0.0, Score(scores_.pronunciation)});
    if (!speech_.pitch_sd_semitones) findings_.unknowns.push_back({Topic::kMelodyUnknown});
  }

  void FindWords() {
    if (!evidence_.transcript) return;
    if (scores_.pronunciation >= kPraiseFrom) {
      Praise(Topic::kClearPronunciation, 10.0 * scores_.pronunciation, Score(scores_.pronunciation));
    }
    const std::size_t advice_before = findings_.advice.size();
    // Noise, or another language: which of the words was wrong, nobody can say.
    const bool is_guesswork = !reading_ && evidence_.transcript->confidence < kGuessworkBelow;
    if (!is_guesswork && (!reading_ || FindMiscues())) {
      for (Remark& remark : FindSounds(evidence_.sounds, evidence_.locale)) findings_.advice.push_back(std::move(remark));
      FindUnclearWord();
    }
    if (scores_.pronunciation < kWeakBelow && findings_.advice.size() == advice_before) {
      Advise(Topic::kWeakPronunciation, 50.0, Score(scores_.pronunciation));
    }
    if (!reading_ && speech_.words <= kShortAnswerWords)
      Advise(Topic::kShortAnswer, 38.0, {{"n", std::to_string(speech_.words)}});
  }

  // False where hardly a word matches: then single words say nothing.
  bool FindMiscues() {
    const std::size_t all = comparison_.reference_words;
    const std::size_t read = comparison_.words_read;
    const double share = all > 0 ? static_cast<double>(read) / static_cast<double>(all) : 0.0;
    const PhraseValues counts{{"n", std::to_string(read)}, {"m", std::to_string(all)}};
    // What the recogniser made of a heavy accent is no other sentence where the sounds are those of the text.
    const bool sounds_so = evidence_.pronunciation && evidence_.pronunciation->text_match >= model::kLeastTextMatch;
    if (all >= 3 && share < kOtherSentenceBelow && !sounds_so) {
      words_are_doubtful_ = true;
      Advise(read > 0 ? Topic::kOtherSentence : Topic::kNoWordMatches, 100.0, counts);
      return false;
    }
    if (all >= 3 && report_.miscues.empty() && scores_.pronunciation >= 6.5) {
      Praise(Topic::kEveryWordRead, 74.0, {{"n", std::to_string(all)}});
    } else if (read < all && share >= 0.7 && scores_.pronunciation >= kWeakBelow) {
      Praise(Topic::kMostWordsRead, 55.0, counts);
    }

    std::vector<std::string> missed;
    std::vector<std::string> added;
    std::vector<std::string> repeated;
    std::vector<const model::Miscue*> replaced;
    for (const model::Miscue& miscue : report_.miscues) {
      if (miscue.kind == model::MiscueKind::kOmitted) missed.push_back(miscue.expected);
      if (miscue.kind == model::MiscueKind::kInserted) added.push_back(miscue.heard);
      if (miscue.kind == model::MiscueKind::kRepeated) repeated.push_back(miscue.expected);
      if (miscue.kind == model::MiscueKind::kReplaced) replaced.push_back(&miscue);
    }
    // Long words carry the meaning: the first two of them are enough to work on.
    std::ranges::stable_sort(replaced, std::greater{}, [](const model::Miscue* miscue) { return miscue->expected.size(); });
    for (std::size_t i = 0; i < std::min<std::size_t>(replaced.size(), 2); ++i) {
      const model::Miscue& miscue = *replaced[i];
      // Words that have little in common were not confused by ear: the recogniser lost its way, and comparing them teaches nothing.
      const bool confused = LetterSimilarity(miscue.expected, miscue.heard) >= kConfusedFrom;
      AdviseWord(Topic::kReplacedWord, (confused ? 60.0 : 33.0) - 12.0 * static_cast<double>(i), miscue.expected,
                 AsIn(miscue.expected, miscue.heard));
    }
    if (missed.size() == 1) AdviseWord(Topic::kMissedWord, 58.0, missed.front());
    if (missed.size() > 1) {
      Advise(Topic::kMissedWords, 62.0, {{"n", std::to_string(missed.size())}, {"list", Quoted(missed)}});
    }
    if (!added.empty()) Advise(Topic::kExtraWords, 32.0, {{"list", Quoted(added)}});
    if (!repeated.empty()) Advise(Topic::kRepeatedWords, 31.5, {{"list", Quoted(repeated)}});
    return true;
  }

  // Nothing in particular went wrong: what is not yet praised can still grow.
  void AdviseOnWeakest() {
    std::vector<std::pair<double, Topic>> areas{{scores_.fluency, Topic::kWeakFluency}};
    if (evidence_.transcript) areas.emplace_back(scores_.pronunciation, Topic::kWeakPronunciation);
    if (speech_.pitch_sd_semitones) areas.emplace_back(scores_.prosody, Topic::kWeakProsody);
    const auto [score, topic] = *std::ranges::min_element(areas);
    if (score < kPraiseFrom) {
      Advise(topic, 0.0, Score(score));
    } else {
      Advise(Topic::kNextChallenge, 0.0);
    }
  }

  // The longest word that the recogniser was unsure of; in sentence practice only where it is the right word.
  void FindUnclearWord() {
    const std::vector<model::Word>& words = evidence_.transcript->words;
    const std::vector<bool> candidate = WordsToName(evidence_);
    const std::vector<std::string> plain = ToSpoken(heard_).words;
    const std::string* unclear = nullptr;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!candidate[i] || !(words[i].confidence < kUnclearBelow) || plain[i].size() < kShortestUnclear) continue;
      if (IsSoundFound(evidence_.sounds, plain[i])) continue;
      if (unclear == nullptr || plain[i].size() > unclear->size()) unclear = &plain[i];
    }
    if (unclear != nullptr) AdviseWord(Topic::kUnclearWord, 42.0, *unclear);
  }

  void FindFlow() {
    const bool enough = speech_.syllables >= 5.0;
    if (scores_.fluency >= kPraiseFrom && speech_.long_pauses == 0) {
      Praise(Topic::kFluent, 9.5 * scores_.fluency, Score(scores_.fluency));
    } else if (scores_.fluency >= 6.0 && speech_.long_pauses == 0 && enough) {
      Praise(Topic::kNoLongPauses, 52.0);
    }
    const std::size_t advice_before = findings_.advice.size();
    FindLongPauses();
    if (speech_.words_per_minute && speech_.words >= 4 && !words_are_doubtful_) {
      const PhraseValues pace{{"n", Whole(*speech_.words_per_minute)}};
      const double leeway = AudienceOf(evidence_.level) == Audience::kBasic ? kBeginnersPaceWpm : 0.0;
      if (*speech_.words_per_minute < kSlowBelowWpm - leeway && scores_.fluency < kPraiseFrom) Advise(Topic::kSlow, 40.0, pace);
      if (*speech_.words_per_minute > kFastAboveWpm && speech_.articulation_rate > kFastAboveSyllables) {
        Advise(Topic::kFast, 45.0, pace);
      }
      const bool comfortable =
          *speech_.words_per_minute >= kGoodPaceFromWpm - leeway && *speech_.words_per_minute <= kGoodPaceToWpm;
      if (comfortable && scores_.fluency >= 6.0) Praise(Topic::kGoodPace, 50.0, pace);
    }
    if (scores_.fluency < kWeakBelow && findings_.advice.size() == advice_before) {
      Advise(Topic::kWeakFluency, 36.0, Score(scores_.fluency));
    }
  }

  void FindLongPauses() {
    if (speech_.long_pauses == 0) return;
    const std::string longest = Decimal(speech_.longest_pause_s);
    const double weight = std::min(34.0 + 8.0 * speech_.long_pauses + 6.0 * speech_.longest_pause_s, 70.0);
    if (speech_.long_pauses > 1) {
      Advise(Topic::kLongPauses, weight, {{"n", std::to_string(speech_.long_pauses)}, {"s", longest}});
    } else if (const std::string word = WordBeforeLongestPause(); !word.empty()) {
      Advise(Topic::kLongPauseAfter, weight, {{"w", word}, {"s", longest}});
    } else {
      Advise(Topic::kOneLongPause, weight, {{"s", longest}});
    }
  }

  std::string WordBeforeLongestPause() const {
    const auto length = [](const model::Pause& pause) { return pause.end_s - pause.start_s; };
    const auto longest = std::ranges::max_element(speech_.pauses, {}, length);
    if (!evidence_.transcript || longest == speech_.pauses.end()) return {};
    const double middle_s = 0.5 * (longest->start_s + longest->end_s);
    const std::vector<std::string> plain = ToSpoken(heard_).words;
    const std::vector<bool> may_be_named = WordsToName(evidence_);
    std::string before;
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const model::Word& word = evidence_.transcript->words[i];
      // A word that reaches over the pause was timed too roughly to say where the pause is.
      if (word.start_s < middle_s && word.end_s > middle_s) return {};
      if (word.end_s <= middle_s) before = may_be_named[i] ? plain[i] : std::string();
    }
    return before;
  }

  void FindVoice() {
    const bool flat = speech_.pitch_sd_semitones && *speech_.pitch_sd_semitones < kFlatBelowSemitones;
    const bool lively = speech_.pitch_sd_semitones && *speech_.pitch_sd_semitones >= kLivelyFromSemitones;
    if (scores_.prosody >= kPraiseFrom && lively) Praise(Topic::kLivelyMelody, 9.0 * scores_.prosody, Score(scores_.prosody));
    if (scores_.confidence >= kPraiseFrom) Praise(Topic::kConfident, 8.0 * scores_.confidence, Score(scores_.confidence));
    if (flat && scores_.prosody < kPraiseFrom) {
      Advise(Topic::kFlatMelody, 44.0);
    } else if (speech_.pitch_sd_semitones && scores_.prosody < kWeakBelow) {
      Advise(Topic::kWeakProsody, 30.0, Score(scores_.prosody));
    }
    if (scores_.confidence < kHesitantBelow) Advise(Topic::kHesitant, 35.0, Score(scores_.confidence));
    if (speech_.level < kQuietBelow) Advise(Topic::kQuiet, 43.0);
    if (speech_.dynamic_range < kLittleStressBelow) Advise(Topic::kLittleStress, 20.0);
  }

  void FindEnding() {
    ending_ = FinalPitchMovement(evidence_.prosody);
    if (!ending_ || evidence_.prosody.minimal) return;
    // A recogniser's full stops say little about what was meant; the reference says what was to be read.
    const std::string& text = reading_ ? evidence_.reference_text : evidence_.transcript ? evidence_.transcript->text : "";
    const bool rises = *ending_ >= kEndMovesSemitones;
    const bool falls = *ending_ <= -kEndMovesSemitones;
    switch (TypeOfLastSentence(text)) {
      case SentenceType::kYesNoQuestion:
        if (rises) Praise(Topic::kYesNoRises, 65.0);
        if (falls) Advise(Topic::kYesNoFalls, 56.0);
        break;
      case SentenceType::kWhQuestion:
        if (falls) Praise(Topic::kWhFalls, 53.0);
        if (rises) Advise(Topic::kWhRises, 33.0);
        break;
      case SentenceType::kStatement:
        if (reading_ && *ending_ >= kStatementRiseSemitones) Advise(Topic::kStatementRises, 31.0);
        break;
      case SentenceType::kOther:
        break;
    }
  }

  void AddNotes() {
    FindProsodyNotes(evidence_, findings_);
    const bool on_ending = std::ranges::any_of(findings_.notes, [](const Remark& note) {
      return note.topic == Topic::kNoteLiftInQuestion || note.topic == Topic::kNoteLowerInWhQuestion ||
             note.topic == Topic::kNoteLowerInStatement;
    });
    if (speech_.pitch_sd_semitones) {
      const double spread = *speech_.pitch_sd_semitones;
      const Topic topic = spread < kFlatBelowSemitones    ? Topic::kNoteFlat
                          : spread < kLivelyFromSemitones ? Topic::kNoteModerate
                                                          : Topic::kNoteLively;
      Note(topic, {{"x", Decimal(spread)}});
    } else {
      Note(Topic::kMelodyUnknown);
    }
    if (!on_ending && ending_ && *ending_ >= kEndMovesSemitones) Note(Topic::kNoteEndRises);
    if (!on_ending && ending_ && *ending_ <= -kEndMovesSemitones) Note(Topic::kNoteEndFalls);
    if (speech_.pauses.empty()) {
      Note(Topic::kNoteNoPauses);
    } else if (speech_.pauses.size() == 1) {
      Note(Topic::kNoteOnePause, {{"s", Decimal(speech_.pause_total_s)}});
    } else {
      const auto count = static_cast<double>(speech_.pauses.size());
      Note(Topic::kNotePauses, {{"n", Whole(count)}, {"s", Decimal(speech_.pause_total_s / count)}});
    }
    if (speech_.words_per_minute && !words_are_doubtful_) Note(Topic::kNotePace, {{"n", Whole(*speech_.words_per_minute)}});
  }

  const Evidence& evidence_;
  const ScoreReport& report_;
  const model::Scores& scores_;
  const SpeechMeasures& speech_;
  std::vector<std::string> heard_;
  bool reading_ = false;
  bool words_are_doubtful_ = false;  // hardly one of them is the sentence's: how many there were says nothing of the pace
  ReadingComparison comparison_;
  std::optional<double> ending_;
  Findings findings_;
};

}  // namespace

Findings FindRemarks(const Evidence& evidence, const ScoreReport& report, const SpeechMeasures& speech) {
  return RemarkFinder(evidence, report, speech).Find();
}

}  // namespace speechcoach::scoring
