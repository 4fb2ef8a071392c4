#include "pipeline/conversations.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <latch>
#include <mutex>

#include <gtest/gtest.h>

#include "audio/recording_decoder.h"
#include "dialogue/scripted_partner.h"
#include "pipeline/scripted_stages.h"
#include "pipeline/session_service.h"
#include "storage/temporary_database.h"

namespace speechcoach::pipeline {
namespace {

using namespace std::chrono_literals;
using enum model::SessionStatus;

// A queue that can be made to take nothing.
class ClosableQueue final : public queue::JobQueue {
 public:
  explicit ClosableQueue(std::unique_ptr<queue::JobQueue> real) : real_(std::move(real)) {}
  std::atomic<bool> is_closed = false;

  base::Status Start(queue::JobHandler handler, queue::GiveUpHandler give_up) override {
    return real_->Start(std::move(handler), std::move(give_up));
  }
  base::Status Enqueue(const queue::Job& job) override {
    return is_closed ? base::Status(base::ErrorCode::kStorageUnavailable, "disk full") : real_->Enqueue(job);
  }
  int Waiting() const override { return real_->Waiting(); }
  void Stop(std::chrono::milliseconds grace) override { real_->Stop(grace); }

 private:
  std::unique_ptr<queue::JobQueue> real_;
};

// A service with real storage whose transcriber says what the test wants.
class ConversationsTest : public ::testing::Test {
 protected:
  ConversationsTest() {
    config_.audio.url = "file:" + (folder_.path() / "audio").string();
    blobs_ = storage::OpenBlobStore(config_.audio).value();
    decoder_ = audio::MakeRecordingDecoder(config_.audio, "");
    Make();
  }
  ~ConversationsTest() override { service_->Stop(5s); }

  void Make() {
    if (service_) service_->Stop(5s);
    service_.reset();
    queue_ = std::make_unique<ClosableQueue>(queue::MakeInProcessQueue(config_.pipeline, db_->jobs()));
    ServiceParts parts;
    parts.sessions = &db_->sessions();
    parts.sentences = &db_->sentences();
    parts.blobs = blobs_.get();
    parts.queue = queue_.get();
    parts.decoder = decoder_.get();
    parts.events = events_.get();
    parts.clock = &clock_;
    parts.conversations = conversations_in_use_;
    parts.stages = {&transcriber_, &prosody_, nullptr, &rules_};
    service_ = std::make_unique<SessionService>(config_, parts);
    ASSERT_TRUE(service_->Start().ok());
  }

  std::string Begin(const std::string& topic = "food") {
    NewSession wanted;
    wanted.user_id = db_.user_id();
    wanted.topic = topic;
    return service_->Create(wanted).value().id;
  }
  void Hear(const std::string& text) {
    transcriber_.script = [text](const stt::TranscribeOptions&) -> base::Result<model::Transcript> {
      if (text.empty()) return model::Transcript{};
      return model::Transcript{text, {{text, 0.3, 2.0, 0.9}}, 0.9, "scripted", false};
    };
  }
  model::Session Answer(const std::string& id, const std::string& heard) {
    Hear(heard);
    EXPECT_TRUE(service_->BeginRecording(db_.user_id(), id).ok());
    EXPECT_TRUE(service_->SubmitAudio(db_.user_id(), id, {"wav", TestBytes("good.wav")}).ok());
    return service_->WaitUntilFinal(db_.user_id(), id, 20s).value();
  }
  std::vector<model::Turn> Turns(const std::string& id) {
    return service_->Turns(service_->Get(db_.user_id(), id).value()).value();
  }
  std::vector<EventPayload> Told(const std::string& id) {
    std::vector<EventPayload> told;
    events_
        ->Subscribe(id, 0,
                    [&](const SessionEvent& event) {
                      if (event.number > 0) told.push_back(event.payload);
                    })
        .reset();
    return told;
  }

  storage::TemporaryFolder folder_;
  storage::TemporaryDatabase db_;
  base::SystemClock clock_;
  base::Config config_;
  std::unique_ptr<storage::BlobStore> blobs_;
  std::unique_ptr<audio::AudioDecoder> decoder_;
  std::unique_ptr<SessionEvents> events_ = MakeSessionEvents(clock_, &db_->events());
  ScriptedTranscriber transcriber_;
  prosody::SoundProsodyExtractor prosody_;
  scoring::RuleFeedbackWriter rules_;
  dialogue::ScriptedPartner partner_;
  Conversations conversations_{db_->turns(), partner_, *events_, clock_};
  Conversations* conversations_in_use_ = &conversations_;
  std::unique_ptr<ClosableQueue> queue_;
  std::unique_ptr<SessionService> service_;
};

TEST_F(ConversationsTest, LeavingWhileAnAnswerIsAnalysedLosesNothing) {
  const std::string id = Begin();
  Answer(id, "I like noodles.");
  std::latch goes_on{1};
  transcriber_.script = [&](const stt::TranscribeOptions&) -> base::Result<model::Transcript> {
    goes_on.wait();
    return model::Transcript{"My mother cooks.", {{"My mother cooks.", 0.3, 2.0, 0.9}}, 0.9, "scripted", false};
  };
  ASSERT_TRUE(service_->BeginRecording(db_.user_id(), id).ok());
  ASSERT_TRUE(service_->SubmitAudio(db_.user_id(), id, {"wav", TestBytes("good.wav")}).ok());
  EXPECT_EQ(service_->Abandon(db_.user_id(), id).error().code, base::ErrorCode::kWrongState);
  EXPECT_EQ(service_->Expire(db_.user_id(), id).error().code, base::ErrorCode::kWrongState);
  goes_on.count_down();
  EXPECT_EQ(service_->WaitUntilFinal(db_.user_id(), id, 20s)->analysis->transcript.text, "I like noodles. My mother cooks.");
}

TEST_F(ConversationsTest, WhereNothingCanBeQueuedTheResultThatIsThereStays) {
  const std::string id = Begin();
  const model::Session before = Answer(id, "I like noodles.");
  queue_->is_closed = true;
  EXPECT_FALSE(service_->Retry(db_.user_id(), id, true).ok());
  const auto after = service_->Get(db_.user_id(), id);
  EXPECT_EQ(after->status, kCompleted);
  EXPECT_EQ(after->analysis->transcript.text, before.analysis->transcript.text);
  EXPECT_EQ(Turns(id)[0].analysis->transcript.text, "I like noodles.");
  queue_->is_closed = false;
  EXPECT_EQ(Answer(id, "My mother cooks it.").analysis->transcript.text, "I like noodles. My mother cooks it.");
}

// It is in no row any more.
TEST_F(ConversationsTest, ARecordingThatCouldNotBeQueuedGoesWhenTheAnswerIsSaidAgain) {
  const std::string id = Begin();
  Answer(id, "I like noodles.");
  ASSERT_TRUE(service_->BeginRecording(db_.user_id(), id).ok());
  queue_->is_closed = true;
  EXPECT_FALSE(service_->SubmitAudio(db_.user_id(), id, {"wav", TestBytes("good.wav")}).ok());
  const std::string unqueued = service_->Get(db_.user_id(), id)->audio_key;
  ASSERT_TRUE(blobs_->Get(unqueued).ok());
  queue_->is_closed = false;
  Answer(id, "My mother cooks it.");
  EXPECT_EQ(blobs_->Get(unqueued).error().code, base::ErrorCode::kNotFound);
  for (int turn : {1, 2}) EXPECT_TRUE(service_->Audio(db_.user_id(), id, turn).ok()) << turn;
}

TEST_F(ConversationsTest, TheCoachOpensAndAnswersEachTurn) {
  const std::string id = Begin();
  ASSERT_EQ(Turns(id).size(), 1u);
  EXPECT_FALSE(Turns(id)[0].coach.say.empty());
  const model::Session first = Answer(id, "I like noodles.");
  EXPECT_EQ(first.status, kCompleted);
  const model::Session second = Answer(id, "My mother cooks it every day.");
  EXPECT_EQ(second.status, kCompleted);
  const auto turns = Turns(id);
  ASSERT_EQ(turns.size(), 3u);
  EXPECT_EQ(turns[0].analysis->transcript.text, "I like noodles.");
  EXPECT_EQ(turns[1].analysis->transcript.text, "My mother cooks it every day.");
  EXPECT_NE(turns[0].coach.say, turns[1].coach.say);
  EXPECT_FALSE(turns[2].is_over());
  EXPECT_EQ(second.analysis->transcript.text, "I like noodles. My mother cooks it every day.");
  EXPECT_NE(turns[0].audio_key, turns[1].audio_key);
  EXPECT_EQ(service_->Audio(db_.user_id(), id, 1)->bytes, TestBytes("good.wav"));
  EXPECT_EQ(service_->Audio(db_.user_id(), id, 3).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(service_->OpenTurn(id).value(), 3);

  service_->Stop(5s);  // the end is told after it is kept
  std::vector<int> coached;
  std::vector<int> completed;
  for (const EventPayload& event : Told(id)) {
    if (const auto* coach = std::get_if<CoachTurnEvent>(&event)) coached.push_back(coach->turn);
    if (const auto* complete = std::get_if<CompleteEvent>(&event)) completed.push_back(complete->turn);
  }
  EXPECT_EQ(coached, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(completed, (std::vector<int>{1, 2}));
}

TEST_F(ConversationsTest, AnAnswerWithoutWordsIsAskedForAgain) {
  const std::string id = Begin();
  EXPECT_EQ(Answer(id, "").status, kFailed);
  EXPECT_EQ(Turns(id)[0].error->code, base::ErrorCode::kNoSpeech);
  ASSERT_EQ(Turns(id).size(), 2u);
  const model::Session after = Answer(id, "I like noodles.");
  EXPECT_EQ(after.status, kCompleted);
  EXPECT_FALSE(after.error);
  EXPECT_EQ(Answer(id, "").status, kCompleted) << "the answers before it stay";
}

TEST_F(ConversationsTest, GoesOnUntilTheCoachSaysGoodbye) {
  const std::string id = Begin();
  for (int i = 0; i < 20 && service_->OpenTurn(id).value() != 0; ++i) Answer(id, "Yes, I like it very much.");
  const auto turns = Turns(id);
  EXPECT_TRUE(turns.back().coach.is_last);
  EXPECT_EQ(service_->BeginRecording(db_.user_id(), id).error().code, base::ErrorCode::kWrongState);
}

TEST_F(ConversationsTest, HasABound) {
  config_.limits.turns_per_session = 1;
  Make();
  const std::string id = Begin();
  Answer(id, "I like noodles.");
  EXPECT_EQ(service_->BeginRecording(db_.user_id(), id).error().code, base::ErrorCode::kSessionQuota);
}

TEST_F(ConversationsTest, ATurnThatIsGivenUpLeavesThoseBefore) {
  const std::string id = Begin();
  const model::Session before = Answer(id, "I like noodles.");
  ASSERT_TRUE(service_->BeginRecording(db_.user_id(), id).ok());
  ASSERT_TRUE(service_->Abandon(db_.user_id(), id).ok());
  const model::Session after = service_->Get(db_.user_id(), id).value();
  EXPECT_EQ(after.status, kCompleted);
  EXPECT_EQ(after.analysis->transcript.text, before.analysis->transcript.text);
  EXPECT_EQ(service_->OpenTurn(id).value(), 2);
  const std::string unused = Begin();
  ASSERT_TRUE(service_->BeginRecording(db_.user_id(), unused).ok());
  ASSERT_TRUE(service_->Abandon(db_.user_id(), unused).ok());
  EXPECT_EQ(service_->Get(db_.user_id(), unused)->status, kAbandoned);
}

TEST_F(ConversationsTest, AnsweredAgainTheCoachHasSaidWhatItSaid) {
  const std::string id = Begin();
  Answer(id, "I like noodles.");
  const std::string said = Turns(id)[1].coach.say;
  Hear("I like soup.");
  ASSERT_TRUE(service_->Retry(db_.user_id(), id, true).ok());
  const model::Session again = service_->WaitUntilFinal(db_.user_id(), id, 20s).value();
  EXPECT_EQ(again.analysis->transcript.text, "I like soup.");
  ASSERT_EQ(Turns(id).size(), 2u);
  EXPECT_EQ(Turns(id)[1].coach.say, said);
  EXPECT_EQ(Turns(id)[0].analysis->transcript.text, "I like soup.");
}

TEST_F(ConversationsTest, AResultThatNobodyHeardIsToldForItsTurn) {
  const std::string id = Begin();
  Answer(id, "I like noodles.");
  service_->Stop(5s);
  const std::size_t told = Told(id).size();
  // As another process left it: the second answer analysed, its end untold.
  model::Turn turn = Turns(id)[1];
  turn.analysis = Turns(id)[0].analysis;
  turn.completed_at_ms = clock_.NowMs() - 60'000;
  ASSERT_TRUE(conversations_.Keep(turn).ok());
  model::Session session = service_->Get(db_.user_id(), id).value();
  session.completed_at_ms = turn.completed_at_ms;
  service_->MakeSureOf(session);
  service_->MakeSureOf(session);
  const auto events = Told(id);
  ASSERT_EQ(events.size(), told + 1);
  EXPECT_EQ(std::get<CompleteEvent>(events.back()).turn, 2);
}

TEST_F(ConversationsTest, GoesWithItsRecordings) {
  const std::string id = Begin();
  Answer(id, "I like noodles.");
  Answer(id, "Every day.");
  const auto turns = Turns(id);
  ASSERT_TRUE(service_->Delete(db_.user_id(), id).ok());
  for (int i : {0, 1})
    EXPECT_EQ(blobs_->Get(turns[static_cast<std::size_t>(i)].audio_key).error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(db_->turns().Of(id)->empty());
}

// While it thinks, another server's answer is kept.
class OvertakenPartner final : public dialogue::DialoguePartner {
 public:
  std::function<void()> meanwhile;
  base::Result<model::CoachTurn> Begin(dialogue::DialogueState&, std::stop_token) override { return model::CoachTurn{}; }
  base::Result<model::CoachTurn> Reply(dialogue::DialogueState&, std::string_view, std::stop_token) override {
    meanwhile();
    return model::CoachTurn{"What I would have said.", {}, {}, false};
  }
};

TEST_F(ConversationsTest, OfTwoServersThatAnswerTheFirstOnesWordsStay) {
  const std::string id = Begin();
  OvertakenPartner partner;
  Conversations slower(db_->turns(), partner, *events_, clock_);
  const model::Turn first = Turns(id)[0];
  partner.meanwhile = [&] { ASSERT_TRUE(conversations_.Reply(first, "I like noodles.", {}).ok()); };
  EXPECT_TRUE(slower.Reply(first, "I like noodles.", {}).ok());
  ASSERT_EQ(Turns(id).size(), 2u);
  const auto told = Told(id);
  EXPECT_EQ(std::get<CoachTurnEvent>(told.back()).coach.say, Turns(id)[1].coach.say);
  EXPECT_NE(Turns(id)[1].coach.say, "What I would have said.");

  partner.meanwhile = [&] { ASSERT_TRUE(db_->sessions().Delete(id).ok()); };
  EXPECT_EQ(slower.Reply(Turns(id)[1], "Yes.", {}).error().code, base::ErrorCode::kNotFound);
}

// Thinks until it is told to stop.
class PatientPartner final : public dialogue::DialoguePartner {
 public:
  std::latch is_asked{1};
  base::Result<model::CoachTurn> Begin(dialogue::DialogueState&, std::stop_token) override { return model::CoachTurn{}; }
  base::Result<model::CoachTurn> Reply(dialogue::DialogueState&, std::string_view, std::stop_token stop) override {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    is_asked.count_down();
    const bool waits = !stopped.wait_for(lock, stop, 20s, [] { return false; }) && !stop.stop_requested();
    if (waits) return base::Error{base::ErrorCode::kTimeout, "nobody stopped it"};
    return base::Error{base::ErrorCode::kCancelled, ""};
  }
};

TEST_F(ConversationsTest, ACoachThatThinksDoesNotHoldUpTheEnd) {
  const std::string id = Begin();
  PatientPartner partner;
  Conversations thinking(db_->turns(), partner, *events_, clock_);
  conversations_in_use_ = &thinking;
  Make();
  // Nothing was heard, so the coach is asked when the result is kept.
  transcriber_.script = [](const stt::TranscribeOptions&) {
    return base::Result<model::Transcript>(base::ErrorCode::kModelUnavailable, "no model");
  };
  ASSERT_TRUE(service_->BeginRecording(db_.user_id(), id).ok());
  ASSERT_TRUE(service_->SubmitAudio(db_.user_id(), id, {"wav", TestBytes("good.wav")}).ok());
  partner.is_asked.wait();
  service_->Stop(0ms);
  EXPECT_EQ(service_->Get(db_.user_id(), id)->status, kProcessing) << "the next start takes it up";
  EXPECT_FALSE(Turns(id)[0].is_over());
}

TEST_F(ConversationsTest, OnlyConversationsHaveTopics) {
  NewSession wanted;
  wanted.user_id = db_.user_id();
  wanted.topic = "no such topic";
  EXPECT_EQ(service_->Create(wanted).error().code, base::ErrorCode::kBadField);
  wanted.topic = "food";
  wanted.mode = model::Mode::kSentencePractice;
  wanted.reference_text = "A text.";
  EXPECT_EQ(service_->Create(wanted).error().code, base::ErrorCode::kBadField);
  wanted = {};
  wanted.user_id = db_.user_id();
  const std::string alone = service_->Create(wanted).value().id;
  Answer(alone, "I talk alone.");
  EXPECT_TRUE(Turns(alone).empty());
  EXPECT_EQ(service_->BeginRecording(db_.user_id(), alone).error().code, base::ErrorCode::kWrongState);
}

}  // namespace
}  // namespace speechcoach::pipeline
