#include <cstdlib>
#include <mutex>

#include <flite/flite.h>

#include "text/plain_latin.h"
#include "voice/model_voice.h"

extern "C" cst_voice* register_cmu_us_slt(const char* folder);

namespace speechcoach::voice {
namespace {

constexpr float kSlowStretch = 1.5F;

struct DeleteUtterance {
  void operator()(cst_utterance* utterance) const { delete_utterance(utterance); }
};

// flite writes the schwa "ax", which the CMU set folds into AH.
std::string ArpabetOf(std::string name) {
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name == "AX" ? "AH" : name;
}

void ReadTimes(const cst_utterance& utterance, ModelSpeech& speech) {
  double start_s = 0.0;
  const cst_item* last_word = nullptr;
  for (const cst_item* segment = relation_head(utt_relation(&utterance, "Segment")); segment != nullptr;
       segment = item_next(segment)) {
    const double end_s = item_feat_float(segment, "end");
    const std::string name = item_feat_string(segment, "name");
    const cst_item* in_structure = item_as(segment, "SylStructure");
    if (name != "pau" && in_structure != nullptr) {
      const cst_item* word = item_parent(item_parent(in_structure));
      if (word != last_word) speech.words.push_back({item_feat_string(word, "name"), start_s, end_s});
      last_word = word;
      speech.words.back().end_s = end_s;
      speech.phones.push_back({ArpabetOf(name), speech.words.size() - 1, start_s, end_s});
    }
    start_s = end_s;
  }
}

class FliteVoice final : public ModelVoice {
 public:
  base::Result<ModelSpeech> Say(const std::string& text, Speed speed) override {
    if (text.size() > kMaxTextBytes) return {base::ErrorCode::kBadField, "the text is too long to be said"};
    const std::string plain = text::ToPlainLatin(text);
    // flite's voices and lexicon are made once and share buffers.
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    static cst_voice* const voice = [] {
      flite_init();
      return register_cmu_us_slt(nullptr);
    }();
    feat_set_float(voice->features, "duration_stretch", speed == Speed::kSlow ? kSlowStretch : 1.0F);
    const std::unique_ptr<cst_utterance, DeleteUtterance> utterance(flite_synth_text(plain.c_str(), voice));
    ModelSpeech speech;
    if (utterance) ReadTimes(*utterance, speech);
    if (speech.words.empty()) return {base::ErrorCode::kBadField, "the text holds nothing to say"};
    const cst_wave* wave = utt_wave(utterance.get());
    speech.sample_rate_hz = wave->sample_rate;
    speech.samples.assign(wave->samples, wave->samples + wave->num_samples);
    return speech;
  }
};

void AppendNumber(std::string& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFu);
}

}  // namespace

std::unique_ptr<ModelVoice> MakeFliteVoice() { return std::make_unique<FliteVoice>(); }

std::string ToWav(const ModelSpeech& speech) {
  const auto data_size = static_cast<std::uint32_t>(speech.samples.size() * sizeof(std::int16_t));
  const auto rate = static_cast<std::uint32_t>(speech.sample_rate_hz);
  std::string wav = "RIFF";
  AppendNumber(wav, 36 + data_size, 4);
  wav += "WAVEfmt ";
  AppendNumber(wav, 16, 4);
  AppendNumber(wav, 1, 2);  // PCM
  AppendNumber(wav, 1, 2);  // mono
  AppendNumber(wav, rate, 4);
  AppendNumber(wav, rate * 2, 4);
  AppendNumber(wav, 2, 2);
  AppendNumber(wav, 16, 2);
  wav += "data";
  AppendNumber(wav, data_size, 4);
  for (const std::int16_t sample : speech.samples) AppendNumber(wav, static_cast<std::uint16_t>(sample), 2);
  return wav;
}

}  // namespace speechcoach::voice
