#include "pipeline/vowel_intervals.h"

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

model::PhoneResult Phone(const char* name, double start_s, double end_s, model::PhoneVerdict verdict = model::PhoneVerdict::kOk) {
  model::PhoneResult phone;
  phone.phone = name;
  phone.start_s = start_s;
  phone.end_s = end_s;
  phone.verdict = verdict;
  return phone;
}

model::PronunciationReport Report() {
  model::PronunciationReport report;
  report.text_match = 1.0;
  model::WordResult said;
  said.phones = {Phone("W", 0.0, 0.1), Phone("IY", 0.1, 0.3), Phone("AH", 0.3, 0.3, model::PhoneVerdict::kDeleted),
                 Phone("ER", 0.4, 0.5)};
  model::WordResult omitted = said;
  omitted.verdict = model::WordVerdict::kOmitted;
  report.words = {said, omitted};
  return report;
}

TEST(VowelsIn, AreThoseThatWereSaid) {
  const auto vowels = VowelsIn(Report());
  ASSERT_EQ(vowels.size(), 2U);
  EXPECT_EQ(vowels[0].start_s, 0.1);
  EXPECT_EQ(vowels[1].end_s, 0.5);
}

TEST(VowelsIn, AreNoneWhereAnotherTextWasSaid) {
  model::PronunciationReport report = Report();
  report.text_match = 0.5;
  EXPECT_TRUE(VowelsIn(report).empty());
}

}  // namespace
}  // namespace speechcoach::pipeline
