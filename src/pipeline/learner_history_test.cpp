#include "pipeline/learner_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

using testing::ElementsAre;

model::Session Practised(const std::string& id, model::Mode mode, double overall) {
  model::Session session;
  session.id = id;
  session.mode = mode;
  session.analysis.emplace();
  session.analysis->scores.overall = overall;
  session.analysis->feedback.source.phrases = {id + "/said/0"};
  session.analysis->miscues = {{model::MiscueKind::kReplaced, "three", "tree"}, {model::MiscueKind::kInserted, "", "a"}};
  return session;
}

TEST(HistoryFromTest, TakesTheLatestOfTheSameModeAndTheLastWords) {
  const model::Session now = Practised("now", model::Mode::kSentencePractice, 9.0);
  const storage::SessionPage page{{now, Practised("b", model::Mode::kConversation, 5.0),
                                   Practised("a", model::Mode::kSentencePractice, 7.0), model::Session{}},
                                  ""};
  const auto history = HistoryFrom(page, now);
  ASSERT_TRUE(history.has_value());
  EXPECT_EQ(history->sessions, 2);
  EXPECT_EQ(history->best_overall, 7.0);
  EXPECT_EQ(history->last->overall, 7.0);
  EXPECT_THAT(history->last_phrases, ElementsAre("b/said/0"));
  EXPECT_THAT(history->last_troubled, ElementsAre("three"));
}

TEST(HistoryFromTest, AFirstSessionHasNone) {
  const model::Session now = Practised("now", model::Mode::kConversation, 9.0);
  EXPECT_FALSE(HistoryFrom({{now}, ""}, now).has_value());
}

TEST(HistoryFromTest, NoPersonalBestWhereOlderSessionsWereNotRead) {
  const model::Session now = Practised("now", model::Mode::kConversation, 9.0);
  const auto history = HistoryFrom({{now, Practised("a", model::Mode::kConversation, 5.0)}, "cursor"}, now);
  ASSERT_TRUE(history.has_value());
  EXPECT_EQ(history->sessions, 0);
}

}  // namespace
}  // namespace speechcoach::pipeline
