#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using ::testing::ElementsAre;

class EventRepositoryTest : public ::testing::Test {
 protected:
  EventRepository& events() { return db_->events(); }
  std::vector<std::string> PayloadsAfter(const std::string& session, std::int64_t number) {
    const auto found = events().After(session, number);
    std::vector<std::string> payloads;
    for (const EventRecord& event : *found) payloads.push_back(event.payload);
    return payloads;
  }

  TemporaryDatabase db_;
};

TEST_F(EventRepositoryTest, NumbersThoseOfEachSessionAndKeepsThem) {
  const std::string a = db_.AddSession();
  const std::string b = db_.AddSession();
  EXPECT_EQ(events().Add(a, 1'800'000'000'123, R"("one")").value(), 1);
  EXPECT_EQ(events().Add(b, 5, R"("other")").value(), 1);
  EXPECT_EQ(events().Add(a, 6, R"("hai bước")").value(), 2);
  db_.Reopen();
  EXPECT_EQ(events().Add(a, 7, R"("three")").value(), 3);
  EXPECT_THAT(PayloadsAfter(a, 1), ElementsAre(R"("hai bước")", R"("three")"));
  EXPECT_EQ(events().After(a, 0)->front().at_ms, 1'800'000'000'123);
  EXPECT_THAT(PayloadsAfter(a, 3), ElementsAre());
}

TEST_F(EventRepositoryTest, OnlyOfSessionsThatAre) {
  EXPECT_EQ(events().Add(base::NewUuid(), 1, "{}").error().code, base::ErrorCode::kConflict);
  const std::string id = db_.AddSession();
  ASSERT_TRUE(events().Add(id, 1, "{}").ok());
  ASSERT_TRUE(db_->sessions().Delete(id).ok());
  EXPECT_TRUE(events().After(id, 0)->empty());
}

TEST_F(EventRepositoryTest, NoNumberIsGivenTwice) {
  const std::string id = db_.AddSession();
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) EXPECT_TRUE(events().Add(id, i, "{}").ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto all = events().After(id, 0);
  ASSERT_EQ(all->size(), 30u);
  for (std::size_t i = 0; i < all->size(); ++i) EXPECT_EQ((*all)[i].number, static_cast<std::int64_t>(i) + 1);
}

TEST_F(EventRepositoryTest, OldOnesGo) {
  const std::string id = db_.AddSession();
  events().Add(id, 1'800'000'000'000, R"("old")").value();
  events().Add(id, 1'800'000'001'000, R"("new")").value();
  ASSERT_TRUE(events().RemoveOlderThan(1'800'000'001'000).ok());
  EXPECT_THAT(PayloadsAfter(id, 0), ElementsAre(R"("new")"));
  EXPECT_EQ(events().Add(id, 1'800'000'002'000, "{}").value(), 3);
}

}  // namespace
}  // namespace speechcoach::storage
