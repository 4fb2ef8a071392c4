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

std::size_t Count(model::WordResult word) {
  model::PronunciationReport report;
  report.words = {std::move(word)};
  return SoundFindings(report).size();
}

TEST(SoundFindings, VowelsThatAreOneBeforeAnRAreNotToldApart) {
  EXPECT_EQ(Count(Saying("IY", "IH", "R")), 0u);
  EXPECT_EQ(Count(Saying("EH", "EY", "R")), 0u);
  EXPECT_EQ(Count(Saying("IY", "IH", "T")), 1u);
  EXPECT_EQ(Count(Saying("IY", "AE", "R")), 1u);
}

TEST(SoundFindings, WordsThatWereNotSaidHaveNoSounds) {
  model::WordResult word = Saying("IY", "AE", "T");
  const auto findings = SoundFindings({.words = {word}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].phone, "IY");
  EXPECT_EQ(findings[0].position, scoring::SoundFinding::Position::kMedial);
  word.verdict = model::WordVerdict::kOmitted;
  EXPECT_EQ(Count(word), 0u);
}

}  // namespace
}  // namespace speechcoach::pipeline
