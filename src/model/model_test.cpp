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

TEST(UserMessageTest, NamesTheLimitsThatHold) {
  EXPECT_NE(UserMessage(base::ErrorCode::kAudioTooLong, Locale::kVi).find("dài quá 60 giây"), std::string_view::npos);
  EXPECT_NE(UserMessage(base::ErrorCode::kAudioTooLarge, Locale::kEn).find("larger than 10 MB"), std::string_view::npos);
  SetRecordingLimits(90.5, 512 * 1024);
  EXPECT_NE(UserMessage(base::ErrorCode::kAudioTooLong, Locale::kVi).find("dài quá 90.5 giây"), std::string_view::npos);
  EXPECT_NE(UserMessage(base::ErrorCode::kAudioTooLarge, Locale::kEn).find("larger than 512 KB"), std::string_view::npos);
  SetRecordingLimits(60, 10 * 1024 * 1024);
}

}  // namespace
}  // namespace speechcoach::model
