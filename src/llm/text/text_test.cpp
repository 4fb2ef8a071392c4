#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json.hpp>

#include <string>
#include <vector>

#include "llm/text/close_json.h"
#include "llm/text/code_fence.h"
#include "llm/text/json_text_stream.h"
#include "llm/text/sse_parser.h"

namespace speechcoach::llm {
namespace {

std::vector<std::string> EventsOf(const std::string& stream, std::size_t piece) {
  std::vector<std::string> events;
  const auto keep = [&](std::string_view data) { events.emplace_back(data); };
  SseParser parser;
  for (std::size_t at = 0; at < stream.size(); at += piece) parser.Feed(std::string_view(stream).substr(at, piece), keep);
  parser.Finish(keep);
  return events;
}

TEST(SseParser, ReadsEveryKindOfLineEndInPiecesOfAnySize) {
  const std::string stream =
      ": keep-alive\n\ndata: {\"a\":1}\r\n\r\nevent: x\ndata:two\rdata: lines\r\rretry: 5\n\ndata\n\ndata: [DONE]";
  const std::vector<std::string> wanted = {"{\"a\":1}", "two\nlines", "[DONE]"};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) EXPECT_EQ(EventsOf(stream, piece), wanted) << piece;
}

std::string TextOf(const std::string& document, std::string_view path, std::size_t piece) {
  JsonTextStream stream(path);
  std::string text;
  for (std::size_t at = 0; at < document.size(); at += piece) text += stream.Feed(std::string_view(document).substr(at, piece));
  return text;
}

TEST(JsonTextStream, FollowsThePathAndNothingElse) {
  const std::string document =
      R"({"text":"no","list":[{"text":"no"},"no"],"a":{"b":{"text":"no"},"text":"Chào \"bạn\"\n\u00e9\ud83d\ude00!","c":1},"tail":"no"})";
  for (std::size_t piece = 1; piece < document.size(); ++piece) {
    EXPECT_EQ(TextOf(document, "a.text", piece), "Chào \"bạn\"\né😀!") << piece;
  }
  EXPECT_EQ(TextOf(document, "list.text", 7), "");
  EXPECT_EQ(TextOf("<html>\"text\"</html>", "text", 3), "");
}

TEST(JsonTextStream, GivesTextBeforeTheDocumentIsWhole) {
  JsonTextStream stream("say");
  EXPECT_EQ(stream.Feed(R"({"say":"Phát)"), "Phát");
  EXPECT_EQ(stream.Feed(R"( âm \u0)"), " âm ");
  EXPECT_EQ(stream.Feed(R"(0e9)"), "é");
  EXPECT_EQ(stream.Feed(R"(","say":1)"), "");
}

// Any string survives being written as JSON and read back in pieces.
TEST(JsonTextStream, AgreesWithAParser) {
  EXPECT_TRUE(rc::check([](const std::string& raw, const std::string& noise) {
    std::string value;
    for (const char c : raw) value += static_cast<char>(static_cast<unsigned char>(c) & 0x7F);
    std::string other;
    for (const char c : noise) other += static_cast<char>(static_cast<unsigned char>(c) & 0x7F);
    const std::string document =
        boost::json::serialize(boost::json::object{{"other", other}, {"in", {{"k", other}, {"want", value}}}, {"want", other}});
    const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 9);
    RC_ASSERT(TextOf(document, "in.want", piece) == value);
  }));
}

TEST(CloseJson, KeepsWhatIsWhole) {
  EXPECT_EQ(CloseJson(R"({"a":"one","b":["x","y)"), R"({"a":"one","b":["x"]})");
  EXPECT_EQ(CloseJson(R"({"a":1,"b":{"c":true,"d":2)"), R"({"a":1,"b":{"c":true}})");
  EXPECT_EQ(CloseJson(R"({"a":"one","b")"), R"({"a":"one"})");
  EXPECT_EQ(CloseJson(R"({"a":"one"} and more)"), R"({"a":"one"})");
  EXPECT_EQ(CloseJson(R"({"a":"on)"), std::nullopt);
  EXPECT_EQ(CloseJson(""), std::nullopt);
  EXPECT_EQ(CloseJson("<html>"), std::nullopt);
}

// Wherever a document is cut, what comes back is JSON, and a whole document comes back as it was.
TEST(CloseJson, EveryCutGivesADocument) {
  const std::string document = R"({"a":"x \" y","b":[1,-2.5e3,{"c":null,"d":[]},"é"],"e":{"f":false,"g":"\\"},"h":{}})";
  EXPECT_EQ(CloseJson(document), document);
  for (std::size_t length = 0; length < document.size(); ++length) {
    const auto closed = CloseJson(document.substr(0, length));
    if (closed) {
      boost::system::error_code fault;
      boost::json::parse(*closed, fault);
      EXPECT_FALSE(fault) << length << ": " << *closed;
    }
  }
}

TEST(WithoutFence, TakesTheDocumentOutOfItsBlockAndLeavesOthersAlone) {
  EXPECT_EQ(WithoutFence("```json\n{\"a\": \"{```}\"}\n```\n"), "{\"a\": \"{```}\"}");
  EXPECT_EQ(WithoutFence("Here it is:\n```\n{}\n```"), "{}");
  for (const char* plain : {"", "```", "} ``` {", "{\"a\": 1}", "Sure: {\"a\": 1}"}) EXPECT_EQ(WithoutFence(plain), plain);
}

}  // namespace
}  // namespace speechcoach::llm
