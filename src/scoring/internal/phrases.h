// Everything the coach can say, by what it is about. The texts are tables (phrases_vi.cpp, phrases_en.cpp); what is true of a
// recording, and so may be said, is decided in findings.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/session.h"

namespace speechcoach::scoring {

enum class Topic {
  // How the talk opens, by the overall score.
  kOpenHigh,
  kOpenGood,
  kOpenFair,
  kOpenLow,
  // What went well.
  kEveryWordRead,
  kMostWordsRead,
  kClearPronunciation,
  kFluent,
  kNoLongPauses,
  kGoodPace,
  kLivelyMelody,
  kConfident,
  kYesNoRises,
  kWhFalls,
  kSpokeUp,
  kShowedUp,
  // What to work on.
  kNothingHeard,
  kOtherSentence,
  kNoWordMatches,
  kMissedWord,
  kMissedWords,
  kReplacedWord,
  kExtraWords,
  kUnclearWord,
  kLongPauses,
  kLongPauseAfter,
  kOneLongPause,
  kSlow,
  kFast,
  kFlatMelody,
  kYesNoFalls,
  kWhRises,
  kStatementRises,
  kHesitant,
  kQuiet,
  kLittleStress,
  kShortAnswer,
  kWeakPronunciation,
  kWeakFluency,
  kWeakProsody,
  kNextChallenge,
  // What a spelling suggests about a word that did not come across.
  kTipFinalS,
  kTipEd,
  kTipTh,
  kTipSh,
  kTipFinalCluster,
  kTipFinalConsonant,
  // What could not be measured.
  kWordsUnknown,
  kMelodyUnknown,
  // Notes on the melody.
  kNoteFlat,
  kNoteModerate,
  kNoteLively,
  kNotePauses,
  kNoteOnePause,
  kNoteNoPauses,
  kNotePace,
  kNoteEndRises,
  kNoteEndFalls,
  kNoteSilent,
  // How the talk ends.
  kCloseSentence,
  kCloseConversation,
  kCloseSentenceHigh,
  kCloseConversationHigh,
  kCloseTryAgain,
  // What comes first when the AI system is busy.
  kDegraded,
};

// kSaid: a whole sentence of the talk. kListed: an item of a list, without a full stop.
enum class Role { kSaid, kListed };

struct PhraseRow {
  Topic topic;
  Role role;
  std::array<std::string_view, 4> texts;  // unused ones are empty; {name} stands for a value
};

std::span<const PhraseRow> VietnamesePhrases();
std::span<const PhraseRow> EnglishPhrases();

using PhraseValues = std::vector<std::pair<std::string_view, std::string>>;

// One of the texts, chosen by `seed` alone, with its values filled in. Empty where the table has no such row.
std::string Phrase(model::Locale locale, Topic topic, Role role, std::uint64_t seed, const PhraseValues& values = {});

}  // namespace speechcoach::scoring
