// Every figure in a text: in digits, or in words where they are a score or count what was measured.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::advice {

struct Number {
  std::string value;    // "7.5": a comma is read as the decimal point; no trailing ".0"
  bool of_ten = false;  // "/10", "điểm", "trên mười", "out of ten" follows
  std::string before;   // the clause up to it, in small letters
};

std::vector<Number> NumbersIn(std::string_view text);

// As Number::value.
std::string Canonical(std::string_view number);

}  // namespace speechcoach::advice
