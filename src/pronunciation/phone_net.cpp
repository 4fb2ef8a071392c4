#include "pronunciation/phone_net.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

namespace speechcoach::pronunciation {
namespace {

constexpr float kClip = 5.0f;       // standard deviations beyond which a feature says no more
constexpr std::ptrdiff_t kFar = 8;  // phones beyond which the distance counts no more

base::Error Misshapen(const std::string& what) {
  return {base::ErrorCode::kModelUnavailable, fmt::format("{} of the phone net does not fit", what)};
}

// In place, to shares that sum to 1.
void Softmax(std::vector<float>& values) {
  const float highest = *std::ranges::max_element(values);
  float sum = 0.0f;
  for (float& value : values) {
    value = std::exp(value - highest);
    sum += value;
  }
  for (float& value : values) value /= sum;
}

// Sum of the rows [begin, begin + shares.size()) by their shares.
void AddWeighted(const Rows& rows, std::size_t begin, const std::vector<float>& shares, float* into) {
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const float* row = rows.row(begin + i);
    for (std::size_t d = 0; d < rows.width; ++d) into[d] += shares[i] * row[d];
  }
}

}  // namespace

float PhoneNet::TwoLayers::operator()(const Rows& x) const { return All(x).values.front(); }

Rows PhoneNet::TwoLayers::All(const Rows& x) const {
  Rows inner = first(x);
  ApplyGelu(inner);
  return second(inner);
}

void PhoneNet::Standard::Apply(std::span<const float> from, float* to) const {
  for (std::size_t i = 0; i < columns.size(); ++i) to[i] = std::clamp((from[columns[i]] - mean[i]) / scale[i], -kClip, kClip);
}

base::Result<PhoneNet::Member> PhoneNet::LoadMember(const TensorFile& file, const std::string& prefix, std::size_t phone_inputs,
                                                    std::size_t whole_inputs) {
  Member member;
  std::string missing;
  const auto load = [&]<typename Layer>(Layer& into, const std::string& name) {
    auto layer = Layer::Load(file, prefix + name);
    if (layer.ok()) {
      into = std::move(*layer);
    } else if (missing.empty()) {
      missing = layer.error().message;
    }
  };
  load(member.encoding_norm, "encoding_norm");
  load(member.encoding, "encoding");
  load(member.input, "input");
  for (int i = 0; file.has(fmt::format("{}blocks.{}.distance", prefix, i)); ++i) {
    Block block;
    const std::string name = fmt::format("blocks.{}.", i);
    load(block.n1, name + "n1");
    load(block.n2, name + "n2");
    load(block.qkv, name + "qkv");
    load(block.o, name + "o");
    load(block.f1, name + "f1");
    load(block.f2, name + "f2");
    const auto distance = file.floats(prefix + name + "distance");
    if (!distance.ok()) return distance.error();
    block.distance = **distance;
    member.blocks.push_back(std::move(block));
  }
  load(member.norm, "norm");
  load(member.phone.first, "phone.0");
  load(member.phone.second, "phone.2");
  load(member.word_attention, "word_attention");
  load(member.word.first, "word.0");
  load(member.word.second, "word.2");
  load(member.aspect_attention, "aspect_attention");
  load(member.whole, "whole");
  for (std::size_t aspect = 0; aspect < member.aspects.size(); ++aspect) {
    load(member.aspects[aspect].first, fmt::format("aspects.{}.0", aspect));
    load(member.aspects[aspect].second, fmt::format("aspects.{}.2", aspect));
  }
  if (!missing.empty()) return {base::ErrorCode::kModelUnavailable, missing};

  const std::size_t width = member.input.outputs();
  const auto two_layers_fit = [](const TwoLayers& layers, std::size_t inputs) {
    return layers.first.inputs() == inputs && layers.second.inputs() == layers.first.outputs() && layers.second.outputs() == 1;
  };
  bool fits = member.encoding.inputs() == member.encoding_norm.width() &&
              member.input.inputs() == phone_inputs + member.encoding.outputs() && member.norm.width() == width &&
              member.word_attention.inputs() == width && member.word_attention.outputs() == 1 &&
              member.aspect_attention.inputs() == width && member.aspect_attention.outputs() == member.aspects.size() &&
              member.whole.inputs() == whole_inputs && two_layers_fit(member.phone, width) &&
              two_layers_fit(member.word, 2 * width);
  for (const TwoLayers& aspect : member.aspects) fits = fits && two_layers_fit(aspect, width + member.whole.outputs());
  for (const Block& block : member.blocks) {
    fits = fits && block.n1.width() == width && block.n2.width() == width && block.qkv.inputs() == width &&
           block.qkv.outputs() == 3 * width && block.o.inputs() == width && block.o.outputs() == width &&
           block.f1.inputs() == width && block.f2.inputs() == block.f1.outputs() && block.f2.outputs() == width &&
           block.distance.shape.size() == 2 && block.distance.shape[1] == 2 * kFar + 1 && block.distance.rows() > 0 &&
           width % block.distance.rows() == 0;
  }
  if (!fits) return Misshapen(prefix);
  return member;
}

base::Result<PhoneNet> PhoneNet::Load(const TensorFile& file, std::span<const std::string> phone_features,
                                      std::span<const std::string> whole_features) {
  PhoneNet net;
  const auto standard = [&](const std::string& name, std::span<const std::string> known, Standard& into) -> base::Status {
    std::istringstream names{std::string(file.metadata("net." + name + "_features"))};
    for (std::string feature; names >> feature;) {
      const auto found = std::ranges::find(known, feature);
      if (found == known.end()) {
        return {base::ErrorCode::kModelUnavailable,
                fmt::format("the phone net asks for the feature {}, which is not known", feature)};
      }
      into.columns.push_back(static_cast<std::size_t>(found - known.begin()));
    }
    const auto mean = file.floats("net." + name + "_mean");
    if (!mean.ok()) return mean.error();
    const auto scale = file.floats("net." + name + "_scale");
    if (!scale.ok()) return scale.error();
    into.mean = (*mean)->values;
    into.scale = (*scale)->values;
    const bool fits = into.mean.size() == into.columns.size() && into.scale.size() == into.columns.size() &&
                      std::ranges::all_of(into.scale, [](float value) { return value > 0.0f; });
    return fits ? base::Status() : base::Status(Misshapen(name));
  };
  if (const base::Status status = standard("phone", phone_features, net.phone_standard_); !status.ok()) return status.error();
  if (const base::Status status = standard("whole", whole_features, net.whole_standard_); !status.ok()) return status.error();
  for (int number = 0; file.has(fmt::format("net{}.input.weight", number)); ++number) {
    auto member =
        LoadMember(file, fmt::format("net{}.", number), net.phone_standard_.columns.size(), net.whole_standard_.columns.size());
    if (!member.ok()) return member.error();
    net.members_.push_back(std::move(*member));
  }
  if (net.members_.empty()) return {base::ErrorCode::kModelUnavailable, "the file holds no phone net"};
  return net;
}

// Self-attention with a bias for each head and distance.
Rows PhoneNet::Attend(const Block& block, const Rows& x) {
  const Rows qkv = block.qkv(block.n1(x));
  const std::size_t heads = block.distance.rows();
  const std::size_t width = x.width / heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  Rows mixed(x.count, x.width);
  std::vector<float> shares(x.count);
  for (std::size_t head = 0; head < heads; ++head) {
    const std::span<const float> bias = block.distance.row(head);
    for (std::size_t i = 0; i < x.count; ++i) {
      const float* query = qkv.row(i) + head * width;
      for (std::size_t j = 0; j < x.count; ++j) {
        const float* key = qkv.row(j) + x.width + head * width;
        float dot = 0.0f;
        for (std::size_t d = 0; d < width; ++d) dot += query[d] * key[d];
        const std::ptrdiff_t distance = std::clamp(static_cast<std::ptrdiff_t>(j) - static_cast<std::ptrdiff_t>(i), -kFar, kFar);
        shares[j] = dot * scale + bias[static_cast<std::size_t>(distance + kFar)];
      }
      Softmax(shares);
      float* into = mixed.row(i) + head * width;
      for (std::size_t j = 0; j < x.count; ++j) {
        const float* value = qkv.row(j) + 2 * x.width + head * width;
        for (std::size_t d = 0; d < width; ++d) into[d] += shares[j] * value[d];
      }
    }
  }
  return block.o(mixed);
}

void PhoneNet::AddScores(const Member& member, const Rows& phones, const Rows& encodings, const Rows& whole,
                         std::span<const std::pair<std::size_t, std::size_t>> words, NetScores& scores) {
  const Rows encoding = member.encoding(member.encoding_norm(encodings));
  Rows joined(phones.count, phones.width + encoding.width);
  for (std::size_t i = 0; i < phones.count; ++i) {
    std::copy_n(phones.row(i), phones.width, joined.row(i));
    std::copy_n(encoding.row(i), encoding.width, joined.row(i) + phones.width);
  }
  Rows x = member.input(joined);
  for (const Block& block : member.blocks) {
    const Rows attended = Attend(block, x);
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] += attended.values[i];
    Rows inner = block.f1(block.n2(x));
    ApplyGelu(inner);
    const Rows fed = block.f2(inner);
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] += fed.values[i];
  }
  x = member.norm(x);

  const Rows phone_scores = member.phone.All(x);
  for (std::size_t i = 0; i < x.count; ++i) scores.phones[i] += phone_scores.values[i];

  const Rows word_logits = member.word_attention(x);
  for (std::size_t word = 0; word < words.size(); ++word) {
    const auto [begin, end] = words[word];
    std::vector<float> shares(word_logits.values.begin() + static_cast<std::ptrdiff_t>(begin),
                              word_logits.values.begin() + static_cast<std::ptrdiff_t>(end));
    Softmax(shares);
    Rows input(1, 2 * x.width);
    AddWeighted(x, begin, shares, input.row(0));
    std::ranges::fill(shares, 1.0f / static_cast<float>(shares.size()));
    AddWeighted(x, begin, shares, input.row(0) + x.width);
    scores.words[word] += member.word(input);
  }

  Rows context = member.whole(whole);
  ApplyGelu(context);
  const Rows aspect_logits = member.aspect_attention(x);
  for (std::size_t aspect = 0; aspect < member.aspects.size(); ++aspect) {
    std::vector<float> shares(x.count);
    for (std::size_t i = 0; i < x.count; ++i) shares[i] = aspect_logits.row(i)[aspect];
    Softmax(shares);
    Rows input(1, x.width + context.width);
    AddWeighted(x, 0, shares, input.row(0));
    std::copy_n(context.row(0), context.width, input.row(0) + x.width);
    scores.aspects[aspect] += member.aspects[aspect](input);
  }
}

NetScores PhoneNet::operator()(const Rows& phones, const Rows& encodings, std::span<const float> whole,
                               std::span<const std::pair<std::size_t, std::size_t>> words) const {
  Rows standard_phones(phones.count, phone_standard_.columns.size());
  for (std::size_t i = 0; i < phones.count; ++i) phone_standard_.Apply({phones.row(i), phones.width}, standard_phones.row(i));
  Rows standard_whole(1, whole_standard_.columns.size());
  whole_standard_.Apply(whole, standard_whole.row(0));
  NetScores scores;
  scores.phones.assign(phones.count, 0.0);
  scores.words.assign(words.size(), 0.0);
  for (const Member& member : members_) AddScores(member, standard_phones, encodings, standard_whole, words, scores);
  const auto count = static_cast<double>(members_.size());
  for (double& score : scores.phones) score /= count;
  for (double& score : scores.words) score /= count;
  for (double& score : scores.aspects) score /= count;
  return scores;
}

}  // namespace speechcoach::pronunciation
