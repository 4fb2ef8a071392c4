#include "pronunciation/internal/plain_errors.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "model/pronunciation_report.h"
#include "pronunciation/alignment.h"
#include "pronunciation/features.h"
#include "pronunciation/good_variants.h"
#include "pronunciation/goodness.h"
#include "pronunciation/reference_text.h"
#include "pronunciation/vietnamese_profile.h"

namespace speechcoach::pronunciation {
namespace {

// A word that the sound is laid against.
struct SpokenWord {
  std::optional<std::size_t> index;  // into the words heard; none: it is there for its neighbours' sake
  bool is_same = true;               // the recogniser heard what was to be read
};

struct Spoken {
  ReferenceText text;
  std::vector<SpokenWord> words;  // of the text

  void Add(ReferenceWord word, const SpokenWord& spoken) {
    text.push_back(std::move(word));
    words.push_back(spoken);
  }
};

// What was said since the features begin. Of a sentence that is read, all words up to the last one heard: what the recogniser missed was hardly left
// out, and its sounds would be taken for its neighbours'. What was heard besides has no place in it, except after its end.
Spoken SpokenText(const HeardSoFar& heard, const std::string& reference_text) {
  ReferenceText all;
  for (std::size_t i = 0; i < heard.words.size(); ++i) {
    for (ReferenceWord& word : ToReferenceText(heard.words[i].text)) {
      word.written_index = i;
      all.push_back(std::move(word));
    }
  }
  const auto is_over = [&](std::size_t index) { return heard.words[index].end_s <= heard.features.offset_s; };
  Spoken spoken;
  std::size_t next = 0;  // of `all`
  ReferenceText missed;
  const ReferenceText reference = ToReferenceText(reference_text);
  const std::vector<HeardWord> matches = MatchWords(reference, all);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    if (matches[i].transcript_word < 0) {
      missed.push_back(reference[i]);
      continue;
    }
    next = static_cast<std::size_t>(matches[i].transcript_word) + 1;
    const std::size_t index = all[next - 1].written_index;
    if (!is_over(index)) {
      for (ReferenceWord& word : missed) spoken.Add(std::move(word), {std::nullopt, false});
      spoken.Add(reference[i], {index, matches[i].is_same});
    }
    missed.clear();
  }
  for (; next < all.size(); ++next) {
    const std::size_t index = all[next].written_index;
    if (!is_over(index)) spoken.Add(std::move(all[next]), {reference.empty() ? std::optional(index) : std::nullopt, true});
  }
  return spoken;
}

// The phones of a word, with the likeliest other explanation where one is likelier than the phone itself.
struct Judged {
  model::WordResult word;
  std::vector<double> against;  // of each phone: log ratio of that explanation
};

Judged Judge(const Alignment& alignment, const Goodness& goodness, std::size_t first, std::size_t end) {
  Judged judged;
  for (std::size_t i = first; i < end; ++i) {
    const Sound sound = alignment.phones[i].sound;
    std::optional<Phone> other;
    double against = goodness.deleted[i];
    for (Phone q = 0; q < kPhoneCount; ++q) {
      if (q == sound.phone || goodness.substituted[i][q] < against) continue;
      other = q;
      against = goodness.substituted[i][q];
    }
    model::PhoneResult phone;
    phone.phone = PhoneName(sound.phone);
    phone.ipa = Ipa(sound.phone, sound.stress);
    phone.verdict = against <= 0.0 ? model::PhoneVerdict::kOk
                    : other        ? model::PhoneVerdict::kSubstituted
                                   : model::PhoneVerdict::kDeleted;
    phone.confidence = 1.0 / (1.0 + std::exp(-std::abs(against)));
    if (phone.verdict == model::PhoneVerdict::kSubstituted) {
      phone.heard = PhoneName(*other);
      phone.heard_ipa = Ipa(*other, sound.stress);
    }
    judged.word.phones.push_back(std::move(phone));
    judged.against.push_back(against);
  }
  return judged;
}

// On the sound that is most plainly wrong.
std::optional<LiveHint> HintOn(const Judged& judged, bool is_same, const HintThresholds& thresholds) {
  std::optional<LiveHint> hint;
  double most = is_same ? thresholds.if_heard : thresholds.if_other;
  for (std::size_t i = 0; i < judged.against.size(); ++i) {
    if (judged.against[i] < most || IsGoodVariant(judged.word, i)) continue;
    most = judged.against[i];
    const model::PhoneResult& phone = judged.word.phones[i];
    hint.emplace();
    hint->phone = phone.phone;
    hint->ipa = phone.ipa;
    hint->heard = phone.heard;
    hint->heard_ipa = phone.heard_ipa;
    auto [tip_vi, tip_en] = TipFor(judged.word, i);
    hint->tip_vi = std::move(tip_vi);
    hint->tip_en = std::move(tip_en);
    hint->confidence = phone.confidence;
    hint->log_ratio = most;
    hint->is_word_heard = is_same;
  }
  return hint;
}

}  // namespace

std::vector<LiveHint> FindPlainErrors(const Posteriors& posteriors, const HeardSoFar& heard, std::size_t end,
                                      const std::string& reference_text, const HintThresholds& thresholds) {
  const Spoken spoken = SpokenText(heard, reference_text);
  const auto alignment = Align(posteriors, spoken.text);
  if (!alignment) return {};
  std::vector<Phone> phones;
  for (const AlignedPhone& phone : alignment->phones) phones.push_back(phone.sound.phone);
  const Goodness goodness = SequenceLikelihoods(posteriors, std::move(phones)).MeasureGoodness();
  std::vector<LiveHint> hints;
  for (std::size_t i = 0, next = 0; i < alignment->phones.size(); i = next) {
    const std::size_t word = alignment->phones[i].word;
    while (next < alignment->phones.size() && alignment->phones[next].word == word) ++next;
    const std::optional<std::size_t> index = spoken.words[word].index;
    if (!index || *index < heard.judged_words || *index >= end) continue;
    auto hint = HintOn(Judge(*alignment, goodness, i, next), spoken.words[word].is_same, thresholds);
    if (!hint || (!hints.empty() && hints.back().word == *index)) continue;
    hint->word = *index;
    hint->text = spoken.text[word].text;
    hint->start_s = heard.words[*index].start_s;
    hint->end_s = heard.words[*index].end_s;
    hints.push_back(std::move(*hint));
  }
  return hints;
}

}  // namespace speechcoach::pronunciation
