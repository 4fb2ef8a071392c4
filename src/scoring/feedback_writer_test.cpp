#include "scoring/feedback_writer.h"

#include <algorithm>
#include <map>
#include <random>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scoring/internal/findings.h"
#include "scoring/internal/phrases.h"
#include "scoring/internal/sound_tips.h"
#include "scoring/test_evidence.h"
#include "scoring/text_alignment.h"

namespace speechcoach::scoring {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Written {
  Evidence evidence;
  ScoreReport report;
  model::Feedback feedback;
};

Written Write(Evidence evidence) {
  Written written{std::move(evidence), {}, {}};
  written.report = ComputeScores(written.evidence);
  written.feedback = RuleFeedbackWriter().Write(written.evidence, written.report).value();
  return written;
}

std::vector<std::string> AllTexts(const model::Feedback& feedback) {
  std::vector<std::string> texts = feedback.detailed.strengths;
  texts.insert(texts.end(), feedback.detailed.improvements.begin(), feedback.detailed.improvements.end());
  texts.push_back(feedback.conversational);
  texts.push_back(feedback.detailed.prosody_notes);
  return texts;
}

std::string AllText(const model::Feedback& feedback) {
  std::string all;
  for (const std::string& text : AllTexts(feedback)) all += text + "\n";
  return all;
}

// A sentence and what somebody made of it, in any mode, language and state of the stages.
class RandomRecordings {
 public:
  explicit RandomRecordings(unsigned seed) : random_(seed) {}

  Evidence Next() {
    static const std::vector<std::string> kSentences{"Do you like chicken and rice?",
                                                     "What time do you get up?",
                                                     "She asked the teacher three questions about the test.",
                                                     "My sister works at a big school.",
                                                     "I don't think it's $25, do you?",
                                                     "Thank you!"};
    Speaker speaker;
    const std::string sentence = kSentences[Below(kSentences.size())];
    if (Chance(0.6)) speaker.reference = sentence;
    speaker.heard.clear();
    std::istringstream stream(sentence);
    for (std::string word; stream >> word;) {
      if (Chance(0.1)) continue;
      if (Chance(0.1)) word = word.substr(0, word.size() - 1);
      if (Chance(0.05)) word += " banana";
      speaker.heard += (speaker.heard.empty() ? "" : " ") + word;
    }
    if (Chance(0.05)) speaker.heard = "something else was said here";
    if (Chance(0.03)) speaker.heard.clear();
    speaker.word_confidence = Between(0.1, 1.0);
    speaker.syllable_s = Between(0.1, 0.5);
    speaker.syllables = 2 + static_cast<int>(Below(20));
    for (std::size_t n = Below(5); n > 0; --n) speaker.pauses_s.push_back(Between(0.15, 1.8));
    speaker.swing_semitones = Between(0.0, 7.0);
    if (Chance(0.5)) speaker.end_semitones = Between(-7.0, 7.0);
    speaker.dynamic_range = Between(0.0, 0.8);
    speaker.level = Between(0.1, 0.9);
    speaker.pitch_stability = Between(0.0, 1.0);
    speaker.energy_consistency = Between(0.0, 1.0);
    speaker.hesitation = Between(0.0, 1.0);
    Evidence evidence = EvidenceOf(speaker);
    for (model::Word& word : evidence.transcript->words)
      word.confidence = std::min(1.0, speaker.word_confidence * Between(0.5, 1.2));
    if (Chance(0.5)) evidence.locale = model::Locale::kEn;
    if (Chance(0.05)) evidence.transcript.reset();
    if (Chance(0.05)) evidence.prosody.minimal = true;
    return evidence;
  }

 private:
  double Between(double low, double high) { return std::uniform_real_distribution(low, high)(random_); }
  bool Chance(double share) { return Between(0.0, 1.0) < share; }
  std::size_t Below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  std::mt19937 random_;
};

std::set<std::string> NumbersThatAreTrue(const Written& written) {
  const model::Scores& scores = written.report.scores;
  const SpeechMeasures speech = Measure(written.evidence);
  std::set<std::string> numbers{"10"};
  for (const double score :
       {scores.overall, scores.pronunciation, scores.prosody, scores.emotion, scores.confidence, scores.fluency}) {
    numbers.insert(OneDecimal(score));
  }
  const auto add_count = [&](std::size_t count) { numbers.insert(std::to_string(count)); };
  add_count(speech.pauses.size());
  add_count(static_cast<std::size_t>(speech.long_pauses));
  numbers.insert(OneDecimal(speech.longest_pause_s));
  numbers.insert(OneDecimal(written.evidence.prosody.pauses.avg_duration_s));
  if (speech.pitch_sd_semitones) numbers.insert(OneDecimal(*speech.pitch_sd_semitones));
  if (speech.words_per_minute) add_count(static_cast<std::size_t>(std::lround(*speech.words_per_minute)));
  if (!written.evidence.transcript) return numbers;
  std::vector<std::string> heard;
  for (const model::Word& word : written.evidence.transcript->words) heard.push_back(word.text);
  add_count(heard.size());
  if (written.evidence.mode == model::Mode::kConversation) return numbers;
  const auto reading = CompareReading(written.evidence.reference_text, heard);
  add_count(reading.reference_words);
  add_count(reading.words_read);
  add_count(
      static_cast<std::size_t>(std::ranges::count(written.report.miscues, model::MiscueKind::kOmitted, &model::Miscue::kind)));
  return numbers;
}

const std::regex kQuoted("“(.*?)”");
const std::regex kNumber("[0-9]+(\\.[0-9]+)?");

// Regular expression for what a template can become.
std::regex PatternOf(std::string_view text) {
  std::string pattern;
  bool inside = false;
  for (const char c : text) {
    if (c == '{') pattern += ".+?";
    if (c == '{' || c == '}') {
      inside = c == '{';
    } else if (!inside) {
      if (std::string_view("()./+*?[]^$|\\").find(c) != std::string_view::npos) pattern += '\\';
      pattern += c;
    }
  }
  return std::regex(pattern);
}

double ScoreBehind(Topic topic, const model::Scores& scores) {
  switch (topic) {
    case Topic::kClearPronunciation:
      return scores.pronunciation;
    case Topic::kFluent:
      return scores.fluency;
    case Topic::kLivelyMelody:
      return scores.prosody;
    case Topic::kConfident:
      return scores.confidence;
    default:
      return 10.0;
  }
}

TEST(FeedbackTest, TenThousandReportsSayOnlyWhatIsTrue) {
  struct Praise {
    Topic topic;
    std::regex pattern;
  };
  std::map<model::Locale, std::vector<Praise>> praises;
  for (const auto locale : {model::Locale::kVi, model::Locale::kEn}) {
    for (const PhraseRow& row : locale == model::Locale::kVi ? VietnamesePhrases() : EnglishPhrases()) {
      if (ScoreBehind(row.topic, {}) == 10.0) continue;
      for (const auto text : row.texts) {
        if (!text.empty()) praises[locale].push_back({row.topic, PatternOf(text)});
      }
    }
  }

  RandomRecordings recordings(20261122);
  std::set<std::string> talks;
  for (int i = 0; i < 10'000; ++i) {
    const Written written = Write(recordings.Next());
    const std::string text = AllText(written.feedback);
    SCOPED_TRACE(text);

    std::string spoken = written.evidence.reference_text;
    if (written.evidence.transcript) spoken += "\n" + written.evidence.transcript->text;
    for (std::sregex_iterator quote(text.begin(), text.end(), kQuoted), end; quote != end; ++quote) {
      for (std::istringstream words((*quote)[1]); words;) {
        std::string word;
        words >> word;
        ASSERT_THAT(spoken, HasSubstr(word));
      }
    }
    const std::string unquoted = std::regex_replace(text, kQuoted, "“”");
    const auto numbers = NumbersThatAreTrue(written);
    for (std::sregex_iterator number(unquoted.begin(), unquoted.end(), kNumber), end; number != end; ++number) {
      ASSERT_THAT(numbers, Contains(number->str()));
    }
    ASSERT_THAT(unquoted, Not(HasSubstr("{")));
    ASSERT_THAT(unquoted, Not(HasSubstr("  ")));

    if (i % 10 == 0) {
      for (const Praise& praise : praises[written.evidence.locale]) {
        if (ScoreBehind(praise.topic, written.report.scores) < kPraiseFrom) {
          ASSERT_FALSE(std::regex_search(text, praise.pattern)) << "praised below the threshold";
        }
      }
    }
    const auto& detailed = written.feedback.detailed;
    ASSERT_FALSE(detailed.strengths.empty());
    ASSERT_FALSE(detailed.improvements.empty());
    ASSERT_EQ(std::set(detailed.improvements.begin(), detailed.improvements.end()).size(), detailed.improvements.size());
    for (const std::string& part : AllTexts(written.feedback)) ASSERT_FALSE(part.empty());
    talks.insert(written.feedback.conversational);
  }
  EXPECT_GT(talks.size(), 7'000u);
}

TEST(FeedbackTest, LabelsAreOfTheClosedSets) {
  const std::set<std::string> emotions{"neutral", "neutral_polite", "enthusiastic", "hesitant", "nervous", "flat"};
  const std::set<std::string> levels{"low", "moderate", "high"};
  RandomRecordings recordings(7);
  std::set<std::string> emotions_seen;
  for (int i = 0; i < 2'000; ++i) {
    const auto detailed = Write(recordings.Next()).feedback.detailed;
    emotions_seen.insert(detailed.emotion_detected);
    ASSERT_THAT(levels, Contains(detailed.confidence_level));
  }
  EXPECT_EQ(emotions_seen, emotions);
}

TEST(FeedbackTest, NamesTheMissedWordAndTheTip) {
  Speaker speaker;
  speaker.reference = "She reads three books every week.";
  speaker.heard = "She reads three every week.";
  const auto feedback = Write(EvidenceOf(speaker)).feedback;
  EXPECT_THAT(feedback.conversational, HasSubstr("“books”"));
  EXPECT_THAT(feedback.detailed.improvements, Contains(testing::AllOf(HasSubstr("“books”"), HasSubstr("hử chú ý"))));
}

TEST(FeedbackTest, SaysWhatAWordWasHeardAs) {
  Speaker speaker;
  speaker.reference = "She reads three books every week.";
  speaker.heard = "She reads three book every week.";
  EXPECT_THAT(Write(EvidenceOf(speaker)).feedback.conversational, testing::AllOf(HasSubstr("“books”"), HasSubstr("“book”")));
}

TEST(FeedbackTest, CountsLongPauses) {
  Speaker speaker;
  speaker.pauses_s = {1.2, 0.9, 0.3};
  const std::string text = Write(EvidenceOf(speaker)).feedback.conversational;
  EXPECT_THAT(text, testing::AllOf(HasSubstr("2"), HasSubstr("1.2")));
}

TEST(FeedbackTest, PlacesTheOnlyLongPauseAfterItsWord) {
  Speaker speaker;
  speaker.heard = "I like green tea";
  speaker.pauses_s = {1.0};
  Evidence evidence = EvidenceOf(speaker);
  const model::Pause pause = evidence.prosody.pauses.positions.front();
  auto& words = evidence.transcript->words;
  words[1].end_s = pause.start_s;
  words[2].start_s = pause.end_s;
  EXPECT_THAT(AllText(Write(evidence).feedback), HasSubstr("“like”"));
}

TEST(FeedbackTest, HearsTheEndOfAQuestion) {
  Speaker speaker;
  speaker.heard = speaker.reference = "Do you like chicken and rice?";
  speaker.end_semitones = -5.0;
  EXPECT_THAT(Write(EvidenceOf(speaker)).feedback.conversational, HasSubstr("Yes/No"));
  speaker.end_semitones = 5.0;
  EXPECT_THAT(AllText(Write(EvidenceOf(speaker)).feedback), Not(HasSubstr("xuống giọng")));
}

TEST(FeedbackTest, SilenceIsNotPraisedForSpeaking) {
  Speaker silent;
  silent.heard.clear();
  silent.syllables = 0;
  const auto feedback = Write(EvidenceOf(silent)).feedback;
  EXPECT_THAT(feedback.detailed.improvements.front(), testing::AnyOf(HasSubstr("micrô"), HasSubstr("micro")));
  EXPECT_EQ(feedback.detailed.confidence_level, "low");
}

TEST(FeedbackTest, SaysWhatCouldNotBeMeasured) {
  Evidence evidence = EvidenceOf({});
  evidence.transcript.reset();
  EXPECT_THAT(Write(evidence).feedback.conversational, HasSubstr("tạm tính"));
  evidence = EvidenceOf({});
  evidence.prosody.minimal = true;
  EXPECT_THAT(Write(evidence).feedback.conversational, HasSubstr("ngữ điệu"));
}

TEST(FeedbackTest, SameEvidenceSameWords) {
  RandomRecordings recordings(1);
  const Evidence evidence = recordings.Next();
  EXPECT_EQ(AllText(Write(evidence).feedback), AllText(Write(evidence).feedback));
}

TEST(AsDegradedTest, StartsWithTheSentenceForABusySystem) {
  Evidence evidence = EvidenceOf({});
  const auto vi = Write(evidence);
  EXPECT_THAT(AsDegraded(vi.feedback, evidence, vi.report).conversational,
              StartsWith("Hệ thống AI đang bận, đây là phân tích sơ bộ: Bạn nói với độ tự tin " +
                         OneDecimal(vi.report.scores.confidence) + "/10. " + vi.feedback.conversational));
  evidence.locale = model::Locale::kEn;
  const auto en = Write(evidence);
  EXPECT_THAT(AsDegraded(en.feedback, evidence, en.report).conversational, StartsWith("The AI system is busy"));
}

std::set<std::string> PlaceholdersOf(const PhraseRow& row) {
  static const std::regex kPlaceholder("\\{[a-z]+\\}");
  std::set<std::string> names;
  for (const auto view : row.texts) {
    const std::string text(view);
    for (std::sregex_iterator it(text.begin(), text.end(), kPlaceholder), end; it != end; ++it) names.insert(it->str());
  }
  return names;
}

TEST(PhrasesTest, BothLanguagesSayTheSameThings) {
  const auto vi = VietnamesePhrases();
  const auto en = EnglishPhrases();
  ASSERT_EQ(vi.size(), en.size());
  for (std::size_t i = 0; i < vi.size(); ++i) {
    SCOPED_TRACE(vi[i].texts[0]);
    EXPECT_EQ(vi[i].topic, en[i].topic);
    EXPECT_EQ(vi[i].role, en[i].role);
    EXPECT_EQ(PlaceholdersOf(vi[i]), PlaceholdersOf(en[i]));
  }
}

TEST(PhrasesTest, EveryTopicHasItsRows) {
  std::map<Topic, std::set<Role>> roles;
  for (const PhraseRow& row : VietnamesePhrases()) EXPECT_TRUE(roles[row.topic].insert(row.role).second) << row.texts[0];
  for (int i = 0; i <= static_cast<int>(Topic::kDegraded); ++i) {
    const auto topic = static_cast<Topic>(i);
    const bool tip = topic >= Topic::kTipFinalS && topic <= Topic::kTipFinalConsonant;
    const bool both = topic >= Topic::kEveryWordRead && topic <= Topic::kNextChallenge;
    EXPECT_EQ(roles[topic].contains(Role::kListed), tip || both) << i;
    EXPECT_EQ(roles[topic].contains(Role::kSaid), !tip) << i;
  }
}

TEST(PhrasesTest, VietnameseIsWrittenInFull) {
  std::set<std::string_view> all;
  for (const PhraseRow& row : VietnamesePhrases()) {
    for (const std::string_view text : row.texts) {
      if (text.empty()) continue;
      SCOPED_TRACE(text);
      EXPECT_TRUE(all.insert(text).second) << "twice in the table";
      EXPECT_TRUE(std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) << "no diacritics";
      // Combining marks (U+0300-U+036F, bytes CC 80 - CD AF) do not occur in normal form C.
      for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(text[i + 1]);
        EXPECT_FALSE(lead == 0xCC || (lead == 0xCD && next < 0xB0)) << "not in normal form C";
      }
      const bool closed = std::string_view(".!").find(text.back()) != std::string_view::npos;
      EXPECT_EQ(closed, row.role == Role::kSaid);
    }
  }
  EXPECT_GE(all.size(), 80u);
}

TEST(SoundTipTest, FollowsTheSpelling) {
  EXPECT_EQ(SoundTip("books", "book"), Topic::kTipFinalS);
  EXPECT_EQ(SoundTip("months", "month"), Topic::kTipFinalS);
  EXPECT_EQ(SoundTip("three", "tree"), Topic::kTipTh);
  EXPECT_EQ(SoundTip("asked", ""), Topic::kTipEd);
  EXPECT_EQ(SoundTip("shirt", "sirt"), Topic::kTipSh);
  EXPECT_EQ(SoundTip("books", "window"), std::nullopt);
  EXPECT_EQ(SoundTip("against", ""), Topic::kTipFinalCluster);
  EXPECT_EQ(SoundTip("right", ""), Topic::kTipFinalConsonant);
  EXPECT_EQ(SoundTip("Thailand", ""), Topic::kTipFinalCluster);
  EXPECT_EQ(SoundTip("you", ""), std::nullopt);
  EXPECT_EQ(SoundTip("", ""), std::nullopt);
}

}  // namespace
}  // namespace speechcoach::scoring
