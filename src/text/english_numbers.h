// Figures as they are said: "25" -> twenty five, "3rd" -> third, "7:30" -> seven thirty, "$5" -> five dollars.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::text {

// The ways to say one written number, the usual one first and without "and", at most kMostReadings: each its words in lower case without hyphens.
// Understands whole and decimal numbers, thousands commas, ordinals, plural decades, clock times, years, per cent, $ £ €, a sign before the figure,
// fractions ("3/4", "1 1/2"), ranges ("10-15") and dates of three figures (day first, month first, year first). None where `written` is none of these.
std::vector<std::vector<std::string>> NumberReadings(std::string_view written);

inline constexpr std::size_t kMostReadings = 8;

// The day of a month ("12", "3rd"), beside the month's name: "twelfth", "the twelfth", "twelve". None where it is no such day.
std::vector<std::vector<std::string>> DayReadings(std::string_view written);

// The usual one of NumberReadings, of what is neither signed, a fraction, a range nor a date. Empty where there is none.
std::optional<std::vector<std::string>> SpellNumber(std::string_view written);

// "seven", "hundred", ...: a word that numbers are made of.
bool IsNumberWord(std::string_view word);

}  // namespace speechcoach::text
