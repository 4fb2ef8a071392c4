// What learners may be given to read.
#pragma once

#include <string_view>

#include "base/result.h"

namespace speechcoach::pipeline {

// kBadField where nobody can read it: no UTF-8, or without a word that has sounds ("...", another script). Pure, thread-safe.
base::Status CheckReference(std::string_view text);

}  // namespace speechcoach::pipeline
