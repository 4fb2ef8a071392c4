#include <set>

#include <gtest/gtest.h>

#include "model/session.h"
#include "model/user_message.h"

namespace speechcoach::model {
namespace {

TEST(SessionNamesTest, LeadBackToTheirValues) {
  for (int i = 0; i <= static_cast<int>(SessionStatus::kAbandoned); ++i) {
    const auto status = static_cast<SessionStatus>(i);
    EXPECT_EQ(SessionStatusFromName(Name(status)), status);
  }
  EXPECT_EQ(ModeFromName("sentence_practice"), Mode::kSentencePractice);
  EXPECT_EQ(LocaleFromName("en"), Locale::kEn);
  EXPECT_FALSE(ModeFromName("karaoke").has_value());
}

TEST(UserMessageTest, EveryCodeSaysSomethingInBothLanguages) {
  for (int i = 0; i <= static_cast<int>(base::ErrorCode::kModelUnavailable); ++i) {
    const auto code = static_cast<base::ErrorCode>(i);
    EXPECT_FALSE(UserMessage(code, Locale::kVi).empty());
    EXPECT_FALSE(UserMessage(code, Locale::kEn).empty());
    EXPECT_NE(UserMessage(code, Locale::kVi), UserMessage(code, Locale::kEn));
  }
}

}  // namespace
}  // namespace speechcoach::model
