// Figures as they are said: "25" -> twenty five, "3rd" -> third, "7:30" -> seven thirty, "$5" -> five dollars.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::text {

// The words of one written number, lower case, without "and" and hyphens. Understands whole and decimal numbers, thousands
// commas, ordinals, plural decades, clock times, years, per cent and $ £ €. Empty where `written` is none of these.
std::optional<std::vector<std::string>> SpellNumber(std::string_view written);

// "seven", "hundred", ...: a word that numbers are made of.
bool IsNumberWord(std::string_view word);

}  // namespace speechcoach::text
