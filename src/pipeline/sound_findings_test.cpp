#include "pipeline/sound_findings.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

model::WordResult Saying(std::string phone, std::string heard, std::string next) {
  model::WordResult word;
  word.text = "here";
  model::PhoneResult first;
  first.phone = "HH";
  model::PhoneResult wrong;
  wrong.phone = std::move(phone);
  wrong.heard = std::move(heard);
  wrong.verdict = model::PhoneVerdict::kSubstituted;
  wrong.confidence = 0.9;
  model::PhoneResult last;
  last.phone = std::move(next);
  word.phones = {first, wrong, last};
  return word;
}

model::PronunciationReport Report(model::WordResult word) {
  model::PronunciationReport report;
  report.words = {std::move(word)};
  report.text_match = 0.9;
  return report;
}

std::size_t Count(model::WordResult word) { return SoundFindings(Report(std::move(word))).size(); }

TEST(SoundFindings, VowelsThatAreOneBeforeAnRAreNotToldApart) {
  EXPECT_EQ(Count(Saying("IY", "IH", "R")), 0u);
  EXPECT_EQ(Count(Saying("EH", "EY", "R")), 0u);
  EXPECT_EQ(Count(Saying("IY", "IH", "T")), 1u);
  EXPECT_EQ(Count(Saying("IY", "AE", "R")), 1u);
}

TEST(SoundFindings, WordsThatWereNotSaidHaveNoSounds) {
  model::WordResult word = Saying("IY", "AE", "T");
  const auto findings = SoundFindings(Report(word));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].phone, "IY");
  EXPECT_EQ(findings[0].position, scoring::SoundFinding::Position::kMedial);
  word.verdict = model::WordVerdict::kOmitted;
  EXPECT_EQ(Count(word), 0u);
}

TEST(SoundFindings, EachHasTheTipForWhatWasHeard) {
  const auto tip = [](std::string phone, std::string heard) {
    return SoundFindings(Report(Saying(std::move(phone), std::move(heard), "T"))).at(0).tip_vi;
  };
  EXPECT_NE(tip("AE", "EH"), tip("AE", "AH"));
  EXPECT_FALSE(tip("AE", "M").empty());
}

TEST(SoundFindings, ARecordingOfAnotherTextHasNone) {
  model::PronunciationReport report = Report(Saying("IY", "AE", "T"));
  report.text_match = 0.3;
  EXPECT_TRUE(SoundFindings(report).empty());
}

}  // namespace
}  // namespace speechcoach::pipeline
