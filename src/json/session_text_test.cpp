#include "json/session_text.h"

#include <cstdint>

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "json/json_slices.h"
#include "json/model_json.h"
#include "json/test_analysis.h"

namespace speechcoach::json {
namespace {

model::Session SomeSession() {
  model::Session session;
  session.id = "00000000-0000-4000-8000-000000000000";
  session.reference_text = "She said \"hi\", {twice}.";
  session.audio_key = "1/a.wav";
  session.audio_format = "wav";
  session.audio_size_bytes = 7;
  session.created_at_ms = 1'000;
  return session;
}

boost::json::value Shown(const model::Session& session, std::string_view stored) {
  const auto text = SessionText(session, stored);
  EXPECT_TRUE(text.ok());
  return text.ok() ? boost::json::parse(*text) : boost::json::value();
}

constexpr std::uint64_t kShapeHash = 3367926126622104399U;

// All paths of keys, with the kinds of their values.
void Describe(const boost::json::value& value, const std::string& path, std::string& shape) {
  shape += path + ":" + std::string(to_string(value.kind())) + "\n";
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) Describe(member, path + "." + std::string(key), shape);
  }
  if (const auto* array = value.if_array(); array != nullptr && !array->empty()) Describe(array->front(), path + "[]", shape);
}

TEST(SessionTextTest, IsWhatTheModelWouldSay) {
  for (const bool has_audio : {true, false}) {
    model::Session session = SomeSession();
    if (!has_audio) session.audio_key.clear();
    model::Session whole = session;
    whole.analysis = FullAnalysis();
    EXPECT_EQ(Shown(session, StoredText(*whole.analysis)), boost::json::value(ToJson(whole)));
    EXPECT_EQ(Shown(session, ""), boost::json::value(ToJson(session)));
  }
}

TEST(SessionTextTest, WhatAnEarlierProgramWroteIsWrittenAnew) {
  const model::Session session = SomeSession();
  model::Session whole = session;
  whole.analysis = FullAnalysis();
  whole.analysis->prosody.syllables.clear();
  whole.analysis->prosody.words.clear();
  boost::json::object stored = ToJson(*whole.analysis);
  for (const char* later : {"syllables", "words"}) stored.at("prosody_features").as_object().erase(later);
  EXPECT_EQ(Shown(session, boost::json::serialize(stored)), boost::json::value(ToJson(whole)));
  EXPECT_FALSE(SessionText(session, "{\"format\":1").ok());
  EXPECT_FALSE(SessionText(session, "[]").ok());
}

// Stored analyses are sent as they are: one of another shape has to have another format.
TEST(SessionTextTest, TheFormatGrowsWithTheShape) {
  std::string shape;
  Describe(ToJson(FullAnalysis()), "", shape);
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : shape) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  EXPECT_EQ(kAnalysisFormat, 2);
  EXPECT_EQ(hash, kShapeHash) << "what is stored has changed: kAnalysisFormat has to grow, and this number with it\n" << shape;
}

TEST(JsonSlicesTest, MembersAreFoundWhateverTheirValuesHold) {
  const auto slices = SlicesOf(R"( { "a" : "x,}\"]\\" , "b":[1,{"c":"]"}],"d":{} ,"e":-1.5e3, "f": null } )");
  ASSERT_TRUE(slices);
  EXPECT_EQ(slices->Get("a"), R"("x,}\"]\\")");
  EXPECT_EQ(slices->Get("b"), R"([1,{"c":"]"}])");
  EXPECT_EQ(slices->Get("d"), "{}");
  EXPECT_EQ(slices->Get("e"), "-1.5e3");
  EXPECT_EQ(slices->Get("f"), "null");
  EXPECT_EQ(slices->Get("g"), "null");
  EXPECT_TRUE(SlicesOf("{}"));
  for (const char* wrong : {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":\"x}", "{\"a\":1,}", "{} x", "null"})
    EXPECT_FALSE(SlicesOf(wrong)) << wrong;
}

}  // namespace
}  // namespace speechcoach::json
