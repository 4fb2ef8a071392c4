#include "dialogue/scripted_partner.h"

#include <algorithm>
#include <string>
#include <vector>

#include "dialogue/corrections.h"
#include "dialogue/topics.h"

namespace speechcoach::dialogue {
namespace {

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

const std::string& NextNode(const Node& node, const std::vector<std::string>& heard) {
  for (const Branch& branch : node.next) {
    if (std::ranges::any_of(
            heard, [&](const std::string& word) { return std::ranges::find(branch.heard, word) != branch.heard.end(); })) {
      return branch.to;
    }
  }
  return node.otherwise;
}

CoachTurn TurnAt(const Node& node, std::string_view level) {
  return {std::string(SayFor(node, level)), node.help_vi, {}, node.otherwise.empty() && node.next.empty()};
}

}  // namespace

base::Result<CoachTurn> ScriptedPartner::Begin(DialogueState& state, std::stop_token) {
  const DialogueTopic* topic = FindTopic(state.topic);
  if (topic == nullptr) return {base::ErrorCode::kNotFound, "no such topic"};
  state.node = topic->start;
  CoachTurn turn = TurnAt(*topic->Find(state.node), state.level);
  state.turns = {turn.say};
  return turn;
}

base::Result<CoachTurn> ScriptedPartner::Reply(DialogueState& state, std::string_view heard, std::stop_token) {
  const DialogueTopic* topic = FindTopic(state.topic);
  if (topic == nullptr) return {base::ErrorCode::kNotFound, "no such topic"};
  const Node* node = topic->Find(state.node);
  if (node == nullptr) return {base::ErrorCode::kWrongState, "the conversation has not begun"};
  if (node->otherwise.empty()) return {base::ErrorCode::kWrongState, "the conversation is over"};

  const std::vector<std::string> words = WordsOf(heard);
  CoachTurn turn;
  if (words.empty()) {
    turn = TurnAt(*node, "A1");
  } else {
    state.node = NextNode(*node, words);
    turn = TurnAt(*topic->Find(state.node), state.level);
    turn.corrections = FindCorrections(heard);
  }
  state.turns.emplace_back(heard);
  state.turns.push_back(turn.say);
  return turn;
}

}  // namespace speechcoach::dialogue
