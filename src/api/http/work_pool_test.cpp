#include "api/http/work_pool.h"

#include <atomic>
#include <latch>
#include <stdexcept>

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

TEST(WorkPoolTest, RefusesBeyondItsBoundButNeverWhatMustRun) {
  WorkPool pool(1, 2);
  std::latch busy(1);
  std::latch release(1);
  std::atomic<int> ran = 0;
  ASSERT_TRUE(pool.Submit([&] {
    busy.count_down();
    release.wait();
    ++ran;
  }));
  busy.wait();
  EXPECT_TRUE(pool.Submit([&] { ++ran; }));
  EXPECT_TRUE(pool.Submit([&] { ++ran; }));
  EXPECT_FALSE(pool.Submit([&] { ++ran; }));
  EXPECT_TRUE(pool.SubmitAlways([&] { ++ran; }));
  release.count_down();
  pool.Stop();
  EXPECT_EQ(ran, 4);
  EXPECT_FALSE(pool.SubmitAlways([] {}));
}

TEST(WorkPoolTest, ATaskThatThrowsEndsAlone) {
  WorkPool pool(1, 10);
  std::atomic<int> ran = 0;
  pool.Submit([] { throw std::runtime_error("scripted"); });
  pool.Submit([&] { ++ran; });
  pool.Stop();
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace speechcoach::api
