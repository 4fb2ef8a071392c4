#include "pipeline/reference_sentence.h"

#include <string>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

TEST(ReferenceSentence, IsWhatHasAWordToSay) {
  for (const std::string text : {"Nice to meet you.", "7", "... hello ...", "Phở is good", "你好 means hello"})
    EXPECT_TRUE(CheckReference(text).ok()) << text;
}

TEST(ReferenceSentence, WithoutAWordThereIsNothingToRead) {
  for (const std::string text : {"", " \t\n", "...", "-- ?!", "🙂🙂", "你好", "\xff hello"}) {
    const base::Status checked = CheckReference(text);
    ASSERT_FALSE(checked.ok()) << text;
    EXPECT_EQ(checked.error().code, base::ErrorCode::kBadField);
  }
}

}  // namespace
}  // namespace speechcoach::pipeline
