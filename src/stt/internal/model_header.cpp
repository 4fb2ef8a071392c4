#include "stt/internal/model_header.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string>

#include <fmt/format.h>
#include <ggml.h>

#include "stt/internal/decoded_window.h"

namespace speechcoach::stt {
namespace {

constexpr std::uint32_t kMagic = 0x67676d6c;
constexpr std::int32_t kSampleFrequencies = 201;  // of a 400-point transform
constexpr std::int32_t kQuantisationVersionFactor = 1000;

// Reads forward only; after the first failed read every later one fails too.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    std::error_code ignored;
    left_ = std::filesystem::file_size(path, ignored);
    if (ignored) left_ = 0;
  }

  bool ok() const { return static_cast<bool>(file_); }
  bool at_end() const { return left_ == 0; }

  template <typename T>
  T Read() {
    T value{};
    if (Take(sizeof(T))) file_.read(reinterpret_cast<char*>(&value), sizeof(T));
    return value;
  }

  std::string ReadText(std::uint64_t length) {
    std::string text;
    if (!Take(length)) return text;
    text.resize(length);
    file_.read(text.data(), static_cast<std::streamsize>(length));
    return text;
  }

  void Skip(std::uint64_t length) {
    if (Take(length)) file_.seekg(static_cast<std::streamoff>(length), std::ios::cur);
  }

 private:
  bool Take(std::uint64_t length) {
    if (!file_ || length > left_) {
      file_.setstate(std::ios::failbit);
      return false;
    }
    left_ -= length;
    return true;
  }

  std::ifstream file_;
  std::uint64_t left_ = 0;
};

bool IsPlausible(const ModelHeader& h) {
  const auto is_one_of = [](std::int32_t value, std::initializer_list<std::int32_t> known) {
    return std::ranges::find(known, value) != known.end();
  };
  // Every published Whisper model: tiny to large-v3-turbo and the distilled ones. Heads are 64 wide in all of them.
  return is_one_of(h.n_vocab, {51864, 51865, 51866}) && h.n_audio_ctx == 1500 && h.n_text_ctx == 448 &&
         is_one_of(h.n_mels, {80, 128}) && is_one_of(h.n_audio_layer, {4, 6, 12, 24, 32}) && h.n_text_layer >= 1 &&
         h.n_text_layer <= 32 && is_one_of(h.n_audio_state, {384, 512, 768, 1024, 1280}) && h.n_text_state == h.n_audio_state &&
         h.n_audio_head * 64 == h.n_audio_state && h.n_text_head * 64 == h.n_text_state && h.ftype >= 0 &&
         ggml_ftype_to_ggml_type(static_cast<ggml_ftype>(h.ftype % kQuantisationVersionFactor)) != GGML_TYPE_COUNT;
}

// The engine's own count: 3 for each convolution's and the encoder's edges, 15 a layer in the encoder, 24 in the decoder.
std::size_t ExpectedTensors(const ModelHeader& h) {
  constexpr std::size_t kOutsideLayers = 11;
  return kOutsideLayers + 15 * static_cast<std::size_t>(h.n_audio_layer) + 24 * static_cast<std::size_t>(h.n_text_layer);
}

std::string WalkTensors(Reader& reader, const ModelHeader& header) {
  std::set<std::string> names;
  while (!reader.at_end()) {
    const auto dimensions = reader.Read<std::int32_t>();
    const auto name_length = reader.Read<std::int32_t>();
    const auto type = reader.Read<std::int32_t>();
    if (!reader.ok()) return "it ends inside a tensor";
    const bool type_is_known = type >= 0 && type < GGML_TYPE_COUNT && ggml_blck_size(static_cast<ggml_type>(type)) > 0;
    if (dimensions < 1 || dimensions > 3 || name_length < 1 || name_length > 128 || !type_is_known)
      return "a tensor's header is damaged";
    std::int64_t elements = 1;
    std::int64_t row = 1;
    for (int i = 0; i < dimensions; ++i) {
      const auto length = reader.Read<std::int32_t>();
      if (length < 1 || length > 1'000'000) return "a tensor's shape is damaged";
      if (i == 0) row = length;
      elements *= length;
    }
    const auto block = ggml_blck_size(static_cast<ggml_type>(type));
    if (elements > std::int64_t{1} << 31 || row % block != 0) return "a tensor's shape is damaged";
    names.insert(reader.ReadText(static_cast<std::uint64_t>(name_length)));
    reader.Skip(static_cast<std::uint64_t>(elements / block) * ggml_type_size(static_cast<ggml_type>(type)));
    if (!reader.ok()) return "it ends inside a tensor";
  }
  if (names.size() != ExpectedTensors(header))
    return fmt::format("it holds {} tensors instead of {}", names.size(), ExpectedTensors(header));
  return {};
}

}  // namespace

base::Result<ModelHeader> ReadModelFile(const std::filesystem::path& path) {
  const auto damaged = [&](std::string_view fault) -> base::Error {
    return {base::ErrorCode::kModelUnavailable, fmt::format("{}: {}", path.string(), fault)};
  };
  Reader reader(path);
  if (!reader.ok()) return damaged("the file cannot be read");
  if (reader.Read<std::uint32_t>() != kMagic) return damaged("this is not a ggml model");

  ModelHeader h;
  for (std::int32_t* field : {&h.n_vocab, &h.n_audio_ctx, &h.n_audio_state, &h.n_audio_head, &h.n_audio_layer, &h.n_text_ctx,
                              &h.n_text_state, &h.n_text_head, &h.n_text_layer, &h.n_mels, &h.ftype}) {
    *field = reader.Read<std::int32_t>();
  }
  if (!reader.ok() || !IsPlausible(h)) return damaged("this is not a Whisper model, or its header is damaged");

  const auto mels = reader.Read<std::int32_t>();
  const auto frequencies = reader.Read<std::int32_t>();
  if (!reader.ok() || mels != h.n_mels || frequencies != kSampleFrequencies) return damaged("its mel filters are damaged");
  reader.Skip(static_cast<std::uint64_t>(mels) * kSampleFrequencies * sizeof(float));

  const auto words = reader.Read<std::int32_t>();
  if (!reader.ok() || words < 50'000 || words > h.n_vocab) return damaged("its vocabulary is damaged");
  std::set<std::string> vocabulary;
  for (int i = 0; i < words; ++i) {
    const auto length = reader.Read<std::uint32_t>();
    if (!reader.ok() || length > 1024) return damaged("its vocabulary is damaged");
    vocabulary.insert(reader.ReadText(length));
  }
  if (!reader.ok() || !vocabulary.contains(" ")) return damaged("its vocabulary is damaged");

  if (const std::string fault = WalkTensors(reader, h); !fault.empty()) return damaged(fault);
  return h;
}

std::uint64_t MemoryNeedBytes(const ModelHeader& h, std::uint64_t file_bytes, int states) {
  // A state: half-precision keys and values of the decoder's own tokens (512 for each beam's text and for two more), of the audio
  // (1536) in every layer and once more as padding; one row of logits a token; and about 16 audio-sized single-precision buffers
  // for the encoder's passes (14.3 and 15.2 measured for base and tiny.en).
  const auto wide = [](std::int32_t n) { return static_cast<std::uint64_t>(n); };
  const std::uint64_t keys_values = 4 * wide(h.n_text_state) * (wide(h.n_text_layer) * ((kMostBeams + 2) * 512 + 1536) + 1536);
  const std::uint64_t logits = 4 * wide(h.n_vocab) * wide(h.n_text_ctx);
  const std::uint64_t encoder = 16 * 4 * wide(h.n_audio_ctx) * wide(h.n_audio_state);
  const std::uint64_t total = file_bytes + static_cast<std::uint64_t>(states) * (keys_values + logits + encoder);
  return total + total / 10;
}

}  // namespace speechcoach::stt
