#include "model/session.h"

#include "model/name_table.h"

namespace speechcoach::model {
namespace {

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

}  // namespace

std::string_view Name(Mode mode) { return NameIn(kModes, mode); }
std::string_view Name(Locale locale) { return NameIn(kLocales, locale); }
std::string_view Name(SessionStatus status) { return NameIn(kStatuses, status); }
std::string_view Name(Stage stage) { return NameIn(kStages, stage); }
std::optional<Mode> ModeFromName(std::string_view name) { return ValueIn(kModes, name); }
std::optional<Locale> LocaleFromName(std::string_view name) { return ValueIn(kLocales, name); }
std::optional<SessionStatus> SessionStatusFromName(std::string_view name) { return ValueIn(kStatuses, name); }
std::optional<Stage> StageFromName(std::string_view name) { return ValueIn(kStages, name); }

bool IsFinal(SessionStatus status) {
  return status == SessionStatus::kCompleted || status == SessionStatus::kDegraded || status == SessionStatus::kFailed ||
         status == SessionStatus::kAbandoned;
}

}  // namespace speechcoach::model
