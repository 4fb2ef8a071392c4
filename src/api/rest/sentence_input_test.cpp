#include "api/rest/sentence_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Errors(std::string_view csv) {
  const auto read = SentencesFromCsv(csv);
  std::vector<std::string> errors;
  if (const auto* wrong = std::get_if<LineErrors>(&read)) {
    for (const LineError& error : *wrong) errors.push_back(std::to_string(error.line) + " " + error.field);
  }
  return errors;
}

TEST(SentenceInputTest, ReadsATableInAnyOrderOfColumns) {
  const auto read = SentencesFromCsv(
      "Level;Text;focus_sounds;text_vi\nA1;Good night, Lan.;final_consonant L;Chúc ngủ ngon, Lan.\nB2;See you!;;\n");
  const auto& sentences = std::get<std::vector<model::Sentence>>(read);
  ASSERT_EQ(sentences.size(), 2u);
  EXPECT_EQ(sentences[0].text, "Good night, Lan.");
  EXPECT_EQ(sentences[0].text_vi, "Chúc ngủ ngon, Lan.");
  EXPECT_EQ(sentences[0].topic, "class");
  EXPECT_THAT(sentences[0].focus_sounds, ElementsAre("final_consonant", "L"));
  EXPECT_THAT(sentences[1].focus_sounds, IsEmpty());
}

TEST(SentenceInputTest, EveryLineThatIsWrongIsNamed) {
  EXPECT_THAT(Errors("text,level,topic\nHello,A1,\n,A1,\nHello,A9,\n\n\"Hello\nyou\",A1,\nHi,B1,Bad Topic\nHi,B1,good\n"),
              ElementsAre("3 text", "4 level", "6 text", "8 topic"));
  EXPECT_THAT(Errors("text,level\n...,A1\nXin chào,A1\n"), ElementsAre("2 text"));
  EXPECT_THAT(Errors("text,level,focus_sounds\nHi,A1,TH 9\n"), ElementsAre("2 focus_sounds"));
}

TEST(SentenceInputTest, WhatIsNoTableIsSaidSo) {
  EXPECT_THAT(Errors(""), ElementsAre("1 rows"));
  EXPECT_THAT(Errors("text,level\n"), ElementsAre("1 rows"));
  EXPECT_THAT(Errors("Hello,A1\nHi,A2\n"), ElementsAre("1 header", "1 header"));
  EXPECT_THAT(Errors("text,level\nHi,A1\n\"Hello,A1\n"), ElementsAre("3 csv"));
  EXPECT_THAT(Errors("text,level\nHi \xff,A1\n"), ElementsAre("1 csv"));
  std::string long_one = "text,level\n";
  for (std::size_t i = 0; i <= kMostImportedRows; ++i) long_one += "Hi,A1\n";
  EXPECT_THAT(Errors(long_one), ElementsAre("1 rows"));
}

TEST(SentenceInputTest, ARosterIsAddressesEachOnce) {
  const auto read = RosterFromCsv("name,email\nLan,LAN@example.org\n,minh@example.org\n");
  const auto& people = std::get<std::vector<model::ClassInvitation>>(read);
  ASSERT_EQ(people.size(), 2u);
  EXPECT_EQ(people[0].email, "lan@example.org");
  EXPECT_EQ(people[0].name, "Lan");
  EXPECT_FALSE(people[0].is_child);
  const auto wrong = RosterFromCsv("email\nlan@example.org\nnobody\nLan@example.org\n");
  const auto& errors = std::get<LineErrors>(wrong);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].line, 3);
  EXPECT_EQ(errors[1].line, 4);
}

TEST(SentenceInputTest, ARosterSaysWhoIsAChild) {
  const auto read = RosterFromCsv("email,child\na@example.org,yes\nb@example.org,consented\nc@example.org,\n");
  const auto& people = std::get<std::vector<model::ClassInvitation>>(read);
  ASSERT_EQ(people.size(), 3u);
  EXPECT_TRUE(people[0].is_child && !people[0].has_consent);
  EXPECT_TRUE(people[1].is_child && people[1].has_consent);
  EXPECT_FALSE(people[2].is_child || people[2].has_consent);
  EXPECT_TRUE(people[2].is_no_child && !people[0].is_no_child);
  const auto silent = RosterFromCsv("email\na@example.org\n");
  EXPECT_FALSE(std::get<std::vector<model::ClassInvitation>>(silent)[0].is_no_child)
      << "a table without that column says nothing";
  const auto wrong = RosterFromCsv("email,child\na@example.org,perhaps\n");
  EXPECT_EQ(std::get<LineErrors>(wrong).at(0).field, "child");
}

TEST(SentenceInputTest, AWrittenSentenceNamesTheFieldThatIsWrong) {
  const auto wrong = [](boost::json::object body) {
    const auto read = SentenceFrom(body);
    return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : std::string();
  };
  EXPECT_EQ(wrong({{"text", "Hello."}, {"level", "A1"}}), "");
  EXPECT_EQ(wrong({{"level", "A1"}}), "text");
  EXPECT_EQ(wrong({{"text", "Hello."}}), "level");
  EXPECT_EQ(wrong({{"text", "Hello."}, {"level", "A1"}, {"focus_sounds", {1}}}), "focus_sounds");
  EXPECT_EQ(wrong({{"text", "Hello."}, {"level", "A1"}, {"focus_sounds", {"TH!"}}}), "focus_sounds");
  EXPECT_EQ(wrong({{"text", std::string(501, 'a')}, {"level", "A1"}}), "text");
}

}  // namespace
}  // namespace speechcoach::api
