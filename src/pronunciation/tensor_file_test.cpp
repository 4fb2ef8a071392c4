#include "pronunciation/tensor_file.h"

#include <gtest/gtest.h>

namespace speechcoach::pronunciation {
namespace {

std::span<const unsigned char> Bytes(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

std::string FileOf(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  return bytes + header + data;
}

TEST(TensorFile, ReadsWhatItWrote) {
  TensorFile file;
  file.Set("a.weight", Tensor<float>{{2, 3}, {1, 2, 3, 4, 5, -0.5F}});
  file.Set("label", Tensor<std::int32_t>{{2}, {7, -9}});
  file.SetMetadata("names", "one \"two\" \\ three\nfour");
  const auto read = TensorFile::Parse(Bytes(file.Serialize()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto weight = read->floats("a.weight");
  ASSERT_TRUE(weight.ok());
  EXPECT_EQ((*weight)->shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_FLOAT_EQ((*weight)->row(1)[2], -0.5F);
  EXPECT_EQ((*read->integers("label"))->values, (std::vector<std::int32_t>{7, -9}));
  EXPECT_EQ(read->metadata("names"), "one \"two\" \\ three\nfour");
}

TEST(TensorFile, WidensHalfPrecision) {
  // 1.0, -2.5, the smallest subnormal, 65504.
  const std::string halves("\x00\x3C\x00\xC1\x01\x00\xFF\x7B", 8);
  const auto read = TensorFile::Parse(Bytes(FileOf(R"({"x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}})", halves)));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ((*read->floats("x"))->values, (std::vector<float>{1.0F, -2.5F, 0x1p-24F, 65504.0F}));
}

TEST(TensorFile, RefusesWhatIsDamaged) {
  EXPECT_FALSE(TensorFile::Parse({}).ok());
  EXPECT_FALSE(TensorFile::Parse(Bytes(std::string(8, '\xff'))).ok());
  EXPECT_FALSE(TensorFile::Parse(Bytes(FileOf("{not json", ""))).ok());
  EXPECT_FALSE(TensorFile::Parse(Bytes(FileOf(R"({"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "short"))).ok());
  EXPECT_FALSE(TensorFile::Parse(Bytes(FileOf(R"({"x":{"dtype":"F32","shape":[4],"data_offsets":[0,8]}})", "12345678"))).ok());
  EXPECT_FALSE(TensorFile::Parse(Bytes(FileOf(R"({"x":{"dtype":"Q4","shape":[4],"data_offsets":[0,4]}})", "1234"))).ok());
}

}  // namespace
}  // namespace speechcoach::pronunciation
