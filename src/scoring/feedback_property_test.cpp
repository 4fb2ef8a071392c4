#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scoring/feedback_checker.h"
#include "scoring/feedback_writer.h"
#include "scoring/internal/phrase_book.h"
#include "scoring/random_recordings.h"
#include "scoring/written_feedback.h"

namespace speechcoach::scoring {
namespace {

constexpr int kReports = 10'000;

std::set<std::string> SentencesOf(const model::Feedback& feedback) {
  std::set<std::string> sentences(feedback.detailed.strengths.begin(), feedback.detailed.strengths.end());
  sentences.insert(feedback.detailed.improvements.begin(), feedback.detailed.improvements.end());
  std::string sentence;
  const std::string text = feedback.conversational + " " + feedback.detailed.prosody_notes + " ";
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    sentence += text[i];
    if ((text[i] != '.' && text[i] != '!') || text[i + 1] != ' ') continue;
    sentences.insert(sentence);
    sentence.clear();
    ++i;
  }
  return sentences;
}

TEST(FeedbackProperty, TenThousandReportsSayOnlyWhatIsTrue) {
  RandomRecordings recordings(20261122);
  std::set<std::string> talks;
  std::set<std::string> phrases;
  for (int i = 0; i < kReports; ++i) {
    const Written written = Write(recordings.Next());
    SCOPED_TRACE(written.feedback.conversational);
    ASSERT_THAT(FaultsOf(written.feedback, written.evidence, written.report), testing::IsEmpty()) << "report " << i;
    const auto& improvements = written.feedback.detailed.improvements;
    ASSERT_EQ(std::set(improvements.begin(), improvements.end()).size(), improvements.size());
    talks.insert(written.feedback.conversational);
    phrases.insert(written.feedback.source.phrases.begin(), written.feedback.source.phrases.end());
  }
  EXPECT_GT(talks.size(), 9'000u);
  EXPECT_GT(phrases.size(), 300u);
}

// One learner after the other, twenty sessions each; a third of them say the very same again.
TEST(FeedbackProperty, NoTwoInARowAreAlike) {
  RandomRecordings recordings(7);
  for (int learner = 0; learner < kReports / 20; ++learner) {
    Evidence evidence = recordings.Next();
    std::set<std::string> before;
    std::vector<std::string> phrases;
    for (int session = 0; session < 20; ++session) {
      if (session % 3 != 0) {
        const model::Locale locale = evidence.locale;
        evidence = recordings.Next();
        evidence.locale = locale;
      }
      if (!evidence.history) evidence.history.emplace();
      evidence.history->last_phrases = phrases;
      const Written written = Write(evidence);
      const std::set<std::string> now = SentencesOf(written.feedback);
      std::vector<std::string> again;
      std::ranges::set_intersection(before, now, std::back_inserter(again));
      ASSERT_THAT(again, testing::IsEmpty()) << "learner " << learner << ", session " << session;
      before = now;
      phrases = written.feedback.source.phrases;
    }
  }
}

TEST(FeedbackProperty, TheSameEvidenceGivesTheSameFeedback) {
  RandomRecordings recordings(11);
  for (int i = 0; i < 500; ++i) {
    const Evidence evidence = recordings.Next();
    const model::Feedback one = Write(evidence).feedback;
    const model::Feedback two = Write(evidence).feedback;
    ASSERT_EQ(one.conversational, two.conversational);
    ASSERT_EQ(one.source.phrases, two.source.phrases);
  }
}

// A checker that finds nothing proves nothing: what is changed behind the writer's back must be found.
TEST(FeedbackChecker, FindsWhatIsMadeUp) {
  RandomRecordings recordings(5);
  int numbers = 0;
  int words = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Written written = Write(recordings.Next());
    const auto faults = [&](auto&& change) {
      model::Feedback changed = written.feedback;
      change(changed.conversational);
      return changed.conversational == written.feedback.conversational
                 ? -1
                 : static_cast<int>(FaultsOf(changed, written.evidence, written.report).size());
    };
    const int number = faults([](std::string& text) {
      if (const std::size_t at = text.find("/10"); at != std::string::npos)
        text.insert(text.find_last_not_of("0123456789,.", at - 1) + 1, "1");
    });
    ASSERT_NE(number, 0) << written.feedback.conversational;
    numbers += number > 0 ? 1 : 0;
    const int word = faults([](std::string& text) {
      if (const std::size_t at = text.find("“"); at != std::string::npos) text.insert(at + std::string_view("“").size(), "x");
    });
    ASSERT_NE(word, 0) << written.feedback.conversational;
    words += word > 0 ? 1 : 0;
    const model::Scores& scores = written.report.scores;
    const bool vi = written.evidence.locale == model::Locale::kVi;
    if (scores.pronunciation < 7.5) {
      ASSERT_GT(faults([&](std::string& text) { text += vi ? " Phát âm rõ ràng." : " Clear pronunciation."; }), 0);
    }
    if (scores.overall < 8.0) {
      ASSERT_GT(faults([&](std::string& text) { text += vi ? " Tuyệt vời!" : " Wonderful!"; }), 0);
    }
    if (scores.confidence >= 5.0) {
      ASSERT_GT(faults([&](std::string& text) { text += vi ? " Giọng còn ngập ngừng." : " You sound hesitant."; }), 0);
    }
    ASSERT_GT(
        faults([&](std::string& text) { text += vi ? " Có một khoảng lặng chừng 93,5 giây." : " A pause of 93.5 seconds."; }), 0);
  }
  EXPECT_GT(numbers, 200);
  EXPECT_GT(words, 200);
}

TEST(FeedbackChecker, FindsAScoreInAnothersPlace) {
  Written written = Write(EvidenceOf({}));
  written.feedback = {};
  written.report.scores.fluency = 6.1;
  written.report.scores.pronunciation = 8.2;
  written.feedback.conversational = "Độ trôi chảy đạt 6,1/10, phát âm đạt 8,2/10.";
  EXPECT_THAT(FaultsOf(written.feedback, written.evidence, written.report),
              testing::Not(testing::Contains(testing::HasSubstr("another area"))));
  written.feedback.conversational = "Độ trôi chảy đạt 8,2/10.";
  EXPECT_THAT(FaultsOf(written.feedback, written.evidence, written.report),
              testing::Contains(testing::HasSubstr("another area")));
}

// As it reads once its values are filled in.
std::string Example(std::string text) {
  for (const auto& [name, value] : {std::pair("{p}", "/p/"), std::pair("{h}", "/h/"), std::pair("{list}", "“x”")}) {
    for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.replace(at, std::string_view(name).size(), value);
  }
  return text;
}

TEST(FeedbackChecker, KnowsEveryClaimInTheBook) {
  for (const auto locale : {model::Locale::kVi, model::Locale::kEn}) {
    for (int i = 0; i < kTopicCount; ++i) {
      const auto topic = static_cast<Topic>(i);
      const bool states =
          topic < Topic::kTipFinalS || topic == Topic::kNoteFlat || topic == Topic::kNoteModerate || topic == Topic::kNoteLively;
      const bool praise = topic >= Topic::kEveryWordRead && topic < Topic::kNothingHeard;
      for (const Role role : {Role::kSaid, Role::kListed}) {
        // Listed advice is told as something to do: it claims nothing.
        if (!states || (role == Role::kListed && !praise)) continue;
        for (const Phrase& phrase : PhrasesIn(locale).Of(topic, role))
          EXPECT_TRUE(IsClaimKnown(Example(phrase.text), locale)) << phrase.id << ": " << phrase.text;
      }
    }
  }
}

}  // namespace
}  // namespace speechcoach::scoring
