#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scoring/feedback_writer.h"
#include "scoring/internal/prosody_findings.h"
#include "scoring/test_evidence.h"

namespace speechcoach::scoring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The words half a second apart, none standing out, on a voice of which nothing else is worth a note.
Evidence Saying(const std::vector<std::pair<std::string, bool>>& words) {
  Evidence evidence;
  evidence.transcript.emplace();
  for (const auto& [text, is_content] : words) {
    const double start_s = 0.5 * static_cast<double>(evidence.transcript->words.size());
    evidence.transcript->text += (start_s > 0.0 ? " " : "") + text;
    evidence.transcript->words.push_back({text, start_s, start_s + 0.45, 0.9});
    evidence.prosody.words.push_back({0.0, false, is_content});
  }
  evidence.prosody.speech_end_s = 0.5 * static_cast<double>(words.size());
  model::Phrase phrase;
  phrase.first_word = 0;
  phrase.last_word = words.size() - 1;
  evidence.prosody.melody.phrases = {phrase};
  return evidence;
}

Evidence Ending(Evidence evidence, double movement_st) {
  evidence.prosody.melody.phrases[0].final_movement_st = movement_st;
  return evidence;
}

std::vector<std::pair<Topic, PhraseValues>> NotesOn(const Evidence& evidence) {
  Findings findings;
  FindProsodyNotes(evidence, findings);
  std::vector<std::pair<Topic, PhraseValues>> notes;
  for (const Remark& note : findings.notes) notes.emplace_back(note.topic, note.values);
  return notes;
}

std::pair<Topic, PhraseValues> About(Topic topic, PhraseValues values) { return {topic, std::move(values)}; }

TEST(ProsodyNotes, SayWhichWordToLiftInAQuestion) {
  const Evidence question = Saying({{"Are", false}, {"you", false}, {"free", true}, {"today?", true}});
  EXPECT_THAT(NotesOn(Ending(question, -4.0)), ElementsAre(About(Topic::kNoteLiftInQuestion, {{"w", "today"}})));
  EXPECT_THAT(NotesOn(Ending(question, 4.0)), IsEmpty());
}

TEST(ProsodyNotes, SayWhichWordToLower) {
  const Evidence question = Saying({{"Where", false}, {"are", false}, {"you", false}, {"going?", true}});
  EXPECT_THAT(NotesOn(Ending(question, 4.0)), ElementsAre(About(Topic::kNoteLowerInWhQuestion, {{"w", "going"}})));

  Evidence statement = Saying({{"I", false}, {"am", false}, {"free", true}, {"today.", true}});
  EXPECT_THAT(NotesOn(Ending(statement, 4.0)), IsEmpty()) << "the recogniser's full stop says little";
  statement.mode = model::Mode::kSentencePractice;
  statement.reference_text = "I am free today.";
  EXPECT_THAT(NotesOn(Ending(statement, 4.0)), ElementsAre(About(Topic::kNoteLowerInStatement, {{"w", "today"}})));
  EXPECT_THAT(NotesOn(Ending(statement, -4.0)), IsEmpty());
}

TEST(ProsodyNotes, NameTheWordsRoundAPauseThatPartsThem) {
  Evidence evidence = Saying({{"in", false}, {"the", false}, {"market", true}, {"children", true}, {"played", true}});
  evidence.prosody.pauses.positions = {{0.9, 1.35, model::PausePlace::kWithinPhrase}};
  EXPECT_THAT(NotesOn(evidence), ElementsAre(About(Topic::kNoteJoin, {{"w", "the"}, {"v", "market"}})));
  evidence.prosody.pauses.positions[0].place = model::PausePlace::kBoundary;
  EXPECT_THAT(NotesOn(evidence), IsEmpty());
  evidence.prosody.pauses.positions = {{1.9, 2.35, model::PausePlace::kWithinPhrase}};
  EXPECT_THAT(NotesOn(evidence), IsEmpty()) << "between subject and verb a breath is nobody's fault";
}

TEST(ProsodyNotes, ReachForNoWordBeyondTheLast) {
  Evidence evidence = Saying({{"go", true}, {"to", false}});
  evidence.prosody.words.push_back({0.0, false, true});
  evidence.prosody.pauses.positions = {{1.0, 1.6, model::PausePlace::kWithinPhrase}};
  EXPECT_THAT(NotesOn(evidence), IsEmpty());
}

TEST(ProsodyNotes, NameNoWordThatWasNotToBeRead) {
  Evidence evidence = Saying({{"in", false}, {"the", false}, {"marked", true}, {"children", true}, {"played.", true}});
  evidence.prosody.pauses.positions = {{0.9, 1.35, model::PausePlace::kWithinPhrase}};
  evidence.mode = model::Mode::kSentencePractice;
  evidence.reference_text = "In the market children play.";
  EXPECT_THAT(NotesOn(Ending(evidence, 4.0)), IsEmpty());
  evidence.reference_text = "In the marked children played.";
  EXPECT_THAT(NotesOn(Ending(evidence, 4.0)), ElementsAre(About(Topic::kNoteLowerInStatement, {{"w", "played"}}),
                                                          About(Topic::kNoteJoin, {{"w", "the"}, {"v", "marked"}})));
}

TEST(ProsodyNotes, SayWhatToStressAndWhatToSayLightly) {
  Evidence evidence = Saying({{"go", false}, {"to", false}, {"market", true}, {"today", true}});
  evidence.prosody.words[1].prominence = 1.6;
  evidence.prosody.words[2].prominence = -1.1;
  EXPECT_THAT(NotesOn(evidence), ElementsAre(About(Topic::kNoteStress, {{"w", "market"}, {"v", "to"}})));
}

TEST(ProsodyNotes, CountFillersAndNeedWords) {
  Evidence evidence = Saying({{"today", true}});
  evidence.prosody.rhythm.filled_pauses = {{0.1, 0.2}};
  EXPECT_THAT(NotesOn(evidence), IsEmpty());
  evidence.prosody.rhythm.filled_pauses.push_back({0.3, 0.4});
  EXPECT_THAT(NotesOn(evidence), ElementsAre(About(Topic::kNoteFillers, {{"n", "2"}})));
  evidence.transcript.reset();
  EXPECT_THAT(NotesOn(evidence), IsEmpty());
}

TEST(ProsodyNotes, AreWhatTheLearnerReads) {
  Speaker speaker;
  speaker.heard = "Are you free today?";
  speaker.reference = speaker.heard;
  speaker.phrase_end_semitones = -4.0;
  Evidence evidence = EvidenceOf(speaker);
  evidence.locale = model::Locale::kVi;
  const auto feedback = RuleFeedbackWriter().Write(evidence, ComputeScores(evidence));
  ASSERT_TRUE(feedback.ok());
  EXPECT_THAT(feedback->detailed.prosody_notes, HasSubstr("“today”"));
}

}  // namespace
}  // namespace speechcoach::scoring
