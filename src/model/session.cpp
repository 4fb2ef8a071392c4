#include "model/session.h"

#include <array>
#include <utility>

namespace speechcoach::model {
namespace {

template <typename Enum, std::size_t N>
using NameTable = std::array<std::pair<Enum, std::string_view>, N>;

constexpr NameTable<Mode, 2> kModes{{{Mode::kConversation, "conversation"}, {Mode::kSentencePractice, "sentence_practice"}}};
constexpr NameTable<Locale, 2> kLocales{{{Locale::kVi, "vi"}, {Locale::kEn, "en"}}};
constexpr NameTable<SessionStatus, 9> kStatuses{{
    {SessionStatus::kCreated, "created"},
    {SessionStatus::kRecording, "recording"},
    {SessionStatus::kInterrupted, "interrupted"},
    {SessionStatus::kAwaitingAudio, "awaiting_audio"},
    {SessionStatus::kProcessing, "processing"},
    {SessionStatus::kCompleted, "completed"},
    {SessionStatus::kDegraded, "degraded"},
    {SessionStatus::kFailed, "failed"},
    {SessionStatus::kAbandoned, "abandoned"},
}};
constexpr NameTable<Stage, 5> kStages{{
    {Stage::kListening, "listening"},
    {Stage::kTranscribing, "transcribing"},
    {Stage::kProsody, "prosody"},
    {Stage::kScoring, "scoring"},
    {Stage::kFeedback, "feedback"},
}};

template <typename Enum, std::size_t N>
std::string_view NameIn(const NameTable<Enum, N>& table, Enum value) {
  for (const auto& [key, name] : table) {
    if (key == value) return name;
  }
  return "unknown";
}

template <typename Enum, std::size_t N>
std::optional<Enum> ValueIn(const NameTable<Enum, N>& table, std::string_view name) {
  for (const auto& [key, known] : table) {
    if (known == name) return key;
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(Mode mode) { return NameIn(kModes, mode); }
std::string_view Name(Locale locale) { return NameIn(kLocales, locale); }
std::string_view Name(SessionStatus status) { return NameIn(kStatuses, status); }
std::string_view Name(Stage stage) { return NameIn(kStages, stage); }
std::optional<Mode> ModeFromName(std::string_view name) { return ValueIn(kModes, name); }
std::optional<Locale> LocaleFromName(std::string_view name) { return ValueIn(kLocales, name); }
std::optional<SessionStatus> SessionStatusFromName(std::string_view name) { return ValueIn(kStatuses, name); }

bool IsFinal(SessionStatus status) {
  return status == SessionStatus::kCompleted || status == SessionStatus::kDegraded || status == SessionStatus::kFailed ||
         status == SessionStatus::kAbandoned;
}

}  // namespace speechcoach::model
