#include "storage/alert_repository.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kNoonMs = 1'795'435'200'000;
constexpr std::int64_t kHourMs = 3'600'000;

TEST(AlertRepository, CountsSessionsByTheTimeOfTheirEnd) {
  TemporaryDatabase db;
  const auto add = [&](std::int64_t began_ms, std::int64_t ended_ms, model::SessionStatus status) {
    model::Session session = db.NewSession(began_ms);
    session.status = status;
    session.completed_at_ms = ended_ms;
    ASSERT_TRUE(db->sessions().Create(session).ok());
  };
  add(kNoonMs - 23 * kHourMs, kNoonMs, model::SessionStatus::kDegraded);  // it waited for long
  add(kNoonMs - kHourMs / 2, kNoonMs + 1, model::SessionStatus::kCompleted);
  add(kNoonMs - 2 * kHourMs, kNoonMs - 1, model::SessionStatus::kDegraded);
  add(kNoonMs, 0, model::SessionStatus::kProcessing);
  const SessionOutcomes outcomes = db->alerts().Sessions(kNoonMs).value();
  EXPECT_EQ(outcomes.ended, 2);
  EXPECT_EQ(outcomes.degraded, 1);
  EXPECT_EQ(outcomes.failed_by_us, 0);
}

}  // namespace
}  // namespace speechcoach::storage
