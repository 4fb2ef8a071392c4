#include "pronunciation/internal/embedded_data.h"

// SPEECHCOACH_EMBED(name, file): the file's bytes between name_begin and name_end.
#define SPEECHCOACH_EMBED(name, file)                                                                                     \
  __asm__(".section .rodata\n.balign 64\n.global " #name "_begin\n" #name "_begin:\n.incbin \"" file "\"\n.global " #name \
          "_end\n" #name "_end:\n.byte 0\n.previous\n");                                                                  \
  extern "C" const char name##_begin[];                                                                                   \
  extern "C" const char name##_end[]

SPEECHCOACH_EMBED(speechcoach_dictionary, SPEECHCOACH_DICTIONARY_FILE);
SPEECHCOACH_EMBED(speechcoach_phone_head, SPEECHCOACH_HEAD_FILE);
SPEECHCOACH_EMBED(speechcoach_scorers, SPEECHCOACH_SCORERS_FILE);
SPEECHCOACH_EMBED(speechcoach_vietnamese_profile, SPEECHCOACH_VIETNAMESE_FILE);

namespace speechcoach::pronunciation {
namespace {

std::span<const unsigned char> Bytes(const char* begin, const char* end) {
  return {reinterpret_cast<const unsigned char*>(begin), static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view DictionaryText() {
  return {speechcoach_dictionary_begin, static_cast<std::size_t>(speechcoach_dictionary_end - speechcoach_dictionary_begin)};
}

std::string_view VietnameseProfileText() {
  return {speechcoach_vietnamese_profile_begin,
          static_cast<std::size_t>(speechcoach_vietnamese_profile_end - speechcoach_vietnamese_profile_begin)};
}

std::span<const unsigned char> HeadBytes() { return Bytes(speechcoach_phone_head_begin, speechcoach_phone_head_end); }
std::span<const unsigned char> ScorerBytes() { return Bytes(speechcoach_scorers_begin, speechcoach_scorers_end); }

}  // namespace speechcoach::pronunciation
