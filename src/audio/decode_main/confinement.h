// Takes away from this process all that decoding does not need.
#pragma once

#include <cstdint>

namespace speechcoach::audio {

struct ConfinementLimits {
  std::uint64_t memory_bytes = 0;  // of data: heap and private mappings
  std::uint64_t cpu_seconds = 0;   // over the process's life
};

// From here on the process can compute, use memory, read descriptor 0, write descriptor 1 and end; nothing else. No files can
// be opened, no processes or threads started, no program executed, no memory made executable; whatever tries is killed
// with SIGSYS. Needs no privilege and works as root. Irrevocable.
// Returns 0, or the errno that says why the process is not (wholly) confined; it must then not read any input.
int ConfineThisProcess(const ConfinementLimits& limits);

}  // namespace speechcoach::audio
