#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::cli {
namespace {

using ::testing::HasSubstr;

TEST(CommandLineTest, ReadsAnalyze) {
  const auto parsed = ParseCommandLine({"analyze", "a.wav", "--reference", "How are you?", "--json", "--set", "stt.threads=2"});
  ASSERT_TRUE(std::holds_alternative<CommandLine>(parsed));
  const auto& line = std::get<CommandLine>(parsed);
  const auto& command = std::get<AnalyzeCommand>(line.command);
  EXPECT_EQ(command.file, "a.wav");
  EXPECT_EQ(command.reference_text, "How are you?");
  EXPECT_TRUE(command.as_json);
  ASSERT_EQ(line.sources.overrides.size(), 1u);
  EXPECT_EQ(line.sources.overrides[0], (std::pair<std::string, std::string>("stt.threads", "2")));
}

TEST(CommandLineTest, FlagsOfServeAreSettings) {
  const auto parsed = ParseCommandLine({"--config", "x.yaml", "serve", "--port", "0"});
  ASSERT_TRUE(std::holds_alternative<CommandLine>(parsed));
  const auto& line = std::get<CommandLine>(parsed);
  EXPECT_TRUE(std::holds_alternative<ServeCommand>(line.command));
  EXPECT_EQ(line.sources.file, "x.yaml");
  EXPECT_EQ(line.sources.overrides.back(), (std::pair<std::string, std::string>("server.port", "0")));
}

TEST(CommandLineTest, AServerForTheLocalNetworkListensEverywhereUnlessToldWhere) {
  using Overrides = std::vector<std::pair<std::string, std::string>>;
  const auto overrides = [](const std::vector<std::string>& arguments) {
    const auto parsed = ParseCommandLine(arguments);
    const auto& line = std::get<CommandLine>(parsed);
    EXPECT_TRUE(std::get<ServeCommand>(line.command).is_open_to_lan);
    return line.sources.overrides;
  };
  EXPECT_EQ(overrides({"serve", "--lan"}), (Overrides{{"server.host", "0.0.0.0"}}));
  EXPECT_EQ(overrides({"serve", "--lan", "--host", "10.0.0.5"}), (Overrides{{"server.host", "10.0.0.5"}}));
}

TEST(CommandLineTest, ProsodyTakesPraatsSettings) {
  const auto parsed = ParseCommandLine({"prosody", "a.wav", "b.wav", "--json", "--pitch-floor", "60", "--time-step", "0.02"});
  ASSERT_TRUE(std::holds_alternative<CommandLine>(parsed));
  const auto& command = std::get<ProsodyCommand>(std::get<CommandLine>(parsed).command);
  EXPECT_EQ(command.files, (std::vector<std::string>{"a.wav", "b.wav"}));
  EXPECT_TRUE(command.as_json);
  EXPECT_EQ(command.settings.pitch.pitch_floor_hz, 60.0);
  EXPECT_EQ(command.settings.pitch.time_step_s, 0.02);
  EXPECT_EQ(command.settings.harmonicity.time_step_s, 0.02);
  EXPECT_EQ(command.settings.pitch.pitch_ceiling_hz, 600.0);
}

TEST(CommandLineTest, HelpAndVersionEndWell) {
  for (const std::string flag : {"--help", "--version"}) {
    const auto parsed = ParseCommandLine({flag});
    ASSERT_TRUE(std::holds_alternative<Early>(parsed));
    EXPECT_EQ(std::get<Early>(parsed).code, ExitCode::kOk);
    EXPECT_THAT(std::get<Early>(parsed).text, HasSubstr("speechcoach"));
  }
}

TEST(CommandLineTest, MistakesAreUsageErrorsThatSayWhat) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{}, "subcommand"},
      {{"sing"}, "subcommand"},
      {{"doctor", "--loudly"}, "--loudly"},
      {{"analyze"}, "file"},
      {{"prosody"}, "file"},
      {{"prosody", "a.wav", "--pitch-floor", "0"}, "--pitch-floor"},
      {{"prosody", "a.wav", "--pitch-floor", "400", "--pitch-ceiling", "300"}, "--pitch-ceiling"},
      {{"serve", "--set", "novalue"}, "section.key=value"},
      {{"migrate"}, "subcommand"},
      {{"migrate", "down", "--steps", "0"}, "steps"},
  };
  for (const auto& [arguments, expected] : cases) {
    const auto parsed = ParseCommandLine(arguments);
    ASSERT_TRUE(std::holds_alternative<Early>(parsed));
    EXPECT_EQ(std::get<Early>(parsed).code, ExitCode::kUsage);
    EXPECT_THAT(std::get<Early>(parsed).text, HasSubstr(expected));
  }
}

}  // namespace
}  // namespace speechcoach::cli
