#include "cli/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

model::Analysis Sample() {
  model::Analysis analysis;
  analysis.audio_duration_s = 2.5;
  analysis.transcript = {"Hello there.", {{"Hello", 0.12, 0.48, 0.97}, {"there.", 0.5, 0.9, 0.31}}, 0.55, "base", false};
  analysis.prosody.pauses = {0.4, {{1.0, 1.4}}};
  analysis.prosody.hnr_db = 14.5;
  analysis.miscues = {{model::MiscueKind::kReplaced, "dear", "there"}, {model::MiscueKind::kOmitted, "friend", ""}};
  analysis.scores = {6.1, 7.2, 5.3, 4.4, 8.5, 9.6};
  analysis.feedback = {"Tốt lắm!", {{"Giọng rõ"}, {"Chú ý từ friend"}, "neutral", "moderate", "Giọng khá đều"}};
  return analysis;
}

TEST(ReportTest, ShowsEverythingThatWasFound) {
  const std::string text = FormatReport(Sample(), {model::Locale::kVi, false, "Hello dear friend."});
  for (const char* expected : {"Hello there.", "0,12", "0,48", "0,97", "dear → đọc thành there", "thiếu: friend", "1,00–1,40 s",
                               "14,50 dB", "6,1", "9,6", "Tốt lắm!", "Giọng rõ", "Chú ý từ friend", "Giọng khá đều"}) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
  EXPECT_THAT(text, Not(HasSubstr("\033[")));
}

TEST(ReportTest, SpeaksTheLearnersLanguage) {
  model::Analysis analysis = Sample();
  analysis.pronunciation.emplace();
  model::AccentPattern replaced;
  replaced.id = "AE>AH";
  replaced.ipa = "æ";
  replaced.heard_ipa = {"ʌ"};
  replaced.times = 2;
  replaced.chances = 3;
  replaced.words = {"cat", "bad"};
  replaced.tip_vi = "Há miệng rộng hơn.";
  replaced.tip_en = "Open wider.";
  replaced.pairs = {"cat/cut"};
  model::AccentPattern left_out = replaced;
  left_out.id = "S>none";
  left_out.ipa = "s";
  left_out.heard_ipa.clear();
  model::AccentPattern added = replaced;
  added.id = "+schwa";
  added.ipa.clear();
  added.heard_ipa = {"ə", "ɚ"};
  analysis.pronunciation->patterns = {replaced, left_out, added};

  const std::string vi = FormatReport(analysis, {model::Locale::kVi, false, "Hello dear friend."});
  EXPECT_THAT(vi, HasSubstr("Âm /æ/ nghe thành /ʌ/: 2 trên 3 lần (cat, bad). Há miệng rộng hơn.\n    Cặp từ để luyện: cat/cut."));
  EXPECT_THAT(vi, HasSubstr("Âm /s/ bị bỏ mất: 2 trên 3 lần"));
  EXPECT_THAT(vi, HasSubstr("Thêm âm /ə/ hoặc /ɚ/: 2 lần trong 3 từ"));
  for (const char* foreign : {"pitch_", "syll/s", "wpm", "hesitation", "AE>AH", "decode"})
    EXPECT_THAT(vi, Not(HasSubstr(foreign)));
  EXPECT_THAT(vi, Not(ContainsRegex("[0-9]\\.[0-9]")));

  const std::string en = FormatReport(analysis, {model::Locale::kEn, false, ""});
  EXPECT_THAT(en, HasSubstr("/æ/ heard as /ʌ/: 2 of 3 times (cat, bad). Open wider."));
  EXPECT_THAT(en, HasSubstr("14.50 dB"));
}

TEST(ReportTest, SaysWhatWasReplacedBySomethingSimpler) {
  model::Analysis analysis = Sample();
  analysis.failures = {{model::Stage::kTranscribing, {base::ErrorCode::kSttFailed, "operator detail"}}};
  const std::string text = FormatReport(analysis, {model::Locale::kEn, true, ""});
  EXPECT_THAT(text, HasSubstr("could not be recognised"));
  EXPECT_THAT(text, Not(HasSubstr("operator detail")));
  EXPECT_THAT(text, HasSubstr("\033[31mthere.\033[0m"));
}

}  // namespace
}  // namespace speechcoach::cli
