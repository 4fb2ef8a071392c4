// Transcript::language, beyond ISO 639-1.
#pragma once

namespace speechcoach::model {

// ISO 639-2 for undetermined: the speech model holds English improbable and writes it badly, and no other language plainly better.
inline constexpr const char* kUnsureLanguage = "und";

}  // namespace speechcoach::model
