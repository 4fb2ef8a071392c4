// The program's command line -> what to do, as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/config.h"
#include "model/session.h"
#include "prosody/voice_figures.h"

namespace speechcoach::cli {

// What the program's exit status means; `--help` and docs/cli.md list them.
enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,    // something on this machine failed: the message says what
  kUsage = 2,     // the command line or the configuration is wrong
  kBadAudio = 3,  // the recording cannot be used: unreadable, too long, too large, no speech
  kDegraded = 4,  // a result was made, but a stage had to be replaced by something simpler
};

struct ServeCommand {
  bool is_open_to_lan = false;  // with a certificate of its own, for phones of the local network
};

struct WorkerCommand {
  std::vector<std::string> queues{"stt", "prosody", "llm", "analytics"};
  int concurrency = 0;   // jobs at once of each queue; 0: what is usual for it
  std::string hostname;  // empty: speechcoach@ and the machine's name
  bool judges_sounds = true;
};

struct BeatCommand {
  std::string hostname;  // empty: beat-PID@ and the machine's name
};

struct AnalyzeCommand {
  std::string file;
  std::string reference_text;  // empty: free conversation
  bool as_json = false;
};

struct ProsodyCommand {
  std::vector<std::string> files;
  prosody::VoiceSettings settings;
  bool as_json = false;
};

struct ScoreCommand {
  std::string list;        // lines of FILE, or FILE <tab> TEXT; "-" is standard input
  std::string parameters;  // folder of trained parameters; empty: those that are part of the program
  bool as_json = false;
};

struct SayCommand {
  std::string text;
  std::string out;  // WAV; empty: only the times
  bool is_slow = false;
  bool as_json = false;
};

struct EvaluateCommand {
  std::string folder;
  std::string folds;                                               // empty: the parameters that are part of the program
  std::vector<model::Mode> modes{model::Mode::kSentencePractice};  // at least one
  bool as_json = false;
};

struct BenchWsCommand {
  std::string host = "localhost";
  int port = 8000;
  std::string token;
  int connections = 100;
  int seconds = 10;
  bool is_idle = false;      // connections that send nothing
  std::string streams_file;  // where to list the sessions that were streamed; empty: nowhere
};

struct DoctorCommand {};

struct MigrateCommand {
  enum class Action { kUp, kDown, kStatus } action = Action::kUp;
  int steps = 1;  // for kDown
};

struct KeysCommand {
  enum class Action { kAdd, kList, kRotate, kTest } action = Action::kList;
  std::string provider;  // for kAdd, as the next three
  std::string name;
  std::optional<int> daily_request_limit;
  std::optional<double> monthly_budget_usd;
  std::int64_t key_id = 0;  // for kTest
};

struct ChatCommand {
  std::string topic;  // id; empty: list them
  std::string level = "A2";
};

struct ModelCommand {
  enum class Action { kList, kVerify, kPull } action = Action::kList;
  std::vector<std::string> names;  // for kPull one, for kVerify any number of names or paths
  std::string url;                 // for kPull, as the next; empty: stt.model_source
  std::string sha256;
};

struct UserCommand {
  enum class Action { kAdd, kList, kRole, kPassword, kToken } action = Action::kList;
  std::string who;               // e-mail address, or number; for kAdd an e-mail address
  std::string name;              // for kAdd
  std::string role = "learner";  // for kAdd and kRole
  int hours = 1;                 // for kToken: how long it holds
};

struct ProgressCommand {
  std::string who;  // e-mail address or number; empty: all users
};

struct AdaptCommand {
  bool is_users = false;  // else sentences
  std::string table;
  std::vector<std::string> columns;  // OURS=THEIRS
  std::string issuer;
};

struct CalibrateCommand {
  int least = 30;  // readings that two people or more have rated
  bool is_dry = false;
};

struct DeadCommand {
  enum class Action { kList, kShow, kReplay, kRemove } action = Action::kList;
  std::string id;   // of the task; not for kList
  int limit = 100;  // for kList
};

struct ConfigCommand {};

using Command =
    std::variant<ServeCommand, WorkerCommand, BeatCommand, AnalyzeCommand, ProsodyCommand, ScoreCommand, SayCommand,
                 EvaluateCommand, BenchWsCommand, DoctorCommand, MigrateCommand, KeysCommand, ChatCommand, ModelCommand,
                 UserCommand, ProgressCommand, AdaptCommand, CalibrateCommand, DeadCommand, ConfigCommand>;

struct CommandLine {
  Command command;
  base::ConfigSources sources;
};

// Either a command, or the text to print (help, version: kOk; a mistake: kUsage) before the program ends.
struct Early {
  std::string text;
  ExitCode code = ExitCode::kOk;
};

std::variant<CommandLine, Early> ParseCommandLine(const std::vector<std::string>& arguments);

}  // namespace speechcoach::cli
