#include "scoring/feedback_checker.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "scoring/sound_names.h"

namespace speechcoach::scoring {
namespace {

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Small letters, without the punctuation around the word and in it.
std::string Plain(std::string word) {
  std::erase_if(word, [](unsigned char c) { return c < 0x80 && std::isalnum(c) == 0; });
  return Lower(std::move(word));
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    if (std::string plain = Plain(word); !plain.empty()) words.push_back(plain);
  }
  return words;
}

std::string Rounded(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  std::string rounded = text;
  if (rounded.ends_with(".0")) rounded.resize(rounded.size() - 2);
  return rounded;
}

// The raw evidence, measured once more in the plainest way.
struct Raw {
  const Evidence& evidence;
  const ScoreReport& report;
  std::size_t pauses = 0;
  std::size_t long_pauses = 0;
  double longest_s = 0.0;
  double pause_sum_s = 0.0;
  double spread_semitones = -1.0;  // negative: not measured
  std::size_t omitted = 0;
  std::size_t replaced = 0;
  std::size_t inserted = 0;
  std::size_t repeated = 0;
  std::size_t reference_words = 0;
  std::size_t heard_words = 0;
  double wpm = 0.0;

  Raw(const Evidence& e, const ScoreReport& r) : evidence(e), report(r) {
    for (const model::Pause& pause : e.prosody.pauses.positions) {
      const double length_s = std::min(pause.end_s, e.prosody.speech_end_s) - std::max(pause.start_s, e.prosody.speech_start_s);
      if (length_s <= 0.0) continue;
      ++pauses;
      long_pauses += length_s >= 0.7 ? 1 : 0;
      longest_s = std::max(longest_s, length_s);
      pause_sum_s += length_s;
    }
    std::vector<double> heights;
    for (const model::PitchPoint& point : e.prosody.pitch.contour) {
      if (point.f0_hz > 0.0) heights.push_back(12.0 * std::log2(point.f0_hz));
    }
    if (!e.prosody.minimal) {
      std::ranges::sort(heights);
      const auto at = [&](double share) {
        return heights[static_cast<std::size_t>(share * static_cast<double>(heights.size() - 1))];
      };
      // A voice of less than 0.2 s has no spread of its own; then any value is the mean's and the deviation's.
      spread_semitones = heights.size() < 20 ? 12.0 * std::log2(1.0 + e.prosody.pitch.std_hz / e.prosody.pitch.mean_hz)
                                             : (at(0.9) - at(0.1)) / 2.563;
    }
    for (const model::Miscue& miscue : r.miscues) {
      omitted += miscue.kind == model::MiscueKind::kOmitted ? 1 : 0;
      replaced += miscue.kind == model::MiscueKind::kReplaced ? 1 : 0;
      inserted += miscue.kind == model::MiscueKind::kInserted ? 1 : 0;
      repeated += miscue.kind == model::MiscueKind::kRepeated ? 1 : 0;
    }
    reference_words = WordsOf(e.reference_text).size();
    if (e.transcript) heard_words = WordsOf(e.transcript->text).size();
    wpm = e.prosody.speaking_rate.words_per_minute.value_or(0.0);
  }

  const model::Scores& scores() const { return report.scores; }
  bool spoke() const {
    return evidence.prosody.speech_end_s > evidence.prosody.speech_start_s && (!evidence.transcript || heard_words > 0);
  }
};

struct Claim {
  std::string_view text;
  std::function<bool(const Raw&)> holds;
};

using Claims = std::vector<Claim>;
using R = const Raw&;

bool OverallFrom(R raw, double score) { return raw.scores().overall >= score; }
bool Gained(R raw) { return raw.evidence.history && raw.evidence.history->last; }
bool Reads(R raw) { return !raw.evidence.reference_text.empty() && raw.evidence.transcript; }
bool Found(R raw) { return !raw.evidence.sounds.empty(); }

const auto kPronounced = [](R raw) { return raw.scores().pronunciation >= 7.5 && raw.evidence.transcript; };
const auto kFluentlySaid = [](R raw) { return raw.scores().fluency >= 7.5 && raw.long_pauses == 0; };
const auto kNoLong = [](R raw) { return raw.long_pauses == 0 && raw.scores().fluency >= 6.0; };
const auto kGoodSpeed = [](R raw) { return raw.wpm >= 75.0 && raw.wpm <= 170.0 && raw.scores().fluency >= 6.0; };
const auto kMelodic = [](R raw) { return raw.scores().prosody >= 7.5 && raw.spread_semitones >= 2.5; };
const auto kSure = [](R raw) { return raw.scores().confidence >= 7.5; };
const auto kShy = [](R raw) { return raw.scores().confidence < 5.0; };
const auto kFlat = [](R raw) { return raw.spread_semitones >= 0.0 && raw.spread_semitones < 1.3; };
const auto kModerate = [](R raw) { return raw.spread_semitones >= 1.3 && raw.spread_semitones < 2.5; };
const auto kLively = [](R raw) { return raw.spread_semitones >= 2.5; };
const auto kAllRead = [](R raw) { return Reads(raw) && raw.report.miscues.empty(); };
const auto kMostRead = [](R raw) { return Reads(raw) && raw.omitted + raw.replaced > 0 && raw.scores().pronunciation >= 6.0; };
const auto kMisread = [](R raw) { return Reads(raw) && !raw.report.miscues.empty(); };
const auto kOmits = [](R raw) { return Reads(raw) && raw.omitted > 0; };
const auto kSwaps = [](R raw) { return Reads(raw) && raw.replaced > 0; };
const auto kAdds = [](R raw) { return Reads(raw) && raw.inserted > 0; };
const auto kRepeats = [](R raw) { return Reads(raw) && raw.repeated > 0; };
const auto kLongStops = [](R raw) { return raw.long_pauses > 1; };
const auto kOneLongStop = [](R raw) { return raw.long_pauses == 1; };
const auto kSlowly = [](R raw) { return raw.wpm > 0.0 && raw.wpm < 85.0 && raw.scores().fluency < 7.5; };
const auto kFastly = [](R raw) { return raw.wpm > 200.0; };
const auto kSoft = [](R raw) { return raw.evidence.prosody.energy.mean < 0.3; };
const auto kUnstressed = [](R raw) { return raw.evidence.prosody.energy.dynamic_range < 0.12; };
const auto kSilent = [](R raw) { return !raw.spoke(); };
const auto kAlways = [](R) { return true; };
const auto kAsks = [](R raw) {
  const std::string& text = raw.evidence.reference_text.empty() && raw.evidence.transcript ? raw.evidence.transcript->text
                                                                                           : raw.evidence.reference_text;
  return text.find('?') != std::string::npos;
};
const auto kTells = [](R raw) { return raw.evidence.reference_text.find('.') != std::string::npos; };
const auto kSpokeAtAll = [](R raw) { return raw.spoke(); };
const auto kWeakWords = [](R raw) { return raw.scores().pronunciation < 7.5; };
const auto kWeakFlow = [](R raw) { return raw.scores().fluency < 7.5; };
const auto kWeakTune = [](R raw) { return raw.scores().prosody < 7.5; };
const auto kNoWords = [](R raw) { return !raw.evidence.transcript; };
const auto kNoTune = [](R raw) { return raw.evidence.prosody.minimal; };
const auto kUnsure = [](R raw) {
  return raw.evidence.transcript &&
         std::ranges::any_of(raw.evidence.transcript->words, [](const model::Word& word) { return word.confidence < 0.5; });
};
const auto kFew = [](R raw) { return raw.heard_words <= 5 && raw.evidence.reference_text.empty(); };
const auto kTop = [](R raw) { return OverallFrom(raw, 8.0); };
const auto kWell = [](R raw) { return OverallFrom(raw, 6.5); };
const auto kMiddling = [](R raw) { return OverallFrom(raw, 4.5) && !OverallFrom(raw, 6.5); };
const auto kLow = [](R raw) { return !OverallFrom(raw, 4.5); };
const auto kRecord = [](R raw) { return raw.evidence.history && raw.scores().overall > raw.evidence.history->best_overall; };
const auto kTroubledBefore = [](R raw) { return raw.evidence.history && !raw.evidence.history->last_troubled.empty(); };
const auto kDropped = [](R raw) {
  return std::ranges::any_of(raw.evidence.sounds, [](const auto& s) { return s.verdict == SoundFinding::Verdict::kDeleted; });
};
const auto kPutIn = [](R raw) {
  return std::ranges::any_of(raw.evidence.sounds, [](const auto& s) { return s.verdict == SoundFinding::Verdict::kInserted; });
};
const auto kSwapped = [](R raw) {
  return std::ranges::any_of(raw.evidence.sounds, [](const auto& s) { return s.verdict == SoundFinding::Verdict::kSubstituted; });
};

const auto kQuestionFalls = [](R raw) {
  return kAsks(raw) && std::ranges::any_of(raw.evidence.prosody.melody.phrases,
                                           [](const auto& phrase) { return phrase.final_movement_st.value_or(0.0) <= -2.0; });
};
const auto kPhraseRises = [](R raw) {
  return std::ranges::any_of(raw.evidence.prosody.melody.phrases,
                             [](const auto& phrase) { return phrase.final_movement_st.value_or(0.0) >= 3.0; });
};
const auto kSplits = [](R raw) {
  return std::ranges::any_of(raw.evidence.prosody.pauses.positions, [](const auto& pause) {
    return pause.place == model::PausePlace::kWithinPhrase && pause.end_s - pause.start_s >= 0.4;
  });
};
const auto kMisplacesStress = [](R raw) {
  const auto& words = raw.evidence.prosody.words;
  return std::ranges::any_of(words, [](const auto& word) { return word.expected && word.prominence < -0.5; }) &&
         std::ranges::any_of(words, [](const auto& word) { return !word.expected && word.prominence > 1.0; });
};
const auto kFillsPauses = [](R raw) { return raw.evidence.prosody.rhythm.filled_pauses.size() >= 2; };

const Claims& VietnameseClaims() {
  static const Claims kClaims{
      {"nhấc giọng lên", kQuestionFalls},
      {"hãy lên giọng ở từ", kQuestionFalls},
      {"nên kết thúc cao hơn", kQuestionFalls},
      {"câu hỏi; hãy hạ giọng", kPhraseRises},
      {"bạn thử hạ giọng", kPhraseRises},
      {"nên đọc thấp xuống", kPhraseRises},
      {"cuối; hãy hạ giọng", kPhraseRises},
      {"nghe như còn đang hỏi", kPhraseRises},
      {"kết thúc bằng giọng xuống", kPhraseRises},
      {"nghe trọn ý", kPhraseRises},
      {"Bạn ngừng giữa", kSplits},
      {"thuộc cùng một cụm", kSplits},
      {"thành một cụm", kSplits},
      {"Hãy nhấn vào", kMisplacesStress},
      {"Từ mang ý chính", kMisplacesStress},
      {"chỉ nên đọc nhẹ", kMisplacesStress},
      {"ậm ừ", kFillsPauses},
      {"Tuyệt vời", kTop},
      {"Xuất sắc", kTop},
      {"Hay quá", kTop},
      {"nghe mà thích", kTop},
      {"ấn tượng", kTop},
      {"Quá ổn", kTop},
      {"Làm tốt lắm", kWell},
      {"Khá lắm", kWell},
      {"Tốt lắm", kWell},
      {"ổn lắm rồi", kWell},
      {"cố gắng nhiều", kWell},
      {"được lắm", kWell},
      {"Cũng ổn", kMiddling},
      {"Được rồi, mình cùng", kMiddling},
      {"là hay ngay", kMiddling},
      {"đúng hướng", kMiddling},
      {"vài chỗ hay", kMiddling},
      {"Khởi đầu như vậy", kMiddling},
      {"Không sao cả", kLow},
      {"Bình tĩnh nhé", kLow},
      {"Cảm ơn bạn đã luyện", kLow},
      {"Đừng nản", kLow},
      {"khó thật", kLow},
      {"từ từ thôi", kLow},
      {"mình đều nghe được", kAllRead},
      {"đọc đủ cả", kAllRead},
      {"nghe trọn vẹn câu", kAllRead},
      {"không thiếu từ nào", kAllRead},
      {"Đọc đủ cả", kAllRead},
      {"Không bỏ sót từ nào", kAllRead},
      {"Trọn vẹn cả câu", kAllRead},
      {"Mình nghe đúng", kMostRead},
      {"đọc đúng", Reads},
      {"nghe ra đúng", kMostRead},
      {"Đúng phần lớn", kMostRead},
      {"nghe đúng như câu mẫu", kMostRead},
      {"Đọc đúng", Reads},
      {"rất rõ ràng", kPronounced},
      {"nghe bạn rất rõ", kPronounced},
      {"rõ và dễ nghe", kPronounced},
      {"gọn và rõ", kPronounced},
      {"Phát âm rõ ràng", kPronounced},
      {"Các từ nghe rõ", kPronounced},
      {"nói trôi chảy", kFluentlySaid},
      {"rất mượt", kFluentlySaid},
      {"rất dễ theo dõi", [](R raw) { return kFluentlySaid(raw) || kGoodSpeed(raw); }},
      {"nối nhau êm", kFluentlySaid},
      {"Nói trôi chảy", kFluentlySaid},
      {"Nhịp nói mượt", kFluentlySaid},
      {"liền mạch, không có khoảng lặng dài", kNoLong},
      {"không dừng lâu", kNoLong},
      {"không có chỗ nào bạn dừng lâu", kNoLong},
      {"im quá lâu", kNoLong},
      {"Giữ được mạch nói", kNoLong},
      {"vừa phải, người nghe", kGoodSpeed},
      {"vừa tai", kGoodSpeed},
      {"không nói vội", kGoodSpeed},
      {"Tốc độ nói vừa phải", kGoodSpeed},
      {"Tốc độ dễ theo dõi", kGoodSpeed},
      {"Nói không vội", kGoodSpeed},
      {"lên xuống tự nhiên", kMelodic},
      {"sống động", kMelodic},
      {"uyển chuyển", kMelodic},
      {"có hồn", kMelodic},
      {"Ngữ điệu tự nhiên", kMelodic},
      {"lên xuống giọng theo ý câu", kMelodic},
      {"rất tự tin", kSure},
      {"vững vàng", kSure},
      {"là biết bạn tự tin", kSure},
      {"Giọng bạn chắc", kSure},
      {"dứt khoát, tự tin", kSure},
      {"Phong thái nói tự tin", kSure},
      {"lên giọng ở cuối câu hỏi", kAsks},
      {"bạn lên giọng, nghe đúng", kAsks},
      {"Lên giọng đúng chỗ", kAsks},
      {"có lên giọng, nghe tự nhiên", kAsks},
      {"xuống giọng ở cuối câu hỏi", kAsks},
      {"bạn xuống giọng", kAsks},
      {"Xuống giọng đúng", kAsks},
      {"cuối câu hỏi Wh-", kAsks},
      {"tăng từ", Gained},
      {"tiến bộ", Gained},
      {"Tiến bộ", Gained},
      {"lần này lên", Gained},
      {"cao nhất", kRecord},
      {"kỷ lục", kRecord},
      {"lần trước còn vướng", kTroubledBefore},
      {"sửa được từ", kTroubledBefore},
      {"nghe ra từ “", kTroubledBefore},
      {"mạnh dạn mở lời", kSpokeAtAll},
      {"Mạnh dạn mở lời", kSpokeAtAll},
      {"nói thành tiếng", kSpokeAtAll},
      {"luyện nói", kAlways},
      {"cất tiếng", kSpokeAtAll},
      {"luyện thành tiếng", kSpokeAtAll},
      {"dành thời gian", kAlways},
      {"ghé luyện", kAlways},
      {"chịu khó bắt đầu", kAlways},
      {"Có mặt", kAlways},
      {"chưa nghe được từ tiếng Anh nào", kSilent},
      {"chưa nhận ra từ nào", kSilent},
      {"chưa nghe ra lời nói nào", kSilent},
      {"khác câu mẫu", kMisread},
      {"khớp với câu mẫu", kMisread},
      {"nghe khớp được", kMisread},
      {"chưa khớp từ nào", kMisread},
      {"chưa nghe ra từ nào của câu mẫu", kMisread},
      {"khác hẳn câu mẫu", kMisread},
      {"chưa nghe thấy từ", kOmits},
      {"Còn thiếu từ", kOmits},
      {"thì mình chưa nghe ra", kOmits},
      {"từ mình chưa nghe thấy", kOmits},
      {"từ mình chưa nghe ra", kOmits},
      {"chưa nghe được", [](R raw) { return kOmits(raw) || kFew(raw) || kSilent(raw); }},
      {"mình nghe thành “", kSwaps},
      {"mình lại nghe ra", kSwaps},
      {"tai mình nghe giống", kSwaps},
      {"nghe thêm", [](R raw) { return kAdds(raw) || kFew(raw); }},
      {"bạn nói thêm “", kAdds},
      {"Câu mẫu không có", kAdds},
      {"nói lặp lại", kRepeats},
      {"nói đến hai lần", kRepeats},
      {"nói lại lần nữa", kRepeats},
      {"nghe chưa thật rõ", kUnsure},
      {"hơi khó nghe", kUnsure},
      {"phải đoán", kUnsure},
      {"mình nghe thành /", kSwapped},
      {"nghe gần với /", kSwapped},
      {"còn giống /", kSwapped},
      {"chưa nghe thấy âm", kDropped},
      {"còn thiếu âm", kDropped},
      {"mất âm cuối /", kDropped},
      {"bị lướt mất", kDropped},
      {"không cần thiết", kPutIn},
      {"nghe thừa", kPutIn},
      {"chèn thêm", kPutIn},
      {"chưa thật rõ", [](R raw) { return Found(raw) || kUnsure(raw); }},
      {"nghe còn hơi lẫn", Found},
      {"chưa chuẩn", Found},
      {"còn vướng ở vài từ", Found},
      {"đều vướng", Found},
      {"khoảng lặng dài, lâu nhất", kLongStops},
      {"khoảng lặng dài, chỗ lâu nhất", kLongStops},
      {"hơi đứt mạch", kLongStops},
      {"hơi lâu một chút", kOneLongStop},
      {"câu bị ngắt đoạn", kOneLongStop},
      {"Giữa chừng có một khoảng lặng", kOneLongStop},
      {"Chỗ sau từ", kOneLongStop},
      {"dừng lâu một lần", kOneLongStop},
      {"hơi chậm", kSlowly},
      {"rời rạc", kSlowly},
      {"hơi nhanh", kFastly},
      {"hơi vội", kFastly},
      {"khá nhanh", kFastly},
      {"hơi đều", kFlat},
      {"hơi phẳng", kFlat},
      {"còn đều đều", kFlat},
      {"Giọng khá đều", kFlat},
      {"ở một cao độ", kFlat},
      {"mức vừa", kModerate},
      {"vừa phải, khoảng", kModerate},
      {"rõ rệt", kLively},
      {"sinh động", kLively},
      {"nhiều cao thấp", kLively},
      {"lại xuống giọng", kAsks},
      {"giọng bạn đi xuống", kAsks},
      {"đang xuống giọng", kAsks},
      {"thường thì nên xuống", kAsks},
      {"đang lên giọng", kAsks},
      {"chưa giống câu hỏi Wh-", kAsks},
      {"nghe như đang hỏi", kTells},
      {"cuối câu bạn lại lên giọng", kTells},
      {"nghe giống câu hỏi", kTells},
      {"ngập ngừng", kShy},
      {"rụt rè", kShy},
      {"dè dặt", kShy},
      {"nhỏ tiếng", kSoft},
      {"còn nhỏ", kSoft},
      {"hơi nhỏ", kSoft},
      {"to nhỏ gần như nhau", kUnstressed},
      {"Độ to của giọng ít thay đổi", kUnstressed},
      {"nhấn như nhau", kUnstressed},
      {"Câu trả lời mới có", kFew},
      {"Bạn mới nói", kFew},
      {"còn ngắn", kFew},
      {"luyện thêm cho rõ", kWeakWords},
      {"chỗ để rõ hơn", kWeakWords},
      {"đọc rõ hơn một chút là lên", kWeakWords},
      {"luyện cho lời nói mượt", kWeakFlow},
      {"sẽ mượt hơn", kAlways},
      {"có thể liền mạch hơn", kWeakFlow},
      {"luyện thêm cho tự nhiên", kWeakTune},
      {"chỗ để hay hơn", kWeakTune},
      {"thêm chút lên xuống", kWeakTune},
      {"không phải góp ý gì nhiều", kSpokeAtAll},
      {"cần sửa gấp", kSpokeAtAll},
      {"Phần còn lại chỉ là", kSpokeAtAll},
      {"máy chưa nhận ra lời nói", kNoWords},
      {"chưa nhận dạng được lời nói", kNoWords},
      {"tạm tính", [](R raw) { return kNoWords(raw) || kNoTune(raw); }},
      {"chưa đo được", kNoTune},
      {"chưa nhận xét được ngữ điệu", kNoTune},
  };
  return kClaims;
}

const Claims& EnglishClaims() {
  static const Claims kClaims{
      {"let it rise on", kQuestionFalls},
      {"end higher", kQuestionFalls},
      {"lift your voice", kQuestionFalls},
      {"usually ends low", kPhraseRises},
      {"try a falling voice", kPhraseRises},
      {"lower: questions", kPhraseRises},
      {"let it fall on", kPhraseRises},
      {"let it come down", kPhraseRises},
      {"sounds finished", kPhraseRises},
      {"You paused between", kSplits},
      {"are one phrase", kSplits},
      {"instead of stopping in between", kSplits},
      {"(a little higher and longer)", kMisplacesStress},
      {"The meaning is in", kMisplacesStress},
      {"save the stress", kMisplacesStress},
      {"with a sound; keep silent", kFillsPauses},
      {"fillers", kFillsPauses},
      {"Wonderful", kTop},
      {"Excellent", kTop},
      {"a pleasure to hear", kTop},
      {"impressed", kTop},
      {"Really well done", kTop},
      {"Well done", kWell},
      {"Nice work", kWell},
      {"Good job", kWell},
      {"went well", kWell},
      {"hear the effort", kWell},
      {"right track", kMiddling},
      {"A fair try", kMiddling},
      {"will shine", kMiddling},
      {"Some good parts", kMiddling},
      {"a fine start", kMiddling},
      {"No worries", kLow},
      {"Don't give up", kLow},
      {"Thank you for practising", kLow},
      {"a hard one", kLow},
      {"Take your time", kLow},
      {"I heard all", kAllRead},
      {"You read all", kAllRead},
      {"left none", kAllRead},
      {"were read", kAllRead},
      {"was left out", kAllRead},
      {"The whole sentence, all", kAllRead},
      {"of the sentence correctly", kMostRead},
      {"of this sentence correctly", kMostRead},
      {"came across", kMostRead},
      {"read correctly", kMostRead},
      {"heard as they are written", kMostRead},
      {"very clear", kPronounced},
      {"easy to understand", kPronounced},
      {"Crisp", kPronounced},
      {"Clear pronunciation", kPronounced},
      {"speak fluently", kFluentlySaid},
      {"flows nicely", kFluentlySaid},
      {"phrases join up", kFluentlySaid},
      {"Fluent speech", kFluentlySaid},
      {"A smooth flow", kFluentlySaid},
      {"Phrases that join", kFluentlySaid},
      {"without a single long pause", kNoLong},
      {"no long pause", kNoLong},
      {"never fell silent", kNoLong},
      {"No long pauses", kNoLong},
      {"without long stops", kNoLong},
      {"Kept the flow", kNoLong},
      {"comfortable pace", kGoodSpeed},
      {"easy to follow", kGoodSpeed},
      {"Neither rushed", kGoodSpeed},
      {"easy speed", kGoodSpeed},
      {"Unhurried", kGoodSpeed},
      {"rises and falls naturally", kMelodic},
      {"lively intonation", kMelodic},
      {"real melody", kMelodic},
      {"A voice that rises and falls", kMelodic},
      {"Melody that follows", kMelodic},
      {"sound confident", kSure},
      {"is steady", kSure},
      {"trust yourself", kSure},
      {"confident voice", kSure},
      {"Confident delivery", kSure},
      {"Speaking with confidence", kSure},
      {"end of the question", kAsks},
      {"yes/no question", kAsks},
      {"wh- question", kAsks},
      {"Compared with last time", Gained},
      {"making progress", Gained},
      {"Practice pays off", Gained},
      {"Better than last time", Gained},
      {"Last time", Gained},
      {"Progress:", Gained},
      {"best overall", kRecord},
      {"highest you have", kRecord},
      {"beat yourself", kRecord},
      {"personal best", kRecord},
      {"Higher than ever", kRecord},
      {"gave you trouble last time", kTroubledBefore},
      {"have fixed", kTroubledBefore},
      {"practice shows", kTroubledBefore},
      {"is fixed since", kTroubledBefore},
      {"gave trouble last time", kTroubledBefore},
      {"Remembered and fixed", kTroubledBefore},
      {"You spoke up", kSpokeAtAll},
      {"time to speak", kSpokeAtAll},
      {"speak aloud", kSpokeAtAll},
      {"Speaking up", kSpokeAtAll},
      {"practise aloud", kSpokeAtAll},
      {"Practising aloud", kSpokeAtAll},
      {"time to practise", kAlways},
      {"have you here", kAlways},
      {"Getting started", kAlways},
      {"Starting a practice", kAlways},
      {"Being here", kAlways},
      {"could not hear any English", kSilent},
      {"did not recognise any", kSilent},
      {"no words I could make out", kSilent},
      {"quite different from the sentence", kMisread},
      {"words match", kMisread},
      {"None of the words", kMisread},
      {"a single word of the sentence", kMisread},
      {"another sentence altogether", kMisread},
      {"did not hear the word", kOmits},
      {"is missing; perhaps", kOmits},
      {"I could not hear.", kOmits},
      {"of the words:", kOmits},
      {"words I could not hear:", kOmits},
      {"I am missing", kOmits},
      {"sounded like “", kSwaps},
      {"Where it says", kSwaps},
      {"my ear caught", kSwaps},
      {"I also heard", kAdds},
      {"you added", kAdds},
      {"in the sentence.", [](R raw) { return kAdds(raw) || Reads(raw); }},
      {"” twice.", kRepeats},
      {"a second time", kRepeats},
      {"went back and started again", kRepeats},
      {"not quite clear to me", kUnsure},
      {"guess a little", kUnsure},
      {"hard to catch", kUnsure},
      {"came out as", kSwapped},
      {"is close to /", kSwapped},
      {"still sounds like", kSwapped},
      {"did not hear the /", kDropped},
      {"is missing its", kDropped},
      {"is lost", kDropped},
      {"got lost", kDropped},
      {"There is no /", kDropped},
      {"an extra", kPutIn},
      {"too many", kPutIn},
      {"slipped in", kPutIn},
      {"not quite clear yet", Found},
      {"blurred", Found},
      {"nearly there", Found},
      {"gave trouble in", Found},
      {"not right yet", Found},
      {"all have trouble", Found},
      {"long pauses, the longest", kLongStops},
      {"breaks the flow", kLongStops},
      {"You paused for about", kOneLongStop},
      {"there was a pause of", kOneLongStop},
      {"The pause after", kOneLongStop},
      {"one pause of about", kOneLongStop},
      {"stopped once", kOneLongStop},
      {"One pause took", kOneLongStop},
      {"a little slow", kSlowly},
      {"rather slow", kSlowly},
      {"stand apart", kSlowly},
      {"hard to follow", kFastly},
      {"rather fast", kFastly},
      {"a little rushed", kFastly},
      {"rather flat", kFlat},
      {"sounds flat", kFlat},
      {"no word stands out yet", kFlat},
      {"rather even", kFlat},
      {"changes little", kFlat},
      {"all on one pitch", kFlat},
      {"a moderate amount", kModerate},
      {"moderately", kModerate},
      {"A moderate rise", kModerate},
      {"clearly rising", kLively},
      {"moves a lot", kLively},
      {"plenty of melody", kLively},
      {"Yes/no questions", kAsks},
      {"Wh- questions", kAsks},
      {"statement", kTells},
      {"hesitant", kShy},
      {"a little shy", kShy},
      {"some hesitation", kShy},
      {"rather quiet", kSoft},
      {"a little quiet", kSoft},
      {"more volume", kSoft},
      {"equally loud", kUnstressed},
      {"loudness hardly", kUnstressed},
      {"weighs the same", kUnstressed},
      {"heard very little", kFew},
      {"little to go on", kFew},
      {"still short", kFew},
      {"make each word clearer", kWeakWords},
      {"room to be clearer", kWeakWords},
      {"care will lift", kWeakWords},
      {"flow a little better", kWeakFlow},
      {"repetitions will help", kWeakFlow},
      {"can flow more", kWeakFlow},
      {"make it more natural.", kWeakTune},
      {"sound more natural", kWeakTune},
      {"more rise and fall", kWeakTune},
      {"little for me to correct", kSpokeAtAll},
      {"Nothing needs fixing", kSpokeAtAll},
      {"more natural still", kSpokeAtAll},
      {"could not recognise your words", kNoWords},
      {"were not recognised", kNoWords},
      {"could not measure your pitch", kNoTune},
      {"was not measured", kNoTune},
  };
  return kClaims;
}

const Claims& ClaimsIn(model::Locale locale) { return locale == model::Locale::kVi ? VietnameseClaims() : EnglishClaims(); }

class Check {
 public:
  Check(const Evidence& evidence, const ScoreReport& report) : raw_(evidence, report) {
    for (const std::string& word : WordsOf(evidence.reference_text)) words_.insert(word);
    if (evidence.transcript) {
      for (const std::string& word : WordsOf(evidence.transcript->text)) words_.insert(word);
    }
    for (const SoundFinding& sound : evidence.sounds) {
      words_.insert(Plain(sound.word));
      sounds_.insert({IpaName(sound.phone), IpaName(sound.heard)});
      tips_ += sound.tip_vi + sound.tip_en;
    }
    CollectNumbers();
  }

  void Text(const std::string& text) {
    if (text.empty()) return Fault("an empty text", text);
    if (text.find('{') != std::string::npos || text.find("  ") != std::string::npos) Fault("an unfilled phrase", text);
    static const std::regex kQuoted("“(.*?)”");
    for (std::sregex_iterator quote(text.begin(), text.end(), kQuoted), end; quote != end; ++quote) {
      for (const std::string& word : WordsOf((*quote)[1])) {
        if (!words_.contains(word)) Fault("nobody said or wrote the word", word);
      }
    }
    const std::string plain = std::regex_replace(text, kQuoted, "“”");
    static const std::regex kSound("/[^/ 0-9A-Z]+/");
    for (std::sregex_iterator sound(plain.begin(), plain.end(), kSound), end; sound != end; ++sound) {
      if (!sounds_.contains(sound->str()) && tips_.find(sound->str()) == std::string::npos)
        Fault("no finding on the sound", sound->str());
    }
    Numbers(plain);
    for (const Claim& claim : ClaimsIn(raw_.evidence.locale)) {
      if (plain.find(claim.text) != std::string::npos && !claim.holds(raw_)) Fault("not true: " + std::string(claim.text), text);
    }
  }

  void Labels(const model::DetailedFeedback& detailed) {
    const double confidence = raw_.scores().confidence;
    const std::string level = confidence < 5.0 ? "low" : confidence < 7.5 ? "moderate" : "high";
    if (detailed.confidence_level != level) Fault("confidence is not", detailed.confidence_level);
    const std::string& emotion = detailed.emotion_detected;
    const model::ProsodyReport& prosody = raw_.evidence.prosody;
    const double hesitation = prosody.confidence.hesitation_score;
    const bool halts =
        hesitation >= 0.6 || 10 * prosody.rhythm.filled_pauses.size() > std::max<std::size_t>(prosody.syllables.size(), 1);
    if (emotion == "hesitant" && !halts) Fault("the voice is not", emotion);
    if (emotion == "nervous" && (hesitation < 0.35 || halts)) Fault("the voice is not", emotion);
    if (emotion == "flat" && !kFlat(raw_)) Fault("the voice is not", emotion);
    if (emotion == "enthusiastic" && !(raw_.report.emotion.arousal >= 0.35)) Fault("the voice is not", emotion);
    if (emotion != "neutral" && prosody.minimal) Fault("nobody measured that the voice is", emotion);
    if (emotion != detailed.emotion.label) Fault("the evidence is of another label than", emotion);
  }

  std::vector<std::string> Take() { return std::move(faults_); }

 private:
  void Fault(const std::string& what, const std::string& where) { faults_.push_back(what + " “" + where + "”"); }

  void CollectNumbers() {
    const model::Scores& s = raw_.scores();
    for (const double score : {s.overall, s.pronunciation, s.prosody, s.emotion, s.confidence, s.fluency})
      scores_.insert(Rounded(score, 1));
    if (const auto& history = raw_.evidence.history; history && history->last) {
      const model::Scores& last = *history->last;
      for (const double score : {last.pronunciation, last.prosody, last.confidence, last.fluency})
        past_scores_.insert(Rounded(score, 1));
    }
    seconds_ = {Rounded(raw_.longest_s, 1), Rounded(raw_.pause_sum_s, 1)};
    if (raw_.pauses > 0) seconds_.insert(Rounded(raw_.pause_sum_s / static_cast<double>(raw_.pauses), 1));
    for (const std::size_t count :
         {raw_.pauses, raw_.long_pauses, raw_.evidence.prosody.rhythm.filled_pauses.size(), raw_.omitted, raw_.reference_words,
          raw_.heard_words, raw_.reference_words - std::min(raw_.reference_words, raw_.omitted + raw_.replaced)}) {
      counts_.insert(std::to_string(count));
    }
  }

  // Each number by what stands around it: a number of seconds must be one, and so on.
  void Numbers(std::string text) {
    static const std::regex kNumber("([0-9]+(?:[.,][0-9]+)?)(/[0-9]+)?(.{0,28})");
    std::smatch match;
    std::string before;
    while (std::regex_search(text, match, kNumber)) {
      before += match.prefix();
      std::string number = match[1];
      std::ranges::replace(number, ',', '.');
      if (number.ends_with(".0")) number.resize(number.size() - 2);
      const std::string after = match[3];
      const auto follows = [&](std::string_view unit) { return after.starts_with(" " + std::string(unit)); };
      if (match[2] == "/10") {
        if (!scores_.contains(number)) Fault("no score is", number);
        ScoreOfTheRightKind(before, number, after);
      } else if (follows("giây") || follows("second")) {
        if (!seconds_.contains(number)) Fault("no pause has the seconds", number);
      } else if (follows("từ mỗi phút") || follows("words a minute")) {
        if (number != Rounded(raw_.wpm, 0)) Fault("the pace is not", number);
      } else if (follows("nửa cung") || follows("semitones")) {
        if (number != Rounded(raw_.spread_semitones, 1)) Fault("the pitch spread is not", number);
      } else if (number.find('.') != std::string::npos || Gained(raw_)) {
        if (!scores_.contains(number) && !past_scores_.contains(number) && !counts_.contains(number))
          Fault("no score was", number);
      } else if (!counts_.contains(number)) {
        Fault("no count is", number);
      }
      if (std::string part = match[2]; !part.empty() && part != "/10" && !counts_.contains(part.substr(1)))
        Fault("no count is", part);
      before += match[1];
      before += match[2];
      text = std::string(match[3]) + std::string(match.suffix());
    }
  }

  // The last area that the clause names before the figure (or right after it, in English) is whose score it is.
  void ScoreOfTheRightKind(const std::string& before, const std::string& number, const std::string& after) {
    const model::Scores& s = raw_.scores();
    const std::vector<std::pair<std::string, double>> areas{
        {"phát âm", s.pronunciation}, {"trôi chảy", s.fluency},     {"ngữ điệu", s.prosody},
        {"tự tin", s.confidence},     {"tổng thể", s.overall},      {"fluency", s.fluency},
        {"intonation", s.prosody},    {"confidence", s.confidence}, {"pronunciation", s.pronunciation},
        {"overall", s.overall}};
    const std::string clause = Lower(before.substr(before.find_last_of(".!:;") + 1));
    std::optional<double> meant;
    std::size_t nearest = 0;
    for (const auto& [name, score] : areas) {
      const std::size_t at = clause.rfind(name);
      const bool follows = after.starts_with(" for " + name) || after.starts_with(" " + name);
      if (!follows && (at == std::string::npos || (meant && at < nearest))) continue;
      meant = score;
      nearest = follows ? std::string::npos : at;
    }
    if (meant && Rounded(*meant, 1) != number) Fault("another area's score", before + number + after);
  }

  Raw raw_;
  std::set<std::string> words_;
  std::set<std::string> sounds_{"/s/", "/z/", "/t/", "/d/", "/ɪd/"};
  std::string tips_;
  std::set<std::string> scores_;
  std::set<std::string> past_scores_;
  std::set<std::string> seconds_;
  std::set<std::string> counts_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> FaultsOf(const model::Feedback& feedback, const Evidence& evidence, const ScoreReport& report) {
  Check check(evidence, report);
  check.Text(feedback.conversational);
  check.Text(feedback.detailed.prosody_notes);
  for (const auto* list : {&feedback.detailed.strengths, &feedback.detailed.improvements}) {
    for (const std::string& item : *list) check.Text(item);
  }
  check.Labels(feedback.detailed);
  std::vector<std::string> faults = check.Take();
  if (feedback.detailed.strengths.empty() || feedback.detailed.improvements.empty()) faults.emplace_back("an empty list");
  return faults;
}

bool IsClaimKnown(std::string_view text, model::Locale locale) {
  return std::ranges::any_of(ClaimsIn(locale),
                             [&](const Claim& claim) { return text.find(claim.text) != std::string_view::npos; });
}

}  // namespace speechcoach::scoring
