#include "cli/report.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "model/user_message.h"
#include "pronunciation/phone_set.h"

namespace speechcoach::cli {
namespace {

struct Labels {
  std::string_view heard, to_read, words, sounds, habits, miscues, omitted, inserted, replaced, repeated, prosody, scores,
      feedback, strengths, improvements, notes;
  std::string_view sound_heard_as, sound_left_out, sound_added, or_heard, pairs;
  std::string_view pitch, pitch_range, energy, rate, per_second, per_minute, pauses, pauses_mean, stability, pitch_stability,
      energy_consistency, hesitation;
  std::string_view voice, jitter, shimmer, hnr, none, recording, truncated, fallback;
  std::string_view overall, pronunciation, prosody_score, emotion, confidence, fluency;
  std::string_view times, decode, stt, measuring, scoring, writing;
};

constexpr Labels kVietnamese{"Câu bạn nói",
                             "Câu mẫu",
                             "Từng từ",
                             "Từng âm",
                             "Thói quen phát âm",
                             "Khác với câu mẫu",
                             "thiếu",
                             "thừa",
                             "đọc thành",
                             "lặp lại",
                             "Ngữ điệu",
                             "Điểm (0–10)",
                             "Góp ý",
                             "Điểm mạnh",
                             "Nên luyện thêm",
                             "Về ngữ điệu",
                             "Âm /{}/ nghe thành {}: {} trên {} lần ({}).",
                             "Âm /{}/ bị bỏ mất: {} trên {} lần ({}).",
                             "Thêm âm {}: {} lần trong {} từ ({}).",
                             " hoặc ",
                             "Cặp từ để luyện: {}.",
                             "Cao độ",
                             "khoảng dao động",
                             "Âm lượng",
                             "Tốc độ",
                             "âm tiết/giây",
                             "từ/phút",
                             "Khoảng lặng",
                             "trung bình",
                             "Độ ổn định",
                             "cao độ",
                             "âm lượng",
                             "độ ngập ngừng",
                             "Chất giọng",
                             "độ rung cao độ (jitter)",
                             "độ rung âm lượng (shimmer)",
                             "tỉ lệ hài trên ồn (HNR)",
                             "không có",
                             "Bản ghi",
                             "tệp bị cắt ngang, chỉ phân tích phần đọc được",
                             "dùng mô hình dự phòng",
                             "Tổng thể",
                             "Phát âm",
                             "Ngữ điệu",
                             "Cảm xúc",
                             "Tự tin",
                             "Trôi chảy",
                             "Thời gian xử lý",
                             "đọc tệp",
                             "nhận dạng lời nói",
                             "đo ngữ điệu",
                             "chấm điểm",
                             "viết góp ý"};

constexpr Labels kEnglish{"Heard",
                          "To be read",
                          "Words",
                          "Sounds",
                          "Habits of pronunciation",
                          "Different from the sentence",
                          "missing",
                          "extra",
                          "read as",
                          "said twice",
                          "Prosody",
                          "Scores (0-10)",
                          "Feedback",
                          "Strengths",
                          "To practise",
                          "Intonation",
                          "/{}/ heard as {}: {} of {} times ({}).",
                          "/{}/ left out: {} of {} times ({}).",
                          "{} added: {} times in {} words ({}).",
                          " or ",
                          "Pairs to practise: {}.",
                          "Pitch",
                          "range",
                          "Loudness",
                          "Rate",
                          "syllables/s",
                          "words/min",
                          "Pauses",
                          "mean",
                          "Steadiness",
                          "pitch",
                          "loudness",
                          "hesitation",
                          "Voice quality",
                          "jitter",
                          "shimmer",
                          "HNR",
                          "none",
                          "Recording",
                          "the file ends early; only what could be read was analysed",
                          "fallback model",
                          "Overall",
                          "Pronunciation",
                          "Prosody",
                          "Emotion",
                          "Confidence",
                          "Fluency",
                          "Processing time",
                          "decoding",
                          "speech to text",
                          "prosody",
                          "scoring",
                          "feedback"};

class Report {
 public:
  Report(const model::Analysis& analysis, const ReportOptions& options)
      : analysis_(analysis), options_(options), l_(options.locale == model::Locale::kVi ? kVietnamese : kEnglish) {}

  std::string Text() {
    Head();
    Words();
    Pronunciation();
    Miscues();
    Prosody();
    Scores();
    Feedback();
    Times();
    return std::move(text_);
  }

 private:
  template <typename... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  void Heading(std::string_view title) {
    Line("\n{}", options_.with_colours ? fmt::format("\033[1m{}\033[0m", title) : std::string(title));
  }

  // With so many decimals, as the reader's language writes them.
  std::string Figure(double value, int decimals) const {
    std::string figure = fmt::format("{:.{}f}", value, decimals);
    if (IsVietnamese()) std::ranges::replace(figure, '.', ',');
    return figure;
  }

  std::string Span(double start_s, double end_s) const {
    return fmt::format("{:>6} – {:>5} s", Figure(start_s, 2), Figure(end_s, 2));
  }

  bool IsVietnamese() const { return options_.locale == model::Locale::kVi; }

  // Green, yellow or red by `goodness` in [0, 1].
  std::string Coloured(std::string_view text, double goodness) const {
    if (!options_.with_colours) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", goodness >= 0.8 ? 32 : goodness >= 0.5 ? 33 : 31, text);
  }

  void Head() {
    Line("{}: {} s{}", l_.recording, Figure(analysis_.audio_duration_s, 2),
         analysis_.audio_truncated ? fmt::format(" ({})", l_.truncated) : "");
    if (!options_.reference_text.empty()) Line("{}: {}", l_.to_read, options_.reference_text);
    const model::Transcript& transcript = analysis_.transcript;
    Line("{}: {}  ({}, {}{})", l_.heard, transcript.text.empty() ? l_.none : std::string_view(transcript.text),
         Figure(transcript.confidence, 2), transcript.model.empty() ? l_.none : std::string_view(transcript.model),
         transcript.used_fallback ? fmt::format(", {}", l_.fallback) : "");
    for (const model::StageFailure& failure : analysis_.failures) {
      Line("! {}", model::UserMessage(failure.error.code, options_.locale));
    }
  }

  void Words() {
    if (analysis_.transcript.words.empty()) return;
    Heading(l_.words);
    for (const model::Word& word : analysis_.transcript.words) {
      Line("  {}  {}  {}", Span(word.start_s, word.end_s), Figure(word.confidence, 2), Coloured(word.text, word.confidence));
    }
  }

  // Each word in the colour of its score; below it the sounds that did not come out right, and what was heard instead.
  void Pronunciation() {
    if (!analysis_.pronunciation) return;
    const model::PronunciationReport& report = *analysis_.pronunciation;
    Heading(l_.sounds);
    std::string sentence;
    for (const model::WordResult& word : report.words) sentence += fmt::format(" {}", Coloured(word.text, word.score / 10));
    Line(" {}", sentence);
    for (const model::WordResult& word : report.words) {
      std::string phones;
      for (const model::PhoneResult& phone : word.phones) phones += fmt::format(" {}", Coloured(Sound(phone), phone.score / 10));
      for (const std::string& added : word.inserted) phones += fmt::format(" +{}", Ipa(added));
      const std::string score = fmt::format("{:>4}", Figure(word.score, 1));
      Line("  {}  {}  {:<14}{}", Span(word.start_s, word.end_s), Coloured(score, word.score / 10), word.text, phones);
    }
    if (report.patterns.empty()) return;
    Heading(l_.habits);
    for (const model::AccentPattern& pattern : report.patterns) {
      Line("  {} {}", Seen(pattern), IsVietnamese() ? pattern.tip_vi : pattern.tip_en);
      if (!pattern.pairs.empty()) Line("    {}", fmt::format(fmt::runtime(l_.pairs), fmt::join(pattern.pairs, ", ")));
    }
  }

  // What was heard in the sound's place, how often, and in which words.
  std::string Seen(const model::AccentPattern& pattern) const {
    std::string heard;
    for (const std::string& ipa : pattern.heard_ipa) heard += fmt::format("{}/{}/", heard.empty() ? "" : l_.or_heard, ipa);
    const auto words = fmt::join(pattern.words, ", ");
    if (pattern.ipa.empty()) return fmt::format(fmt::runtime(l_.sound_added), heard, pattern.times, pattern.chances, words);
    if (heard.empty()) return fmt::format(fmt::runtime(l_.sound_left_out), pattern.ipa, pattern.times, pattern.chances, words);
    return fmt::format(fmt::runtime(l_.sound_heard_as), pattern.ipa, heard, pattern.times, pattern.chances, words);
  }

  static std::string Ipa(const std::string& phone) {
    const auto known = pronunciation::PhoneFromName(phone);
    return known ? std::string(pronunciation::Ipa(*known, pronunciation::Stress::kNone)) : phone;
  }

  static std::string Sound(const model::PhoneResult& phone) {
    switch (phone.verdict) {
      case model::PhoneVerdict::kSubstituted:
        return fmt::format("{}→{}", phone.ipa, phone.heard_ipa);
      case model::PhoneVerdict::kDeleted:
        return fmt::format("{}→∅", phone.ipa);
      case model::PhoneVerdict::kDistorted:
        return fmt::format("{}~", phone.ipa);
      case model::PhoneVerdict::kOk:
        break;
    }
    return phone.ipa;
  }

  void Miscues() {
    if (analysis_.miscues.empty()) return;
    Heading(l_.miscues);
    for (const model::Miscue& miscue : analysis_.miscues) {
      switch (miscue.kind) {
        case model::MiscueKind::kOmitted:
          Line("  {}: {}", l_.omitted, miscue.expected);
          break;
        case model::MiscueKind::kInserted:
          Line("  {}: {}", l_.inserted, miscue.heard);
          break;
        case model::MiscueKind::kReplaced:
          Line("  {} → {} {}", miscue.expected, l_.replaced, miscue.heard);
          break;
        case model::MiscueKind::kRepeated:
          Line("  {}: {}", l_.repeated, miscue.heard);
          break;
      }
    }
  }

  std::string Optional(const std::optional<double>& value, double scale, int decimals, std::string_view unit) const {
    return value ? fmt::format("{} {}", Figure(*value * scale, decimals), unit) : std::string("–");
  }

  void Prosody() {
    const model::ProsodyReport& p = analysis_.prosody;
    Heading(l_.prosody);
    Line("  {}: {} Hz ± {}, {} {} Hz", l_.pitch, Figure(p.pitch.mean_hz, 1), Figure(p.pitch.std_hz, 1), l_.pitch_range,
         Figure(p.pitch.range_hz, 1));
    Line("  {}: {}, ± {}", l_.energy, Figure(p.energy.mean, 2), Figure(p.energy.dynamic_range, 2));
    Line("  {}: {} {}, {}", l_.rate, Figure(p.speaking_rate.syllables_per_second, 2), l_.per_second,
         Optional(p.speaking_rate.words_per_minute, 1, 0, l_.per_minute));
    std::string where;
    for (const model::Pause& pause : p.pauses.positions)
      where += fmt::format("; {}–{} s", Figure(pause.start_s, 2), Figure(pause.end_s, 2));
    Line("  {}: {} ({} {} s){}", l_.pauses, p.pauses.positions.size(), l_.pauses_mean, Figure(p.pauses.avg_duration_s, 2), where);
    Line("  {}: {} {}, {} {}, {} {}", l_.stability, l_.pitch_stability, Figure(p.confidence.pitch_stability, 2),
         l_.energy_consistency, Figure(p.confidence.energy_consistency, 2), l_.hesitation,
         Figure(p.confidence.hesitation_score, 2));
    Line("  {}: {} {}, {} {}, {} {}", l_.voice, l_.jitter, Optional(p.jitter_local, 100, 2, "%"), l_.shimmer,
         Optional(p.shimmer_local, 100, 2, "%"), l_.hnr, Optional(p.hnr_db, 1, 2, "dB"));
  }

  void Scores() {
    Heading(l_.scores);
    const model::Scores& s = analysis_.scores;
    const auto score = [&](std::string_view label, double value) {
      Line("  {}  {}", Coloured(fmt::format("{:>4}", Figure(value, 1)), value / 10), label);
    };
    score(l_.overall, s.overall);
    score(l_.pronunciation, s.pronunciation);
    score(l_.prosody_score, s.prosody);
    score(l_.emotion, s.emotion);
    score(l_.confidence, s.confidence);
    score(l_.fluency, s.fluency);
  }

  void Feedback() {
    const model::Feedback& feedback = analysis_.feedback;
    Heading(l_.feedback);
    Line("  {}", feedback.conversational);
    for (const std::string& strength : feedback.detailed.strengths) Line("  + {}: {}", l_.strengths, strength);
    for (const std::string& improvement : feedback.detailed.improvements) Line("  > {}: {}", l_.improvements, improvement);
    if (!feedback.detailed.prosody_notes.empty()) Line("  ~ {}: {}", l_.notes, feedback.detailed.prosody_notes);
  }

  void Times() {
    const model::StageTimes& t = analysis_.times;
    Line("\n{}: {} ms ({} {}, {} {}, {} {}, {} {}, {} {})", l_.times, t.total_ms, l_.decode, t.decode_ms, l_.stt, t.stt_ms,
         l_.measuring, t.prosody_ms, l_.scoring, t.scoring_ms, l_.writing, t.feedback_ms);
  }

  const model::Analysis& analysis_;
  const ReportOptions& options_;
  const Labels& l_;
  std::string text_;
};

}  // namespace

std::string FormatReport(const model::Analysis& analysis, const ReportOptions& options) {
  return Report(analysis, options).Text();
}

}  // namespace speechcoach::cli
