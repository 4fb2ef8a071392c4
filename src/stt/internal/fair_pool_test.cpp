#include "stt/internal/fair_pool.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

std::vector<std::unique_ptr<int>> Things(int count) {
  std::vector<std::unique_ptr<int>> things;
  for (int i = 0; i < count; ++i) things.push_back(std::make_unique<int>(i));
  return things;
}

TEST(FairPool, LendsEachThingOnce) {
  FairPool<int> pool(Things(2));
  const auto one = pool.Take({}, steady_clock::now() + 1min);
  const auto two = pool.Take({}, steady_clock::now() + 1min);
  ASSERT_TRUE(one.ok());
  ASSERT_TRUE(two.ok());
  EXPECT_NE((*one).operator->(), (*two).operator->());
  EXPECT_EQ(pool.Take({}, steady_clock::now()).error().code, base::ErrorCode::kBusy);
}

TEST(FairPool, TakesBackWhatWasLent) {
  FairPool<int> pool(Things(1));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.Take({}, steady_clock::now()).ok()) << i;
}

TEST(FairPool, StopsWaitingWhenAsked) {
  FairPool<int> pool(Things(1));
  const auto held = pool.Take({}, steady_clock::now());
  std::stop_source source;
  base::ErrorCode code{};
  {
    const std::jthread waiter([&] { code = pool.Take(source.get_token(), steady_clock::now() + 1h).error().code; });
    source.request_stop();
  }
  EXPECT_EQ(code, base::ErrorCode::kCancelled);
}

TEST(FairPool, ServesInTheOrderOfArrival) {
  FairPool<int> pool(Things(1));
  std::vector<int> served;
  {
    std::vector<std::jthread> callers;
    auto held = pool.Take({}, steady_clock::now());
    ASSERT_TRUE(held.ok());
    for (int i = 0; i < 5; ++i) {
      callers.emplace_back([&pool, &served, i] {
        const auto loan = pool.Take({}, steady_clock::now() + 1min);
        if (loan.ok()) served.push_back(i);
      });
      while (pool.waiting() < static_cast<std::size_t>(i) + 1) std::this_thread::yield();
    }
    const auto give_back = std::move(*held);
  }
  EXPECT_THAT(served, testing::ElementsAre(0, 1, 2, 3, 4));
}

}  // namespace
}  // namespace speechcoach::stt
