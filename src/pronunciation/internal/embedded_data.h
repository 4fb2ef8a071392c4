// Files that are part of the program: the assembler puts them there unread, so that megabytes cost no compile time.
#pragma once

#include <span>
#include <string_view>

namespace speechcoach::pronunciation {

// One line a word, sorted by bytes: the word, a tab, its pronunciations separated by spaces, one character a sound ('0' + index).
std::string_view DictionaryText();

// The trained parameters, in the format of tensor_file.h.
std::span<const unsigned char> HeadBytes();
std::span<const unsigned char> ScorerBytes();

// Vietnamese speakers' typical sounds, see vietnamese_profile.h.
std::string_view VietnameseProfileText();

}  // namespace speechcoach::pronunciation
