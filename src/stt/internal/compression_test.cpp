#include "stt/internal/compression.h"

#include <string>

#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

TEST(CompressionRatio, TellsALoopFromASentence) {
  EXPECT_LT(CompressionRatio("Where can I find the nearest post office, please?"), 1.5);
  EXPECT_LT(CompressionRatio("He said that he would come, and come he did, on the very next day."), 1.5);
  std::string loop;
  for (int i = 0; i < 20; ++i) loop += " I know, I know.";
  EXPECT_GT(CompressionRatio(loop), 2.4);
}

TEST(CompressionRatio, IsZeroForNoText) { EXPECT_EQ(CompressionRatio(""), 0.0); }

}  // namespace
}  // namespace speechcoach::stt
