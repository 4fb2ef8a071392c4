// Where the voice goes at the end of an utterance.
#pragma once

#include <optional>
#include <string_view>

#include "model/prosody_report.h"

namespace speechcoach::scoring {

// Movement of F0 over the last voiced stretch before the end of speech, in semitones, by a least-squares line: above 0 it
// rises. Absent where too little is voiced there to tell.
std::optional<double> FinalPitchMovement(const model::ProsodyReport& prosody);

enum class SentenceType { kStatement, kYesNoQuestion, kWhQuestion, kOther };

// Of the last sentence in `text`, by its final sign and first word. Choice questions ("tea or coffee?") and tags are kOther.
SentenceType TypeOfLastSentence(std::string_view text);

}  // namespace speechcoach::scoring
