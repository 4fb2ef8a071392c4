// What a learner can do about melody, stress and pauses, each with the words it is about.
#pragma once

#include "scoring/internal/findings.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// Adds at most three notes: a yes-no question that falls, or a wh-question (or a statement that was to be read) that rises, by
// the phrase's last content word; a pause between a function word and the content word after it; a content word longer than three
// letters without prominence while a function word has it; fillers. Nothing where the words are not known. Rests on what
// prosody::AddTranscript() fills in.
void FindProsodyNotes(const Evidence& evidence, Findings& findings);

}  // namespace speechcoach::scoring
