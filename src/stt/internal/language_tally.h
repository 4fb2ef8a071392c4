// Which language a recording is in, from its windows.
#pragma once

#include <map>
#include <string>

namespace speechcoach::stt {

class LanguageTally {
 public:
  // ISO 639-1; an empty one is passed over.
  void Add(const std::string& language, double seconds) {
    if (!language.empty()) seconds_[language] += seconds;
  }

  // The one that was heard for longest; empty where none was.
  std::string Result() const {
    std::string longest;
    for (const auto& [language, seconds] : seconds_) {
      if (longest.empty() || seconds > seconds_.at(longest)) longest = language;
    }
    return longest;
  }

 private:
  std::map<std::string, double> seconds_;
};

}  // namespace speechcoach::stt
