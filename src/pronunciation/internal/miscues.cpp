#include "pronunciation/internal/miscues.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace speechcoach::pronunciation {
namespace {

using Phones = std::vector<Phone>;

constexpr std::size_t kShortWord = 2;  // phones; too short to be judged against the transcript's word for it
// Changes so many words apart do not touch each other's sounds: they are made together.
constexpr std::size_t kReachWords = 8;
// More follow each other in no recording that is of its text, and each costs as much as a reading without miscues.
constexpr int kMostRounds = 24;

Phones PhonesOf(const Pronunciation& pronunciation) {
  Phones phones;
  for (const Sound& sound : pronunciation) phones.push_back(sound.phone);
  return phones;
}

bool SoundsLike(const ReferenceWord& a, const ReferenceWord& b) { return MatchWords({a}, {b})[0].is_same; }

// A word of the transcript that stands for none of the text.
struct Extra {
  int heard = 0;           // index into the transcript's words
  std::size_t before = 0;  // the word of the text before which it stands
  std::optional<Phones> said;
};

struct Word {
  model::WordVerdict verdict = model::WordVerdict::kOk;  // kOk, kOmitted or kReplaced
  Phones said;
  bool is_repeated = false;
};

struct Change {
  double margin = 0.0;    // log likelihood gained beyond what was asked
  std::size_t place = 0;  // in the order of the words and extras that are left
  Word* word = nullptr;
  Extra* extra = nullptr;
  model::WordVerdict verdict = model::WordVerdict::kOk;
  Phones said;
};

// The text, changed towards what was said.
class Search {
 public:
  Search(const Measurement& m, bool is_of_text) : m_(m), words_(m.word_count()) {
    int next_heard = 0;
    for (std::size_t word = 0; word < words_.size(); ++word) {
      for (std::size_t i = m.first_phone(word); i < m.end_phone(word); ++i)
        words_[word].said.push_back(m.alignment().phones[i].sound.phone);
      if (const int heard = m.heard()[word].transcript_word; heard >= 0) {
        for (; next_heard < heard; ++next_heard) extras_.push_back({next_heard, word, {}});
        next_heard = heard + 1;
      }
    }
    for (; next_heard < static_cast<int>(m.transcript_text().size()); ++next_heard)
      extras_.push_back({next_heard, words_.size(), {}});
    if (!is_of_text) OmitUnheard();
    Rebuild();
    ChangeWords();
    FindRepetitions();
  }

  const std::vector<Word>& words() const { return words_; }
  const std::vector<Extra>& extras() const { return extras_; }
  const ReferenceWord& Heard(int index) const { return m_.transcript_text()[static_cast<std::size_t>(index)]; }

 private:
  const SequenceLikelihoods& Likelihoods() const { return changed_ ? *changed_ : m_.likelihoods(); }

  // Only what the transcript has of another text can have been said.
  void OmitUnheard() {
    for (std::size_t word = 0; word < words_.size(); ++word) {
      if (m_.heard()[word].is_same) continue;
      words_[word].verdict = model::WordVerdict::kOmitted;
      words_[word].said.clear();
      is_changed_ = true;
    }
  }

  // Where each word begins in the changed text; the extras before a word lie before it.
  void Rebuild() {
    Phones all;
    begin_.clear();
    auto extra = extras_.begin();
    for (std::size_t word = 0; word <= words_.size(); ++word) {
      for (; extra != extras_.end() && extra->before == word; ++extra) {
        if (extra->said) all.insert(all.end(), extra->said->begin(), extra->said->end());
      }
      begin_.push_back(all.size());
      if (word < words_.size()) all.insert(all.end(), words_[word].said.begin(), words_[word].said.end());
    }
    if (is_changed_) changed_ = std::make_unique<SequenceLikelihoods>(m_.posteriors(), std::move(all));
  }

  double ThresholdOfOmission(std::size_t word) const {
    const HeardWord& heard = m_.heard()[word];
    if (heard.is_same)
      return words_[word].said.size() > kShortWord ? thresholds_.omitted_if_heard : std::numeric_limits<double>::infinity();
    return heard.transcript_word < 0 ? thresholds_.omitted_if_missing : thresholds_.omitted_if_other;
  }

  // The best change of each word and extra that gains.
  std::vector<Change> Gains() {
    std::vector<Change> gains;
    std::size_t place = 0;
    const auto consider = [&](Change& best, Change other) {
      if (other.margin > best.margin) best = std::move(other);
    };
    const auto take = [&](Change best) {
      best.place = place++;
      if (best.margin > 0.0) gains.push_back(std::move(best));
    };
    auto extra = extras_.begin();
    for (std::size_t i = 0; i <= words_.size(); ++i) {
      for (; extra != extras_.end() && extra->before == i; ++extra) {
        Change best;
        if (!extra->said) {
          for (const Pronunciation& pronunciation : Heard(extra->heard).pronunciations) {
            Phones said = PhonesOf(pronunciation);
            const double gained = Likelihoods().LogRatio(begin_[i], begin_[i], said);
            const double asked = thresholds_.inserted * static_cast<double>(said.size());
            consider(best, {gained - asked, 0, nullptr, &*extra, model::WordVerdict::kOk, std::move(said)});
          }
        }
        take(std::move(best));
      }
      if (i == words_.size() || words_[i].verdict == model::WordVerdict::kOmitted) continue;
      Word& word = words_[i];
      Change best;
      if (word.verdict == model::WordVerdict::kOk) {
        const std::size_t end = begin_[i] + word.said.size();
        const double omitted = Likelihoods().LogRatio(begin_[i], end, {});
        consider(best, {omitted - ThresholdOfOmission(i) * static_cast<double>(word.said.size()),
                        0,
                        &word,
                        nullptr,
                        model::WordVerdict::kOmitted,
                        {}});
        const HeardWord& heard = m_.heard()[i];
        if (heard.transcript_word >= 0 && !heard.is_same) {
          for (const Pronunciation& pronunciation : Heard(heard.transcript_word).pronunciations) {
            Phones said = PhonesOf(pronunciation);
            const double gained = Likelihoods().LogRatio(begin_[i], end, said);
            const double asked = thresholds_.replaced * static_cast<double>(said.size());
            consider(best, {gained - asked, 0, &word, nullptr, model::WordVerdict::kReplaced, std::move(said)});
          }
        }
      }
      take(std::move(best));
    }
    return gains;
  }

  // Those that gain most, each beyond the reach of all before it. What makes the text longer joins others only where there are frames to spare:
  // a phone and a blank take two.
  std::vector<Change> BestApart(std::vector<Change> gains) const {
    std::ranges::stable_sort(gains, std::greater(), &Change::margin);
    std::vector<Change> chosen;
    std::size_t phones = begin_.back();
    for (Change& change : gains) {
      const bool is_apart = std::ranges::all_of(chosen, [&](const Change& other) {
        return std::max(change.place, other.place) - std::min(change.place, other.place) >= kReachWords;
      });
      const std::size_t before = change.word != nullptr ? change.word->said.size() : 0;
      const std::size_t after = phones - before + change.said.size();
      const bool is_room = chosen.empty() || after <= phones || 2 * after <= m_.posteriors().frames;
      if (!is_apart || !is_room) continue;
      phones = after;
      chosen.push_back(std::move(change));
    }
    return chosen;
  }

  void Make(std::vector<Change> changes) {
    for (Change& change : changes) {
      if (change.word != nullptr) {
        change.word->verdict = change.verdict;
        change.word->said = std::move(change.said);
      } else {
        change.extra->said = std::move(change.said);
      }
    }
    is_changed_ = true;
    Rebuild();
  }

  void ChangeWords() {
    for (int round = 0; round < kMostRounds; ++round) {
      std::vector<Change> changes = BestApart(Gains());
      if (changes.empty()) return;
      Make(std::move(changes));
    }
  }

  // Of those that the transcript does not have.
  std::vector<Change> Repetitions() {
    std::vector<Change> gains;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      Word& word = words_[i];
      if (word.verdict != model::WordVerdict::kOk || word.is_repeated || word.said.size() <= kShortWord) continue;
      const bool is_written = std::ranges::any_of(
          extras_, [&](const Extra& extra) { return extra.said && (extra.before == i || extra.before == i + 1); });
      if (is_written) continue;
      const std::size_t end = begin_[i] + word.said.size();
      const double margin =
          Likelihoods().LogRatio(end, end, word.said) - thresholds_.repeated * static_cast<double>(word.said.size());
      if (margin <= 0.0) continue;
      Phones twice = word.said;
      twice.insert(twice.end(), word.said.begin(), word.said.end());
      gains.push_back({margin, i, &word, nullptr, word.verdict, std::move(twice)});
    }
    return gains;
  }

  void FindRepetitions() {
    for (int round = 0; round < kMostRounds; ++round) {
      std::vector<Change> changes = BestApart(Repetitions());
      if (changes.empty()) return;
      for (const Change& change : changes) change.word->is_repeated = true;
      Make(std::move(changes));
    }
  }

  const Measurement& m_;
  const MiscueThresholds thresholds_{};
  std::vector<Word> words_;
  std::vector<Extra> extras_;       // in the transcript's order
  std::vector<std::size_t> begin_;  // of each word, and the end
  bool is_changed_ = false;
  std::unique_ptr<SequenceLikelihoods> changed_;  // of the changed text; none: of the text
};

void MarkOmitted(model::WordResult& result) {
  result.verdict = model::WordVerdict::kOmitted;
  result.score = 0.0;
  result.stress.reset();
  result.inserted.clear();
  for (model::PhoneResult& phone : result.phones) {
    phone.verdict = model::PhoneVerdict::kDeleted;
    phone.heard.clear();
    phone.heard_ipa.clear();
    phone.score = 0.0;
    phone.end_s = phone.start_s;
  }
}

}  // namespace

std::vector<model::Miscue> MarkMiscues(const Measurement& m, std::vector<model::WordResult>& words, bool is_of_text) {
  const Search search(m, is_of_text);
  const ReferenceText& text = m.material().text;
  std::vector<model::Miscue> miscues;
  for (std::size_t i = 0; i <= words.size(); ++i) {
    for (const Extra& extra : search.extras()) {
      if (extra.before != i || !extra.said) continue;
      const ReferenceWord& heard = search.Heard(extra.heard);
      const bool repeats = (i > 0 && SoundsLike(heard, text[i - 1])) || (i < words.size() && SoundsLike(heard, text[i]));
      miscues.push_back(
          {repeats ? model::MiscueKind::kRepeated : model::MiscueKind::kInserted, repeats ? heard.text : "", heard.text});
    }
    if (i == words.size()) break;
    const Word& word = search.words()[i];
    if (word.verdict == model::WordVerdict::kOmitted) {
      MarkOmitted(words[i]);
      miscues.push_back({model::MiscueKind::kOmitted, words[i].text, ""});
    } else if (word.verdict == model::WordVerdict::kReplaced) {
      words[i].verdict = model::WordVerdict::kReplaced;
      miscues.push_back({model::MiscueKind::kReplaced, words[i].text, search.Heard(m.heard()[i].transcript_word).text});
    }
    if (word.is_repeated) miscues.push_back({model::MiscueKind::kRepeated, words[i].text, words[i].text});
  }
  return miscues;
}

}  // namespace speechcoach::pronunciation
