#include "chat.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "advice/llm_dialogue_partner.h"
#include "base/clock.h"
#include "dialogue/speaking_band.h"
#include "dialogue/topics.h"
#include "llm/llm_service.h"
#include "parts.h"

namespace speechcoach::app {
namespace {

using cli::ExitCode;
using dialogue::Correction;

ExitCode ListTopics() {
  for (const dialogue::DialogueTopic& topic : dialogue::Topics()) fmt::print("{:16} {}\n", topic.id, topic.title_vi);
  return ExitCode::kOk;
}

void Print(const dialogue::CoachTurn& turn) {
  for (const Correction& correction : turn.corrections) {
    const char* kind = correction.kind == Correction::Kind::kGrammar ? "Ngữ pháp" : "Từ vựng";
    fmt::print("  {}: “{}” → “{}”. {}\n", kind, correction.said, correction.better, correction.why_vi);
  }
  fmt::print("> {}\n", turn.say);
  if (!turn.is_last) fmt::print("  ({})\n", turn.help_vi);
  std::cout.flush();
}

// With the comma that Vietnamese writes.
std::string Decimal(double value) {
  std::string text = fmt::format("{:.1f}", value);
  std::ranges::replace(text, '.', ',');
  return text;
}

void PrintBand(dialogue::Scale scale, const std::vector<std::string>& said) {
  const auto band = dialogue::EstimateBand(scale, said, std::nullopt);
  const char* name = scale == dialogue::Scale::kIelts ? "IELTS" : "VSTEP";
  if (!band) {
    fmt::print("Bạn nói còn ít quá nên mình chưa ước lượng được mức {}.\n", name);
    return;
  }
  fmt::print("{}: khoảng {} đến {}. {}\n", name, Decimal(band->low), Decimal(band->high), band->note_vi);
}

}  // namespace

base::Result<ExitCode> RunChat(const cli::ChatCommand& command, const base::Config& config) {
  if (command.topic.empty()) return ListTopics();
  const dialogue::DialogueTopic* topic = dialogue::FindTopic(command.topic);
  if (topic == nullptr) return base::Error{base::ErrorCode::kNotFound, "no such topic; speechcoach chat lists them"};
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  if (const base::Status migrated = (*database)->MigrateUp(); !migrated.ok()) return migrated.error();
  const base::SystemClock clock;
  const auto service = llm::LlmService::Make(config, (*database)->llm(), clock);
  if (!service.ok()) return service.error();
  advice::LlmDialoguePartner partner((*service)->provider());

  dialogue::DialogueState state{.topic = command.topic, .level = command.level};
  std::vector<std::string> said;
  auto turn = partner.Begin(state);
  for (std::string line; turn.ok(); turn = partner.Reply(state, line)) {
    Print(*turn);
    if (turn->is_last || !std::getline(std::cin, line)) break;
    if (!line.empty()) said.push_back(line);
  }
  if (!turn.ok()) return turn.error();
  if (topic->scale) PrintBand(*topic->scale, said);
  return ExitCode::kOk;
}

}  // namespace speechcoach::app
