// ARPAbet, as the pronunciation dictionary writes sounds, in the signs that learners know from their dictionaries.
#pragma once

#include <string>
#include <string_view>

namespace speechcoach::scoring {

// "TH" -> "/θ/", "AH0" -> "/ə/"; a stress digit is otherwise left out. Empty for what is no ARPAbet phone.
std::string IpaName(std::string_view arpabet);

}  // namespace speechcoach::scoring
