// Decoders sometimes fall into a loop and write the same phrase over and over.
#pragma once

#include <cstddef>
#include <span>

namespace speechcoach::stt {

// How many tokens at the end of `tokens` are repetitions beyond the first of one phrase; 0 where it does not end in a loop.
// A loop is one token 8 times, two tokens 6 times, three or four 4 times, or up to 24 tokens 3 times: more than a hesitant
// speaker repeats.
std::size_t LoopTail(std::span<const int> tokens);

// True where five tokens in a row come twice. People seldom say that much again; a misled decoder does.
bool SaysTwice(std::span<const int> tokens);

}  // namespace speechcoach::stt
