#include "pronunciation/rated_corpus.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace speechcoach::pronunciation {
namespace {

constexpr const char* kHead = "utterance\tspeaker\tage\tgender\ttext\tphones\taccuracy\tfluency\tprosodic\ttotal\twords\n";

class RatedCorpus : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_ / "audio" / "0001"); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  base::Result<std::vector<RatedUtterance>> Read(const std::string& lines) const {
    std::ofstream(folder_ / "labels.tsv") << lines;
    return ReadRatedCorpus(folder_.string());
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("rated_corpus_" + std::to_string(getpid()));
};

TEST_F(RatedCorpus, ReadsWordsPhonesAndRatings) {
  std::ofstream(folder_ / "audio" / "0001" / "u1.opus") << "sound";
  const auto corpus = Read(std::string(kHead) + "u1\t0001\t6\tm\tWE CALL\tW IY0 | K AO0 L\t8\t9\t7.5\t8\t10:2,1.8 6:2,0,1\n");
  ASSERT_TRUE(corpus.ok()) << corpus.error().message;
  const RatedUtterance& utterance = corpus->at(0);
  EXPECT_EQ(utterance.text.size(), 2U);
  EXPECT_EQ(utterance.text[1].pronunciations.size(), 1U);
  EXPECT_EQ(PhoneName(utterance.text[1].pronunciations[0][1].phone), "AO");
  EXPECT_DOUBLE_EQ(utterance.words[0].phones[1], 1.8);
  EXPECT_DOUBLE_EQ(utterance.words[1].accuracy, 6.0);
  EXPECT_DOUBLE_EQ(utterance.prosodic, 7.5);
  EXPECT_TRUE(utterance.audio_path.ends_with("audio/0001/u1.opus"));
}

TEST_F(RatedCorpus, SaysWhichLineIsWrongAndWhy) {
  const std::string good = "u1\t0001\t6\tm\tWE\tW IY0\t8\t9\t9\t8\t10:2,1.8\n";
  for (const auto& [line, fault] :
       {std::pair<std::string, std::string>{"u2\t0001\t6\tm\tWE\tW QQ0\t8\t9\t9\t8\t10:2,1.8\n", "QQ0"},
        {"u2\t0001\t6\tm\tWE\tW IY0\t8\t9\t9\t8\t10:2\n", "2 phones and 1 ratings"},
        {"u2\t0001\t6\tm\tWE\tW IY0\t18\t9\t9\t8\t10:2,2\n", "accuracy"},
        {"u2\t0001\t6\tm\tWE GO\tW IY0\t8\t9\t9\t8\t10:2,2\n", "2 words"},
        {"../u2\t0001\t6\tm\tWE\tW IY0\t8\t9\t9\t8\t10:2,2\n", "utterance"},
        {"u2\t0001\n", "columns"}}) {
    const auto corpus = Read(kHead + good + line);
    ASSERT_FALSE(corpus.ok()) << line;
    EXPECT_NE(corpus.error().message.find("line 3"), std::string::npos) << corpus.error().message;
    EXPECT_NE(corpus.error().message.find(fault), std::string::npos) << corpus.error().message;
  }
  EXPECT_FALSE(Read(kHead).ok()) << "no recordings";
  EXPECT_FALSE(Read("a\tb\nc\td\n").ok()) << "other columns";
}

}  // namespace
}  // namespace speechcoach::pronunciation
