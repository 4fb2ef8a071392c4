#include "pronunciation/internal/miscues.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace speechcoach::pronunciation {
namespace {

// Log likelihood ratios of the changed text against the text, a phone of the word. What the transcript claims needs little support from the
// sound, what it does not claim much. Set by judgement; docs/pronunciation.md says what they find among spliced recordings.
constexpr double kSupportsOmission = 0.0;
constexpr double kShowsOmission = 3.0;
constexpr double kSupportsReplacement = 0.5;
constexpr double kSupportsInsertion = 0.0;
constexpr double kShowsRepetition = 1.0;
constexpr std::size_t kShortWord = 2;  // phones; too short to be seen in the sound alone

std::vector<Phone> PhonesOf(const Pronunciation& pronunciation) {
  std::vector<Phone> phones;
  for (const Sound& sound : pronunciation) phones.push_back(sound.phone);
  return phones;
}

// Of the best of a heard word's pronunciations in place of the phones [begin, end), a phone of it.
double BestRatio(const Measurement& m, std::size_t begin, std::size_t end, const ReferenceWord& heard) {
  double best = -std::numeric_limits<double>::infinity();
  for (const Pronunciation& pronunciation : heard.pronunciations) {
    const std::vector<Phone> phones = PhonesOf(pronunciation);
    best = std::max(best, m.likelihoods().LogRatio(begin, end, phones) / static_cast<double>(phones.size()));
  }
  return best;
}

bool SoundsLike(const ReferenceWord& a, const ReferenceWord& b) { return MatchWords({a}, {b})[0].is_same; }

class Marking {
 public:
  Marking(const Measurement& m, std::vector<model::WordResult>& words) : m_(m), words_(words) {}

  std::vector<model::Miscue> operator()() {
    int next_heard = 0;
    for (std::size_t word = 0; word < m_.word_count(); ++word) {
      const HeardWord& heard = m_.heard()[word];
      if (heard.transcript_word >= 0) {
        MarkExtras(word, next_heard, heard.transcript_word);
        next_heard = heard.transcript_word + 1;
      }
      Judge(word, heard);
      MarkUnwrittenRepetition(word);
    }
    MarkExtras(m_.word_count(), next_heard, static_cast<int>(m_.transcript_text().size()));
    return std::move(miscues_);
  }

 private:
  const ReferenceWord& Heard(int index) const { return m_.transcript_text()[static_cast<std::size_t>(index)]; }
  const ReferenceWord& Text(std::size_t word) const { return m_.material().text[word]; }

  void Omit(std::size_t word) {
    model::WordResult& result = words_[word];
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
    miscues_.push_back({model::MiscueKind::kOmitted, result.text, ""});
  }

  // Beside a word that nobody said, leaving either of the two out makes the text fit better.
  bool HasHeardNeighbours(std::size_t word) const {
    const auto is_heard = [&](std::size_t other) { return m_.heard()[other].is_same; };
    return (word == 0 || is_heard(word - 1)) && (word + 1 == m_.word_count() || is_heard(word + 1));
  }

  void Judge(std::size_t word, const HeardWord& heard) {
    const std::size_t begin = m_.first_phone(word);
    const std::size_t end = m_.end_phone(word);
    const double without = m_.likelihoods().LogRatio(begin, end, {}) / static_cast<double>(end - begin);
    if (heard.is_same) {
      if (end - begin > kShortWord && without > kShowsOmission && HasHeardNeighbours(word)) Omit(word);
      return;
    }
    if (heard.transcript_word < 0) {
      if (without > kSupportsOmission) Omit(word);
      return;
    }
    const double replaced = BestRatio(m_, begin, end, Heard(heard.transcript_word));
    if (replaced > kSupportsReplacement && replaced >= without) {
      words_[word].verdict = model::WordVerdict::kReplaced;
      miscues_.push_back({model::MiscueKind::kReplaced, words_[word].text, Heard(heard.transcript_word).text});
    } else if (without > kShowsOmission) {
      Omit(word);
    }
  }

  // Words of the transcript [from, to) that stand for none of the text, before `word`.
  void MarkExtras(std::size_t word, int from, int to) {
    const std::size_t place = word < m_.word_count() ? m_.first_phone(word) : m_.phone_count();
    for (int extra = from; extra < to; ++extra) {
      const ReferenceWord& heard = Heard(extra);
      if (BestRatio(m_, place, place, heard) <= kSupportsInsertion) continue;
      const bool repeats = (word > 0 && SoundsLike(heard, Text(word - 1))) || (word < m_.word_count() && SoundsLike(heard, Text(word)));
      miscues_.push_back({repeats ? model::MiscueKind::kRepeated : model::MiscueKind::kInserted, repeats ? heard.text : "", heard.text});
    }
  }

  // Speech recognisers tend to write a word once that was said twice.
  void MarkUnwrittenRepetition(std::size_t word) {
    const std::size_t begin = m_.first_phone(word);
    const std::size_t end = m_.end_phone(word);
    if (words_[word].verdict == model::WordVerdict::kOmitted || end - begin <= kShortWord) return;
    const auto& next = word + 1 < m_.word_count() ? m_.heard()[word + 1] : HeardWord{};
    const HeardWord& here = m_.heard()[word];
    const bool is_written = here.transcript_word >= 0 && next.transcript_word > here.transcript_word + 1;
    if (is_written) return;
    std::vector<Phone> again;
    for (std::size_t i = begin; i < end; ++i) again.push_back(m_.alignment().phones[i].sound.phone);
    if (m_.likelihoods().LogRatio(end, end, again) / static_cast<double>(again.size()) > kShowsRepetition) {
      miscues_.push_back({model::MiscueKind::kRepeated, words_[word].text, words_[word].text});
    }
  }

  const Measurement& m_;
  std::vector<model::WordResult>& words_;
  std::vector<model::Miscue> miscues_;
};

}  // namespace

std::vector<model::Miscue> MarkMiscues(const Measurement& measurement, std::vector<model::WordResult>& words) {
  return Marking(measurement, words)();
}

}  // namespace speechcoach::pronunciation
