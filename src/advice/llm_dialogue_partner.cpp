#include "advice/llm_dialogue_partner.h"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "advice/prompt.h"
#include "advice/turn_validator.h"
#include "dialogue/topics.h"

namespace speechcoach::advice {
namespace {

namespace bj = boost::json;

constexpr std::size_t kToldTurns = 8;       // the latest; a topic rarely has more
constexpr std::size_t kLongestTurn = 1200;  // bytes of one; a minute of speech has fewer
constexpr int kMostTokens = 500;

std::string_view NameOf(dialogue::TopicKind kind) {
  switch (kind) {
    case dialogue::TopicKind::kTalk:
      return "talk";
    case dialogue::TopicKind::kRolePlay:
      return "role play";
    case dialogue::TopicKind::kTask:
      return "speaking test";
  }
  return "talk";
}

// At a space, so that no word and no character is cut.
std::string Shortened(const std::string& text) {
  if (text.size() <= kLongestTurn) return text;
  const std::size_t space = text.rfind(' ', kLongestTurn);
  return text.substr(0, space == std::string::npos ? 0 : space);
}

// state.turns are the partner's and the learner's in turn; the last one is the script's, which is not said yet.
std::string Conversation(const dialogue::DialogueState& state, const dialogue::CoachTurn& scripted) {
  const dialogue::DialogueTopic& topic = *dialogue::FindTopic(state.topic);
  const std::size_t said = state.turns.size() - 1;
  bj::array turns;
  for (std::size_t i = said > kToldTurns ? said - kToldTurns : 0; i < said; ++i) {
    turns.push_back(bj::object{{i % 2 == 0 ? "partner" : "learner", Shortened(state.turns[i])}});
  }
  return bj::serialize(bj::object{{"kind", NameOf(topic.kind)},
                                  {"topic", topic.title_vi},
                                  {"role", topic.role},
                                  {"level", state.level},
                                  {"turns", std::move(turns)},
                                  {"next_on_topic", scripted.say},
                                  {"ends", scripted.is_last}});
}

}  // namespace

base::Result<dialogue::CoachTurn> LlmDialoguePartner::Begin(dialogue::DialogueState& state, std::stop_token stop) {
  dialogue::DialogueState next = state;
  auto scripted = script_.Begin(next, stop);
  if (!scripted.ok()) return scripted.error();
  auto turn = Word(next, std::move(*scripted), {}, stop);
  if (!turn.ok()) return turn.error();
  next.turns.back() = turn->say;
  state = std::move(next);
  return turn;
}

base::Result<dialogue::CoachTurn> LlmDialoguePartner::Reply(dialogue::DialogueState& state, std::string_view heard,
                                                            std::stop_token stop) {
  dialogue::DialogueState next = state;
  auto scripted = script_.Reply(next, heard, stop);
  if (!scripted.ok()) return scripted.error();
  // Nothing was heard: the same question once more, in simpler words; there is nothing to react to.
  if (heard.find_first_not_of(" \t\n") == std::string_view::npos) {
    state = std::move(next);
    return scripted;
  }
  auto turn = Word(next, std::move(*scripted), heard, stop);
  if (!turn.ok()) return turn.error();
  next.turns.back() = turn->say;
  state = std::move(next);
  return turn;
}

base::Result<dialogue::CoachTurn> LlmDialoguePartner::Word(const dialogue::DialogueState& state, dialogue::CoachTurn scripted,
                                                           std::string_view heard, const std::stop_token& stop) {
  const Prompt prompt = BuildDialoguePrompt(Conversation(state, scripted));
  const TurnValidator validator(heard, state.level, prompt.system);
  llm::ChatRequest request = RequestFor(prompt, "turn", kMostTokens);
  request.session_id = state.session_id;
  request.user_id = state.user_id;
  request.fault_of = [&](const std::string& text) { return validator.FaultOf(text); };
  const auto reply = provider_.Complete(request, {}, stop);
  if (!reply.ok()) {
    if (reply.error().code == base::ErrorCode::kCancelled) return reply.error();
    return scripted;
  }
  // A provider that does not keep to fault_of is not trusted either.
  if (!validator.FaultOf(reply->text).empty()) return scripted;
  dialogue::CoachTurn turn = *ParseTurn(reply->text);
  turn.is_last = scripted.is_last;
  return turn;
}

}  // namespace speechcoach::advice
