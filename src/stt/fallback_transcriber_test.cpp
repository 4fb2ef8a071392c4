#include "stt/fallback_transcriber.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

// Answers what it is told to, in order; after that, its transcript.
class ScriptedTranscriber final : public Transcriber {
 public:
  ScriptedTranscriber(std::string name, std::vector<ErrorCode> failures)
      : name_(std::move(name)), failures_(std::move(failures)) {}

  base::Result<model::Transcript> Transcribe(const model::AudioClip&, const TranscribeOptions& options) override {
    if (options.on_progress) {
      for (const double share : {0.2, 0.8}) options.on_progress(share);
    }
    if (next_ < failures_.size()) return {failures_[next_++], name_ + " failed"};
    model::Transcript transcript;
    transcript.model = name_;
    return transcript;
  }

 private:
  std::string name_;
  std::vector<ErrorCode> failures_;
  std::size_t next_ = 0;
};

TranscriberLoader Loads(const std::string& name, std::vector<ErrorCode> failures = {}, int* times = nullptr) {
  return [=]() -> base::Result<std::unique_ptr<Transcriber>> {
    if (times != nullptr) ++*times;
    return std::unique_ptr<Transcriber>(std::make_unique<ScriptedTranscriber>(name, failures));
  };
}

TranscriberLoader CannotLoad(const std::string& why) {
  return [=]() -> base::Result<std::unique_ptr<Transcriber>> { return {ErrorCode::kModelUnavailable, why}; };
}

TEST(FallbackTranscriber, LeavesTheFallbackAloneWhileThePrimaryServes) {
  int loads = 0;
  const auto pair = MakeFallbackTranscriber(Loads("base"), Loads("tiny.en", {}, &loads));
  ASSERT_TRUE(pair.ok());
  const auto transcript = (*pair)->Transcribe({}, {});
  ASSERT_TRUE(transcript.ok());
  EXPECT_EQ(transcript->model, "base");
  EXPECT_FALSE(transcript->used_fallback);
  EXPECT_EQ(loads, 0);
}

TEST(FallbackTranscriber, ServesFromTheFallbackWhereThePrimaryCannotLoad) {
  const auto pair = MakeFallbackTranscriber(CannotLoad("too big"), Loads("tiny.en"));
  ASSERT_TRUE(pair.ok());
  const auto transcript = (*pair)->Transcribe({}, {});
  ASSERT_TRUE(transcript.ok());
  EXPECT_EQ(transcript->model, "tiny.en");
  EXPECT_TRUE(transcript->used_fallback);
}

TEST(FallbackTranscriber, ProgressNeverFalls) {
  const auto pair = MakeFallbackTranscriber(Loads("base", {ErrorCode::kSttFailed}), Loads("tiny.en"));
  ASSERT_TRUE(pair.ok());
  std::vector<double> told;
  TranscribeOptions options;
  options.on_progress = [&](double share) { told.push_back(share); };
  ASSERT_TRUE((*pair)->Transcribe({}, options).ok());
  EXPECT_EQ(told, (std::vector<double>{0.2, 0.8}));
}

TEST(FallbackTranscriber, RescuesARecordingAndReturnsToThePrimary) {
  int loads = 0;
  const auto pair =
      MakeFallbackTranscriber(Loads("base", {ErrorCode::kSttFailed, ErrorCode::kModelUnavailable}), Loads("tiny.en", {}, &loads));
  ASSERT_TRUE(pair.ok());
  for (int i = 0; i < 2; ++i) {
    const auto rescued = (*pair)->Transcribe({}, {});
    ASSERT_TRUE(rescued.ok());
    EXPECT_EQ(rescued->model, "tiny.en");
    EXPECT_TRUE(rescued->used_fallback);
  }
  const auto next = (*pair)->Transcribe({}, {});
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->model, "base");
  EXPECT_FALSE(next->used_fallback);
  EXPECT_EQ(loads, 1) << "once loaded, the fallback is kept";
}

TEST(FallbackTranscriber, LeavesCancelledLateAndBusyToTheCaller) {
  for (const ErrorCode code : {ErrorCode::kCancelled, ErrorCode::kTimeout, ErrorCode::kBusy}) {
    const auto pair = MakeFallbackTranscriber(Loads("base", {code}), Loads("tiny.en"));
    ASSERT_TRUE(pair.ok());
    const auto transcript = (*pair)->Transcribe({}, {});
    ASSERT_FALSE(transcript.ok());
    EXPECT_EQ(transcript.error().code, code);
  }
}

TEST(FallbackTranscriber, NamesBothReasonsWhereNeitherWorks) {
  const auto none = MakeFallbackTranscriber(CannotLoad("base is damaged"), CannotLoad("tiny.en is missing"));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kModelUnavailable);
  EXPECT_THAT(none.error().message, HasSubstr("base is damaged"));
  EXPECT_THAT(none.error().message, HasSubstr("tiny.en is missing"));

  const auto pair = MakeFallbackTranscriber(Loads("base", {ErrorCode::kSttFailed}), Loads("tiny.en", {ErrorCode::kSttFailed}));
  ASSERT_TRUE(pair.ok());
  const auto transcript = (*pair)->Transcribe({}, {});
  ASSERT_FALSE(transcript.ok());
  EXPECT_EQ(transcript.error().code, ErrorCode::kSttFailed);
  EXPECT_THAT(transcript.error().message, HasSubstr("base failed"));
  EXPECT_THAT(transcript.error().message, HasSubstr("tiny.en failed"));
}

}  // namespace
}  // namespace speechcoach::stt
