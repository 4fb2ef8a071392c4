#include "stt/internal/written_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WrittenWords, TurnsCapitalsIntoASentence) {
  EXPECT_THAT(WrittenWords("WE CALL IT BEAR"), ElementsAre("We", "call", "it", "bear."));
  EXPECT_THAT(WrittenWords("TODAY I'M SURE I CAN"), ElementsAre("Today", "I'm", "sure", "I", "can."));
}

TEST(WrittenWords, KeepsASentenceAsItIs) {
  EXPECT_THAT(WrittenWords("  Where is Hanoi, \n please? "), ElementsAre("Where", "is", "Hanoi,", "please?"));
}

TEST(WrittenWords, HasNoneForNoText) { EXPECT_THAT(WrittenWords(" \t"), IsEmpty()); }

}  // namespace
}  // namespace speechcoach::stt
