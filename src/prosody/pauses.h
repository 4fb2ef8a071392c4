// Silences inside the speech.
#pragma once

#include <vector>

#include "model/prosody_report.h"
#include "prosody/intensity_silences.h"

namespace speechcoach::prosody {

// The gaps between the stretches of speech; `sounding` as FindSounding() gives it.
model::Pauses FindPauses(const std::vector<SoundingInterval>& sounding);

}  // namespace speechcoach::prosody
