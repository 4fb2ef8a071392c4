#include "cli/report.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "model/user_message.h"

namespace speechcoach::cli {
namespace {

struct Labels {
  std::string_view heard, to_read, words, sounds, miscues, omitted, inserted, replaced, repeated, prosody, scores, feedback, strengths, improvements, notes, times;
  std::string_view pitch, energy, rate, pauses, stability, voice, none, recording, truncated, fallback;
  std::string_view overall, pronunciation, prosody_score, emotion, confidence, fluency;
};

constexpr Labels kVietnamese{
    "Câu bạn nói", "Câu mẫu", "Từng từ", "Từng âm", "Khác với câu mẫu", "thiếu", "thừa", "đọc thành", "lặp lại", "Giọng điệu", "Điểm (0–10)", "Nhận xét",
    "Điểm mạnh", "Nên luyện thêm", "Ngữ điệu", "Thời gian xử lý",
    "Cao độ", "Âm lượng", "Tốc độ", "Khoảng lặng", "Độ ổn định", "Chất giọng", "không có", "Bản ghi", "tệp bị cắt ngang, chỉ phân tích phần đọc được",
    "dùng mô hình dự phòng",
    "Tổng", "Phát âm", "Ngữ điệu", "Cảm xúc", "Tự tin", "Lưu loát"};

constexpr Labels kEnglish{
    "Heard", "To be read", "Words", "Sounds", "Different from the sentence", "missing", "extra", "read as", "said twice", "Prosody", "Scores (0-10)", "Feedback",
    "Strengths", "To practise", "Intonation", "Processing time",
    "Pitch", "Loudness", "Rate", "Pauses", "Steadiness", "Voice quality", "none", "Recording", "the file ends early; only what could be read was analysed",
    "fallback model",
    "Overall", "Pronunciation", "Prosody", "Emotion", "Confidence", "Fluency"};

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

  void Heading(std::string_view title) { Line("\n{}", options_.with_colours ? fmt::format("\033[1m{}\033[0m", title) : std::string(title)); }

  // Green, yellow or red by `goodness` in [0, 1].
  std::string Coloured(std::string_view text, double goodness) const {
    if (!options_.with_colours) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", goodness >= 0.8 ? 32 : goodness >= 0.5 ? 33 : 31, text);
  }

  void Head() {
    Line("{}: {:.2f} s{}", l_.recording, analysis_.audio_duration_s, analysis_.audio_truncated ? fmt::format(" ({})", l_.truncated) : "");
    if (!options_.reference_text.empty()) Line("{}: {}", l_.to_read, options_.reference_text);
    const model::Transcript& transcript = analysis_.transcript;
    Line("{}: {}  ({:.2f}, {}{})", l_.heard, transcript.text.empty() ? l_.none : std::string_view(transcript.text), transcript.confidence,
         transcript.model.empty() ? l_.none : std::string_view(transcript.model), transcript.used_fallback ? fmt::format(", {}", l_.fallback) : "");
    for (const model::StageFailure& failure : analysis_.failures) {
      Line("! {}", model::UserMessage(failure.error.code, options_.locale));
    }
  }

  void Words() {
    if (analysis_.transcript.words.empty()) return;
    Heading(l_.words);
    for (const model::Word& word : analysis_.transcript.words) {
      Line("  {:6.2f} – {:5.2f} s  {:.2f}  {}", word.start_s, word.end_s, word.confidence, Coloured(word.text, word.confidence));
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
      for (const std::string& added : word.inserted) phones += fmt::format(" +{}", added);
      Line("  {:6.2f} – {:5.2f} s  {}  {:<14}{}", word.start_s, word.end_s, Coloured(fmt::format("{:4.1f}", word.score), word.score / 10), word.text, phones);
    }
    for (const model::AccentPattern& pattern : report.patterns) {
      const bool vi = options_.locale == model::Locale::kVi;
      Line("  {} ({}/{}: {})  {}", pattern.id, pattern.times, pattern.chances, fmt::join(pattern.words, ", "), vi ? pattern.tip_vi : pattern.tip_en);
    }
  }

  static std::string Sound(const model::PhoneResult& phone) {
    switch (phone.verdict) {
      case model::PhoneVerdict::kSubstituted: return fmt::format("{}→{}", phone.ipa, phone.heard_ipa);
      case model::PhoneVerdict::kDeleted: return fmt::format("{}→∅", phone.ipa);
      case model::PhoneVerdict::kDistorted: return fmt::format("{}~", phone.ipa);
      case model::PhoneVerdict::kOk: break;
    }
    return phone.ipa;
  }

  void Miscues() {
    if (analysis_.miscues.empty()) return;
    Heading(l_.miscues);
    for (const model::Miscue& miscue : analysis_.miscues) {
      switch (miscue.kind) {
        case model::MiscueKind::kOmitted: Line("  {}: {}", l_.omitted, miscue.expected); break;
        case model::MiscueKind::kInserted: Line("  {}: {}", l_.inserted, miscue.heard); break;
        case model::MiscueKind::kReplaced: Line("  {} → {} {}", miscue.expected, l_.replaced, miscue.heard); break;
        case model::MiscueKind::kRepeated: Line("  {}: {}", l_.repeated, miscue.heard); break;
      }
    }
  }

  static std::string Optional(const std::optional<double>& value, double scale, std::string_view unit) {
    return value ? fmt::format("{:.2f}{}", *value * scale, unit) : std::string("–");
  }

  void Prosody() {
    const model::ProsodyReport& p = analysis_.prosody;
    Heading(l_.prosody);
    Line("  {}: {:.1f} Hz ± {:.1f}, {:.1f} Hz", l_.pitch, p.pitch.mean_hz, p.pitch.std_hz, p.pitch.range_hz);
    Line("  {}: {:.2f}, ± {:.2f}", l_.energy, p.energy.mean, p.energy.dynamic_range);
    Line("  {}: {:.2f} syll/s, {} wpm", l_.rate, p.speaking_rate.syllables_per_second, Optional(p.speaking_rate.words_per_minute, 1, ""));
    std::string where;
    for (const model::Pause& pause : p.pauses.positions) where += fmt::format(" {:.2f}–{:.2f}", pause.start_s, pause.end_s);
    Line("  {}: {} (Ø {:.2f} s){}", l_.pauses, p.pauses.positions.size(), p.pauses.avg_duration_s, where);
    Line("  {}: pitch_stability {:.2f}, energy_consistency {:.2f}, hesitation_score {:.2f}", l_.stability, p.confidence.pitch_stability,
         p.confidence.energy_consistency, p.confidence.hesitation_score);
    Line("  {}: jitter {}, shimmer {}, HNR {}", l_.voice, Optional(p.jitter_local, 100, " %"), Optional(p.shimmer_local, 100, " %"),
         Optional(p.hnr_db, 1, " dB"));
  }

  void Scores() {
    Heading(l_.scores);
    const model::Scores& s = analysis_.scores;
    const auto score = [&](std::string_view label, double value) { Line("  {}  {}", Coloured(fmt::format("{:4.1f}", value), value / 10), label); };
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
    Line("\n{}: {} ms (decode {}, stt {}, prosody {}, scoring {}, feedback {})", l_.times, t.total_ms, t.decode_ms, t.stt_ms, t.prosody_ms,
         t.scoring_ms, t.feedback_ms);
  }

  const model::Analysis& analysis_;
  const ReportOptions& options_;
  const Labels& l_;
  std::string text_;
};

}  // namespace

std::string FormatReport(const model::Analysis& analysis, const ReportOptions& options) { return Report(analysis, options).Text(); }

}  // namespace speechcoach::cli
