// Everything the coach can say, by what it is about. The wording is data (data/feedback/phrases.*.json); what is true of a
// recording, and so may be said, is decided by the findings.
#pragma once

#include <string_view>

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
  kImproved,
  kBestYet,
  kWordMastered,
  kSpokeUp,
  kShowedUp,
  // What to work on.
  kNothingHeard,
  kOtherSentence,
  kNoWordMatches,
  kMissedWord,
  kMissedWords,
  kReplacedWord,
  kWordAgain,
  kExtraWords,
  kRepeatedWords,
  kUnclearWord,
  kSoundReplaced,
  kSoundDeletedFinal,
  kSoundDeleted,
  kSoundAdded,
  kSoundUnclear,
  kSoundOften,
  kSoundTip,
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
  kNoteLiftInQuestion,
  kNoteLowerInWhQuestion,
  kNoteLowerInStatement,
  kNoteJoin,
  kNoteStress,
  kNoteFillers,
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

inline constexpr int kTopicCount = static_cast<int>(Topic::kDegraded) + 1;

// kSaid: a whole sentence of the talk. kListed: an item of a list, without a full stop.
enum class Role { kSaid, kListed };

// As the data files write them: "open_high", "said".
std::string_view Name(Topic topic);
std::string_view Name(Role role);

}  // namespace speechcoach::scoring
