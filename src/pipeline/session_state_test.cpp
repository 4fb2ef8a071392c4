#include "pipeline/session_state.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

using enum model::SessionStatus;

// The whole table, written the other way round: for every status, where it may go.
TEST(SessionStateTest, AllowsJustTheAgreedMoves) {
  const std::map<model::SessionStatus, std::set<model::SessionStatus>> allowed{
      {kCreated, {kRecording, kProcessing, kAwaitingAudio, kAbandoned}},
      {kRecording, {kProcessing, kInterrupted, kAwaitingAudio, kAbandoned, kCompleted, kDegraded, kFailed}},
      {kInterrupted, {kRecording, kProcessing, kAwaitingAudio, kAbandoned, kCompleted, kDegraded, kFailed}},
      {kAwaitingAudio, {kRecording, kProcessing, kAbandoned, kCompleted, kDegraded, kFailed}},
      {kProcessing, {kCompleted, kDegraded, kFailed}},
      {kCompleted, {kRecording, kProcessing}},
      {kDegraded, {kRecording, kProcessing}},
      {kFailed, {kRecording, kProcessing}},
      {kAbandoned, {}},
  };
  for (int from = 0; from <= static_cast<int>(kAbandoned); ++from) {
    for (int to = 0; to <= static_cast<int>(kAbandoned); ++to) {
      const auto a = static_cast<model::SessionStatus>(from);
      const auto b = static_cast<model::SessionStatus>(to);
      EXPECT_EQ(MayMove(a, b), allowed.at(a).contains(b)) << model::Name(a) << " -> " << model::Name(b);
    }
  }
}

}  // namespace
}  // namespace speechcoach::pipeline
