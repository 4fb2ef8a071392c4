#include "base/trace_context.h"

#include <thread>

#include <gtest/gtest.h>

namespace speechcoach::base {
namespace {

constexpr std::string_view kExample = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContext, IsReadAsItIsWritten) {
  const auto read = ParseTraceparent(kExample);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (TraceContext{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true}));
  EXPECT_EQ(FormatTraceparent(*read), kExample);
  EXPECT_EQ(FormatTraceparent({}), "");
}

TEST(TraceContext, KnowsTheFlagAmongOthers) {
  EXPECT_FALSE(ParseTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")->is_sampled);
  EXPECT_FALSE(ParseTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02")->is_sampled);
  EXPECT_TRUE(ParseTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0b")->is_sampled);
}

TEST(TraceContext, ReadsLaterVersionsAsFarAsTheyAreAlike) {
  EXPECT_TRUE(ParseTraceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  EXPECT_TRUE(ParseTraceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes"));
}

TEST(TraceContext, RefusesWhatIsNone) {
  for (const char* text : {
           "",
           "00",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
           "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
           "00 0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 01",
       }) {
    EXPECT_FALSE(ParseTraceparent(text)) << text;
  }
}

TEST(TraceScope, LastsAsLongAsItself) {
  const TraceContext outer{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  const TraceContext inner{"0af7651916cd43dd8448eb211c80319c", "00f067aa0ba902b7", true};
  EXPECT_EQ(CurrentTrace(), TraceContext{});
  {
    const TraceScope first(outer);
    {
      const TraceScope second(inner);
      EXPECT_EQ(CurrentTrace(), inner);
    }
    EXPECT_EQ(CurrentTrace(), outer);
  }
  EXPECT_EQ(CurrentTrace(), TraceContext{});
}

TEST(TraceScope, IsOfOneThread) {
  const TraceScope scope({"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true});
  TraceContext bare = CurrentTrace();
  TraceContext passed_on;
  std::thread([&] { bare = CurrentTrace(); }).join();
  std::thread(InThisTrace([&] { passed_on = CurrentTrace(); })).join();
  EXPECT_EQ(bare, TraceContext{});
  EXPECT_EQ(passed_on, CurrentTrace());
}

}  // namespace
}  // namespace speechcoach::base
