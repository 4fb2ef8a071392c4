#include "pronunciation/parameters.h"

#include <gtest/gtest.h>

#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {
namespace {

TensorFile Shipped(const std::string& name) {
  auto file = TensorFile::Read(SPEECHCOACH_TEST_DATA "/../../data/pronunciation/" + name);
  EXPECT_TRUE(file.ok());
  return std::move(*file);
}

bool HasLearntFrom(const std::string& head_speakers, const std::string& scorer_speakers, const std::string& speaker) {
  TensorFile head = Shipped("head.safetensors");
  head.SetMetadata("training_speakers", head_speakers);
  TensorFile scorers = Shipped("scorers.safetensors");
  scorers.SetMetadata("training_speakers", scorer_speakers);
  const auto parameters = Parameters::Make(head, &scorers);
  EXPECT_TRUE(parameters.ok());
  return (*parameters)->HasLearntFrom(speaker);
}

TEST(Parameters, MayBeJudgedByThoseThatNeitherPartHasHeard) {
  EXPECT_FALSE(HasLearntFrom("2,1", "4,3", "5"));
  for (const char* heard : {"1", "2", "3", "4"}) EXPECT_TRUE(HasLearntFrom("2,1", "4,3", heard)) << heard;
}

TEST(Parameters, APartThatDoesNotSayWhomItHeardMayHaveHeardAnybody) {
  EXPECT_TRUE(HasLearntFrom("", "4,3", "5"));
  EXPECT_TRUE(HasLearntFrom("2,1", "", "5"));
}

}  // namespace
}  // namespace speechcoach::pronunciation
