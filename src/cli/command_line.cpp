#include "cli/command_line.h"

#include <sstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace speechcoach::cli {
namespace {

constexpr const char* kFooter = R"(Settings come from a YAML file (--config, or SPEECHCOACH_CONFIG), then SPEECHCOACH_SECTION__KEY
variables, then --set. speechcoach.example.yaml lists them all.

Exit status: 0 done, 1 something on this machine failed, 2 wrong usage or configuration,
3 the recording cannot be used, 4 a result was made but part of the analysis had to be simplified.)";

std::pair<std::string, std::string> SplitSetting(const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw CLI::ValidationError("--set", fmt::format("'{}' is not of the form section.key=value", setting));
  }
  return {setting.substr(0, equals), setting.substr(equals + 1)};
}

// The settings bear Praat's names and defaults.
CLI::App* AddProsody(CLI::App& app, ProsodyCommand& command) {
  auto* prosody =
      app.add_subcommand("prosody", "Measure the voice in recordings: pitch, intensity, harmonicity, jitter, shimmer");
  prosody->add_option("files", command.files, "WAV, MP3, M4A, FLAC, OGG or WebM")->required()->type_name("FILE");
  prosody->add_flag("--json", command.as_json, "Print every frame and figure as JSON, one line a file");
  auto& pitch = command.settings.pitch;
  const auto setting = [prosody](const char* name, auto& value, const char* what, double low, double high) {
    prosody->add_option(name, value, what)->check(CLI::Range(low, high))->capture_default_str();
  };
  setting("--time-step", pitch.time_step_s, "Seconds between frames of pitch and harmonicity", 0.001, 0.1);
  setting("--pitch-floor", pitch.pitch_floor_hz, "Hz", 30.0, 500.0);
  setting("--pitch-ceiling", pitch.pitch_ceiling_hz, "Hz", 60.0, 4000.0);
  setting("--max-candidates", pitch.max_candidates, "A frame, 'unvoiced' among them", 2, 50);
  setting("--silence-threshold", pitch.silence_threshold, "Of the recording's largest amplitude", 0.0, 1.0);
  setting("--voicing-threshold", pitch.voicing_threshold, "Of the largest possible autocorrelation", 0.0, 1.0);
  setting("--octave-cost", pitch.octave_cost, "An octave", 0.0, 1.0);
  setting("--octave-jump-cost", pitch.octave_jump_cost, "An octave between frames", 0.0, 10.0);
  setting("--voiced-unvoiced-cost", pitch.voiced_unvoiced_cost, "A change of voicing between frames", 0.0, 10.0);
  setting("--intensity-minimum-pitch", command.settings.intensity.minimum_pitch_hz, "Hz; sets the window of the level", 30.0,
          500.0);
  setting("--intensity-time-step", command.settings.intensity.time_step_s, "Seconds; 0: a quarter of the window", 0.0, 0.1);
  setting("--harmonicity-minimum-pitch", command.settings.harmonicity.minimum_pitch_hz, "Hz; sets the window of the harmonicity",
          30.0, 500.0);
  setting("--harmonicity-silence-threshold", command.settings.harmonicity.silence_threshold,
          "Of the recording's largest amplitude", 0.0, 1.0);
  setting("--period-floor", command.settings.periods.period_floor_s, "Seconds, of jitter and shimmer", 0.00001, 0.1);
  setting("--period-ceiling", command.settings.periods.period_ceiling_s, "Seconds", 0.0001, 0.1);
  setting("--maximum-period-factor", command.settings.periods.maximum_period_factor, "Between neighbours", 1.0, 10.0);
  prosody->callback([&command] {
    command.settings.harmonicity.time_step_s = command.settings.pitch.time_step_s;
    if (!(command.settings.pitch.pitch_ceiling_hz > command.settings.pitch.pitch_floor_hz)) {
      throw CLI::ValidationError("--pitch-ceiling", "must be above --pitch-floor");
    }
  });
  return prosody;
}

void AddKeys(CLI::App& app, KeysCommand& command) {
  auto* keys = app.add_subcommand("keys", "Keep the keys to language models");
  keys->require_subcommand(1);
  auto* add = keys->add_subcommand("add", "Add a key, read from standard input");
  add->add_option("--provider", command.provider, "openai, gemini, deepseek, or another of the table")->required();
  add->add_option("--name", command.name, "What to call it")->required();
  add->add_option("--daily-limit", command.daily_request_limit, "Requests a day, UTC")->check(CLI::NonNegativeNumber);
  add->add_option("--monthly-budget", command.monthly_budget_usd, "Dollars a month, UTC")->check(CLI::NonNegativeNumber);
  add->callback([&command] { command.action = KeysCommand::Action::kAdd; });
  keys->add_subcommand("list", "List the keys, what they cost, and which rest")->callback([&command] {
    command.action = KeysCommand::Action::kList;
  });
  keys->add_subcommand("rotate", "Encrypt all keys anew under a new master key")->callback([&command] {
    command.action = KeysCommand::Action::kRotate;
  });
  auto* test = keys->add_subcommand("test", "Make one small call with a key");
  test->add_option("id", command.key_id, "Its number in the list")->required();
  test->callback([&command] { command.action = KeysCommand::Action::kTest; });
}

void AddDead(CLI::App& app, DeadCommand& command) {
  using Action = DeadCommand::Action;
  auto* dead = app.add_subcommand("dead", "Look after tasks that failed for good (broker.url)");
  dead->require_subcommand(1);
  auto* list = dead->add_subcommand("list", "List them, the newest first");
  list->add_option("--limit", command.limit, "So many at most")->check(CLI::Range(1, 10'000))->capture_default_str();
  list->callback([&command] { command.action = Action::kList; });
  const auto add_one = [&](const char* name, const char* help, Action action) {
    auto* one = dead->add_subcommand(name, help);
    one->add_option("id", command.id, "The task's id in the list")->required();
    one->callback([&command, action] { command.action = action; });
  };
  add_one("show", "Print one with its message", Action::kShow);
  add_one("replay", "Put one back into its queue, with its tries counted anew", Action::kReplay);
  add_one("remove", "Forget one", Action::kRemove);
}

void AddModel(CLI::App& app, ModelCommand& command) {
  auto* model = app.add_subcommand("model", "Keep the speech models");
  model->require_subcommand(1);
  model->add_subcommand("list", "List those that are here")->callback([&command] {
    command.action = ModelCommand::Action::kList;
  });
  auto* verify = model->add_subcommand("verify", "Check that they are whole, and their sha256 where it is known");
  verify->add_option("model", command.names, "Names or files; without any, all")->type_name("NAME");
  verify->callback([&command] { command.action = ModelCommand::Action::kVerify; });
  auto* pull = model->add_subcommand("pull", "Download one, or go on where a download broke off; nothing else downloads any");
  pull->add_option("model", command.names,
                   "Its name, here and at the source: tiny.en, base, small, medium, large-v3-turbo; some also end in -q8_0, "
                   "-q5_1 or -q5_0, quantised")
      ->required()
      ->expected(1)
      ->type_name("NAME");
  pull->add_option("--url", command.url,
                   "Its address; or a folder's, ending in '/', that holds ggml-NAME.bin; without: stt.model_source")
      ->type_name("URL");
  pull->add_option("--sha256", command.sha256, "What its checksum must be")->type_name("HEX");
  pull->callback([&command] {
    command.action = ModelCommand::Action::kPull;
    if (command.names.front().find('/') != std::string::npos) throw CLI::ValidationError("NAME", "must be a name, not a path");
    const bool is_digest =
        command.sha256.size() == 64 && command.sha256.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (!command.sha256.empty() && !is_digest) throw CLI::ValidationError("--sha256", "must be 64 hexadecimal digits");
  });
}

void AddUser(CLI::App& app, UserCommand& command) {
  using Action = UserCommand::Action;
  const CLI::IsMember roles({"learner", "teacher", "admin"});
  auto* user = app.add_subcommand("user", "Keep the accounts");
  user->require_subcommand(1);
  const auto action = [&](const char* name, const char* what, Action chosen, const char* who) {
    auto* sub = user->add_subcommand(name, what);
    if (who != nullptr) sub->add_option("who", command.who, who)->required();
    sub->callback([&command, chosen] { command.action = chosen; });
    return sub;
  };
  auto* add = action("add", "Make an account; the password is read from standard input", Action::kAdd, "E-mail address");
  add->add_option("--name", command.name, "How the person wants to be called");
  add->add_option("--role", command.role, "learner, teacher, admin")->check(roles)->capture_default_str();
  action("list", "List the users who have an account or more rights than a learner", Action::kList, nullptr);
  action("role", "Change what a user may do", Action::kRole, "E-mail address or number")
      ->add_option("role", command.role, "learner, teacher, admin")
      ->required()
      ->check(roles);
  action("password", "Set a password, read from standard input, and sign the user out everywhere", Action::kPassword,
         "E-mail address or number");
  action("token", "Print a token for a user, for scripts", Action::kToken, "E-mail address or number")
      ->add_option("--hours", command.hours, "How long it holds")
      ->check(CLI::Range(1, 24 * 366))
      ->capture_default_str();
}

}  // namespace

std::variant<CommandLine, Early> ParseCommandLine(const std::vector<std::string>& arguments) {
  CLI::App app("speechcoach: a self-hosted English speech coach for Vietnamese learners", "speechcoach");
  app.set_version_flag("--version", "speechcoach " SPEECHCOACH_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();

  std::string config_file;
  std::vector<std::string> settings;
  app.add_option("--config", config_file, "YAML file with settings")->envname("SPEECHCOACH_CONFIG")->type_name("FILE");
  app.add_option("--set", settings, "One setting, e.g. --set server.port=8080; may be repeated")
      ->type_name("KEY=VALUE")
      ->take_all();

  auto* serve = app.add_subcommand("serve", "Serve the web app and the API, and analyse recordings");
  std::string host;
  std::string port;
  serve->add_option("--host", host, "Address to listen on (server.host)");
  serve->add_option("--port", port, "Port to listen on (server.port)");
  ServeCommand serve_command;
  serve->add_flag("--lan", serve_command.is_open_to_lan,
                  "Let phones of the local network in, by HTTPS with a certificate of its own; shows the address as a QR code");

  WorkerCommand worker_command;
  auto* worker = app.add_subcommand("worker", "Analyse recordings that servers take in, through the broker (broker.url)");
  worker
      ->add_option(
          "--queues", worker_command.queues,
          "Queues to work on, comma-separated: stt, prosody, llm, analytics, and beat where Python's celery keeps the schedule")
      ->delimiter(',')
      ->check(CLI::IsMember({"stt", "prosody", "llm", "analytics", "beat"}))
      ->capture_default_str();
  worker
      ->add_option("--concurrency", worker_command.concurrency,
                   "Jobs at once of each queue; as usual: stt pipeline.workers, prosody one a core, llm 16, analytics 2")
      ->check(CLI::Range(1, 64));
  worker->add_flag("!--without-pronunciation", worker_command.judges_sounds,
                   "Judge no sounds: scores rest on the transcript and the voice");
  worker->add_option("--hostname", worker_command.hostname, "What Celery's tools call it; no two workers share a name")
      ->type_name("NAME");

  BeatCommand beat_command;
  auto* beat =
      app.add_subcommand("beat", "Keep the schedule: have done what is done from time to time (beat.*); of several one leads");
  beat->add_option("--hostname", beat_command.hostname, "What Celery's tools call it; no two share a name")->type_name("NAME");

  AnalyzeCommand analyze_command;
  std::string locale;
  auto* analyze = app.add_subcommand("analyze", "Analyse one recording and print what was found");
  analyze->add_option("file", analyze_command.file, "WAV, MP3, M4A, FLAC, OGG or WebM")->required()->type_name("FILE");
  analyze->add_option("--reference", analyze_command.reference_text, "The sentence that was to be read")->type_name("TEXT");
  analyze->add_option("--locale", locale, "Language of the report: vi or en (locale)");
  analyze->add_flag("--json", analyze_command.as_json, "Print JSON");

  ProsodyCommand prosody_command;
  auto* prosody = AddProsody(app, prosody_command);

  ScoreCommand score_command;
  auto* score = app.add_subcommand("score", "Analyse many recordings, on all cores");
  score
      ->add_option("--batch", score_command.list,
                   "File with a line for each: FILE, or FILE <tab> TEXT to be read; - for standard input")
      ->required()
      ->type_name("LIST");
  score
      ->add_option("--parameters", score_command.parameters,
                   "Folder of pronunciation parameters (make train) to judge with instead of the program's own")
      ->type_name("DIR");
  score->add_flag("--json", score_command.as_json, "Print JSON, a line for each recording");

  SayCommand say_command;
  auto* say = app.add_subcommand("say", "Say a sentence with the model voice");
  say->add_option("text", say_command.text, "English")->required()->type_name("TEXT");
  say->add_option("-o,--out", say_command.out, "WAV file to write")->type_name("FILE");
  say->add_flag("--slow", say_command.is_slow, "Every sound half as long again");
  say->add_flag("--json", say_command.as_json, "Print the times of words and phones as JSON");

  EvaluateCommand evaluate_command;
  std::string corpus_name;
  std::string evaluation_mode = "sentence_practice";
  auto* evaluate = app.add_subcommand("eval", "Measure how well the scores agree with human raters");
  evaluate->add_option("corpus", corpus_name, "Form of the folder: speechocean762 (labels.tsv, audio/SPEAKER/UTTERANCE.flac)")
      ->required()
      ->check(CLI::IsMember({"speechocean762"}));
  evaluate->add_option("folder", evaluate_command.folder, "The folder")->required()->type_name("DIR");
  evaluate
      ->add_option("--folds", evaluate_command.folds,
                   "Folder of parameter folders: each speaker is scored by one that has not learnt from it")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  evaluate
      ->add_option("--mode", evaluation_mode, "conversation: the text is the program's own transcript; both: a table for each")
      ->check(CLI::IsMember({"sentence_practice", "conversation", "both"}))
      ->capture_default_str();
  evaluate->add_flag("--json", evaluate_command.as_json, "Print JSON");

  BenchWsCommand bench_ws_command;
  auto* bench = app.add_subcommand("bench", "Put load on a server");
  bench->require_subcommand(1);
  auto* bench_ws = bench->add_subcommand("ws", "Many learners' WebSockets at once");
  bench_ws->add_option("--host", bench_ws_command.host, "Of the server")->capture_default_str();
  bench_ws->add_option("--port", bench_ws_command.port, "Of the server")->capture_default_str();
  bench_ws->add_option("--token", bench_ws_command.token, "Of the user they all are")->required();
  bench_ws->add_option("--connections", bench_ws_command.connections, "How many")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  bench_ws->add_option("--seconds", bench_ws_command.seconds, "How long each streams")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  bench_ws->add_flag("--idle", bench_ws_command.is_idle, "Stream nothing");
  bench_ws->add_option("--streams", bench_ws_command.streams_file, "Where to list the sessions streamed, as JSON")
      ->type_name("FILE");

  auto* doctor = app.add_subcommand("doctor", "Check every part of the installation and say what to do");

  MigrateCommand migrate_command;
  auto* migrate = app.add_subcommand("migrate", "Bring the database's schema up to date, or back");
  migrate->require_subcommand(1);
  auto* up = migrate->add_subcommand("up", "Apply all migrations that are missing");
  auto* down = migrate->add_subcommand("down", "Undo the last migrations");
  down->add_option("--steps", migrate_command.steps, "How many")->check(CLI::Range(1, 1000))->capture_default_str();
  auto* status = migrate->add_subcommand("status", "List the migrations and which are applied");

  KeysCommand keys_command;
  AddKeys(app, keys_command);

  ChatCommand chat_command;
  auto* chat = app.add_subcommand("chat", "Talk with the conversation partner in writing, turn by turn");
  chat->add_option("--topic", chat_command.topic, "What about; without it the topics are listed");
  chat->add_option("--level", chat_command.level, "The learner's")
      ->check(CLI::IsMember({"A1", "A2", "B1", "B2", "C1"}))
      ->capture_default_str();
  ModelCommand model_command;
  AddModel(app, model_command);

  ProgressCommand progress_command;
  auto* progress = app.add_subcommand("progress", "Keep the learners' progress");
  progress->require_subcommand(1);
  progress->add_subcommand("rebuild", "Count the finished sessions anew")
      ->add_option("who", progress_command.who, "E-mail address or number; without: all users");

  AdaptCommand adapt_command;
  auto* adapt = app.add_subcommand("adapt", "Follow a table of another program in this database: its rows become ours");
  adapt->require_subcommand(1);
  const auto add_adapt = [&](const char* name, const char* what) {
    auto* sub = adapt->add_subcommand(name, what);
    sub->add_option("--table", adapt_command.table, "Its name, with a schema in front or without")->required();
    sub->add_option("--column", adapt_command.columns, "OURS=THEIRS; may be repeated")->required()->take_all();
    return sub;
  };
  auto* adapt_users = add_adapt("users", "Users: id, and as one likes email, name");
  adapt_users->add_option("--issuer", adapt_command.issuer, "Whose tokens name these users")->required();
  add_adapt("sentences", "Sentences: id, text, and as one likes text_vi, level, topic");

  CalibrateCommand calibrate_command;
  auto* calibrate =
      app.add_subcommand("calibrate", "Bring scores nearer to what teachers rated; in force from the next start on");
  calibrate->add_option("--least", calibrate_command.least, "Readings that two people have rated, below which nothing is changed")
      ->check(CLI::PositiveNumber);
  calibrate->add_flag("--dry-run", calibrate_command.is_dry, "Say what would change, and change nothing");

  UserCommand user_command;
  AddUser(app, user_command);

  DeadCommand dead_command;
  AddDead(app, dead_command);

  auto* config = app.add_subcommand("config", "Print the settings in force, without secrets");

  CommandLine line;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
    for (const std::string& setting : settings) line.sources.overrides.push_back(SplitSetting(setting));
  } catch (const CLI::ParseError& outcome) {
    std::ostringstream out;
    const bool asked = app.exit(outcome, out, out) == 0;
    return Early{out.str(), asked ? ExitCode::kOk : ExitCode::kUsage};
  }

  line.sources.environment = base::EnvironmentVariables();
  if (!config_file.empty()) line.sources.file = config_file;
  if (serve_command.is_open_to_lan && host.empty()) host = "0.0.0.0";
  if (!host.empty()) line.sources.overrides.emplace_back("server.host", host);
  if (!port.empty()) line.sources.overrides.emplace_back("server.port", port);
  if (!locale.empty()) line.sources.overrides.emplace_back("locale", locale);

  if (*serve) line.command = serve_command;
  if (*worker) line.command = worker_command;
  if (*beat) line.command = beat_command;
  if (*analyze) line.command = analyze_command;
  if (*prosody) line.command = prosody_command;
  if (*score) line.command = score_command;
  if (*say) line.command = say_command;
  if (*evaluate) {
    if (evaluation_mode == "both") {
      evaluate_command.modes = {model::Mode::kSentencePractice, model::Mode::kConversation};
    } else {
      evaluate_command.modes = {*model::ModeFromName(evaluation_mode)};
    }
    line.command = evaluate_command;
  }
  if (app.got_subcommand("bench")) line.command = bench_ws_command;
  if (*doctor) line.command = DoctorCommand{};
  if (app.got_subcommand("keys")) line.command = keys_command;
  if (*chat) line.command = chat_command;
  if (app.got_subcommand("model")) line.command = model_command;
  if (app.got_subcommand("progress")) line.command = progress_command;
  if (app.got_subcommand("dead")) line.command = dead_command;
  if (app.got_subcommand("user")) line.command = user_command;
  if (*adapt) {
    adapt_command.is_users = adapt_users->parsed();
    line.command = adapt_command;
  }
  if (*calibrate) line.command = calibrate_command;
  if (*config) line.command = ConfigCommand{};
  if (*migrate) {
    if (*up) migrate_command.action = MigrateCommand::Action::kUp;
    if (*down) migrate_command.action = MigrateCommand::Action::kDown;
    if (*status) migrate_command.action = MigrateCommand::Action::kStatus;
    line.command = migrate_command;
  }
  return line;
}

}  // namespace speechcoach::cli
