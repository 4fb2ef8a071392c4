#include <set>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace speechcoach::base {
namespace {

TEST(ErrorCodeTest, EveryCodeHasAUniqueNameThatLeadsBackToIt) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kModelUnavailable); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(ErrorCodeFromName(ErrorCodeName(code)), code);
    EXPECT_TRUE(names.insert(ErrorCodeName(code)).second) << ErrorCodeName(code);
  }
  EXPECT_EQ(ErrorCodeFromName("no such code"), ErrorCode::kInternal);
}

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> good(7);
  EXPECT_TRUE(good.ok());
  EXPECT_EQ(*good, 7);
  const Result<int> bad(ErrorCode::kBusy, "queue is full");
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::kBusy);
  EXPECT_TRUE(IsRetryable(bad.error().code));
  EXPECT_THROW(bad.value(), std::bad_variant_access);
  EXPECT_TRUE(Status().ok());
}

TEST(ClockTest, FormatsRfc3339InUtc) {
  EXPECT_EQ(FormatRfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatRfc3339(1'795'365'000'125), "2026-11-22T16:30:00.125Z");
  EXPECT_EQ(FormatRfc3339(-1), "1969-12-31T23:59:59.999Z");
}

TEST(ClockTest, ManualClockMovesOnlyWhenTold) {
  ManualClock clock(1000);
  EXPECT_EQ(clock.NowMs(), 1000);
  clock.Advance(std::chrono::seconds(2));
  EXPECT_EQ(clock.NowMs(), 3000);
}

TEST(IdTest, UuidsAreVersion4AndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewUuid();
    ASSERT_EQ(id.size(), 36u);
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
  EXPECT_EQ(RandomHex(32).size(), 64u);
}

}  // namespace
}  // namespace speechcoach::base
