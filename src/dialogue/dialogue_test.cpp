#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialogue/corrections.h"
#include "dialogue/scripted_partner.h"
#include "dialogue/speaking_band.h"
#include "dialogue/topics.h"

namespace speechcoach::dialogue {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> Talk(const std::string& topic, const std::string& level, const std::vector<std::string>& answers) {
  ScriptedPartner partner;
  DialogueState state{.topic = topic, .level = level};
  std::vector<std::string> said{partner.Begin(state).value().say};
  for (const std::string& answer : answers) {
    const auto turn = partner.Reply(state, answer);
    if (!turn.ok()) break;
    said.push_back(turn->say);
  }
  return said;
}

TEST(TopicsTest, ThereAreTalksRolePlaysAndTasks) {
  std::set<TopicKind> kinds;
  for (const DialogueTopic& topic : Topics()) kinds.insert(topic.kind);
  EXPECT_GE(Topics().size(), 6u);
  EXPECT_EQ(kinds.size(), 3u);
}

TEST(TopicsTest, EveryTurnIsShortAndFitsItsLevel) {
  for (const DialogueTopic& topic : Topics()) {
    for (const Node& node : topic.nodes) {
      SCOPED_TRACE(topic.id + "/" + node.id);
      const auto words = [&](std::string_view level) { return std::ranges::count(SayFor(node, level), ' ') + 1; };
      EXPECT_LE(words("A1"), 14);
      EXPECT_LE(words("C1"), 40);
      EXPECT_LE(words("A1"), words("C1"));
      EXPECT_EQ(SayFor(node, "A2"), SayFor(node, "A1"));
      EXPECT_EQ(SayFor(node, "B2"), SayFor(node, "B1"));
      EXPECT_FALSE(node.help_vi.empty());
    }
  }
}

TEST(TopicsTest, ATreeWithoutAWayIsRefused) {
  const auto fault = [](std::string_view nodes) {
    const auto topics =
        ParseTopics(R"({"topics": [{"id": "x", "kind": "talk", "title_vi": "", "role": "", "start": "a", "nodes": )" +
                    std::string(nodes) + "}]}");
    return topics.ok() ? std::string() : topics.error().message;
  };
  EXPECT_EQ(fault(R"({"a": {"say": {"A1": "Hi."}, "help_vi": ""}})"), "");
  EXPECT_THAT(fault(R"({"a": {"say": {"A1": "Hi."}, "help_vi": "", "otherwise": "b"}})"), HasSubstr("nowhere"));
  EXPECT_THAT(fault(R"({"a": {"say": {"A1": "Hi."}, "help_vi": ""}, "b": {"say": {"A1": "Hi."}, "help_vi": ""}})"),
              HasSubstr("nothing leads"));
  EXPECT_THAT(fault(R"({"a": {"say": {"B1": "Hi."}, "help_vi": ""}})"), HasSubstr("A1"));
}

TEST(ScriptedPartnerTest, GoesWhereTheLearnerGoes) {
  EXPECT_NE(Talk("daily_life", "A2", {"I get up early at five"})[1], Talk("daily_life", "A2", {"I sleep until ten"})[1]);
  EXPECT_THAT(Talk("food", "B1", {"I love pho", "It is hot and fresh"})[1], HasSubstr("noodles"));
  EXPECT_THAT(Talk("at_the_cafe", "A1", {"I would like a green tea please"})[1], HasSubstr("Hot or cold"));
  EXPECT_NE(Talk("travel", "A1", {"I went to the sea"})[0], Talk("travel", "C1", {"I went to the sea"})[0]);
}

TEST(ScriptedPartnerTest, EveryConversationEnds) {
  for (const DialogueTopic& topic : Topics()) {
    ScriptedPartner partner;
    DialogueState state{.topic = topic.id, .level = "B1"};
    CoachTurn turn = partner.Begin(state).value();
    int turns = 0;
    while (!turn.is_last && turns < 20) {
      turn = partner.Reply(state, "I think so because it is good for my family").value();
      ++turns;
    }
    EXPECT_TRUE(turn.is_last) << topic.id;
    EXPECT_GE(turns, 3) << topic.id;
    EXPECT_EQ(partner.Reply(state, "more").error().code, base::ErrorCode::kWrongState);
    EXPECT_EQ(state.turns.size(), 2u * static_cast<std::size_t>(turns) + 1);
  }
}

TEST(ScriptedPartnerTest, SilenceIsAskedOnceMoreInPlainWords) {
  ScriptedPartner partner;
  DialogueState state{"food", "C1", {}, {}};
  ASSERT_TRUE(partner.Begin(state).ok());
  const std::string node = state.node;
  EXPECT_EQ(partner.Reply(state, " … ").value().say, "What food do you like?");
  EXPECT_EQ(state.node, node);
}

TEST(ScriptedPartnerTest, UnknownTopicsAndStatesAreErrors) {
  ScriptedPartner partner;
  DialogueState unknown{"moon", "A1", {}, {}};
  EXPECT_EQ(partner.Begin(unknown).error().code, base::ErrorCode::kNotFound);
  DialogueState not_begun{"food", "A1", {}, {}};
  EXPECT_EQ(partner.Reply(not_begun, "hi").error().code, base::ErrorCode::kWrongState);
}

TEST(CorrectionsTest, FindsWhatIsSaidOtherwise) {
  const auto found = FindCorrections("I very like my job and I open the light early");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].said, "I very like");
  EXPECT_EQ(found[0].better, "I really like");
  EXPECT_EQ(found[0].kind, Correction::Kind::kGrammar);
  EXPECT_EQ(found[1].better, "turn on the light");
  EXPECT_EQ(found[1].kind, Correction::Kind::kVocabulary);
}

TEST(CorrectionsTest, LeavesGoodEnglishAlone) {
  for (const char* good :
       {"I really like my job.", "She goes to school on Monday.", "He doesn't eat meat.", "I have two brothers and many friends.",
        "People are friendly here.", "I am going home.", "Does she like it? It takes ten years.", "Let us discuss the plan.",
        "I listen to music.", "She can play the piano.", "What is it like there?", "I wonder if it will rain."}) {
    EXPECT_THAT(FindCorrections(good), IsEmpty()) << good;
  }
}

TEST(SpeakingBandTest, MoreAndBetterSpeechGivesAHigherAndSurerBand) {
  const std::vector<std::string> few{"yes", "I like it"};
  EXPECT_FALSE(EstimateBand(Scale::kIelts, few, std::nullopt).has_value());
  const std::vector<std::string> plain(6, "I like the park because it is big and it is good");
  std::string rich;
  for (int i = 0; i < 160; ++i)
    rich += "word" + std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26)) + " ";
  const std::vector<std::string> long_turns{rich};
  const auto low = EstimateBand(Scale::kIelts, plain, model::Scores{5, 5, 5, 5, 5, 5});
  const auto high = EstimateBand(Scale::kIelts, long_turns, model::Scores{9, 9, 9, 9, 9, 9});
  ASSERT_TRUE(low && high);
  EXPECT_LT(low->high, high->high);
  EXPECT_EQ(low->sure, SpeakingBand::Sure::kLow);
  EXPECT_EQ(high->sure, SpeakingBand::Sure::kModerate);
  EXPECT_LE(high->high, 9.0);
  EXPECT_GT(low->high - low->low, high->high - high->low - 0.01);
}

}  // namespace
}  // namespace speechcoach::dialogue
