#include "audio/decode_pool.h"

#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "audio/test_support.h"

namespace speechcoach::audio {
namespace {

using base::ErrorCode;
using decode_protocol::Container;
using std::chrono::milliseconds;

constexpr std::size_t kMaxSamples = 16000;
const std::filesystem::path kRealProgram = SPEECHCOACH_DECODE_PROGRAM;
const std::filesystem::path kMisbehavingProgram = SPEECHCOACH_MISBEHAVING_DECODER;

Deadline In(milliseconds time) { return std::chrono::steady_clock::now() + time; }
Deadline Later() { return In(milliseconds(30'000)); }

std::unique_ptr<DecodeWorker> Start(const std::filesystem::path& program, const base::AudioConfig& config = {}) {
  auto worker = DecodeWorker::Start(config, program);
  EXPECT_TRUE(worker.ok()) << (worker.ok() ? "" : worker.error().message);
  return worker.ok() ? std::move(*worker) : nullptr;
}

base::Result<model::AudioClip> Ask(DecodeWorker& worker, const std::string& recording, Deadline deadline = Later()) {
  const std::vector<std::uint8_t> bytes(recording.begin(), recording.end());
  return worker.Decode(bytes, Container::kWebm, kMaxSamples, deadline);
}

// Kills the process and waits until it is gone, leaving it to its owner to collect.
void Kill(pid_t process_id) {
  ASSERT_EQ(kill(process_id, SIGKILL), 0);
  siginfo_t information{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(process_id), &information, WEXITED | WNOWAIT), 0);
}

bool HasChildren() { return waitpid(-1, nullptr, WNOHANG) != -1; }

class MisbehavingWorker : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(worker_->WaitUntilReady(Later()).ok()); }
  std::unique_ptr<DecodeWorker> worker_ = Start(kMisbehavingProgram);
};

TEST_F(MisbehavingWorker, ThatDiesCostsTheRecordingOnly) {
  const auto clip = Ask(*worker_, "crash");
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().code, ErrorCode::kAudioUnreadable);
  EXPECT_FALSE(worker_->IsUsable());
}

TEST_F(MisbehavingWorker, ThatDiesInTheMiddleOfItsAnswerGivesNone) {
  const auto clip = Ask(*worker_, "half an answer");
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().code, ErrorCode::kAudioUnreadable);
  EXPECT_FALSE(worker_->IsUsable());
}

TEST_F(MisbehavingWorker, ThatHangsIsGivenUpAtTheDeadline) {
  const auto clip = Ask(*worker_, "hang", In(milliseconds(50)));
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().code, ErrorCode::kTimeout);
  EXPECT_FALSE(worker_->IsUsable());
}

TEST_F(MisbehavingWorker, ThatDoesNotReadIsGivenUpToo) {
  ASSERT_EQ(kill(worker_->process_id(), SIGSTOP), 0);
  const auto clip = Ask(*worker_, std::string(4 * 1024 * 1024, 'x'), In(milliseconds(50)));
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().code, ErrorCode::kTimeout);
}

TEST_F(MisbehavingWorker, IsNotBelievedWhatCannotBe) {
  for (const char* answer : {"another protocol", "too many samples"}) {
    const auto worker = Start(kMisbehavingProgram);
    ASSERT_TRUE(worker->WaitUntilReady(Later()).ok());
    const auto clip = Ask(*worker, answer);
    ASSERT_FALSE(clip.ok()) << answer;
    EXPECT_EQ(clip.error().code, ErrorCode::kInternal) << answer;
    EXPECT_FALSE(worker->IsUsable()) << answer;
  }
  const auto clip = Ask(*worker_, "unknown status");
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().code, ErrorCode::kAudioUnreadable);
}

TEST_F(MisbehavingWorker, CannotHandOverWildSamples) {
  const auto clip = Ask(*worker_, "wild samples");
  ASSERT_TRUE(clip.ok());
  EXPECT_EQ(clip->samples, (std::vector{0.0f, 0.0f, 1.0f, -0.5f}));
  EXPECT_TRUE(clip->truncated);
}

TEST_F(MisbehavingWorker, RetiresAfterItsShare) {
  for (int i = 0; i < DecodeWorker::kMaxRequests; ++i) {
    EXPECT_TRUE(worker_->IsUsable());
    ASSERT_TRUE(Ask(*worker_, "wild samples").ok());
  }
  EXPECT_FALSE(worker_->IsUsable());
}

// What programs that are no decoder answer.
class Stranger : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path Named(const std::string& name) {
    std::filesystem::create_directories(directory_);
    std::filesystem::create_symlink(kMisbehavingProgram, directory_ / name);
    return directory_ / name;
  }

  std::string ReasonOf(const std::filesystem::path& program) {
    DecodePool pool({}, program);
    const auto lease = pool.Acquire(Later());
    EXPECT_FALSE(lease.ok()) << program;
    if (lease.ok()) return {};
    EXPECT_EQ(lease.error().code, ErrorCode::kInternal);
    return lease.error().message;
  }

 private:
  std::filesystem::path directory_ = std::filesystem::path(testing::TempDir()) / ("decoder-" + std::to_string(getpid()));
};

TEST_F(Stranger, IsRefused) {
  EXPECT_NE(ReasonOf("/no/such/program").find("/no/such/program cannot be started"), std::string::npos);
  EXPECT_NE(ReasonOf("/bin/true").find("ended at once"), std::string::npos);
  EXPECT_NE(ReasonOf(Named("another-version")).find("belongs to this version"), std::string::npos);
  EXPECT_NE(ReasonOf(Named("not-confined")).find("cannot be confined"), std::string::npos);
}

TEST(RealWorker, IsConfinedBeforeItReads) {
  const auto worker = Start(kRealProgram);
  ASSERT_TRUE(worker->WaitUntilReady(Later()).ok());
  std::ifstream file("/proc/" + std::to_string(worker->process_id()) + "/status");
  const std::string status{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(status.find("\nSeccomp:\t2\n"), std::string::npos);
  EXPECT_NE(status.find("\nNoNewPrivs:\t1\n"), std::string::npos);
  EXPECT_NE(status.find("\nThreads:\t1\n"), std::string::npos);
}

TEST(RealWorker, OutlastsSignalsToTheGroup) {
  const auto worker = Start(kRealProgram);
  ASSERT_TRUE(worker->WaitUntilReady(Later()).ok());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ASSERT_EQ(kill(worker->process_id(), signal), 0);
  EXPECT_TRUE(worker->Decode(Recording("good.ogg"), Container::kOgg, 60 * kMaxSamples, Later()).ok());
}

TEST(RealWorker, ThatNeedsTooMuchMemoryDiesAlone) {
  base::AudioConfig config;
  config.decode_memory_mb = 64;
  const auto worker = Start(kRealProgram, config);
  ASSERT_TRUE(worker->WaitUntilReady(Later()).ok());
  const auto clip = worker->Decode(std::vector<std::uint8_t>(80 * 1024 * 1024), Container::kMp3, kMaxSamples, Later());
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().code, ErrorCode::kAudioUnreadable);
}

TEST(DecodePool, KeepsItsProcessWarm) {
  DecodePool pool({}, kRealProgram);
  pid_t first = 0;
  for (int i = 0; i < 3; ++i) {
    const auto lease = pool.Acquire(Later());
    ASSERT_TRUE(lease.ok());
    if (i == 0) first = (*lease)->process_id();
    EXPECT_EQ((*lease)->process_id(), first);
  }
}

TEST(DecodePool, IsBusyWhenAllProcessesAre) {
  base::AudioConfig config;
  config.decode_processes = 2;
  DecodePool pool(config, kMisbehavingProgram);
  const auto first = pool.Acquire(Later());
  {
    const auto second = pool.Acquire(Later());
    ASSERT_TRUE(first.ok() && second.ok());
    const auto third = pool.Acquire(In(milliseconds(20)));
    ASSERT_FALSE(third.ok());
    EXPECT_EQ(third.error().code, ErrorCode::kBusy);
  }
  EXPECT_TRUE(pool.Acquire(Later()).ok());
}

TEST(DecodePool, ReplacesAProcessKilledWhileIdle) {
  DecodePool pool({}, kRealProgram);
  pid_t killed = 0;
  {
    const auto lease = pool.Acquire(Later());
    ASSERT_TRUE(lease.ok());
    killed = (*lease)->process_id();
  }
  Kill(killed);
  const auto lease = pool.Acquire(Later());
  ASSERT_TRUE(lease.ok());
  EXPECT_NE((*lease)->process_id(), killed);
  EXPECT_TRUE((*lease)->Decode(Recording("good.webm"), Container::kWebm, 60 * kMaxSamples, Later()).ok());
}

TEST(DecodePool, ReplacesAProcessKilledAtWork) {
  base::AudioConfig config;
  config.decode_processes = 1;
  DecodePool pool(config, kMisbehavingProgram);
  pid_t killed = 0;
  {
    const auto lease = pool.Acquire(Later());
    ASSERT_TRUE(lease.ok());
    killed = (*lease)->process_id();
    std::jthread killer([&] { Kill(killed); });
    const auto clip = Ask(**lease, "hang");
    ASSERT_FALSE(clip.ok());
    EXPECT_EQ(clip.error().code, ErrorCode::kAudioUnreadable);
  }
  const auto lease = pool.Acquire(Later());
  ASSERT_TRUE(lease.ok());
  EXPECT_NE((*lease)->process_id(), killed);
  EXPECT_TRUE(Ask(**lease, "wild samples").ok());
}

TEST(DecodePool, LeavesNoProcessBehind) {
  {
    DecodePool pool({}, kMisbehavingProgram);
    const auto idle = pool.Acquire(Later());
    const auto crashed = pool.Acquire(Later());
    ASSERT_TRUE(idle.ok() && crashed.ok());
    EXPECT_FALSE(Ask(**crashed, "crash").ok());
  }
  EXPECT_FALSE(HasChildren());
}

}  // namespace
}  // namespace speechcoach::audio
