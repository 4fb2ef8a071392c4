#include "redis/subscriber.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "base/id.h"
#include "redis/client.h"
#include "redis/test_server.h"

namespace speechcoach::redis {
namespace {

// What a subscriber heard, and how often it connected.
class Ear {
 public:
  void Hear(const std::string& channel, const std::string& message) {
    const std::lock_guard lock(mutex_);
    heard_.emplace_back(channel + "=" + message);
    changed_.notify_all();
  }
  void Connected() {
    const std::lock_guard lock(mutex_);
    ++connections_;
    changed_.notify_all();
  }
  bool WaitForMessage(const std::string& message) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return std::ranges::find(heard_, message) != heard_.end(); });
  }
  bool WaitForConnections(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return connections_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
  int connections_ = 0;
};

class RedisSubscriber : public testing::Test {
 protected:
  // Published again and again until it is heard: nobody says when a later subscription stands.
  bool Hears(const std::string& channel, const std::string& message) {
    for (int i = 0; i < 1000; ++i) {
      if (client_.Run(Command{"PUBLISH", channel, message})->integer > 0) return ear_.WaitForMessage(channel + "=" + message);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  const std::string prefix_ = "test." + base::RandomHex(8);
  Ear ear_;
  Client client_{TestServer()};
};

TEST_F(RedisSubscriber, HearsWhatItAskedFor) {
  Subscriber subscriber(
      TestServer(), [&](const auto& channel, const auto& message) { ear_.Hear(channel, message); },
      [&](const auto&) { ear_.Connected(); });
  subscriber.Subscribe(prefix_ + ".a.*");
  EXPECT_TRUE(Hears(prefix_ + ".a.1", "one"));
  subscriber.Subscribe(prefix_ + ".b");
  EXPECT_TRUE(Hears(prefix_ + ".b", "two"));
  EXPECT_TRUE(Hears(prefix_ + ".a.2", "three"));
}

TEST_F(RedisSubscriber, SubscribesAgainWhenTheConnectionBreaks) {
  Subscriber subscriber(
      TestServer(), [&](const auto& channel, const auto& message) { ear_.Hear(channel, message); },
      [&](const auto&) { ear_.Connected(); });
  subscriber.Subscribe(prefix_);
  EXPECT_TRUE(Hears(prefix_, "before"));
  ASSERT_TRUE(ear_.WaitForConnections(1));
  ASSERT_TRUE(client_.Run(Command{"CLIENT", "KILL", "TYPE", "pubsub"}).ok());
  ASSERT_TRUE(ear_.WaitForConnections(2));
  EXPECT_TRUE(Hears(prefix_, "after"));
}

TEST(RedisSubscriberWithoutServer, EndsAtOnce) {
  Options nowhere;
  nowhere.server = {"127.0.0.1", 1};
  Subscriber subscriber(nowhere, [](const auto&, const auto&) {}, [](const auto&) {});
}

}  // namespace
}  // namespace speechcoach::redis
