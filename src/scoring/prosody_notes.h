// What a learner can do about melody, stress and pauses, each note with the words it is about.
#pragma once

#include <string>
#include <vector>

#include "model/prosody_report.h"
#include "model/session.h"
#include "model/transcript.h"

namespace speechcoach::scoring {

// Whole sentences in `locale`, the most useful first, at most `most`. Empty where the words are not known or nothing is worth a
// note. Rests on report.melody.phrases, report.words and report.pauses as prosody::AddTranscript() fills them, for the same
// `transcript`.
//
// In this order: a yes-no question that falls or a statement's or wh-question's end that rises (by its last content word); a
// pause inside a phrase (by the words on both sides); a content word longer than three letters without prominence while a
// function word has it; "um".
std::vector<std::string> ProsodyNotes(const model::ProsodyReport& report, const model::Transcript& transcript,
                                      model::Locale locale, std::size_t most = 3);

}  // namespace speechcoach::scoring
