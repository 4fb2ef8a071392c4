#include "pronunciation/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "pronunciation/internal/statistics.h"

namespace speechcoach::pronunciation {
namespace {

constexpr double kNoticeableGapS = 0.25;

// "m_AA", "is_AA", ... : features that come once for each phone.
const std::array<std::string, kPhoneCount>& NamesWith(std::string_view prefix) {
  static const auto make = [](std::string_view with) {
    std::array<std::string, kPhoneCount> names;
    for (Phone q = 0; q < kPhoneCount; ++q) names[q] = std::string(with) + std::string(PhoneName(q));
    return names;
  };
  static const std::array<std::string, kPhoneCount> ratios = make("m_");
  static const std::array<std::string, kPhoneCount> own = make("is_");
  return prefix == "m_" ? ratios : own;
}

template <typename Function>
std::vector<double> OverPhones(std::size_t begin, std::size_t end, Function&& function) {
  std::vector<double> values;
  values.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) values.push_back(function(i));
  return values;
}

// The decoder's judgement of one word of the text.
struct TokenFigures {
  std::vector<double> log_probability{};
  std::vector<double> gap{};  // to the token that the decoder would have written
  std::vector<double> entropy{};

  void Add(const model::WordScore& word) {
    for (const model::TokenScore& token : word.tokens) {
      log_probability.push_back(token.log_probability);
      gap.push_back(token.best_log_probability - token.log_probability);
      entropy.push_back(token.entropy);
    }
  }
};

double ProbabilityOf(const Measurement& m, std::size_t word) {
  const HeardWord& heard = m.heard()[word];
  if (heard.transcript_word < 0 || !heard.is_same) return 0.0;
  const std::size_t written = m.transcript_text()[static_cast<std::size_t>(heard.transcript_word)].written_index;
  const auto& words = m.material().transcript.words;
  return written < words.size() ? words[written].probability : 0.0;
}

// Where the decoder was not asked about the text (in conversation, and beyond what it reads at once), what it wrote itself stands for its judgement:
// a word that it has is as likely as it says, any other unlikely. The entropy is that of a distribution that spreads the rest evenly.
model::TokenScore OwnJudgement(double probability) {
  constexpr double kLeast = 0.02;
  constexpr double kAlternatives = 10.0;
  const double p = std::clamp(probability, kLeast, 1.0 - 1e-3);
  return {std::log(p), std::max(std::log(p), std::log1p(-p)), -p * std::log(p) - (1.0 - p) * std::log((1.0 - p) / kAlternatives)};
}

TokenFigures TokensOf(const Measurement& m, std::size_t word) {
  const std::vector<model::WordScore>& asked = m.material().text_score.words;
  const std::size_t written = m.material().text[word].written_index;
  TokenFigures figures;
  if (asked.empty()) {
    figures.Add({{}, {OwnJudgement(ProbabilityOf(m, word))}});
  } else if (written < asked.size()) {
    figures.Add(asked[written]);
  }
  return figures;
}

// Levenshtein distance.
template <typename Item>
double EditDistance(const std::vector<Item>& a, const std::vector<Item>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t here = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = row[j];
      row[j] = here;
    }
  }
  return static_cast<double>(row[b.size()]);
}

std::vector<Phone> UsualPhones(const ReferenceText& text) {
  std::vector<Phone> phones;
  for (const ReferenceWord& word : text) {
    for (const Sound& sound : word.pronunciations.front()) phones.push_back(sound.phone);
  }
  return phones;
}

// Normalised pairwise variability of successive lengths (Grabe and Low 2002), percent.
double PairwiseVariability(const std::vector<double>& lengths) {
  std::vector<double> differences;
  for (std::size_t i = 1; i < lengths.size(); ++i) {
    const double mean = (lengths[i] + lengths[i - 1]) / 2.0;
    if (mean > 0.0) differences.push_back(100.0 * std::abs(lengths[i] - lengths[i - 1]) / mean);
  }
  return Mean(differences);
}

}  // namespace

FeatureRow PhoneFeatures(const Measurement& m, std::size_t i) {
  const std::vector<AlignedPhone>& phones = m.alignment().phones;
  const Sound sound = phones[i].sound;
  const std::size_t word = phones[i].word;
  const auto& ratios = m.goodness().substituted[i];
  FeatureRow row;
  row.Add("gop", m.gop()[i]);
  row.Add("del", m.goodness().deleted[i]);
  for (Phone q = 0; q < kPhoneCount; ++q) row.Add(NamesWith("m_")[q], ratios[q]);
  std::vector<double> others;
  for (Phone q = 0; q < kPhoneCount; ++q) {
    if (q != sound.phone) others.push_back(ratios[q]);
  }
  std::ranges::sort(others, std::greater());
  row.Add("top1", others[0]);
  row.Add("top2", others[1]);
  row.Add("top3", others[2]);
  row.Add("top4", others[3]);
  row.Add("top5", others[4]);
  const Segment& segment = m.segment(i);
  row.Add("own_mean", segment.own_mean);
  row.Add("own_max", segment.own_max);
  row.Add("best_minus_own", segment.best_minus_own);
  row.Add("own_lse", segment.own_lse);
  row.Add("frames", segment.frames);
  row.Add("slot", segment.slot);
  row.Add("entropy", segment.entropy);
  row.Add("blank_share", segment.blank_share);
  row.Add("gap_next", m.SilenceAfter(i) / model::kEncoderFrameS);
  row.Add("ins_before", m.BestInsertion(i).log_ratio);
  row.Add("ins_after", m.BestInsertion(i + 1).log_ratio);
  row.Add("pos", phones.size() > 1 ? static_cast<double>(i) / static_cast<double>(phones.size() - 1) : 0.0);
  row.Add("gop_prev", i > 0 ? m.gop()[i - 1] : 0.0);
  row.Add("gop_next", i + 1 < phones.size() ? m.gop()[i + 1] : 0.0);
  for (Phone q = 0; q < kPhoneCount; ++q) row.Add(NamesWith("is_")[q], q == sound.phone ? 1.0 : 0.0);
  row.Add("prev", i > 0 ? phones[i - 1].sound.phone + 1.0 : 0.0);
  row.Add("next", i + 1 < phones.size() ? phones[i + 1].sound.phone + 1.0 : 0.0);
  row.Add("stress", static_cast<double>(sound.stress));
  row.Add("word_pos", static_cast<double>(i - m.first_phone(word)));
  row.Add("word_len", static_cast<double>(m.end_phone(word) - m.first_phone(word)));
  row.Add("is_first", i == m.first_phone(word) ? 1.0 : 0.0);
  row.Add("is_last", i + 1 == m.end_phone(word) ? 1.0 : 0.0);
  row.Add("u_gop_mean", Mean(m.gop()));
  row.Add("u_gop_p20", Quantile(m.gop(), 0.2));
  row.Add("u_own_mean", Mean(m.own_mean()));
  row.Add("u_logp", m.log_likelihood_a_phone());
  row.Add("dur_s", m.PhoneEnd(i) - m.PhoneStart(i));
  row.Add("energy_db", m.level_db(i));
  row.Add("f0_st", m.semitones(i));
  row.Add("voiced", m.voiced_share(i));
  const TokenFigures tokens = TokensOf(m, word);
  row.Add("tf_logp", Mean(tokens.log_probability));
  row.Add("tf_gap", Mean(tokens.gap));
  row.Add("tf_entropy", Mean(tokens.entropy));
  row.Add("heard", m.heard()[word].is_same ? 1.0 : 0.0);
  return row;
}

FeatureRow WordFeatures(const Measurement& m, std::size_t word) {
  const std::size_t begin = m.first_phone(word);
  const std::size_t end = m.end_phone(word);
  const std::vector<AlignedPhone>& phones = m.alignment().phones;
  const auto gop = OverPhones(begin, end, [&](std::size_t i) { return m.gop()[i]; });
  const auto deleted = OverPhones(begin, end, [&](std::size_t i) { return m.goodness().deleted[i]; });
  const auto own = OverPhones(begin, end, [&](std::size_t i) { return m.segment(i).own_mean; });
  const auto inserted = OverPhones(begin, end + 1, [&](std::size_t i) { return m.BestInsertion(i).log_ratio; });
  FeatureRow row;
  row.Add("gop_mean", Mean(gop));
  row.Add("gop_min", Lowest(gop));
  row.Add("del_max", Highest(deleted));
  row.Add("del_mean", Mean(deleted));
  row.Add("own_mean", Mean(own));
  row.Add("own_min", Lowest(own));
  row.Add("phones", static_cast<double>(end - begin));
  row.Add("vowels", static_cast<double>(std::count_if(phones.begin() + static_cast<std::ptrdiff_t>(begin),
                                                      phones.begin() + static_cast<std::ptrdiff_t>(end),
                                                      [](const AlignedPhone& phone) { return IsVowel(phone.sound.phone); })));
  row.Add("dur_s", m.PhoneEnd(end - 1) - m.PhoneStart(begin));
  row.Add("gap_before", begin > 0 ? m.SilenceAfter(begin - 1) : 0.0);
  row.Add("gap_after", m.SilenceAfter(end - 1));
  row.Add("heard", m.heard()[word].is_same ? 1.0 : 0.0);
  row.Add("asr_conf", ProbabilityOf(m, word));
  const TokenFigures tokens = TokensOf(m, word);
  row.Add("tf_logp_mean", Mean(tokens.log_probability));
  row.Add("tf_logp_min", Lowest(tokens.log_probability));
  row.Add("tf_gap_mean", Mean(tokens.gap));
  row.Add("tf_gap_max", Highest(tokens.gap));
  row.Add("tf_entropy_mean", Mean(tokens.entropy));
  row.Add("ins_max", Highest(inserted));
  row.Add("u_gop_mean", Mean(m.gop()));
  row.Add("u_own_mean", Mean(m.own_mean()));
  row.Add("u_logp", m.log_likelihood_a_phone());
  row.Add("pos", m.word_count() > 1 ? static_cast<double>(word) / static_cast<double>(m.word_count() - 1) : 0.0);
  row.Add("words", static_cast<double>(m.word_count()));
  return row;
}

FeatureRow WordScoreFeatures(std::span<const Phone> phones, std::span<const double> scores, double mean_of_recording) {
  double vowel_min = 2.0;
  double consonant_min = 2.0;
  for (std::size_t i = 0; i < phones.size(); ++i) {
    double& lowest = IsVowel(phones[i]) ? vowel_min : consonant_min;
    lowest = std::min(lowest, scores[i]);
  }
  const std::vector<double> all(scores.begin(), scores.end());
  std::vector<double> lowest_two = all;
  std::ranges::sort(lowest_two);
  lowest_two.resize(std::min<std::size_t>(lowest_two.size(), 2));
  FeatureRow row;
  row.Add("p_mean", Mean(all));
  row.Add("p_min", Lowest(all));
  row.Add("p_low2", Mean(lowest_two));
  row.Add("p_std", Deviation(all));
  row.Add("p_first", all.front());
  row.Add("p_last", all.back());
  row.Add("u_p_mean", mean_of_recording);
  row.Add("p_vowel_min", vowel_min);
  row.Add("p_consonant_min", consonant_min);
  return row;
}

FeatureRow SentenceFeatures(const Measurement& m) {
  const std::size_t phones = m.phone_count();
  const std::size_t words = m.word_count();
  const auto per_word = static_cast<double>(words);
  const double span_s = m.FrameStart(m.alignment().phones.back().last_frame) - m.PhoneStart(0);
  std::vector<double> gaps;
  std::vector<double> starts;
  std::vector<double> word_gaps;
  for (std::size_t i = 0; i + 1 < phones; ++i) {
    gaps.push_back(m.SilenceAfter(i));
    starts.push_back(m.PhoneStart(i + 1) - m.PhoneStart(i));
    if (m.alignment().phones[i].word != m.alignment().phones[i + 1].word) word_gaps.push_back(gaps.back());
  }
  FeatureRow row;
  row.Add("phones", static_cast<double>(phones));
  row.Add("words", per_word);
  row.Add("duration_s", m.material().clip.duration_s());
  row.Add("span_s", span_s);
  row.Add("phone_rate", static_cast<double>(phones) / std::max(0.2, span_s));
  row.Add("gap_count",
          static_cast<double>(std::ranges::count_if(gaps, [](double gap) { return gap > kNoticeableGapS; })) / per_word);
  row.Add("gap_max", Highest(gaps));
  row.Add("gap_mean", Mean(gaps));
  row.Add("gap_std", Deviation(gaps));
  row.Add("wgap_max", Highest(word_gaps));
  row.Add("wgap_mean", Mean(word_gaps));
  row.Add("start_std", Deviation(starts));
  row.Add("start_p90", Quantile(starts, 0.9));
  row.Add("lead_s", m.PhoneStart(0));
  row.Add("trail_s", m.material().clip.duration_s() - m.FrameStart(m.alignment().phones.back().last_frame));
  const auto deleted = OverPhones(0, phones, [&](std::size_t i) { return m.goodness().deleted[i]; });
  const auto contrast = OverPhones(0, phones, [&](std::size_t i) { return m.segment(i).best_minus_own; });
  const auto inserted = OverPhones(0, phones + 1, [&](std::size_t i) { return m.BestInsertion(i).log_ratio; });
  row.Add("logp", m.log_likelihood_a_phone());
  row.Add("viterbi", m.alignment().log_likelihood / static_cast<double>(phones));
  row.Add("gop_mean", Mean(m.gop()));
  row.Add("gop_p10", Quantile(m.gop(), 0.1));
  row.Add("gop_p30", Quantile(m.gop(), 0.3));
  row.Add("gop_min", Lowest(m.gop()));
  row.Add("del_mean", Mean(deleted));
  row.Add("own_mean", Mean(m.own_mean()));
  row.Add("own_p10", Quantile(m.own_mean(), 0.1));
  row.Add("best_minus_own_mean", Mean(contrast));
  row.Add("ins_mean", Mean(inserted));

  const model::Transcript& transcript = m.material().transcript;
  std::vector<double> probabilities;
  for (const model::Word& word : transcript.words) probabilities.push_back(word.probability);
  const double mean_probability = model::MeanProbability(transcript.words);
  row.Add("asr_conf", mean_probability);
  row.Add("asr_conf_min", Lowest(probabilities));
  row.Add("asr_words_ratio", static_cast<double>(m.transcript_text().size()) / per_word);
  double heard = 0.0;
  for (const HeardWord& word : m.heard()) heard += word.is_same ? 1.0 : 0.0;
  row.Add("heard_share", heard / per_word);
  row.Add("wer", EditDistance(ComparableWords(m.material().text), ComparableWords(m.transcript_text())) / per_word);
  const std::vector<Phone> expected = UsualPhones(m.material().text);
  row.Add("per", EditDistance(expected, UsualPhones(m.transcript_text())) / static_cast<double>(expected.size()));
  const model::TextScore& asked = m.material().text_score;
  TokenFigures tokens;
  for (const model::WordScore& word : asked.words) tokens.Add(word);
  for (std::size_t word = 0; asked.words.empty() && word < words; ++word)
    tokens.Add({{}, {OwnJudgement(ProbabilityOf(m, word))}});
  row.Add("tf_logp_mean", Mean(tokens.log_probability));
  row.Add("tf_logp_min", Lowest(tokens.log_probability));
  row.Add("tf_gap_mean", Mean(tokens.gap));
  row.Add("tf_entropy_mean", Mean(tokens.entropy));
  row.Add("tf_end_logp", asked.words.empty() ? OwnJudgement(mean_probability).log_probability : asked.end.log_probability);

  const model::ProsodyReport& prosody = m.material().prosody;
  std::vector<double> semitones;
  for (const model::PitchPoint& point : prosody.pitch.contour) {
    if (point.f0_hz > 0.0) semitones.push_back(12.0 * std::log2(point.f0_hz));
  }
  std::vector<double> pauses;
  for (const model::Pause& pause : prosody.pauses.positions) pauses.push_back(pause.end_s - pause.start_s);
  const double speech_s = std::max(0.2, prosody.speech_end_s - prosody.speech_start_s);
  row.Add("pitch_mean", prosody.pitch.mean_hz);
  row.Add("pitch_sd_st", Deviation(semitones));
  row.Add("pitch_range_st", Quantile(semitones, 0.9) - Quantile(semitones, 0.1));
  row.Add("energy_mean", prosody.energy.mean);
  row.Add("energy_range", prosody.energy.dynamic_range);
  row.Add("pause_share", Mean(pauses) * static_cast<double>(pauses.size()) / speech_s);
  row.Add("pause_count", static_cast<double>(pauses.size()));
  row.Add("pause_max", Highest(pauses));
  row.Add("pause_mean", Mean(pauses));
  row.Add("syllable_rate", prosody.speaking_rate.syllables_per_second);
  row.Add("pitch_stability", prosody.confidence.pitch_stability);
  row.Add("energy_consistency", prosody.confidence.energy_consistency);
  row.Add("hesitation", prosody.confidence.hesitation_score);
  row.Add("jitter", prosody.jitter_local.value_or(0.0));
  row.Add("shimmer", prosody.shimmer_local.value_or(0.0));
  row.Add("hnr", prosody.hnr_db.value_or(0.0));

  std::vector<double> vowel_lengths;
  std::vector<double> stressed_lengths;
  std::vector<double> unstressed_lengths;
  std::vector<double> stressed_levels;
  std::vector<double> unstressed_levels;
  double vowels_s = 0.0;
  for (std::size_t i = 0; i < phones; ++i) {
    const Sound sound = m.alignment().phones[i].sound;
    if (!IsVowel(sound.phone)) continue;
    const double length = m.PhoneEnd(i) - m.PhoneStart(i);
    vowels_s += length;
    vowel_lengths.push_back(length);
    (sound.stress == Stress::kPrimary ? stressed_lengths : unstressed_lengths).push_back(length);
    (sound.stress == Stress::kPrimary ? stressed_levels : unstressed_levels).push_back(m.level_db(i));
  }
  const bool has_both = !stressed_lengths.empty() && !unstressed_lengths.empty();
  row.Add("npvi_vowels", PairwiseVariability(vowel_lengths));
  row.Add("stress_dur_ratio", has_both ? Mean(stressed_lengths) / std::max(0.01, Mean(unstressed_lengths)) : 1.0);
  row.Add("stress_energy_db", has_both ? Mean(stressed_levels) - Mean(unstressed_levels) : 0.0);
  row.Add("vowel_share", vowels_s / std::max(0.2, span_s));
  return row;
}

FeatureRow SentenceScoreFeatures(std::span<const double> phone_scores, std::span<const double> word_scores) {
  FeatureRow row;
  const auto add = [&](std::span<const double> from, std::array<std::string_view, 6> names) {
    const std::vector<double> scores(from.begin(), from.end());
    row.Add(names[0], Mean(scores));
    row.Add(names[1], Lowest(scores));
    row.Add(names[2], Deviation(scores));
    row.Add(names[3], Quantile(scores, 0.1));
    row.Add(names[4], Quantile(scores, 0.25));
    row.Add(names[5], Quantile(scores, 0.5));
  };
  add(phone_scores, {"p_mean", "p_min", "p_std", "p_p10", "p_p25", "p_median"});
  add(word_scores, {"w_mean", "w_min", "w_std", "w_p10", "w_p25", "w_median"});
  return row;
}

}  // namespace speechcoach::pronunciation
