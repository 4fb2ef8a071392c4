// speechcoach: reads the command line and the configuration, builds the parts, runs the command.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "adapt.h"
#include "api/server.h"
#include "api/watch_server.h"
#include "base/log.h"
#include "calibrate.h"
#include "chat.h"
#include "checks.h"
#include "cli/analyze.h"
#include "cli/bench_ws.h"
#include "cli/command_line.h"
#include "cli/evaluate.h"
#include "cli/model.h"
#include "cli/prosody.h"
#include "cli/say.h"
#include "cli/score.h"
#include "cli/serve.h"
#include "cli/worker.h"
#include "dead.h"
#include "jobs.h"
#include "keys.h"
#include "lan.h"
#include "memory_watch.h"
#include "model/user_message.h"
#include "parts.h"
#include "pipeline/session_jobs.h"
#include "pronunciation/assessor.h"
#include "pronunciation/parameters.h"
#include "schedule/beat_tasks.h"
#include "schedule_keeper.h"
#include "tracing.h"
#include "users.h"
#include "voice/model_voice.h"
#include "watch.h"

namespace speechcoach::app {
namespace {

using cli::ExitCode;

// Requests and analyses under way when the server is told to stop may take this long; what is left is taken up at the
// next start.
constexpr std::chrono::seconds kStopGrace{10};
// An analysis takes seconds; one that takes longer goes back to its queue.
constexpr std::chrono::seconds kWorkerGrace{60};

// Feedback waits for language models, progress for the database.
constexpr int kFeedbackSlots = 16;
constexpr int kProgressSlots = 2;

ExitCode Complain(const base::Error& error) {
  fmt::print(stderr, "speechcoach: {}\n", error.message);
  return error.code == base::ErrorCode::kBadConfig ? ExitCode::kUsage : ExitCode::kFailed;
}

// What to type into a browser on this machine: a server that listens everywhere is reached here too.
std::string HostToOpen(const std::string& host) {
  if (host == "127.0.0.1" || host == "0.0.0.0" || host == "::" || host == "::1") return "localhost";
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// Every connection is a descriptor; the usual soft limit of 1024 is far below what the machine allows.
void AllowAllDescriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

// glibc gives nearly every thread a heap of its own, eight a core at most, and each keeps what was freed in it: with thousands of connections that
// is a tenth of their memory (docs/api.md).
void ShareHeaps() { mallopt(M_ARENA_MAX, static_cast<int>(std::max(2U, std::thread::hardware_concurrency()))); }

// What an update left to be counted anew.
void CountAnew(pipeline::ProgressKeeper& progress, const std::stop_token& stop) {
  const auto rebuilt = progress.RebuildDue(stop);
  if (!rebuilt.ok())
    base::Log(base::LogLevel::kWarning, "progress not counted anew; the next start goes on",
              {{"reason", rebuilt.error().message}});
  if (rebuilt.ok() && *rebuilt > 0) base::Log(base::LogLevel::kInfo, "progress counted anew", {{"users", *rebuilt}});
}

class Runner {
 public:
  Runner(base::Config config, trace::Settings tracing) : config_(std::move(config)), tracing_(std::move(tracing)) {}

  // Whether the command has ended to begin again.
  bool starts_anew() const { return starts_anew_; }

  ExitCode operator()(const cli::ServeCommand& command) {
    std::optional<api::LanAccess> lan;
    if (command.is_open_to_lan) {
      auto access = MakeLanAccess(config_);
      if (!access.ok()) return Complain(access.error());
      lan = std::move(*access);
    }
    AllowAllDescriptors();
    cli::BlockStopSignals();
    const Tracing tracing(tracing_, "server");
    auto world = MakeServiceWorld(config_);
    if (!world.ok()) return Complain(world.error());
    pipeline::SessionService& service = *(*world)->service;
    if (const base::Status started = service.Start(); !started.ok()) return Complain(started.error());
    (*world)->live->Start();

    std::optional<redis::TokenBuckets> shared_limits;
    if ((*world)->redis) shared_limits.emplace((*world)->redis->options());
    api::ApiParts parts;
    parts.service = &service;
    parts.shared_limits = shared_limits ? &*shared_limits : nullptr;
    parts.live = (*world)->live.get();
    parts.events = (*world)->events.get();
    parts.users = &(*world)->database->users();
    parts.accounts = &(*world)->database->accounts();
    parts.progress = &(*world)->database->progress();
    parts.keeper = (*world)->progress.get();
    parts.retention = (*world)->retention.get();
    parts.sentences = &(*world)->database->sentences();
    parts.classes = &(*world)->database->classes();
    parts.idempotency = &(*world)->database->idempotency();
    parts.disputes = &(*world)->database->disputes();
    parts.product = &(*world)->database->product();
    parts.ratings = &(*world)->database->ratings();
    parts.guardians = &(*world)->database->guardians();
    parts.challenges = &(*world)->database->challenges();
    parts.clock = &(*world)->clock;
    parts.speaker = (*world)->speaker.get();
    parts.llm = (*world)->llm.get();
    parts.metrics = &(*world)->metrics;
    parts.ready = Readiness(**world);
    parts.lan = lan;
    auto server = api::ApiServer::Start(config_, parts, ProgramDir());
    if (!server.ok()) {
      (*world)->live->Stop();
      service.Stop(std::chrono::seconds(0));
      return Complain(server.error());
    }
    (*world)->metrics.OnRead(
        [&running = **server](metrics::Reading& reading) { reading.web_socket_connections = running.web_socket_connections(); });
    const std::jthread recount([&progress = *(*world)->progress](const std::stop_token& stop) { CountAnew(progress, stop); });
    // Where there is a broker, `speechcoach beat` does.
    const schedule::JobRunner runner(MakeJobs(config_, **world), (*world)->database->schedule(), (*world)->clock);
    ScheduleKeeper keeper(**world, runner);
    if (config_.broker.url.empty()) {
      (*world)->metrics.OnRead([&keeper](metrics::Reading& reading) { reading.keeps_schedule = keeper.is_leader(); });
      keeper.Start();
    }
    const int port = (*server)->port();
    const std::string local_url = fmt::format("http://{}:{}", HostToOpen(config_.server.host), port);
    if (lan) {
      cli::AnnounceReadyForLan(local_url, fmt::format("https://{}:{}", lan->host, port), lan->fingerprint);
    } else {
      cli::AnnounceReady(local_url);
    }
    cli::WaitForStopSignal();
    base::Log(base::LogLevel::kInfo, "stopping");
    // What the schedule runs ends beside the rest, not before it: together they keep within what systemd allows.
    keeper.RequestStop();
    (*server)->Stop(kStopGrace);
    (*world)->live->Stop();
    service.Stop(kStopGrace);
    keeper.Stop();
    return ExitCode::kOk;
  }

  ExitCode operator()(const cli::WorkerCommand& command) {
    if (config_.broker.url.empty()) return Complain({base::ErrorCode::kBadConfig, "a worker needs a broker: set broker.url"});
    const bool runs_jobs = std::ranges::find(command.queues, schedule::kBeatQueue) != command.queues.end();
    if (runs_jobs && command.queues.size() == 1) return WorkOnSchedule("worker", command.hostname, false);
    cli::BlockWorkerSignals();
    const Tracing tracing(tracing_, "worker");
    queue::CeleryJobOptions options;
    options.slots = Slots(command);
    options.hostname = command.hostname.empty() ? queue::DefaultWorkerName() : command.hostname;
    options.on_shutdown = cli::WarmEndOfThisThread();
    auto world = MakeServiceWorld(config_, options, command.judges_sounds);
    if (!world.ok()) return Complain(world.error());
    pipeline::SessionService& service = *(*world)->service;
    if (const base::Status started = service.Work(); !started.ok()) return Complain(started.error());
    const schedule::JobRunner runner(MakeJobs(config_, **world), (*world)->database->schedule(), (*world)->clock);
    std::unique_ptr<queue::celery::Worker> jobs;
    if (runs_jobs) jobs = MakeBeatWorker(config_, BeatWorkerName(), *(*world)->redis, runner, options.on_shutdown);
    base::Status ready = jobs ? jobs->Start() : base::Status();
    const auto watched = ServeWatchers(**world);
    if (!watched.ok()) ready = watched.error();
    if (!ready.ok()) {
      service.Stop(std::chrono::seconds(0));
      return Complain(ready.error());
    }
    const int resident_mb = MemoryWatch::ResidentMb();
    if (const int limit_mb = config_.pipeline.worker_memory_mb; limit_mb > 0 && limit_mb <= resident_mb) {
      service.Stop(std::chrono::seconds(0));
      return Complain({base::ErrorCode::kBadConfig,
                       fmt::format("pipeline.worker_memory_mb: {} is less than the {} MiB that a worker takes before its first "
                                   "recording",
                                   limit_mb, resident_mb)});
    }
    const MemoryWatch memory(config_.pipeline.worker_memory_mb, cli::RestartOfThisThread());
    cli::AnnounceWorkerReady("worker", options.hostname);
    const cli::WorkerEnd end = cli::WaitForWorkerEnd();
    const auto grace = end == cli::WorkerEnd::kCold ? std::chrono::seconds(0) : kWorkerGrace;
    base::Log(base::LogLevel::kInfo, "stopping");
    if (jobs) jobs->Stop(std::min(grace, kStopGrace));
    service.Stop(grace);
    starts_anew_ = end == cli::WorkerEnd::kRestart;
    return ExitCode::kOk;
  }

  ExitCode operator()(const cli::BeatCommand& command) {
    if (config_.broker.url.empty()) {
      return Complain({base::ErrorCode::kBadConfig,
                       "a beat needs a broker: set broker.url; without one the server keeps the schedule itself"});
    }
    return WorkOnSchedule("beat", command.hostname, true);
  }

  ExitCode operator()(const cli::AnalyzeCommand& command) {
    auto parts = MakeAnalysisParts(config_);
    if (!parts.ok()) return Complain(parts.error());
    return cli::RunAnalyze(command, config_, *(*parts)->decoder, (*parts)->Stages());
  }

  ExitCode operator()(const cli::ProsodyCommand& command) {
    const auto decoder = MakeDecoder(config_);
    return cli::RunProsody(command, config_, *decoder);
  }

  ExitCode operator()(const cli::ScoreCommand& command) {
    const base::Config config = ForManyRecordings();
    auto parts = MakeAnalysisParts(config);
    if (!parts.ok()) return Complain(parts.error());
    if (!command.parameters.empty()) {
      auto parameters = pronunciation::Parameters::Read(command.parameters);
      if (!parameters.ok()) return Complain(parameters.error());
      auto assessor = pronunciation::MakeAssessor(std::move(*parameters));
      if (!assessor.ok()) return Complain(assessor.error());
      (*parts)->pronunciation = std::move(*assessor);
    }
    return cli::RunScore(command, config, *(*parts)->decoder, (*parts)->Stages());
  }

  ExitCode operator()(const cli::SayCommand& command) {
    const auto voice = voice::MakeFliteVoice();
    return cli::RunSay(command, *voice);
  }

  ExitCode operator()(const cli::EvaluateCommand& command) {
    const base::Config config = ForManyRecordings();
    auto parts = MakeAnalysisParts(config);
    if (!parts.ok()) return Complain(parts.error());
    return cli::RunEvaluate(command, config,
                            {(*parts)->decoder.get(), (*parts)->transcriber.get(), (*parts)->encoder.get(), &(*parts)->prosody});
  }

  ExitCode operator()(const cli::BenchWsCommand& command) { return cli::RunBenchWs(command); }

  ExitCode operator()(const cli::DoctorCommand&) { return cli::RunDoctor(InstallationChecks(config_)); }

  ExitCode operator()(const cli::MigrateCommand& command) {
    auto opened = OpenDatabase(config_);
    if (!opened.ok()) return Complain(opened.error());
    storage::Database& database = **opened;
    base::Status done;
    if (command.action == cli::MigrateCommand::Action::kUp) done = database.MigrateUp();
    if (command.action == cli::MigrateCommand::Action::kDown) done = database.MigrateDown(command.steps);
    if (!done.ok()) return Complain(done.error());
    const auto migrations = database.MigrationStatus();
    if (!migrations.ok()) return Complain(migrations.error());
    for (const storage::MigrationState& migration : *migrations)
      fmt::print("{}  {}\n", migration.applied ? "applied" : "missing", migration.name);
    return ExitCode::kOk;
  }

  ExitCode operator()(const cli::KeysCommand& command) {
    const auto done = RunKeys(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::ChatCommand& command) {
    const auto done = RunChat(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::ModelCommand& command) { return cli::RunModel(command, config_, ProgramDir()); }

  ExitCode operator()(const cli::UserCommand& command) {
    const auto done = RunUser(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::ProgressCommand& command) {
    const auto done = RebuildProgress(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::AdaptCommand& command) {
    const auto done = Adapt(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::CalibrateCommand& command) {
    const auto done = Calibrate(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::DeadCommand& command) {
    const auto done = RunDead(command, config_);
    return done.ok() ? *done : Complain(done.error());
  }

  ExitCode operator()(const cli::ConfigCommand&) {
    fmt::print("{}", base::DescribeConfig(config_));
    return ExitCode::kOk;
  }

 private:
  // How many jobs at once of each queue: as many as the machine computes at once, and many where they wait for others.
  std::map<std::string, int> Slots(const cli::WorkerCommand& command) const {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const std::map<std::string, int> usual{{pipeline::kSpeechQueue, config_.pipeline.workers},
                                           {pipeline::kVoiceQueue, cores},
                                           {pipeline::kFeedbackQueue, kFeedbackSlots},
                                           {pipeline::kProgressQueue, kProgressSlots}};
    std::map<std::string, int> slots;
    for (const auto& [queue, count] : usual) {
      if (std::ranges::find(command.queues, queue) != command.queues.end())
        slots[queue] = command.concurrency > 0 ? command.concurrency : count;
    }
    return slots;
  }

  // Runs the schedule's jobs that come through the broker; `keeps_it`: and sends them, while this process leads.
  ExitCode WorkOnSchedule(const std::string& kind, const std::string& wanted_name, bool keeps_it) {
    cli::BlockWorkerSignals();
    const Tracing tracing(tracing_, kind);
    const std::string hostname = wanted_name.empty() ? BeatWorkerName() : wanted_name;
    SharedParts parts;
    if (const base::Status opened = OpenSharedParts(config_, {}, parts); !opened.ok()) return Complain(opened.error());
    const schedule::JobRunner runner(MakeJobs(config_, parts), parts.database->schedule(), parts.clock);
    ScheduleKeeper keeper(parts, runner);
    const auto worker = MakeBeatWorker(config_, hostname, *parts.redis, runner, cli::WarmEndOfThisThread());
    if (const base::Status started = worker->Start(); !started.ok()) return Complain(started.error());
    if (keeps_it) {
      parts.metrics.OnRead([&keeper](metrics::Reading& reading) { reading.keeps_schedule = keeper.is_leader(); });
      keeper.Start();
    }
    const auto watched = ServeWatchers(parts);
    if (!watched.ok()) return Complain(watched.error());
    cli::AnnounceWorkerReady(kind, hostname);
    const cli::WorkerEnd end = cli::WaitForWorkerEnd();
    base::Log(base::LogLevel::kInfo, "stopping");
    keeper.RequestStop();
    worker->Stop(end == cli::WorkerEnd::kCold ? std::chrono::seconds(0) : kStopGrace);
    keeper.Stop();
    starts_anew_ = end == cli::WorkerEnd::kRestart;
    return ExitCode::kOk;
  }

  // /metrics, /healthz and /readyz of a process that serves nothing else; null where the settings name no address for them.
  base::Result<std::unique_ptr<api::WatchServer>> ServeWatchers(SharedParts& parts) const {
    const std::string& address = config_.metrics.worker_listen;
    if (address.empty()) return std::unique_ptr<api::WatchServer>();
    auto listening = api::WatchServer::Start(address, {&parts.metrics, config_.metrics.token, WorkReadiness(parts)});
    if (listening.ok()) base::Log(base::LogLevel::kInfo, "metrics served", {{"port", (*listening)->port()}});
    return listening;
  }

  // One recording a core is the fastest way through many; the results are the same.
  base::Config ForManyRecordings() const {
    base::Config config = config_;
    config.stt.parallel = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 16);
    config.stt.threads = 1;
    return config;
  }

  const base::Config config_;
  const trace::Settings tracing_;
  bool starts_anew_ = false;
};

ExitCode Main(const std::vector<std::string>& arguments) {
  const auto parsed = cli::ParseCommandLine(arguments);
  if (const auto* early = std::get_if<cli::Early>(&parsed)) {
    fmt::print(early->code == ExitCode::kOk ? stdout : stderr, "{}", early->text);
    return early->code;
  }
  const auto& line = std::get<cli::CommandLine>(parsed);
  auto config = base::LoadConfig(line.sources);
  if (!config.ok()) return Complain(config.error());
  const auto tracing = trace::ReadSettings(line.sources.environment);
  if (!tracing.ok()) return Complain(tracing.error());
  model::SetRecordingLimits(config->audio.max_seconds, config->audio.max_bytes);
  if (config->server.web_root.empty()) {
    // In the build tree and in an installation alike, the page lies beside the folder of the program.
    const std::filesystem::path beside = ProgramDir().parent_path() / "web";
    std::error_code fault;
    config->server.web_root = std::filesystem::exists(beside, fault) ? beside.string() : "/usr/share/speechcoach/web";
  }
  // A person at a terminal reads the command's own output; a server's log is its output.
  const bool is_quiet = config->log.level == "info" && !std::holds_alternative<cli::ServeCommand>(line.command) &&
                        !std::holds_alternative<cli::WorkerCommand>(line.command) &&
                        !std::holds_alternative<cli::BeatCommand>(line.command);
  base::SetUpLogging({is_quiet ? "warning" : config->log.level, config->log.format});
  // Recordings and the database are nobody else's to read.
  umask(0077);
  ShareHeaps();
  Runner runner(*config, *tracing);
  const ExitCode code = std::visit(runner, line.command);
  if (!runner.starts_anew()) return code;
  base::Log(base::LogLevel::kInfo, "starting anew");
  StartAnew();
  return ExitCode::kFailed;
}

}  // namespace
}  // namespace speechcoach::app

int main(int argc, char** argv) {
  try {
    return static_cast<int>(speechcoach::app::Main(std::vector<std::string>(argv + 1, argv + argc)));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach: {}\n", fault.what());
    return static_cast<int>(speechcoach::cli::ExitCode::kFailed);
  }
}
