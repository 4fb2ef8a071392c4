#include "cli/command_line.h"

#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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
  app.add_option("--set", settings, "One setting, e.g. --set server.port=8080; may be repeated")->type_name("KEY=VALUE")->take_all();

  auto* serve = app.add_subcommand("serve", "Serve the web app and the API, and analyse recordings");
  std::string host;
  std::string port;
  serve->add_option("--host", host, "Address to listen on (server.host)");
  serve->add_option("--port", port, "Port to listen on (server.port)");

  AnalyzeCommand analyze_command;
  std::string locale;
  auto* analyze = app.add_subcommand("analyze", "Analyse one recording and print what was found");
  analyze->add_option("file", analyze_command.file, "WAV, MP3, M4A, FLAC, OGG or WebM")->required()->type_name("FILE");
  analyze->add_option("--reference", analyze_command.reference_text, "The sentence that was to be read")->type_name("TEXT");
  analyze->add_option("--locale", locale, "Language of the report: vi or en (locale)");
  analyze->add_flag("--json", analyze_command.as_json, "Print JSON");

  auto* doctor = app.add_subcommand("doctor", "Check every part of the installation and say what to do");

  MigrateCommand migrate_command;
  auto* migrate = app.add_subcommand("migrate", "Bring the database's schema up to date, or back");
  migrate->require_subcommand(1);
  auto* up = migrate->add_subcommand("up", "Apply all migrations that are missing");
  auto* down = migrate->add_subcommand("down", "Undo the last migrations");
  down->add_option("--steps", migrate_command.steps, "How many")->check(CLI::Range(1, 1000))->capture_default_str();
  auto* status = migrate->add_subcommand("status", "List the migrations and which are applied");

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
  if (!host.empty()) line.sources.overrides.emplace_back("server.host", host);
  if (!port.empty()) line.sources.overrides.emplace_back("server.port", port);
  if (!locale.empty()) line.sources.overrides.emplace_back("locale", locale);

  if (*serve) line.command = ServeCommand{};
  if (*analyze) line.command = analyze_command;
  if (*doctor) line.command = DoctorCommand{};
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
