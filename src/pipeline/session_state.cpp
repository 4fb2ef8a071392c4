#include "pipeline/session_state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace speechcoach::pipeline {
namespace {

using enum model::SessionStatus;

constexpr std::array<std::pair<model::SessionStatus, model::SessionStatus>, 33> kMoves{{
    {kCreated, kRecording},      {kCreated, kProcessing},  // an upload is recorded elsewhere
    {kCreated, kAwaitingAudio},  {kCreated, kAbandoned},        {kRecording, kProcessing},
    {kRecording, kInterrupted},  {kRecording, kAwaitingAudio},  {kRecording, kAbandoned},
    {kInterrupted, kRecording},  {kInterrupted, kProcessing},   {kInterrupted, kAwaitingAudio},
    {kInterrupted, kAbandoned},  {kAwaitingAudio, kProcessing}, {kAwaitingAudio, kAbandoned},
    {kProcessing, kCompleted},   {kProcessing, kDegraded},      {kProcessing, kFailed},
    {kCompleted, kProcessing},                                                             // a full retry
    {kDegraded, kProcessing},    {kFailed, kProcessing},        {kCompleted, kRecording},  // a conversation's next turn
    {kDegraded, kRecording},     {kFailed, kRecording},         {kAwaitingAudio, kRecording},
    {kRecording, kCompleted},  // that turn was given up: those before it stay
    {kRecording, kDegraded},     {kRecording, kFailed},         {kInterrupted, kCompleted},
    {kInterrupted, kDegraded},   {kInterrupted, kFailed},       {kAwaitingAudio, kCompleted},
    {kAwaitingAudio, kDegraded}, {kAwaitingAudio, kFailed},
}};

}  // namespace

model::SessionStatus StatusOf(const model::Analysis& analysis) {
  return analysis.degraded_mode || !analysis.failures.empty() ? kDegraded : kCompleted;
}

model::SessionStatus StatusWithoutMore(const model::Session& session, const model::Turn* newest) {
  if (newest == nullptr) return kAbandoned;
  return session.analysis ? StatusOf(*session.analysis) : kFailed;
}

bool MayMove(model::SessionStatus from, model::SessionStatus to) {
  return std::ranges::find(kMoves, std::pair(from, to)) != kMoves.end();
}

}  // namespace speechcoach::pipeline
