#include "api/ws/practice_socket.h"

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <future>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "api/test_world.h"

namespace speechcoach::api {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

// The other side of a socket: keeps what was sent, and runs what was posted on the test's thread.
class FakePeer final : public WebSocketPeer {
 public:
  void Send(std::string text) override {
    Post([this, text] { sent.push_back(boost::json::parse(text).as_object()); });
  }
  void SendUnlessBehind(std::string text) override { Send(std::move(text)); }
  void Close(CloseCode code, std::string) override {
    Post([this, code] {
      if (!closed) closed = code;
    });
  }
  void Post(std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    posted_.notify_all();
  }
  void PauseReading() override {
    Post([this] { ++pauses; });
  }
  void ResumeReading() override {
    Post([this] { --pauses; });
  }

  // Runs what is posted until `done`; false after half a minute.
  bool RunUntil(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!done()) {
      std::function<void()> task;
      {
        std::unique_lock lock(mutex_);
        if (!posted_.wait_until(lock, deadline, [this] { return !tasks_.empty(); })) return false;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
    return true;
  }

  std::vector<object> sent;
  std::optional<CloseCode> closed;
  int pauses = 0;

 private:
  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> tasks_;
};

class PracticeSocketTest : public ::testing::Test {
 protected:
  explicit PracticeSocketTest(bool hears_live = false)
      : world_([](base::Config& config) { config.limits.sessions_per_hour = 5; }, hears_live) {
    Connect();
  }
  ~PracticeSocketTest() override {
    if (socket_) Disconnect();
    pool_.Stop();
  }

  void Connect() {
    SocketParts parts;
    parts.service = world_.service.get();
    parts.live = live_ != nullptr ? live_ : world_.live_recordings.get();
    parts.levels = &levels_;
    parts.events = world_.events.get();
    parts.pool = &pool_;
    parts.clock = &clock_;
    parts.after = [this](std::chrono::milliseconds, std::function<void()> task) { timer_ = std::move(task); };
    parts.limits = {200'000, 3.0};
    parts.messages_per_second = 20;
    peer_ = std::make_shared<FakePeer>();
    socket_ = std::make_shared<PracticeSocket>(parts, user_id_);
    socket_->OnOpen(peer_);
    Await("hello");
  }
  void Disconnect() {
    socket_->OnClosed();
    socket_.reset();
  }

  // As a connection does: nothing is taken in while reading is paused.
  void Say(const std::string& text) {
    socket_->OnText(text);
    Settle();
  }
  void Settle() {
    bool is_settled = false;
    peer_->Post([&] { is_settled = true; });
    ASSERT_TRUE(peer_->RunUntil([&] { return is_settled && peer_->pauses == 0; }));
  }
  // The timer posts its look at the clock, which posts what comes of it.
  void RunTimer() {
    timer_();
    Settle();
    Settle();
  }
  void SendChunk(std::uint32_t stream, std::uint32_t seq, std::span<const std::uint8_t> audio) {
    std::vector<std::uint8_t> frame(8 + audio.size());
    std::memcpy(frame.data(), &stream, 4);
    std::memcpy(frame.data() + 4, &seq, 4);
    std::ranges::copy(audio, frame.begin() + 8);
    socket_->OnBinary(frame);
    Settle();
  }

  // The next message of that type; others before it are skipped.
  object Await(std::string_view type) {
    object found;
    const bool is_there = peer_->RunUntil([&] {
      while (read_ < peer_->sent.size()) {
        const object& message = peer_->sent[read_++];
        if (message.at("type").as_string() == type) {
          found = message;
          return true;
        }
      }
      return false;
    });
    if (!is_there) {
      ADD_FAILURE() << "no " << type;
      return {{"session_id", ""}, {"code", ""}, {"stream_id", 0}, {"event", 0}};
    }
    return found;
  }
  std::string AwaitError() { return std::string(Await("error").at("code").as_string()); }

  std::string Start(std::string_view more = "") {
    Say(fmt::format(R"({{"type":"start_session","mode":"conversation","audio":{{"format":"pcm_s16le","sample_rate":16000}}{}}})",
                    more));
    const object started = Await("session_started");
    stream_ = static_cast<std::uint32_t>(started.at("stream_id").to_number<int>());
    return std::string(started.at("session_id").as_string());
  }
  // A learner's real voice, without the WAV header, within the limits above.
  static std::vector<std::uint8_t> Speech() {
    const std::vector<std::uint8_t> wav = TestWorld::Recording("good.wav");
    return {wav.begin() + 44, wav.begin() + 44 + 2 * 16000 * 2};
  }
  void Stream(std::span<const std::uint8_t> pcm) {
    constexpr std::size_t kChunk = 16000;
    last_seq_ = -1;
    for (std::size_t at = 0; at < pcm.size(); at += kChunk) {
      SendChunk(stream_, static_cast<std::uint32_t>(++last_seq_), pcm.subspan(at, std::min(kChunk, pcm.size() - at)));
    }
  }
  void End(const std::string& id, std::int64_t last_seq) {
    Say(fmt::format(R"({{"type":"end_recording","session_id":"{}","last_seq":{}}})", id, last_seq));
  }
  // What the pool still has to do is done first.
  model::SessionStatus StatusOf(const std::string& id, model::SessionStatus expected) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (true) {
      const auto session = world_.service->Get(user_id_, id);
      if (!session.ok() || session->status == expected || std::chrono::steady_clock::now() > deadline)
        return session.value().status;
      std::this_thread::yield();
    }
  }

  std::latch release_{1};
  TestWorld world_;
  base::ManualClock clock_{1'800'000'000'000};
  WorkPool pool_{2, 64};
  LevelBudget levels_{1000};
  std::int64_t user_id_ = world_.NewUser();
  std::shared_ptr<FakePeer> peer_;
  std::shared_ptr<PracticeSocket> socket_;
  pipeline::LiveRecordings* live_ = nullptr;  // in place of the world's
  std::function<void()> timer_;
  std::size_t read_ = 0;
  std::uint32_t stream_ = 0;
  std::int64_t last_seq_ = -1;
};

TEST_F(PracticeSocketTest, FromSpeechToFeedback) {
  const std::string id = Start(R"(,"client_ref":"mine","locale":"en")");
  EXPECT_EQ(peer_->sent.back().at("client_ref").as_string(), "mine");
  Stream(Speech());
  EXPECT_EQ(Await("level").at("session_id").as_string(), id);
  End(id, last_seq_);
  EXPECT_EQ(Await("transcription").at("text").as_string(), "Always waiting.");
  const object done = Await("analysis_complete");
  EXPECT_EQ(done.at("session_id").as_string(), id);
  EXPECT_EQ(done.at("status").as_string(), "completed");
  std::int64_t last_event = 0;
  for (const object& message : peer_->sent) {
    const auto type = message.at("type").as_string();
    if (type == "progress") {
      EXPECT_EQ(message.at("event").to_number<std::int64_t>(), last_event);
    }
    if (type != "transcription" && type != "prosody_features" && type != "analysis_complete") continue;
    EXPECT_EQ(message.at("event").to_number<std::int64_t>(), last_event + 1);
    ++last_event;
  }
  EXPECT_EQ(StatusOf(id, model::SessionStatus::kCompleted), model::SessionStatus::kCompleted);
}

class LivePracticeSocketTest : public PracticeSocketTest {
 protected:
  LivePracticeSocketTest() : PracticeSocketTest(true) {}
};

TEST_F(LivePracticeSocketTest, WordsComeWhileTheLearnerSpeaks) {
  const std::string id = Start();
  Stream(Speech());
  const object partial = Await("transcription");
  EXPECT_FALSE(partial.at("is_final").as_bool());
  EXPECT_EQ(partial.at("text").as_string(), "Always waiting.");
  EXPECT_LE(partial.at("stable_words").to_number<int>(), 2);
  End(id, last_seq_);
  object last;
  do {
    last = Await("transcription");
  } while (!HasFailure() && !last.at("is_final").as_bool());
  EXPECT_FALSE(last.contains("stable_words"));
  Await("analysis_complete");
  const auto later = std::ranges::find_if(
      peer_->sent, [](const object& message) { return message.contains("is_final") && message.at("is_final").as_bool(); });
  EXPECT_TRUE(std::none_of(later + 1, peer_->sent.end(), [](const object& message) { return message.contains("is_final"); }))
      << "nothing partial after the final one";
}

TEST_F(LivePracticeSocketTest, TheMelodyComesWhileTheLearnerSpeaks) {
  const std::string id = Start();
  const auto speech = Speech();
  constexpr std::size_t kChunk = 3200;
  for (std::size_t at = 0; at < speech.size(); at += kChunk) {
    SendChunk(stream_, static_cast<std::uint32_t>(++last_seq_),
              std::span(speech).subspan(at, std::min(kChunk, speech.size() - at)));
    clock_.Advance(100ms);
    // Said once the chunk was heard, on a thread of its own.
    Await("level");
  }
  double next_s = 0.025;
  int voiced = 0;
  for (const object& message : peer_->sent) {
    if (message.at("type").as_string() != "level" || !message.contains("pitch_hz")) continue;
    EXPECT_NEAR(message.at("pitch_from_s").as_double(), next_s, 0.002) << "no moment twice, none left out";
    for (const auto& f0_hz : message.at("pitch_hz").as_array()) {
      next_s += 0.02;
      voiced += f0_hz.as_double() > 0.0;
    }
  }
  EXPECT_GT(next_s, 1.8);
  EXPECT_GT(voiced, 20);
  End(id, last_seq_);
  Await("analysis_complete");
}

// Partial words that a broker takes long to pass on.
TEST_F(LivePracticeSocketTest, TheEndOfARecordingWaitsForNobodyHere) {
  for (const bool is_lost : {false, true}) {
    std::latch is_telling{1};
    std::latch is_told{1};
    std::once_flag first;
    const std::string id = Start();
    auto slow = world_.events->Subscribe(id, 0, [&](const pipeline::SessionEvent& event) {
      const auto* words = std::get_if<pipeline::TranscriptionEvent>(&event.payload);
      if (words == nullptr || words->is_final) return;
      std::call_once(first, [&] {
        is_telling.count_down();
        is_told.wait();
      });
    });
    Stream(Speech());
    is_telling.wait();
    auto ended = std::async(std::launch::async, [&] {
      if (is_lost) return socket_->OnClosed();
      socket_->OnText(fmt::format(R"({{"type":"end_recording","session_id":"{}","last_seq":{}}})", id, last_seq_));
    });
    EXPECT_EQ(ended.wait_for(30s), std::future_status::ready);
    is_told.count_down();
    ended.wait();
    if (!is_lost) Await("analysis_complete");
    slow.reset();
  }
}

TEST_F(PracticeSocketTest, ChunksMayComeLateAndTwice) {
  const std::string id = Start();
  const auto speech = Speech();
  const auto part = [&](std::size_t i) { return std::span(speech).subspan(i * 16000, 16000); };
  SendChunk(stream_, 0, part(0));
  SendChunk(stream_, 2, part(2));
  const object request = Await("chunk_request");
  EXPECT_EQ(request.at("from_seq").as_int64(), 1);
  EXPECT_EQ(request.at("to_seq").as_int64(), 1);
  SendChunk(stream_, 2, part(2));
  End(id, 3);
  EXPECT_EQ(Await("chunk_request").at("from_seq").as_int64(), 1);
  EXPECT_EQ(Await("chunk_request").at("from_seq").as_int64(), 3);
  SendChunk(stream_, 3, part(3));
  SendChunk(stream_, 1, part(1));
  Await("analysis_complete");
  EXPECT_EQ(world_.service->Get(user_id_, id)->audio_size_bytes, 44 + 4 * 16000);
}

TEST_F(PracticeSocketTest, MistakesAreNamedAndTheSessionGoesOn) {
  Say("no json");
  EXPECT_EQ(AwaitError(), "bad_json");
  Say(R"({"type":"sing"})");
  EXPECT_EQ(AwaitError(), "unknown_type");
  Say(R"({"type":"end_recording","session_id":"x","last_seq":0})");
  EXPECT_EQ(AwaitError(), "wrong_state");
  const std::string id = Start();
  Say(R"({"type":"start_session","mode":"conversation","client_ref":"second","audio":{"format":"webm_opus"}})");
  EXPECT_EQ(Await("error").at("client_ref").as_string(), "second");
  SendChunk(stream_ + 1, 0, Speech());
  EXPECT_EQ(AwaitError(), "wrong_state");
  SendChunk(stream_, 0, std::vector<std::uint8_t>(3));
  EXPECT_EQ(AwaitError(), "bad_field");
  Stream(Speech());
  End(id, last_seq_ - 1);
  EXPECT_EQ(Await("error").at("field").as_string(), "last_seq");
  End(id, last_seq_);
  Await("analysis_complete");
}

TEST_F(PracticeSocketTest, ErrorsSpeakTheSessionsLanguage) {
  const std::string id = Start(R"(,"locale":"en")");
  End(id, -1);
  const object error = Await("error");
  EXPECT_EQ(error.at("code").as_string(), "no_speech");
  EXPECT_NE(error.at("message").as_string().find("microphone"), boost::json::string::npos);
  EXPECT_EQ(StatusOf(id, model::SessionStatus::kAbandoned), model::SessionStatus::kAbandoned);
}

TEST_F(PracticeSocketTest, TooLongARecordingIsGivenUp) {
  const std::string id = Start();
  Stream(std::vector<std::uint8_t>(4 * 32000));
  EXPECT_EQ(AwaitError(), "audio_too_long");
  SendChunk(stream_, 20, std::vector<std::uint8_t>(2));
  EXPECT_EQ(StatusOf(id, model::SessionStatus::kAbandoned), model::SessionStatus::kAbandoned);
  Start();
  for (const object& message : peer_->sent) {
    if (message.at("type").as_string() == "error") {
      EXPECT_EQ(message.at("code").as_string(), "audio_too_long") << "late chunks are no news";
    }
  }
}

TEST_F(PracticeSocketTest, CancelAbandons) {
  const std::string id = Start();
  Stream(Speech());
  Say(fmt::format(R"({{"type":"cancel","session_id":"{}"}})", id));
  EXPECT_EQ(Await("cancelled").at("session_id").as_string(), id);
  EXPECT_EQ(world_.service->Get(user_id_, id)->status, model::SessionStatus::kAbandoned);
  Start();
}

TEST_F(PracticeSocketTest, ALostConnectionInterrupts) {
  const std::string id = Start();
  Stream(Speech());
  Disconnect();
  EXPECT_EQ(StatusOf(id, model::SessionStatus::kInterrupted), model::SessionStatus::kInterrupted);
}

TEST_F(PracticeSocketTest, WhoComesBackHearsTheRest) {
  const std::string id = Start();
  Stream(Speech());
  End(id, last_seq_);
  const std::int64_t heard = Await("transcription").at("event").to_number<std::int64_t>();
  Disconnect();
  read_ = 0;
  Connect();
  Say(fmt::format(R"({{"type":"resume","session_id":"{}","last_event":{}}})", id, heard));
  const object resumed = Await("resumed");
  EXPECT_EQ(resumed.at("next_seq").as_int64(), 0);
  EXPECT_EQ(Await("prosody_features").at("event").to_number<std::int64_t>(), heard + 1);
  Await("analysis_complete");
  Say(R"({"type":"resume","session_id":"00000000-0000-4000-8000-000000000000"})");
  EXPECT_EQ(AwaitError(), "session_not_found");
}

TEST_F(PracticeSocketTest, WhatIsSafeIsAcknowledgedOnce) {
  const std::string id = Start();
  Stream(Speech());
  std::int64_t acknowledged = 0;
  while (acknowledged <= last_seq_ && !HasFailure()) {
    const std::int64_t next = Await("ack").at("next_seq").to_number<std::int64_t>();
    EXPECT_GT(next, acknowledged);
    acknowledged = next;
  }
  EXPECT_EQ(acknowledged, last_seq_ + 1);
}

TEST_F(PracticeSocketTest, ARecordingGoesOnAtAnotherConnection) {
  const std::string id = Start();
  const auto speech = Speech();
  SendChunk(stream_, 0, std::span(speech).first(16000));
  Await("ack");
  Disconnect();
  EXPECT_EQ(StatusOf(id, model::SessionStatus::kInterrupted), model::SessionStatus::kInterrupted);
  read_ = 0;
  Connect();
  Start();
  Say(fmt::format(R"({{"type":"resume","session_id":"{}"}})", id));
  EXPECT_EQ(AwaitError(), "wrong_state") << "one recording at a time";
  Disconnect();
  read_ = 0;
  Connect();
  Say(fmt::format(R"({{"type":"resume","session_id":"{}"}})", id));
  const object resumed = Await("resumed");
  EXPECT_EQ(resumed.at("state").as_string(), "recording");
  EXPECT_EQ(resumed.at("next_seq").as_int64(), 1);
  const auto stream = static_cast<std::uint32_t>(resumed.at("stream_id").to_number<int>());
  SendChunk(stream, 0, std::span(speech).first(16000));
  for (std::uint32_t seq = 1; seq < 4; ++seq) SendChunk(stream, seq, std::span(speech).subspan(seq * 16000, 16000));
  End(id, 3);
  Await("analysis_complete");
  EXPECT_EQ(world_.service->Get(user_id_, id)->audio_size_bytes, 44 + 4 * 16000);
}

TEST_F(PracticeSocketTest, AVoiceThatCannotBeMeasuredIsTold) {
  world_.prosody.is_broken = true;
  const std::string id = Start();
  Stream(Speech());
  End(id, last_seq_);
  const object error = Await("error");
  EXPECT_EQ(error.at("code").as_string(), "prosody_failed");
  EXPECT_EQ(error.at("stage").as_string(), "prosody");
  EXPECT_EQ(Await("analysis_complete").at("status").as_string(), "degraded");
}

TEST_F(PracticeSocketTest, RetryRunsTheAnalysisAgain) {
  world_.transcriber.script = [] { return base::Result<model::Transcript>(base::ErrorCode::kSttFailed, "scripted"); };
  const std::string id = Start();
  Stream(Speech());
  End(id, last_seq_);
  EXPECT_EQ(Await("error").at("stage").as_string(), "transcribing");
  EXPECT_EQ(Await("analysis_complete").at("status").as_string(), "degraded");
  world_.transcriber.script = ScriptedTranscriber().script;
  Say(fmt::format(R"({{"type":"retry","session_id":"{}"}})", id));
  EXPECT_EQ(Await("resumed").at("state").as_string(), "processing");
  EXPECT_EQ(Await("analysis_complete").at("status").as_string(), "completed");
}

TEST_F(PracticeSocketTest, OthersSessionsCannotBeReached) {
  pipeline::NewSession wanted;
  wanted.user_id = world_.NewUser();
  const auto other = world_.service->Create(wanted);
  ASSERT_TRUE(other.ok());
  for (const char* type : {"resume", "retry", "cancel"}) {
    Say(fmt::format(R"({{"type":"{}","session_id":"{}"}})", type, other->id));
    EXPECT_EQ(AwaitError(), "session_not_found") << type;
  }
}

TEST_F(PracticeSocketTest, TheHoursQuotaIsTold) {
  for (int i = 0; i < 5; ++i) {
    const std::string id = Start();
    Say(fmt::format(R"({{"type":"cancel","session_id":"{}"}})", id));
  }
  Say(R"({"type":"start_session","mode":"conversation","audio":{"format":"webm_opus"}})");
  const object error = Await("error");
  EXPECT_EQ(error.at("code").as_string(), "session_quota");
  EXPECT_GT(error.at("retry_after_ms").as_int64(), 0);
}

TEST_F(PracticeSocketTest, AFloodClosesTheConnection) {
  for (int i = 0; i < 200; ++i) socket_->OnText(R"({"type":"ping"})");
  Settle();
  EXPECT_FALSE(peer_->closed) << "a burst is taken";
  socket_->OnText(R"({"type":"ping"})");
  Settle();
  EXPECT_EQ(peer_->closed, CloseCode::kFlood);
}

TEST_F(PracticeSocketTest, NothingButNoiseClosesTheConnection) {
  for (int i = 0; i < 9; ++i) Say("noise");
  Say(R"({"type":"ping"})");
  for (int i = 0; i < 9; ++i) Say("noise");
  EXPECT_FALSE(peer_->closed);
  socket_->OnBinary(std::vector<std::uint8_t>(3));
  Settle();
  EXPECT_EQ(peer_->closed, CloseCode::kUnreadable);
}

TEST_F(PracticeSocketTest, AnIdleConnectionIsClosed) {
  clock_.Advance(9min);
  RunTimer();
  EXPECT_FALSE(peer_->closed);
  clock_.Advance(2min);
  RunTimer();
  EXPECT_EQ(peer_->closed, CloseCode::kIdle);
}

TEST_F(PracticeSocketTest, ARecordingWithoutSoundIsIdleSooner) {
  Start();
  clock_.Advance(61s);
  RunTimer();
  EXPECT_EQ(peer_->closed, CloseCode::kIdle);
}

TEST_F(PracticeSocketTest, LevelsComeAtMostTwentyASecond) {
  Start();
  const std::vector<std::uint8_t> chunk(320);
  for (std::uint32_t seq = 0; seq < 10; ++seq) {
    SendChunk(stream_, seq, chunk);
    clock_.Advance(10ms);
  }
  const auto levels = std::ranges::count_if(peer_->sent, [](const object& m) { return m.at("type").as_string() == "level"; });
  EXPECT_EQ(levels, 2);
}

TEST(LevelBudgetTest, SoManyASecondForAll) {
  LevelBudget budget(2);
  EXPECT_TRUE(budget.Take(1'000));
  EXPECT_TRUE(budget.Take(1'500));
  EXPECT_FALSE(budget.Take(1'999));
  EXPECT_TRUE(budget.Take(2'000));
}

TEST_F(PracticeSocketTest, WhereTheDiskIsBehindNothingMoreIsRead) {
  Disconnect();
  const auto spool = spool::OpenFileSpool({.folder = world_.folder() / "small", .max_unsafe_bytes = 20'000}, clock_).value();
  pipeline::LiveRecordings live(
      world_.config, {world_.service.get(), &world_.database->sessions(), &world_.database->events(), spool.get(), &clock_});
  live_ = &live;
  read_ = 0;
  Connect();
  const std::string id = Start();
  const std::vector<std::uint8_t> speech = Speech();
  constexpr std::size_t kChunk = 16'000;
  std::vector<std::uint8_t> frame(8 + kChunk);
  std::memcpy(frame.data(), &stream_, 4);
  for (std::uint32_t seq = 0; seq < 3; ++seq) {
    std::memcpy(frame.data() + 4, &seq, 4);
    std::ranges::copy(std::span(speech).subspan(seq * kChunk, kChunk), frame.begin() + 8);
    timer_ = nullptr;
    socket_->OnBinary(frame);
    // As a connection does: nothing is handed over while it is paused.
    const auto is_read = [&] {
      bool is_settled = false;
      peer_->Post([&] { is_settled = true; });
      return peer_->RunUntil([&] { return is_settled; }) && peer_->pauses == 0;
    };
    while (!is_read()) {
      // Returns once all is safe: there is room again.
      for (const std::uint32_t turn : {0U, 1U}) static_cast<void>(spool->Read({id, turn}));
      if (timer_) std::exchange(timer_, nullptr)();
    }
  }
  while (Await("ack").at("next_seq").to_number<int>() < 3) {
  }
  EXPECT_TRUE(std::ranges::none_of(peer_->sent, [](const object& message) { return message.at("type").as_string() == "error"; }));
  End(id, 2);
  Await("analysis_complete");
  Settle();  // the pool has done with what ends here
  Disconnect();
}

TEST_F(PracticeSocketTest, WhatIsLongCountsAsSeveralMessages) {
  // 20 a second, 200 at once.
  const std::string long_ping = fmt::format(R"({{"type":"ping","nonce":"{}"}})", std::string(50 * 64 * 1024, 'x'));
  for (int i = 0; i < 3 && !peer_->closed; ++i) Say(long_ping);
  EXPECT_FALSE(peer_->closed);
  Say(long_ping);
  EXPECT_EQ(peer_->closed, CloseCode::kFlood);
}

TEST_F(PracticeSocketTest, ABusyPoolLeavesTheRecordingToBeEndedAgain) {
  const std::string id = Start();
  Stream(Speech());
  std::latch both_held{2};
  for (int i = 0; i < 2; ++i) {
    pool_.SubmitAlways([&] {
      both_held.count_down();
      release_.wait();
    });
  }
  both_held.wait();
  while (pool_.Submit([] {})) {
  }
  End(id, last_seq_);
  EXPECT_EQ(AwaitError(), "busy");
  release_.count_down();
  std::latch drained{1};
  pool_.SubmitAlways([&] { drained.count_down(); });
  drained.wait();
  End(id, last_seq_);
  Await("analysis_complete");
}

}  // namespace
}  // namespace speechcoach::api
