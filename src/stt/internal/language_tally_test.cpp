#include "stt/internal/language_tally.h"

#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

TEST(LanguageTally, NamesTheOneHeardForLongest) {
  LanguageTally tally;
  EXPECT_EQ(tally.Result(), "");
  tally.Add("en", 10.0);
  tally.Add("vi", 6.0);
  tally.Add("", 100.0);
  EXPECT_EQ(tally.Result(), "en");
  tally.Add("vi", 6.0);
  EXPECT_EQ(tally.Result(), "vi");
}

}  // namespace
}  // namespace speechcoach::stt
