#include "pronunciation/internal/miscues.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "pronunciation/test_posteriors.h"

namespace speechcoach::pronunciation {
namespace {

using model::MiscueKind;

// What MarkMiscues makes of a text (words of the dictionary), a transcript, and the sounds in the recording, a blank after each.
struct Reading {
  Reading(const std::string& written, const std::string& heard, const std::vector<std::string_view>& sounds,
          bool is_of_text = true) {
    std::vector<std::string_view> frames{"-"};
    for (const std::string_view sound : sounds) frames.insert(frames.end(), {sound, "-"});
    text = ToReferenceText(written);
    transcript.text = heard;
    features = {0.0, frames.size(), 1, std::vector<float>(frames.size())};
    Posteriors posteriors = Saying(frames, 0.97);
    auto alignment = Align(posteriors, text);
    const Measurement measurement(material, std::move(posteriors), std::move(*alignment));
    for (std::size_t word = 0; word < text.size(); ++word) {
      model::WordResult result;
      result.text = text[word].text;
      result.phones.resize(measurement.end_phone(word) - measurement.first_phone(word));
      words.push_back(std::move(result));
    }
    miscues = MarkMiscues(measurement, words, is_of_text);
  }

  model::AudioClip clip;
  model::EncoderFeatures features;
  model::TextScore text_score;
  model::Transcript transcript;
  model::ProsodyReport prosody;
  ReferenceText text;
  Material material{clip, features, text_score, transcript, prosody, text};
  std::vector<model::WordResult> words;
  std::vector<model::Miscue> miscues;
};

std::string Told(const model::Miscue& miscue) {
  const std::string kind = miscue.kind == MiscueKind::kOmitted    ? "omitted"
                           : miscue.kind == MiscueKind::kInserted ? "inserted"
                           : miscue.kind == MiscueKind::kReplaced ? "replaced"
                                                                  : "repeated";
  return kind + " " + miscue.expected + " " + miscue.heard;
}

const std::vector<std::string_view> kSeeBigDogs{"S", "IY", "B", "IH", "G", "D", "AO", "G", "Z"};

TEST(Miscues, WhatIsReadRightHasNone) { EXPECT_TRUE(Reading("see big dogs", "See big dogs.", kSeeBigDogs).miscues.empty()); }

TEST(Miscues, OfAnotherTextOnlyWhatWasHeardWasSaid) {
  const Reading reading("two big cats", "See big dogs.", kSeeBigDogs, false);
  EXPECT_EQ(reading.words[0].verdict, model::WordVerdict::kOmitted);
  EXPECT_EQ(reading.words[1].verdict, model::WordVerdict::kOk);
  EXPECT_EQ(reading.words[2].verdict, model::WordVerdict::kOmitted);
}

TEST(Miscues, AWordLeftOutIsFoundAndItsNeighboursStay) {
  const Reading reading("see big dogs", "See dogs.", {"S", "IY", "D", "AO", "G", "Z"});
  ASSERT_EQ(reading.miscues.size(), 1u);
  EXPECT_EQ(Told(reading.miscues[0]), "omitted big ");
  EXPECT_EQ(reading.words[0].verdict, model::WordVerdict::kOk);
  EXPECT_EQ(reading.words[1].verdict, model::WordVerdict::kOmitted);
  EXPECT_EQ(reading.words[2].verdict, model::WordVerdict::kOk);
}

TEST(Miscues, ARecognisersSlipIsNoOmission) { EXPECT_TRUE(Reading("see big dogs", "See dogs.", kSeeBigDogs).miscues.empty()); }

TEST(Miscues, AWordThatTheRecogniserFilledInIsFoundMissing) {
  const Reading reading("see big dogs", "See big dogs.", {"S", "IY", "D", "AO", "G", "Z"});
  ASSERT_EQ(reading.miscues.size(), 1u);
  EXPECT_EQ(reading.miscues[0].kind, MiscueKind::kOmitted);
}

TEST(Miscues, AnotherWordInItsPlaceIsAReplacement) {
  const Reading reading("see big dogs", "See ten dogs.", {"S", "IY", "T", "EH", "N", "D", "AO", "G", "Z"});
  ASSERT_EQ(reading.miscues.size(), 1u);
  EXPECT_EQ(Told(reading.miscues[0]), "replaced big ten");
}

TEST(Miscues, AWordSaidTwiceIsFoundWhetherItIsWrittenTwiceOrNot) {
  const std::vector<std::string_view> twice{"S", "IY", "B", "IH", "G", "B", "IH", "G", "D", "AO", "G", "Z"};
  for (const std::string heard : {"See big dogs.", "See big big dogs."}) {
    const Reading reading("see big dogs", heard, twice);
    ASSERT_EQ(reading.miscues.size(), 1u) << heard << " " << Told(reading.miscues.back());
    EXPECT_EQ(Told(reading.miscues[0]), "repeated big big");
  }
}

// More than one round of changes: within reach of each other, and beyond it.
TEST(Miscues, AllWordsLeftOutOfALongTextAreFound) {
  std::string written;
  std::string heard;
  std::vector<std::string_view> sounds;
  for (int i = 0; i < 16; ++i) {
    written += "see big dogs ";
    heard += i % 2 == 0 ? "see dogs " : "see big dogs ";
    for (const std::string_view sound : kSeeBigDogs) {
      const bool is_of_big = sound == "B" || sound == "IH" || (sound == "G" && sounds.back() == "IH");
      if (i % 2 == 1 || !(is_of_big || (sound == "G" && sounds.back() == "IY"))) sounds.push_back(sound);
    }
  }
  const Reading reading(written, heard, sounds);
  for (std::size_t i = 0; i < reading.words.size(); ++i)
    EXPECT_EQ(reading.words[i].verdict == model::WordVerdict::kOmitted, i % 6 == 1) << i;
  EXPECT_EQ(reading.miscues.size(), 8u);
}

TEST(Miscues, AWordThatTheTextDoesNotHaveIsAnInsertion) {
  const Reading reading("see dogs", "See ten dogs.", {"S", "IY", "T", "EH", "N", "D", "AO", "G", "Z"});
  ASSERT_EQ(reading.miscues.size(), 1u);
  EXPECT_EQ(Told(reading.miscues[0]), "inserted  ten");
}

}  // namespace
}  // namespace speechcoach::pronunciation
