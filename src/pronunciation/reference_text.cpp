#include "pronunciation/reference_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pronunciation/letter_to_sound.h"
#include "pronunciation/pronouncing_dictionary.h"
#include "text/english_numbers.h"
#include "text/plain_latin.h"

namespace speechcoach::pronunciation {
namespace {

using Pronunciations = std::vector<Pronunciation>;

constexpr std::size_t kLongestPiece = 200;  // bytes between white space; nobody says what is longer in one go

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

std::string Lowered(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (IsCapital(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

void AddUnlessThere(Pronunciations& all, const Pronunciation& one) {
  if (!one.empty() && all.size() < kMaxPronunciations && std::ranges::find(all, one) == all.end()) all.push_back(one);
}

// Every way to say `first` and then every way to say `second`, the usual ways first.
Pronunciations Joined(const Pronunciations& first, const Pronunciations& second) {
  if (first.empty()) return second;
  if (second.empty()) return first;
  Pronunciations joined;
  for (const Pronunciation& a : first) {
    for (const Pronunciation& b : second) {
      Pronunciation both = a;
      both.insert(both.end(), b.begin(), b.end());
      AddUnlessThere(joined, both);
    }
  }
  return joined;
}

Pronunciations SayLetters(std::string_view letters) {
  Pronunciations said;
  for (const char c : letters) {
    if (IsLetter(c)) said = Joined(said, LookUp(Lowered(std::string(1, c)) + "."));
  }
  return said;
}

Sound SoundOf(std::string_view name) { return *SoundFromName(name); }

// A plural or possessive ending as it follows `stem`: /s/, /z/ or another syllable.
Pronunciation EndingAfter(const Pronunciation& stem) {
  static constexpr std::array<std::string_view, 6> kSibilants{"S", "Z", "SH", "ZH", "CH", "JH"};
  static constexpr std::array<std::string_view, 5> kVoiceless{"P", "T", "K", "F", "TH"};
  const std::string_view last = PhoneName(stem.back().phone);
  if (std::ranges::find(kSibilants, last) != kSibilants.end()) return {SoundOf("IH0"), SoundOf("Z")};
  if (std::ranges::find(kVoiceless, last) != kVoiceless.end()) return {SoundOf("S")};
  return {SoundOf("Z")};
}

bool HasVowelLetter(std::string_view word) { return word.find_first_of("aeiouy") != std::string_view::npos; }

// What an abbreviation stands for; it may also be said as the word that the dictionary lists.
std::string_view WrittenOut(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 39> kForms{{{"oclock", "o'clock"},
                                                                                         {"am", "a.m."},
                                                                                         {"pm", "p.m."},
                                                                                         {"vs", "versus"},
                                                                                         {"approx", "approximately"},
                                                                                         {"dept", "department"},
                                                                                         {"min", "minutes"},
                                                                                         {"mins", "minutes"},
                                                                                         {"hr", "hour"},
                                                                                         {"hrs", "hours"},
                                                                                         {"km", "kilometers"},
                                                                                         {"kg", "kilograms"},
                                                                                         {"cm", "centimeters"},
                                                                                         {"mm", "millimeters"},
                                                                                         {"ml", "milliliters"},
                                                                                         {"mph", "miles-per-hour"},
                                                                                         {"kph", "kilometers-per-hour"},
                                                                                         {"eg", "for-example"},
                                                                                         {"e.g", "for-example"},
                                                                                         {"i.e", "that-is"},
                                                                                         {"ie", "that-is"},
                                                                                         {"wifi", "wi-fi"},
                                                                                         {"jan", "january"},
                                                                                         {"feb", "february"},
                                                                                         {"apr", "april"},
                                                                                         {"jun", "june"},
                                                                                         {"jul", "july"},
                                                                                         {"aug", "august"},
                                                                                         {"sept", "september"},
                                                                                         {"oct", "october"},
                                                                                         {"nov", "november"},
                                                                                         {"dec", "december"},
                                                                                         {"mon", "monday"},
                                                                                         {"tue", "tuesday"},
                                                                                         {"tues", "tuesday"},
                                                                                         {"thu", "thursday"},
                                                                                         {"thur", "thursday"},
                                                                                         {"thurs", "thursday"},
                                                                                         {"fri", "friday"}}};
  const auto form = std::ranges::find(kForms, word, &std::pair<std::string_view, std::string_view>::first);
  return form == kForms.end() ? std::string_view() : form->second;
}

Pronunciations SayWord(std::string_view word);

Pronunciations SayHyphened(std::string_view words) {
  Pronunciations said;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('-'), words.size());
    said = Joined(said, SayWord(words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return said;
}

// A lower-case word of letters, apostrophes and inner dots.
Pronunciations SayWord(std::string_view word) {
  if (Pronunciations listed = LookUp(word); !listed.empty()) {
    if (listed.size() > kMaxPronunciations) listed.resize(kMaxPronunciations);
    return listed;
  }
  if (word.find('.') != std::string_view::npos) {
    // "u.s.a": one letter between the dots; else the dots join words ("example.com").
    Pronunciations said;
    bool letters_only = true;
    for (std::size_t i = 0; i < word.size(); ++i) letters_only = letters_only && (i % 2 == 0) == IsLetter(word[i]);
    if (letters_only) return SayLetters(word);
    for (std::string_view rest = word; !rest.empty();) {
      const std::size_t dot = std::min(rest.find('.'), rest.size());
      said = Joined(said, SayWord(rest.substr(0, dot)));
      if (dot < rest.size() && dot + 1 < rest.size()) said = Joined(said, LookUp("dot"));
      rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    return said;
  }
  for (const std::string_view ending : {"'s", "s'", "'"}) {
    if (word.size() <= ending.size() + 1 || !word.ends_with(ending)) continue;
    Pronunciations stems = SayWord(word.substr(0, word.size() - ending.size()));
    if (ending == "'") return stems;
    for (Pronunciation& stem : stems) {
      const Pronunciation said_ending = EndingAfter(stem);
      stem.insert(stem.end(), said_ending.begin(), said_ending.end());
    }
    return stems;
  }
  if (word.size() > 2 && word.front() == '\'') return SayWord(word.substr(1));
  if (!HasVowelLetter(word)) return SayLetters(word);
  Pronunciation guessed = GuessPronunciation(word);
  if (guessed.empty()) return {};
  return {std::move(guessed)};
}

// Words as written keep their capitals: "IT" may be two letters, "it" may not.
Pronunciations SayRun(std::string_view run, bool capitals_mean_letters) {
  const std::string lowered = Lowered(run);
  if (const std::string_view full = WrittenOut(lowered); !full.empty()) {
    Pronunciations said = LookUp(lowered);
    for (const Pronunciation& in_full : SayHyphened(full)) AddUnlessThere(said, in_full);
    return said;
  }
  const bool all_capitals = run.size() >= 2 && run.size() <= 5 && std::ranges::all_of(run, IsCapital);
  if (!capitals_mean_letters || !all_capitals) return SayWord(lowered);
  Pronunciations said = LookUp(lowered);
  if (said.size() >= kMaxPronunciations) said.resize(kMaxPronunciations - 1);
  for (const Pronunciation& letters : SayLetters(lowered)) AddUnlessThere(said, letters);
  return said;
}

using Readings = std::vector<std::vector<std::string>>;

// Of every reading its usual pronunciation before any reading's second one.
Pronunciations SayReadings(const Readings& readings) {
  std::vector<Pronunciations> ways;
  for (const std::vector<std::string>& words : readings) {
    Pronunciations& said = ways.emplace_back();
    for (const std::string& word : words) said = Joined(said, SayRun(word, false));
  }
  Pronunciations all;
  for (std::size_t i = 0; i < kMaxPronunciations; ++i) {
    for (const Pronunciations& said : ways) {
      if (i < said.size()) AddUnlessThere(all, said[i]);
    }
  }
  return all;
}

Pronunciations SaySymbol(char symbol) {
  switch (symbol) {
    case '&':
      return LookUp("and");
    case '%':
      return LookUp("percent");
    case '+':
      return LookUp("plus");
    case '=':
      return LookUp("equals");
    case '@':
      return LookUp("at");
    case '$':
      return LookUp("dollars");
    default:
      return {};
  }
}

bool BelongsToWord(char c) { return IsLetter(c) || c == '\'' || c == '.'; }
bool BelongsToNumber(char c) { return IsDigit(c) || c == '.' || c == ',' || c == ':'; }

std::string_view TrimmedOf(std::string_view text, std::string_view front, std::string_view back) {
  while (!text.empty() && front.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && back.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

// One piece between white space, punctuation around it taken off.
Pronunciations SayPiece(std::string_view piece, bool capitals_mean_letters) {
  if (Pronunciations number = SayReadings(text::NumberReadings(Lowered(piece))); !number.empty()) return number;
  Pronunciations said;
  while (!piece.empty()) {
    std::size_t length = 1;
    const auto run_of = [&](auto&& belongs) {
      while (length < piece.size() && belongs(piece[length])) ++length;
      return piece.substr(0, length);
    };
    if (IsLetter(piece.front()) || piece.front() == '\'') {
      const std::string_view run = run_of(BelongsToWord);
      const std::string_view word = TrimmedOf(run, "", ".");
      if (word != "'") said = Joined(said, SayRun(word, capitals_mean_letters));
    } else if (IsDigit(piece.front())) {
      const std::string_view run = run_of(BelongsToNumber);
      said = Joined(said, SayReadings(text::NumberReadings(TrimmedOf(run, "", ".,:"))));
    } else {
      said = Joined(said, SaySymbol(piece.front()));
    }
    piece.remove_prefix(length);
  }
  return said;
}

constexpr std::string_view kOpening = "\"'([{<*_-~.,:;!?/#";
constexpr std::string_view kClosing = "\"')]}>*_-~.,:;!?/";

// `written` without the punctuation around it, in its own letters.
std::string_view Undressed(std::string_view written) {
  static constexpr std::array<std::string_view, 8> kSigns{"\u2018", "\u2019", "\u201C", "\u201D",
                                                          "\u2026", "\u2013", "\u2014", "\u00BF"};
  for (bool changed = true; changed;) {
    const std::size_t size = written.size();
    written = TrimmedOf(written, kOpening, kClosing);
    for (const std::string_view sign : kSigns) {
      if (written.starts_with(sign)) written.remove_prefix(sign.size());
      if (written.ends_with(sign)) written.remove_suffix(sign.size());
    }
    changed = written.size() != size;
  }
  return written;
}

Pronunciations SayWritten(std::string_view written, bool capitals_mean_letters) {
  const std::string plain = text::ToPlainLatin(written);
  const std::string_view inner = TrimmedOf(plain, std::string(kOpening) + " ", std::string(kClosing) + " ");
  // "a.m." and "etc." are listed with their last dot.
  if (inner.find('.') != std::string_view::npos) {
    if (Pronunciations listed = LookUp(Lowered(inner) + "."); !listed.empty()) return listed;
  }
  Pronunciations said = SayPiece(inner, capitals_mean_letters);
  const auto before = static_cast<std::size_t>(inner.data() - plain.data());
  const bool may_be_negative = !inner.empty() && IsDigit(inner.front()) && before > 0 && plain[before - 1] == '-';
  if (!may_be_negative) return said;
  Pronunciations with_sign = SayReadings(text::NumberReadings(Lowered("-" + std::string(inner))));
  if (with_sign.size() >= kMaxPronunciations) with_sign.resize(kMaxPronunciations - 1);
  for (const Pronunciation& without : said) AddUnlessThere(with_sign, without);
  return with_sign;
}

// As it is written, without the marks around it.
std::string Core(std::string_view written) {
  const std::string plain = text::ToPlainLatin(written);
  return Lowered(TrimmedOf(plain, std::string(kOpening) + " ", std::string(kClosing) + " "));
}

bool IsMonth(std::string_view written) {
  static constexpr std::array<std::string_view, 24> kMonths{
      "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
      "jan",     "feb",      "mar",   "apr",   "jun", "jul",  "aug",  "sep",    "sept",      "oct",     "nov",      "dec"};
  return std::ranges::find(kMonths, Core(written)) != kMonths.end();
}

bool IsScale(std::string_view written) {
  static constexpr std::array<std::string_view, 4> kScales{"thousand", "million", "billion", "trillion"};
  return std::ranges::find(kScales, Core(written)) != kScales.end();
}

// "$5 million": what the sign stands for is said behind the scale.
std::string_view CurrencyOf(std::string_view written) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSigns{
      {{"$", "dollars"}, {"£", "pounds"}, {"€", "euros"}}};
  const std::string core = Core(written);
  for (const auto& [sign, name] : kSigns) {
    if (core.starts_with(sign) && core.size() > sign.size()) return name;
  }
  return {};
}

// What a piece says beside its neighbours; "" where there is none.
Pronunciations SayBeside(std::string_view before, std::string_view written, std::string_view after, bool capitals_mean_letters) {
  Pronunciations usual = SayWritten(written, capitals_mean_letters);
  Pronunciations said;
  if (IsMonth(before) || IsMonth(after)) {
    said = SayReadings(text::DayReadings(Core(written)));
  } else if (IsScale(after) && !CurrencyOf(written).empty()) {
    const std::string core = Core(written);
    said = SayReadings(text::NumberReadings(std::string_view(core).substr(core.find_first_of("0123456789"))));
  } else if (IsScale(written) && !CurrencyOf(before).empty()) {
    said = Joined(usual, LookUp(CurrencyOf(before)));
  }
  for (const Pronunciation& other : usual) AddUnlessThere(said, other);
  return said;
}

}  // namespace

ReferenceText ToReferenceText(std::string_view text) {
  // In a text all in capitals they say nothing.
  const bool capitals_mean_letters = std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !IsSpace(text[end])) ++end;
    if (end > at) pieces.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  ReferenceText reference;
  for (std::size_t i = 0; i < pieces.size() && reference.size() < kMaxReferenceWords; ++i) {
    if (pieces[i].size() > kLongestPiece) continue;
    const std::string_view before = i > 0 ? pieces[i - 1] : std::string_view{};
    const std::string_view after = i + 1 < pieces.size() ? pieces[i + 1] : std::string_view{};
    Pronunciations said = SayBeside(before, pieces[i], after, capitals_mean_letters);
    if (!said.empty()) reference.push_back({std::string(Undressed(pieces[i])), std::move(said), i});
  }
  return reference;
}

std::vector<std::string> ComparableWords(const ReferenceText& text) {
  std::vector<std::string> words;
  words.reserve(text.size());
  for (const ReferenceWord& word : text) words.push_back(Lowered(word.text));
  return words;
}

}  // namespace speechcoach::pronunciation
