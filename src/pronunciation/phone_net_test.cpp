#include "pronunciation/phone_net.h"

#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace speechcoach::pronunciation {
namespace {

constexpr std::size_t kFeatures = 5;
constexpr std::size_t kDim = 12;
constexpr std::size_t kWidth = 32;
constexpr std::size_t kHeads = 2;

class Maker {
 public:
  Tensor<float> Any(std::vector<std::size_t> shape) {
    std::size_t count = 1;
    for (const std::size_t size : shape) count *= size;
    Tensor<float> tensor{std::move(shape), std::vector<float>(count)};
    for (float& value : tensor.values) value = normal_(generator_);
    return tensor;
  }
  void Layer(TensorFile& file, const std::string& name, std::size_t outputs, std::size_t inputs) {
    file.Set(name + ".weight", Any({outputs, inputs}));
    file.Set(name + ".bias", Any({outputs}));
  }
  void Norm(TensorFile& file, const std::string& name, std::size_t width) {
    file.Set(name + ".weight", Any({width}));
    file.Set(name + ".bias", Any({width}));
  }

 private:
  std::mt19937 generator_{11};
  std::normal_distribution<float> normal_{0.0F, 0.3F};
};

void AddMember(Maker& maker, TensorFile& file, const std::string& prefix) {
  maker.Norm(file, prefix + "encoding_norm", kDim);
  maker.Layer(file, prefix + "encoding", 8, kDim);
  maker.Layer(file, prefix + "input", kWidth, kFeatures + 8);
  for (int i = 0; i < 2; ++i) {
    const std::string block = fmt::format("{}blocks.{}.", prefix, i);
    maker.Norm(file, block + "n1", kWidth);
    maker.Norm(file, block + "n2", kWidth);
    maker.Layer(file, block + "qkv", 3 * kWidth, kWidth);
    maker.Layer(file, block + "o", kWidth, kWidth);
    maker.Layer(file, block + "f1", 2 * kWidth, kWidth);
    maker.Layer(file, block + "f2", kWidth, 2 * kWidth);
    file.Set(block + "distance", maker.Any({kHeads, 17}));
  }
  maker.Norm(file, prefix + "norm", kWidth);
  maker.Layer(file, prefix + "phone.0", 16, kWidth);
  maker.Layer(file, prefix + "phone.2", 1, 16);
  maker.Layer(file, prefix + "word_attention", 1, kWidth);
  maker.Layer(file, prefix + "word.0", 16, 2 * kWidth);
  maker.Layer(file, prefix + "word.2", 1, 16);
  maker.Layer(file, prefix + "aspect_attention", 4, kWidth);
  maker.Layer(file, prefix + "whole", 6, 2);
  for (int i = 0; i < 4; ++i) {
    maker.Layer(file, fmt::format("{}aspects.{}.0", prefix, i), 8, kWidth + 6);
    maker.Layer(file, fmt::format("{}aspects.{}.2", prefix, i), 1, 8);
  }
}

const std::vector<std::string> kPhoneFeatures{"a", "b", "c", "d", "e", "f"};
const std::vector<std::string> kWholeFeatures{"x", "y", "z"};

void AddStandard(TensorFile& file) {
  file.SetMetadata("net.phone_features", "f a b c d");
  file.SetMetadata("net.whole_features", "z x");
  file.Set("net.phone_mean", Tensor<float>{{kFeatures}, {0.1F, -0.2F, 0.0F, 0.4F, 0.3F}});
  file.Set("net.phone_scale", Tensor<float>{{kFeatures}, {0.5F, 1.0F, 2.0F, 1.0F, 0.7F}});
  file.Set("net.whole_mean", Tensor<float>{{2}, {0.2F, -0.3F}});
  file.Set("net.whole_scale", Tensor<float>{{2}, {1.0F, 0.5F}});
}

TensorFile MakeFile(int members) {
  Maker maker;
  TensorFile file;
  for (int i = 0; i < members; ++i) AddMember(maker, file, fmt::format("net{}.", i));
  AddStandard(file);
  return file;
}

// The second member of MakeFile(2), alone.
TensorFile SecondMember() {
  Maker maker;
  TensorFile file;
  AddMember(maker, file, "net0.");
  AddMember(maker, file, "net0.");
  AddStandard(file);
  return file;
}

Rows AnyRows(std::size_t count, std::size_t width) {
  Maker maker;
  Rows rows(count, width);
  rows.values = maker.Any({count, width}).values;
  return rows;
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
const Pairs kWords{{0, 3}, {3, 4}, {4, 12}};
const std::vector<float> kWhole{0.3F, -1.0F, 2.0F};

TEST(PhoneNet, SeveralMembersGiveTheirMean) {
  const auto both = PhoneNet::Load(MakeFile(2), kPhoneFeatures, kWholeFeatures);
  const auto first = PhoneNet::Load(MakeFile(1), kPhoneFeatures, kWholeFeatures);
  const auto second = PhoneNet::Load(SecondMember(), kPhoneFeatures, kWholeFeatures);
  ASSERT_TRUE(both.ok()) << both.error().message;
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_TRUE(second.ok()) << second.error().message;
  const Rows phones = AnyRows(12, 6);
  const Rows encodings = AnyRows(12, kDim);
  const NetScores mean = (*both)(phones, encodings, kWhole, kWords);
  const NetScores a = (*first)(phones, encodings, kWhole, kWords);
  const NetScores b = (*second)(phones, encodings, kWhole, kWords);
  ASSERT_EQ(mean.phones.size(), 12U);
  ASSERT_EQ(mean.words.size(), 3U);
  EXPECT_NE(a.phones, b.phones);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(mean.phones[i], (a.phones[i] + b.phones[i]) / 2, 1e-6);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(mean.words[i], (a.words[i] + b.words[i]) / 2, 1e-6);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(mean.aspects[i], (a.aspects[i] + b.aspects[i]) / 2, 1e-6);
}

TEST(PhoneNet, FeaturesAreFoundByNameAndFarOnesAreClipped) {
  const auto net = PhoneNet::Load(MakeFile(1), kPhoneFeatures, kWholeFeatures);
  ASSERT_TRUE(net.ok()) << net.error().message;
  Rows phones = AnyRows(12, 6);
  const Rows encodings = AnyRows(12, kDim);
  const NetScores before = (*net)(phones, encodings, kWhole, kWords);
  for (std::size_t i = 0; i < 12; ++i) phones.row(i)[4] += 7.0F;  // "e" is not taken
  EXPECT_EQ((*net)(phones, encodings, kWhole, kWords).phones, before.phones);
  phones.row(3)[5] = 1e6F;
  const NetScores far = (*net)(phones, encodings, kWhole, kWords);
  phones.row(3)[5] = 1e9F;
  EXPECT_EQ((*net)(phones, encodings, kWhole, kWords).phones, far.phones);
  EXPECT_NE(far.phones, before.phones);
}

TEST(PhoneNet, RefusesWhatDoesNotFit) {
  TensorFile file = MakeFile(1);
  file.SetMetadata("net.phone_features", "f a b c unheard_of");
  EXPECT_FALSE(PhoneNet::Load(file, kPhoneFeatures, kWholeFeatures).ok());
  file = MakeFile(1);
  Maker maker;
  file.Set("net0.blocks.1.qkv.weight", maker.Any({3 * kWidth, kWidth + 1}));
  EXPECT_FALSE(PhoneNet::Load(file, kPhoneFeatures, kWholeFeatures).ok());
  EXPECT_FALSE(PhoneNet::Load(TensorFile(), kPhoneFeatures, kWholeFeatures).ok());
}

}  // namespace
}  // namespace speechcoach::pronunciation
